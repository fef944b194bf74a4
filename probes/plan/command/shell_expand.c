/* What $… stands for in a shell's text: variables, parameters, arithmetic and the output of
 * commands, as far as that can be known without running any. */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "probes/plan/command/shell_scan.h"

const char *shell_open_text(struct arena *arena, size_t at)
{
	return arena_printf(arena, "%c%zu%c", SHELL_OPEN, at, SHELL_OPEN);
}

void shell_add_open(struct shell_word *word, size_t at)
{
	text_addf(&word->text, "%c%zu%c", SHELL_OPEN, at, SHELL_OPEN);
	word->any = true;
}

bool shell_is_open(const char *word)
{
	return strchr(word, SHELL_OPEN);
}

bool shell_add_value(struct scanner *s,
		struct shell_word *word,
		const char *value,
		bool quoted,
		size_t at)
{
	size_t length = strlen(value);
	bool splits = !quoted && !word->whole;
	s->bytes += length;
	if (s->bytes > SHELL_BYTES_MAX) {
		return shell_refuse(s, at, "too much text");
	}
	bool pattern = splits && strpbrk(value, "*?[") && !strstr(value, "://");
	if (!s->world->program && splits && (pattern || strpbrk(value, " \t\n*?["))) {
		return shell_refuse(s, at, "an unquoted variable that contains several words");
	}
	if (pattern) {
		shell_add_open(word, at);
		return true;
	}
	for (const char *c = value; splits && *c; c++) {
		char field = SHELL_FIELD;
		if (strchr(" \t\n", *c)) {
			text_add_bytes(&word->text, &field, 1);
		} else {
			text_add_bytes(&word->text, c, 1);
		}
	}
	if (!splits) {
		text_add(&word->text, value);
	}
	word->any |= quoted || length;
	return true;
}

/* --- parameters ----------------------------------------------------------------------------- */

/* $1, $#, $@ …: those that are no variables. */
static bool add_parameter(struct scanner *s,
		struct shell_word *word,
		const char *name,
		bool quoted,
		size_t at)
{
	const struct name_list *arguments = &s->arguments;
	size_t number = strtoul(name, NULL, 10), count = arguments->count;
	bool missing = *name == '#' || *name == '@' || *name == '*' || number >= count;
	if (!s->dry && !s->end.exits && missing && count < 2) {
		s->end.asks = true;
		s->end.asked_at = at;
	}
	if (ascii_is_digit(*name)) {
		if (number < count) {
			return shell_add_value(s, word, arguments->items[number], quoted, at);
		}
		if (!count) {
			shell_add_open(word, at);
		}
		word->any |= quoted;
		return true;
	}
	if (*name == '#') {
		text_addf(&word->text, "%zu", count - (count > 0));
		return word->any = true;
	}
	if (*name != '@' && *name != '*') {
		shell_add_open(word, at);
		return true;
	}
	for (size_t i = 1; i < count; i++) {
		char between = SHELL_FIELD;
		if (quoted && *name == '*') {
			between = ' ';
		}
		if (i > 1) {
			text_add_bytes(&word->text, &between, 1);
		}
		if (!shell_add_value(s, word, arguments->items[i], quoted, at)) {
			return false;
		}
	}
	if (count < 2) { /* "$@" of none is no word */
		word->any = false;
	}
	return true;
}

/* How many characters the name of a parameter has; 0: none stands here. */
static size_t parameter_length(const char *text, bool braces)
{
	size_t length = shell_name_length(text);
	if (length) {
		return length;
	}
	if (ascii_is_digit(*text)) {
		length = strspn(text, "0123456789");
		if (!braces) {
			length = 1;
		}
		return length;
	}
	return *text && strchr("@*#?$!-", *text);
}

static bool parameter_is_set(const struct scanner *s, const char *name, const char **ret_value)
{
	*ret_value = NULL;
	if (shell_name_length(name)) {
		*ret_value = shell_variable(s, name);
	} else if (ascii_is_digit(*name) && strtoul(name, NULL, 10) < s->arguments.count) {
		*ret_value = s->arguments.items[strtoul(name, NULL, 10)];
	} else if (!ascii_is_digit(*name)) {
		*ret_value = ""; /* $@ and its like: not empty unless there is no argument */
	}
	if (*name == '@' || *name == '*') {
		*ret_value = "";
	}
	if ((*name == '@' || *name == '*') && s->arguments.count > 1) {
		*ret_value = s->arguments.items[1];
	}
	return *ret_value;
}

