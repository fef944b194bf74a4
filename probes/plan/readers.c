/* From argv to a plan: the table of tools, and what all readers have in common before and after. */
#include "probes/plan/readers.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/suggest.h"
#include "base/text.h"
#include "probes/plan/command/mask.h"
#include "probes/plan/command/wrappers.h"
#include "probes/plan/data/data.h"
#include "probes/plan/runs.h"
#include "probes/plan/tool/tools.h"

/* One row per tool. */
const struct plan_reader *const plan_readers[] = {
		&plan_reader_tsung,
		&plan_reader_k6,
		&plan_reader_haproxy,
		&plan_reader_nginx,
		&plan_reader_jmeter,
		&plan_reader_artillery,
		&plan_reader_gatling,
		&plan_reader_locust,
		&plan_reader_taurus,
		&plan_reader_inference_perf,
		NULL,
};

static bool readers_has_name(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

const char *plan_program_of_image(const struct plan_context *context, const char *image)
{
	for (size_t i = 0; plan_readers[i]; i++)
		for (const char *const *name = plan_readers[i]->images; name && *name; name++)
			if (data_is_image(image, *name))
				return plan_readers[i]->programs[0];
	return data_program_of_image(context, image);
}

const struct plan_reader *plan_reader_of(const struct plan_command *command)
{
	const char *slash = strrchr(command->words[0], '/'),
			   *name = slash ? slash + 1 : command->words[0];
	for (size_t i = 0; plan_readers[i]; i++)
		if (readers_has_name(plan_readers[i]->programs, name) ||
				(plan_readers[i]->matches && plan_readers[i]->matches(command)))
			return plan_readers[i];
	return NULL;
}

/* What is known of a command's program; all NULL: nothing. */
struct found {
	const struct tool_rule *tool; /* by a rule, called by so many words */
	size_t words;
	const struct tool_rule *near; /* by a rule, called in another way */
	const struct plan_reader *reader;
};

static struct found find_tool(const struct plan_context *context,
		const struct plan_command *command)
{
	struct found found = {0};
	found.tool = data_tool_of(context, command, &found.words, &found.near);
	if (!found.tool)
		found.reader = plan_reader_of(command);
	return found;
}

static bool rule_has_program(const struct tool_rule *tool, const char *program)
{
	const struct rule_text_list *programs = &tool->reading.programs;
	for (size_t i = 0; i < programs->count; i++)
		if (!strcmp(programs->items[i], program))
			return true;
	return false;
}

bool plan_names_tool(const struct rules *rules, const char *program)
{
	for (size_t i = 0; plan_readers[i]; i++)
		if (readers_has_name(plan_readers[i]->programs, program))
			return true;
	for (size_t i = 0; i < rules->tool_count; i++)
		if (rule_has_program(&rules->tools[i], program))
			return true;
	return false;
}

bool plan_knows(const struct plan_context *context, const struct plan_command *command)
{
	const struct found found = find_tool(context, command);
	return found.tool || found.reader || found.near;
}

bool plan_makes_load(const struct plan_context *context, const struct plan_command *command)
{
	const struct found found = find_tool(context, command);
	if (found.tool)
		return true;
	return found.reader && (!found.reader->loads || found.reader->loads(command));
}

bool plan_serves(const struct plan_context *context, const struct plan_command *command)
{
	const struct found found = find_tool(context, command);
	const char *role = NULL;
	if (found.tool)
		role = found.tool->reading.role;
	else if (found.reader)
		role = found.reader->role;
	return role && strcmp(role, "client") != 0;
}

enum {
	PROGRAMS_MAX = 256
};

/* The programs of all tools, for a suggestion. */
static void list_programs(const struct plan_context *context,
		const char *ret_programs[PROGRAMS_MAX])
{
	const struct rules *rules = data_rules(context);
	size_t count = 0;
	for (size_t i = 0; plan_readers[i]; i++) {
		for (const char *const *p = plan_readers[i]->programs; *p && count + 1 < PROGRAMS_MAX; p++)
			ret_programs[count++] = *p;
	}
	for (size_t i = 0; i < rules->tool_count; i++) {
		const struct rule_text_list *programs = &rules->tools[i].reading.programs;
		for (size_t k = 0; k < programs->count && count + 1 < PROGRAMS_MAX; k++)
			ret_programs[count++] = programs->items[k];
	}
}

static bool unknown_tool(const struct plan_context *context, const char *word, struct error *err)
{
	struct arena *arena = context->arena;
	size_t variable = strspn(word,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
	if (variable && word[variable] == '=')
		return error_set(err,
				"%s is not a program; to set a variable for the command, use env: -- env "
				"%.*s=… COMMAND",
				text_clean(arena, word, variable, 60),
				(int)(variable < 40 ? variable : 40),
				word);
	if (strchr(word, ' '))
		return error_set(err,
				"\"%s\" is one word: write the command without quotes around it, or sh -c \"…\"",
				text_clean(arena, word, strlen(word), 80));
	const char *names[PROGRAMS_MAX] = {NULL};
	const char *slash = strrchr(word, '/'), *name = slash ? slash + 1 : word;
	list_programs(context, names);
	char question[SUGGEST_MAX];
	const char *hint = suggest_question(question, name, names);
	if (!*hint)
		hint = ".";
	return error_set(err,
			"%s is not a load test tool that headroom knows%s It reads k6, wrk, ab, "
			"JMeter, Locust and others (plans.md in headroom's documentation lists them "
			"all). For any other tool, describe the load with flags instead of \"--\" "
			"(headroom help workload)",
			text_clean(arena, name, strlen(name), 60),
			hint);
}

/* A limit that a wrapper sets is what the tool gets: the hard one where the tool raises its own
 * soft limit. */
static void apply_nofile(struct plan *plan)
{
	const struct workload_value *chosen = &plan->workload.values[W_NOFILE];
	const struct plan_vantage *vantage = &plan->vantage;
	if (chosen->set && !chosen->text)
		return;
	const char *which = vantage->nofile_raised ? "hard"
			: chosen->set                      ? chosen->text
						  : workload_nofile_of(plan->workload.values[W_RUNTIME].text);
	double limit = !strcmp(which, "hard") ? vantage->nofile_hard : vantage->nofile_soft;
	if (!isnan(limit))
		plan_number(plan, W_NOFILE, limit, CONFIDENCE_EXACT, vantage->nofile_from);
	else if (vantage->nofile_raised)
		plan_choice(plan, W_NOFILE, "hard", CONFIDENCE_EXACT, vantage->nofile_from);
}

/* The plan is as good as the worst of the numbers that decide it; where each request ends its
 * connection, the rate of the requests and who closes do, too. */
static enum confidence overall(const struct plan *plan)
{
	static const enum workload_field deciding[] = {W_CONNECTIONS,
			W_OPEN_RATE,
			W_RAMP_RATE,
			W_LIFETIME,
			W_STAGES,
			W_UP_CONNECTIONS,
			W_UP_OPEN_RATE,
			W_CLOSER,
			W_REQUESTS}; /* the last two: of connections that close all the time */
	bool churns = plan->workload.values[W_REQUESTS_PER_CONNECTION].set;
	size_t count = COUNT_OF(deciding) - (churns ? 0 : 2);
	enum confidence worst = plan->question_count ? CONFIDENCE_NEEDS_INPUT : CONFIDENCE_EXACT;
	for (size_t i = 0; i < count; i++) {
		const struct workload_value *value = &plan->workload.values[deciding[i]];
		if (value->set && value->confidence > worst)
			worst = value->confidence;
	}
	return worst;
}

/* Why a container's open files are asked for. */
static const char *nofile_unknown(const struct plan_vantage *v)
{
	if (!strcmp(v->engine, "kubernetes"))
		return "the node's container runtime decides how many files a pod may open, and "
			   "headroom cannot see it from here";
	if (!strcmp(v->engine, "docker compose"))
		return "without \"ulimits: nofile\" in the compose file, the container inherits its "
			   "daemon's limit, which headroom cannot see from here";
	return "without --ulimit nofile=SOFT:HARD, the container inherits its daemon's limit, which "
		   "headroom cannot see from here";
}

/* A container: what it hides, and whose addresses its connections get. */
/* The network and the limits that the container has in place of this host's. */
static void apply_container_network(struct plan *plan)
{
	const struct plan_vantage *v = &plan->vantage;
	bool own = strcmp(v->network, "host") != 0, pod = !strcmp(v->engine, "kubernetes");
	if (own && !plan->workload.values[W_NAT].set)
		plan_choice(plan,
				W_NAT,
				v->published.count && strcmp(plan->workload.values[W_ROLE].text, "client")
						? "publish"
						: "masquerade",
				CONFIDENCE_ESTIMATE,
				arena_printf(plan->arena, "%s run, network %s", v->engine, v->network));
	if (pod)
		plan_find(plan,
				"plan-container",
				"warning",
				v->image,
				"The tool runs in a pod on a node of the cluster, so the limits of that "
				"node count, not those of this host. Give them with --facts, or run "
				"headroom on the node.");
	else if (own)
		plan_find(plan,
				"plan-container",
				"note",
				v->image,
				"The tool runs in a container: its network namespace starts with the kernel's "
				"defaults (and what --sysctl "
				"says), not with this host's settings.");
}

static void apply_container(const struct plan_context *context, struct plan *plan)
{
	const struct plan_vantage *v = &plan->vantage;
	struct workload_value *nofile = &plan->workload.values[W_NOFILE];
	apply_container_network(plan);
	if (v->copies > 1)
		plan_find(plan,
				"plan-copies",
				"warning",
				v->image,
				arena_printf(plan->arena,
						"%.0f containers of this kind are started, and the plan "
						"describes one of them. Containers on the same host share its "
						"memory, its open files and its tracked connections.",
						v->copies));
	if (v->image_by_name)
		plan_find(plan,
				"plan-image",
				"note",
				v->image,
				arena_printf(plan->arena,
						"headroom assumes that the image %.100s starts %s, as its name "
						"suggests. If it starts another program, name that with "
						"--entrypoint.",
						v->image,
						plan->tool));
	if (v->cpu_quota < v->processors)
		plan_find(plan,
				"plan-cpu-quota",
				"note",
				v->image,
				arena_printf(plan->arena,
						"The container may use %.3g CPUs. headroom does not judge "
						"whether that is enough for the load. Most programs start the "
						"same number of threads with less CPU; they only get less done.",
						v->cpu_quota));
	/* "hard" and "soft" say what the tool does with its limit, not how high that is. */
	if (nofile->text)
		*nofile = (struct workload_value){0};
	plan_ask(plan, context, nofile_unknown(v), W_NOFILE, WORKLOAD_FIELDS);
}

/* timeout(1) ends the test, whatever it was told. */
static void apply_timeout(struct plan *plan)
{
	double most = plan->vantage.most_seconds;
	if (!isnan(most))
		plan_number(plan, W_TIMEOUT, most, CONFIDENCE_EXACT, plan->vantage.most_from);
}

/* Connections that stay are closed together when the test ends: no limit is passed by that, but the
 * next run starts with them. */
static void note_the_end(struct plan *plan)
{
	const struct workload_value *live = &plan->workload.values[W_CONNECTIONS],
								*rate = &plan->workload.values[W_OPEN_RATE];
	const struct workload_value *closer = &plan->workload.values[W_CLOSER];
	if (!live->set || !rate->set || rate->number > 0 || !closer->text ||
			strcmp(closer->text, "client"))
		return;
	plan_find(plan,
			"plan-ends",
			"note",
			plan->tool,
			arena_printf(plan->arena,
					"When the run ends, %s%.0f connections close at once. They stay in "
					"TIME_WAIT on this host for 60 s, and a run that starts within that "
					"time finds their ports taken.",
					closer->confidence == CONFIDENCE_EXACT ? "its " : "up to ",
					live->number));
}

/* Connections that are closed over TLS end by reset where the server answers the goodbye (Go,
 * Node.js), not where it closes at once (nginx). */
static void apply_tls(struct plan *plan)
{
	struct workload_value *closer = &plan->workload.values[W_CLOSER];
	bool client = closer->set && !strcmp(closer->text, "client");
	if (!plan->tls || !client || closer->confidence != CONFIDENCE_EXACT)
		return;
	closer->confidence = CONFIDENCE_BOUND;
	closer->from = arena_printf(plan->arena,
			"%s; with https, by reset if the server answers the TLS goodbye",
			closer->from);
}

/* What every plan has, whoever reads the command. */
static void start_plan(struct plan *plan, const char *tool, const char *runtime, const char *role)
{
	if (!runtime)
		runtime = "native";
	if (!role)
		role = "client";
	plan->tool = tool;
	plan_choice(plan, W_RUNTIME, runtime, CONFIDENCE_EXACT, tool);
	plan_choice(plan, W_ROLE, role, CONFIDENCE_EXACT, tool);
}

static bool read_with(const struct found *found,
		const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	const struct plan_reader *reader = found->reader;
	if (reader)
		start_plan(plan, reader->tool, reader->runtime, reader->role);
	else
		start_plan(plan, found->tool->id, found->tool->reading.runtime, found->tool->reading.role);
	const char *tool = plan->tool;
	if (reader ? !reader->read(context, command, plan, err)
			   : !data_read(found->tool, found->words, context, command, plan, err))
		return false;
	if (!plan->workload.values[W_NAME].set)
		plan_choice(plan, W_NAME, plan->tool, CONFIDENCE_EXACT, "command line");
	if (!plan->workload.values[W_TOOL].set)
		plan_choice(plan, W_TOOL, tool, CONFIDENCE_EXACT, "command line");
	for (size_t i = 0; i < command->passed_on.count; i++)
		plan_find_variable(plan, command->passed_on.items[i]);
	apply_nofile(plan);
	apply_timeout(plan);
	apply_tls(plan);
	note_the_end(plan);
	if (plan->vantage.container)
		apply_container(context, plan);
	plan->workload.confidence = overall(plan);
	return true;
}

static bool gives_load(const struct workload *given)
{
	return given->values[W_CONNECTIONS].set || given->values[W_OPEN_RATE].set || given->stage_count;
}

/* A command that is not understood, where the user's own flags say how much load it makes: those
 * are the plan. */
static bool plan_of_flags(const struct plan_context *context,
		const struct plan_command *command,
		const struct error *why,
		struct plan *plan)
{
	const char *word = command->words[0], *slash = strrchr(word, '/');
	word = slash ? slash + 1 : word;
	word = mask_line(context->arena, &word, 1); /* "TOKEN=x" is no name of a tool */
	plan->tool = text_clean(context->arena, word, strlen(word), 60);
	plan->vantage = command->vantage;
	plan_choice(plan,
			W_RUNTIME,
			"native",
			CONFIDENCE_ESTIMATE,
			"not known, so the soft limit is assumed");
	plan_choice(plan, W_NAME, plan->tool, CONFIDENCE_EXACT, "command line");
	plan_choice(plan, W_TOOL, plan->tool, CONFIDENCE_EXACT, "command line");
	apply_nofile(plan);
	apply_timeout(plan);
	if (plan->vantage.container)
		apply_container(context, plan);
	plan_find(plan,
			"plan-not-read",
			"warning",
			plan->tool,
			arena_printf(context->arena,
					"headroom could not read the command (%s). The plan uses the numbers "
					"from your flags.",
					mask_message(context->arena, why->text)));
	return true;
}

/* `ab -V`, `siege --help`: alone, such a word makes no load. */
static bool only_tells(const struct plan_command *command)
{
	static const char *const words[] =
			{"--help", "-help", "-h", "--version", "-version", "-V", "-v", "help", "version"};
	for (size_t i = 0; command->count == 2 && i < COUNT_OF(words); i++)
		if (!strcmp(command->words[1], words[i]))
			return true;
	return false;
}

/* The program is known, but this command of it makes no load: `vegeta report`, `fortio server`. */
static bool no_load(const struct found *found,
		const struct plan_command *command,
		struct error *err)
{
	bool tells = (found->reader || found->tool) && only_tells(command);
	if (found->reader && (tells || (found->reader->loads && !found->reader->loads(command))))
		return error_set(err, "this %s command makes no load", found->reader->tool);
	if (tells)
		return error_set(err, "this %s command makes no load", found->tool->id);
	if (!found->near || found->tool || found->reader)
		return true;
	return error_set(err,
			"this %s command makes no load that headroom can read; it reads %s",
			found->near->id,
			found->near->reading.programs.items[0]);
}

static bool unknown_in_image(const struct plan_context *context,
		const struct plan_command *command,
		struct error *err)
{
	const char *image = command->vantage.image;
	return error_set(err,
			"headroom does not know what %.60s in the image %.100s is; name a tool that "
			"it reads with --entrypoint, or give the plan's numbers as flags without "
			"\"--\" (headroom help workload)",
			text_clean(context->arena, command->words[0], strlen(command->words[0]), 60),
			text_clean(context->arena, image, strlen(image), 100));
}

/* One command without wrappers. */
static bool read_run(const struct found *found,
		const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	if (!no_load(found, command, err) || !read_with(found, context, command, plan, err))
		return false;
	if (command->repeats) {
		runs_note_repeats(context, plan);
		plan->workload.confidence = overall(plan);
	}
	if (command->beside)
		runs_note_server(plan, command->beside);
	runs_note_started(plan, &command->started);
	return true;
}

static bool all_clients(const struct plan *plans, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(plans[i].workload.values[W_ROLE].text, "client") != 0)
			return false;
	}
	return true;
}

