/* HAProxy's configuration: lines and their words. Conditions (.if) are read as if all held.
 * Sources: doc/configuration.txt (2.2 to 2.4). */
#include <string.h>

#include "base/text.h"
#include "probes/plan/haproxy/haproxy.h"

enum {
	WORDS_MAX = 128
};

const char *haproxy_where(const struct haproxy *h)
{
	return arena_printf(h->arena, "%s:%zu", h->file, h->line);
}

bool haproxy_refuse(struct haproxy *h, const char *what, const char *word)
{
	return error_set(h->err, "%s:%zu: %s \"%.60s\"", h->file, h->line, what, word);
}

/* "${NAME}" or "$NAME" inside quotes: the variable, or its default "${NAME-5}". */
static const char *haproxy_variable(const struct haproxy *h, const char **at)
{
	const char *name = *at + 1;
	bool braced = *name == '{';
	name += braced;
	size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	const char *value =
			plan_variable(h->context, h->command, arena_copy(h->arena, name, length), h->plan);
	*at = name + length;
	if (braced && **at == '-') {
		size_t other = strcspn(*at + 1, "}");
		if (!value)
			value = arena_copy(h->arena, *at + 1, other);
		*at += 1 + other;
	}
	if (braced && **at == '}')
		++*at;
	if (!value)
		return "";
	return value;
}

/* The line that is being split. */
struct splitting {
	struct text word;
	char quote;
	bool inside; /* a word has begun */
};

/* One character of a word; *at is left at its last. */
static void take_character(const struct haproxy *h, struct splitting *s, const char **at)
{
	char now = **at;
	bool opens = !s->quote && (now == '"' || now == '\'');
	s->inside = true;
	if (now == s->quote) {
		s->quote = '\0';
	} else if (opens) {
		s->quote = now;
	} else if (now == '$' && s->quote == '"') {
		text_add(&s->word, haproxy_variable(h, at));
		--*at;
	} else {
		if (now == '\\' && s->quote != '\'' && (*at)[1])
			++*at;
		text_add_bytes(&s->word, *at, 1);
	}
}

/* The words of a line: quotes, backslashes, comments. */
static size_t split(struct haproxy *h, const char *line, size_t length, const char **words)
{
	struct splitting s = {.quote = '\0'};
	size_t count = 0;
	for (const char *at = arena_copy(h->arena, line, length);; at++) {
		char now = *at;
		bool ends = now == '\0' || (now == '#' && !s.quote);
		if (!ends && (s.quote || !strchr(" \t\r", now))) {
			take_character(h, &s, &at);
			continue;
		}
		if (s.inside && count < WORDS_MAX - 1)
			words[count++] = arena_copy(h->arena, text_string(&s.word), s.word.length);
		text_clear(&s.word);
		s.inside = false;
		if (ends)
			break;
	}
	text_release(&s.word);
	words[count] = NULL;
	return count;
}

bool haproxy_read_file(struct haproxy *h, const char *path)
{
	const char *bytes, *words[WORDS_MAX];
	size_t length;
	if (!plan_file(h->context, h->command, path, "-f", &bytes, &length, h->err))
		return false;
	h->file = path;
	h->line = 0;
	const char *at = bytes, *end = bytes + length;
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *next = end;
		if (stop)
			next = stop + 1;
		else
			stop = end;
		h->line++;
		h->words = words;
		h->word_count = split(h, at, (size_t)(stop - at), words);
		h->name = words[0];
		h->value = NULL;
		if (h->name)
			h->value = words[1];
		if (h->word_count && !haproxy_line(h))
			return false;
		at = next;
	}
	return true;
}
