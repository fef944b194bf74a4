/* The commands of a shell's text one after another: what each does to the load test, and which it
 * is. Runs nothing. */
#include "probes/plan/command/shell_search.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/command/shell_passed.h"
#include "probes/plan/command/shell_print.h"
#include "probes/plan/command/shell_scan.h"
#include "probes/plan/quantity.h"
#include "probes/plan/readers.h"

enum {
	RUNS_MAX = 64,
	LEVELS_MAX = 24
};

struct search {
	struct peel *peel;
	const char *text;
	const struct shell_command *commands;
	size_t count;
	const struct shell_command *unknown; /* a program that is none of ours */
	struct name_list started;            /* the same in the background, before the first run */
	const struct shell_command *first_started;
	struct plan_command *runs;
	size_t run_count, run_capacity;
	double pause_s;                      /* slept since the last run */
	const struct shell_command *running; /* a load test in the background, until `wait` */
	struct plan_command server;          /* one that is started beside */
	bool serves;
	struct error refusal; /* of a program in a pipeline that is known not to be read */
	struct error absent;  /* of services whose file is not here */
	struct plan_vantage outside[LEVELS_MAX]; /* of the shells around a subshell */
	unsigned level;
};

static bool search_refuse(const struct search *search,
		const struct shell_command *command,
		const char *what)
{
	const char *word = shell_word_at(command, 0);
	size_t length = strlen(word);
	if (shell_is_open(word)) { /* as it was written */
		size_t all = strlen(search->text);
		word = search->text + (command->at < all ? command->at : all);
		length = strcspn(word, " \t\n;|&");
	}
	return error_set(search->peel->err,
			"the shell text: %s %s",
			text_clean(search->peel->context->arena, word, length, 60),
			what);
}

/* --- what runs before the load test --------------------------------------------------------- */

/* ulimit [-S|-H] -n N; other limits are no concern of a plan. */
static bool change_limit(struct search *search, const struct shell_command *command)
{
	struct peel *peel = search->peel;
	struct plan_vantage *v = &peel->command->vantage;
	bool soft = false, hard = false, files = false;
	const char *text = NULL;
	for (size_t i = 1; i < command->words.count; i++) {
		const char *word = command->words.items[i];
		if (word[0] != '-' || !word[1] || (word[1] >= '0' && word[1] <= '9')) {
			text = word;
			continue;
		}
		soft |= strchr(word, 'S') != NULL;
		hard |= strchr(word, 'H') != NULL;
		files |= strchr(word, 'n') != NULL;
		const char *attached = strpbrk(word, "0123456789");
		text = attached ? attached : text;
	}
	if (!files || !text) {
		return true;
	}
	if (shell_is_open(text)) {
		return shell_check_known(peel->context->arena, search->text, command, peel->err);
	}
	const char *from = arena_printf(peel->context->arena, "ulimit -n %.40s", text);
	if (!strcmp(text, "hard") || !strcmp(text, "soft")) {
		v->nofile_raised = !hard && text[0] == 'h';
		v->nofile_from = from;
		return true;
	}
	double soft_was = v->nofile_soft, hard_was = v->nofile_hard;
	if (!peel_nofile(peel, text, from)) {
		return false;
	}
	if (soft && !hard) {
		v->nofile_hard = hard_was;
	}
	if (hard && !soft) {
		v->nofile_soft = soft_was;
	}
	return true;
}

static bool keep_exports(struct search *search, const struct shell_command *command)
{
	for (size_t i = 1; i < command->words.count; i++) {
		if (strchr(command->words.items[i], '=')) {
			peel_variable(search->peel, command->words.items[i]);
		}
	}
	return true;
}

static bool run_wait(struct search *search, const struct shell_command *command)
{
	(void)command;
	search->running = NULL;
	return true;
}

struct builtin {
	const char *name;
	bool (*effect)(struct search *search, const struct shell_command *command);
};

static const struct builtin builtins[] = {
		{"ulimit", change_limit},
		{"export", keep_exports},
		{"wait", run_wait},
};

static const struct builtin *find_builtin(const struct shell_command *command)
{
	for (size_t i = 0; i < COUNT_OF(builtins); i++) {
		if (shell_runs_program(command, builtins[i].name)) {
			return &builtins[i];
		}
	}
	return NULL;
}

/* --- finding the load test ------------------------------------------------------------------ */

