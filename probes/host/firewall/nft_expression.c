/* linux/netfilter/nf_tables.h: a rule loads something into a register and compares it there, so
 * that a match is the comparison together with the load before it. */
#include "probes/host/firewall/nft_expression.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/xt_CT.h>
#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "probes/host/firewall/attribute.h"

enum {
	REGISTERS = 24, /* NFT_REG32_15 is the last */
	LO_INDEX = 1    /* of the loopback interface, in every network namespace */
};

const char nft_unread[] = "unread";

/* What the last load was of. */
enum loaded {
	LOADED_OTHER,
	LOADED_SPORT,
	LOADED_DPORT,
	LOADED_PROTOCOL,
	LOADED_FAMILY,
	LOADED_IN,
	LOADED_OUT
};

struct reader {
	cJSON *list;
	unsigned family;
	bool whole;
	enum loaded loaded;
	bool by_name;   /* the interface is compared by its name, else by its index */
	uint16_t first; /* "at least" this port, and "at most" has not come yet; 0: none */
	/* Numbers that the rule itself puts there: the ports of address translation. 0: none. */
	uint16_t ports[REGISTERS];
};

static cJSON *add_object(struct reader *reader, const char *name)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddItemToArray(reader->list, item);
	return cJSON_AddObjectToObject(item, name);
}

static void add_null(struct reader *reader, const char *name)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddItemToArray(reader->list, item);
	cJSON_AddNullToObject(item, name);
}

static void add_unread(struct reader *reader)
{
	if (reader->whole)
		add_null(reader, nft_unread);
}

/* A port, or {"range": [FIRST, LAST]}. */
static cJSON *port_value(double first, double last)
{
	const double numbers[] = {first, last};
	if (first == last)
		return cJSON_CreateNumber(first);
	cJSON *range = cJSON_CreateObject();
	cJSON_AddItemToObject(range, "range", cJSON_CreateDoubleArray(numbers, 2));
	return range;
}

static cJSON *add_match(struct reader *reader, const char *kind, const char *member, const char *is)
{
	cJSON *match = add_object(reader, "match");
	cJSON_AddStringToObject(match, "op", "==");
	cJSON *left = cJSON_AddObjectToObject(match, "left");
	cJSON *inner = cJSON_AddObjectToObject(left, kind);
	cJSON_AddStringToObject(inner, member, is);
	return match;
}

static void add_port_match(struct reader *reader, const char *field, double first, double last)
{
	cJSON *match = add_match(reader, "payload", "field", field);
	cJSON *left = cJSON_GetObjectItemCaseSensitive(match, "left");
	cJSON *payload = cJSON_GetObjectItemCaseSensitive(left, "payload");
	cJSON_AddStringToObject(payload, "protocol", "th");
	cJSON_AddItemToObject(match, "right", port_value(first, last));
}

static void add_meta_match(struct reader *reader, const char *key, const char *right)
{
	cJSON *match = add_match(reader, "meta", "key", key);
	cJSON_AddStringToObject(match, "right", right);
}

/* The ports of TCP and UDP are the first four bytes of the transport header. In IPv4 the protocol
 * is byte 9, in IPv6 byte 6. */
static enum loaded payload_of(const struct reader *reader, const struct nlattr *data)
{
	uint32_t base = nested_u32(data, NFTA_PAYLOAD_BASE);
	uint32_t offset = nested_u32(data, NFTA_PAYLOAD_OFFSET);
	uint32_t length = nested_u32(data, NFTA_PAYLOAD_LEN);
	bool transport = base == NFT_PAYLOAD_TRANSPORT_HEADER && length == 2;
	bool network = base == NFT_PAYLOAD_NETWORK_HEADER && length == 1;
	bool ipv4 = network && reader->family == NFPROTO_IPV4 && offset == 9;
	bool ipv6 = network && reader->family == NFPROTO_IPV6 && offset == 6;
	if (transport && offset == 0)
		return LOADED_SPORT;
	if (transport && offset == 2)
		return LOADED_DPORT;
	if (ipv4 || ipv6)
		return LOADED_PROTOCOL;
	return LOADED_OTHER;
}

