/* Taurus (bzt): its configuration, merged from files and options (config.c), what a scenario
 * requests (scenario.c), and how the tool of an execution runs it (execution.c). Sources (1.17.2):
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
	struct jmeter *j;      /* collects the requests of scenarios, whatever tool runs them */
	size_t depth, visited; /* nesting of scenarios that include scenarios; requests read so far */
};

/* An entry of execution[]. */
struct taurus_execution {
	const struct tree_node *node;
	size_t number; /* from 1 */
	const char *executor;
	const struct tree_node *scenario; /* a mapping; NULL: none */
	const char *script;               /* NULL: none */
	double concurrency;               /* NAN: not given */
	double ramp_s, hold_s, delay_s;
	double iterations, throughput, steps; /* NAN: not given */
};

/* Merge a file or a tree into the configuration, over what is there. false with err. */
bool taurus_add_file(struct taurus *t, const char *path);
bool taurus_add_tree(struct taurus *t, const char *shown, const struct tree_node *root);
/* Applies an option -o: "execution.0.concurrency=50". false with err. */
bool taurus_override(struct taurus *t, const char *option);
/* Returns the entry at a path of names ("settings.default-executor"), or NULL. */
const struct tree_node *taurus_entry(const struct taurus *t, const char *path);
/* Returns the text of an entry, or NULL if it is missing or not a scalar. */
const char *taurus_text(const struct tree_node *node, const char *name);
bool taurus_is_true(const struct tree_node *node, const char *name, bool otherwise);
/* Reads "1h30m", "500ms" or "90" as seconds. false with err. */
bool taurus_time(const struct taurus *t, const char *text, double *ret);

/* Returns a request's URL, completed by the scenario's default address. */
const char *taurus_url(struct taurus *t, const struct tree_node *scenario, const char *url);
/* Fills a JMeter group with what one iteration of the scenario requests. false with err. */
bool taurus_scenario(struct taurus *t,
		const struct taurus_execution *execution,
		struct jmeter_group *group);

/* Reads all executions. false with err. */
bool taurus_executions(struct taurus *t);

#endif