static bool expand_named(struct scanner *s,
		struct shell_word *word,
		const char *name,
		bool quoted,
		size_t at)
{
	if (!shell_name_length(name)) {
		return add_parameter(s, word, name, quoted, at);
	}
	const char *value = shell_variable(s, name);
	if (value) {
		value = shell_first(s, value);
		return shell_add_value(s, word, value, quoted, at);
	}
	if (s->world->program) {
		shell_add_open(word, at);
		return true;
	}
	return error_set(s->err,
			"the shell text uses $%.60s, which is not set; write %.60s=VALUE; in front "
			"of it (with --facts, this shell's own variables are ignored)",
			name,
			name);
}

/* Where the brace that opened before `at` closes: quotes and expansions in between are passed over.
 * 0: nowhere. */
static size_t brace_end(const char *text, size_t at)
{
	for (; text[at]; at++) {
		if (text[at] == '}') {
			return at;
		}
		if (text[at] == '\\' && text[at + 1]) {
			at++;
		} else if (text[at] == '\'' || text[at] == '"') {
			const char *end = strchr(text + at + 1, text[at]);
			if (!end) {
				return 0;
			}
			at = (size_t)(end - text);
		} else if (text[at] == '$' && text[at + 1] == '(') {
			size_t end = shell_closing(text, at + 1);
			if (!end) {
				return 0;
			}
			at = end - 1;
		} else if (text[at] == '$' && text[at + 1] == '{') {
			size_t end = brace_end(text, at + 2);
			if (!end) {
				return 0;
			}
			at = end;
		}
	}
	return 0;
}

/* ${NAME:-WORD} and its like; `at` is behind NAME, `end` at the closing brace. */
static bool add_alternative(struct scanner *s,
		struct shell_word *word,
		const char *name,
		size_t at,
		size_t end,
		bool quoted)
{
	const char *value;
	bool colon = s->text[at] == ':', set = parameter_is_set(s, name, &value);
	char how = s->text[at + colon];
	size_t begin = at + colon + 1;
	if (set && colon && !*value) {
		set = false;
	}
	bool takes_word = (how == '+') == set;
	if (set && shell_is_open(value)) { /* it may be empty */
		takes_word = false;
	}
	if (how == '?' && takes_word) {
		shell_add_open(word, at - strlen(name) - 2);
		return true;
	}
	if (!takes_word && how == '+') {
		return true;
	}
	if (!takes_word) {
		return expand_named(s, word, name, quoted, at);
	}
	const char *other = shell_expand_text(s, begin, end, quoted);
	if (!other) {
		return false;
	}
	if (how == '=') {
		shell_set(s, arena_printf(s->arena, "%s=%s", name, other));
	}
	return shell_add_value(s, word, other, quoted, begin);
}

/* ${!NAME}: the value of the variable that NAME names. */
static bool expand_indirect(struct scanner *s,
		struct shell_word *word,
		const char *name,
		bool quoted,
		size_t dollar)
{
	const char *other = shell_variable(s, name);
	bool plain = other && shell_name_length(other);
	plain = plain && !other[shell_name_length(other)];
	if (!plain) {
		shell_add_open(word, dollar);
		return true;
	}
	return expand_named(s, word, other, quoted, dollar);
}

/* ${#NAME}, ${NAME%.js}, ${NAME/a/b}. */
static void expand_changed(struct scanner *s,
		struct shell_word *word,
		const char *name,
		size_t at,
		size_t end)
{
	size_t dollar = s->at;
	const char *value = NULL;
	if (shell_name_length(name)) {
		value = shell_variable(s, name);
	} else if (ascii_is_digit(*name)) {
		(void)parameter_is_set(s, name, &value);
	}
	if (value) {
		value = shell_first(s, value);
	}
	if (value && !shell_is_open(value)) {
		value = shell_cut(s, value, at, end);
	} else {
		value = NULL;
	}
	s->at = end + 1;
	word->any = true;
	if (!value) {
		shell_add_open(word, dollar);
		return;
	}
	text_add(&word->text, value);
}

