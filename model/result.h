/* The result of an audit, as numbers. audit/document/document.c turns it into the JSON document
 * that every output is made from. Everything lives in the run's arena. Unknown numbers are NAN. */
#ifndef HEADROOM_MODEL_RESULT_H
#define HEADROOM_MODEL_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "model/fact.h"
#include "model/layer/fix_form.h"
#include "model/load/loads.h"
#include "model/options.h"
#include "model/rule.h"
#include "model/verdict.h"

/* How a comparable measurement changed a limit. */
struct calibrated {
	const char *quantity; /* NULL: the capacity */
	double predicted, measured, used;
};

struct instance;
struct map;

/* How much one of several loads adds to a demand; NAN: not known. */
struct load_part {
	size_t load; /* its index in the plan */
	double demand;
};

/* One limit judged for one instance. */
struct judgement {
	const struct limit_rule *rule;
	const struct instance *at; /* the loads that use it (model/instance/instance.h) */
	const char *instance;      /* "" if there is only one */
	enum status status;
	enum severity severity;
	bool over;            /* use > 1 */
	bool planning;        /* the planning rule gives the demand */
	bool planning_fails;  /* … and without it the limit would not fail */
	bool ignored, waived; /* by --ignore or a waiver: does not count for the verdict */
	const char *reason;   /* why it is unknown or does not apply; else NULL */
	double demand, capacity, utilization;
	double kernel_demand;  /* demand without the planning rule */
	double at_s;           /* second of the highest demand; INFINITY: steady state */
	bool before_jump;      /* … just before something happens all at once in that second */
	double max_safe_scale; /* the highest scale within the target, rounded down; INFINITY: any; NAN:
	                          unknown */
	double breaks_scale;   /* the same for the capacity instead of the target */
	double target_crossed_at_s, exhausted_at_s; /* seconds; NAN: never in this plan */
	/* If the plan fits only while the kernel's timers end on time (late_at_s), or only if
	 * everything goes well (strained_at_s): the second at which it otherwise exceeds the limit.
	 * NAN: it fits anyway. */
	double late_at_s, strained_at_s;
	double least_demand; /* the rule's at_least at the peak; NAN: the rule has none */
	const char *demand_formula, *demand_substituted, *capacity_formula, *capacity_substituted;
	/* The same in words, with the result: "10 of the program itself + 15,000 connections = 15,010
	 * files". NULL: a value is not known, or there is only the number. */
	const char *demand_words, *capacity_words;
	const struct load_part *parts; /* one for each load if several use the limit; else none */
	size_t part_count;
	struct name_list facts;              /* keys of the facts used */
	const struct calibrated *calibrated; /* NULL: calculated only */
	struct name_list assumed; /* sentences: what was assumed for facts that are missing */
	struct name_list unread;  /* keys of the needed facts that are not known */
	/* max_safe_scale if everything unread is as good as possible; equal to max_safe_scale if the
	 * limit could be judged */
	double at_best_scale;
};

/* How much of a limit the host uses now. Says nothing about a plan. */
enum present_state {
	PRESENT_UNKNOWN,
	PRESENT_FREE,
	PRESENT_NEAR, /* at or above the target */
	PRESENT_FULL  /* at or above the capacity */
};

/* The present use of one limit, for its most used instance. */
struct present {
	enum present_state state;
	double used, capacity; /* NAN: not known */
	double refused;        /* since boot; NAN: there is no counter */
	const char *by;       /* name of the instance (a destination, a listener, a user); NULL: none */
	const char *instance; /* the instance as the facts call it; "" or NULL: none */
	size_t others;        /* number of other instances in the same state, near or full */
	const char *reason;   /* what is not known, and why; NULL: everything is known */
	const struct name_list *missing; /* keys of the facts that are not known; NULL: none */
	bool none; /* nothing on this host has this limit, or its use cannot be read on any host */
};

/* One row for each limit: its worst instance, all instances, and its present use. */
struct resource {
	struct judgement worst;
	struct layer held_by;  /* the layer that sets the limit for the judged process */
	const char *no_change; /* if it fails: why no change of the ladder is enough; else NULL */
	struct judgement *instances;
	size_t instance_count;
	struct present now;
	bool moved;         /* the ladder's changes alter its highest safe load */
	double after_scale; /* max_safe_scale with all changes in place */
	/* with all changes in place */
	struct {
		enum status status;
		double demand, capacity, utilization;
	} after;
};

struct load_point { /* the plan at a scale */
	double scale, connections, open_rate_per_s;
	bool at_most;                    /* a limit that is not known may lower it */
	const struct name_list *without; /* ids of the limits that were ignored for it; NULL: none */
};

/* What could be safe at most if limits are unknown: the highest load and the fewest hosts. */
struct at_most {
	struct name_list limits; /* ids of the unknown limits that count; if empty, ignore the rest */
	struct load_point max_safe;
	double hosts; /* NAN: not known */
};

/* The values for which the plan passes if a single unread number decides: from `least` to `most`
 * (INFINITY: any higher value). Both NAN: it fails for every value. */
struct decides {
	const struct fact *fact; /* the unread fact; NULL: no single number decides */
	double least, most;
};

struct change {
	const char *key;
	double from, to; /* NAN for texts */
	const char *from_text, *to_text;
};

