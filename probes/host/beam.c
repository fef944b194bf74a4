/* Flags of the Erlang VM. Nothing but the numbers and the node name is taken from a command line:
 * it also holds the cookie. */
#include "probes/host/beam.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"

enum {
	BEAM_MAX = 134217727,
	BEAM_MIN = 1024
}; /* ERTS_MAX_PORTS, erl(1) */

double beam_parse_number(const char *text)
{
	uint64_t number;
	return parse_whole(text, &number) && number <= BEAM_MAX ? (double)number : (double)NAN;
}

static void take_number(const char *text, double *ret, bool *bad)
{
	double number = strcmp(text, "legacy") == 0 ? BEAM_PORTS_DEFAULT : beam_parse_number(text);
	if (isnan(number))
		*bad = true;
	else
		*ret = number;
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
	else if ((strcmp(flag, "sname") == 0 || strcmp(flag, "name") == 0) && !flags->name)
		flags->name = text_clean(arena, value, strlen(value), 64);
}

void beam_parse_cmdline(struct arena *arena,
		const char *bytes,
		size_t length,
		struct beam_flags *flags)
{
	const char *previous = "";
	bool emulator =
			true; /* before the first "--": the VM's own flags; the node name stands behind it */
	for (size_t at = 0; at < length; at += strnlen(bytes + at, length - at) + 1) {
		const char *word = arena_copy(arena, bytes + at, strnlen(bytes + at, length - at));
		bool name = strcmp(previous, "-sname") == 0 || strcmp(previous, "-name") == 0;
		if (previous[0] == '-' && (name || (emulator && strlen(previous) == 2)))
			take_flag(arena, previous + 1, word, flags);
		if (strcmp(word, "--") == 0)
			emulator = false;
		if (strcmp(word, "-extra") == 0)
			break;
		previous = word;
	}
}

void beam_parse_flags(struct arena *arena, const char *text, struct beam_flags *flags)
{
	char *cursor = arena_strdup(arena, text);
	const char *previous = "";
	for (char *word; (word = parse_word(&cursor)) != NULL; previous = word)
		if (previous[0] == '+' && strlen(previous) == 2)
			take_flag(arena, previous + 1, word, flags);
}

const char *beam_environ(struct arena *arena, const char *bytes, size_t length, const char *name)
{
	size_t size = strlen(name);
	for (size_t at = 0; at < length;) {
		size_t entry = strnlen(bytes + at, length - at);
		if (entry > size && memcmp(bytes + at, name, size) == 0 && bytes[at + size] == '=')
			return arena_copy(arena, bytes + at + size + 1, entry - size - 1);
		at += entry + 1;
	}
	return NULL;
}

double beam_round(double requested)
{
	double power = BEAM_MIN;
	while (power < requested && power < BEAM_MAX)
		power *= 2;
	return power < BEAM_MAX ? power : BEAM_MAX;
}
