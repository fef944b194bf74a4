/* The messages. Attribute numbers: linux/netfilter/nf_tables.h, nfnetlink_conntrack.h. */
#include "probes/stress/tracking.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

enum {
	BATCH = 64,
	BATCH_BYTES = 32768,
	RULES_BYTES = 8192,
	TUPLES_PER_ADDRESS = 60000
};

static const char table_name[] = "headroom";

/* nf_conntrack_tcp.h and nf_conntrack_common.h, of the kernel: TCP_CONNTRACK_ESTABLISHED. */
enum {
	TCP_STATE_ESTABLISHED = 3,
	DAY_SECONDS = 86400
};

struct batch {
	struct wire *wire;
	uint32_t last;
	size_t length;
	_Alignas(struct nlmsghdr) char bytes[RULES_BYTES];
};

static struct nlmsghdr *put_message(struct wire *wire,
		void *at,
		unsigned type,
		unsigned flags,
		uint8_t family,
		uint16_t resource)
{
	struct nlmsghdr *message = wire_message(wire, at, type, flags);
	struct nfgenmsg *body = mnl_nlmsg_put_extra_header(message, sizeof *body);
	*body = (struct nfgenmsg){.nfgen_family = family,
			.version = NFNETLINK_V0,
			.res_id = htons(resource)};
	return message;
}

static struct nlmsghdr *tracking_begin(struct batch *batch, unsigned type, unsigned flags)
{
	bool is_mark = type == NFNL_MSG_BATCH_BEGIN || type == NFNL_MSG_BATCH_END;
	return put_message(batch->wire,
			batch->bytes + batch->length,
			is_mark ? type : NFNL_SUBSYS_NFTABLES << 8 | type,
			flags,
			is_mark ? AF_UNSPEC : NFPROTO_IPV4,
			is_mark ? NFNL_SUBSYS_NFTABLES : 0);
}

static void tracking_end(struct batch *batch, const struct nlmsghdr *message)
{
	batch->length += NLMSG_ALIGN(message->nlmsg_len);
	if (message->nlmsg_flags & NLM_F_ACK)
		batch->last = message->nlmsg_seq;
}

static void put_mark(struct batch *batch, unsigned type)
{
	tracking_end(batch, tracking_begin(batch, type, 0));
}

static void tracking_put_table(struct batch *batch, unsigned type, unsigned flags)
{
	struct nlmsghdr *message = tracking_begin(batch, type, flags);
	mnl_attr_put_strz(message, NFTA_TABLE_NAME, table_name);
	tracking_end(batch, message);
}

static void put_chain(struct batch *batch,
		const char *name,
		const char *kind,
		unsigned hook,
		int priority)
{
	struct nlmsghdr *message = tracking_begin(batch, NFT_MSG_NEWCHAIN, NLM_F_CREATE | NLM_F_ACK);
	mnl_attr_put_strz(message, NFTA_CHAIN_TABLE, table_name);
	mnl_attr_put_strz(message, NFTA_CHAIN_NAME, name);
	mnl_attr_put_strz(message, NFTA_CHAIN_TYPE, kind);
	struct nlattr *nest = mnl_attr_nest_start(message, NFTA_CHAIN_HOOK);
	mnl_attr_put_u32(message, NFTA_HOOK_HOOKNUM, htonl(hook));
	mnl_attr_put_u32(message, NFTA_HOOK_PRIORITY, htonl((uint32_t)priority));
	mnl_attr_nest_end(message, nest);
	tracking_end(batch, message);
}

/* One expression of a rule: opened by its name, closed by the caller with close_expression(). */
struct expression {
	struct nlattr *element, *data;
};

static struct expression open_expression(struct nlmsghdr *message, const char *name)
{
	struct expression expression = {.element = mnl_attr_nest_start(message, NFTA_LIST_ELEM)};
	mnl_attr_put_strz(message, NFTA_EXPR_NAME, name);
	expression.data = mnl_attr_nest_start(message, NFTA_EXPR_DATA);
	return expression;
}

static void close_expression(struct nlmsghdr *message, struct expression expression)
{
	mnl_attr_nest_end(message, expression.data);
	mnl_attr_nest_end(message, expression.element);
}

static void put_data(struct nlmsghdr *message, unsigned attribute, const void *bytes, size_t length)
{
	struct nlattr *nest = mnl_attr_nest_start(message, (uint16_t)attribute);
	mnl_attr_put(message, NFTA_DATA_VALUE, length, bytes);
	mnl_attr_nest_end(message, nest);
}

