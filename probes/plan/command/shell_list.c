/* A part of the shell's grammar, read character by character (POSIX.1-2017, XCU 2.2, 2.3, 2.9):
 * simple commands, their redirections, and the lists that they make. */
#include "probes/plan/command/shell.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "probes/plan/command/shell_scan.h"

bool shell_refuse(const struct scanner *s, size_t at, const char *what)
{
	/* The word alone: what follows may be anybody's password. */
	size_t left = strcspn(s->text + at, " \t\n\"'");
	if (left == 0 && s->text[at]) {
		left = 1;
	}
	return error_set(s->err,
			"the shell text contains %s near \"%s\", and headroom reads only what is "
			"known without running it; give the load test's command itself after \"--\"",
			what,
			text_clean(s->arena, s->text + at, left, 40));
}

/* What a mark stands for. */
static bool refuse_open(struct arena *arena, const char *text, const char *word, struct error *err)
{
	const struct scanner s = {.arena = arena, .text = text, .err = err};
	size_t at = strtoul(strchr(word, SHELL_OPEN) + 1, NULL, 10);
	if (at > strlen(text)) {
		at = strlen(text);
	}
	const char *place = text + at;
	size_t braces = place[0] == '$' && place[1] == '{';
	size_t length = 0;
	if (*place == '$') {
		length = shell_name_length(place + 1 + braces);
	}
	const char *name = arena_copy(arena, place + 1 + braces, length);
	char behind = place[1 + braces + length];
	if (length && (!braces || strchr("}:-=+?", behind))) {
		return error_set(err,
				"the shell text uses $%.60s, which is not set or not known before it "
				"runs; write %.60s=VALUE; in front of it (with --facts, this shell's own "
				"variables are ignored)",
				name,
				name);
	}
	if (text_begins_with(place, "$((") || text_begins_with(place, "((")) {
		return shell_refuse(&s, at, "a calculation whose result is not known before it runs");
	}
	if (text_begins_with(place, "$(") || *place == '`') {
		return shell_refuse(&s, at, "a command substitution");
	}
	if (*place == '<' || *place == '>') {
		return shell_refuse(&s, at, "a process substitution");
	}
	if (*place == '$') {
		return shell_refuse(&s, at, "an expansion");
	}
	size_t end = strcspn(place, " \t\n;");
	if (strcspn(place, "*?[") < end) {
		return shell_refuse(&s, at, "a file name pattern");
	}
	return shell_refuse(&s, at, "a value that is not known before it runs");
}

bool shell_check_known(struct arena *arena,
		const char *text,
		const struct shell_command *command,
		struct error *err)
{
	const struct name_list *lists[] = {&command->assignments, &command->words};
	const char *others[] = {command->input_path, command->input, command->cwd};
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < lists[k]->count; i++) {
			if (shell_is_open(lists[k]->items[i])) {
				return refuse_open(arena, text, lists[k]->items[i], err);
			}
		}
	}
	for (size_t k = 0; k < 3; k++) {
		if (others[k] && shell_is_open(others[k])) {
			return refuse_open(arena, text, others[k], err);
		}
	}
	return true;
}

/* --- lines ---------------------------------------------------------------------------------- */

/* Without the tabs that lines begin with. */
static const char *without_tabs(struct arena *arena, const char *text)
{
	struct text out = {0};
	while (*text) {
		text += strspn(text, "\t");
		size_t size = strcspn(text, "\n");
		size += text[size] == '\n';
		text_add_bytes(&out, text, size);
		text += size;
	}
	return text_take(arena, &out);
}

/* One here-document; s->at is at its first line. */
static bool read_document(struct scanner *s, const struct shell_here *here)
{
	size_t begin = s->at, length = strlen(here->end);
	struct text plain = {0};
	for (;;) {
		const char *line = s->text + s->at;
		size_t tabs = 0, size = strcspn(line, "\n");
		if (here->tabs) {
			tabs = strspn(line, "\t");
		}
		bool ends = size - tabs == length && !memcmp(line + tabs, here->end, length);
		size_t end = s->at;
		s->at += size;
		bool last = !s->text[s->at];
		if (!ends) {
			end = s->at;
		}
		s->at += !last;
		if (ends || last) {
			const char *text = text_take(s->arena, &plain);
			if (!here->quoted) {
				text = shell_expand_text(s, begin, end, true);
			}
			if (text && here->tabs && !here->quoted) {
				text = without_tabs(s->arena, text);
			}
			if (text && here->command < s->count) {
				s->commands[here->command].input = text;
			}
			return text;
		}
		s->bytes += size;
		if (s->bytes > SHELL_BYTES_MAX) {
			text_release(&plain);
			return shell_refuse(s, begin, "too much text");
		}
		text_add_bytes(&plain, line + tabs, size - tabs + 1);
	}
}