/* What the user says of the load is said of one. */
static bool put_together(const struct plan_context *context,
		const struct plan *plans,
		const double *pauses,
		const bool *at_once,
		size_t count,
		struct plan *ret_plan,
		struct error *err)
{
	bool apart = all_clients(plans, count) && !gives_load(context->given);
	bool together = memchr(at_once, 1, count) != NULL;
	if (!apart && together)
		return error_set(err,
				"the script runs several load tests at the same time, but the flags "
				"describe only one; audit them together: headroom audit A + -- B");
	if (count == 1) {
		*ret_plan = plans[0];
		return true;
	}
	if (!together && (!apart || runs_meet(plans, count))) {
		if (runs_take_highest(plans, pauses, count, ret_plan, err))
			return true;
		if (!apart)
			return false;
		*err = (struct error){0};
	}
	if (!runs_take_apart(plans, pauses, at_once, count, ret_plan, err))
		return false;
	for (size_t i = 0; i < ret_plan->other_count; i++) {
		struct plan *other = &ret_plan->others[i];
		other->workload.confidence = overall(other);
	}
	return true;
}

/* Those that make no load (pgbench -i) are no runs; what they are paused for goes to the next. */
static bool read_runs(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *ret_plan,
		struct error *err)
{
	const size_t most = command->run_count;
	struct plan *plans = arena_alloc(context->arena, most * sizeof *plans);
	double *pauses = arena_alloc(context->arena, most * sizeof *pauses);
	bool *at_once = arena_alloc(context->arena, most * sizeof *at_once);
	double pause = 0;
	size_t count = 0;
	for (size_t i = 0; i < most; i++) {
		const struct plan_command *run = &command->runs[i];
		const struct found found = find_tool(context, run);
		struct plan *plan = &plans[count];
		pause += run->pause_s;
		*plan = (struct plan){.arena = context->arena, .vantage = run->vantage};
		*err = (struct error){0};
		bool good = read_run(&found, context, run, plan, err);
		if (!good && !plan->idle)
			return false;
		if (!good)
			continue;
		pauses[count] = pause;
		at_once[count] = count > 0 && run->at_once;
		pause = 0;
		count++;
	}
	if (!count)
		return false;
	pauses[0] = 0;
	if (!put_together(context, plans, pauses, at_once, count, ret_plan, err))
		return false;
	ret_plan->workload.confidence = overall(ret_plan);
	if (command->beside)
		runs_note_server(ret_plan, command->beside);
	runs_note_started(ret_plan, &command->started);
	return true;
}