static void on_payload(struct reader *reader, const struct nlattr *data)
{
	reader->loaded = payload_of(reader, data);
	reader->first = 0;
}

static void on_meta(struct reader *reader, const struct nlattr *data)
{
	uint32_t key = nested_u32(data, NFTA_META_KEY);
	if (nested_of(data, NFTA_META_SREG)) /* sets a mark, or the like */
		return;
	reader->loaded = LOADED_OTHER;
	reader->by_name = key == NFT_META_IIFNAME || key == NFT_META_OIFNAME;
	if (key == NFT_META_L4PROTO)
		reader->loaded = LOADED_PROTOCOL;
	else if (key == NFT_META_NFPROTO)
		reader->loaded = LOADED_FAMILY;
	else if (key == NFT_META_IIF || key == NFT_META_IIFNAME)
		reader->loaded = LOADED_IN;
	else if (key == NFT_META_OIF || key == NFT_META_OIFNAME)
		reader->loaded = LOADED_OUT;
}

/* The value of a data attribute; NULL: it has none, or fewer bytes. */
static const void *data_value(const struct nlattr *nest, uint16_t type, size_t bytes)
{
	const struct nlattr *value = nested_of(nested_of(nest, type), NFTA_DATA_VALUE);
	if (!value || mnl_attr_get_payload_len(value) < bytes)
		return NULL;
	return mnl_attr_get_payload(value);
}

/* The port in a data attribute; 0: there is none. */
static uint16_t data_port(const struct nlattr *nest, uint16_t type)
{
	uint16_t port;
	const void *value = data_value(nest, type, sizeof port);
	if (!value)
		return 0;
	memcpy(&port, value, sizeof port);
	return ntohs(port);
}

/* "dport 8080" is one comparison. "dport 5000-5010" is two of them, or a range expression. */
static bool compare_port(struct reader *reader, uint32_t op, uint16_t port)
{
	static const char *const fields[] = {[LOADED_SPORT] = "sport", [LOADED_DPORT] = "dport"};
	const char *field = fields[reader->loaded];
	if (port == 0 || (reader->loaded == LOADED_SPORT && !reader->whole))
		return false;
	if (op == NFT_CMP_EQ) {
		add_port_match(reader, field, port, port);
		return true;
	}
	if (op == NFT_CMP_GTE) {
		reader->first = port;
		return true;
	}
	bool last = op == NFT_CMP_LTE && reader->first > 0 && reader->first <= port;
	if (last)
		add_port_match(reader, field, reader->first, port);
	reader->first = 0;
	return last;
}

static bool compare_protocol(struct reader *reader, const struct nlattr *data)
{
	const unsigned char *number = data_value(data, NFTA_CMP_DATA, 1);
	if (!number || (*number != IPPROTO_TCP && *number != IPPROTO_UDP))
		return false;
	const char *name = "udp";
	if (*number == IPPROTO_TCP)
		name = "tcp";
	add_meta_match(reader, "l4proto", name);
	return true;
}

static bool compare_family(struct reader *reader, const struct nlattr *data)
{
	const unsigned char *number = data_value(data, NFTA_CMP_DATA, 1);
	if (!number || (*number != NFPROTO_IPV4 && *number != NFPROTO_IPV6))
		return false;
	const char *name = "ipv6";
	if (*number == NFPROTO_IPV4)
		name = "ipv4";
	add_meta_match(reader, "nfproto", name);
	return true;
}

/* Only the loopback interface is told apart. */
static bool compare_interface(struct reader *reader, const struct nlattr *data)
{
	static const char lo[] = "lo"; /* with the NUL: without it, names that begin so match too */
	const void *name = data_value(data, NFTA_CMP_DATA, sizeof lo);
	const uint32_t *index = data_value(data, NFTA_CMP_DATA, sizeof *index);
	bool is_lo = reader->by_name && name && memcmp(name, lo, sizeof lo) == 0;
	uint32_t number = 0;
	if (!reader->by_name && index)
		memcpy(&number, index, sizeof number);
	if (!is_lo && number != LO_INDEX)
		return false;
	add_meta_match(reader, reader->loaded == LOADED_IN ? "iifname" : "oifname", lo);
	return true;
}