bool shell_pass_newline(struct scanner *s)
{
	s->at++;
	bool good = true;
	size_t count = s->here_count;
	s->here_count = 0;
	for (size_t i = 0; good && i < count; i++) {
		good = read_document(s, &s->heres[i]);
	}
	return good;
}

bool shell_skip_lines(struct scanner *s)
{
	for (;;) {
		shell_skip_blanks(s);
		if (s->text[s->at] == '#') {
			s->at += strcspn(s->text + s->at, "\n");
		}
		if (s->text[s->at] == '\r') {
			s->at++;
		}
		if (s->text[s->at] != '\n') {
			return true;
		}
		if (!shell_pass_newline(s)) {
			return false;
		}
	}
}

bool shell_take_word(struct scanner *s, const char *word)
{
	size_t length = strlen(word);
	bool operator= shell_is_meta(*word);
	if (strncmp(s->text + s->at, word, length) != 0) {
		return false;
	}
	if (!operator&& * word != '}' && !shell_is_meta(s->text[s->at + length])) {
		return false;
	}
	s->at += length;
	return true;
}

/* --- redirections --------------------------------------------------------------------------- */

/* << END; s->at is behind the sign. */
static bool begin_here(struct scanner *s, bool tabs)
{
	bool quoted, good;
	const char *end = shell_read_word(s, true, &quoted, &good);
	if (!end) {
		return good && shell_refuse(s, s->at, "a redirection without a file name");
	}
	size_t command = SIZE_MAX;
	if (!s->dry) {
		command = s->count - 1;
	}
	const struct shell_here here = {.command = command, .end = end, .tabs = tabs, .quoted = quoted};
	s->heres = arena_grow(s->arena, s->heres, s->here_count, &s->here_capacity, sizeof *s->heres);
	s->heres[s->here_count++] = here;
	return true;
}

/* < FILE, << END, <<< TEXT, > FILE. `digits` before it are gone already, `other` if they name no
 * standard stream. */
static bool redirect(struct scanner *s, struct shell_command *command, bool other)
{
	size_t begin = s->at, length = strspn(s->text + s->at, "<>&|");
	const char *sign = s->text + begin;
	bool quoted, good, input = *sign == '<', here = text_begins_with(sign, "<<<");
	bool document = !here && text_begins_with(sign, "<<");
	if (input && !here && length > 1 && !(document && s->world->program)) {
		return shell_refuse(s, begin, "a redirection");
	}
	if (here) {
		length = 3;
	}
	if (document) {
		length = 2 + (sign[2] == '-');
	}
	s->at += length;
	shell_skip_blanks(s);
	if (document) {
		return begin_here(s, length == 3);
	}
	if (s->world->program && s->text[s->at] == '>' && s->text[s->at + 1] == '(') {
		s->at = shell_closing(s->text, s->at + 1); /* > >(tee log) */
		return s->at || shell_refuse(s, begin, "a process substitution");
	}
	if (s->text[s->at] == '(') {
		return shell_refuse(s, begin, "a process substitution");
	}
	const char *word = shell_read_word(s, true, &quoted, &good);
	if (!word) {
		return good && shell_refuse(s, begin, "a redirection without a file name");
	}
	if (here) {
		command->input = arena_printf(s->arena, "%s\n", word);
	} else if (input) {
		command->input_path = word;
	} else if (!other && !memchr(sign, '&', length)) {
		command->output_path = word;
		command->appends = length > 1 && sign[1] == '>';
	}
	return true;
}

/* Digits right before < or > are a descriptor. */
static bool at_redirection(const struct scanner *s, size_t *ret_digits)
{
	*ret_digits = strspn(s->text + s->at, "0123456789");
	const char *at = s->text + s->at + *ret_digits;
	return *at == '<' || *at == '>' || (*at == '&' && at[1] == '>');
}

/* <(…) and >(…) are words. */
static bool at_process(const struct scanner *s)
{
	const char *at = s->text + s->at;
	return s->world->program && (*at == '<' || *at == '>') && at[1] == '(';
}

