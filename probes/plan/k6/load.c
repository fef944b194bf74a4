/* How many VUs a test has over time: what the options say once they are merged. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/k6/k6.h"

/* "5s:10,1m:200" as options have it. */
static void add_stages(struct k6 *k6, struct tree_node *object, const char *text)
{
	struct arena *arena = k6->arena;
	struct tree_node *list = tree_add(arena, object, TREE_SEQUENCE, "stages", "", 1);
	while (*text) {
		size_t length = strcspn(text, ","), colon = strcspn(text, ":,");
		struct tree_node *stage = tree_add(arena, list, TREE_MAPPING, "", "", 1);
		const char *duration = arena_copy(arena, text, colon);
		if (colon) {
			(void)tree_add(arena, stage, TREE_SCALAR, "duration", duration, 1);
		}
		if (colon < length) {
			size_t target_length = length - colon - 1;
			const char *target = arena_copy(arena, text + colon + 1, target_length);
			(void)tree_add(arena, stage, TREE_SCALAR, "target", target, 1);
		}
		text += length + (text[length] == ',');
	}
}

/* What the flags or the variables say of the load; NULL: nothing. */
static const struct tree_node *of_command(struct k6 *k6, bool flags)
{
	struct tree_node *object = NULL;
	for (size_t i = 0; i < K6_ROWS_OF_LOAD; i++) {
		const struct k6_row *row = &k6_rows[i];
		const char *text = k6_joined(k6, row->option);
		if (!flags) {
			text = plan_environment(k6->context, k6->command, row->variable);
		}
		if (!text || !*text) {
			continue;
		}
		if (!object) {
			object = tree_add(k6->arena, NULL, TREE_MAPPING, "", "", 1);
		}
		if (row->option == K6_O_STAGE) {
			add_stages(k6, object, text);
		} else {
			(void)tree_add(k6->arena, object, TREE_SCALAR, row->member, text, 1);
		}
	}
	return object;
}

/* Counts of the command are checked here, where the flag can be named. */
static bool check_counts(struct k6 *k6)
{
	static const size_t counts[] = {K6_O_VUS, K6_O_ITERATIONS};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		const char *from, *text = k6_setting(k6, counts[i], &from);
		struct error why = {0};
		double number;
		if (text && *text && !quantity_read(text, &quantity_count, &number, &why)) {
			return error_set(k6->err, "k6: %s: %s", from, why.text);
		}
	}
	return true;
}

/* Where the load comes from, for origins: what decides, and where vus stands if that is elsewhere.
 */
static const char *k6_origin(struct k6 *k6, const struct tree_node *command)
{
	const char *from = "k6's default", *vus = NULL;
	if (!command && k6->options) {
		return k6->load.from;
	}
	for (size_t i = 0; i < K6_ROWS_OF_LOAD; i++) {
		const char *here;
		const char *text = k6_setting(k6, k6_rows[i].option, &here);
		bool own = tree_child(command, k6_rows[i].member);
		if (text && own) {
			from = here;
		}
		if (text && !own && k6_rows[i].option == K6_O_VUS) {
			vus = here;
		}
	}
	if (vus) {
		return arena_printf(k6->arena, "%s, %s", from, vus);
	}
	return from;
}

/* --- what is not known
 * ---------------------------------------------------------------------------- */

/* Why k6 has not said it, and what to do. */
static const char *way_out(struct k6 *k6)
{
	static const char saved[] =
			"save the output of `k6 inspect --execution-requirements` to a file and set "
			"HEADROOM_K6_INSPECT to it";
	if (k6->context->elsewhere) {
		return arena_printf(k6->arena,
				"headroom does not run k6 inspect for another host: %s",
				saved);
	}
	if (k6->context->no_run) {
		return arena_printf(k6->arena,
				"--no-inspect prevents headroom from running k6 inspect: %s",
				saved);
	}
	if (k6->command->vantage.container) {
		return arena_printf(k6->arena, "headroom does not run the k6 of a container: %s", saved);
	}
	if (k6->context->refused && *k6->context->refused) {
		return arena_printf(k6->arena,
				"headroom did not run k6 inspect: %s (--inspect runs it; or %s)",
				*k6->context->refused,
				saved);
	}
	return arena_printf(k6->arena, "k6 is not installed here: install it, or %s", saved);
}

static const char *k6_name_of(struct k6 *k6, const struct k6_unread *unread)
{
	const char *dot = ".", *because = "";
	if (!*unread->name) {
		dot = "";
	}
	if (unread->missing) {
		because = arena_printf(k6->arena,
				" from __ENV.%s (set it with -e %s=VALUE)",
				unread->missing,
				unread->missing);
	}
	return arena_printf(k6->arena,
			"the script sets options%s%s (%s:%u) while it runs%s",
			dot,
			unread->name,
			k6->document.path,
			unread->line,
			because);
}

static bool k6_says(const struct tree_node *command, const char *name)
{
	return command && tree_child(command, name);
}

