/* What simple commands do to the shell that runs them: variables, arguments, the directory. And the
 * conditions that can be known. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/command/shell_scan.h"

/* What pwd prints here. */
static const char *working_directory(const struct scanner *s)
{
	struct shell_command pwd = {.cwd = s->cwd};
	name_list_append(s->arena, &pwd.words, "pwd");
	/* What is printed is a text of its own. */
	/* cppcheck-suppress returnDanglingLifetime */
	return s->world->output(s->world->context, &pwd, 1);
}

const char *shell_variable(const struct scanner *s, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = s->variables.count; i-- > 0;) {
		const char *item = s->variables.items[i];
		if (strncmp(item, name, length) != 0) {
			continue;
		}
		if (item[length] == '=') {
			return item + length + 1;
		}
		if (!item[length]) {
			return NULL;
		}
	}
	if (s->world->output && !strcmp(name, "PWD")) {
		return working_directory(s);
	}
	if (!s->world->variable) {
		return NULL;
	}
	return s->world->variable(s->world->context, name);
}

void shell_set_open(struct scanner *s, const char *name, size_t at)
{
	const char *open = shell_open_text(s->arena, at);
	name_list_append(s->arena, &s->variables, arena_printf(s->arena, "%s=%s", name, open));
}

/* What is only read and not run may have been set, or not. */
void shell_set(struct scanner *s, const char *assignment)
{
	if (s->dry) {
		shell_set_open(s, arena_copy(s->arena, assignment, shell_name_length(assignment)), s->at);
	} else {
		name_list_append(s->arena, &s->variables, assignment);
	}
}

static bool set_assignments(struct scanner *s, const struct name_list *list, size_t from)
{
	for (size_t i = from; i < list->count; i++) {
		if (strchr(list->items[i], '=') && shell_name_length(list->items[i])) {
			shell_set(s, list->items[i]);
		}
	}
	return true;
}

/* export NAME: the tool gets the value that it has. */
static void apply_export(struct scanner *s, struct shell_command *command)
{
	for (size_t i = 1; i < command->words.count; i++) {
		const char *word = command->words.items[i];
		const char *value = NULL;
		if (shell_name_length(word)) {
			value = shell_variable(s, word);
		}
		if (!value || strchr(word, '=')) {
			continue;
		}
		command->words.items[i] = arena_printf(s->arena, "%s=%s", word, value);
	}
	(void)set_assignments(s, &command->words, 1);
}

static void apply_declare(struct scanner *s, struct shell_command *command)
{
	bool keyed = false;
	apply_export(s, command);
	for (size_t i = 1; i < command->words.count; i++) {
		const char *word = command->words.items[i];
		if (word[0] == '-') {
			keyed |= strchr(word, 'A') != NULL;
		} else if (keyed && shell_name_length(word) && !strchr(word, '=')) {
			shell_set(s, arena_printf(s->arena, "%s=", word));
			shell_set(s, arena_printf(s->arena, "%s[]=", word));
		}
	}
}

static void apply_unset(struct scanner *s, struct shell_command *command)
{
	for (size_t i = 1; i < command->words.count; i++) {
		name_list_append(s->arena, &s->variables, command->words.items[i]);
	}
}

const char *shell_word_at(const struct shell_command *command, size_t index)
{
	if (index < command->words.count) {
		return command->words.items[index];
	}
	return "";
}

const char *shell_own_name(const struct scanner *s)
{
	if (s->arguments.count) {
		return s->arguments.items[0];
	}
	return "sh";
}

/* set -- A B */
static void apply_set(struct scanner *s, struct shell_command *command)
{
	size_t i = 1;
	while (i < command->words.count && strcmp(shell_word_at(command, i), "--") != 0) {
		i++;
	}
	if (i == command->words.count) {
		return;
	}
	struct name_list arguments = {0};
	name_list_append(s->arena, &arguments, shell_own_name(s));
	for (i++; i < command->words.count; i++) {
		name_list_append(s->arena, &arguments, command->words.items[i]);
	}
	s->arguments = arguments;
}

static void apply_shift(struct scanner *s, struct shell_command *command)
{
	struct name_list left = {0};
	size_t by = 1;
	if (command->words.count > 1) {
		by = strtoul(command->words.items[1], NULL, 10);
	}
	for (size_t i = 0; i < s->arguments.count; i++) {
		if (i == 0 || i > by) {
			name_list_append(s->arena, &left, s->arguments.items[i]);
		}
	}
	s->arguments = left;
}

static void apply_cd(struct scanner *s, struct shell_command *command)
{
	size_t i = 1;
	while (shell_word_at(command, i)[0] == '-' && shell_word_at(command, i)[1]) {
		i++;
	}
	const char *to = shell_word_at(command, i);
	if (i + 1 != command->words.count || !strcmp(to, "-")) {
		s->cwd = shell_open_text(s->arena, command->at);
	} else if (to[0] == '/' || !s->cwd) {
		s->cwd = to;
	} else {
		s->cwd = arena_printf(s->arena, "%s/%s", s->cwd, to);
	}
}

static void apply_let(struct scanner *s, struct shell_command *command)
{
	for (size_t i = 1; i < command->words.count; i++) {
		const char *word = command->words.items[i];
		size_t length = shell_name_length(word);
		if (length) {
			shell_set_open(s, arena_copy(s->arena, word, length), command->at);
		}
	}
}

