/* The result of an audit, as numbers. audit/document/document.c turns it into the one JSON document
 * that every output is a view of. Everything lives in the run's arena. Unknown numbers are NAN. */
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

/* What a comparable measurement did to a limit. */
struct calibrated {
	const char *quantity; /* NULL: the capacity */
	double predicted, measured, used;
};

struct instance;
struct map;

/* What one load of several adds to a demand; NAN: not known. */
struct load_part {
	size_t load; /* its place in the plan */
	double demand;
};

/* A limit judged for one instance of its scope. */
struct judgement {
	const struct limit_rule *rule;
	const struct instance *at; /* which loads use it (model/instance/instance.h) */
	const char *instance;      /* "" if there is only one */
	enum status status;
	enum severity severity;
	bool over;            /* use > 1 */
	bool planning;        /* the planning constant governs the demand */
	bool planning_fails;  /* … and only it makes the limit fail */
	bool ignored, waived; /* by --ignore / a waiver: does not count for the verdict */
	const char *reason;   /* of unknown and not-applicable; else NULL */
	double demand, capacity, utilization;
	double kernel_demand;  /* without the planning constant */
	double at_s;           /* time of the peak demand in the plan; INFINITY: steady state */
	bool before_jump;      /* … and before what happens all at once then */
	double max_safe_scale; /* first s over the target, floored; INFINITY: never; NAN: unknown */
	double breaks_scale;   /* same at use = 1 */
	double target_crossed_at_s, exhausted_at_s; /* NAN: never in this plan */
	/* A plan that fits if the kernel's timers end on time, and if all goes as well as it can; the
	 * second at which it does not otherwise. NAN: it fits all the same. */
	double late_at_s, strained_at_s;
	double least_demand; /* the rule's at_least at the peak; NAN: it has none */
	const char *demand_formula, *demand_substituted, *capacity_formula, *capacity_substituted;
	const struct load_part *parts; /* of several loads that use it together; else none */
	size_t part_count;
	struct name_list facts;              /* keys used */
	const struct calibrated *calibrated; /* NULL: modelled only */
	struct name_list assumed;            /* sentences: what was assumed where a fact was missing */
	struct name_list unread; /* keys of facts that it asked for and that are not known */
	/* max_safe_scale if everything unread is as good as it can be; of a limit that is judged, the
	 * same as max_safe_scale */
	double at_best_scale;
};

/* How far a limit is used up, as the host was seen. It is no verdict on the plan. */
enum present_state {
	PRESENT_UNKNOWN,
	PRESENT_FREE,
	PRESENT_NEAR, /* the target or more */
	PRESENT_FULL  /* all there is, or more */
};

/* The present use of one limit: of its fullest instance. */
struct present {
	enum present_state state;
	double used, capacity; /* NAN: not known */
	double refused;        /* since boot; NAN: nothing counts it */
	const char *by;        /* which instance: a destination, a listener, a user; NULL: none */
	const char *instance;  /* the same as the facts have it; "" or NULL: none */
	size_t others;         /* more instances in the same state, near or full */
	const char *reason;    /* what is not known, and why; NULL: nothing */
	const struct name_list *missing; /* keys of the facts that are not known; NULL: none */
	bool none; /* nothing on this host has this limit, or no host shows its use */
};

/* One row for each limit: the worst instance, and all of them; and what is used of it now. */
struct resource {
	struct judgement worst;
	struct layer held_by;  /* which layer sets the limit for the process that is judged */
	const char *no_change; /* it fails, and no change of the ladder is enough: why; or NULL */
	struct judgement *instances;
	size_t instance_count;
	struct present now;
	bool moved;         /* the ladder's changes give it another highest safe load: */
	double after_scale; /* max_safe_scale with all of them in place */
	/* with all of them in place */
	struct {
		enum status status;
		double demand, capacity, utilization;
	} after;
};

struct load_point { /* the plan at some scale */
	double scale, connections, open_rate_per_s;
	bool at_most;                    /* a limit that is not known may make it less */
	const struct name_list *without; /* ids of ignored limits that it leaves out; or NULL */
};

/* What more could be safe where limits are unknown: the highest load, and the fewest hosts. */
struct at_most {
	struct name_list
			limits; /* ids of the unknown limits that count; none: the rest means nothing */
	struct load_point max_safe;
	double hosts; /* NAN: not known */
};

/* Which value of the one number that could not be read decides. The plan passes from `least` to
 * `most`, and fails below and above; `most` INFINITY: however high. Both NAN: it always fails. */
struct decides {
	const struct fact *fact; /* the unread one; NULL: no single number decides */
	double least, most;
};

