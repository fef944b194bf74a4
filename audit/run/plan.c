/* Lets the plan readers see this machine, and puts what they say into a run. Knows no tool. */
#include "audit/run/plan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/helper/helper.h"
#include "audit/run/described.h"
#include "audit/vantage/new_network.h"
#include "base/array.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/os/file.h"
#include "probes/host/facts/given.h"
#include "probes/plan/command/find.h"
#include "probes/plan/command/run.h"
#include "probes/plan/command/wrappers.h"

enum {
	RUN_SECONDS_MAX = 10,
	RUN_SLOW_SECONDS = 2,
	LAST_WORDS_MAX = 600,
	PODMAN_PIDS = 2048
};

static bool plan_is_there(const struct plan_context *context, const char *path)
{
	(void)context;
	return access(path, R_OK) == 0;
}

static bool plan_read_fd(struct arena *arena,
		int fd,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	__attribute__((cleanup(text_release))) struct text text = {0};
	bool good = file_read_all(fd, PLAN_FILE_MAX, &text);
	if (!good && errno == EFBIG)
		return error_set(err, "%s is larger than %d MiB", path, PLAN_FILE_MAX >> 20);
	if (!good)
		return error_set(err, "cannot read %s: %s", path, strerror(errno));
	*ret_length = text.length;
	*ret_bytes = text_take(arena, &text);
	return true;
}

/* Regular files only: the tool will read a pipe or a terminal itself, and once. */
bool plan_bytes(struct arena *arena,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	struct stat status;
	__attribute__((cleanup(file_close_fd))) int fd = open(path,
			O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &status) < 0)
		return error_set(err, "cannot read %s: %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return error_set(err,
				"%s is not a regular file, so headroom cannot know in advance what the tool will "
				"read from it",
				path);
	return plan_read_fd(arena, fd, path, ret_bytes, ret_length, err);
}

static bool plan_read_file(const struct plan_context *context,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	return plan_bytes(context->arena, path, ret_bytes, ret_length, err);
}

static bool plan_list(const struct plan_context *context,
		const char *path,
		struct name_list *ret_names)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	if (count < 0 && errno == ENOMEM)
		memory_exhausted();
	*ret_names = (struct name_list){0};
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			name_list_append(context->arena, ret_names, arena_strdup(context->arena, name));
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return count >= 0;
}

static const char *environment(const struct plan_context *context, const char *name)
{
	(void)context;
	return getenv(name);
}

/* The end of what it said, which is what it died of. */
static const char *last_words(struct arena *arena, const struct run_result *result)
{
	const struct text *from = &result->output;
	if (result->errors.length)
		from = &result->errors;
	size_t skipped = 0;
	if (from->length > LAST_WORDS_MAX)
		skipped = from->length - LAST_WORDS_MAX;
	size_t length = from->length - skipped;
	while (length && strchr(" \n", from->data[skipped + length - 1]))
		length--;
	if (!length)
		return "";
	return text_clean(arena, from->data + skipped, length, 0);
}

static bool run_ended(struct arena *arena,
		const char *program,
		const struct run_result *result,
		struct error *err)
{
	switch (result->end) {
	case RUN_TIMED_OUT:
		return error_set(err, "%s took more than %d s", program, RUN_SECONDS_MAX);
	case RUN_TOO_LONG:
		return error_set(err, "%s printed more than %d MiB", program, PLAN_FILE_MAX >> 20);
	case RUN_SIGNALLED:
		return error_set(err, "%s was killed by signal %d", program, result->status);
	case RUN_NOT_STARTED:
		return error_set(err, "cannot start %s: %s", program, strerror(result->status));
	case RUN_EXITED:
		break;
	}
	if (!result->status)
		return true;
	const char *said = last_words(arena, result), *colon = "";
	if (*said)
		colon = ": ";
	return error_set(err, "%s failed (exit %d)%s%s", program, result->status, colon, said);
}

/* Whoever waits is told what for. */
static void say_slow(const struct run_request *request)
{
	(void)fprintf(stderr,
			"headroom: %s %s has not answered after %d s; headroom stops it after %d s (to skip "
			"it: --no-inspect)\n",
			request->arguments[0],
			request->arguments[1],
			RUN_SLOW_SECONDS,
			RUN_SECONDS_MAX);
}

static bool run_tool(const struct plan_context *context,
		const char *const *argv,
		const char *const *variables,
		const char *cwd,
		bool both,
		const char **ret_output,
		bool *ret_found,
		struct error *err)
{
	struct run_result result = {0};
	const bool *any = context->host;
	const char *path = argv[0];
	*ret_found = false;
	if (context->no_run)
		return true;
	if (!*any)
		path = find_program(context->arena, argv[0], context->refused);
	if (!path)
		return true;
	const struct run_request request = {.program = path,
			.arguments = argv,
			.environment = variables,
			.cwd = cwd,
			.with_errors = both,
			.seconds_max = RUN_SECONDS_MAX,
			.slow = say_slow,
			.slow_s = RUN_SLOW_SECONDS,
			.bytes_max = PLAN_FILE_MAX};
	run_program(&request, &result);
	bool missing = result.end == RUN_NOT_STARTED && result.status == ENOENT;
	*ret_found = !missing;
	bool good = missing || run_ended(context->arena, argv[0], &result, err);
	*ret_output = text_take(context->arena, &result.output);
	text_release(&result.errors);
	return good;
}

