/* Attributes of netlink messages, which the kernel wrote: walked within their bounds all the same.
 * Functions that take a nest accept NULL: there is no such attribute then. */
#ifndef HEADROOM_PROBES_HOST_FIREWALL_ATTRIBUTE_H
#define HEADROOM_PROBES_HOST_FIREWALL_ATTRIBUTE_H

#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>

/* The first attribute after a message's own header of `header_bytes`; NULL: there is none. */
const struct nlattr *attribute_first(const struct nlmsghdr *message, size_t header_bytes);
/* The one after it, of a message; NULL: it was the last. */
const struct nlattr *attribute_next(const struct nlmsghdr *message, const struct nlattr *attribute);
/* The attribute of this type in a message; NULL: it has none. */
const struct nlattr *attribute_of(const struct nlmsghdr *message,
		size_t header_bytes,
		uint16_t type);

const struct nlattr *nested_first(const struct nlattr *nest);
const struct nlattr *nested_next(const struct nlattr *nest, const struct nlattr *attribute);
const struct nlattr *nested_of(const struct nlattr *nest, uint16_t type);

/* In the host's byte order; UINT32_MAX: there is none. */
uint32_t attribute_u32(const struct nlattr *attribute);
uint32_t nested_u32(const struct nlattr *nest, uint16_t type);
/* The attribute's text, or "" if it is missing or does not end with a NUL. */
const char *attribute_text(const struct nlattr *attribute);

#endif
