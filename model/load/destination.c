/* Reads HOST:PORT. Resolves no names. */
#include "model/load/destination.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/unit.h"

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static bool destination_is_name(const char *text, size_t length, const char *others)
{
	for (size_t i = 0; i < length; i++)
		if (!strchr(letters, text[i]) && !strchr(others, text[i]))
			return false;
	return length > 0;
}

static bool destination_is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	if (text[digits] || digits < 1 || digits > 5 || *text == '0')
		return false;
	return strtol(text, NULL, 10) <= 65535;
}

static bool is_count(const char *text)
{
	struct error ignored;
	double number;
	return unit_parse(text, UNIT_COUNT, &number, &ignored) ||
			!text[strspn(text, "0123456789.eE+-")];
}

static bool is_dotted_quad(const char *text)
{
	size_t dots = 0;
	for (const char *at = text; *at; at++)
		dots += *at == '.';
	return dots == 3 && !text[strspn(text, "0123456789.")];
}

static bool check_port(const char *text, const char *port, struct error *err)
{
	if (destination_is_port(port))
		return true;
	const char *shown = port;
	if (port[strspn(port, "0123456789")])
		shown = "..."; /* of "http://me:secret/x@host/" it is a part of a password */
	int length = 60;
	if (port - text < length)
		length = (int)(port - text);
	return error_set(err,
			"\"%.*s%.20s\": the port must be a number from 1 to 65535",
			length,
			text,
			shown);
}

bool destination_check(const char *text, struct error *err)
{
	if (strstr(text, "://")) /* a URL may hold a password, and this text goes into reports */
		return error_set(err, "give HOST:PORT or an address, not a URL");
	const char *colon = strrchr(text, ':'), *bracket = strchr(text, ']');
	if (*text == '[') {
		if (!bracket || (bracket[1] && bracket[1] != ':') ||
				!destination_is_name(text + 1, (size_t)(bracket - text) - 1, ":.%-_"))
			return error_set(err, "\"%.60s\" is not [IPV6]:PORT", text);
		return !bracket[1] || check_port(text, bracket + 2, err);
	}
	if (colon && memchr(text, ':', (size_t)(colon - text)))
		return error_set(err,
				"\"%.60s\": write an IPv6 address in brackets, as in [2001:db8::1]:443",
				text);
	if (!colon && is_count(text) && !is_dotted_quad(text))
		return error_set(err, "\"%.60s\" is neither a whole number nor HOST:PORT", text);
	if (!destination_is_name(text, colon ? (size_t)(colon - text) : strlen(text), ".-_"))
		return error_set(err, "\"%.60s\" is not HOST:PORT", text);
	return !colon || check_port(text, colon + 1, err);
}

bool source_address_check(const char *text, struct error *err)
{
	if (strstr(text, "://"))
		return error_set(err, "give an address, not a URL");
	if ((is_count(text) && !is_dotted_quad(text)) ||
			!destination_is_name(text, strlen(text), ".-_:%[]"))
		return error_set(err, "\"%.60s\" is neither a whole number nor an address", text);
	return true;
}

/* Host names know no upper and lower case: RFC 4343. */
static int destination_compare_names(const char *a, const char *b)
{
	for (; *a && tolower((unsigned char)*a) == tolower((unsigned char)*b); a++)
		b++;
	return tolower((unsigned char)*a) - tolower((unsigned char)*b);
}

bool destination_same_name(const char *name, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (tolower((unsigned char)name[i]) != tolower((unsigned char)text[i]))
			return false;
	}
	return name[length] == '\0';
}

bool destination_is_loopback(const char *destination)
{
	struct host_port split;
	struct address address;
	if (!host_port_split(destination, &split))
		return false;
	if (address_parse(split.host, split.length, &address))
		return address_is_loopback(&address);
	return destination_same_name("localhost", split.host, split.length);
}

struct entry {
	const char *text;
	size_t at;
	size_t named;           /* how often */
	struct address address; /* family 0: it is a name */
	unsigned port;
};

static struct entry entry_of(const char *text, size_t at)
{
	struct host_port split;
	struct entry entry = {.text = text, .at = at};
	if (!host_port_split(text, &split))
		return entry;
	if (address_parse(split.host, split.length, &entry.address))
		entry.port = split.port;
	else
		entry.address = (struct address){.family = 0};
	return entry;
}

/* 0: both mean the same. Addresses are the same in any spelling. */
static int entry_compare(const struct entry *a, const struct entry *b)
{
	if (a->address.family != b->address.family)
		return (int)a->address.family - (int)b->address.family;
	if (a->address.family == 0)
		return destination_compare_names(a->text, b->text);
	if (a->port != b->port)
		return (int)a->port - (int)b->port;
	return memcmp(a->address.bytes, b->address.bytes, sizeof a->address.bytes);
}

static int by_place(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	return (left->at > right->at) - (left->at < right->at);
}

static int by_meaning(const void *a, const void *b)
{
	int order = entry_compare(a, b);
	if (order != 0)
		return order;
	return by_place(a, b);
}

/* Fewer than are named where one is named very often; never none. */
static unsigned weight_of(size_t named, size_t most, size_t heaviest)
{
	if (most <= heaviest)
		return (unsigned)named;
	return (unsigned)((named * heaviest + most - 1) / most);
}

/* So that the list can be written and read again. */
static size_t heaviest_of(size_t count)
{
	size_t heaviest = DESTINATIONS_MAX / (count + 1);
	if (heaviest > DESTINATION_WEIGHT_MAX)
		return DESTINATION_WEIGHT_MAX;
	return heaviest + 1;
}

static const unsigned *weigh(struct arena *arena, const struct entry *entries, size_t count)
{
	unsigned *weights = arena_alloc(arena, (count + 1) * sizeof *weights);
	size_t most = 1, least = SIZE_MAX;
	for (size_t i = 0; i < count; i++) {
		if (entries[i].named > most)
			most = entries[i].named;
		if (entries[i].named < least)
			least = entries[i].named;
	}
	if (least >= most)
		return NULL;
	for (size_t i = 0; i < count; i++)
		weights[i] = weight_of(entries[i].named, most, heaviest_of(count));
	return weights;
}

size_t destinations_unique(struct arena *arena,
		const char **items,
		size_t count,
		const unsigned **ret_weights)
{
	struct entry *entries = arena_alloc(arena, (count + 1) * sizeof *entries);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		entries[i] = entry_of(items[i], i);
	qsort(entries, count, sizeof *entries, by_meaning);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || entry_compare(&entries[kept - 1], &entries[i]) != 0)
			entries[kept++] = entries[i];
		entries[kept - 1].named++;
	}
	qsort(entries, kept, sizeof *entries, by_place);
	for (size_t i = 0; i < kept; i++)
		items[i] = entries[i].text;
	*ret_weights = weigh(arena, entries, kept);
	return kept;
}
