/* headroom why: the question, the looks at the host, the answer, and its document. A look is one
 * reading of the values that the causes need. */
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

extern const double why_apart_s; /* seconds between two looks */

/* The question: log lines, or only the host or a process. */
struct why_asked {
	const char *text; /* NULL: no text */
	size_t lines;     /* number of non-empty lines */
	struct why_named *named;
	size_t named_count;
	struct name_list hosts;     /* names and addresses in the lines, as written */
	struct name_list to;        /* destinations in the lines, "HOST:PORT" as written */
	struct name_list addresses; /* the same as "ADDRESS:PORT" */
	bool remote;                /* no address in the lines belongs to this host */
};

/* The kernel's log. */
struct why_kernel {
	int error; /* the errno if it cannot be read; 0: it was read, or was not needed */
	struct why_said *said;
	size_t count, capacity;
};

/* --for: calls that failed between the two looks. */
struct why_calls {
	bool asked;
	double seconds;               /* how long it watched, even if calls could not be seen */
	bool refused;                 /* calls could not be seen */
	struct trace_refusal refusal; /* if refused: why */
	struct trace_seen seen;       /* if not refused: what was seen */
	struct why_failed *failed;    /* one for each row of `seen`, in its order */
	struct source *source;
	struct trace *trace; /* NULL: not open; closing it may take a second */
};

/* Sentences about what this host shows of a cause, in addition to its numbers. */
struct why_evidence {
	const char *says;       /* the failed calls, a sentence; NULL: use why_says() */
	struct name_list shows; /* "12,232 sockets to 10.0.0.5:80: 12,232 in TIME_WAIT" */
	struct name_list who;   /* "PID 4711 (worker) has 203 of them" */
	bool elsewhere;         /* the failure is not in what the looks saw, so a remedy here would not
	                           help there */
};

/* The conclusion. */
enum why_end {
	WHY_FOUND, /* a cause */
	WHY_NONE,  /* no limit of this host explains the failure */
	WHY_UNSEEN /* no known text was given, and nothing could be read on this host */
};

/* Everything about one answer. The functions below fill it, in this order. */
struct why_case {
	struct pipeline *pipeline; /* open; its facts are those of the last look */
	struct why_asked asked;
	struct why_look looks[WHY_LOOKS];
	size_t look_count;
	double looked_s; /* when the first look began (clock_now_s), before the pipeline was opened */
	double apart_s;  /* the time between them */
	struct why_calls *calls;
	const struct inventory *process; /* for --pid on a live host; else NULL */
	struct why_kernel kernel;
	struct why_about *abouts;
	size_t about_count;
	struct why_answer answer;
	/* One for each of answer.causes and answer.also, in their order. */
	struct why_evidence *evidence, *also_evidence;
	enum why_end end;
};

/* Returns true if this is the live machine. */
bool why_is_live(const struct why_case *in_case);
/* Returns the last look. */
const struct why_look *why_last_look(const struct why_case *in_case);

/* Reads the words of the command line; "-" is standard input. false with err. */
bool why_read(const struct run *run, struct why_asked *ret_asked, struct error *err);
/* Takes the first look, with whose counters the second one is compared. A snapshot has only this
 * look. false with err. */
bool why_look_first(struct why_case *in_case, struct error *err);
/* Finds the causes that the lines and the kernel's log name, by the table of texts (rules/why). A
 * cause that more lines name comes first. */
void why_match(struct why_case *in_case);
/* Finds the causes that the lines name, the most likely first. `low` and `high` are the range of
 * outgoing ports, or 0 and 0 if it is not known. */
struct why_lines {
	const char *text;
	unsigned low, high;
};
void why_name(struct arena *arena,
		const struct why_table *table,
		const struct why_lines *lines,
		struct why_named **ret_named,
		size_t *ret_count);
/* Takes the second look, at least why_apart_s after the first, or after the time of --for. Reads
 * everything, including the destinations that the lines name, and just before that the open files
 * of the process of --pid. Returns false with err for a bad --resolve. */
bool why_look_again(struct why_case *in_case, struct error *err);
/* Takes one look based on these facts. false with err. */
bool why_look_of(const struct pipeline *pipeline,
		struct facts *facts,
		struct why_look *ret_look,
		struct error *err);
/* Looks for signs of causes that are not limits. */
void why_see(struct why_case *in_case);
/* Looks at the instance of a limit that the lines name: a control group, a listener. */
void why_find_abouts(struct why_case *in_case);
/* Judges the causes and fills in `answer` and `end`. */
void why_conclude(struct why_case *in_case);
/* Collects evidence for the causes: on a live host from processes and sockets, in a snapshot from
 * the facts. */
void why_gather(struct why_case *in_case);

/* Returns false with err if --for cannot be used here. */
bool why_calls_check(const struct run *run, struct error *err);
/* Watches for the time of --for, or until a signal ends it. */
void why_calls_watch(const struct pipeline *pipeline, struct why_calls *calls);
/* Finds the possible causes of the failed calls, by the table of texts. */
void why_calls_match(struct arena *arena, const struct rules *rules, struct why_calls *calls);
/* Adds the destination of most connects that found no free port to `to`, so that it is judged. Does
 * nothing if `to` is not empty. */
void why_calls_destination(struct arena *arena,
		const struct why_calls *calls,
		struct name_list *to);
void why_calls_close(struct why_calls *calls);
/* Returns "10.0.0.5:80", or NULL if it is not known. */
const char *why_call_to(struct arena *arena, const struct call_row *row);
/* Adds a clause for each kind of failure of this cause: "connect() to 10.0.0.5:80 failed 37 times
 * with EADDRNOTAVAIL in 10 s: PID 4711 (worker)". Returns true if the looks at this host did not
 * see what fails; a further line then says how to see it. */
bool why_calls_show(const struct why_case *in_case,
		const struct why_cause *cause,
		struct name_list *shows);
/* Adds the member "calls": null unless --for was given. */
void why_calls_put(const struct members *put, cJSON *document, const struct why_case *in_case);

/* Adds `remedies` to a cause that is a limit: what ends the failure now (model/why/remedy.h). */
void why_put_remedies(const struct members *put,
		cJSON *item,
		const struct why_case *in_case,
		const struct why_cause *cause);

/* Returns true if the cause is a limit that each process has, the text names no process, and no
 * process is at its limit. Then the fullest one need not be the cause. */
bool why_of_no_process(const struct why_case *in_case, const struct why_cause *cause);

/* why_process_read reads what the process of --pid has open (again, if it did before);
 * why_process_put adds it to the document. */
void why_process_read(struct why_case *in_case);
void why_process_put(const struct members *put, cJSON *document, const struct why_case *in_case);

/* Returns headroom.why/1 (docs/why.schema.json). Delete it before the arena is freed. */
cJSON *why_document(const struct why_case *in_case);

#endif