static bool compare(struct reader *reader, const struct nlattr *data)
{
	uint32_t op = nested_u32(data, NFTA_CMP_OP);
	bool port = reader->loaded == LOADED_SPORT || reader->loaded == LOADED_DPORT;
	if (port)
		return compare_port(reader, op, data_port(data, NFTA_CMP_DATA));
	if (op != NFT_CMP_EQ || !reader->whole)
		return false;
	switch (reader->loaded) {
	case LOADED_PROTOCOL:
		return compare_protocol(reader, data);
	case LOADED_FAMILY:
		return compare_family(reader, data);
	case LOADED_IN:
	case LOADED_OUT:
		return compare_interface(reader, data);
	default:
		return false;
	}
}

static void on_compare(struct reader *reader, const struct nlattr *data)
{
	if (!compare(reader, data))
		add_unread(reader);
}

static void on_range(struct reader *reader, const struct nlattr *data)
{
	uint16_t first = data_port(data, NFTA_RANGE_FROM_DATA);
	uint16_t last = data_port(data, NFTA_RANGE_TO_DATA);
	bool equal = nested_u32(data, NFTA_RANGE_OP) == NFT_RANGE_EQ;
	bool order = first > 0 && first <= last;
	if (equal && order && reader->loaded == LOADED_DPORT)
		add_port_match(reader, "dport", first, last);
	else if (equal && order && reader->loaded == LOADED_SPORT && reader->whole)
		add_port_match(reader, "sport", first, last);
	else
		add_unread(reader);
}

/* What nft -j calls a verdict; NULL: the next expression or rule comes. */
static const char *verdict_of(uint32_t code)
{
	switch ((int32_t)code) {
	case NF_ACCEPT:
		return "accept";
	case NF_DROP:
		return "drop";
	case NFT_RETURN:
		return "return";
	case NFT_JUMP:
		return "jump";
	case NFT_GOTO:
		return "goto";
	case NFT_CONTINUE:
		return NULL;
	default:
		return "queue";
	}
}

static void on_immediate(struct reader *reader, const struct nlattr *data)
{
	uint32_t into = nested_u32(data, NFTA_IMMEDIATE_DREG);
	const struct nlattr *value = nested_of(data, NFTA_IMMEDIATE_DATA);
	const struct nlattr *verdict = nested_of(value, NFTA_DATA_VERDICT);
	if (into < REGISTERS)
		reader->ports[into] = data_port(data, NFTA_IMMEDIATE_DATA);
	if (!verdict || !reader->whole)
		return;
	const char *name = verdict_of(nested_u32(verdict, NFTA_VERDICT_CODE));
	if (name)
		add_null(reader, name);
}

/* A verdict map decides where the packet goes. */
static void on_lookup(struct reader *reader, const struct nlattr *data)
{
	uint32_t into = nested_u32(data, NFTA_LOOKUP_DREG);
	if (into < REGISTERS)
		reader->ports[into] = 0;
	if (into == NFT_REG_VERDICT && reader->whole)
		add_null(reader, "vmap");
	else
		add_unread(reader);
}

/* The ports of a register; 0: what is there is not known. */
static uint16_t port_in(const struct reader *reader, uint32_t at)
{
	if (at >= REGISTERS)
		return 0;
	return reader->ports[at];
}

/* "port", where the rule limits the source ports; null where they are not in the rule. */
static void add_nat_ports(struct reader *reader,
		cJSON *nat,
		const struct nlattr *data,
		uint16_t low)
{
	uint16_t high = (uint16_t)(low + 1); /* NFTA_…_REG_PROTO_MAX comes after …_MIN */
	if (!nested_of(data, low))
		return;
	uint16_t first = port_in(reader, nested_u32(data, low)), last = first;
	if (nested_of(data, high))
		last = port_in(reader, nested_u32(data, high));
	if (first > 0 && first <= last)
		cJSON_AddItemToObject(nat, "port", port_value(first, last));
	else
		cJSON_AddNullToObject(nat, "port");
}

static void on_nat(struct reader *reader, const struct nlattr *data)
{
	if (nested_u32(data, NFTA_NAT_TYPE) == NFT_NAT_DNAT)
		add_null(reader, "dnat");
	else
		add_nat_ports(reader, add_object(reader, "snat"), data, NFTA_NAT_REG_PROTO_MIN);
}

