/* A JMeter test plan on its way to a plan: what its tree says (walk.c), what a sampler opens
 * (samplers.c), when a group's users come (groups.c, arrivals.c), and what follows from it all
 * (course.c, conclude.c). Sources: JMeter 5.6.3; each file names its own. */
#ifndef HEADROOM_PROBES_PLAN_JMETER_JMETER_H
#define HEADROOM_PROBES_PLAN_JMETER_JMETER_H

#include "probes/plan/document.h"
#include "probes/plan/jmeter/properties.h"

enum {
	JMETER_GROUPS_MAX = 200,
	JMETER_HOSTS_MAX = 300, /* of a group; those beyond count once for each sampler */
	JMETER_TARGETS_MAX = 1000
};

/* Settings that an element takes over from those around it (samplers.c names them in a file). */
enum jmeter_setting {
	JMETER_DOMAIN,
	JMETER_PORT,
	JMETER_PROTOCOL,
	JMETER_PATH,
	JMETER_KEEPALIVE,
	JMETER_EMBEDDED,
	JMETER_CONCURRENT,
	JMETER_POOL,
	JMETER_IMPLEMENTATION,
	JMETER_PROXY_HOST,
	JMETER_PROXY_PORT,
	JMETER_TCP_SERVER,
	JMETER_TCP_PORT,
	JMETER_TCP_REUSE,
	JMETER_TCP_CLOSE,
	JMETER_SETTINGS
};

/* What applies to the samplers in one <hashTree>: the configuration elements of it and of the trees
 * around it. */
struct jmeter_scope {
	const struct tree_node *settings[JMETER_SETTINGS]; /* NULL: not set */
	const struct tree_node *connection;                /* the header's value, or NULL */
	double pause_s;      /* of all timers before each sampler, on average */
	double most_per_s;   /* samplers that a throughput timer lets through; INFINITY: no such */
	bool timers_unknown; /* a timer whose time is not written down */
	bool by_chance;      /* a timer that lets so many through on average */
};

struct jmeter_host {
	const char *name; /* "host:port", or a text in its place */
	double parallel;  /* connections of one user at once */
};

/* From at_s on there are `level` users, or arrivals per second. Between two knots the level changes
 * linearly; two knots at the same time are a jump. */
struct jmeter_knot {
	double at_s, level;
};

enum jmeter_phase {
	JMETER_SETUP,
	JMETER_MAIN,
	JMETER_TEARDOWN,
	JMETER_PHASES
};

struct jmeter_group {
	const struct tree_node *node;
	enum jmeter_phase phase;
	const char *kind; /* "a Concurrency Thread Group": for what is asked */
	double threads;   /* at the most; NAN: asked for */
	const char *threads_from;
	struct jmeter_knot *knots;
	size_t knot_count, knot_capacity;
	size_t rows;    /* the knots form this many curves of equal length, which add up */
	double end_s;   /* from the group's start; INFINITY: nothing but its loops ends it */
	bool arrivals;  /* the knots are arrivals a second, each a user for one iteration */
	bool delayed;   /* a thread is made when its user comes; else all at the start */
	bool loops_end; /* a bounded number of loops */
	bool new_user;  /* a new user, and new connections, in each iteration */
	struct jmeter_host *hosts;
	size_t host_count, host_capacity;
	/* Of one iteration, on average. */
	double samples, pause_s;
	double server_closes, client_closes; /* samples that open a new connection each */
	double most_per_s;                   /* samples of the group a second; INFINITY: no timer */
	const struct tree_node *downloads;   /* fetches embedded resources in parallel */
	double download_pool;
	bool branches;                  /* not all of it runs in each iteration */
	bool timers_unknown, by_chance; /* as in a scope */
};

struct jmeter {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	struct document document;    /* the one that is walked: the plan, or a file that it includes */
	const struct tree_node *top; /* the plan's own outermost <hashTree> */
	struct jmeter_properties properties, variables;
	struct jmeter_group *groups;
	size_t group_count, visited, includes, include_depth;
	bool serialized;
	const char *proxy; /* of the command line: "host:port"; NULL: none */
	const char *targets[JMETER_TARGETS_MAX];
	size_t target_count, tls_count;
	const char *server_closes, *client_closes; /* where it says so: "plan.jmx:12" */
	const char *unresolved, *other_sampler;
	const char *other_name; /* "JDBC Request" */
};