static const char *join_directory(struct arena *arena, const char *outer, const char *inner)
{
	if (!inner || inner[0] == '/' || !outer) {
		return inner ? inner : outer;
	}
	return arena_printf(arena, "%s/%s", outer, inner);
}

/* "$BIN/wrk": where a tool lies says nothing of it. Its name must be known, and be a tool's. */
static void name_alone(const struct search *search, struct plan_command *command)
{
	struct arena *arena = search->peel->context->arena;
	const char *slash = strrchr(command->words[0], '/');
	if (!shell_is_open(command->words[0]) || !slash || shell_is_open(slash)) {
		return;
	}
	const char **words = arena_alloc(arena, (command->count + 1) * sizeof *words);
	for (size_t i = 0; i < command->count; i++) {
		words[i] = command->words[i];
	}
	words[0] = slash + 1;
	struct plan_command named = *command;
	named.words = words;
	if (plan_knows(search->peel->context, &named)) {
		*command = named;
	}
}

/* The command as it would start: variables in front of it, redirections, wrappers off. */
static bool prepare(const struct search *search,
		const struct shell_command *from,
		struct plan_command *ret,
		struct error *err)
{
	const struct peel *outer = search->peel;
	struct peel inner = {outer->context, ret, outer->depth, outer->budget, err};
	*ret = *outer->command;
	ret->words = from->words.items;
	ret->count = from->words.count;
	ret->input = from->input;
	ret->vantage.cwd = join_directory(outer->context->arena, ret->vantage.cwd, from->cwd);
	if (from->input_path) {
		ret->input_path = from->input_path;
	}
	for (size_t i = 0; i < from->assignments.count; i++) {
		peel_variable(&inner, from->assignments.items[i]);
	}
	name_alone(search, ret);
	return wrappers_peel(&inner);
}

/* Where results go and how a run is called: a date in there is no matter. */
static bool is_label(const char *option)
{
	static const char *const names[] = {"--out",
			"--output",
			"-output",
			"-o",
			"-l",
			"-j",
			"--tag",
			"--csv",
			"--html",
			"--name",
			"-name",
			"--logfile",
			"--summary-export"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		size_t length = strlen(names[i]);
		if (!strncmp(option, names[i], length) && (!option[length] || option[length] == '=')) {
			return true;
		}
	}
	return false;
}

/* The word without its marks. */
static const char *without_marks(struct arena *arena, const char *word)
{
	struct text text = {0};
	for (bool inside = false; *word; word++) {
		if (shell_is_open((char[]){*word, '\0'})) {
			inside = !inside;
		} else if (!inside) {
			text_add_bytes(&text, word, 1);
		}
	}
	return text_take(arena, &text);
}

/* Is the whole word <(…)? */
static bool is_process_file(const struct search *search, const char *word)
{
	char *end;
	if (word[0] != SHELL_OPEN) {
		return false;
	}
	size_t at = strtoul(word + 1, &end, 10);
	return *end == SHELL_OPEN && !end[1] && at < strlen(search->text) &&
			text_begins_with(search->text + at, "<(");
}

/* A file that is written while the tool starts: it has a name, and nobody knows its text. */
static const char *process_file(const struct search *search, struct plan_command *tool)
{
	static const char path[] = "/dev/fd/63";
	struct plan_written *all = arena_alloc(search->peel->context->arena,
			(tool->written_count + 1) * sizeof *all);
	for (size_t i = 0; i < tool->written_count; i++) {
		all[i] = tool->written[i];
	}
	all[tool->written_count++] = (struct plan_written){path, NULL};
	tool->written = all;
	return path;
}

/* Is all of the load test known that decides its plan? Names of results are made harmless. */
static bool check_tool_known(const struct search *search, struct plan_command *tool)
{
	struct arena *arena = search->peel->context->arena;
	struct plan_vantage *v = &tool->vantage;
	struct shell_command all = {.input = tool->input,
			.input_path = tool->input_path,
			.cwd = v->cwd,
			.assignments = tool->environment};
	const struct name_list *lists[] = {&v->sysctls, &v->mounts, &v->published};
	const char **words = arena_alloc(arena, (tool->count + 1) * sizeof *words);
	for (size_t i = 0; i < tool->count; i++) {
		bool label = is_label(tool->words[i]) || (i > 0 && is_label(tool->words[i - 1]));
		words[i] = tool->words[i];
		if (label && shell_is_open(words[i])) {
			words[i] = without_marks(arena, words[i]);
		}
		bool named = i > 0 && tool->words[i - 1][0] == '-'; /* -s <(…) */
		if (!v->image && named && is_process_file(search, words[i])) {
			words[i] = process_file(search, tool);
		}
		name_list_append(arena, &all.words, words[i]);
	}
	tool->words = words;
	for (size_t k = 0; k < COUNT_OF(lists); k++) {
		for (size_t i = 0; i < lists[k]->count; i++) {
			name_list_append(arena, &all.words, lists[k]->items[i]);
		}
	}
	if (v->image) {
		name_list_append(arena, &all.words, v->image);
	}
	if (v->network) {
		name_list_append(arena, &all.words, v->network);
	}
	return shell_check_known(arena, search->text, &all, search->peel->err);
}