static bool in_braces(struct scanner *s, struct shell_word *word, bool quoted)
{
	size_t dollar = s->at - 1, begin = s->at + 1;
	bool counts = s->text[begin] == '#' && s->text[begin + 1] != '}';
	bool keys = s->text[begin] == '!' && shell_name_length(s->text + begin + 1);
	begin += counts || keys;
	size_t length = parameter_length(s->text + begin, true), at = begin + length;
	size_t end = brace_end(s->text, at);
	if (!length || !end || (keys && !s->world->program)) {
		return shell_refuse(s, dollar, "an expansion");
	}
	const char *name = arena_copy(s->arena, s->text + begin, length);
	const char *behind = s->text + at;
	bool colon = *behind == ':';
	s->at = end + 1;
	if (*behind == '[') {
		struct shell_subscript use = {.dollar = dollar,
				.begin = at + 1,
				.quoted = quoted,
				.counts = counts,
				.keys = keys};
		return shell_expand_element(s, word, name, &use);
	}
	if (keys && *behind == '}') {
		return expand_indirect(s, word, name, quoted, dollar);
	}
	if (*behind == '}' && !counts) {
		return expand_named(s, word, name, quoted, dollar);
	}
	const char *value = shell_variable(s, name);
	if (*behind == '}' && value && !shell_is_open(value)) {
		text_addf(&word->text, "%zu", strlen(shell_first(s, value)));
		return word->any = true;
	}
	const char *hows = "-=";
	if (s->world->program) {
		hows = "-=+?";
	}
	char how = behind[colon];
	bool plain = s->world->program ||
			!strpbrk(arena_copy(s->arena, behind, end - at), "$`\\'\"{\n");
	if (how && strchr(hows, how) && !counts && !keys && plain) {
		return add_alternative(s, word, name, at, end, quoted);
	}
	if (!s->world->program) {
		return shell_refuse(s, dollar, "an expansion");
	}
	if (counts || keys) {
		shell_add_open(word, dollar);
		return true;
	}
	s->at = dollar;
	expand_changed(s, word, name, at, end);
	return true;
}

bool shell_expand(struct scanner *s, struct shell_word *word, bool quoted)
{
	size_t dollar = s->at - 1;
	char c = s->text[s->at];
	if (c == '{') {
		return in_braces(s, word, quoted);
	}
	size_t length = parameter_length(s->text + s->at, false);
	if (!length && (shell_is_meta(c) || c == '"')) { /* a dollar sign alone */
		text_add(&word->text, "$");
		return word->any = true;
	}
	if (!length || (!s->world->program && !shell_name_length(s->text + s->at))) {
		return shell_refuse(s, dollar, "an expansion");
	}
	const char *name = arena_copy(s->arena, s->text + s->at, length);
	s->at += length;
	return expand_named(s, word, name, quoted, dollar);
}

/* --- what commands print -------------------------------------------------------------------- */

size_t shell_closing(const char *text, size_t at)
{
	size_t open = 0;
	for (; text[at]; at++) {
		if (text[at] == '\\' && text[at + 1]) {
			at++;
		} else if (text[at] == '\'') {
			const char *end = strchr(text + at + 1, '\'');
			if (!end) {
				return 0;
			}
			at = (size_t)(end - text);
		} else if (text[at] == '"') {
			for (at++; text[at] && text[at] != '"'; at++) {
				at += text[at] == '\\' && text[at + 1];
			}
			if (!text[at]) {
				return 0;
			}
		} else if (text[at] == '(') {
			open++;
		} else if (text[at] == ')' && --open == 0) {
			return at + 1;
		}
	}
	return 0;
}

/* The text between backquotes; *ret_end is behind the second one. */
static const char *backquoted(const struct scanner *s, size_t *ret_end)
{
	struct text inner = {0};
	size_t at = s->at + 1;
	for (; s->text[at] && s->text[at] != '`'; at++) {
		if (s->text[at] == '\\' && s->text[at + 1] && strchr("`\\$", s->text[at + 1])) {
			at++;
		}
		text_add_bytes(&inner, s->text + at, 1);
	}
	*ret_end = 0;
	if (s->text[at]) {
		*ret_end = at + 1;
	}
	return text_take(s->arena, &inner);
}

static bool is_whole_known(const struct shell_command *command)
{
	bool open = command->input_path && shell_is_open(command->input_path);
	open |= command->input && shell_is_open(command->input);
	open |= command->maybe || command->repeats;
	for (size_t i = 0; i < command->words.count; i++) {
		open |= shell_is_open(command->words.items[i]);
	}
	return !open;
}