static bool read_redirection(struct scanner *s, struct shell_command *command, size_t digits)
{
	const char *number = s->text + s->at;
	bool other = digits && !(digits == 1 && (*number == '1' || *number == '0'));
	s->at += digits + (s->text[s->at + digits] == '&');
	return redirect(s, command, other);
}

bool shell_redirections(struct scanner *s, struct shell_command *command)
{
	size_t digits;
	for (shell_skip_blanks(s); at_redirection(s, &digits); shell_skip_blanks(s)) {
		if (!read_redirection(s, command, digits)) {
			return false;
		}
	}
	return true;
}

/* --- simple commands ------------------------------------------------------------------------ */

static bool is_reserved(const char *word)
{
	static const char *const reserved[] = {"if",
			"then",
			"else",
			"elif",
			"fi",
			"for",
			"while",
			"until",
			"do",
			"done",
			"case",
			"esac",
			"function",
			"select",
			"{",
			"}",
			"!",
			"[[",
			"eval",
			"alias",
			"coproc",
			NULL};
	for (size_t i = 0; reserved[i]; i++) {
		if (!strcmp(word, reserved[i])) {
			return true;
		}
	}
	return false;
}

/* source FILE, . FILE */
static bool sources(const char *word)
{
	return !strcmp(word, "source") || !strcmp(word, ".");
}

/* Whose words or values do not fall into several. */
static bool assigns_words(const struct shell_command *command)
{
	static const char *const names[] = {"export", "local", "declare", "typeset", "readonly"};
	for (size_t i = 0; i < 5 && command->words.count; i++) {
		if (!strcmp(command->words.items[0], names[i])) {
			return true;
		}
	}
	return false;
}

/* declare -A */
static bool declares_keys(const struct shell_command *command)
{
	for (size_t i = 1; i < command->words.count; i++) {
		const char *word = command->words.items[i];
		if (word[0] == '-' && strchr(word, 'A')) {
			return true;
		}
	}
	return false;
}

/* NAME=(A B C), NAME+=(D), NAME[KEY]=VALUE; *ret_is false: it is something else. */
static bool shell_add_array(struct scanner *s, struct shell_command *command, bool *ret_is)
{
	struct name_list *put = &command->assignments;
	const char *at = s->text + s->at;
	size_t length = shell_name_length(at);
	if (command->words.count) {
		put = &command->words;
	}
	const struct shell_array_use use = {.given = put, .put = put, .keyed = declares_keys(command)};
	*ret_is = false;
	if (!length || !s->world->program) {
		return true;
	}
	bool plus = at[length] == '+';
	if (text_begins_with(at + length + plus, "=(")) {
		const char *name = arena_copy(s->arena, at, length);
		s->at += length + plus + 1;
		*ret_is = true;
		return shell_read_array(s, name, plus, &use);
	}
	return shell_read_assignment(s, &use, ret_is);
}

/* NAME+=TEXT, behind what it was. */
static const char *shell_appended(const struct scanner *s,
		const struct shell_command *command,
		const char *word,
		size_t at)
{
	size_t length = shell_name_length(word);
	const char *name = arena_copy(s->arena, word, length);
	const char *was = shell_variable(s, name);
	for (size_t i = 0; i < command->assignments.count; i++) { /* A=1 A+=2 */
		if (text_begins_with(command->assignments.items[i], name)) {
			was = NULL;
		}
	}
	bool known = was && *was != SHELL_FIELD && !shell_is_open(was);
	if (!known) {
		return arena_printf(s->arena, "%s=%s", name, shell_open_text(s->arena, at));
	}
	return arena_printf(s->arena, "%s=%s%s", name, was, word + length + 2);
}

static bool shell_add_word(struct scanner *s, struct shell_command *command)
{
	size_t begin = s->at, length = shell_name_length(s->text + begin);
	size_t plus = length && s->text[begin + length] == '+';
	bool quoted, good, is = false;
	bool named = length && s->text[begin + length + plus] == '=';
	bool assigns = !command->words.count && named;
	bool declares = !command->words.count || assigns_words(command);
	if (declares && !shell_add_array(s, command, &is)) {
		return false;
	}
	if (is) {
		return true;
	}
	const char *word =
			shell_read_word(s, named && (assigns || assigns_words(command)), &quoted, &good);
	if (!word) {
		return good;
	}
	if (plus && assigns) { /* A+=B */
		word = shell_appended(s, command, word, begin);
	}
	bool reads = sources(word) && !s->world->source;
	if (!command->words.count && !assigns && !quoted && (reads || is_reserved(word))) {
		return shell_refuse(s, begin, "something other than simple commands");
	}
	if (assigns) {
		name_list_append(s->arena, &command->assignments, word);
	} else {
		shell_add_fields(s, &command->words, word);
	}
	return true;
}

