/* Sets of ports as bit maps, 64 ports to a word, and the list format of the kernel. */
#include "base/portset.h"

#include <assert.h>
#include <string.h>

enum {
	PORT_MAX = 65535,
	WORDS = 1024
};

/* The bits of a word that stand for the ports from first to last, some of which are in the word. */
static uint64_t bits_between(unsigned word, unsigned first, unsigned last)
{
	assert(first <= last && last <= PORT_MAX);
	assert(word >= first / 64 && word <= last / 64);
	uint64_t bits = ~UINT64_C(0);
	if (word == first / 64)
		bits &= ~UINT64_C(0) << first % 64;
	if (word == last / 64)
		bits &= ~UINT64_C(0) >> (63 - last % 64);
	return bits;
}

void portset_add(struct portset *set, unsigned first, unsigned last)
{
	if (last > PORT_MAX)
		last = PORT_MAX;
	for (unsigned word = first / 64; first <= last && word <= last / 64; word++)
		set->bits[word] |= bits_between(word, first, last);
}

bool portset_has(const struct portset *set, unsigned port)
{
	return port <= PORT_MAX && (set->bits[port / 64] >> port % 64 & 1);
}

unsigned portset_count(const struct portset *set, unsigned first, unsigned last)
{
	unsigned count = 0;
	if (last > PORT_MAX)
		last = PORT_MAX;
	for (unsigned word = first / 64; first <= last && word <= last / 64; word++) {
		if (set->bits[word]) /* most are empty, and counting is dear */
			count += (unsigned)__builtin_popcountll(
					set->bits[word] & bits_between(word, first, last));
	}
	return count;
}

void portset_union(struct portset *set, const struct portset *other)
{
	for (size_t i = 0; i < WORDS; i++)
		set->bits[i] |= other->bits[i];
}

void portset_subtract(struct portset *set, const struct portset *other)
{
	for (size_t i = 0; i < WORDS; i++)
		set->bits[i] &= ~other->bits[i];
}

/* The port at *at, which moves behind it. */
static bool read_port(const char *text, size_t *at, unsigned *ret_port, struct error *err)
{
	size_t digits = strspn(text + *at, "0123456789");
	if (!digits)
		return error_set(err, "not a list of ports: no port number at character %zu", *at + 1);
	unsigned port = 0;
	for (size_t i = 0; i < digits && port <= PORT_MAX; i++)
		port = port * 10 + (unsigned)(text[*at + i] - '0');
	if (port > PORT_MAX)
		return error_set(err,
				"not a list of ports: the number at character %zu is above 65535",
				*at + 1);
	*at += digits;
	*ret_port = port;
	return true;
}

static bool portset_read_range(const char *text, size_t *at, struct portset *set, struct error *err)
{
	size_t start = *at;
	unsigned first = 0, last = 0;
	if (!read_port(text, at, &first, err))
		return false;
	last = first;
	if (text[*at] == '-') {
		++*at;
		if (!read_port(text, at, &last, err))
			return false;
	}
	if (last < first)
		return error_set(err,
				"not a list of ports: the range at character %zu runs backwards",
				start + 1);
	portset_add(set, first, last);
	return true;
}

bool portset_parse(const char *text, struct portset *ret_set, struct error *err)
{
	static const char blanks[] = " \t\r\n";
	struct portset set = {{0}};
	size_t at = strspn(text, blanks);
	while (text[at]) {
		if (!portset_read_range(text, &at, &set, err))
			return false;
		if (text[at] != ',') {
			at += strspn(text + at, blanks);
			if (text[at])
				return error_set(err,
						"not a list of ports: a comma is missing at character %zu",
						at + 1);
			break;
		}
		at++;
		if (!text[at])
			return error_set(err, "not a list of ports: no port number at character %zu", at + 1);
	}
	*ret_set = set;
	return true;
}

void portset_print(const struct portset *set, struct text *out)
{
	const char *comma = "";
	text_add(out, "");
	for (unsigned port = 0; port <= PORT_MAX; port++) {
		if (port % 64 == 0 && !set->bits[port / 64]) {
			port += 63;
			continue;
		}
		if (!portset_has(set, port))
			continue;
		unsigned last = port;
		while (portset_has(set, last + 1))
			last++;
		text_addf(out, "%s%u", comma, port);
		if (last > port)
			text_addf(out, "-%u", last);
		comma = ",";
		port = last;
	}
}
