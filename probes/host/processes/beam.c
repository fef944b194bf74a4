/* Flags of the Erlang VM. Only the numbers and the node name are taken from a command line, because
 * it also holds the cookie. */
#include "probes/host/processes/beam.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"

/* ERTS_MAX_PORTS, erl(1) */
enum {
	BEAM_MAX = 134217727,
	BEAM_MIN = 1024,
	BEAM_NAME_CHARS = 64
};

double beam_parse_number(const char *text)
{
	uint64_t number;
	if (!parse_whole(text, &number) || number > BEAM_MAX)
		return NAN;
	return (double)number;
}

static void take_number(const char *text, double *ret, bool *bad)
{
	double number = beam_parse_number(text);
	if (strcmp(text, "legacy") == 0)
		number = BEAM_PORTS_DEFAULT;
	if (isnan(number))
		*bad = true;
	else
		*ret = number;
}

static bool beam_is_name(const char *flag)
{
	return strcmp(flag, "sname") == 0 || strcmp(flag, "name") == 0;
}

static void take_flag(struct arena *arena,
		const char *flag,
		const char *value,
		struct beam_flags *flags)
{
	if (strcmp(flag, "Q") == 0)
		take_number(value, &flags->ports, &flags->bad);
	else if (strcmp(flag, "P") == 0)
		take_number(value, &flags->processes, &flags->bad);
	else if (beam_is_name(flag) && !flags->name)
		flags->name = text_clean(arena, value, strlen(value), BEAM_NAME_CHARS);
}

void beam_parse_cmdline(struct arena *arena,
		const char *bytes,
		size_t length,
		struct beam_flags *flags)
{
	const char *previous = "";
	/* The flags of the VM itself come before the first "--", the node name after it. */
	bool emulator = true;
	size_t at = 0;
	while (at < length) {
		size_t size = strnlen(bytes + at, length - at);
		const char *word = arena_copy(arena, bytes + at, size);
		bool flag = previous[0] == '-';
		bool letter = emulator && strlen(previous) == 2;
		if (flag && (letter || beam_is_name(previous + 1)))
			take_flag(arena, previous + 1, word, flags);
		if (strcmp(word, "--") == 0)
			emulator = false;
		if (strcmp(word, "-extra") == 0)
			break;
		previous = word;
		at += size + 1;
	}
}

void beam_parse_flags(struct arena *arena, const char *text, struct beam_flags *flags)
{
	char *cursor = arena_strdup(arena, text);
	const char *previous = "";
	for (char *word; (word = parse_word(&cursor)) != NULL; previous = word) {
		if (previous[0] == '+' && strlen(previous) == 2)
			take_flag(arena, previous + 1, word, flags);
	}
}

const char *beam_environ(struct arena *arena, const char *bytes, size_t length, const char *name)
{
	size_t size = strlen(name), at = 0;
	while (at < length) {
		const char *entry = bytes + at;
		size_t entry_length = strnlen(entry, length - at);
		bool named = entry_length > size && memcmp(entry, name, size) == 0;
		if (named && entry[size] == '=')
			return arena_copy(arena, entry + size + 1, entry_length - size - 1);
		at += entry_length + 1;
	}
	return NULL;
}

double beam_round(double requested)
{
	double power = BEAM_MIN;
	assert(requested >= 0);
	while (power < requested && power < BEAM_MAX)
		power *= 2;
	return fmin(power, BEAM_MAX);
}