/* Words and redirections up to an operator. */
static bool read_words(struct scanner *s, struct shell_command *command)
{
	size_t digits;
	for (;;) {
		shell_skip_blanks(s);
		char c = s->text[s->at];
		if (c == '#' || (c == '\r' && s->text[s->at + 1] == '\n')) {
			s->at += strcspn(s->text + s->at, "\n");
		}
		if (at_process(s)) {
			struct shell_word word = {0};
			if (!shell_substitute(s, &word, true)) {
				return false;
			}
			name_list_append(s->arena, &command->words, text_take(s->arena, &word.text));
		} else if (at_redirection(s, &digits)) {
			if (!read_redirection(s, command, digits)) {
				return false;
			}
		} else if (c == '(' || c == ')') {
			return (c == ')' && s->depth) || shell_refuse(s, s->at, "parentheses");
		} else if (shell_is_meta(s->text[s->at])) {
			return true;
		} else if (!shell_add_word(s, command)) {
			return false;
		}
	}
}

static bool shell_is_empty(const struct shell_command *command)
{
	return !command->words.count && !command->assignments.count;
}

static const struct shell_function *called(const struct scanner *s,
		const struct shell_command *command)
{
	for (size_t i = s->function_count; i-- > 0 && command->words.count;) {
		if (!strcmp(s->functions[i].name, command->words.items[0])) {
			return &s->functions[i];
		}
	}
	return NULL;
}

/* A text that stands elsewhere, in place of what calls it: the body of a function, or a whole file.
 */
static bool read_elsewhere(struct scanner *s,
		const struct shell_function *function,
		enum shell_join join,
		struct name_list arguments)
{
	const struct scanner before = *s;
	bool is, good;
	s->text = function->text;
	s->at = function->at;
	s->arguments = arguments;
	s->heres = NULL;
	s->here_count = s->here_capacity = 0;
	if (function->name)
		good = shell_compound(s, join, &is);
	else
		good = shell_read_list(s, join, NULL, NULL);
	s->text = before.text;
	s->at = before.at;
	s->arguments = before.arguments;
	s->heres = before.heres;
	s->here_count = before.here_count;
	s->here_capacity = before.here_capacity;
	return good;
}

/* source FILE: its commands are the shell's own. */
static bool source_file(struct scanner *s, const struct shell_command *command)
{
	const char marks[] = {SHELL_OPEN, SHELL_FIELD, '\0'};
	const char *path = shell_word_at(command, 1), *text = NULL;
	if (command->words.count == 2 && !shell_is_open(path) && ++s->depth <= SHELL_DEPTH_MAX)
		text = s->world->source(s->world->context, path, command->cwd);
	if (!text || strlen(text) > SHELL_TEXT_MAX || strpbrk(text, marks))
		return shell_refuse(s, command->at, "a source command whose file does not exist here");
	const struct shell_function file = {.text = text};
	const size_t from = s->variables.count;
	bool good = read_elsewhere(s, &file, command->join, s->arguments);
	const size_t to = s->variables.count;
	for (size_t i = from; i < to; i++) { /* places in that text are none of this one */
		const char *item = s->variables.items[i];
		if (shell_is_open(item))
			shell_set_open(s, arena_copy(s->arena, item, strcspn(item, "=")), command->at);
	}
	s->depth--;
	return good;
}

/* The body of a function in place of its call. */
static bool call(struct scanner *s,
		const struct shell_function *function,
		const struct shell_command *from)
{
	struct name_list arguments = {0};
	name_list_append(s->arena, &arguments, shell_own_name(s));
	for (size_t i = 1; i < from->words.count; i++) {
		name_list_append(s->arena, &arguments, from->words.items[i]);
	}
	return read_elsewhere(s, function, from->join, arguments);
}

