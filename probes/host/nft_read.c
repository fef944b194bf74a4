/* nftables rules over nfnetlink (linux/netfilter/nf_tables.h). Keeps of each rule only the
 * expressions that have to do with connection tracking and address translation, in the shape of nft
 * -j. */
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
	BUFFER_BYTES = 64 * 1024
};

struct reader {
	cJSON *list;
	unsigned rules;
	cJSON *expressions; /* of the rule at hand */
	bool port_loaded;   /* the last payload expression loads the destination port */
	uint16_t first;     /* of "at least FIRST" that waits for its "at most"; 0: none */
};

static cJSON *add_expression(struct reader *reader, const char *name)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddItemToArray(reader->expressions, item);
	return cJSON_AddNullToObject(item, name) ? item : NULL;
}

static void add_port_match(struct reader *reader, double first, double last)
{
	cJSON *item = cJSON_CreateObject(), *match = cJSON_AddObjectToObject(item, "match"), *payload;
	cJSON_AddStringToObject(match, "op", "==");
	payload = cJSON_AddObjectToObject(cJSON_AddObjectToObject(match, "left"), "payload");
	cJSON_AddStringToObject(payload, "protocol", "th");
	cJSON_AddStringToObject(payload, "field", "dport");
	if (first < last) {
		const double range[] = {first, last};
		cJSON_AddItemToObject(cJSON_AddObjectToObject(match, "right"),
				"range",
				cJSON_CreateDoubleArray(range, 2));
	} else {
		cJSON_AddNumberToObject(match, "right", first);
	}
	cJSON_AddItemToArray(reader->expressions, item);
}

static uint32_t attribute_u32(const struct nlattr *attribute)
{
	bool good = attribute && mnl_attr_get_payload_len(attribute) >= 4;
	return good ? ntohl(mnl_attr_get_u32(attribute)) : UINT32_MAX;
}

static const char *attribute_text(const struct nlattr *attribute)
{
	bool good = attribute && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0;
	return good ? mnl_attr_get_str(attribute) : "";
}

/* The attribute, if it lies before `end` as a whole. libmnl's loops do not pass -Wconversion. */
static const struct nlattr *valid(const struct nlattr *attribute, const void *end)
{
	ptrdiff_t left = (const char *)end - (const char *)attribute;
	return left > 0 && mnl_attr_ok(attribute, (int)left) ? attribute : NULL;
}

static const void *nest_end(const struct nlattr *nest)
{
	return (const char *)mnl_attr_get_payload(nest) + mnl_attr_get_payload_len(nest);
}

static const struct nlattr *find_nested(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attribute = nest ? valid(mnl_attr_get_payload(nest), nest_end(nest))
										  : NULL;
	while (attribute && mnl_attr_get_type(attribute) != type)
		attribute = valid(mnl_attr_next(attribute), nest_end(nest));
	return attribute;
}

/* Destination port of TCP and UDP: two bytes at offset 2 of the transport header. */
static void on_payload(struct reader *reader, const struct nlattr *data)
{
	reader->port_loaded = attribute_u32(find_nested(data, NFTA_PAYLOAD_BASE)) ==
					NFT_PAYLOAD_TRANSPORT_HEADER &&
			attribute_u32(find_nested(data, NFTA_PAYLOAD_OFFSET)) == 2 &&
			attribute_u32(find_nested(data, NFTA_PAYLOAD_LEN)) == 2;
	reader->first = 0;
}

/* A port in a data attribute; 0. */
static uint16_t attribute_port(const struct nlattr *data)
{
	const struct nlattr *value = find_nested(data, NFTA_DATA_VALUE);
	uint16_t port = 0;
	if (value && mnl_attr_get_payload_len(value) == sizeof port)
		memcpy(&port, mnl_attr_get_payload(value), sizeof port);
	return ntohs(port);
}

/* "dport 8080" is one comparison, "dport 5000-5010" two, or a range expression. */
static void on_compare(struct reader *reader, const struct nlattr *data)
{
	uint16_t port = attribute_port(find_nested(data, NFTA_CMP_DATA));
	uint32_t operator= attribute_u32(find_nested(data, NFTA_CMP_OP));
	if (!reader->port_loaded || port == 0)
		return;
	if (operator== NFT_CMP_EQ)
		add_port_match(reader, port, port);
	else if (operator== NFT_CMP_GTE)
		reader->first = port;
	else if (operator== NFT_CMP_LTE && reader->first> 0 && reader->first <= port)
		add_port_match(reader, reader->first, port);
}

static void on_range(struct reader *reader, const struct nlattr *data)
{
	uint16_t first = attribute_port(find_nested(data, NFTA_RANGE_FROM_DATA));
	uint16_t last = attribute_port(find_nested(data, NFTA_RANGE_TO_DATA));
	bool equal = attribute_u32(find_nested(data, NFTA_RANGE_OP)) == NFT_RANGE_EQ;
	if (reader->port_loaded && equal && first > 0 && first <= last)
		add_port_match(reader, first, last);
}