static void put_state(struct nlmsghdr *message)
{
	struct expression state = open_expression(message, "ct");
	mnl_attr_put_u32(message, NFTA_CT_KEY, htonl(NFT_CT_STATE));
	mnl_attr_put_u32(message, NFTA_CT_DREG, htonl(NFT_REG_1));
	close_expression(message, state);
}

static void put_masquerade(struct nlmsghdr *message)
{
	close_expression(message, open_expression(message, "masq"));
}

static void put_immediate(struct nlmsghdr *message,
		unsigned target,
		const void *bytes,
		size_t length)
{
	struct expression value = open_expression(message, "immediate");
	mnl_attr_put_u32(message, NFTA_IMMEDIATE_DREG, htonl(target));
	put_data(message, NFTA_IMMEDIATE_DATA, bytes, length);
	close_expression(message, value);
}

/* tcp dport PORT: bytes 2 and 3 of the TCP header. */
static void put_port_match(struct nlmsghdr *message, uint16_t port)
{
	uint16_t wanted = htons(port);
	struct expression load = open_expression(message, "payload");
	mnl_attr_put_u32(message, NFTA_PAYLOAD_DREG, htonl(NFT_REG_1));
	mnl_attr_put_u32(message, NFTA_PAYLOAD_BASE, htonl(NFT_PAYLOAD_TRANSPORT_HEADER));
	mnl_attr_put_u32(message, NFTA_PAYLOAD_OFFSET, htonl(2));
	mnl_attr_put_u32(message, NFTA_PAYLOAD_LEN, htonl(2));
	close_expression(message, load);
	struct expression compare = open_expression(message, "cmp");
	mnl_attr_put_u32(message, NFTA_CMP_SREG, htonl(NFT_REG_1));
	mnl_attr_put_u32(message, NFTA_CMP_OP, htonl(NFT_CMP_EQ));
	put_data(message, NFTA_CMP_DATA, &wanted, sizeof wanted);
	close_expression(message, compare);
}

static void put_publish(struct nlmsghdr *message, const struct published *published)
{
	uint32_t address = htonl(published->address);
	uint16_t port = htons(published->server_port);
	put_port_match(message, published->port);
	put_immediate(message, NFT_REG_1, &address, sizeof address);
	put_immediate(message, NFT_REG_2, &port, sizeof port);
	struct expression nat = open_expression(message, "nat");
	mnl_attr_put_u32(message, NFTA_NAT_TYPE, htonl(NFT_NAT_DNAT));
	mnl_attr_put_u32(message, NFTA_NAT_FAMILY, htonl(NFPROTO_IPV4));
	mnl_attr_put_u32(message, NFTA_NAT_REG_ADDR_MIN, htonl(NFT_REG_1));
	mnl_attr_put_u32(message, NFTA_NAT_REG_PROTO_MIN, htonl(NFT_REG_2));
	close_expression(message, nat);
}

struct form_row {
	const char *kind;
	unsigned hook;
	int priority; /* linux/netfilter_ipv4.h: filter 0, destination NAT -100, source NAT 100 */
};

static const struct form_row form_rows[TRACKING_FORMS] = {
		[TRACKING_PLAIN] = {"filter", NF_INET_FORWARD, 0},
		[TRACKING_MASQUERADE] = {"nat", NF_INET_POST_ROUTING, 100},
		[TRACKING_PUBLISH] = {"nat", NF_INET_PRE_ROUTING, -100},
		[TRACKING_INPUT] = {"filter", NF_INET_LOCAL_IN, 0},
};

static void tracking_put_rule(struct batch *batch,
		enum tracking_form form,
		const struct published *published)
{
	struct nlmsghdr *message =
			tracking_begin(batch, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK);
	mnl_attr_put_strz(message, NFTA_RULE_TABLE, table_name);
	mnl_attr_put_strz(message, NFTA_RULE_CHAIN, "chain");
	struct nlattr *list = mnl_attr_nest_start(message, NFTA_RULE_EXPRESSIONS);
	if (form == TRACKING_MASQUERADE)
		put_masquerade(message);
	else if (form == TRACKING_PUBLISH)
		put_publish(message, published);
	else
		put_state(message);
	mnl_attr_nest_end(message, list);
	tracking_end(batch, message);
}

