/* Rebuilds a command line from what is understood of it. */
#include "probes/plan/command/mask.h"

#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"
#include "probes/plan/command/harmless.h"
#include "probes/plan/command/shell.h"

static const char hidden[] = "***";

enum {
	OPTION_CHARS = 40,
	DEPTH_MAX = 4
};

struct mask {
	struct arena *arena;
	int depth; /* of sh -c */
};

static struct name_list mask_words(const struct mask *mask, const char *const *words, size_t count);

static size_t name_length(const char *text)
{
	size_t length = 0;
	while (ascii_is_name(text[length]) || strchr("-.", text[length] ? text[length] : '\n'))
		length++;
	return length;
}

/* --- values
 * ------------------------------------------------------------------------------------ */

/* "$TARGET": the name of a variable says nothing of its value. */
static bool is_variable(const char *text)
{
	if (text[0] != '$' || !text[1])
		return false;
	for (text++; *text; text++) {
		if (!ascii_is_name(*text))
			return false;
	}
	return true;
}

/* One text without blanks. */
static const char *mask_value(const struct mask *mask, const char *value)
{
	const char *url = harmless_url(mask->arena, value);
	if (url)
		return url;
	if (harmless_number(value) || harmless_address(value) || harmless_file(value) ||
			harmless_word(value) || is_variable(value))
		return value;
	return hidden;
}

/* Headers whose values are the same for everybody. */
static bool is_plain_header(const char *name, size_t length)
{
	static const char *const plain[] = {
			"Accept",
			"Accept-Encoding",
			"Connection",
			"Content-Type",
			"Host",
			"Keep-Alive",
			"Upgrade",
			"Expect",
	};
	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		if (strlen(plain[i]) == length && !strncmp(plain[i], name, length))
			return true;
	}
	return false;
}

static bool is_plain_header_value(const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
								"/;,*=+.- ";
	static const char *const begin[] = {"close",
			"keep-alive",
			"Keep-Alive",
			"Close",
			"text/",
			"application/",
			"*/*",
			"gzip",
			"identity",
			"timeout=",
			"websocket",
			"Upgrade",
			"100-continue"};
	if (strlen(value) > OPTION_CHARS || value[strspn(value, plain)])
		return harmless_address(value);
	for (size_t i = 0; i < COUNT_OF(begin); i++) {
		if (text_begins_with(value, begin[i]))
			return true;
	}
	return harmless_number(value) || harmless_address(value);
}

/* "Name: value"; NULL: it is none. */
static const char *mask_header(const struct mask *mask, const char *text)
{
	size_t length = name_length(text);
	if (!length || length > OPTION_CHARS || text[length] != ':')
		return NULL;
	const char *value = text + length + 1;
	size_t blanks = strspn(value, " ");
	if (!blanks && *value)
		return NULL;
	if (is_plain_header(text, length) && is_plain_header_value(value + blanks))
		return text;
	return arena_printf(mask->arena, "%.*s: %s", (int)length, text, hidden);
}

/* "NAME=value"; NULL: it is none. */
static const char *mask_assignment(const struct mask *mask, const char *text)
{
	size_t length = name_length(text);
	if (!length || length > OPTION_CHARS || text[length] != '=')
		return NULL;
	if (!text[length + 1 + strspn(text + length + 1, "=")])
		return NULL; /* the end of a text in base64 */
	const char *value = mask_value(mask, text + length + 1);
	if (harmless_not(text, length))
		value = hidden;
	return arena_printf(mask->arena, "%.*s=%s", (int)length, text, value);
}

/* Texts with blanks, part by part: "GET http://10.0.0.5/". */
static const char *mask_parts(const struct mask *mask, const char *text)
{
	static const char blanks[] = " \t\r\n";
	struct text out = {0};
	while (*text) {
		size_t gap = strspn(text, blanks);
		text_add_bytes(&out, text, gap);
		text += gap;
		size_t length = strcspn(text, blanks);
		const char *part = arena_copy(mask->arena, text, length);
		if (length)
			text_add(&out, mask_value(mask, part));
		text += length;
	}
	return text_take(mask->arena, &out);
}

