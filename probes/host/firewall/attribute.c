/* libmnl checks an attribute; its loops do not compile with -Wconversion. */
#include "probes/host/firewall/attribute.h"

#include <arpa/inet.h>

/* The attribute, if all of it lies before `end`; else NULL. */
static const struct nlattr *valid(const struct nlattr *attribute, const void *end)
{
	ptrdiff_t left = (const char *)end - (const char *)attribute;
	if (left <= 0 || !mnl_attr_ok(attribute, (int)left))
		return NULL;
	return attribute;
}

const struct nlattr *attribute_first(const struct nlmsghdr *message, size_t header_bytes)
{
	const void *start = mnl_nlmsg_get_payload_offset(message, header_bytes);
	return valid(start, mnl_nlmsg_get_payload_tail(message));
}

const struct nlattr *attribute_next(const struct nlmsghdr *message, const struct nlattr *attribute)
{
	return valid(mnl_attr_next(attribute), mnl_nlmsg_get_payload_tail(message));
}

const struct nlattr *attribute_of(const struct nlmsghdr *message,
		size_t header_bytes,
		uint16_t type)
{
	const struct nlattr *attribute = attribute_first(message, header_bytes);
	while (attribute && mnl_attr_get_type(attribute) != type)
		attribute = attribute_next(message, attribute);
	return attribute;
}

static const void *nest_end(const struct nlattr *nest)
{
	const char *start = mnl_attr_get_payload(nest);
	return start + mnl_attr_get_payload_len(nest);
}

const struct nlattr *nested_first(const struct nlattr *nest)
{
	if (!nest)
		return NULL;
	return valid(mnl_attr_get_payload(nest), nest_end(nest));
}

const struct nlattr *nested_next(const struct nlattr *nest, const struct nlattr *attribute)
{
	return valid(mnl_attr_next(attribute), nest_end(nest));
}

const struct nlattr *nested_of(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attribute = nested_first(nest);
	while (attribute && mnl_attr_get_type(attribute) != type)
		attribute = nested_next(nest, attribute);
	return attribute;
}

uint32_t attribute_u32(const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_get_payload_len(attribute) < sizeof(uint32_t))
		return UINT32_MAX;
	return ntohl(mnl_attr_get_u32(attribute));
}

uint32_t nested_u32(const struct nlattr *nest, uint16_t type)
{
	return attribute_u32(nested_of(nest, type));
}

const char *attribute_text(const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) < 0)
		return "";
	return mnl_attr_get_str(attribute);
}
