/* headroom why: what is asked, the looks at the host, the answer, and the document of it. */
#ifndef HEADROOM_AUDIT_WHY_WHY_H
#define HEADROOM_AUDIT_WHY_WHY_H

#include <cjson/cJSON.h>

#include "audit/run/pipeline.h"
#include "model/why/why.h"

enum {
	WHY_TEXT_MAX = 16 << 20, /* bytes of all lines */
	WHY_LOOKS = 2
};

/* What was asked for: log lines, or nothing but the host or a process. */
struct why_asked {
	const char *text; /* NULL: no text */
	size_t lines;     /* that have something in them */
	struct why_named *named;
	size_t named_count, named_capacity;
};

/* Reads the words of the command line; "-" is the standard input. */
bool why_read(const struct run *run, struct why_asked *ret_asked, struct error *err);
/* What the lines name, by the rules' texts. Of several causes the one that more lines name comes
 * first. */
void why_match(struct arena *arena, const struct rules *rules, struct why_asked *asked);

/* Looks at the host twice, why_apart_s apart; once if it is a snapshot. *ret_looks has WHY_LOOKS
 * places. */
extern const double why_apart_s;
bool why_look(struct pipeline *pipeline,
		struct why_look *ret_looks,
		size_t *ret_count,
		struct error *err);

/* What this host shows of a cause beyond its numbers (evidence.c): sentences. */
struct why_evidence {
	struct name_list shows; /* "12,232 sockets to 10.0.0.5:80: 12,232 in TIME_WAIT" */
	struct name_list who;   /* "PID 4711 (worker) has 203 of them" */
};

/* What is concluded. */
enum why_end {
	WHY_FOUND, /* a cause */
	WHY_NONE,  /* no limit of this host explains it */
	WHY_UNSEEN /* no text was given that is known, and nothing could be read */
};

struct why_case {
	const struct pipeline *pipeline;
	const struct why_asked *asked;
	const struct why_look *looks;
	size_t look_count;
	struct why_answer answer;
	struct why_evidence *evidence; /* of each of answer.causes, in that order */
	enum why_end end;
};

/* Judges. */
void why_conclude(struct why_case *in_case);
/* Looks closer at what speaks for the causes: of a live host at its processes and sockets, of a
 * snapshot at the facts. */
void why_gather(struct why_case *in_case);

/* headroom.why/1 (docs/why.schema.json). To be deleted before the arena is freed. */
cJSON *why_document(const struct why_case *in_case);

#endif
