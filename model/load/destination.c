/* Reads HOST:PORT. Resolves no names. */
#include "model/load/destination.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
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
	return destination_is_port(port) ||
			error_set(err, "\"%.60s\": the port must be a number from 1 to 65535", text);
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
	static const char localhost[] = "localhost";
	char host[64];
	size_t length = strcspn(destination, ":");
	if (text_begins_with(destination, "[::1]") || !strcmp(destination, "::1") ||
			text_begins_with(destination, "[::ffff:127."))
		return true;
	if (length >= sizeof host)
		return false;
	memcpy(host, destination, length);
	host[length] = '\0';
	return !destination_compare_names(host, localhost) ||
			(text_begins_with(host, "127.") && is_dotted_quad(host));
}

struct entry {
	const char *text;
	size_t at;
};

static int by_text(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = destination_compare_names(left->text, right->text);
	return order ? order : (left->at > right->at) - (left->at < right->at);
}

static int by_place(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	return (left->at > right->at) - (left->at < right->at);
}

size_t destinations_unique(struct arena *arena, const char **items, size_t count)
{
	struct entry *entries = arena_alloc(arena, (count + 1) * sizeof *entries);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		entries[i] = (struct entry){items[i], i};
	qsort(entries, count, sizeof *entries, by_text);
	for (size_t i = 0; i < count; i++)
		if (!kept || destination_compare_names(entries[kept - 1].text, entries[i].text) != 0)
			entries[kept++] = entries[i];
	qsort(entries, kept, sizeof *entries, by_place);
	for (size_t i = 0; i < kept; i++)
		items[i] = entries[i].text;
	return kept;
}
