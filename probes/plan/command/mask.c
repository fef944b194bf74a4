/* Masking by form: it errs on the side of hiding and knows no tool. */
#include "probes/plan/command/mask.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/text.h"

/* Parts of names that tell a secret. */
static const char *const telling[] = {"authorization",
		"cookie",
		"token",
		"secret",
		"passw",
		"apikey",
		"api-key",
		"api_key",
		"credential",
		"private",
		"session",
		"signature",
		NULL};
/* Options whose next word is one. */
static const char *const options[] = {"-A",
		"-P",
		"-a",
		"-u",
		"-U",
		"--auth",
		"--user",
		"--password",
		"--token",
		"--user-pass",
		"--proxy-user",
		NULL};

static bool mask_is_name(char c)
{
	return ascii_is_name(c) || c == '-';
}

static bool tells(const char *name, size_t length)
{
	for (size_t i = 0; telling[i]; i++)
		for (size_t at = 0; at + strlen(telling[i]) <= length; at++)
			if (!strncasecmp(name + at, telling[i], strlen(telling[i])))
				return true;
	return false;
}

/* user:password@ behind a scheme; text[at] is the first character behind "://". */
static size_t mask_userinfo(struct text *out, const char *text, size_t at)
{
	size_t length = strcspn(text + at, "/?# '\"\t\n"), last = 0;
	for (size_t i = 0; i < length; i++)
		last = text[at + i] == '@' ? i : last;
	if (last)
		text_add(out, "***");
	return at + last;
}

/* "Name: value" and "NAME=value": the value ends with its quote, or where a word ends unless it is
 * a header. */
static size_t mask_value(struct text *out, const char *text, size_t at)
{
	bool header = text[at] == ':';
	text_add_bytes(out, text + at, 1);
	at++;
	size_t blanks = strspn(text + at, " ");
	bool quote = text[at + blanks] == '"' || text[at + blanks] == '\'';
	text_add_bytes(out, text + at, blanks + quote);
	at += blanks + quote;
	size_t length = strcspn(text + at, header || quote ? "'\"\n" : " '\"\n;&|");
	if (length)
		text_add(out, "***");
	return at + length;
}

static const char *mask_text(struct arena *arena, const char *text)
{
	struct text out = {0};
	for (size_t at = 0; text[at];) {
		size_t name = 0;
		while (mask_is_name(text[at + name]))
			name++;
		bool secret = name && (text[at + name] == ':' || text[at + name] == '=') &&
				tells(text + at, name);
		size_t keep = name ? name : 1;
		text_add_bytes(&out, text + at, keep);
		at += keep;
		if (secret && !text_begins_with(text + at, "://"))
			at = mask_value(&out, text, at);
		else if (text_begins_with(text + at, "://")) {
			text_add(&out, "://");
			at = mask_userinfo(&out, text, at + 3);
		}
	}
	return text_take(arena, &out);
}

const char *plan_masked(struct arena *arena, char *const *words, size_t count, size_t at)
{
	for (size_t i = 0; at > 0 && at < count && options[i]; i++)
		if (!strcmp(words[at - 1], options[i]) && strchr(words[at], ':'))
			return "***";
	return mask_text(arena, words[at]);
}
