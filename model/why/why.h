/* Why something fails now: the causes that a text names, or all limits, ranked by what this host
 * shows of each. Pure: the looks at the host were taken by the caller (audit/why/). */
#ifndef HEADROOM_MODEL_WHY_WHY_H
#define HEADROOM_MODEL_WHY_WHY_H

#include "model/situation.h"
#include "model/why/match.h"

/* What speaks for a cause, the strongest last. A counter since boot never says that it is now. */
enum why_strength {
	WHY_IMPOSSIBLE, /* what this host shows rules it out */
	WHY_POSSIBLE,   /* nothing that was seen supports it; a limit may be free, or not known */
	WHY_HIT,        /* it was hit since boot */
	WHY_NEAR,       /* the target or more is in use now */
	WHY_HIT_NOW,    /* it was hit between the two looks, or the kernel has just said so */
	WHY_FULL,       /* all there is is in use now; of a cause that is no limit: it is so here */
	WHY_FAILING,    /* calls failed of it while they were watched */
	WHY_STRENGTHS
};

/* "impossible" "possible" "hit-since-boot" "nearly-full" "hit-now" "full-now" "failing-now" */
const char *why_strength_name(enum why_strength strength);

/* A cause that a text names (the table of texts, rules/why/). Of several the likelier comes first.
 */
struct why_named {
	const char *id;              /* of a limit, or of a cause that is no limit */
	const char *title;           /* NULL: it is a limit, whose rule has one */
	const char *says;            /* what the text means then, a sentence or two; or NULL */
	struct name_list look_at;    /* where to look instead: commands or short phrases */
	const struct why_line *line; /* that names it; NULL: it is not known */
	/* For a cause that is not a limit: what the caller saw of it here, and a sentence about it;
	 * or WHY_POSSIBLE and NULL. */
	enum why_strength seen;
	const char *shows;
};

/* A counter that grows when a limit is hit. */
struct why_hit {
	const char *key;
	double since_boot; /* at the last look */
	double between;    /* its growth between the looks; NAN: there was one look */
	double apart_s;    /* the time between them */
};

/* Calls that failed while they were watched, and what that can come from. */
struct why_failed {
	const struct why_named *named; /* the likeliest first */
	size_t named_count;
	double count; /* of calls */
};

/* What the kernel's log says of a limit. */
struct why_said {
	const char *id;   /* of the limit */
	const char *text; /* the latest line */
	double age_s;     /* of that line */
	size_t lines;     /* that say it, within the time that was looked at */
	size_t others;    /* of which other lines say it meanwhile: other groups, other listeners */
};

/* One of those that a limit has, and that a line names: the limit is looked at for it. */
struct why_about {
	const char *id;             /* of the limit */
	const char *said;           /* as the line has it: "/a", "port 80" */
	const char *name;           /* "control group /a", "[::1]:80", "port 80", "IPv6" */
	const char *note;           /* why its use is not known, a clause; NULL: it is */
	bool asked;                 /* by the text; else by the kernel's log */
	bool foreign;               /* the layer that sets it does not govern what runs here */
	struct present now, before; /* at the last look and at the first; not known: NAN */
};

struct why_cause {
	const struct limit_rule *rule; /* NULL: it is no limit */
	const struct why_named *named; /* NULL: no text named it */
	enum why_strength strength;
	struct present now;         /* of a limit: at the last look */
	const struct why_hit *hits; /* of a limit: those above 0 */
	size_t hit_count;
	const struct why_said *said;   /* NULL: the kernel's log does not mention it */
	const struct why_about *about; /* NULL: no line names one of those that the limit has */
	struct present here;           /* where `now` is about that one: what is so otherwise */
	bool apart;                    /* is it? */
	double backlog;                /* of the listener; NAN: not known, or not a listener */
	const char *rules_out;         /* why it is impossible, a clause; else NULL */
	double failed;                 /* calls that failed of it while they were watched */
	/* For a limit per destination where `now` is about the destination in the text: another
	 * destination that is full. `by` is NULL if no other is full. */
	struct present elsewhere;
};

/* One look at the host. */
struct why_look {
	const struct situation *situation;
	const struct present *presents; /* of every limit, in the order of the rules */
};

/* The id of the limit, or of a cause that is not a limit. */
const char *why_cause_id(const struct why_cause *cause);

/* The looks of a snapshot are one, of a live host two. The present use does not depend on the plan
 * of the situation: an audit says the same. */
struct why_look why_look_at(const struct situation *situation);

struct why_question {
	const struct rules *rules;
	const struct why_look *looks; /* in order of time */
	size_t look_count;            /* 1 (a snapshot), or 2 */
	double apart_s;               /* the time between them */
	const struct why_named *named;
	size_t named_count;
	const struct why_said *said;
	size_t said_count;
	const struct why_about *abouts;
	size_t about_count;
	const struct why_failed *failed;
	size_t failed_count;
	/* "10.0.0.5:80", as facts write it: where the text's connections go. None: it does not say. */
	struct name_list to;
	bool remote; /* the text's connections go to other hosts: listeners here are not theirs */
	bool told;   /* a text was given; without one, every limit is a candidate */
};

struct why_causes {
	struct why_cause *items;
	size_t count;
};

struct why_answer {
	struct why_causes causes; /* the strongest first; no two of them share a rank */
	/* With a text: limits that it does not name and that are full now or were just reached.
	 * Without a text: limits that were reached since boot and have enough room now. */
	struct why_causes also;
	struct why_causes ruled_out; /* limits of which enough is free, the fullest first */
	const char **failed_of; /* of each of question->failed: the id of its cause; NULL: none known */
};

/* Everything lives in the arena. */
void why_judge(struct arena *arena,
		const struct why_question *question,
		struct why_answer *ret_answer);

/* Does this cause explain the failure, as far as can be known: a limit, or what is so here? */
bool why_explains(const struct why_cause *cause);

/* Does this counter grow only when a limit is hit? The others that rules name are gauges, or grow
 * for other reasons as well. */
bool why_counts_hits(const char *key);

#endif