static void on_masquerade(struct reader *reader, const struct nlattr *data)
{
	add_nat_ports(reader, add_object(reader, "masquerade"), data, NFTA_MASQ_REG_PROTO_MIN);
}

/* connlimit and other expressions that a rule adds to the elements of a set. */
static void on_dynset(struct reader *reader, const struct nlattr *data)
{
	const struct nlattr *one = nested_of(data, NFTA_DYNSET_EXPR);
	const struct nlattr *all = nested_of(data, NFTA_DYNSET_EXPRESSIONS);
	if (one)
		nft_add_expression(reader->list, one, reader->family);
	nft_add_expressions(reader->list, all, reader->family, false);
	add_unread(reader);
}

/* A rule that sets something of the connection makes one. A rule that looks at it does not, and
 * where it stands before connection tracking it is no match that is understood. */
static void on_ct(struct reader *reader, const struct nlattr *data)
{
	if (reader->whole && !nested_of(data, NFTA_CT_SREG))
		(void)add_match(reader, "ct", "key", nft_unread);
	else
		add_null(reader, "ct");
}

static void on_counter(struct reader *reader, const struct nlattr *data)
{
	(void)reader, (void)data; /* matches always */
}

/* struct xt_tcp and struct xt_udp begin with the source ports, then the destination ports, two of
 * two bytes each (linux/netfilter/xt_tcpudp.h); what follows must be 0 for a match to be no more
 * than that. struct xt_tcp has an option and two bytes of flags before its last byte. */
static bool add_xtables_ports(struct reader *reader, const struct nft_extension *x)
{
	uint16_t ports[4];
	bool known = !strcmp(x->name, "tcp") || !strcmp(x->name, "udp");
	if (!known || strcmp(x->kind, "match") != 0 || x->bytes < sizeof ports + 1)
		return false;
	memcpy(ports, x->info, sizeof ports);
	size_t more = !strcmp(x->name, "tcp") ? 4 : 1;
	for (size_t i = 0; i < more && sizeof ports + i < x->bytes; i++) {
		if (x->info[sizeof ports + i] != 0)
			add_unread(reader);
	}
	bool any_source = ports[0] == 0 && ports[1] == 65535;
	bool any = ports[2] == 0 && ports[3] == 65535;
	if (!any_source && reader->whole)
		add_port_match(reader, "sport", ports[0], ports[1]);
	if (!any && ports[2] > 0 && ports[2] <= ports[3])
		add_port_match(reader, "dport", ports[2], ports[3]);
	return true;
}

/* NOTRACK is another name of CT --notrack; both need no connection tracking. */
static bool add_notrack(struct reader *reader, const struct nft_extension *x)
{
	struct xt_ct_target_info_v1 info = {0};
	bool named = !strcmp(x->name, "NOTRACK");
	bool ct = !strcmp(x->name, "CT") && x->bytes >= sizeof info.flags;
	if (ct)
		memcpy(&info.flags, x->info, sizeof info.flags);
	if (strcmp(x->kind, "target") != 0 || !(named || (ct && info.flags & XT_CT_NOTRACK)))
		return false;
	add_null(reader, "notrack");
	return true;
}

/* -j CT --timeout NAME: a timeout policy of nfnetlink_cttimeout, which is not read. */
static bool has_timeout(const struct nft_extension *x)
{
	struct xt_ct_target_info_v1 info;
	bool v1 = !strcmp(x->name, "CT") && x->revision > 0 && x->bytes >= sizeof info;
	if (!v1)
		return false;
	memcpy(&info, x->info, sizeof info);
	return info.timeout[0] != '\0';
}

/* The source ports of MASQUERADE and SNAT: an old structure where the extension has no revision
 * and is IPv4's. */