static bool k6_replaced(const struct tree_node *command)
{
	return k6_says(command, "duration") || k6_says(command, "iterations") ||
			k6_says(command, "stages");
}

/* Does the number of VUs hang on what is not read? */
static bool decides(const struct k6_unread *unread,
		const struct tree_node *command,
		const struct tree_node *merged)
{
	const char *name = unread->name;
	bool timing = strcmp(name, "duration") == 0 || strcmp(name, "iterations") == 0;
	if (!*name) {
		return !(k6_replaced(command) && k6_says(command, "vus"));
	}
	if (timing || !k6_option_is_load(name)) {
		return false;
	}
	if (strcmp(name, "vus") == 0) {
		return !k6_says(command, "vus") && !k6_says(merged, "scenarios");
	}
	return !k6_replaced(command);
}

static bool ask_what_decides(struct k6 *k6,
		const struct tree_node *command,
		const struct tree_node *merged)
{
	for (size_t i = 0; i < k6->unread.count; i++) {
		const struct k6_unread *unread = &k6->unread.items[i];
		if (!decides(unread, command, merged)) {
			continue;
		}
		const char *why =
				arena_printf(k6->arena, "%s, and %s", k6_name_of(k6, unread), way_out(k6));
		plan_ask(k6->plan, k6->context, why, W_CONNECTIONS, WORKLOAD_FIELDS);
		return true;
	}
	return false;
}

/* The user has said how many connections there are: that a script of unknown options might not keep
 * them is only a warning then. */
static void warn_of_reuse(struct k6 *k6, const struct k6_unread *unread)
{
	const char *set = k6_name_of(k6, unread);
	plan_find(k6->plan,
			"plan-k6-options",
			"warning",
			arena_printf(k6->arena, "%s:%u", k6->document.path, unread->line),
			arena_printf(k6->arena,
					"Here %s. If that includes noConnectionReuse, every request opens a "
					"connection: give their rate with --open-rate.",
					set));
}

/* Is it an option by which connections are not kept, and that no flag sets? */
static bool loses_connections(const struct k6 *k6, const char *name)
{
	const char *from;
	if (strcmp(name, "noConnectionReuse") == 0) {
		return !k6_setting(k6, K6_O_NO_REUSE, &from);
	}
	if (strcmp(name, "noVUConnectionReuse") == 0) {
		return !k6_setting(k6, K6_O_NO_VU_REUSE, &from);
	}
	return !*name;
}

/* An option that says how connections are kept, and is not known. */
static void ask_what_keeps(struct k6 *k6)
{
	bool said = !isnan(plan_given(k6->context, W_CONNECTIONS));
	for (size_t i = 0; i < k6->unread.count; i++) {
		const struct k6_unread *unread = &k6->unread.items[i];
		const char *set = k6_name_of(k6, unread);
		if (strncmp(unread->name, "batch", 5) == 0) {
			plan_ask(k6->plan, k6->context, set, W_CONNECTIONS, WORKLOAD_FIELDS);
		}
		if (!loses_connections(k6, unread->name)) {
			continue;
		}
		if (said && !*unread->name) {
			warn_of_reuse(k6, unread);
			continue;
		}
		k6->rate_asked = true;
		set = arena_printf(k6->arena, "%s; give 0 if every VU keeps its connections", set);
		plan_ask(k6->plan, k6->context, set, W_OPEN_RATE, W_REQUESTS, W_LIFETIME, WORKLOAD_FIELDS);
	}
}

/* A duration that is not known: there is one, so the VUs are those of a constant load. */
static const struct tree_node *with_timing(struct k6 *k6, const struct tree_node *merged)
{
	for (size_t i = 0; i < k6->unread.count; i++) {
		const struct k6_unread *unread = &k6->unread.items[i];
		bool timing = strcmp(unread->name, "duration") == 0 ||
				strcmp(unread->name, "iterations") == 0;
		if (!timing || k6_replaced(merged) || k6_says(merged, "scenarios")) {
			continue;
		}
		struct tree_node *object = tree_add(k6->arena, NULL, TREE_MAPPING, "", "", 1);
		(void)tree_add(k6->arena, object, TREE_SCALAR, "iterations", "1", unread->line);
		k6->timed = strcmp(unread->name, "duration") != 0;
		return k6_options_apply(k6->arena, merged, object);
	}
	return merged;
}

/* --- the load
 * ------------------------------------------------------------------------------------- */

/* What k6 itself has computed from the same options. */
static bool read_totals(struct k6 *k6)
{
	const struct document *document = &k6->document;
	const struct quantity_syntax *time = &quantity_k6_duration;
	double most = NAN;
	double total = NAN;
	if (!document_number(document, k6->options, "maxVUs", &quantity_count, &most, k6->err)) {
		return false;
	}
	if (!document_number(document, k6->options, "totalDuration", time, &total, k6->err)) {
		return false;
	}
	if (most > k6->load.vus_max) {
		k6->load.vus_max = most;
	}
	if (!isnan(total)) {
		k6->load.duration_s = total;
	}
	return true;
}

