/* Quotes words for a shell, and takes a rule's command apart. */
#include "base/shell.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
						   "@%+=:,./_-";

/* What a page shows as something else cannot be copied from it: control characters, bytes that are
 * no UTF-8, characters without a width. */
static bool is_shown_as_it_is(struct arena *arena, const char *text)
{
	return strcmp(text, text_clean(arena, text, strlen(text), 0)) == 0;
}

const char *shell_word(struct arena *arena, const char *text)
{
	struct text out = {0};
	if (!text || !*text)
		return NULL;
	if (text[strspn(text, safe)] == '\0' && !strstr(text, "::"))
		return text;
	if (!is_shown_as_it_is(arena, text))
		return NULL;
	text_add(&out, "'");
	for (; *text; text++) {
		if (*text == '\'')
			text_add(&out, "'\\''");
		else
			text_add_bytes(&out, text, 1);
	}
	text_add(&out, "'");
	return text_take(arena, &out);
}

/* NAME="a b": the quotes stand where people write them. NULL: it needs others, or none. */
static const char *assignment(struct arena *arena, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
								"@%+=:,./_- ";
	size_t name = strspn(text, "abcdefghijklmnopqrstuvwxyz_.0123456789/-");
	if (name == 0 || text[name] != '=')
		return NULL;
	const char *value = text + name + 1;
	if (!strchr(value, ' ') || value[strspn(value, plain)] != '\0')
		return NULL;
	return arena_printf(arena, "%.*s=\"%s\"", (int)name, text, value);
}

const char *shell_shown(struct arena *arena, const char *text)
{
	if (!*text)
		return "''";
	if (strcmp(text, "$$") == 0)
		return text;
	const char *shown = assignment(arena, text);
	if (shown)
		return shown;
	return shell_word(arena, text);
}

bool shell_is_placeholder(const char *word)
{
	size_t length = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ/");
	return length >= 5 && word[length] == '\0' && word[0] != '/';
}

struct command_words *shell_add(struct arena *arena, struct shell_script *script)
{
	script->items = arena_grow(arena,
			script->items,
			script->count,
			&script->capacity,
			sizeof *script->items);
	script->items[script->count] = (struct command_words){0};
	return &script->items[script->count++];
}

void shell_add_words(struct arena *arena, struct shell_script *script, ...)
{
	struct command_words *command = shell_add(arena, script);
	va_list words;
	va_start(words, script);
	for (const char *word = va_arg(words, const char *); word; word = va_arg(words, const char *))
		name_list_append(arena, &command->words, word);
	va_end(words);
}

const char *shell_line(struct arena *arena, const struct command_words *command)
{
	struct text out = {0};
	bool good = true;
	for (size_t i = 0; i < command->words.count; i++) {
		const char *word = shell_shown(arena, command->words.items[i]);
		good = good && word;
		if (i > 0)
			text_add(&out, " ");
		if (word)
			text_add(&out, word);
	}
	const char *line = text_take(arena, &out);
	if (!good)
		return NULL;
	return line;
}

const char *shell_lines(struct arena *arena, const struct shell_script *script)
{
	const char *all = NULL;
	for (size_t i = 0; i < script->count; i++) {
		const char *line = shell_line(arena, &script->items[i]);
		if (!line)
			return NULL;
		if (all)
			line = arena_printf(arena, "%s\n%s", all, line);
		all = line;
	}
	return all;
}

/* One word; quotes are taken off. Returns where it ends. */
static const char *parse_word(const char *at, struct text *out)
{
	char quote = '\0';
	for (; *at && (quote || !strchr(" \n", *at)); at++) {
		if (quote && *at == quote)
			quote = '\0';
		else if (!quote && strchr("\"'", *at))
			quote = *at;
		else
			text_add_bytes(out, at, 1);
	}
	return at;
}

struct shell_script shell_parse(struct arena *arena, const char *text, const char **ret_remark)
{
	struct shell_script script = {0};
	struct command_words *command = NULL;
	*ret_remark = NULL;
	for (const char *at = text; *at;) {
		if (*at == '#') {
			at++;
			*ret_remark = arena_strdup(arena, at + strspn(at, " "));
			break;
		}
		if (*at == ' ' || *at == '\n') {
			if (*at == '\n')
				command = NULL;
			at++;
			continue;
		}
		struct text word = {0};
		at = parse_word(at, &word);
		const char *taken = text_take(arena, &word);
		if (strcmp(taken, "&&") == 0) {
			command = NULL;
			continue;
		}
		if (!command)
			command = shell_add(arena, &script);
		name_list_append(arena, &command->words, taken);
	}
	return script;
}