/* One simple command. Dry, it leaves none behind. */
static bool read_simple(struct scanner *s, enum shell_join join)
{
	size_t at = s->at;
	if (s->count == SHELL_COMMANDS_MAX || ++s->steps > SHELL_STEPS_MAX) {
		return shell_refuse(s, s->at, "too many commands");
	}
	struct shell_command command = {.join = join,
			.maybe = s->maybe,
			.repeats = s->repeats,
			.level = s->level,
			.cwd = s->cwd,
			.at = at};
	s->commands = arena_grow(s->arena, s->commands, s->count, &s->capacity, sizeof *s->commands);
	size_t place = s->count++; /* where a here-document will go */
	if (!read_words(s, &command)) {
		return false;
	}
	s->commands[place] = command;
	bool nothing = s->at == at; /* "$@" of none is something */
	if (nothing && shell_is_empty(&command) && !command.output_path) {
		return shell_refuse(s, at, "an operator without a command");
	}
	if (s->dry) {
		s->count = place;
		return shell_apply(s, &command);
	}
	const struct shell_function *function = called(s, &command);
	bool plain = join == SHELL_THEN && !s->maybe && !s->level && !s->repeats;
	if (plain && command.words.count && !strcmp(command.words.items[0], "exit")) {
		s->dry++; /* the rest is only read */
		s->end.exits = true;
		s->end.exit_at = at;
	}
	if (!function && command.words.count && s->world->source && sources(command.words.items[0])) {
		s->count = place;
		return source_file(s, &command);
	}
	if (!function) {
		return shell_apply(s, &s->commands[place]);
	}
	s->count = place;
	return call(s, function, &command);
}

/* A simple command, or a compound one with the redirections behind it. */
static bool read_statement(struct scanner *s, enum shell_join join)
{
	struct shell_command ignored = {0};
	bool is = false;
	while (s->world->program && shell_take_word(s, "!")) {
		s->negated = true;
		shell_skip_blanks(s);
	}
	if (s->world->program && !shell_compound(s, join, &is)) {
		return false;
	}
	if (!is) {
		return read_simple(s, join);
	}
	s->dry++; /* what they give, the commands inside share */
	bool good = shell_redirections(s, &ignored);
	s->dry--;
	return good;
}

/* --- lists ---------------------------------------------------------------------------------- */

/* The operator behind a command; *ret_more false: the list ends here. A newline is passed over with
 * the here-documents behind it. */
static bool read_join(struct scanner *s, size_t first, enum shell_join *ret_join, bool *ret_more)
{
	const char *at = s->text + s->at;
	size_t length = 1;
	if ((*at == '&' || *at == '|') && at[0] == at[1]) {
		length = 2;
	}
	bool both = *at == '|' && at[1] == '&';
	*ret_more = *at && *at != ')' && !text_begins_with(at, ";;") && !text_begins_with(at, ";&");
	*ret_join = SHELL_THEN;
	if (!*ret_more) {
		return true;
	}
	if (*at == '\n') {
		return shell_pass_newline(s);
	}
	if (length == 1 && *at == '&') {
		bool glued = s->at && !strchr(" \t)}", at[-1]) && !shell_is_meta(at[1]);
		if (!s->world->program || glued) { /* rather a URL without quotes */
			return shell_refuse(s, s->at, "a background job");
		}
		while (first < s->count) {
			s->commands[first++].background = true;
		}
	} else if (*at == '|') {
		*ret_join = SHELL_PIPE;
		if (length == 2) {
			*ret_join = SHELL_OR;
		}
	} else if (*at == '&') {
		*ret_join = SHELL_AND;
	} else if (*at != ';') {
		return shell_refuse(s, s->at, "something other than simple commands");
	}
	s->at += length + both;
	return true;
}

static bool take_end(struct scanner *s, const char *const *ends, size_t *ret_end)
{
	for (size_t i = 0; ends && ends[i]; i++) {
		if (shell_take_word(s, ends[i])) {
			*ret_end = i;
			return true;
		}
	}
	return false;
}

/* Do these succeed, as far as anybody cares? */
static bool succeeds(const struct shell_command *command)
{
	static const char *const words[] = {"cd",
			"export",
			"set",
			"ulimit",
			"echo",
			"printf",
			"mkdir",
			"source",
			".",
			"local",
			"declare",
			"readonly",
			"sleep"};
	if (!command->words.count) {
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (!strcmp(command->words.items[0], words[i])) {
			return true;
		}
	}
	return false;
}

/* Does what stands behind && or || run? It depends on the statement that begins at `last`. */
enum behind {
	BEHIND_RUNS,
	BEHIND_RESTS,
	BEHIND_UNKNOWN
};

