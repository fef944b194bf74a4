/* nftables rules over nfnetlink (linux/netfilter/nf_tables.h). Of each rule only the expressions
 * are kept that have to do with connection tracking and address translation, in the shape of
 * nft -j. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"
#include "probes/host/nft.h"

enum {
	BUFFER_BYTES = 64 * 1024,
	SEQUENCE = 1
};

struct reader {
	cJSON *list;
	unsigned rules;
	cJSON *expressions; /* of the rule that is being read */
	bool port_loaded;   /* the last payload expression loads the destination port */
	uint16_t first;     /* "at least" this port, and "at most" has not come yet; 0: none */
};

static void add_expression(struct reader *reader, const char *name)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddItemToArray(reader->expressions, item);
	cJSON_AddNullToObject(item, name);
}

static cJSON *port_range(double first, double last)
{
	const double numbers[] = {first, last};
	cJSON *range = cJSON_CreateObject();
	cJSON_AddItemToObject(range, "range", cJSON_CreateDoubleArray(numbers, 2));
	return range;
}

static void add_port_match(struct reader *reader, double first, double last)
{
	cJSON *item = cJSON_CreateObject();
	cJSON *match = cJSON_AddObjectToObject(item, "match");
	cJSON_AddStringToObject(match, "op", "==");
	cJSON *left = cJSON_AddObjectToObject(match, "left");
	cJSON *payload = cJSON_AddObjectToObject(left, "payload");
	cJSON_AddStringToObject(payload, "protocol", "th");
	cJSON_AddStringToObject(payload, "field", "dport");
	if (first < last)
		cJSON_AddItemToObject(match, "right", port_range(first, last));
	else
		cJSON_AddNumberToObject(match, "right", first);
	cJSON_AddItemToArray(reader->expressions, item);
}

static uint32_t attribute_u32(const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_get_payload_len(attribute) < sizeof(uint32_t))
		return UINT32_MAX;
	return ntohl(mnl_attr_get_u32(attribute));
}

static const char *attribute_text(const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) < 0)
		return "";
	return mnl_attr_get_str(attribute);
}

/* The attribute, if all of it lies before `end`; else NULL. (The loops of libmnl do not compile
 * with -Wconversion.) */
static const struct nlattr *valid(const struct nlattr *attribute, const void *end)
{
	ptrdiff_t left = (const char *)end - (const char *)attribute;
	if (left <= 0 || !mnl_attr_ok(attribute, (int)left))
		return NULL;
	return attribute;
}

static const struct nlattr *next_valid(const struct nlattr *attribute, const void *end)
{
	return valid(mnl_attr_next(attribute), end);
}

static const void *nest_end(const struct nlattr *nest)
{
	const char *start = mnl_attr_get_payload(nest);
	return start + mnl_attr_get_payload_len(nest);
}

static const struct nlattr *first_nested(const struct nlattr *nest)
{
	return valid(mnl_attr_get_payload(nest), nest_end(nest));
}

/* NULL: there is no nest, or no such attribute in it. */
static const struct nlattr *find_nested(const struct nlattr *nest, uint16_t type)
{
	if (!nest)
		return NULL;
	const struct nlattr *attribute = first_nested(nest);
	while (attribute && mnl_attr_get_type(attribute) != type)
		attribute = next_valid(attribute, nest_end(nest));
	return attribute;
}

static uint32_t nested_u32(const struct nlattr *nest, uint16_t type)
{
	return attribute_u32(find_nested(nest, type));
}

/* Destination port of TCP and UDP: two bytes at offset 2 of the transport header. */
static void on_payload(struct reader *reader, const struct nlattr *data)
{
	uint32_t base = nested_u32(data, NFTA_PAYLOAD_BASE);
	uint32_t offset = nested_u32(data, NFTA_PAYLOAD_OFFSET);
	uint32_t length = nested_u32(data, NFTA_PAYLOAD_LEN);
	bool transport = base == NFT_PAYLOAD_TRANSPORT_HEADER;
	reader->port_loaded = transport && offset == 2 && length == 2;
	reader->first = 0;
}

/* The port in a data attribute; 0: there is none. */
static uint16_t nested_port(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *data = find_nested(nest, type);
	const struct nlattr *value = find_nested(data, NFTA_DATA_VALUE);
	uint16_t port;
	if (!value || mnl_attr_get_payload_len(value) != sizeof port)
		return 0;
	memcpy(&port, mnl_attr_get_payload(value), sizeof port);
	return ntohs(port);
}

