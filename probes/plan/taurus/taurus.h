/* Taurus (bzt): its configuration, merged from files and options (config.c), what a scenario asks
 * for (scenario.c), and what the tool of an execution makes of it (execution.c). Sources (1.17.2):
 * bzt/cli.py, bzt/utils.py (BetterDict.merge), bzt/engine/modules.py (get_load), the executors in
 * bzt/modules/. */
#ifndef HEADROOM_PROBES_PLAN_TAURUS_TAURUS_H
#define HEADROOM_PROBES_PLAN_TAURUS_TAURUS_H

#include "probes/plan/jmeter/jmeter.h"

enum {
	TAURUS_EXECUTIONS_MAX = 50
};

struct taurus {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	const char *shown; /* the first file, for origins and errors */
	struct tree_node *config;
	struct jmeter *j;      /* collects what scenarios ask for, for any tool that runs them */
	size_t depth, visited; /* scenarios that include scenarios; requests so far */
};

/* An entry of execution[]. */
struct taurus_execution {
	const struct tree_node *node;
	size_t number; /* from 1 */
	const char *executor;
	const struct tree_node *scenario; /* a mapping, or NULL */
	const char *script;               /* or NULL */
	double concurrency;               /* NAN: not said */
	double ramp_s, hold_s, delay_s;
	double iterations, throughput, steps; /* NAN: not said */
};

/* Merges a file into the configuration, later ones over earlier ones. */
bool taurus_add_file(struct taurus *t, const char *path);
bool taurus_add_tree(struct taurus *t, const char *shown, const struct tree_node *root);
/* "execution.0.concurrency=50", as -o takes it. */
bool taurus_override(struct taurus *t, const char *option);
/* The entry at a path of names ("settings.default-executor"); NULL: not there. */
const struct tree_node *taurus_entry(const struct taurus *t, const char *path);
/* The text of an entry, NULL where it is not there or no scalar. */
const char *taurus_text(const struct tree_node *node, const char *name);
bool taurus_is_true(const struct tree_node *node, const char *name, bool otherwise);
/* "1h30m", "500ms", "90": seconds; false with err. */
bool taurus_time(const struct taurus *t, const char *text, double *ret);

/* A request's URL after the scenario's default address. */
const char *taurus_url(struct taurus *t, const struct tree_node *scenario, const char *url);
/* What one iteration of the scenario asks for, as a group of JMeter's. */
bool taurus_scenario(struct taurus *t,
		const struct taurus_execution *execution,
		struct jmeter_group *group);

/* All executions. */
bool taurus_executions(struct taurus *t);

#endif
