/* What the tool of an execution makes of its load: some by the reader of that tool, on the command
 * line that Taurus writes for it. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/data/data.h"
#include "probes/plan/taurus/taurus.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/tools.h"

enum {
	WORDS_MAX = 16
};

/* A tool's command line while it is written. */
struct words {
	const char *items[WORDS_MAX];
	size_t count;
};

static void put_word(struct words *words, const char *word)
{
	if (words->count + 1 < WORDS_MAX)
		words->items[words->count++] = word;
}

static const char *execution_place(const struct taurus *t, const struct taurus_execution *execution)
{
	return arena_printf(t->arena, "%s: execution %zu", t->shown, execution->number);
}

/* A number of the load, also as {local: 10, cloud: 100}. What is no number is asked for. */
static void load_number(struct taurus *t,
		const struct taurus_execution *execution,
		const char *name,
		double *ret)
{
	const struct tree_node *entry = tree_child(execution->node, name);
	struct error ignored;
	*ret = NAN;
	if (entry && entry->kind == TREE_MAPPING)
		entry = tree_child(entry, "local");
	if (!entry || entry->kind != TREE_SCALAR || !*entry->text ||
			quantity_read(entry->text, &quantity_decimal, ret, &ignored))
		return;
	plan_ask(t->plan,
			t->context,
			arena_printf(t->arena,
					"%s: %s is decided by %.60s, which is not known before the run",
					execution_place(t, execution),
					name,
					text_clean(t->arena, entry->text, strlen(entry->text), 60)),
			W_CONNECTIONS,
			WORKLOAD_FIELDS);
}

static bool load_time(struct taurus *t,
		const struct taurus_execution *execution,
		const char *name,
		double *ret)
{
	const char *text = taurus_text(execution->node, name);
	*ret = 0;
	return !text || !*text || taurus_time(t, text, ret);
}

/* The scenario: by its name, in place, or as the name of a script. */
static void find_scenario(const struct taurus *t, struct taurus_execution *execution)
{
	const struct tree_node *said = tree_child(execution->node, "scenario");
	const struct tree_node *all = tree_child(t->config, "scenarios");
	if (said && said->kind == TREE_SCALAR) {
		const struct tree_node *named = tree_child(all, said->text);
		execution->script = said->text;
		if (named)
			said = named;
	}
	if (said && said->kind == TREE_MAPPING) {
		execution->scenario = said;
		execution->script = taurus_text(said, "script");
	} else if (said && said->kind == TREE_SCALAR) {
		execution->script = said->text;
	}
}

static bool read_execution(struct taurus *t, struct taurus_execution *execution)
{
	const char *executor = taurus_text(execution->node, "executor");
	const struct tree_node *settings = tree_child(t->config, "settings");
	if (!executor)
		executor = taurus_text(settings, "default-executor");
	if (!executor)
		executor = "jmeter";
	execution->executor = executor;
	load_number(t, execution, "concurrency", &execution->concurrency);
	load_number(t, execution, "iterations", &execution->iterations);
	load_number(t, execution, "throughput", &execution->throughput);
	load_number(t, execution, "steps", &execution->steps);
	find_scenario(t, execution);
	return load_time(t, execution, "ramp-up", &execution->ramp_s) &&
			load_time(t, execution, "hold-for", &execution->hold_s) &&
			load_time(t, execution, "delay", &execution->delay_s);
}

static double users_of(const struct taurus_execution *execution)
{
	if (execution->concurrency > 0)
		return execution->concurrency;
	return 1;
}

static double execution_seconds(const struct taurus_execution *execution)
{
	return execution->ramp_s + execution->hold_s;
}