static enum behind runs_behind(const struct scanner *s, size_t last, enum shell_join join)
{
	bool value = false;
	if (join != SHELL_AND && join != SHELL_OR) {
		return BEHIND_RUNS;
	}
	if (shell_condition(s, last, &value)) {
		if (value == (join == SHELL_AND)) {
			return BEHIND_RUNS;
		}
		return BEHIND_RESTS;
	}
	bool alone = s->count == last + 1 && !s->negated;
	if (join == SHELL_AND && alone && succeeds(&s->commands[last])) {
		return BEHIND_RUNS;
	}
	return BEHIND_UNKNOWN;
}

/* A statement behind an operator: what perhaps does not run is read so. */
static bool read_behind(struct scanner *s, enum shell_join join, enum behind behind)
{
	const bool rests = behind == BEHIND_RESTS;
	const bool perhaps = behind == BEHIND_UNKNOWN && join == SHELL_OR;
	s->negated = false;
	s->dry += rests;
	s->maybe += perhaps;
	bool good = read_statement(s, join);
	s->maybe -= perhaps;
	s->dry -= rests;
	return good;
}

/* Refuses the end of the text where a command or an end of the list must still come. */
static bool list_may_end(struct scanner *s, const char *const *ends, bool over, bool dangling)
{
	size_t at = s->at;
	bool text_ends = !s->text[at];
	if (dangling && (over || text_ends)) {
		return shell_refuse(s, at - (at > 0), "an operator without a command");
	}
	if (text_ends && ends && !over) {
		return shell_refuse(s, at, "an unclosed loop, condition or bracket");
	}
	return true;
}

bool shell_read_list(struct scanner *s,
		enum shell_join join,
		const char *const *ends,
		size_t *ret_end)
{
	enum shell_join inner = join;
	size_t first = s->count;
	size_t last = s->count; /* where the statement before begins */
	size_t place = 0;       /* and where, in the text */
	size_t set = 0;         /* variables that were set for sure, if what follows may not be */
	bool more, dangling = false, open = false;
	for (;;) {
		if (!shell_skip_lines(s)) {
			return false;
		}
		size_t at = s->at;
		bool over = take_end(s, ends, ret_end);
		if (!list_may_end(s, ends, over, dangling)) {
			return false;
		}
		if (over || !s->text[at]) {
			return true;
		}
		if (!dangling) {
			first = s->count;
		}
		enum behind behind = BEHIND_RUNS;
		if (dangling) {
			behind = runs_behind(s, last, inner);
		}
		if (behind == BEHIND_UNKNOWN && !open) {
			set = s->variables.count;
			open = true;
		}
		last = s->count;
		place = at;
		if (!read_behind(s, inner, behind)) {
			return false;
		}
		shell_skip_blanks(s);
		if (!read_join(s, first, &inner, &more)) {
			return false;
		}
		if (open && inner == SHELL_THEN) {
			shell_unsure(s, set, place);
			open = false;
		}
		dangling = inner != SHELL_THEN;
		if (!more && !ends && s->text[s->at]) {
			return shell_refuse(s, s->at, "parentheses");
		}
	}
}

bool shell_read(struct arena *arena,
		const char *text,
		const struct shell_world *world,
		struct shell_command **ret_commands,
		size_t *ret_count,
		struct error *err)
{
	struct scanner s = {.arena = arena, .text = text, .world = world, .err = err};
	const char marks[] = {SHELL_OPEN, SHELL_FIELD, '\0'};
	if (strlen(text) > SHELL_TEXT_MAX) {
		return error_set(err, "the shell text is longer than %d KiB", SHELL_TEXT_MAX / 1024);
	}
	if (strpbrk(text, marks)) {
		return error_set(err, "the shell text contains control characters");
	}
	for (size_t i = 0; i < world->argument_count; i++) {
		name_list_append(arena, &s.arguments, world->arguments[i]);
	}
	if (!shell_read_list(&s, SHELL_THEN, NULL, NULL)) {
		return false;
	}
	*ret_commands = s.commands;
	*ret_count = s.count;
	if (world->end) {
		*world->end = s.end;
	}
	if (s.count || (s.steps && world->end)) {
		return true;
	}
	if (s.steps) { /* functions alone */
		return error_set(err, "the shell text starts no load test");
	}
	return error_set(err, "the shell text is empty");
}