static bool tree(const struct plan_context *context,
		const char *format,
		const char *bytes,
		size_t length,
		const char *shown,
		const char **ret_json,
		size_t *ret_length,
		struct error *err)
{
	return helper_tree(context->arena, format, bytes, length, shown, ret_json, ret_length, err);
}

static const char *current_directory(struct arena *arena)
{
	char path[PATH_MAX];
	return getcwd(path, sizeof path) ? arena_strdup(arena, path) : NULL;
}

/* `given` are numbers that the readers need not ask for; *ret_any is kept for run_tool(). */
static struct plan_context context_of(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *given,
		bool *ret_any)
{
	const struct options *options = run->options;
	*ret_any = options->inspect;
	/* A new machine has no files yet: the plan's, and the tool, are here. */
	return (struct plan_context){.arena = run->arena,
			.host = ret_any,
			.rules = rules,
			.given = given,
			.processors = facts_number(facts, "host.cpus"),
			.nofile_soft = facts_number(facts, "limits.nofile.soft"),
			.nofile_hard = facts_number(facts, "limits.nofile.hard"),
			.cwd = current_directory(run->arena),
			.elsewhere = (options->facts_path && !options->image) || options->fix.root,
			.no_run = options->no_inspect,
			.read_file = plan_read_file,
			.file_exists = plan_is_there,
			.list = plan_list,
			.environment = environment,
			.run = run_tool,
			.tree = tree};
}

/* Reads the command. */
static bool read_command(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *given,
		struct plan *ret_plan,
		struct error *err)
{
	const struct options *options = run->options;
	const char *refused = NULL;
	bool any;
	struct plan_context context = context_of(run, rules, facts, given, &any);
	context.refused = &refused;
	bool good = plan_read(&context, options->child.items, options->child.count, ret_plan, err);
	if (good && refused)
		plan_find(ret_plan,
				"plan-not-asked",
				"note",
				NULL,
				arena_printf(run->arena,
						"The tool was not asked for its plan: %s. Add --inspect to ask it.",
						refused));
	return good;
}

void plan_results(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		struct result_sources *ret_sources)
{
	const struct options *options = run->options;
	const struct workload none = {0};
	struct plan_command command = {0};
	struct error ignored;
	bool any;
	struct plan_context context = context_of(run, rules, facts, &none, &any);
	context.no_run = true;
	*ret_sources = (struct result_sources){0};
	if (wrappers_take_off(&context, options->child.items, options->child.count, &command, &ignored))
		result_sources_of(&context, &command, ret_sources);
}

/* The plan that the command and the flags make without any description; NULL with err. */
static const struct workload *derive_alone(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		struct plan *plan,
		bool *ret_read,
		struct error *err)
{
	const struct workload *flags = &run->options->workload;
	*ret_read = read_command(run, rules, facts, flags, plan, err);
	if (!*ret_read)
		return NULL;
	struct workload *alone = arena_alloc(run->arena, sizeof *alone);
	*alone = plan->workload;
	workload_merge(alone, flags);
	if (!plan_check_answers(plan, alone, err))
		return NULL;
	return alone;
}

/* The command alone is no plan: with what is described it may be one. */
static bool derive_with(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *described,
		struct plan *plan,
		struct error *err)
{
	struct workload given = *described;
	workload_merge(&given, &run->options->workload);
	if (!read_command(run, rules, facts, &given, plan, err))
		return false;
	described_fill(&plan->workload, described);
	workload_merge(&plan->workload, &run->options->workload);
	return plan_check_answers(plan, &plan->workload, err);
}

/* The loads beside the plan's own take the same flags. */
static bool derive_others(const struct run *run,
		const struct workload *described,
		const struct plan *plan,
		struct error *err)
{
	for (size_t i = 0; i < plan->other_count; i++) {
		struct plan *other = &plan->others[i];
		if (described)
			described_fill(&other->workload, described);
		workload_merge(&other->workload, &run->options->workload);
		if (!plan_check_answers(other, &other->workload, err))
			return false;
	}
	return true;
}

struct loads plan_loads(struct arena *arena, const struct plan *plan)
{
	const size_t count = plan->other_count + 1;
	struct workload *items = arena_alloc(arena, count * sizeof *items);
	for (size_t i = 0; i < plan->other_count; i++)
		items[i] = plan->others[i].workload;
	items[plan->other_count] = plan->workload;
	return (struct loads){.items = items, .count = count};
}