static const char *mask_text(const struct mask *mask, const char *text)
{
	const char *found = mask_header(mask, text);
	if (found)
		return found;
	if (strpbrk(text, "{}<>\"'\\"))
		return hidden;
	if (strpbrk(text, " \t\r\n"))
		return mask_parts(mask, text);
	const char *value = mask_value(mask, text);
	if (value == hidden)
		found = mask_assignment(mask, text);
	if (found)
		return found;
	return value;
}

/* --- options
 * ------------------------------------------------------------------------------------ */

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && !ascii_is_digit(word[1]) && word[1] != '.';
}

/* "-c400", "-d30s", "-sS": a letter, then its value or more letters. */
static const char *mask_letters(const struct mask *mask, const char *word)
{
	enum {
		JOINED = 3
	};
	size_t letters = name_length(word + 1);
	bool few = letters <= JOINED && !word[1 + letters];
	if (!word[2] || few || harmless_number(word + 2))
		return word;
	const char *value = mask_text(mask, word + 2);
	return arena_printf(mask->arena, "-%c%s", word[1], value);
}

static const char *mask_option(const struct mask *mask, const char *word)
{
	size_t dashes = strspn(word, "-");
	const char *name = word + dashes;
	size_t length = name_length(name);
	bool equals = name[length] == '=';
	bool known = dashes > 1 || equals || harmless_option(name, length);
	if (dashes > 2 || length > OPTION_CHARS || (name[length] && !equals))
		known = false;
	if (!known && dashes == 1)
		return mask_letters(mask, word);
	if (!known)
		return hidden;
	if (!equals)
		return word;
	const char *value = name + length + 1;
	const char *shown = mask_text(mask, value);
	if (harmless_not(name, length))
		shown = hidden;
	return arena_printf(mask->arena, "%.*s%s", (int)(value - word), word, shown);
}

/* Options whose next word is a secret in some tool: credentials of ab, hey, curl, mysql, sshpass.
 */
static bool takes_secret(const char *option)
{
	static const char *const known[] = {"-A", "-P", "-a", "-u", "-U", "--user", "--proxy-user"};
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (!strcmp(known[i], option))
			return true;
	}
	return is_option(option) && !strchr(option, '=') && harmless_not(option, strlen(option));
}

/* --- sh -c
 * ------------------------------------------------------------------------------------ */

static const char *keep_variable(const void *context, const char *name)
{
	const struct mask *mask = context;
	return arena_printf(mask->arena, "$%s", name);
}

/* As a shell reads it again: in quotes where needed. */
static void add_word(struct text *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
								"-_./:,=@%+*$[]";
	const char *quote = "";
	if (!*word || word[strspn(word, plain)])
		quote = "\"";
	text_addf(out, "%s%s%s", quote, word, quote);
}

static void add_list(struct text *out, const struct name_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (out->length && out->data[out->length - 1] != ' ')
			text_add(out, " ");
		add_word(out, list->items[i]);
	}
}

static void add_command(const struct mask *mask,
		struct text *out,
		const struct shell_command *command,
		bool first)
{
	static const char *const joins[] = {
			[SHELL_THEN] = "; ",
			[SHELL_AND] = " && ",
			[SHELL_OR] = " || ",
			[SHELL_PIPE] = " | ",
	};
	if (!first)
		text_add(out, joins[command->join]);
	const struct name_list *before = &command->assignments, *words = &command->words;
	const struct name_list assignments = mask_words(mask, before->items, before->count);
	const struct name_list masked = mask_words(mask, words->items, words->count);
	add_list(out, &assignments);
	add_list(out, &masked);
	if (command->input_path)
		text_addf(out, " < %s", mask_text(mask, command->input_path));
	if (command->input)
		text_addf(out, " <<< %s", hidden);
}

/* What is not understood is hidden as a whole. */
static const char *mask_shell(const struct mask *mask, const char *script)
{
	struct shell_command *commands;
	struct error ignored = {0};
	struct text out = {0};
	size_t count;
	const struct mask inner = {mask->arena, mask->depth + 1};
	const struct shell_world world = {
			.context = &inner,
			.variable = keep_variable,
	};
	if (mask->depth == DEPTH_MAX ||
			!shell_read(mask->arena, script, &world, &commands, &count, &ignored))
		return hidden;
	for (size_t i = 0; i < count; i++)
		add_command(&inner, &out, &commands[i], i == 0);
	return text_take(mask->arena, &out);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (slash)
		return slash + 1;
	return path;
}