struct fix {
	const struct fix_rule *rule;
	const char *resource, *instance;
	size_t load;           /* index of the load that it was tried for */
	const char *load_name; /* the load that it changes, if there are several; NULL: it changes the
	                          host or the only load */
	const char *title;
	struct change *changes;
	size_t change_count;
	struct load_point before, after; /* highest safe load before and after the fix */
	const char *next; /* the limit reached next; NULL: the plan fits, and no other limit is reached
	                     before that */
	bool fits;        /* the plan passes with this fix and those before it */
	bool enough;      /* the limit it is for no longer fails */
	bool in_ladder;   /* part of the cumulative ladder; false: an alternative */
	bool advisory;    /* only clears a warning; the verdict does not need it */
	const char *behind;   /* id of the advisory limit whose ceiling alone keeps another limit from
	                         failing; with this fix that one passes by itself; NULL: none */
	struct fix_form form; /* in the form of the layer that sets the limit */
	const char *command;  /* the commands as lines, or else a sentence; NULL: nothing */
	const char *undo;     /* the same for undoing it */
};

struct finding {
	const char *id, *severity; /* note | warning */
	const char *text, *where;  /* where may be NULL */
	const struct rule_source *sources;
	size_t source_count;
};

struct series {
	const char *id;
	double *values;
};

/* What is left when the plan ends and all connections close: TIME_WAIT sockets that `ss` still
 * shows and that affect the next run. No limit is judged by it. */
struct plan_end {
	double at_s; /* seconds; NAN: the plan does not say when it ends */
	double live; /* connections still open then */
	/* hold_s: seconds that a port stays in TIME_WAIT. NAN: both are not known. */
	double time_wait, hold_s;
	enum confidence confidence;
};

/* One load's part in the plan over time. */
struct load_series {
	size_t load; /* its index in the plan */
	double *live, *time_wait, *opens;
};

struct timeline_result {
	struct plan_end end;
	double step_s;
	size_t points;
	double *t, *live, *time_wait, *opens; /* the sum of all loads */
	struct load_series *loads;            /* each load that opens connections */
	size_t load_count;
	struct series *use; /* one for each limit that applies */
	size_t use_count;
};

struct group_hosts {
	const char *name;
	double share, now, after_fixes; /* numbers of hosts; NAN: more hosts do not help */
};

/* Number of hosts for a multiple of the plan. */
struct sizing_point {
	struct load_point load;
	double now, after_fixes; /* NAN: more hosts do not help */
};

/* What calibrators should find on this host for this plan (model/expectation.h), and what they must
 * know about the plan to test the same limits. Unknown numbers are NAN. */
struct expectation {
	double usable_ports; /* in one pool */
	double destinations, sources;
	double pools;      /* number of pools that the plan uses, depending on how it calls bind() */
	double hold_s;     /* seconds that a closed connection keeps its port */
	double nofile;     /* descriptors that a process of the plan may open */
	double open_below; /* … and how many it has open already */
	double backlog;    /* backlog of the plan's listener; the smallest if several sockets share its
	                      address */
	double sockets;    /* number of sockets that share the listener's address */
	bool backlogs_differ; /* their backlogs differ */
	double queue;         /* completed connections that can wait in all of them together */
	const char *listener; /* the instance of the limit for this listener; NULL: the plan has none */
	double entries_per_connection;
	double connection_bytes;  /* kernel memory of one idle socket, in bytes */
	double planning_constant; /* entries per connection by the planning rule; 0: no such rule */
};

struct result {
	enum verdict verdict;
	/* "Do not start this test: it needs more outgoing ports than there are." */
	const char *headline;
	const struct facts *facts; /* as given, plus the derived ones: those that the document lists */
	struct loads loads;        /* completed */
	struct assumption *assumptions;
	size_t assumption_count;
	double target;              /* 0.75 */
	struct resource *resources; /* one for each rule, in their order */
	size_t resource_count;
	size_t judged;                   /* number of limits that were judged */
	struct name_list not_visible;    /* "node conntrack" */
	const struct judgement *binding; /* the limit reached first; NULL: none */
	struct load_point plan, max_safe;
	struct at_most at_most;
	struct decides decides;
	struct load_point breaks;
	const struct judgement *breaks_first;
	double breaks_at_s;            /* second of the plan; NAN: it does not fail during the plan */
	double hosts_now, hosts_after; /* NAN: more hosts do not help, or not known */
	struct name_list without; /* ids of the hard limits that apply but are ignored by --ignore */
	struct group_hosts *groups;
	size_t group_count;
	struct sizing_point *sizing;
	size_t sizing_count;
	struct fix *fixes; /* ladder first, then alternatives */
	size_t fix_count;
	struct finding *findings;
	size_t finding_count;
	struct waiver *waivers;
	size_t waiver_count;
	bool too_old; /* older than max_age_s: cannot pass */
	struct timeline_result timeline;
	struct expectation expectation;
	const struct map *map; /* the capacity map (model/map/map.h); NULL: not asked for */
	size_t warnings;       /* advisory limits over the target and findings that are warnings */
};

/* Returns the last load: the one that the command gave, if there is a command. */
static inline const struct workload *result_load(const struct result *result)
{
	return &result->loads.items[result->loads.count - 1];
}

#endif