bool plan_derive(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *described,
		struct plan *ret_plan,
		const struct workload **ret_alone,
		struct error *err)
{
	bool read;
	const struct workload *alone = derive_alone(run, rules, facts, ret_plan, &read, err);
	*ret_alone = NULL;
	if (!alone && !described)
		return false;
	if (!alone) {
		struct workload open = *described;
		if (read)
			open = described_part(&ret_plan->workload, described);
		return derive_with(run, rules, facts, &open, ret_plan, err) &&
				derive_others(run, &open, ret_plan, err);
	}
	if (described) {
		*ret_alone = alone;
		described_fill(&ret_plan->workload, described);
	}
	workload_merge(&ret_plan->workload, &run->options->workload);
	return derive_others(run, described, ret_plan, err);
}

static bool plan_put(const struct plan *plan,
		struct facts *facts,
		const char *key,
		const char *value,
		const char *where,
		struct error *err)
{
	struct error why = {0};
	if (given_put(facts, key, NULL, value, where, &why))
		return true;
	return error_set(err, "%s --sysctl %.100s: %s", plan->vantage.engine, key, why.text);
}

/* A container's first process inherits no file of this one. */
static void put_no_files(struct facts *facts)
{
	static const char *const keys[] = {
			"process.fds_open",
			"process.fds_below_soft",
			"process.fds_below_hard",
	};
	static const char where[] = "a new container";
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		facts_put_number(facts, keys[i], NULL, 0, UNIT_COUNT, where)->origin = ORIGIN_CONSTANT;
}

/* A container is in a control group of its own. Podman sets a limit where nobody does
 * (containers.conf(5), pids_limit), Docker sets none. */
static void put_new_group(const struct plan_vantage *v, struct facts *facts)
{
	static const char *const others[] = {"cgroup.pids.next.max", "cgroup.pids.next.current"};
	static const char max[] = "cgroup.pids.max", current[] = "cgroup.pids.current";
	const char *where = "--pids-limit";
	const struct fact *fact = facts_get(facts, max, "");
	double pids = v->pids;
	if (fact && fact->origin == ORIGIN_GIVEN)
		return; /* by --set */
	if (isnan(pids) && !strcmp(v->engine, "podman")) {
		where = "podman's default for pids_limit";
		pids = PODMAN_PIDS;
	}
	if (isnan(pids))
		facts_put_missing(facts, max, "", FACT_ABSENT, UNIT_COUNT, where, "not given: no limit");
	else
		facts_put_number(facts, max, "", pids, UNIT_COUNT, where);
	facts_put_number(facts, current, "", 0, UNIT_COUNT, "a new container");
	facts_put_text(facts, "cgroup.pids.group", "", "/", "a new container");
	facts_put_text(facts, "host.container", "", v->engine, "the command");
	for (size_t i = 0; i < COUNT_OF(others); i++)
		facts_put_missing(facts, others[i], "", FACT_ABSENT, UNIT_COUNT, NULL, "a new container");
}

/* A new container has used none of its memory. */
static void put_new_memory(double bytes, struct facts *facts)
{
	static const char *const used[] = {"cgroup.memory.current", "cgroup.memory.file"};
	static const char where[] = "a new container";
	(void)facts_put_number(facts, "cgroup.memory.max", "", bytes, UNIT_BYTES, "--memory");
	for (size_t i = 0; i < COUNT_OF(used); i++) {
		const struct fact *fact = facts_get(facts, used[i], "");
		if (fact && fact->origin == ORIGIN_GIVEN)
			continue;
		facts_put_number(facts, used[i], "", 0, UNIT_BYTES, where)->origin = ORIGIN_CONSTANT;
	}
}

bool plan_vantage_facts(const struct plan *plan, struct facts *facts, struct error *err)
{
	const struct plan_vantage *v = &plan->vantage;
	bool own_namespace = v->container && strcmp(v->network, "host") != 0;
	if (own_namespace && !new_network_put(facts, err))
		return false;
	if (v->container) {
		put_no_files(facts);
		put_new_group(v, facts);
	}
	for (size_t i = 0; i < v->sysctls.count; i++) {
		const char *item = v->sysctls.items[i], *value = strchr(item, '=');
		const char *key = arena_copy(plan->arena, item, (size_t)(value - item));
		if (facts_get(facts, key, "") && /* others decide no limit */
				!plan_put(plan,
						facts,
						key,
						value + 1,
						arena_printf(plan->arena, "%s --sysctl", v->engine),
						err))
			return false;
	}
	if (!isnan(v->memory_bytes))
		put_new_memory(v->memory_bytes, facts);
	facts_sort(facts);
	return true;
}

void plan_findings(struct arena *arena,
		const struct finding *findings,
		size_t count,
		struct result *result)
{
	if (!count)
		return;
	struct finding *all = arena_alloc(arena, (result->finding_count + count) * sizeof *all);
	memcpy(all, findings, count * sizeof *all);
	if (result->finding_count)
		memcpy(all + count, result->findings, result->finding_count * sizeof *all);
	result->findings = all;
	result->finding_count += count;
}