bool plan_read(const struct plan_context *context,
		const char *const *argv,
		size_t count,
		struct plan *ret_plan,
		struct error *err)
{
	struct plan_command command = {0};
	struct found found = {0};
	*ret_plan = (struct plan){.arena = context->arena};
	bool understood = wrappers_take_off(context, argv, count, &command, err);
	if (understood)
		found = find_tool(context, &command);
	ret_plan->vantage = command.vantage;
	bool known = found.reader || found.tool || found.near;
	if (understood && !known)
		understood = unknown_tool(context, command.words[0], err);
	if (!understood && !known && command.count && command.vantage.image && !wrappers_know(&command))
		(void)unknown_in_image(context, &command, err);
	if (!understood || !known)
		return command.count && gives_load(context->given) &&
				plan_of_flags(context, &command, err, ret_plan);
	if (command.run_count > 1)
		return read_runs(context, &command, ret_plan, err);
	return read_run(&found, context, &command, ret_plan, err);
}

static void add_flags(struct text *text, const struct plan_question *question)
{
	char flag[64];
	for (size_t i = 0; i < question->count; i++)
		text_addf(text,
				"%s--%s",
				i == 0                             ? ""
						: i + 1 == question->count ? " or "
												   : ", ",
				workload_flag(question->fields[i], flag));
}

bool plan_check_answers(const struct plan *plan, const struct workload *merged, struct error *err)
{
	struct text open = {0};
	for (size_t i = 0; i < plan->question_count; i++) {
		const struct plan_question *question = &plan->questions[i];
		bool known = false;
		for (size_t j = 0; j < question->count; j++)
			known |= merged->values[question->fields[j]].set;
		if (known)
			continue;
		text_add(&open, open.length ? "; and " : " ");
		add_flags(&open, question);
		text_addf(&open, " (%s)", question->why);
	}
	bool good = !open.length;
	if (!good)
		(void)error_set(err,
				"the %s command does not say everything the plan needs. Give%s",
				plan->tool,
				open.data);
	text_release(&open);
	return good;
}
