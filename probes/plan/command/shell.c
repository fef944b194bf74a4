/* A small part of the shell's grammar, read character by character (POSIX.1-2017,
 * XCU 2.2, 2.3, 2.9). */
#include "probes/plan/command/shell.h"

#include <string.h>

#include "base/ascii.h"
#include "base/list.h"
#include "base/text.h"

struct scanner {
	struct arena *arena;
	const char *text;
	size_t at;
	shell_variable_fn *variable;
	const void *context;
	struct shell_command *commands; /* the last one is being read */
	size_t count, capacity;
	struct error *err;
};

/* One word while it is read. */
struct word {
	struct text text;
	bool any;    /* quotes make an empty word a word */
	bool quoted; /* some of it was */
	bool glob, brace;
};

static bool shell_refuse(const struct scanner *s, size_t at, const char *what)
{
	/* The word alone: what follows may be anybody's password. */
	size_t left = strcspn(s->text + at, " \t\n\"'");
	if (left == 0 && s->text[at])
		left = 1;
	return error_set(s->err,
			"the shell text holds %s near \"%s\": only what can be known without running it is "
			"read; "
			"give the load test's command itself after \"--\"",
			what,
			text_clean(s->arena, s->text + at, left < 40 ? left : 40, 40));
}

static bool is_name_start(char c)
{
	return ascii_is_letter(c) || c == '_';
}

static size_t shell_name_length(const char *text)
{
	size_t length = 0;
	if (!is_name_start(*text))
		return 0;
	while (ascii_is_name(text[length]))
		length++;
	return length;
}

static bool is_meta(char c)
{
	return !c || strchr(" \t\n;|&<>()", c);
}

/* "NAME=VALUE" entries, the last one first. */
static const char *find_assignment(const struct name_list *list, size_t from, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = list->count; i-- > from;)
		if (!strncmp(list->items[i], name, length) && list->items[i][length] == '=')
			return list->items[i] + length + 1;
	return NULL;
}

/* Set earlier in the text (alone or by export), else where the shell runs. */
static const char *look_up(const struct scanner *s, const char *name)
{
	for (size_t i = s->count; i-- > 0;) {
		const struct shell_command *command = &s->commands[i];
		bool export = command->words.count && !strcmp(command->words.items[0], "export");
		const char *value = export     ? find_assignment(&command->words, 1, name)
				: command->words.count ? NULL
									   : find_assignment(&command->assignments, 0, name);
		if (value)
			return value;
	}
	return s->variable ? s->variable(s->context, name) : NULL;
}

/* The end of ${NAME:-WORD}, ${NAME-WORD} and their := and = forms, where WORD is plain text; else
 * NULL. `at` is behind NAME. */
static const char *default_end(const char *at, const char **ret_word)
{
	at += *at == ':';
	if (*at != '-' && *at != '=')
		return NULL;
	*ret_word = at + 1;
	const char *end = at + 1 + strcspn(at + 1, "}$`\\'\"{\n");
	return *end == '}' ? end : NULL;
}

/* $NAME or ${NAME}; s->at is behind the dollar sign. Unquoted, a value that would fall into several
 * words is refused. */
static bool expand(struct scanner *s, struct word *word, bool quoted)
{
	size_t dollar = s->at - 1;
	bool braces = s->text[s->at] == '{';
	size_t begin = s->at + braces, length = shell_name_length(s->text + begin);
	if (!length && !braces &&
			(is_meta(s->text[s->at]) || s->text[s->at] == '"')) { /* a dollar sign alone */
		text_add(&word->text, "$");
		return word->any = true;
	}
	const char *behind = s->text + begin + length, *word_else = NULL, *end = behind;
	if (!length || (braces && *behind != '}' && !(end = default_end(behind, &word_else))))
		return shell_refuse(s, dollar, "an expansion");
	const char *name = arena_copy(s->arena, s->text + begin, length), *value = look_up(s, name);
	if (word_else && (!value || (!*value && *behind == ':')))
		value = arena_copy(s->arena, word_else, (size_t)(end - word_else));
	if (!value)
		return error_set(s->err,
				"the shell text uses $%.60s, which is not set; write %.60s=VALUE; in front of it "
				"(with "
				"--facts, this shell's own variables do not count)",
				name,
				name);
	if (!quoted && strpbrk(value, " \t\n*?["))
		return shell_refuse(s, dollar, "an unquoted variable of several words");
	text_add(&word->text, value);
	word->any |= quoted || *value;
	s->at = (size_t)(end - s->text) + braces;
	return true;
}

static bool single_quoted(struct scanner *s, struct word *word)
{
	const char *end = strchr(s->text + s->at + 1, '\'');
	if (!end)
		return shell_refuse(s, s->at, "a quote that does not end");
	text_add_bytes(&word->text, s->text + s->at + 1, (size_t)(end - s->text) - s->at - 1);
	word->any = word->quoted = true;
	s->at = (size_t)(end - s->text) + 1;
	return true;
}

