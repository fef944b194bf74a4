/* A JMeter test plan while it is read: shared by the reader and what reads its thread groups. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_JMETER_H
#define HEADROOM_PROBES_PLAN_TOOL_JMETER_H

#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/jmeter_properties.h"

enum {
	JMETER_GROUPS_MAX = 200,
	JMETER_HOSTS_MAX = 64,
	JMETER_TARGETS_MAX = 1000
};

struct jmeter_group {
	const struct tree_node *node;
	double threads, ramp_s, delay_s, duration_s; /* duration NAN: not bounded by a scheduler */
	const char *threads_from;
	const char *hosts[JMETER_HOSTS_MAX];
	size_t host_count;
	double parallel;       /* connections to one host at once */
	bool setup, loops_end; /* before or after the others; a bounded number of loops */
	bool new_user;         /* a new user, and new connections, in each iteration */
};

struct jmeter {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	struct document document;
	struct arguments arguments;
	struct jmeter_properties properties, variables;
	struct jmeter_group *groups;
	size_t group_count;
	bool serialized;
	const char *default_domain, *default_port, *default_protocol;
	const char *targets[JMETER_TARGETS_MAX];
	size_t target_count;
	const struct tree_node *no_keepalive, *unresolved, *other_sampler;
};

/* The child with this name attribute; its text with references resolved (NULL: not there, or not
 * known before). */
const struct tree_node *jmeter_node(const struct tree_node *node, const char *name);
const char *jmeter_text(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		const char **ret_from);
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

/* Adds the thread group that this element is; NULL with *ret_good if it is none. */
struct jmeter_group *jmeter_group_read(struct jmeter *j,
		const struct tree_node *node,
		bool *ret_good);
bool jmeter_ends_with(const char *text, const char *end);

#endif