static const struct {
	const char *name;
	void (*apply)(struct scanner *s, struct shell_command *command);
} builtins[] = {
		{"export", apply_export},
		{"local", apply_declare},
		{"declare", apply_declare},
		{"typeset", apply_declare},
		{"readonly", apply_declare},
		{"read", shell_apply_read},
		{"getopts", shell_apply_getopts},
		{"mapfile", shell_apply_read},
		{"readarray", shell_apply_read},
		{"unset", apply_unset},
		{"set", apply_set},
		{"shift", apply_shift},
		{"cd", apply_cd},
		{"pushd", apply_cd},
		{"let", apply_let},
};

bool shell_apply(struct scanner *s, struct shell_command *command)
{
	const char *first = shell_word_at(command, 0);
	if (!command->words.count) {
		return set_assignments(s, &command->assignments, 0);
	}
	size_t count = COUNT_OF(builtins);
	if (!s->world->program) {
		count = 1; /* export */
	}
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(first, builtins[i].name)) {
			builtins[i].apply(s, command);
		}
	}
	return true;
}

/* --- conditions ----------------------------------------------------------------------------- */

static bool test_numbers(const char *how, long long left, long long right, bool *ret_true)
{
	static const struct {
		const char *name;
		bool less, equal, greater;
	} operators[] = {
			{.name = "-eq", .equal = true},
			{.name = "-ne", .less = true, .greater = true},
			{.name = "-lt", .less = true},
			{.name = "-le", .less = true, .equal = true},
			{.name = "-gt", .greater = true},
			{.name = "-ge", .equal = true, .greater = true},
	};
	size_t i = 0;
	while (i < COUNT_OF(operators) && strcmp(operators[i].name, how) != 0) {
		i++;
	}
	if (i == COUNT_OF(operators)) {
		return false;
	}
	*ret_true = operators[i].equal;
	if (left < right) {
		*ret_true = operators[i].less;
	}
	if (left > right) {
		*ret_true = operators[i].greater;
	}
	return true;
}

static bool test_compares(const char *left, const char *how, const char *right, bool *ret_true)
{
	char *end_left, *end_right;
	bool same = !strcmp(left, right);
	if (!strcmp(how, "=") || !strcmp(how, "==")) {
		*ret_true = same;
		return true;
	}
	if (!strcmp(how, "!=")) {
		*ret_true = !same;
		return true;
	}
	long long a = strtoll(left, &end_left, 10);
	long long b = strtoll(right, &end_right, 10);
	if (end_left == left || *end_left) {
		return false;
	}
	if (end_right == right || *end_right) {
		return false;
	}
	return test_numbers(how, a, b, ret_true);
}

/* "$NAME" of a variable that is not set is empty. */
static bool is_unset(const struct scanner *s, const char *word)
{
	if (word[0] != SHELL_OPEN) {
		return false;
	}
	char *end;
	size_t at = strtoul(word + 1, &end, 10);
	bool whole = *end == SHELL_OPEN && !end[1];
	bool here = at < strlen(s->text); /* else it is of the text around this one */
	if (!whole || !here || s->text[at] != '$') {
		return false;
	}
	const char *place = s->text + at + 1;
	bool braces = *place == '{';
	place += braces;
	size_t length = shell_name_length(place);
	if (!length || (braces && place[length] != '}')) {
		return false;
	}
	const char *name = arena_copy(s->arena, place, length);
	return !shell_variable(s, name);
}

/* The words of [ … ], without its brackets. */
static bool known_test(const struct scanner *s,
		const char *const *words,
		size_t count,
		bool *ret_true)
{
	bool value = false;
	if (count > 1 && !strcmp(words[0], "!")) {
		bool known = known_test(s, words + 1, count - 1, &value);
		*ret_true = !value;
		return known;
	}
	bool asks_empty = count == 2 && !strcmp(words[0], "-z");
	bool asks_full = count == 2 && !strcmp(words[0], "-n");
	if (asks_empty || asks_full) {
		bool empty = !*words[1] || is_unset(s, words[1]);
		*ret_true = empty == asks_empty;
		return empty || !shell_is_open(words[1]);
	}
	for (size_t i = 0; i < count; i++) {
		if (shell_is_open(words[i])) {
			return false;
		}
	}
	return count == 3 && test_compares(words[0], words[1], words[2], ret_true);
}

static bool known_command(const struct scanner *s,
		const struct shell_command *command,
		bool *ret_true)
{
	const struct name_list *words = &command->words;
	/* Without the program that it asks for, a script makes no load. */
	static const char *const asking[] = {
			"true",
			":",
			"command",
			"which",
			"type",
			"hash",
	};
	const char *name = shell_word_at(command, 0);
	*ret_true = true;
	for (size_t i = 0; i < COUNT_OF(asking); i++) {
		if (!strcmp(name, asking[i])) {
			return i != 2 || (words->count > 1 && words->items[1][0] == '-');
		}
	}
	*ret_true = false;
	if (!strcmp(name, "false")) {
		return true;
	}
	if (!strcmp(name, "((") && words->count == 2) {
		*ret_true = strcmp(words->items[1], "0") != 0;
		return !shell_is_open(words->items[1]);
	}
	if (!strcmp(name, "getopts") && words->count == 3) {
		const char *option = shell_variable(s, words->items[2]);
		*ret_true = !s->options_over;
		return option && !shell_is_open(option);
	}
	if (!strcmp(name, "test")) {
		return known_test(s, words->items + 1, words->count - 1, ret_true);
	}
	return !strcmp(name, "[") && words->count > 2 &&
			known_test(s, words->items + 1, words->count - 2, ret_true);
}

bool shell_condition(const struct scanner *s, size_t first, bool *ret_true)
{
	if (s->dry || s->count != first + 1) {
		return false;
	}
	bool known = known_command(s, &s->commands[first], ret_true);
	*ret_true = *ret_true != s->negated;
	return known;
}