static bool double_quoted(struct scanner *s, struct word *word)
{
	size_t begin = s->at++;
	word->any = word->quoted = true;
	while (s->text[s->at] != '"') {
		char c = s->text[s->at];
		if (!c)
			return shell_refuse(s, begin, "a quote that does not end");
		if (c == '`')
			return shell_refuse(s, s->at, "a command substitution");
		s->at++;
		if (c == '$') {
			if (!expand(s, word, true))
				return false;
		} else if (c == '\\' && s->text[s->at] && strchr("$`\"\\\n", s->text[s->at])) {
			if (s->text[s->at] != '\n')
				text_add_bytes(&word->text, s->text + s->at, 1);
			s->at++;
		} else {
			text_add_bytes(&word->text, &c, 1);
		}
	}
	s->at++;
	return true;
}

/* bash's $'…': the escapes that C has, without numbers. */
static bool dollar_quoted(struct scanner *s, struct word *word)
{
	static const char from[] = "ntr\\'\"", to[] = "\n\t\r\\'\"";
	size_t begin = s->at;
	word->any = word->quoted = true;
	for (s->at += 2; s->text[s->at] != '\''; s->at++) {
		const char *escape = NULL;
		if (!s->text[s->at] || (s->text[s->at] == '\\' && !s->text[s->at + 1]))
			return shell_refuse(s, begin, "a quote that does not end");
		if (s->text[s->at] == '\\' && !(escape = strchr(from, s->text[++s->at])))
			return shell_refuse(s, begin, "an escape in $'…'");
		text_add_bytes(&word->text, escape ? &to[escape - from] : &s->text[s->at], 1);
	}
	s->at++;
	return true;
}

static bool home(struct scanner *s, struct word *word)
{
	const char *value = look_up(s, "HOME");
	if (!value || !(is_meta(s->text[s->at + 1]) || s->text[s->at + 1] == '/'))
		return shell_refuse(s, s->at, "a home directory");
	text_add(&word->text, value);
	s->at++;
	return word->any = true;
}

static bool read_piece(struct scanner *s, struct word *word)
{
	char c = s->text[s->at];
	if (c == '\'')
		return single_quoted(s, word);
	if (c == '"')
		return double_quoted(s, word);
	if (c == '$' && s->text[s->at + 1] == '\'')
		return dollar_quoted(s, word);
	static const char raise[] =
			"$(ulimit -Hn)"; /* what it prints is known by name: ulimit -n takes it, too */
	if (text_begins_with(s->text + s->at, raise)) {
		text_add(&word->text, "hard");
		s->at += sizeof raise - 1;
		return word->any = true;
	}
	if (c == '`' || (c == '$' && s->text[s->at + 1] == '('))
		return shell_refuse(s, s->at, "a command substitution");
	if (c == '~' && !word->any)
		return home(s, word);
	s->at++;
	if (c == '$')
		return expand(s, word, false);
	if (c == '\\') {
		if (!s->text[s->at])
			return shell_refuse(s, s->at - 1, "a backslash at the end");
		word->any |= s->text[s->at] != '\n';
		if (s->text[s->at++] != '\n')
			text_add_bytes(&word->text, s->text + s->at - 1, 1);
		return true;
	}
	word->glob |= c == '*' || c == '?' || c == '[';
	word->brace |= c == '{';
	text_add_bytes(&word->text, &c, 1);
	return word->any = true;
}

/* A URL's question mark matches no file in practice; any other pattern would have to be matched. */
static bool check_word(const struct scanner *s, const struct word *word, size_t begin)
{
	if (word->glob && !strstr(word->text.data, "://"))
		return shell_refuse(s, begin, "a file name pattern");
	if (word->brace && strpbrk(word->text.data, ",") && strchr(word->text.data, '}'))
		return shell_refuse(s, begin, "a brace expansion");
	return true;
}

/* The word that begins here, in the arena; NULL with err, or without where none begins. */
static const char *shell_read_word(struct scanner *s, bool *ret_quoted, bool *ret_good)
{
	struct word word = {0};
	size_t begin = s->at;
	*ret_good = true;
	while (*ret_good && !is_meta(s->text[s->at]))
		*ret_good = read_piece(s, &word);
	*ret_good = *ret_good && (!word.text.data || check_word(s, &word, begin));
	const char *result = *ret_good && word.any ? arena_strdup(s->arena, text_string(&word.text))
											   : NULL;
	*ret_quoted = word.quoted;
	text_release(&word.text);
	return result;
}

static void shell_skip_blanks(struct scanner *s)
{
	for (;;) {
		if (s->text[s->at] == '\\' && s->text[s->at + 1] == '\n')
			s->at += 2;
		else if (s->text[s->at] == ' ' || s->text[s->at] == '\t')
			s->at++;
		else
			return;
	}
}

