/* Finds the secret in what a server said. Servers repeat what they were sent in many forms: so
 * forms are read, not guessed. */
#include "audit/ticket/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"

enum {
	SECRET_LEAST = 4, /* shorter ones stand in any text */
	LAYERS = 3,       /* of escapes in escapes */
	BASE64_LEAST = 6,
	ALIGNMENTS = 4,
	CODE_MAX = 6
};

static const char hidden[] = "***";

static const char *replaced(struct arena *arena, const char *text, const char *secret)
{
	struct text out = {0};
	size_t length = strlen(secret);
	if (length < SECRET_LEAST || !strstr(text, secret))
		return text;
	for (const char *hit; (hit = strstr(text, secret)); text = hit + length) {
		text_add_bytes(&out, text, (size_t)(hit - text));
		text_add(&out, hidden);
	}
	text_add(&out, text);
	return text_take(arena, &out);
}

/* As it stands behind "Authorization: Basic" (RFC 4648, 4). */
static const char *base64(struct arena *arena, const char *text)
{
	struct text out = {0};
	text_add_base64(&out, text, strlen(text));
	return text_take(arena, &out);
}

/* --- escapes
 * ------------------------------------------------------------------------------------ */

static const struct escape {
	const char *before, *after; /* what stands around the code of a character */
	int base;
	size_t digits; /* 0: up to CODE_MAX */
	bool byte;     /* it is the code of a byte, not of a character */
} escapes[] = {
		{"%", "", 16, 2, true},
		{"\\u", "", 16, 4, false},
		{"\\x", "", 16, 2, true},
		{"&#x", ";", 16, 0, false},
		{"&#", ";", 10, 0, false},
};

static const struct named_escape {
	const char *name, *text;
} named_escapes[] = {
		{"&amp;", "&"},
		{"&quot;", "\""},
		{"&apos;", "'"},
		{"&lt;", "<"},
		{"&gt;", ">"},
		{"\\/", "/"},
		{"\\\"", "\""},
		{"\\\\", "\\"},
};

/* Characters above U+07FF stay as they are written. */
static void add_code(struct text *out, unsigned long code, bool byte)
{
	const char one = (char)code;
	const char two[] = {(char)(0xc0 | (code >> 6 & 0x1f)), (char)(0x80 | (code & 0x3f))};
	if (code == 0)
		return;
	if (byte || code < 0x80)
		text_add_bytes(out, &one, 1);
	else
		text_add_bytes(out, two, sizeof two);
}

/* Appends what the escape at `text` stands for. Returns its length; 0: it is none of this form. */
static size_t read_code(const struct escape *escape, const char *text, struct text *out)
{
	char digits[CODE_MAX + 1] = "", *end;
	size_t begin = strlen(escape->before), most = escape->digits;
	if (strncmp(text, escape->before, begin) != 0)
		return 0;
	if (most == 0)
		most = CODE_MAX;
	memcpy(digits, text + begin, strnlen(text + begin, most));
	if (!ascii_is_name(*digits))
		return 0;
	unsigned long code = strtoul(digits, &end, escape->base);
	size_t length = (size_t)(end - digits), after = strlen(escape->after);
	if (length == 0 || (escape->digits && length != escape->digits) || code > 0x7ff)
		return 0;
	if (strncmp(text + begin + length, escape->after, after) != 0)
		return 0;
	add_code(out, code, escape->byte);
	return begin + length + after;
}

static size_t read_escape(const char *text, struct text *out)
{
	for (size_t i = 0; i < COUNT_OF(named_escapes); i++) {
		const struct named_escape *named = &named_escapes[i];
		if (!text_begins_with(text, named->name))
			continue;
		text_add(out, named->text);
		return strlen(named->name);
	}
	for (size_t i = 0; i < COUNT_OF(escapes); i++) {
		size_t length = read_code(&escapes[i], text, out);
		if (length)
			return length;
	}
	text_add_bytes(out, text, 1);
	return 1;
}

static const char *without_escapes(struct arena *arena, const char *text)
{
	struct text out = {0};
	while (*text)
		text += read_escape(text, &out);
	return text_take(arena, &out);
}

/* --- Base64
 * ------------------------------------------------------------------------------------- */

/* Also the alphabet of URLs (RFC 4648, 5). -1: none of it. */
static int base64_value(char c)
{
	static const char letters[] =
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	if (c == '-')
		c = '+';
	if (c == '_')
		c = '/';
	if (c == '\0')
		return -1;
	const char *at = strchr(letters, c);
	if (!at)
		return -1;
	return (int)(at - letters);
}

/* Reads one run of letters of Base64, and appends what it stands for. Returns its length. */
static size_t read_run(const char *text, struct text *out)
{
	size_t length = 0;
	unsigned bits = 0, count = 0;
	for (; base64_value(text[length]) >= 0; length++) {
		bits = (bits << 6 | (unsigned)base64_value(text[length])) & 0xffffff;
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		char c = (char)(bits >> count & 0xff);
		text_add_bytes(out, &c, c != '\0');
	}
	return length;
}

static bool is_in_base64(const char *text, const char *secret)
{
	struct text decoded = {0};
	bool found = false;
	/* Where it begins among other letters of the alphabet is not known: at each of four. */
	size_t before = 0;
	for (size_t at = 0; text[at] && !found; at++) {
		before++;
		if (base64_value(text[at]) < 0)
			before = 0;
		if (before == 0 || before > ALIGNMENTS)
			continue;
		text_clear(&decoded);
		size_t length = read_run(text + at, &decoded);
		found = length >= BASE64_LEAST && strstr(text_string(&decoded), secret);
	}
	text_release(&decoded);
	return found;
}

/* --- all of it
 * ---------------------------------------------------------------------------------- */

static bool says_otherwise(struct arena *arena, const char *text, const char *secret)
{
	if (strlen(secret) < SECRET_LEAST)
		return false;
	for (int layer = 0; layer < LAYERS; layer++) {
		if (strstr(text, secret) || is_in_base64(text, secret))
			return true;
		text = without_escapes(arena, text);
	}
	return false;
}

const char *repeat_mask(struct arena *arena, const struct credential *credential, const char *text)
{
	if (credential->login)
		text = replaced(arena, text, base64(arena, credential->login));
	if (!credential->secret)
		return text;
	text = replaced(arena, text, credential->secret);
	text = replaced(arena, text, base64(arena, credential->secret));
	if (says_otherwise(arena, text, credential->secret))
		return hidden;
	return text;
}