/* A load test in $(…) runs as any other. What is not known in it lies in another text: it gets its
 * place in this one. */
static void take_load(struct scanner *s, struct shell_command load)
{
	struct name_list words = {0};
	if (s->count == SHELL_COMMANDS_MAX) {
		return;
	}
	for (size_t i = 0; i < load.words.count; i++) {
		const char *word = load.words.items[i];
		if (shell_is_open(word)) {
			word = shell_open_text(s->arena, s->at);
		}
		name_list_append(s->arena, &words, word);
	}
	load.words = words;
	load.join = SHELL_THEN;
	load.at = s->at;
	s->commands = arena_grow(s->arena, s->commands, s->count, &s->capacity, sizeof *s->commands);
	s->commands[s->count++] = load;
}

static void take_loads(struct scanner *s, const struct scanner *sub)
{
	for (size_t i = 0; s->world->loads && i < sub->count; i++) {
		if (s->world->loads(s->world->context, &sub->commands[i])) {
			take_load(s, sub->commands[i]);
		}
	}
}

/* What the commands print; NULL: not known. */
static const char *printed(struct scanner *s, const char *inner)
{
	struct error ignored = {0};
	struct scanner sub = *s;
	if (s->dry || !s->world->output || s->depth >= SHELL_DEPTH_MAX) {
		return NULL;
	}
	if (inner[strspn(inner, " \t")] == '<') { /* bash's $(<FILE) */
		inner = arena_printf(s->arena, "cat %s", inner);
	}
	sub.text = inner;
	sub.end = (struct shell_end){0};
	sub.at = 0;
	sub.commands = NULL;
	sub.count = sub.capacity = 0;
	sub.here_count = sub.here_capacity = 0;
	sub.heres = NULL;
	sub.depth++;
	sub.err = &ignored;
	bool good = shell_read_list(&sub, SHELL_THEN, NULL, NULL) && sub.count;
	take_loads(s, &sub);
	s->steps = sub.steps;
	s->bytes = sub.bytes;
	for (size_t i = 0; good && i < sub.count; i++) {
		good = is_whole_known(&sub.commands[i]);
	}
	if (!good) {
		return NULL;
	}
	return s->world->output(s->world->context, sub.commands, sub.count);
}

/* $((…)); `end` is behind it. */
static bool add_sum(struct scanner *s, struct shell_word *word, size_t end)
{
	size_t begin = s->at + 3, at = s->at;
	long long value;
	s->at = end;
	word->any = true;
	if (shell_sum(s, s->text + begin, end - 2 - begin, &value)) {
		text_addf(&word->text, "%lld", value);
	} else {
		shell_add_open(word, at);
	}
	return true;
}

bool shell_substitute(struct scanner *s, struct shell_word *word, bool quoted)
{
	static const char raise[] = "$(ulimit -Hn)"; /* known by name: ulimit -n takes it, too */
	const char *here = s->text + s->at, *inner = NULL;
	size_t at = s->at, end = 0;
	if (text_begins_with(here, raise)) {
		text_add(&word->text, "hard");
		s->at += sizeof raise - 1;
		return word->any = true;
	}
	if (!s->world->program) {
		return shell_refuse(s, s->at, "a command substitution");
	}
	if (*here == '`') {
		inner = backquoted(s, &end);
	} else {
		end = shell_closing(s->text, s->at + 1);
	}
	if (!end) {
		return shell_refuse(s, s->at, "an unclosed command substitution");
	}
	if (text_begins_with(here, "$((") && s->text[end - 2] == ')') {
		return add_sum(s, word, end);
	}
	s->at = end;
	if (!inner) {
		inner = arena_copy(s->arena, s->text + at + 2, end - at - 3);
	}
	const char *value = NULL;
	if (*here == '$' || *here == '`') {
		value = printed(s, inner);
	} else { /* <(…) runs beside the command that reads it */
		const size_t first = s->count;
		(void)printed(s, inner);
		for (size_t i = first; i < s->count; i++) {
			s->commands[i].background = true;
		}
	}
	if (value) {
		return shell_add_value(s, word, value, quoted, at);
	}
	shell_add_open(word, at);
	return true;
}
