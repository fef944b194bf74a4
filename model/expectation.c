/* Predictions for the calibrators. Names of rules' own terms ("hold", "k") are asked of the rule
 * that the calibrator belongs to, so that a changed rule changes the prediction too. */
#include "model/expectation.h"

#include <math.h>
#include <string.h>

#include "model/names.h"

static const double backlog_libc = 4096; /* SOMAXCONN of glibc, bits/socket.h */

static const struct limit_rule *rule_of(const struct situation *s, const char *calibrator)
{
	for (size_t i = 0; i < s->rules->limit_count; i++) {
		const struct limit_rule *rule = &s->rules->limits[i];
		if (rule->calibrated_by && !strcmp(rule->calibrated_by, calibrator))
			return rule;
	}
	return NULL;
}

static const struct judgement *judgement_of(const struct result *result, const char *calibrator)
{
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *j = &result->resources[i].worst;
		if (j->rule->calibrated_by && !strcmp(j->rule->calibrated_by, calibrator))
			return j;
	}
	return NULL;
}

/* The value of a term of a calibrator's rule. */
static struct value term(const struct situation *s, const char *calibrator, const char *name)
{
	const struct limit_rule *rule = rule_of(s, calibrator);
	struct value value = value_unknown(name);
	if (!rule)
		return value;
	struct expr_env env = names_env(names_new(s, rule, "", MISSING_UNKNOWN));
	if (!env.lookup(env.context, name, &value))
		return value_unknown(name);
	return value;
}

static double number_term(const struct situation *s,
		const char *calibrator,
		const char *name,
		double otherwise)
{
	struct value value = term(s, calibrator, name);
	if (value.kind != VALUE_NUMBER)
		return otherwise;
	return value.number;
}

static bool true_term(const struct situation *s, const char *calibrator, const char *name)
{
	struct value value = term(s, calibrator, name);
	bool is_bool = value.kind == VALUE_BOOL;
	return is_bool && value.number != 0;
}

/* As the calibrator fills: none counts per destination, noport per pair, address per source,
 * wildcard once. */
static double pools_of(const struct workload *workload, const struct expectation *e)
{
	const char *bind = workload->values[W_BIND].text;
	if (!bind)
		return e->destinations;
	if (!strcmp(bind, "noport"))
		return e->destinations * e->sources;
	if (!strcmp(bind, "address"))
		return e->sources;
	if (!strcmp(bind, "wildcard"))
		return 1;
	return e->destinations;
}

/* A peer that never closes holds ports in FIN_WAIT_2, which is not what churn measures; neither is
 * UDP. */
static double hold_of(const struct situation *s)
{
	double hold = number_term(s, "ports", "hold", NAN);
	bool silent = true_term(s, "ports", "silent");
	if (silent || !(hold > 0))
		return (double)NAN;
	return hold;
}

static double instance_number(const struct facts *facts, const char *key, const char *instance)
{
	const struct fact *fact = facts_get(facts, key, instance);
	if (!fact || fact->status != FACT_KNOWN)
		return (double)NAN;
	return fact->number;
}

/* A listener that is there: each of its sockets holds one more than its backlog. */
static void expect_listener(const struct facts *facts, struct expectation *e)
{
	double backlog = instance_number(facts, "listener.backlog", e->listener);
	double sockets = instance_number(facts, "listener.sockets", e->listener);
	double holds = instance_number(facts, "listener.holds", e->listener);
	if (isnan(backlog))
		return;
	e->backlog = backlog;
	if (sockets > 1)
		e->sockets = sockets;
	e->queue = e->sockets * (backlog + 1);
	e->backlogs_differ = holds > e->queue;
}

/* The plan's listener may be any of several: what one queue gives is measured, and no instance of
 * the limit is that one. */
static const char any_listener[] = "?";

static void expect_queue(const struct situation *s,
		const struct result *result,
		struct expectation *e)
{
	const struct judgement *j;
	j = judgement_of(result, "accept");
	const struct workload *plan = s->loads[0].workload;
	const struct workload_value *backlog = &plan->values[W_BACKLOG];
	double somaxconn = facts_number(s->facts, "net.core.somaxconn");
	bool applies = j && j->status != STATUS_NOT_APPLICABLE;
	e->backlog = backlog_libc;
	e->sockets = 1;
	if (applies && backlog->set)
		e->backlog = backlog->number;
	e->queue = fmin(e->backlog, somaxconn) + 1;
	if (isnan(somaxconn))
		e->queue = (double)NAN;
	if (!applies)
		return;
	e->listener = "";
	if (j->instance)
		e->listener = j->instance;
	if (*e->listener)
		expect_listener(s->facts, e);
	else if (!isnan(instance_number(s->facts, "listener.capacity_best", "")))
		e->listener = any_listener;
}

void expectation_make(const struct situation *s,
		const struct result *result,
		struct expectation *ret_expectation)
{
	struct expectation *e = ret_expectation;
	const struct judgement *fds = judgement_of(result, "fds");
	*e = (struct expectation){
			.usable_ports = facts_number(s->facts, "ports.usable"),
			.destinations = number_term(s, "ports", "destinations", 1),
			.sources = number_term(s, "ports", "sources", 1),
			.hold_s = hold_of(s),
			.nofile = (double)NAN,
			.open_below = number_term(s, "fds", "below", NAN),
			.entries_per_connection = number_term(s, "conntrack", "k", NAN),
			.connection_bytes = number_term(s, "memory", "socket", NAN),
	};
	if (fds)
		e->nofile = fds->capacity;
	if (s->options->planning_constants)
		e->planning_constant = number_term(s, "conntrack", "constant", 0);
	e->destinations = fmax(e->destinations, 1);
	e->sources = fmax(e->sources, 1);
	const struct workload *plan = s->loads[0].workload;
	e->pools = pools_of(plan, e);
	/* The kernel raises no limit above it: kernel/sys.c, do_prlimit(). */
	if (isinf(e->nofile))
		e->nofile = facts_number(s->facts, "fs.nr_open");
	expect_queue(s, result, e);
}

static double free_descriptors(const struct expectation *e)
{
	double left = e->nofile - e->open_below;
	if (left < 0)
		return 0;
	return left;
}

double expectation_of(const struct expectation *e, const char *calibrator, double *ret_parts)
{
	*ret_parts = 1;
	if (!strcmp(calibrator, "ports")) {
		*ret_parts = e->pools;
		return e->usable_ports * e->pools;
	}
	if (!strcmp(calibrator, "fds"))
		return free_descriptors(e);
	if (!strcmp(calibrator, "accept"))
		return e->queue;
	if (!strcmp(calibrator, "churn"))
		return e->usable_ports / e->hold_s;
	if (!strcmp(calibrator, "memory"))
		return e->connection_bytes;
	if (!strcmp(calibrator, "conntrack"))
		return e->entries_per_connection;
	return (double)NAN;
}
