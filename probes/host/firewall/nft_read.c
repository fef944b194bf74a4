/* nftables over nfnetlink (linux/netfilter/nf_tables.h): chains, objects and sets that need
 * connection tracking, and rules. Of each rule only the expressions are kept that have to do with
 * connection tracking and address translation, in the shape of nft -j; rules of chains that come
 * before connection tracking are kept whole, because they may exempt packets from it. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_cttimeout.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"
#include "probes/host/firewall/attribute.h"
#include "probes/host/firewall/nft.h"
#include "probes/host/firewall/nft_expression.h"

enum {
	BUFFER_BYTES = 64 * 1024,
	SEQUENCE = 1,
	TRIES = 3, /* the rules may change while they are read */
	HEADER_BYTES = sizeof(struct nfgenmsg)
};

struct reader {
	cJSON *list;
	unsigned rules;
};

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

static unsigned family_of(const struct nlmsghdr *message)
{
	const struct nfgenmsg *generic = mnl_nlmsg_get_payload(message);
	return generic->nfgen_family;
}

static const struct nlattr *part_of(const struct nlmsghdr *message, uint16_t type)
{
	return attribute_of(message, HEADER_BYTES, type);
}

/* {KIND: {"family", "table", …}}, with the text attribute `type` as the member `name`. */
static cJSON *add_item(const struct reader *reader,
		const struct nlmsghdr *message,
		const char *kind,
		const char *name,
		uint16_t type)
{
	cJSON *item = cJSON_CreateObject();
	cJSON *object = cJSON_AddObjectToObject(item, kind);
	cJSON_AddStringToObject(object, "family", family_name(family_of(message)));
	/* NFTA_…_TABLE is the first attribute of all of them. */
	const struct nlattr *table = part_of(message, NFTA_RULE_TABLE);
	cJSON_AddStringToObject(object, "table", attribute_text(table));
	cJSON_AddStringToObject(object, name, attribute_text(part_of(message, type)));
	cJSON_AddItemToArray(reader->list, item);
	return object;
}

/* Hooks where packets come in before connection tracking; NULL: another one. */
static const char *hook_name(uint32_t hook)
{
	if (hook == NF_INET_PRE_ROUTING)
		return "prerouting";
	if (hook == NF_INET_LOCAL_OUT)
		return "output";
	return NULL;
}

static void on_chain(struct reader *reader, const struct nlmsghdr *message)
{
	const struct nlattr *hook = part_of(message, NFTA_CHAIN_HOOK);
	const char *name = hook_name(nested_u32(hook, NFTA_HOOK_HOOKNUM));
	int32_t priority = (int32_t)nested_u32(hook, NFTA_HOOK_PRIORITY);
	if (!hook || !name || priority >= NFT_PRIORITY_CONNTRACK)
		return;
	cJSON *chain = add_item(reader, message, "chain", "name", NFTA_CHAIN_NAME);
	cJSON_AddStringToObject(chain, "hook", name);
	cJSON_AddNumberToObject(chain, "prio", priority);
}

/* The states of a timeout policy as nft names them. */
static const char *const tcp_states[] = {
		[CTA_TIMEOUT_TCP_SYN_SENT] = "syn_sent",
		[CTA_TIMEOUT_TCP_SYN_RECV] = "syn_recv",
		[CTA_TIMEOUT_TCP_ESTABLISHED] = "established",
		[CTA_TIMEOUT_TCP_FIN_WAIT] = "fin_wait",
		[CTA_TIMEOUT_TCP_CLOSE_WAIT] = "close_wait",
		[CTA_TIMEOUT_TCP_LAST_ACK] = "last_ack",
		[CTA_TIMEOUT_TCP_TIME_WAIT] = "time_wait",
		[CTA_TIMEOUT_TCP_CLOSE] = "close",
};
static const char *const udp_states[] = {
		[CTA_TIMEOUT_UDP_UNREPLIED] = "unreplied",
		[CTA_TIMEOUT_UDP_REPLIED] = "replied",
};

static void add_policy(cJSON *object, const struct nlattr *data)
{
	const struct nlattr *protocol = nested_of(data, NFTA_CT_TIMEOUT_L4PROTO);
	const struct nlattr *nest = nested_of(data, NFTA_CT_TIMEOUT_DATA);
	const char *const *names = tcp_states;
	size_t count = COUNT_OF(tcp_states);
	if (protocol && mnl_attr_get_payload_len(protocol) > 0 &&
			mnl_attr_get_u8(protocol) == IPPROTO_UDP) {
		names = udp_states;
		count = COUNT_OF(udp_states);
	}
	cJSON *policy = cJSON_AddObjectToObject(object, "policy");
	for (const struct nlattr *at = nested_first(nest); at; at = nested_next(nest, at)) {
		uint16_t type = mnl_attr_get_type(at);
		if (type < count && names[type])
			cJSON_AddNumberToObject(policy, names[type], attribute_u32(at));
	}
}