static bool read_merged(struct k6 *k6, const struct tree_node *command)
{
	const struct tree_node *merged = k6->options;
	struct document *document = &k6->document;
	if (!k6->asked) {
		merged = k6_options_apply(k6->arena, merged, command);
	}
	if (!merged) {
		merged = tree_add(k6->arena, NULL, TREE_MAPPING, "", "", 1);
	}
	if (!document->arena) {
		*document = (struct document){.arena = k6->arena, .path = "command line", .root = merged};
	}
	if (ask_what_decides(k6, command, merged)) {
		return true;
	}
	merged = with_timing(k6, merged);
	k6->has_load = true;
	if (!k6_load_read(document, merged, &k6->load, k6->err)) {
		return false;
	}
	bool in_text = k6->script.read && !k6->asked && k6->options && !k6->saved;
	k6->by_text = in_text && !(k6_replaced(command) && k6_says(command, "vus"));
	if (k6->asked) {
		command = NULL;
	}
	k6->load_from = k6_origin(k6, command);
	bool answered = k6->options && !k6_replaced(command);
	return !answered || read_totals(k6);
}

static void merge_root(struct k6_root *all, const struct k6_root *root, struct arena *arena)
{
	const char **places[] = {&all->http_at,
			&all->batch_at,
			&all->async_at,
			&all->websocket_at,
			&all->websocket_once_at,
			&all->sockets_at,
			&all->grpc_at,
			&all->grpc_once_at,
			&all->browser_at,
			&all->foreign_at,
			&all->foreign,
			&all->close_header_at,
			&all->hosts.unknown_at,
			&all->hosts.missing};
	const char *const more[] = {root->http_at,
			root->batch_at,
			root->async_at,
			root->websocket_at,
			root->websocket_once_at,
			root->sockets_at,
			root->grpc_at,
			root->grpc_once_at,
			root->browser_at,
			root->foreign_at,
			root->foreign,
			root->close_header_at,
			root->hosts.unknown_at,
			root->hosts.missing};
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		if (!*places[i]) {
			*places[i] = more[i];
		}
	}
	all->grpc_closes |= root->grpc_closes;
	all->timed |= root->timed;
	all->parallel = fmax(all->parallel, root->parallel);
	for (size_t i = 0; i < root->hosts.by_vu.count; i++) {
		name_list_add_once(arena, &all->hosts.by_vu, root->hosts.by_vu.items[i]);
	}
	all->hosts.tls |= root->hosts.tls;
	all->hosts.plain |= root->hosts.plain;
	for (size_t i = 0; i < root->hosts.targets.count; i++) {
		name_list_add_once(arena, &all->hosts.targets, root->hosts.targets.items[i]);
	}
	for (size_t i = 0; i < root->hosts.encrypted.count; i++) {
		name_list_add_once(arena, &all->hosts.encrypted, root->hosts.encrypted.items[i]);
	}
}

/* What each scenario runs. */
static void find_roots(struct k6 *k6)
{
	size_t count = k6->load.scenario_count;
	if (!k6->script.read) {
		return;
	}
	if (!k6->has_load) { /* the hosts are asked for as well as the VUs */
		merge_root(&k6->all, k6_script_root(&k6->script, "default"), k6->arena);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *exec = k6->load.scenarios[i].exec;
		const struct k6_root *root = k6_script_root(&k6->script, exec);
		k6->roots[i] = root;
		merge_root(&k6->all, root, k6->arena);
	}
}

static void count_browsers(struct k6 *k6)
{
	for (size_t i = 0; i < k6->load.scenario_count; i++) {
		const struct k6_scenario *scenario = &k6->load.scenarios[i];
		if (scenario->browser || (k6->roots[i] && k6->roots[i]->browser_at)) {
			k6->browsers += scenario->vus_max;
		}
	}
}

bool k6_read_load(struct k6 *k6)
{
	const struct tree_node *variables = of_command(k6, false);
	const struct tree_node *command = of_command(k6, true);
	command = k6_options_apply(k6->arena, variables, command);
	k6->timed = true;
	if (!check_counts(k6) || !read_merged(k6, command)) {
		return false;
	}
	find_roots(k6);
	count_browsers(k6);
	ask_what_keeps(k6);
	return true;
}

double k6_part_of_test(const struct k6 *k6, const char **ret_from)
{
	const char *text = k6_setting(k6, K6_O_SEGMENT, ret_from);
	double ends[2] = {0, 1};
	for (size_t i = 0; text && *text && i < 2; i++) {
		char *end;
		ends[i] = strtod(text, &end);
		if (*end == '/') {
			ends[i] /= strtod(end + 1, &end);
		}
		if (*end == '%') {
			ends[i] /= 100;
			end++;
		}
		if (i == 0 && *end != ':') { /* "1/4" alone: up to there */
			ends[1] = ends[0];
			ends[0] = 0;
			break;
		}
		text = end + (*end == ':');
	}
	double part = ends[1] - ends[0];
	if (part > 0 && part <= 1) {
		return part;
	}
	return 1;
}
