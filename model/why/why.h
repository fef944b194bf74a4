/* Why something fails now: the causes that a text names, or all limits, ranked by what this host
 * shows of each. Pure: the caller has looked at the host (audit/why/). */
#ifndef HEADROOM_MODEL_WHY_WHY_H
#define HEADROOM_MODEL_WHY_WHY_H

#include "model/situation.h"
#include "model/why/match.h"

/* The evidence for a cause, the strongest last. A counter since boot never proves that something
 * happens now. */
enum why_strength {
	WHY_IMPOSSIBLE, /* ruled out by what this host shows */
	WHY_POSSIBLE,   /* nothing observed supports it; a limit may have room, or is not known */
	WHY_HIT,        /* the limit was hit since boot */
	WHY_NEAR,       /* the target or more of the limit is in use now */
	WHY_HIT_NOW,    /* the limit was hit between the two looks, or the kernel has just logged it */
	WHY_FULL,       /* the limit is full now; for another cause: the host shows it now */
	WHY_FAILING,    /* calls failed because of it while they were watched */
	WHY_STRENGTHS
};

/* Returns "impossible" "possible" "hit-since-boot" "nearly-full" "hit-now" "full-now"
 * "failing-now". */
const char *why_strength_name(enum why_strength strength);

/* A cause that a text names, according to rules/why/. The likelier of several comes first. */
struct why_named {
	const char *id;    /* of a limit or of another cause */
	const char *title; /* NULL: a limit, whose rule has the title */
	const char *says;  /* what the text then means, one or two sentences; NULL: nothing to say */
	struct name_list look_at;    /* where to look instead: commands or short phrases */
	const struct why_line *line; /* the line that names it; NULL: not known */
	/* For a cause that is not a limit: what the caller observed, and a sentence about it.
	 * WHY_POSSIBLE and NULL: nothing. */
	enum why_strength seen;
	const char *shows;
};

/* A counter that grows when a limit is hit. */
struct why_hit {
	const char *key;
	double since_boot; /* value at the last look */
	double between;    /* growth between the looks; NAN: there was only one look */
	double apart_s;    /* seconds between the looks */
};

/* Calls that failed while they were watched, and their possible causes. */
struct why_failed {
	const struct why_named *named; /* the likeliest first */
	size_t named_count;
	double count; /* number of calls */
};

/* What the kernel's log says about a limit. */
struct why_said {
	const char *id;   /* of the limit */
	const char *text; /* the latest line */
	double age_s;     /* age of that line in seconds */
	size_t lines;     /* number of such lines in the time that was searched */
	size_t others; /* how many of them are about other instances: other groups, other listeners */
};

/* The instance of a limit that a line names: the limit is then judged for this instance. */
struct why_about {
	const char *id;             /* of the limit */
	const char *said;           /* as written in the line: "/a", "port 80" */
	const char *name;           /* for readers: "control group /a", "[::1]:80", "port 80", "IPv6" */
	const char *note;           /* a clause: why its use is not known; NULL: it is known */
	bool asked;                 /* named by the text; false: by the kernel's log */
	bool foreign;               /* the layer that sets the limit does not apply to what runs here */
	struct present now, before; /* at the last look and at the first; NAN: not known */
};

struct why_cause {
	const struct limit_rule *rule; /* NULL: not a limit */
	const struct why_named *named; /* NULL: no text named it */
	enum why_strength strength;
	struct present now;         /* for a limit: its use at the last look */
	const struct why_hit *hits; /* for a limit: its counters above 0 */
	size_t hit_count;
	const struct why_said *said;   /* NULL: the kernel's log does not mention it */
	const struct why_about *about; /* NULL: no line names an instance of the limit */
	struct present here;   /* if `now` is about that instance: the use without regard to it */
	bool apart;            /* `now` is about that instance */
	double backlog;        /* of the listener; NAN: not known, or not a listener */
	const char *rules_out; /* a clause: why it is impossible; else NULL */
	double failed;         /* number of calls that failed because of it while they were watched */
	/* If the limit is per destination and `now` is about the destination in the text: another
	 * destination that is full. `by` is NULL if there is none. */
	struct present elsewhere;
};

/* One look at the host. */
struct why_look {
	const struct situation *situation;
	const struct present *presents; /* one for every limit, in the order of the rules */
};

/* Returns the id of the limit, or of a cause that is not a limit. */
const char *why_cause_id(const struct why_cause *cause);

/* Takes a look: a snapshot allows one, a live host two. The present use does not depend on the plan
 * of the situation, so an audit shows the same. */
struct why_look why_look_at(const struct situation *situation);

struct why_question {
	const struct rules *rules;
	const struct why_look *looks; /* in order of time */
	size_t look_count;            /* 1 (a snapshot), or 2 */
	double apart_s;               /* seconds between the looks */
	const struct why_named *named;
	size_t named_count;
	const struct why_said *said;
	size_t said_count;
	const struct why_about *abouts;
	size_t about_count;
	const struct why_failed *failed;
	size_t failed_count;
	/* Where the text's connections go, as facts write it: "10.0.0.5:80". Empty: the text does not
	 * say. */
	struct name_list to;
	bool remote; /* the text's connections go to other hosts, so listeners here do not matter */
	bool told;   /* a text was given; without one, every limit is a candidate */
};

struct why_causes {
	struct why_cause *items;
	size_t count;
};

struct why_answer {
	struct why_causes causes; /* the strongest first; each has a different rank */
	/* With a text: limits that it does not name but that are full or were just hit. Without a text:
	 * limits that were hit since boot and have enough room now. */
	struct why_causes also;
	struct why_causes ruled_out; /* limits with enough room, the most used first */
	const char **failed_of; /* for each of question->failed the id of its cause; NULL: not known */
};

/* Ranks the causes. Everything lives in the arena. */
void why_judge(struct arena *arena,
		const struct why_question *question,
		struct why_answer *ret_answer);

/* Returns true if this cause explains the failure as far as that can be known. */
bool why_explains(const struct why_cause *cause);

/* Returns true if the counter grows only when a limit is hit. Other facts that rules name are
 * gauges, or grow for other reasons too. */
bool why_counts_hits(const char *key);

#endif
