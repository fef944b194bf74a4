/* Reads IP addresses from text. Resolves no names. */
#ifndef HEADROOM_BASE_ADDRESS_H
#define HEADROOM_BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every address has exactly one form: IPv4-mapped IPv6 addresses are stored as IPv4, and unused
 * bytes are 0, so that whole structs can be compared. */
struct address {
	unsigned char bytes[16]; /* network order; IPv4 in the first four */
	uint16_t family;         /* 4 or 6; 0: no address */
};

/* HOST:PORT, HOST, [IPV6]:PORT, [IPV6] or IPV6. */
struct host_port {
	const char *host; /* points into the given text, without brackets */
	size_t length;
	unsigned port; /* 0: no port is named */
};

/* Reads "10.0.0.5", "fd00::1", "::ffff:10.0.0.5" or "fe80::1%eth0" (ignoring the zone after %), in
 * upper or lower case. Returns false if the text is not an address. */
bool address_parse(const char *text, size_t length, struct address *ret_address);
/* The same for a whole string. */
bool address_parse_text(const char *text, struct address *ret_address);
bool address_is_same(const struct address *a, const struct address *b);
/* Returns true for 0.0.0.0 and [::]. */
bool address_is_any(const struct address *address);
/* Returns true for 127.0.0.0/8 and ::1. */
bool address_is_loopback(const struct address *address);
/* Splits a text into host and port. Returns false if the port is not a number from 1 to 65535. */
bool host_port_split(const char *text, struct host_port *ret_split);

#endif