struct change {
	const char *key;
	double from, to; /* NAN if it is a text */
	const char *from_text, *to_text;
};

struct fix {
	const struct fix_rule *rule;
	const char *resource, *instance;
	size_t load;           /* of the plan, that it was tried for */
	const char *load_name; /* it changes this one of several; NULL: the host, or the only load */
	const char *title;
	struct change *changes;
	size_t change_count;
	struct load_point before, after; /* highest safe load */
	const char *next;   /* the limit that is reached next; NULL: the plan fits and no other limit is
	                       reached below it */
	bool fits;          /* the plan passes with this and the ones before */
	bool enough;        /* the limit it is for no longer fails */
	bool in_ladder;     /* part of the cumulative ladder (else an alternative) */
	bool advisory;      /* against a warning only: the verdict does not need it */
	const char *behind; /* id of the advisory limit without whose cap another one would fail, which
	                       this prevents; NULL: none */
	struct fix_form form; /* for the layer that sets the limit */
	const char *command;  /* the commands as lines, else a sentence; NULL: nothing */
	const char *undo;     /* the same */
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

/* What the plan leaves behind when it ends and all connections close: TIME_WAIT sockets that `ss`
 * shows right after it and that a next run meets. No limit is judged by it. */
struct plan_end {
	double at_s;              /* NAN: the plan does not say when it ends */
	double live;              /* still open then */
	double time_wait, hold_s; /* NAN: how long the platform keeps a port is not known */
	enum confidence confidence;
};

/* One load's part of the plan over time. */
struct load_series {
	size_t load; /* its place in the plan */
	double *live, *time_wait, *opens;
};

struct timeline_result {
	struct plan_end end;
	double step_s;
	size_t points;
	double *t, *live, *time_wait, *opens; /* of all loads together */
	struct load_series *loads;            /* those that ask for something */
	size_t load_count;
	struct series *use; /* per limit that applies */
	size_t use_count;
};

struct group_hosts {
	const char *name;
	double share, now, after_fixes; /* hosts; NAN: not solvable by hosts */
};

/* Hosts for a multiple of the plan. */
struct sizing_point {
	struct load_point load;
	double now, after_fixes; /* NAN as above */
};

/* What calibrators should find on this host for this plan (model/expectation.h), and what they must
 * know of the plan to push the same limits. Unknown numbers are NAN. */
struct expectation {
	double usable_ports; /* of one pool */
	double destinations, sources;
	double pools;         /* how many pools of ports the plan uses, by how it calls bind() */
	double hold_s;        /* how long a close keeps a port */
	double nofile;        /* descriptors a process of the plan may have */
	double open_below;    /* … and has already */
	double backlog;       /* of the plan's listener; of several sockets the smallest */
	double sockets;       /* that share its address */
	bool backlogs_differ; /* theirs */
	double queue;         /* completed connections that wait in all of them */
	const char *listener; /* instance of the limit that it is about; NULL: the plan has none */
	double entries_per_connection;
	double connection_bytes;  /* kernel memory of one idle socket */
	double planning_constant; /* entries per connection by the planning constant; 0: none applies */
};

struct result {
	enum verdict verdict;
	const char
			*headline; /* "Do not start this test: it needs more outgoing ports than there are." */
	const struct facts *facts; /* as given plus the derived ones: what the document lists */
	struct loads loads;        /* completed */
	struct assumption *assumptions;
	size_t assumption_count;
	double target;              /* 0.75 */
	struct resource *resources; /* in rule order: all of them */
	size_t resource_count;
	size_t judged;                   /* coverage */
	struct name_list not_visible;    /* "node conntrack" */
	const struct judgement *binding; /* the limit reached first; NULL: none is */
	struct load_point plan, max_safe;
	struct at_most at_most;
	struct decides decides;
	struct load_point breaks;
	const struct judgement *breaks_first;
	double breaks_at_s;            /* second of the plan, NAN: it does not break in the plan */
	double hosts_now, hosts_after; /* NAN: hosts do not help / unknown */
	struct name_list without;      /* ids of hard limits that apply and that --ignore leaves out */
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
	bool too_old; /* for max_age_s: no pass can be given */
	struct timeline_result timeline;
	struct expectation expectation;
	const struct map *map; /* the capacity map (model/map/map.h); NULL: it was not asked for */
	size_t warnings;       /* advisory limits over the target, and findings that are warnings */
};

/* The load of the plan's command, where it has one: the last. */
static inline const struct workload *result_load(const struct result *result)
{
	return &result->loads.items[result->loads.count - 1];
}

#endif