struct jmeter *jmeter_begin(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err);
/* Reads the file's thread groups; the properties are set before. What follows from them is
 * jmeter_conclude()'s. */
bool jmeter_read_file(struct jmeter *j, const char *path, const char *named_by);

/* The child with this name attribute (or <name>, in a doubleProp: then its <value>); its text with
 * references resolved (NULL: not there, or not known before). */
const struct tree_node *jmeter_node(const struct tree_node *node, const char *name);
const char *jmeter_text(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		const char **ret_from);
const char *jmeter_value(struct jmeter *j, const struct tree_node *value, const char **ret_from);
bool jmeter_is_true(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		bool otherwise);
/* *ret stays where the property is not there or empty. What cannot be resolved is asked for by
 * `field`, unless that is WORKLOAD_FIELDS: then it stays, too. */
bool jmeter_number(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		enum workload_field field,
		double *ret,
		const char **ret_from);
/* The same where a text that is no number is as good as none: NAN. */
double jmeter_guess(struct jmeter *j, const struct tree_node *node, const char *name);
bool jmeter_ends_with(const char *text, const char *end);
bool jmeter_enabled(const struct tree_node *node);

/* Adds the thread group that this element describes. Returns NULL with *ret_good if it is not a
 * thread group. */
struct jmeter_group *jmeter_group_read(struct jmeter *j,
		const struct tree_node *node,
		bool *ret_good);
void jmeter_knot_add(struct jmeter *j, struct jmeter_group *group, double at_s, double level);
bool jmeter_read_arrivals(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group);
bool jmeter_read_free_form(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group);
bool jmeter_read_open_model(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group);

/* The scope of a <hashTree> inside that of the trees around it; `outer` NULL: none. */
void jmeter_scope_enter(struct jmeter *j,
		const struct jmeter_scope *outer,
		const struct tree_node *tree,
		struct jmeter_scope *ret);
/* The settings of an element itself, before those of its scope. */
void jmeter_scope_own(struct jmeter_scope *scope, const struct tree_node *element);

/* Is this element a sampler? Then it is added to the group, as often as it runs in an iteration. */
bool jmeter_is_sampler(const struct tree_node *node);
void jmeter_sampler(struct jmeter *j,
		const struct jmeter_scope *scope,
		const struct tree_node *node,
		struct jmeter_group *group,
		double times);

/* A host of the group, with so many connections of one user; a destination of the plan. */
void jmeter_group_host(struct jmeter *j,
		struct jmeter_group *group,
		const char *name,
		double parallel);
void jmeter_target(struct jmeter *j, const char *target, bool tls);
/* A level that is reached in equal jumps, the first at the beginning; without steps in a line. */
void jmeter_climb(struct jmeter *j, struct jmeter_group *group, double ramp_s, double steps);

/* All thread groups and what is in them. */
bool jmeter_walk(struct jmeter *j);

/* What the groups add up to over time (course.c). */
struct jmeter_course {
	double *borders; /* times at which something changes, sorted; NULL: too many of them */
	size_t border_count;
	double sockets, users; /* the most at once; NAN: not known */
	double end_s;          /* of the main phase; INFINITY: nothing but loops ends it */
	bool main_is_peak;     /* false: a setUp or tearDown phase has more */
};

void jmeter_course(struct jmeter *j, struct jmeter_course *ret);
/* Connections of all main groups at a time, or just before it. */
double jmeter_sockets_at(const struct jmeter *j, double at_s, bool before);
/* The most users of a group at once, or the most arrivals a second; NAN: not known. */
double jmeter_most(const struct jmeter *j, const struct jmeter_group *group);
double jmeter_arrivals_at(const struct jmeter_group *group, double at_s, bool before);
double jmeter_most_arrivals(const struct jmeter_group *group);
/* What one user has open at the most. */
double jmeter_user_sockets(const struct jmeter_group *group);
/* Seconds of an iteration; without --latency only its pauses, which is the least. 0: not known. */
double jmeter_iteration_s(const struct jmeter *j, const struct jmeter_group *group);

/* Fills the plan from what was walked. */
bool jmeter_conclude(struct jmeter *j);

#endif
