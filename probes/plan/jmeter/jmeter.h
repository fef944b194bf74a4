/* Turns a JMeter test plan into a plan: reads its tree (walk.c), what a sampler opens (samplers.c),
 * when users of a group arrive (groups.c, arrivals.c), and draws conclusions (course.c,
 * conclude.c). Based on JMeter 5.6.3; each file names its sources. */
#ifndef HEADROOM_PROBES_PLAN_JMETER_JMETER_H
#define HEADROOM_PROBES_PLAN_JMETER_JMETER_H

#include "probes/plan/document.h"
#include "probes/plan/jmeter/properties.h"

enum {
	JMETER_GROUPS_MAX = 200,
	JMETER_HOSTS_MAX = 300, /* per group; further hosts count once for each sampler */
	JMETER_TARGETS_MAX = 1000
};

/* Settings that an element inherits from those around it (samplers.c has their names in a file). */
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

/* What applies to the samplers in one <hashTree>: the configuration elements in it and in the trees
 * around it. */
struct jmeter_scope {
	const struct tree_node *settings[JMETER_SETTINGS]; /* NULL: not set */
	const struct tree_node *connection; /* value of the Connection header; NULL: none */
	double pause_s;                     /* average total of all timers before each sampler */
	double most_per_s;   /* samplers per second that a throughput timer allows; INFINITY: no such
	                        timer */
	bool timers_unknown; /* a timer's time is not in the file */
	bool by_chance;      /* a timer's rate holds only on average */
};

struct jmeter_host {
	const char *name; /* "host:port", or other text in its place */
	double parallel;  /* simultaneous connections of one user */
};

/* From at_s on there are `level` users, or that many arrivals per second. Between two knots the
 * level changes linearly; two knots at the same time are a jump. */
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
	const char *kind; /* for questions: "a Concurrency Thread Group" */
	double threads;   /* at most; NAN: the user is asked */
	const char *threads_from;
	struct jmeter_knot *knots;
	size_t knot_count, knot_capacity;
	size_t rows;    /* number of curves formed by the knots; equally long, they add up */
	double end_s;   /* since the group's start; INFINITY: only its loops end it */
	bool arrivals;  /* knots are arrivals per second; each arriving user makes one iteration */
	bool delayed;   /* creates each thread when its user arrives; false: all at the start */
	bool loops_end; /* the number of loops is bounded */
	bool new_user;  /* each iteration is a new user with new connections */
	struct jmeter_host *hosts;
	size_t host_count, host_capacity;
	/* Averages for one iteration. */
	double samples, pause_s;
	double server_closes, client_closes; /* samples that open a new connection, by who closes it */
	double most_per_s;                   /* samples per second of the group; INFINITY: no timer */
	/* The sampler that fetches embedded resources in parallel; NULL: none. */
	const struct tree_node *downloads;
	double download_pool;
	bool branches;                  /* some of it does not run in every iteration */
	bool timers_unknown, by_chance; /* as in a scope */
};

struct jmeter {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	struct document document;    /* the file being read: the plan, or one that it includes */
	const struct tree_node *top; /* the outermost <hashTree> of the plan */
	struct jmeter_properties properties, variables;
	struct jmeter_group *groups;
	size_t group_count, visited, includes, include_depth;
	bool serialized;
	const char *proxy; /* from the command line: "host:port"; NULL: none */
	const char *targets[JMETER_TARGETS_MAX];
	size_t target_count, tls_count;
	/* Where the plan says so: "plan.jmx:12"; NULL: nowhere. */
	const char *server_closes, *client_closes;
	const char *unresolved, *other_sampler;
	const char *other_name; /* "JDBC Request" */
};

struct jmeter *jmeter_begin(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err);
/* Reads the thread groups of a file; set the properties first. jmeter_conclude() then fills the
 * plan. false with err. */
bool jmeter_read_file(struct jmeter *j, const char *path, const char *named_by);

/* jmeter_node returns the child whose name attribute (in a doubleProp: whose <name>) is this,
 * jmeter_text and jmeter_value its text with references resolved. NULL: it does not exist or is not
 * known before the run. */
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
/* Reads a number. Leaves *ret unchanged if the property is missing or empty. If it cannot be
 * resolved, asks the user for `field`, or for WORKLOAD_FIELDS leaves *ret unchanged. false with
 * err. */
bool jmeter_number(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		enum workload_field field,
		double *ret,
		const char **ret_from);
/* Returns a number, or NAN if the property is missing or is no number. */
double jmeter_guess(struct jmeter *j, const struct tree_node *node, const char *name);
bool jmeter_ends_with(const char *text, const char *end);
bool jmeter_enabled(const struct tree_node *node);

/* Adds the thread group that this element describes. Returns NULL if it is no thread group
 * (*ret_good true) or on an error. */
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

/* Makes the scope of a <hashTree> from that of the trees around it; `outer` may be NULL. */
void jmeter_scope_enter(struct jmeter *j,
		const struct jmeter_scope *outer,
		const struct tree_node *tree,
		struct jmeter_scope *ret);
/* Puts the element's settings over those of its scope. */
void jmeter_scope_own(struct jmeter_scope *scope, const struct tree_node *element);

/* jmeter_sampler adds a sampler to the group, `times` per iteration. */
bool jmeter_is_sampler(const struct tree_node *node);
void jmeter_sampler(struct jmeter *j,
		const struct jmeter_scope *scope,
		const struct tree_node *node,
		struct jmeter_group *group,
		double times);

/* jmeter_group_host adds a host with that many connections of each user to the group; jmeter_target
 * adds a destination to the plan. */
void jmeter_group_host(struct jmeter *j,
		struct jmeter_group *group,
		const char *name,
		double parallel);
void jmeter_target(struct jmeter *j, const char *target, bool tls);
/* Adds a level that is reached in equal jumps, the first one at once; without steps, in a line. */
void jmeter_climb(struct jmeter *j, struct jmeter_group *group, double ramp_s, double steps);

/* Reads all thread groups and their content. false with err. */
bool jmeter_walk(struct jmeter *j);

/* The sum of all groups over time (course.c). */
struct jmeter_course {
	double *borders; /* times at which something changes, sorted; NULL: there are too many */
	size_t border_count;
	double sockets, users; /* highest numbers at one time; NAN: not known */
	double end_s;          /* end of the main phase; INFINITY: only loops end it */
	bool main_is_peak;     /* false: a setUp or tearDown phase needs more */
};

void jmeter_course(struct jmeter *j, struct jmeter_course *ret);
/* Returns the connections of all main groups at a time, or just before it. */
double jmeter_sockets_at(const struct jmeter *j, double at_s, bool before);
/* Returns the most simultaneous users of a group, or its most arrivals per second; NAN: not
 * known. */
double jmeter_most(const struct jmeter *j, const struct jmeter_group *group);
double jmeter_arrivals_at(const struct jmeter_group *group, double at_s, bool before);
double jmeter_most_arrivals(const struct jmeter_group *group);
/* Returns the most connections that one user has open. */
double jmeter_user_sockets(const struct jmeter_group *group);
/* Returns the seconds of an iteration; without --latency only its pauses, a lower bound. 0: not
 * known. */
double jmeter_iteration_s(const struct jmeter *j, const struct jmeter_group *group);

/* Fills the plan from what was read. false with err. */
bool jmeter_conclude(struct jmeter *j);

#endif