static void add_xtables_nat(const struct reader *reader, cJSON *xt, const struct nft_extension *x)
{
	struct nf_nat_ipv4_multi_range_compat old;
	struct nf_nat_range range = {0};
	bool nat = !strcmp(x->name, "MASQUERADE") || !strcmp(x->name, "SNAT");
	bool ipv4 = reader->family == NFPROTO_IPV4;
	if (!nat)
		return;
	if (ipv4 && x->revision == 0 && x->bytes >= sizeof old) {
		memcpy(&old, x->info, sizeof old);
		range.flags = old.range[0].flags;
		range.min_proto = old.range[0].min;
		range.max_proto = old.range[0].max;
	} else if (x->bytes >= sizeof range) {
		memcpy(&range, x->info, sizeof range);
	}
	uint16_t first = ntohs(range.min_proto.all), last = ntohs(range.max_proto.all);
	if (range.flags & NF_NAT_RANGE_PROTO_SPECIFIED)
		cJSON_AddItemToObject(xt, "port", port_value(first, last));
}

static void on_extension(struct reader *reader, const struct nft_extension *x)
{
	if (add_xtables_ports(reader, x) || add_notrack(reader, x))
		return;
	cJSON *xt = add_object(reader, "xt");
	cJSON_AddStringToObject(xt, "type", x->kind);
	cJSON_AddStringToObject(xt, "name", x->name);
	if (has_timeout(x))
		(void)cJSON_AddTrueToObject(xt, "timeout");
	add_xtables_nat(reader, xt, x);
}

/* NFTA_MATCH_NAME and its neighbors have the same numbers as those of a target. */
static void on_xtables(struct reader *reader, const struct nlattr *data, const char *kind)
{
	const struct nlattr *info = nested_of(data, NFTA_MATCH_INFO);
	struct nft_extension x = {
			.kind = kind,
			.name = attribute_text(nested_of(data, NFTA_MATCH_NAME)),
			.revision = nested_u32(data, NFTA_MATCH_REV),
	};
	if (info) {
		x.info = mnl_attr_get_payload(info);
		x.bytes = mnl_attr_get_payload_len(info);
	}
	on_extension(reader, &x);
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
		{.name = "meta", .read = on_meta},
		{.name = "cmp", .read = on_compare},
		{.name = "range", .read = on_range},
		{.name = "immediate", .read = on_immediate},
		{.name = "lookup", .read = on_lookup},
		{.name = "nat", .read = on_nat},
		{.name = "masq", .read = on_masquerade},
		{.name = "match", .read = on_match},
		{.name = "target", .read = on_target},
		{.name = "dynset", .read = on_dynset},
		{.name = "counter", .read = on_counter},
		{.name = "log", .read = on_counter},
		{.name = "redir", .json = "redirect"},
		{.name = "ct", .read = on_ct},
		{.name = "connlimit", .json = "ct count"},
		{.name = "flow_offload", .json = "flow"},
		{.name = "synproxy", .json = "synproxy"},
		{.name = "notrack", .json = "notrack"},
};

static void on_expression(struct reader *reader, const struct nlattr *element)
{
	const char *name = attribute_text(nested_of(element, NFTA_EXPR_NAME));
	const struct nlattr *data = nested_of(element, NFTA_EXPR_DATA);
	bool keeps = !strcmp(name, "payload") || !strcmp(name, "cmp") || !strcmp(name, "meta");
	size_t i = 0;
	while (i < COUNT_OF(expression_rows) && strcmp(name, expression_rows[i].name) != 0)
		i++;
	if (i == COUNT_OF(expression_rows))
		add_unread(reader);
	else if (expression_rows[i].read)
		expression_rows[i].read(reader, data);
	else
		add_null(reader, expression_rows[i].json);
	if (!keeps)
		reader->loaded = LOADED_OTHER;
}

void nft_add_expressions(cJSON *list, const struct nlattr *expressions, unsigned family, bool whole)
{
	struct reader reader = {.list = list, .family = family, .whole = whole};
	const struct nlattr *element = nested_first(expressions);
	while (element) {
		on_expression(&reader, element);
		element = nested_next(expressions, element);
	}
}

void nft_add_expression(cJSON *list, const struct nlattr *expression, unsigned family)
{
	struct reader reader = {.list = list, .family = family};
	on_expression(&reader, expression);
}

void nft_add_extension(cJSON *list,
		const struct nft_extension *extension,
		unsigned family,
		bool whole)
{
	struct reader reader = {.list = list, .family = family, .whole = whole};
	on_extension(&reader, extension);
}