/* What the command before the pipe writes, where that can be known. A file that is missing is an
 * error. */
static bool feed(const struct search *search,
		const struct shell_command *from,
		struct plan_command *tool)
{
	struct error err = {0};
	tool->input = shell_written(search->peel, from, &err);
	tool->input_unknown = !tool->input;
	return err.kind == ERROR_NONE || error_set(search->peel->err, "%s", err.text);
}

/* The load test is named, not what stands around it. */
static bool run_refuse(const struct search *search,
		const struct plan_command *candidate,
		const char *what)
{
	const char *word = candidate->words[0];
	return error_set(search->peel->err,
			"the shell text: %s %s",
			text_clean(search->peel->context->arena, word, strlen(word), 60),
			what);
}

/* while …; do wrk … & wait; done: each turn ends before the next begins. */
static bool loop_waits(const struct search *search, const struct shell_command *command)
{
	const struct shell_command *end = search->commands + search->count;
	for (const struct shell_command *at = command + 1; at < end && at->repeats; at++) {
		if (shell_runs_program(at, "wait") && at->words.count == 1 && !at->maybe &&
				!at->background) {
			return true;
		}
	}
	return false;
}

static bool keep_run(struct search *search,
		const struct shell_command *command,
		struct plan_command *candidate)
{
	struct arena *arena = search->peel->context->arena;
	if (command->maybe) {
		return run_refuse(search,
				candidate,
				"runs only under a condition that is not known before the run; give the "
				"load test's command itself after \"--\"");
	}
	if (command->background && command->repeats && !loop_waits(search, command)) {
		return run_refuse(search,
				candidate,
				"is started in a loop that does not wait for it to end, so it is not "
				"known how many run at once; end each iteration with wait, or give the "
				"load test's command itself after \"--\"");
	}
	if (search->run_count == RUNS_MAX) {
		return run_refuse(search,
				candidate,
				"runs too many times to look at each run; give one of them after \"--\"");
	}
	bool was_running = search->running;
	if (command->background) {
		search->running = command;
	}
	candidate->at_once = was_running;
	candidate->repeats = command->repeats;
	candidate->pause_s = search->pause_s;
	search->pause_s = 0;
	search->runs = arena_grow(arena,
			search->runs,
			search->run_count,
			&search->run_capacity,
			sizeof *search->runs);
	search->runs[search->run_count++] = *candidate;
	return true;
}

/* What a script in the script runs is run here, too. */
static bool add_runs(struct search *search,
		const struct shell_command *command,
		struct plan_command *candidate)
{
	const struct plan_command *runs = candidate->runs;
	if (candidate->run_count < 2) {
		return keep_run(search, command, candidate);
	}
	for (size_t i = 0; i < candidate->run_count; i++) {
		struct plan_command run = runs[i];
		if (!keep_run(search, command, &run)) {
			return false;
		}
	}
	return true;
}

static bool take_candidate(struct search *search,
		size_t first,
		size_t at,
		struct plan_command *candidate)
{
	const struct shell_command *command = &search->commands[at];
	if (!check_tool_known(search, candidate)) {
		return false;
	}
	if (at != first && !feed(search, &search->commands[at - 1], candidate)) {
		return false;
	}
	if (!plan_serves(search->peel->context, candidate)) {
		return add_runs(search, command, candidate);
	}
	if (!search->serves) {
		search->server = *candidate;
	}
	search->serves = true;
	return true;
}

static void keep_output(struct search *search, const char *path, struct plan_command *candidate)
{
	struct arena *arena = search->peel->context->arena;
	if (path && *path && !shell_is_open(path))
		name_list_append(arena, &candidate->outputs, path);
}

