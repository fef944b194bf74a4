/* Addresses as text: RFC 4291, 2.2. */
#include "base/address.h"

#include <string.h>

enum {
	FOUR_BYTES = 4,
	SIX_GROUPS = 8,
	PORT_MAX = 65535
};

static bool address_parse_four(const char *text, size_t length, unsigned char *bytes)
{
	size_t at = 0;
	for (int i = 0; i < FOUR_BYTES; i++) {
		unsigned value = 0;
		size_t first = at;
		if (i > 0) {
			if (at >= length || text[at] != '.')
				return false;
			first = ++at;
		}
		while (at < length && text[at] >= '0' && text[at] <= '9' && at - first < 4)
			value = value * 10 + (unsigned)(text[at++] - '0');
		if (at == first || value > 255)
			return false;
		if (text[first] == '0' && at - first > 1)
			return false; /* some programs would read it as an octal number */
		bytes[i] = (unsigned char)value;
	}
	return at == length;
}

/* -1: no hexadecimal digit. */
static int address_digit(char letter)
{
	if (letter >= '0' && letter <= '9')
		return letter - '0';
	if (letter >= 'a' && letter <= 'f')
		return letter - 'a' + 10;
	if (letter >= 'A' && letter <= 'F')
		return letter - 'A' + 10;
	return -1;
}

/* The groups of an IPv6 address as far as they are read. */
struct groups {
	unsigned char bytes[16];
	int count;
	int gap; /* the group before which "::" stands; -1: none */
};

/* One group of up to four digits at *at, which moves behind it. */
static bool groups_take(struct groups *groups, const char *text, size_t length, size_t *at)
{
	unsigned value = 0;
	size_t first = *at;
	while (*at < length && address_digit(text[*at]) >= 0) {
		value = value * 16 + (unsigned)address_digit(text[*at]);
		(*at)++;
	}
	size_t digits = *at - first;
	if (digits < 1 || digits > 4 || groups->count == SIX_GROUPS)
		return false;
	groups->bytes[2 * groups->count] = (unsigned char)(value >> 8);
	groups->bytes[2 * groups->count + 1] = (unsigned char)(value & 0xFF);
	groups->count++;
	return true;
}

/* "10.0.0.5" at the end, in the place of two groups. */
static bool groups_take_four(struct groups *groups, const char *text, size_t length)
{
	if (groups->count > SIX_GROUPS - 2)
		return false;
	if (!address_parse_four(text, length, groups->bytes + 2 * groups->count))
		return false;
	groups->count += 2;
	return true;
}

static bool groups_take_gap(struct groups *groups)
{
	if (groups->gap >= 0)
		return false;
	groups->gap = groups->count;
	return true;
}

/* Between two groups stands ":" or "::". *at moves behind it. */
static bool groups_take_colons(struct groups *groups, const char *text, size_t length, size_t *at)
{
	if (*at + 1 < length && text[*at + 1] == ':') {
		*at += 2;
		return groups_take_gap(groups);
	}
	(*at)++;
	return *at < length; /* a single colon does not end an address */
}

static bool groups_read(struct groups *groups, const char *text, size_t length)
{
	size_t at = 0;
	if (length >= 2 && memcmp(text, "::", 2) == 0) {
		groups->gap = 0;
		at = 2;
	}
	while (at < length) {
		size_t left = length - at;
		size_t digits = 0;
		while (digits < left && address_digit(text[at + digits]) >= 0)
			digits++;
		if (digits < left && text[at + digits] == '.')
			return groups_take_four(groups, text + at, left);
		if (!groups_take(groups, text, length, &at))
			return false;
		if (at == length)
			return true;
		if (text[at] != ':' || !groups_take_colons(groups, text, length, &at))
			return false;
	}
	return groups->gap >= 0;
}

/* Puts zeros into the place of "::". */
static bool groups_fill(const struct groups *groups, unsigned char *bytes)
{
	if (groups->gap < 0) {
		memcpy(bytes, groups->bytes, sizeof groups->bytes);
		return groups->count == SIX_GROUPS;
	}
	if (groups->count == SIX_GROUPS)
		return false;
	size_t before = 2 * (size_t)groups->gap;
	size_t after = 2 * (size_t)groups->count - before;
	memset(bytes, 0, sizeof groups->bytes);
	memcpy(bytes, groups->bytes, before);
	memcpy(bytes + sizeof groups->bytes - after, groups->bytes + before, after);
	return true;
}

static void address_unmap(struct address *address)
{
	static const unsigned char mapped_prefix[12] = {[10] = 0xFF, [11] = 0xFF};
	unsigned char *bytes = address->bytes;
	if (memcmp(bytes, mapped_prefix, sizeof mapped_prefix) != 0)
		return;
	address->family = 4;
	memmove(bytes, bytes + sizeof mapped_prefix, FOUR_BYTES);
	memset(bytes + FOUR_BYTES, 0, sizeof address->bytes - FOUR_BYTES);
}

bool address_parse(const char *text, size_t length, struct address *ret_address)
{
	struct groups groups = {.gap = -1};
	*ret_address = (struct address){.family = 4};
	if (address_parse_four(text, length, ret_address->bytes))
		return true;
	*ret_address = (struct address){.family = 6};
	const char *zone = memchr(text, '%', length);
	if (zone)
		length = (size_t)(zone - text);
	if (!groups_read(&groups, text, length) || !groups_fill(&groups, ret_address->bytes))
		return false;
	address_unmap(ret_address);
	return true;
}

bool address_parse_text(const char *text, struct address *ret_address)
{
	return address_parse(text, strlen(text), ret_address);
}

bool address_is_same(const struct address *a, const struct address *b)
{
	if (a->family != b->family)
		return false;
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool address_is_any(const struct address *address)
{
	static const unsigned char zeros[16];
	return memcmp(address->bytes, zeros, sizeof zeros) == 0;
}

bool address_is_loopback(const struct address *address)
{
	static const unsigned char one[16] = {[15] = 1};
	if (address->family == 4)
		return address->bytes[0] == 127;
	return memcmp(address->bytes, one, sizeof one) == 0;
}

/* The digits of a port. */
static bool host_port_number(const char *text, unsigned *ret_port)
{
	unsigned port = 0;
	size_t digits = strspn(text, "0123456789");
	if (text[digits] != '\0' || digits < 1 || digits > 5)
		return false;
	for (size_t i = 0; i < digits; i++)
		port = port * 10 + (unsigned)(text[i] - '0');
	*ret_port = port;
	return port > 0 && port <= PORT_MAX;
}

static bool host_port_split_brackets(const char *text, struct host_port *ret_split)
{
	const char *close = strchr(text, ']');
	if (!close)
		return false;
	ret_split->host = text + 1;
	ret_split->length = (size_t)(close - text) - 1;
	if (close[1] == '\0')
		return true;
	return close[1] == ':' && host_port_number(close + 2, &ret_split->port);
}

bool host_port_split(const char *text, struct host_port *ret_split)
{
	const char *colon = strchr(text, ':');
	*ret_split = (struct host_port){.host = text, .length = strlen(text)};
	if (*text == '[')
		return host_port_split_brackets(text, ret_split);
	if (!colon || strchr(colon + 1, ':'))
		return true;
	ret_split->length = (size_t)(colon - text);
	return host_port_number(colon + 1, &ret_split->port);
}