/* The users of a group come as the execution says. */
static void schedule_users(struct taurus *t,
		const struct taurus_execution *execution,
		struct jmeter_group *group,
		double users)
{
	double delay_s = execution->delay_s;
	group->threads = users;
	group->threads_from =
			arena_printf(t->arena, "%s: %g users", execution_place(t, execution), users);
	group->knot_count = 0;
	group->rows = 1;
	group->arrivals = false;
	jmeter_climb(t->j, group, execution->ramp_s, execution->steps);
	for (size_t i = 0; i < group->knot_count; i++)
		group->knots[i].at_s += delay_s;
	group->loops_end = execution->iterations > 0 || execution_seconds(execution) <= 0;
	group->end_s = INFINITY;
	if (execution_seconds(execution) > 0)
		group->end_s = delay_s + execution_seconds(execution);
	if (execution->throughput > 0)
		group->most_per_s = fmin(group->most_per_s, execution->throughput);
	/* It is a Concurrency Thread Group then, whose iterations are new users (jmx/tools.py). */
	const struct tree_node *settings = taurus_entry(t, "modules.jmeter");
	group->new_user = execution_seconds(execution) > 0 && !(execution->iterations > 0) &&
			taurus_is_true(settings, "force-ctg", true);
}

static struct jmeter_group *new_group(struct taurus *t, const struct taurus_execution *execution)
{
	struct jmeter_group *group = &t->j->groups[t->j->group_count++];
	*group = (struct jmeter_group){.node = execution->node,
			.kind = "an execution",
			.phase = JMETER_MAIN,
			.rows = 1,
			.most_per_s = INFINITY};
	schedule_users(t, execution, group, users_of(execution));
	return group;
}

/* Properties of JMeter, as the configuration gives them. */
static void add_properties(struct taurus *t, const struct tree_node *properties)
{
	if (!properties)
		return;
	for (const struct tree_node *at = properties->child; at; at = at->next)
		if (at->kind == TREE_SCALAR)
			jmeter_property_set(&t->j->properties,
					at->name,
					at->text,
					arena_printf(t->arena, "%s: %s", t->shown, at->name));
}

/* A test plan's own groups share the users of the execution, as they shared their own. */
static void share_group_users(struct taurus *t,
		const struct taurus_execution *execution,
		size_t first)
{
	double sum = 0;
	struct jmeter *j = t->j;
	bool said = execution->concurrency > 0 || execution->iterations > 0 ||
			execution_seconds(execution) > 0;
	for (size_t i = first; i < j->group_count; i++)
		if (j->groups[i].phase == JMETER_MAIN && j->groups[i].threads > 0)
			sum += j->groups[i].threads;
	for (size_t i = first; said && i < j->group_count; i++) {
		struct jmeter_group *group = &j->groups[i];
		double users = group->threads;
		if (group->phase != JMETER_MAIN)
			continue;
		if (execution->concurrency > 0 && sum > 0 && users > 0)
			users = fmax(1, round(execution->concurrency * users / sum));
		else if (execution->concurrency > 0)
			users = execution->concurrency;
		schedule_users(t, execution, group, users);
	}
}

static bool collect_jmeter(struct taurus *t, const struct taurus_execution *execution)
{
	struct jmeter *j = t->j;
	size_t first = j->group_count;
	add_properties(t, taurus_entry(t, "modules.jmeter.properties"));
	add_properties(t, tree_child(execution->scenario, "properties"));
	if (execution->script) {
		if (!jmeter_read_file(j, execution->script, execution_place(t, execution)))
			return false;
		share_group_users(t, execution, first);
		return true;
	}
	return taurus_scenario(t, execution, new_group(t, execution));
}

static bool conclude_jmeter(struct taurus *t, size_t processes)
{
	plan_choice(t->plan, W_RUNTIME, "java", CONFIDENCE_EXACT, "Taurus starts JMeter");
	plan_choice(t->plan, W_TOOL, "jmeter", CONFIDENCE_EXACT, t->shown);
	if (processes > 1)
		plan_number(t->plan,
				W_PROCESSES,
				(double)processes,
				CONFIDENCE_EXACT,
				"a JMeter for each execution");
	return jmeter_conclude(t->j);
}

static struct plan_command command_of(const struct taurus *t, const struct words *words)
{
	struct plan_command command = *t->command;
	const char **items = arena_alloc(t->arena, WORDS_MAX * sizeof *items);
	memcpy(items, words->items, words->count * sizeof *items);
	items[words->count] = NULL;
	command.words = items;
	command.count = words->count;
	return command;
}