/* "dport 8080" is one comparison. "dport 5000-5010" is two of them, or a range expression. */
static void on_compare(struct reader *reader, const struct nlattr *data)
{
	uint16_t port = nested_port(data, NFTA_CMP_DATA);
	if (!reader->port_loaded || port == 0)
		return;
	switch (nested_u32(data, NFTA_CMP_OP)) {
	case NFT_CMP_EQ:
		add_port_match(reader, port, port);
		break;
	case NFT_CMP_GTE:
		reader->first = port;
		break;
	case NFT_CMP_LTE:
		if (reader->first > 0 && reader->first <= port)
			add_port_match(reader, reader->first, port);
		break;
	default:
		break;
	}
}

static void on_range(struct reader *reader, const struct nlattr *data)
{
	uint16_t first = nested_port(data, NFTA_RANGE_FROM_DATA);
	uint16_t last = nested_port(data, NFTA_RANGE_TO_DATA);
	if (!reader->port_loaded || nested_u32(data, NFTA_RANGE_OP) != NFT_RANGE_EQ)
		return;
	if (first > 0 && first <= last)
		add_port_match(reader, first, last);
}

static void on_nat(struct reader *reader, const struct nlattr *data)
{
	if (nested_u32(data, NFTA_NAT_TYPE) == NFT_NAT_DNAT)
		add_expression(reader, "dnat");
	else
		add_expression(reader, "snat");
}

/* iptables-nft keeps xtables extensions: a name and a binary structure. struct xt_tcp and struct
 * xt_udp begin with the source ports, then the destination ports, two of two bytes each
 * (linux/netfilter/xt_tcpudp.h). */
static void add_xtables_ports(struct reader *reader, const struct nlattr *info)
{
	enum {
		FIRST = 2,
		LAST,
		PORTS
	};
	uint16_t ports[PORTS];
	memcpy(ports, mnl_attr_get_payload(info), sizeof ports);
	if (ports[FIRST] > 0 && ports[FIRST] <= ports[LAST])
		add_port_match(reader, ports[FIRST], ports[LAST]);
}

static bool has_ports(const char *extension, const struct nlattr *info)
{
	if (strcmp(extension, "tcp") != 0 && strcmp(extension, "udp") != 0)
		return false;
	return info && mnl_attr_get_payload_len(info) >= 4 * sizeof(uint16_t);
}

/* NFTA_MATCH_NAME and NFTA_MATCH_INFO have the same numbers as those of a target. */
static void on_xtables(struct reader *reader, const struct nlattr *data, const char *kind)
{
	const char *name = attribute_text(find_nested(data, NFTA_MATCH_NAME));
	const struct nlattr *info = find_nested(data, NFTA_MATCH_INFO);
	if (has_ports(name, info)) {
		add_xtables_ports(reader, info);
		return;
	}
	cJSON *item = cJSON_CreateObject();
	cJSON *xt = cJSON_AddObjectToObject(item, "xt");
	cJSON_AddStringToObject(xt, "type", kind);
	cJSON_AddStringToObject(xt, "name", name);
	cJSON_AddItemToArray(reader->expressions, item);
}

static void on_match(struct reader *reader, const struct nlattr *data)
{
	on_xtables(reader, data, "match");
}

static void on_target(struct reader *reader, const struct nlattr *data)
{
	on_xtables(reader, data, "target");
}

/* The kernel's expression names, and what nft -j calls them. */
struct expression_row {
	const char *name, *json;
	void (*read)(struct reader *reader, const struct nlattr *data);
};

static const struct expression_row expression_rows[] = {
		{.name = "payload", .read = on_payload},
		{.name = "cmp", .read = on_compare},
		{.name = "range", .read = on_range},
		{.name = "nat", .read = on_nat},
		{.name = "match", .read = on_match},
		{.name = "target", .read = on_target},
		{.name = "masq", .json = "masquerade"},
		{.name = "redir", .json = "redirect"},
		{.name = "ct", .json = "ct"},
		{.name = "connlimit", .json = "ct count"},
		{.name = "flow_offload", .json = "flow"},
		{.name = "synproxy", .json = "synproxy"},
		{.name = "notrack", .json = "notrack"},
};

static void on_expression(struct reader *reader, const struct nlattr *element)
{
	const char *name = attribute_text(find_nested(element, NFTA_EXPR_NAME));
	const struct nlattr *data = find_nested(element, NFTA_EXPR_DATA);
	for (size_t i = 0; i < COUNT_OF(expression_rows); i++) {
		const struct expression_row *row = &expression_rows[i];
		if (strcmp(name, row->name) != 0)
			continue;
		if (row->read)
			row->read(reader, data);
		else
			add_expression(reader, row->json);
	}
	if (strcmp(name, "payload") != 0 && strcmp(name, "cmp") != 0)
		reader->port_loaded = false;
}

static const char *family_name(unsigned family)
{
	switch (family) {
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	case NFPROTO_ARP:
		return "arp";
	case NFPROTO_NETDEV:
		return "netdev";
	case NFPROTO_BRIDGE:
		return "bridge";
	default:
		return "?";
	}
}

