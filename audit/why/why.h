/* headroom why: what is asked, the looks at the host, the answer, and the document of it. */
#ifndef HEADROOM_AUDIT_WHY_WHY_H
#define HEADROOM_AUDIT_WHY_WHY_H

#include <cjson/cJSON.h>

#include "audit/run/pipeline.h"
#include "model/why/match.h"
#include "model/why/why.h"
#include "probes/host/processes/inventory.h"
#include "probes/trace/trace.h"
#include "report/document/member.h"

enum {
	WHY_TEXT_MAX = 16 << 20, /* bytes of all lines */
	WHY_LOOKS = 2
};

extern const double why_apart_s; /* from look to look */

/* What was asked for: log lines, or nothing but the host or a process. */
struct why_asked {
	const char *text; /* NULL: no text */
	size_t lines;     /* that have something in them */
	struct why_named *named;
	size_t named_count;
	struct name_list hosts;     /* names and addresses in them, as they stand */
	struct name_list to;        /* destinations that the lines name, "HOST:PORT" as it stands */
	struct name_list addresses; /* the same as "ADDRESS:PORT" */
	bool remote;                /* none of these addresses is this host's */
};

/* The kernel's log. */
struct why_kernel {
	int error; /* an errno: it cannot be read; 0: it was, or was not asked for */
	struct why_said *said;
	size_t count, capacity;
};

/* --for: calls that failed between the looks. */
struct why_calls {
	bool asked;
	double seconds;               /* that were watched; also where calls could not be seen */
	bool refused;                 /* they could not be seen: */
	struct trace_refusal refusal; /* why */
	struct trace_seen seen;       /* what was seen, otherwise */
	struct why_failed *failed;    /* of each row that was seen, in that order */
	struct source *source;
	struct trace *trace; /* NULL: not open; closing it may take a second */
};

/* What this host shows of a cause beyond its numbers: sentences. */
struct why_evidence {
	const char *says;       /* calls that fail of it, a sentence; NULL: why_says() says it */
	struct name_list shows; /* "12,232 sockets to 10.0.0.5:80: 12,232 in TIME_WAIT" */
	struct name_list who;   /* "PID 4711 (worker) has 203 of them" */
	bool elsewhere;         /* what fails is not what the looks saw: what would end it here would
	                           not end it there */
};

/* What is concluded. */
enum why_end {
	WHY_FOUND, /* a cause */
	WHY_NONE,  /* no limit of this host explains it */
	WHY_UNSEEN /* no text was given that is known, and nothing could be read */
};

/* The way of an answer: the functions below fill it, in their order. */
struct why_case {
	struct pipeline *pipeline; /* open; its facts are those of the last look */
	struct why_asked asked;
	struct why_look looks[WHY_LOOKS];
	size_t look_count;
	double looked_s; /* when the first look began (clock_now_s), before the pipeline was opened */
	double apart_s;  /* the time between them */
	struct why_calls *calls;
	const struct inventory *process; /* of --pid, on a live host; else NULL */
	struct why_kernel kernel;
	struct why_about *abouts;
	size_t about_count;
	struct why_answer answer;
	/* Of each of answer.causes and answer.also, in that order. */
	struct why_evidence *evidence, *also_evidence;
	enum why_end end;
};

/* Is this the live machine? */
bool why_is_live(const struct why_case *in_case);
/* The last look. */
const struct why_look *why_last_look(const struct why_case *in_case);

/* Reads the words of the command line; "-" is the standard input. */
bool why_read(const struct run *run, struct why_asked *ret_asked, struct error *err);
/* A first look, by which counters are compared. Of a snapshot the only one. */
bool why_look_first(struct why_case *in_case, struct error *err);
/* What the lines name, by the table of texts (rules/why), and what the kernel's log says. Of
 * several causes the one that more lines name comes first. */
void why_match(struct why_case *in_case);
/* What lines name, the likeliest first. Outgoing ports from `low` to `high`; 0, 0: not known. */
struct why_lines {
	const char *text;
	unsigned low, high;
};
void why_name(struct arena *arena,
		const struct why_table *table,
		const struct why_lines *lines,
		struct why_named **ret_named,
		size_t *ret_count);
/* The second look, at least why_apart_s after the first, or as long as --for says; there everything
 * is looked at, also the destinations that the lines name, and shortly before what the process of
 * --pid has open. Fails on a bad --resolve. */
bool why_look_again(struct why_case *in_case, struct error *err);
/* One look, from these facts. */
bool why_look_of(const struct pipeline *pipeline,
		struct facts *facts,
		struct why_look *ret_look,
		struct error *err);
/* What is seen here of causes that are no limits. */
void why_see(struct why_case *in_case);
/* Looks at what the lines name of what a limit has: a control group, a listener. */
void why_find_abouts(struct why_case *in_case);
/* Judges. */
void why_conclude(struct why_case *in_case);
/* Looks closer at what speaks for the causes: of a live host at its processes and sockets, of a
 * snapshot at the facts. */
void why_gather(struct why_case *in_case);

/* Is --for what can be done? */
bool why_calls_check(const struct run *run, struct error *err);
/* Watches for the time of --for, or until a signal to end comes. */
void why_calls_watch(const struct pipeline *pipeline, struct why_calls *calls);
/* What the failed calls can come from, by the table of texts. */
void why_calls_match(struct arena *arena, const struct rules *rules, struct why_calls *calls);
/* Where most of the connects went that found no port: that destination is judged, unless `to` names
 * some already. */
void why_calls_destination(struct arena *arena,
		const struct why_calls *calls,
		struct name_list *to);
void why_calls_close(struct why_calls *calls);
/* "10.0.0.5:80"; NULL: not known. */
const char *why_call_to(struct arena *arena, const struct call_row *row);
/* A clause for each kind of failure of this cause: "connect() to 10.0.0.5:80 failed 37 times with
 * EADDRNOTAVAIL in 10 s: PID 4711 (worker)". true: the looks at this host did not see what fails;
 * then a line says how to. */
bool why_calls_show(const struct why_case *in_case,
		const struct why_cause *cause,
		struct name_list *shows);
/* Puts the member "calls": null unless --for was given. */
void why_calls_put(const struct members *put, cJSON *document, const struct why_case *in_case);

/* `remedies` of a cause that is a limit: what ends it now (model/why/remedy.h). */
void why_put_remedies(const struct members *put,
		cJSON *item,
		const struct why_case *in_case,
		const struct why_cause *cause);

/* Looks at what the process of --pid has open (once more, if it did before), and puts it into the
 * document. */
void why_process_read(struct why_case *in_case);
void why_process_put(const struct members *put, cJSON *document, const struct why_case *in_case);

/* headroom.why/1 (docs/why.schema.json). To be deleted before the arena is freed. */
cJSON *why_document(const struct why_case *in_case);

#endif