static void on_nat(struct reader *reader, const struct nlattr *data)
{
	add_expression(reader,
			attribute_u32(find_nested(data, NFTA_NAT_TYPE)) == NFT_NAT_DNAT ? "dnat" : "snat");
}

/* iptables-nft keeps xtables extensions: name and a binary structure. struct xt_tcp and struct
 * xt_udp begin with the source ports, then the destination ports, two of two bytes each
 * (linux/netfilter/xt_tcpudp.h). */
static void on_xtables(struct reader *reader, const struct nlattr *data, const char *kind)
{
	const char *name = attribute_text(
			find_nested(data, NFTA_MATCH_NAME)); /* NFTA_TARGET_NAME is the same */
	const struct nlattr *info = find_nested(data, NFTA_MATCH_INFO);
	uint16_t ports[4];
	bool protocol = strcmp(name, "tcp") == 0 || strcmp(name, "udp") == 0;
	if (protocol && info && mnl_attr_get_payload_len(info) >= sizeof ports) {
		memcpy(ports, mnl_attr_get_payload(info), sizeof ports);
		if (ports[2] > 0 && ports[2] <= ports[3])
			add_port_match(reader, ports[2], ports[3]);
		return;
	}
	cJSON *item = cJSON_CreateObject(), *xt = cJSON_AddObjectToObject(item, "xt");
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

static void add_rule(struct reader *reader, const struct nlmsghdr *header)
{
	const struct nfgenmsg *generic = mnl_nlmsg_get_payload(header);
	const char *table = "", *chain = "";
	const struct nlattr *expressions = NULL, *element;
	const void *end = mnl_nlmsg_get_payload_tail(header);
	const struct nlattr *attribute = valid(mnl_nlmsg_get_payload_offset(header, sizeof *generic),
			end);
	for (; attribute; attribute = valid(mnl_attr_next(attribute), end)) {
		uint16_t type = mnl_attr_get_type(attribute);
		if (type == NFTA_RULE_TABLE)
			table = attribute_text(attribute);
		else if (type == NFTA_RULE_CHAIN)
			chain = attribute_text(attribute);
		else if (type == NFTA_RULE_EXPRESSIONS)
			expressions = attribute;
	}
	reader->expressions = cJSON_CreateArray();
	reader->port_loaded = false;
	element = expressions ? valid(mnl_attr_get_payload(expressions), nest_end(expressions)) : NULL;
	for (; element; element = valid(mnl_attr_next(element), nest_end(expressions)))
		on_expression(reader, element);
	if (cJSON_GetArraySize(reader->expressions) == 0) {
		cJSON_Delete(reader->expressions);
		return;
	}
	cJSON *item = cJSON_CreateObject(), *rule = cJSON_AddObjectToObject(item, "rule");
	cJSON_AddStringToObject(rule, "family", family_name(generic->nfgen_family));
	cJSON_AddStringToObject(rule, "table", table);
	cJSON_AddStringToObject(rule, "chain", chain);
	cJSON_AddItemToObject(rule, "expr", reader->expressions);
	cJSON_AddItemToArray(reader->list, item);
}

static int nft_read_on_message(const struct nlmsghdr *header, void *context)
{
	struct reader *reader = context;
	if (mnl_nlmsg_get_payload_len(header) < sizeof(struct nfgenmsg))
		return MNL_CB_OK;
	if (reader->rules++ < NFT_RULES_MAX)
		add_rule(reader, header);
	return MNL_CB_OK;
}

static int dump(struct mnl_socket *socket, char *buffer, struct reader *reader)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	header->nlmsg_type = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETRULE;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header->nlmsg_seq = 1;
	struct nfgenmsg *generic = mnl_nlmsg_put_extra_header(header, sizeof *generic);
	generic->nfgen_family = NFPROTO_UNSPEC;
	generic->version = NFNETLINK_V0;
	if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0)
		return errno;
	for (;;) {
		ssize_t length = mnl_socket_recvfrom(socket, buffer, BUFFER_BYTES);
		if (length < 0 && errno == EINTR)
			continue;
		if (length <= 0)
			return length < 0 ? errno : EIO;
		int more = mnl_cb_run(buffer,
				(size_t)length,
				1,
				mnl_socket_get_portid(socket),
				nft_read_on_message,
				reader);
		if (more < 0)
			return errno;
		if (more == 0)
			return 0;
	}
}

int nft_read(cJSON **ret_ruleset)
{
	struct reader reader = {0};
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (!socket)
		return errno;
	char *buffer = memory_get(BUFFER_BYTES);
	cJSON *root = cJSON_CreateObject();
	reader.list = cJSON_AddArrayToObject(root, "nftables");
	int error = 0;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) != 0)
		error = errno;
	else
		error = dump(socket, buffer, &reader);
	free(buffer);
	mnl_socket_close(socket);
	if (error) {
		cJSON_Delete(root);
		root = NULL;
	}
	*ret_ruleset = root;
	return error;
}
