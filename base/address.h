/* IP addresses from text. No name is resolved here. */
#ifndef HEADROOM_BASE_ADDRESS_H
#define HEADROOM_BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One address has one form: IPv4-mapped IPv6 addresses are kept as IPv4. Bytes that are not used
 * are 0, so that all of them count in comparisons. */
struct address {
	unsigned char bytes[16]; /* network order; IPv4 in the first four */
	uint16_t family;         /* 4 or 6; 0: no address */
};

/* HOST:PORT, HOST, [IPV6]:PORT, [IPV6] or IPV6. */
struct host_port {
	const char *host; /* inside `text`, without brackets */
	size_t length;
	unsigned port; /* 0: none is named */
};

/* "10.0.0.5", "fd00::1", "::ffff:10.0.0.5", "fe80::1%eth0" (what follows % does not count), in
 * upper or lower case. false: it is no address. */
bool address_parse(const char *text, size_t length, struct address *ret_address);
/* The whole text. */
bool address_parse_text(const char *text, struct address *ret_address);
bool address_is_same(const struct address *a, const struct address *b);
/* 0.0.0.0 or [::]. */
bool address_is_any(const struct address *address);
/* 127.0.0.0/8 or ::1. */
bool address_is_loopback(const struct address *address);
/* false: the port is not a number from 1 to 65535. */
bool host_port_split(const char *text, struct host_port *ret_split);

#endif