static bool is_shell(const char *word)
{
	static const char *const shells[] = {"sh", "bash", "dash", "ash", "ksh", "zsh"};
	for (size_t i = 0; i < COUNT_OF(shells); i++) {
		if (!strcmp(shells[i], base_name(word)))
			return true;
	}
	return false;
}

/* Is the word at `at` what a shell is to execute: "sh -c TEXT", "bash -o pipefail -ec TEXT"? */
static bool is_script(const char *const *words, size_t at)
{
	if (at < 2)
		return false;
	const char *option = words[at - 1];
	if (option[0] != '-' || option[1] == '-' || option[strlen(option) - 1] != 'c')
		return false;
	for (size_t i = at - 1; i-- > 0;) {
		if (is_shell(words[i]))
			return true;
	}
	return false;
}

/* --- all of it
 * ------------------------------------------------------------------------------------ */

/* The program itself: a plain name, or a path. */
static const char *mask_program(const struct mask *mask, const char *word)
{
	size_t length = name_length(word);
	if (length && length <= OPTION_CHARS && !word[length])
		return word;
	return mask_text(mask, word);
}

static const char *mask_word(const struct mask *mask, const char *const *words, size_t at)
{
	const char *word = words[at];
	if (at > 0 && is_script(words, at))
		return mask_shell(mask, word);
	if (at > 0 && takes_secret(words[at - 1]) && !is_option(word) && !harmless_number(word))
		return hidden;
	if (at > 0 && harmless_not(words[at - 1], strlen(words[at - 1])) && is_option(words[at - 1]))
		return hidden;
	if (is_option(word))
		return mask_option(mask, word);
	if (at == 0 && !strchr(word, '='))
		return mask_program(mask, word);
	return mask_text(mask, word);
}

static struct name_list mask_words(const struct mask *mask, const char *const *words, size_t count)
{
	struct name_list list = {0};
	for (size_t i = 0; i < count; i++)
		name_list_append(mask->arena, &list, mask_word(mask, words, i));
	return list;
}

struct name_list mask_command(struct arena *arena, const char *const *words, size_t count)
{
	const struct mask mask = {.arena = arena};
	return mask_words(&mask, words, count);
}

const char *mask_line(struct arena *arena, const char *const *words, size_t count)
{
	const struct name_list list = mask_command(arena, words, count);
	struct text line = {0};
	for (size_t i = 0; i < list.count; i++) {
		if (i > 0)
			text_add(&line, " ");
		text_add(&line, list.items[i]);
	}
	return text_take(arena, &line);
}

/* Credentials in a URL, wherever it stands in the word. */
static const char *mask_own_word(struct arena *arena, const char *word)
{
	const char *scheme = strstr(word, "://");
	if (!scheme)
		return word;
	const char *begin = scheme;
	while (begin > word && ascii_is_letter(begin[-1]))
		begin--;
	const char *url = harmless_url(arena, begin);
	if (!url)
		return hidden;
	return arena_printf(arena, "%.*s%s", (int)(begin - word), word, url);
}

struct name_list mask_own_command(struct arena *arena, const char *const *words, size_t count)
{
	struct name_list list = {0};
	size_t at = 0;
	for (; at < count; at++) {
		name_list_append(arena, &list, mask_own_word(arena, words[at]));
		if (!strcmp(words[at], "--"))
			break;
	}
	if (at >= count)
		return list;
	at++;
	const struct name_list rest = mask_command(arena, words + at, count - at);
	for (size_t i = 0; i < rest.count; i++)
		name_list_append(arena, &list, rest.items[i]);
	return list;
}

const char *mask_message(struct arena *arena, const char *message)
{
	const struct mask mask = {.arena = arena};
	struct text out = {0};
	for (;;) {
		const char *open = strchr(message, '"');
		const char *close = NULL;
		if (open)
			close = strrchr(open + 1, '"');
		if (!close)
			break;
		/* A quoted text may hold quotes: the last one ends it, unless a clause is between. */
		const char *next = strstr(open + 1, "\" ");
		if (next && next < close)
			close = next;
		const char *quoted = arena_copy(arena, open + 1, (size_t)(close - open) - 1);
		text_add_bytes(&out, message, (size_t)(open - message) + 1);
		text_addf(&out, "%s\"", mask_text(&mask, quoted));
		message = close + 1;
	}
	text_add(&out, message);
	return text_take(arena, &out);
}