static void put_tool(struct taurus *t, const char *tool, const char *runtime)
{
	plan_choice(t->plan, W_RUNTIME, runtime, CONFIDENCE_EXACT, "Taurus starts it");
	plan_choice(t->plan, W_TOOL, tool, CONFIDENCE_EXACT, t->shown);
}

/* The reader of the tool that Taurus starts. */
static bool read_by(struct taurus *t, const struct plan_reader *reader, const struct words *words)
{
	const struct plan_command command = command_of(t, words);
	put_tool(t, reader->tool, reader->runtime);
	return reader->read(t->context, &command, t->plan, t->err);
}

/* The same of a tool that is a rule. */
static bool read_by_rule(struct taurus *t, const struct words *words)
{
	const struct plan_command command = command_of(t, words);
	const struct tool_rule *near;
	size_t count;
	const struct tool_rule *tool = data_tool_of(t->context, &command, &count, &near);
	if (!tool)
		return error_set(t->err, "there is no rule of the tool %s", words->items[0]);
	const char *taurus = t->plan->tool;
	put_tool(t, tool->id, "native");
	bool good = data_read(tool, count, t->context, &command, t->plan, t->err);
	t->plan->tool = taurus;
	return good;
}

static bool set_targets(struct taurus *t)
{
	struct jmeter *j = t->j;
	if (!j->target_count) {
		plan_ask(t->plan,
				t->context,
				"no request names a host that is known before the run",
				W_DESTINATIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	t->plan->tls = j->tls_count == j->target_count;
	return plan_destinations(t->plan,
			j->targets,
			j->target_count,
			CONFIDENCE_EXACT,
			arena_printf(t->arena, "%s: requests", t->shown),
			t->err);
}

/* Users with so many connections each: over the ramp, then to the end. */
static void set_user_load(struct taurus *t,
		const struct taurus_execution *execution,
		double each,
		const char *from)
{
	struct plan *plan = t->plan;
	double users = users_of(execution);
	double sockets = users * fmax(1, each);
	plan_number(plan, W_USERS, users, CONFIDENCE_EXACT, execution_place(t, execution));
	if (execution_seconds(execution) > 0)
		plan_number(plan,
				W_DURATION,
				execution_seconds(execution),
				CONFIDENCE_EXACT,
				"ramp-up and hold-for");
	if (execution->ramp_s > 0) {
		plan_stage(plan, execution->ramp_s, sockets, NAN, CONFIDENCE_ESTIMATE, from);
		if (execution->hold_s > 0)
			plan_stage(plan, execution->hold_s, sockets, NAN, CONFIDENCE_ESTIMATE, from);
	} else {
		plan_number(plan, W_CONNECTIONS, sockets, CONFIDENCE_ESTIMATE, from);
	}
}

static bool run_locust(struct taurus *t, const struct taurus_execution *execution)
{
	double users = users_of(execution);
	double seconds = execution_seconds(execution);
	double rate = users;
	const char *host = taurus_text(execution->scenario, "default-address");
	struct words words = {{"locust", "--headless", "-f", execution->script}, 4};
	if (execution->ramp_s > 0)
		rate = users / execution->ramp_s;
	if (seconds <= 0)
		seconds = 10; /* _locustio.py, startup */
	put_word(&words, arena_printf(t->arena, "--users=%.0f", users));
	put_word(&words, arena_printf(t->arena, "--spawn-rate=%f", rate));
	put_word(&words, arena_printf(t->arena, "--run-time=%.0f", ceil(seconds)));
	if (host)
		put_word(&words, arena_printf(t->arena, "--host=%s", host));
	if (execution->script)
		return read_by(t, &plan_reader_locust, &words);
	struct jmeter_group *group = new_group(t, execution);
	if (!taurus_scenario(t, execution, group) || !set_targets(t))
		return false;
	plan_choice(t->plan, W_TOOL, "locust", CONFIDENCE_EXACT, t->shown);
	set_user_load(t,
			execution,
			jmeter_user_sockets(group),
			"Locust: users × hosts of the requests");
	if (t->j->server_closes)
		plan_closes_each(t->plan,
				t->context,
				NAN,
				"each request opens a connection",
				t->j->server_closes);
	else
		plan_choice(t->plan, W_CLOSER, "client", CONFIDENCE_ESTIMATE, "Locust closes at the end");
	return true;
}

/* apiritif has no session: a connection for each request, and it stays until Python's collector
 * comes by: 20 users had 172 to 238 open. */
static bool run_apiritif(struct taurus *t, const struct taurus_execution *execution)
{
	static const double open_per_user = 12;
	struct plan *plan = t->plan;
	struct jmeter_group *group = new_group(t, execution);
	if (execution->script) {
		plan_ask(plan,
				t->context,
				arena_printf(t->arena,
						"%s: the script is a program, which headroom does not read; apiritif "
						"opens a connection for each request, and these stay open for a while",
						execution_place(t, execution)),
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
	} else if (!taurus_scenario(t, execution, group) || !set_targets(t)) {
		return false;
	}
	double sockets = ceil(users_of(execution) * open_per_user);
	double pauses = group->pause_s;
	plan_number(plan,
			W_USERS,
			users_of(execution),
			CONFIDENCE_EXACT,
			execution_place(t, execution));
	if (execution_seconds(execution) > 0)
		plan_number(plan,
				W_DURATION,
				execution_seconds(execution),
				CONFIDENCE_EXACT,
				"ramp-up and hold-for");
	if (!execution->script)
		plan_number(plan,
				W_CONNECTIONS,
				sockets,
				CONFIDENCE_ESTIMATE,
				"measured: up to 12 open connections for each user of apiritif");
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_ESTIMATE, "measured: apiritif closes");
	if (pauses > 0 && group->samples > 0)
		plan_number(plan,
				W_LIFETIME,
				sockets * pauses / (users_of(execution) * group->samples),
				CONFIDENCE_ESTIMATE,
				"think-time, because users cannot open faster");
	plan_ask(plan,
			t->context,
			"apiritif opens a connection for each request: how many are opened per second",
			W_OPEN_RATE,
			W_LIFETIME,
			WORKLOAD_FIELDS);
	return true;
}

/* The first URL of a scenario. */
static const char *first_url(const struct taurus_execution *execution)
{
	const struct tree_node *list = tree_child(execution->scenario, "requests");
	if (!list || !list->child)
		return NULL;
	if (list->child->kind == TREE_SCALAR)
		return list->child->text;
	return taurus_text(list->child, "url");
}

static bool run_ab(struct taurus *t, const struct taurus_execution *execution)
{
	struct words words = {{"ab"}, 1};
	const char *url = first_url(execution);
	double count = users_of(execution);
	if (!url)
		return error_set(t->err, "%s: ab needs a request", execution_place(t, execution));
	if (execution->iterations > 0)
		count *= execution->iterations;
	if (execution->hold_s > 0)
		put_word(&words, arena_printf(t->arena, "-t%.0f", ceil(execution->hold_s)));
	else
		put_word(&words, arena_printf(t->arena, "-n%.0f", count));
	put_word(&words, arena_printf(t->arena, "-c%.0f", users_of(execution)));
	if (taurus_is_true(execution->scenario, "keepalive", true))
		put_word(&words, "-k");
	put_word(&words, taurus_url(t, execution->scenario, url));
	return read_by_rule(t, &words);
}

static bool run_k6(struct taurus *t, const struct taurus_execution *execution)
{
	struct words words = {{"k6", "run"}, 2};
	if (!execution->script)
		return error_set(t->err, "%s: k6 needs a script", execution_place(t, execution));
	if (execution->concurrency > 0)
		put_word(&words, arena_printf(t->arena, "--vus=%.0f", execution->concurrency));
	if (execution->hold_s > 0)
		put_word(&words, arena_printf(t->arena, "--duration=%.0fs", floor(execution->hold_s)));
	else if (execution->iterations > 0)
		put_word(&words,
				arena_printf(t->arena,
						"--iterations=%.0f",
						execution->iterations * users_of(execution)));
	put_word(&words, execution->script);
	return read_by(t, &plan_reader_k6, &words);
}

/* A tool whose part in Taurus is not read, or several of different kinds. */
static bool ask_for_all(struct taurus *t, const char *why)
{
	static const char *const end = "how many connections are open at peak";
	plan_ask(t->plan,
			t->context,
			arena_printf(t->arena, "%s; %s", why, end),
			W_CONNECTIONS,
			WORKLOAD_FIELDS);
	plan_ask(t->plan,
			t->context,
			"how long does one last (\"unlimited\" if it stays), or how many are opened per "
			"second",
			W_LIFETIME,
			W_OPEN_RATE,
			WORKLOAD_FIELDS);
	return set_targets(t);
}

static bool run_other(struct taurus *t, const struct taurus_execution *execution)
{
	struct jmeter_group *group = new_group(t, execution);
	if (!taurus_scenario(t, execution, group))
		return false;
	plan_number(t->plan,
			W_USERS,
			users_of(execution),
			CONFIDENCE_EXACT,
			execution_place(t, execution));
	return ask_for_all(t,
			arena_printf(t->arena,
					"%s: headroom does not read what the executor %.40s does",
					execution_place(t, execution),
					text_clean(t->arena, execution->executor, strlen(execution->executor), 40)));
}

static const struct {
	const char *name;
	bool (*run)(struct taurus *t, const struct taurus_execution *execution);
} executors[] = {
		{"locust", run_locust},
		{"apiritif", run_apiritif},
		{"ab", run_ab},
		{"k6", run_k6},
};

static bool run_execution(struct taurus *t, const struct taurus_execution *execution)
{
	for (size_t i = 0; i < COUNT_OF(executors); i++)
		if (strcmp(executors[i].name, execution->executor) == 0)
			return executors[i].run(t, execution);
	return run_other(t, execution);
}

/* Their list, also where one alone is written as a mapping. */
static bool list_executions(struct taurus *t, struct taurus_execution *ret, size_t *ret_count)
{
	const struct tree_node *node = tree_child(t->config, "execution");
	const struct tree_node *item = NULL;
	*ret_count = 0;
	if (node && node->kind == TREE_MAPPING) {
		ret[0].node = node;
		ret[0].number = *ret_count = 1;
	} else if (node) {
		item = node->child;
	}
	for (; item; item = item->next) {
		if (item->kind != TREE_MAPPING)
			continue;
		if (*ret_count == TAURUS_EXECUTIONS_MAX)
			return error_set(t->err,
					"%s: more than %d executions",
					t->shown,
					TAURUS_EXECUTIONS_MAX);
		ret[*ret_count].node = item;
		ret[*ret_count].number = *ret_count + 1;
		++*ret_count;
	}
	return true;
}

bool taurus_executions(struct taurus *t)
{
	struct taurus_execution *all;
	all = arena_alloc(t->arena, TAURUS_EXECUTIONS_MAX * sizeof *all);
	size_t count;
	size_t of_jmeter = 0;
	if (!list_executions(t, all, &count))
		return false;
	if (!count)
		return error_set(t->err, "%s: no execution, so nothing is run", t->shown);
	for (size_t i = 0; i < count; i++) {
		if (!read_execution(t, &all[i]))
			return false;
		of_jmeter += strcmp(all[i].executor, "jmeter") == 0;
	}
	if (count > 1 && of_jmeter < count)
		return ask_for_all(t,
				arena_printf(t->arena,
						"%s: %zu executions with different tools run at the same time",
						t->shown,
						count));
	if (!of_jmeter)
		return run_execution(t, &all[0]);
	for (size_t i = 0; i < count; i++)
		if (!collect_jmeter(t, &all[i]))
			return false;
	return conclude_jmeter(t, count);
}