int tracking_rules(struct wire *wire, enum tracking_form form, const struct published *published)
{
	const struct form_row *row = &form_rows[form];
	struct batch batch = {.wire = wire};
	put_mark(&batch, NFNL_MSG_BATCH_BEGIN);
	/* Made first, so that there is one to remove. */
	tracking_put_table(&batch, NFT_MSG_NEWTABLE, NLM_F_CREATE);
	tracking_put_table(&batch, NFT_MSG_DELTABLE, 0);
	tracking_put_table(&batch, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_ACK);
	put_chain(&batch, "chain", row->kind, row->hook, row->priority);
	tracking_put_rule(&batch, form, published);
	put_mark(&batch, NFNL_MSG_BATCH_END);
	return wire_talk(wire, batch.bytes, batch.length, batch.last);
}

int tracking_flush(struct wire *wire)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	const struct nlmsghdr *message = put_message(wire,
			buffer,
			NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
			NLM_F_ACK,
			AF_INET,
			0);
	return wire_talk(wire, message, message->nlmsg_len, message->nlmsg_seq);
}

static void put_tuple(struct nlmsghdr *message,
		unsigned attribute,
		const uint32_t addresses[2],
		const uint16_t ports[2])
{
	struct nlattr *tuple = mnl_attr_nest_start(message, (uint16_t)attribute);
	struct nlattr *part = mnl_attr_nest_start(message, CTA_TUPLE_IP);
	mnl_attr_put_u32(message, CTA_IP_V4_SRC, htonl(addresses[0]));
	mnl_attr_put_u32(message, CTA_IP_V4_DST, htonl(addresses[1]));
	mnl_attr_nest_end(message, part);
	part = mnl_attr_nest_start(message, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(message, CTA_PROTO_NUM, IPPROTO_TCP);
	mnl_attr_put_u16(message, CTA_PROTO_SRC_PORT, htons(ports[0]));
	mnl_attr_put_u16(message, CTA_PROTO_DST_PORT, htons(ports[1]));
	mnl_attr_nest_end(message, part);
	mnl_attr_nest_end(message, tuple);
}

static struct nlmsghdr *put_entry(struct wire *wire, void *at, size_t number, unsigned flags)
{
	struct nlmsghdr *message = put_message(wire,
			at,
			NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW,
			NLM_F_CREATE | NLM_F_EXCL | flags,
			AF_INET,
			0);
	/* 240.0.0.0/4 is nobody's (RFC 1112). */
	uint32_t here = 0xf0000001U + (uint32_t)(number / TUPLES_PER_ADDRESS), there = 0xf8000001U;
	uint16_t port = (uint16_t)(1024 + number % TUPLES_PER_ADDRESS);
	put_tuple(message, CTA_TUPLE_ORIG, (uint32_t[]){here, there}, (uint16_t[]){port, 80});
	put_tuple(message, CTA_TUPLE_REPLY, (uint32_t[]){there, here}, (uint16_t[]){80, port});
	mnl_attr_put_u32(message, CTA_STATUS, htonl(IPS_ASSURED | IPS_SEEN_REPLY | IPS_CONFIRMED));
	mnl_attr_put_u32(message, CTA_TIMEOUT, htonl(DAY_SECONDS));
	struct nlattr *info = mnl_attr_nest_start(message, CTA_PROTOINFO);
	struct nlattr *tcp = mnl_attr_nest_start(message, CTA_PROTOINFO_TCP);
	mnl_attr_put_u8(message, CTA_PROTOINFO_TCP_STATE, TCP_STATE_ESTABLISHED);
	mnl_attr_nest_end(message, tcp);
	mnl_attr_nest_end(message, info);
	return message;
}

size_t tracking_add(struct wire *wire, size_t first, size_t count, int *ret_error)
{
	_Alignas(struct nlmsghdr) char bytes[BATCH_BYTES];
	size_t done = 0;
	*ret_error = 0;
	while (done < count && !*ret_error) {
		size_t part = count - done < BATCH ? count - done : BATCH, length = 0;
		uint32_t last = 0;
		for (size_t i = 0; i < part; i++) {
			/* Only the last is acknowledged; a refusal is told for each. */
			struct nlmsghdr *message = put_entry(wire,
					bytes + length,
					first + done + i,
					i + 1 == part ? NLM_F_ACK : 0);
			length += NLMSG_ALIGN(message->nlmsg_len);
			last = message->nlmsg_seq;
		}
		*ret_error = wire_talk(wire, bytes, length, last);
		if (!*ret_error)
			done += part;
	}
	return done;
}