struct rule_attributes {
	const char *table, *chain;
	const struct nlattr *expressions; /* NULL: none */
};

static struct rule_attributes read_rule(const struct nlmsghdr *header)
{
	struct rule_attributes rule = {.table = "", .chain = ""};
	const void *start = mnl_nlmsg_get_payload_offset(header, sizeof(struct nfgenmsg));
	const void *end = mnl_nlmsg_get_payload_tail(header);
	const struct nlattr *attribute = valid(start, end);
	while (attribute) {
		uint16_t type = mnl_attr_get_type(attribute);
		if (type == NFTA_RULE_TABLE)
			rule.table = attribute_text(attribute);
		else if (type == NFTA_RULE_CHAIN)
			rule.chain = attribute_text(attribute);
		else if (type == NFTA_RULE_EXPRESSIONS)
			rule.expressions = attribute;
		attribute = next_valid(attribute, end);
	}
	return rule;
}

static void read_expressions(struct reader *reader, const struct nlattr *expressions)
{
	reader->expressions = cJSON_CreateArray();
	reader->port_loaded = false;
	if (!expressions)
		return;
	const struct nlattr *element = first_nested(expressions);
	while (element) {
		on_expression(reader, element);
		element = next_valid(element, nest_end(expressions));
	}
}

/* A rule without an expression that matters here is left out. */
static void add_rule(struct reader *reader, const struct nlmsghdr *header)
{
	const struct nfgenmsg *generic = mnl_nlmsg_get_payload(header);
	struct rule_attributes attributes = read_rule(header);
	read_expressions(reader, attributes.expressions);
	if (cJSON_GetArraySize(reader->expressions) == 0) {
		cJSON_Delete(reader->expressions);
		return;
	}
	cJSON *item = cJSON_CreateObject();
	cJSON *rule = cJSON_AddObjectToObject(item, "rule");
	cJSON_AddStringToObject(rule, "family", family_name(generic->nfgen_family));
	cJSON_AddStringToObject(rule, "table", attributes.table);
	cJSON_AddStringToObject(rule, "chain", attributes.chain);
	cJSON_AddItemToObject(rule, "expr", reader->expressions);
	cJSON_AddItemToArray(reader->list, item);
}

static int nft_read_on_message(const struct nlmsghdr *header, void *context)
{
	struct reader *reader = context;
	if (mnl_nlmsg_get_payload_len(header) < sizeof(struct nfgenmsg))
		return MNL_CB_OK;
	reader->rules++;
	if (reader->rules <= NFT_RULES_MAX)
		add_rule(reader, header);
	return MNL_CB_OK;
}

/* Asks for all rules. 0 or an errno. */
static int nft_request(struct mnl_socket *socket, char *buffer)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	header->nlmsg_type = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETRULE;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header->nlmsg_seq = SEQUENCE;
	struct nfgenmsg *generic = mnl_nlmsg_put_extra_header(header, sizeof *generic);
	generic->nfgen_family = NFPROTO_UNSPEC;
	generic->version = NFNETLINK_V0;
	if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0)
		return errno;
	return 0;
}

/* The next datagram; an end without one is EIO. 0 or an errno. */
static int nft_receive(struct mnl_socket *socket, char *buffer, size_t *ret_length)
{
	ssize_t length;
	do {
		length = mnl_socket_recvfrom(socket, buffer, BUFFER_BYTES);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return errno;
	if (length == 0)
		return EIO;
	*ret_length = (size_t)length;
	return 0;
}

static int nft_dump(struct mnl_socket *socket, char *buffer, struct reader *reader)
{
	unsigned port = mnl_socket_get_portid(socket);
	int error = nft_request(socket, buffer);
	int more = MNL_CB_OK;
	while (!error && more > MNL_CB_STOP) {
		size_t length = 0;
		error = nft_receive(socket, buffer, &length);
		if (error)
			break;
		more = mnl_cb_run(buffer, length, SEQUENCE, port, nft_read_on_message, reader);
		if (more < 0)
			error = errno;
	}
	return error;
}

static int nft_read_over(struct mnl_socket *socket, cJSON *root)
{
	struct reader reader = {.list = cJSON_AddArrayToObject(root, "nftables")};
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) != 0)
		return errno;
	char *buffer = memory_get(BUFFER_BYTES);
	int error = nft_dump(socket, buffer, &reader);
	if (reader.rules > NFT_RULES_MAX)
		(void)cJSON_AddTrueToObject(root, nft_more);
	free(buffer);
	return error;
}

int nft_read(cJSON **ret_ruleset)
{
	*ret_ruleset = NULL;
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (!socket)
		return errno;
	cJSON *root = cJSON_CreateObject();
	int error = nft_read_over(socket, root);
	mnl_socket_close(socket);
	if (error)
		cJSON_Delete(root);
	else
		*ret_ruleset = root;
	return error;
}