static void on_object(struct reader *reader, const struct nlmsghdr *message)
{
	static const char *const kinds[] = {
			[NFT_OBJECT_CT_HELPER] = "ct helper",
			[NFT_OBJECT_CONNLIMIT] = "ct count",
			[NFT_OBJECT_CT_TIMEOUT] = "ct timeout",
			[NFT_OBJECT_CT_EXPECT] = "ct expectation",
			[NFT_OBJECT_SYNPROXY] = "synproxy",
	};
	uint32_t type = attribute_u32(part_of(message, NFTA_OBJ_TYPE));
	if (type >= COUNT_OF(kinds) || !kinds[type])
		return;
	cJSON *object = add_item(reader, message, kinds[type], "name", NFTA_OBJ_NAME);
	if (type == NFT_OBJECT_CT_TIMEOUT)
		add_policy(object, part_of(message, NFTA_OBJ_DATA));
}

/* A set whose elements count connections. */
static void on_set(struct reader *reader, const struct nlmsghdr *message)
{
	const struct nlattr *one = part_of(message, NFTA_SET_EXPR);
	const struct nlattr *all = part_of(message, NFTA_SET_EXPRESSIONS);
	cJSON *list = cJSON_CreateArray();
	if (one)
		nft_add_expression(list, one, family_of(message));
	nft_add_expressions(list, all, family_of(message), false);
	if (cJSON_GetArraySize(list) == 0) {
		cJSON_Delete(list);
		return;
	}
	cJSON *set = add_item(reader, message, "set", "name", NFTA_SET_NAME);
	cJSON_AddItemToObject(set, "stmt", list);
}

/* A rule without an expression that matters here is left out. */
static void on_rule(struct reader *reader, const struct nlmsghdr *message)
{
	if (++reader->rules > NFT_RULES_MAX)
		return;
	const char *table = attribute_text(part_of(message, NFTA_RULE_TABLE));
	const char *chain = attribute_text(part_of(message, NFTA_RULE_CHAIN));
	const struct nft_chain_name name = {family_name(family_of(message)), table, chain};
	bool whole = nft_early_chain(reader->list, &name) != NULL;
	cJSON *list = cJSON_CreateArray();
	const struct nlattr *expressions = part_of(message, NFTA_RULE_EXPRESSIONS);
	nft_add_expressions(list, expressions, family_of(message), whole);
	if (cJSON_GetArraySize(list) == 0) {
		cJSON_Delete(list);
		return;
	}
	cJSON *rule = add_item(reader, message, "rule", "chain", NFTA_RULE_CHAIN);
	cJSON_AddItemToObject(rule, "expr", list);
}

/* What is asked for, in this order. Optional: older kernels do not know it, and have none. */
struct request {
	uint16_t type;
	bool optional;
	void (*read)(struct reader *reader, const struct nlmsghdr *message);
};

static const struct request requests[] = {
		{.type = NFT_MSG_GETCHAIN, .read = on_chain},
		{.type = NFT_MSG_GETOBJ, .optional = true, .read = on_object},
		{.type = NFT_MSG_GETSET, .read = on_set},
		{.type = NFT_MSG_GETRULE, .read = on_rule},
};

/* Who reads the messages of a dump. */
struct dump {
	struct reader *reader;
	const struct request *request;
};

static int nft_on_message(const struct nlmsghdr *message, void *context)
{
	const struct dump *dump = context;
	if (mnl_nlmsg_get_payload_len(message) >= HEADER_BYTES)
		dump->request->read(dump->reader, message);
	return MNL_CB_OK;
}

/* 0 or an errno. */
static int nft_request(struct mnl_socket *socket, char *buffer, uint16_t type)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	header->nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type);
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

static int nft_dump(struct mnl_socket *socket, char *buffer, struct dump *dump)
{
	unsigned port = mnl_socket_get_portid(socket);
	int error = nft_request(socket, buffer, dump->request->type);
	int more = MNL_CB_OK;
	while (!error && more > MNL_CB_STOP) {
		size_t length = 0;
		error = nft_receive(socket, buffer, &length);
		if (error)
			break;
		more = mnl_cb_run(buffer, length, SEQUENCE, port, nft_on_message, dump);
		if (more < 0)
			error = errno;
	}
	return error;
}

static int nft_read_all(struct mnl_socket *socket, char *buffer, struct reader *reader)
{
	int error = 0;
	for (size_t i = 0; i < COUNT_OF(requests) && !error; i++) {
		struct dump dump = {reader, &requests[i]};
		error = nft_dump(socket, buffer, &dump);
		if (requests[i].optional && (error == EINVAL || error == EOPNOTSUPP))
			error = 0;
	}
	return error;
}

static int nft_read_over(struct mnl_socket *socket, cJSON *root)
{
	struct reader reader = {.list = cJSON_AddArrayToObject(root, "nftables")};
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) != 0)
		return errno;
	char *buffer = memory_get(BUFFER_BYTES);
	int error = nft_read_all(socket, buffer, &reader);
	if (reader.rules > NFT_RULES_MAX)
		(void)cJSON_AddTrueToObject(root, nft_more);
	free(buffer);
	return error;
}

static int nft_read_once(cJSON **ret_ruleset)
{
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

int nft_read(cJSON **ret_ruleset)
{
	int error = EINTR;
	*ret_ruleset = NULL;
	for (int i = 0; i < TRIES && error == EINTR; i++)
		error = nft_read_once(ret_ruleset);
	return error;
}
