/* One pass over a line: each step takes what begins here and writes what it stands for. */
#include "model/why/plain.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/ascii.h"

enum {
	COLOR_MAX = 24, /* bytes of one color: ESC [ 38 ; 2 ; 255 ; 255 ; 255 m */
	ESCAPE = 0x1b
};

struct pass {
	const unsigned char *in;
	size_t at, end;
	char *out;
	size_t length;
};

static void put_blank(struct pass *pass)
{
	if (pass->length && pass->out[pass->length - 1] != ' ')
		pass->out[pass->length++] = ' ';
}

static bool next_is(const struct pass *pass, const char *text)
{
	size_t length = strlen(text);
	size_t left = pass->end - pass->at;
	if (left < length)
		return false;
	return memcmp(pass->in + pass->at, text, length) == 0;
}

static bool is_of_color(char c)
{
	return ascii_is_digit(c) || c == ';' || c == '?';
}

/* Behind "ESC": how many bytes "[31;1m" takes; 0: it is no color. */
static size_t color_length(const struct pass *pass, size_t at)
{
	size_t i = at + 1;
	if (at >= pass->end || pass->in[at] != '[')
		return 0;
	while (i < pass->end && i - at < COLOR_MAX) {
		if (!is_of_color((char)pass->in[i]))
			break;
		i++;
	}
	if (i == pass->end)
		return 0;
	if (!ascii_is_letter((char)pass->in[i]))
		return 0;
	return i + 1 - at;
}

/* The escape character, as it is or as JSON, C and syslog write it. */
static bool take_color(struct pass *pass)
{
	static const char *const spelled[] = {
			"\x1b",
			"\\u001b",
			"\\x1b",
			"\\033",
			"\\e",
			"#033",
	};
	for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
		if (!next_is(pass, spelled[i]))
			continue;
		size_t skip = strlen(spelled[i]);
		size_t color = color_length(pass, pass->at + skip);
		if (!color)
			continue;
		pass->at += skip + color;
		return true;
	}
	return false;
}

/* \n, \t, \r, and the same from syslog. */
static bool take_escaped_blank(struct pass *pass)
{
	static const char *const spelled[] = {
			"\\n",
			"\\t",
			"\\r",
			"#012",
			"#011",
			"#015",
	};
	for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
		if (!next_is(pass, spelled[i]))
			continue;
		pass->at += strlen(spelled[i]);
		put_blank(pass);
		return true;
	}
	return false;
}

static void put_rune(struct pass *pass, unsigned rune)
{
	if (rune < 0x80) {
		pass->out[pass->length++] = ascii_lower((char)rune);
		return;
	}
	if (rune >= 0xc0 && rune <= 0xde && rune != 0xd7)
		rune += 0x20;
	if (rune < 0x800) {
		pass->out[pass->length++] = (char)(0xc0 | (rune >> 6));
	} else {
		pass->out[pass->length++] = (char)(0xe0 | (rune >> 12));
		pass->out[pass->length++] = (char)(0x80 | ((rune >> 6) & 0x3f));
	}
	pass->out[pass->length++] = (char)(0x80 | (rune & 0x3f));
}

static bool is_quote(unsigned rune)
{
	if (rune == '"' || rune == '`')
		return true;
	if (rune == 0xb4)
		return true;
	return rune >= 0x2018 && rune <= 0x201f;
}

/* Typographic quotes, the accent that some put for one, the blank that does not break. */
static void put_character(struct pass *pass, unsigned rune)
{
	if (rune <= ' ' || rune == 0x7f || rune == 0xa0)
		put_blank(pass);
	else if (is_quote(rune))
		put_rune(pass, '\'');
	else
		put_rune(pass, rune);
}

/* \u2019: the character. Halves of pairs stay as they are written. */
static bool take_unicode_escape(struct pass *pass)
{
	unsigned rune = 0;
	if (!next_is(pass, "\\u") || pass->end - pass->at < 6)
		return false;
	for (size_t i = 2; i < 6; i++) {
		int digit = ascii_hex_value((char)pass->in[pass->at + i]);
		if (digit < 0)
			return false;
		rune = rune * 16 + (unsigned)digit;
	}
	if (rune >= 0xd800 && rune <= 0xdfff)
		return false;
	pass->at += 6;
	put_character(pass, rune);
	return true;
}

static bool take_backslash(struct pass *pass)
{
	const unsigned char *in = pass->in + pass->at;
	if (in[0] != '\\' || pass->at + 1 == pass->end)
		return false;
	if (in[1] == '\0' || !strchr("\"'\\/`", in[1]))
		return false;
	pass->at++;
	return true; /* what is behind it is taken next */
}

/* The length of the UTF-8 character of two or three bytes that begins here, or 0. */
static size_t rune_length(const struct pass *pass)
{
	const unsigned char *in = pass->in + pass->at;
	size_t left = pass->end - pass->at;
	if (in[0] >= 0xc2 && in[0] <= 0xdf && left >= 2 && (in[1] & 0xc0) == 0x80)
		return 2;
	if (in[0] == 0xe2 && left >= 3 && (in[1] & 0xc0) == 0x80 && (in[2] & 0xc0) == 0x80)
		return 3;
	return 0;
}

static void take_character(struct pass *pass)
{
	const unsigned char *in = pass->in + pass->at;
	size_t length = rune_length(pass);
	if (length == 2)
		put_character(pass, (in[0] & 0x1fu) << 6 | (in[1] & 0x3fu));
	else if (length == 3)
		put_character(pass, 0x2000u | (in[1] & 0x3fu) << 6 | (in[2] & 0x3fu));
	else if (in[0] < 0x80)
		put_character(pass, in[0]);
	else
		pass->out[pass->length++] = (char)in[0];
	if (length == 0)
		length = 1;
	pass->at += length;
}

/* False: what begins here is a character, perhaps behind a backslash that is passed now. */
static bool take_escape(struct pass *pass)
{
	unsigned char c = pass->in[pass->at];
	if (c != ESCAPE && c != '\\' && c != '#')
		return false;
	if (take_color(pass) || take_escaped_blank(pass) || take_unicode_escape(pass))
		return true;
	(void)take_backslash(pass);
	return false;
}

struct plain plain_line(struct arena *arena, const char *line, size_t length)
{
	struct pass pass = {.in = (const unsigned char *)line, .end = length};
	pass.out = arena_alloc(arena, length + 1);
	while (pass.at < length) {
		if (take_escape(&pass))
			continue;
		take_character(&pass);
	}
	if (pass.length && pass.out[pass.length - 1] == ' ')
		pass.length--;
	pass.out[pass.length] = '\0';
	return (struct plain){.text = pass.out, .length = pass.length};
}