/* > FILE, | tee FILE, | report > FILE */
static void keep_outputs(struct search *search,
		size_t at,
		size_t end,
		struct plan_command *candidate)
{
	for (size_t i = at; i < end; i++) {
		const struct shell_command *command = &search->commands[i];
		keep_output(search, command->output_path, candidate);
		if (!shell_runs_program(command, "tee"))
			continue;
		for (size_t k = 1; k < command->words.count; k++)
			if (command->words.items[k][0] != '-')
				keep_output(search, command->words.items[k], candidate);
	}
}

/* The message about a command that could not be taken apart. */
static bool refuse_with(const struct search *search,
		const struct shell_command *command,
		const struct error *err)
{
	if (!shell_check_known(search->peel->context->arena,
				search->text,
				command,
				search->peel->err)) {
		return false;
	}
	return error_set(search->peel->err, "%s", err->text);
}

/* Behind its wrappers. */
static bool rests(const struct plan_command *candidate)
{
	struct shell_command command = {0};
	command.words.items = (const char **)(size_t)candidate->words;
	command.words.count = candidate->count;
	return shell_does_nothing(&command);
}

/* Set-up of which only the name is known: said, and passed over. */
static void keep_started(struct search *search,
		const struct shell_command *command,
		const char *name)
{
	name_list_append(search->peel->context->arena, &search->started, name);
	if (!search->first_started) {
		search->first_started = command;
	}
}

/* ./server & sleep 1; wrk …: one program that stays, before the load. The same one twice rather
 * makes load, and so may one that a loop starts. */
static bool stays_beside(const struct search *search,
		const struct shell_command *command,
		const struct plan_command *candidate)
{
	return command->background && !command->repeats && !search->run_count && candidate->count &&
			!shell_is_open(candidate->words[0]) &&
			!name_list_has(&search->started, candidate->words[0]);
}

/* A pipeline: its first load test is the one; those before it feed it, those behind it only listen.
 */
/* Does the command clearly make no load? `peeled`: the candidate was found in it. */
static bool is_no_load(const struct search *search,
		const struct shell_command *command,
		bool peeled,
		const struct plan_command *candidate)
{
	if (!peeled) {
		bool idle = search->peel->budget->idle; /* timeout 5 bash -c "until curl …" */
		return idle || shell_starts_server(command);
	}
	bool wrapped = candidate->words != command->words.items;
	return wrapped && rests(candidate); /* sudo sysctl … */
}

static bool search_pipeline(struct search *search, size_t first, size_t end)
{
	bool idle = false; /* a load test's own program that makes no load: vegeta report */
	for (size_t i = first; i < end; i++) {
		const struct shell_command *command = &search->commands[i];
		struct error err = {0};
		struct plan_command candidate = {0};
		if (!command->words.count || shell_does_nothing(command) || find_builtin(command)) {
			continue;
		}
		search->peel->budget->idle = false;
		search->peel->budget->absent = false;
		bool peeled = prepare(search, command, &candidate, &err);
		if (is_no_load(search, command, peeled, &candidate)) {
			continue;
		}
		if (!peeled && search->peel->budget->absent && shell_starts_services(command)) {
			keep_started(search, command, "docker compose up");
			search->absent = err;
			continue;
		}
		bool stays = end - first == 1 && stays_beside(search, command, &candidate);
		if (!peeled && stays && shell_starts_unread(&candidate)) {
			keep_started(search, command, candidate.words[0]);
			continue;
		}
		if (!peeled && end - first == 1) {
			return refuse_with(search, command, &err);
		}
		if (!peeled && wrappers_know(&candidate) && search->refusal.kind == ERROR_NONE) {
			search->refusal = err;
		}
		if (peeled && plan_makes_load(search->peel->context, &candidate)) {
			keep_outputs(search, i, end, &candidate);
			return take_candidate(search, first, i, &candidate);
		}
		bool knows = peeled && plan_knows(search->peel->context, &candidate);
		if (peeled && !knows && stays) {
			keep_started(search, command, candidate.words[0]);
			continue;
		}
		idle |= knows;
		if (!idle && !search->unknown) {
			search->unknown = command;
		}
	}
	if (idle && search->unknown && search->unknown >= &search->commands[first]) {
		search->unknown = NULL; /* cat results | vegeta report */
	}
	return true;
}