/* < FILE, <<< TEXT, and outputs, which change nothing here. `digits` before it are gone already. */
static bool redirect(struct scanner *s, struct shell_command *command)
{
	size_t begin = s->at, length = strspn(s->text + s->at, "<>&|");
	bool input = s->text[begin] == '<', here = text_begins_with(s->text + begin, "<<<"), quoted,
		 good;
	if (input && !here && length > 1)
		return shell_refuse(s, begin, "a redirection");
	if (here)
		length = 3;
	s->at += length;
	shell_skip_blanks(s);
	if (s->text[s->at] == '(')
		return shell_refuse(s, begin, "a process substitution");
	const char *word = shell_read_word(s, &quoted, &good);
	if (!word)
		return good ? shell_refuse(s, begin, "a redirection without a name") : false;
	if (here)
		command->input = arena_printf(s->arena, "%s\n", word);
	else if (input)
		command->input_path = word;
	return true;
}

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
			"source",
			".",
			"trap",
			"alias",
			"coproc",
			NULL};
	for (size_t i = 0; reserved[i]; i++)
		if (!strcmp(word, reserved[i]))
			return true;
	return false;
}

static struct shell_command *begin_command(struct scanner *s, enum shell_join join)
{
	if (s->count == SHELL_COMMANDS_MAX) {
		(void)shell_refuse(s, s->at, "too many commands");
		return NULL;
	}
	s->commands = arena_grow(s->arena, s->commands, s->count, &s->capacity, sizeof *s->commands);
	s->commands[s->count] = (struct shell_command){.join = join, .at = s->at};
	return &s->commands[s->count++];
}

/* Digits right before < or > are a descriptor. */
static bool at_redirection(const struct scanner *s, size_t *ret_digits)
{
	*ret_digits = strspn(s->text + s->at, "0123456789");
	const char *at = s->text + s->at + *ret_digits;
	return *at == '<' || *at == '>' || (*at == '&' && at[1] == '>');
}

static bool shell_add_word(struct scanner *s, struct shell_command *command)
{
	size_t begin = s->at;
	bool quoted, good;
	const char *word = shell_read_word(s, &quoted, &good);
	if (!word)
		return good;
	size_t length = shell_name_length(word);
	bool assigns = !command->words.count && length && word[length] == '=' &&
			shell_name_length(s->text + begin) == length;
	if (!command->words.count && !assigns && !quoted && is_reserved(word))
		return shell_refuse(s, begin, "more than simple commands");
	name_list_append(s->arena, assigns ? &command->assignments : &command->words, word);
	return true;
}

/* Words and redirections up to an operator. */
static bool read_command(struct scanner *s, struct shell_command *command)
{
	size_t digits;
	for (;;) {
		shell_skip_blanks(s);
		char c = s->text[s->at];
		if (c == '#')
			s->at += strcspn(s->text + s->at, "\n");
		else if (at_redirection(s, &digits)) {
			s->at += digits + (s->text[s->at + digits] == '&');
			if (!redirect(s, command))
				return false;
		} else if (c == '(' || c == ')') {
			return shell_refuse(s, s->at, "parentheses");
		} else if (is_meta(c)) {
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

/* The operator between two commands; false with err where the shell text is not understood. */
static bool read_join(struct scanner *s, enum shell_join *ret_join)
{
	const char *at = s->text + s->at;
	size_t length = at[0] == at[1] && (*at == '&' || *at == '|') ? 2 : 1;
	bool both = *at == '|' && at[1] == '&';
	if (length == 1 && *at == '&')
		return shell_refuse(s, s->at, "a background job");
	*ret_join = *at == '|' ? length == 2 ? SHELL_OR : SHELL_PIPE
			: *at == '&'   ? SHELL_AND
						   : SHELL_THEN;
	s->at += length + both;
	return true;
}

bool shell_read(struct arena *arena,
		const char *text,
		shell_variable_fn *variable,
		const void *context,
		struct shell_command **ret_commands,
		size_t *ret_count,
		struct error *err)
{
	struct scanner s = {.arena = arena,
			.text = text,
			.variable = variable,
			.context = context,
			.err = err};
	enum shell_join join = SHELL_THEN;
	if (strlen(text) > SHELL_TEXT_MAX)
		return error_set(err, "the shell text is longer than %d KiB", SHELL_TEXT_MAX / 1024);
	for (;;) {
		struct shell_command *command = begin_command(&s, join);
		if (!command || !read_command(&s, command))
			return false;
		bool end = !text[s.at];
		if (shell_is_empty(command)) {
			if (join != SHELL_THEN || (!end && text[s.at] != '\n'))
				return shell_refuse(&s, command->at, "an operator without a command");
			s.count--;
		}
		if (end)
			break;
		if (!read_join(&s, &join))
			return false;
		if (join != SHELL_THEN)
			s.at += strspn(text + s.at, " \t\n");
	}
	*ret_commands = s.commands;
	*ret_count = s.count;
	return s.count || error_set(err, "the shell text is empty");
}
