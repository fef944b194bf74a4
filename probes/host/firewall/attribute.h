/* Walks attributes of netlink messages within their bounds, although the kernel wrote them.
 * Functions that take a nest accept NULL, which has no attributes. */
#ifndef HEADROOM_PROBES_HOST_FIREWALL_ATTRIBUTE_H
#define HEADROOM_PROBES_HOST_FIREWALL_ATTRIBUTE_H

#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>

/* Returns the first attribute after a message's header of `header_bytes`, or NULL. */
const struct nlattr *attribute_first(const struct nlmsghdr *message, size_t header_bytes);
/* Returns the next attribute of a message, or NULL after the last. */
const struct nlattr *attribute_next(const struct nlmsghdr *message, const struct nlattr *attribute);
/* Returns the attribute of this type in a message, or NULL. */
const struct nlattr *attribute_of(const struct nlmsghdr *message,
		size_t header_bytes,
		uint16_t type);

const struct nlattr *nested_first(const struct nlattr *nest);
const struct nlattr *nested_next(const struct nlattr *nest, const struct nlattr *attribute);
const struct nlattr *nested_of(const struct nlattr *nest, uint16_t type);

/* Returns a number in the host's byte order; UINT32_MAX: there is none. */
uint32_t attribute_u32(const struct nlattr *attribute);
uint32_t nested_u32(const struct nlattr *nest, uint16_t type);
/* Returns the attribute's text, or "" if it is missing or not NUL-terminated. */
const char *attribute_text(const struct nlattr *attribute);

#endif