/* sleep 60, sleep 1m 30s: the script waits so long, if it surely does. */
static void add_pause(struct search *search, const struct shell_command *command)
{
	if (!shell_runs_program(command, "sleep") || command->maybe || command->background) {
		return;
	}
	for (size_t i = 1; i < command->words.count; i++) {
		double seconds;
		struct error ignored;
		if (quantity_read(shell_word_at(command, i), &quantity_timeout, &seconds, &ignored)) {
			search->pause_s += seconds;
		}
	}
}

static void change_level(struct search *search, unsigned level)
{
	struct plan_vantage *v = &search->peel->command->vantage;
	for (; search->level < level && search->level < LEVELS_MAX; search->level++) {
		search->outside[search->level] = *v;
	}
	for (; search->level > level; search->level--) {
		*v = search->outside[search->level - 1];
	}
}

static bool search_all(struct search *search)
{
	for (size_t i = 0; i < search->count;) {
		const struct shell_command *command = &search->commands[i];
		size_t end = i + 1;
		while (end < search->count && search->commands[end].join == SHELL_PIPE) {
			end++;
		}
		change_level(search, command->level);
		const struct builtin *builtin = end - i == 1 ? find_builtin(command) : NULL;
		add_pause(search, command);
		if (builtin && !command->maybe && !builtin->effect(search, command)) {
			return false;
		}
		if (!builtin && command->words.count && !search_pipeline(search, i, end)) {
			return false;
		}
		shell_keep_written(search->peel, command, end - i);
		i = end;
	}
	change_level(search, 0);
	return true;
}

/* The runs, and the server beside them, as one command. */
static bool search_end(struct search *search)
{
	struct plan_command *command = search->peel->command;
	bool alone = !search->run_count && search->serves;
	if (search->refusal.kind != ERROR_NONE && !search->run_count) {
		return error_set(search->peel->err, "%s", search->refusal.text);
	}
	if (search->unknown && (search->run_count || search->serves)) {
		return search_refuse(search,
				search->unknown,
				"runs alongside the load test, and headroom does not know what it does; "
				"leave it out");
	}
	if (alone) {
		*command = search->server;
		return true;
	}
	*command = search->runs[0];
	if (search->run_count > 1) {
		command->runs = search->runs;
		command->run_count = search->run_count;
	}
	if (search->serves) {
		command->beside = search->server.words[0];
	}
	command->started = search->started;
	return true;
}

static size_t line_of(const char *text, size_t at)
{
	size_t line = 1;
	for (size_t i = 0; i < at && text[i]; i++) {
		line += text[i] == '\n';
	}
	return line;
}

/* Where a script ends by itself, because of its arguments: which line asks for them. */
static bool starts_none(const struct peel *peel, const char *text, const struct shell_end *end)
{
	static const char none[] = "the shell text starts no load test";
	size_t line = line_of(text, end->exit_at);
	if (end->exits && !end->asks) {
		return error_set(peel->err, "%s: it ends at line %zu (exit)", none, line);
	}
	if (!end->asks) {
		return error_set(peel->err, "%s", none);
	}
	const char *asked = text + end->asked_at;
	size_t length = strcspn(asked, " \t\n\"'];|&");
	const char *where = "";
	if (end->exits) {
		where = arena_printf(peel->context->arena, ": it ends at line %zu (exit)", line);
	}
	return error_set(peel->err,
			"%s%s for lack of arguments (%s in line %zu). Give them after the script's "
			"name: headroom audit -- sh SCRIPT ARGUMENT…",
			none,
			where,
			text_clean(peel->context->arena, asked, length, 40),
			line_of(text, end->asked_at));
}

bool shell_search(struct peel *peel,
		const char *text,
		const struct shell_command *commands,
		size_t count,
		const struct shell_end *end)
{
	struct search *search = arena_alloc(peel->context->arena, sizeof *search);
	*search = (struct search){.peel = peel, .text = text, .commands = commands, .count = count};
	if (!search_all(search)) {
		return false;
	}
	if (search->run_count || search->serves || search->refusal.kind != ERROR_NONE) {
		return search_end(search);
	}
	if (search->absent.kind != ERROR_NONE) {
		return error_set(peel->err, "%s", search->absent.text);
	}
	if (!search->unknown) {
		search->unknown = search->first_started;
	}
	if (!search->unknown) {
		peel->budget->idle = true;
		return starts_none(peel, text, end);
	}
	struct plan_command unknown = *peel->command;
	bool good = shell_check_known(peel->context->arena, text, search->unknown, peel->err) &&
			prepare(search, search->unknown, &unknown, peel->err);
	*peel->command = unknown;
	return good;
}
