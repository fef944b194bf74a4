/* The text is a fact, and may be anybody's: an entry that is not understood exempts nothing. */
#include "model/tracking/untracked.h"

#include <string.h>

#include "base/address.h"
#include "base/ascii.h"
#include "model/load/destination.h"

static const char fact_key[] = "conntrack.untracked";

struct ports {
	unsigned first, last; /* 0, 0: any */
};

/* One entry of the list. */
struct exemption {
	bool out, ipv4, ipv6, lo;
	bool tcp, udp;
	struct ports from, to;
};

struct word {
	const char *text;
	size_t length;
};

static bool word_is(const struct word *word, const char *text)
{
	return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}

/* The next word before the end of the entry; false: there is none. */
static bool next_word(const char **at, struct word *ret_word)
{
	while (**at == ' ')
		++*at;
	size_t length = strcspn(*at, " ;");
	*ret_word = (struct word){*at, length};
	*at += length;
	return length > 0;
}

/* The digits at *at, which is moved behind them; 0: there is no port there. */
static unsigned port_read(const char **at, const char *end)
{
	unsigned port = 0;
	while (*at < end && ascii_is_digit(**at) && port <= 65535)
		port = port * 10 + (unsigned)(*(*at)++ - '0');
	return port > 65535 ? 0 : port;
}

static bool ports_read(const struct word *word, struct ports *ret_ports)
{
	const char *at = word->text, *end = word->text + word->length;
	unsigned first = port_read(&at, end), last = first;
	if (at < end && *at == '-') {
		++at;
		last = port_read(&at, end);
	}
	*ret_ports = (struct ports){first, last};
	return at == end && first > 0 && first <= last;
}

static bool direction_read(const char **at, struct exemption *exemption)
{
	struct word word;
	if (!next_word(at, &word))
		return false;
	exemption->out = word_is(&word, "out");
	return exemption->out || word_is(&word, "in");
}

static bool family_read(const char **at, struct exemption *exemption)
{
	struct word word;
	if (!next_word(at, &word))
		return false;
	bool both = word_is(&word, "inet");
	exemption->ipv4 = both || word_is(&word, "ip");
	exemption->ipv6 = both || word_is(&word, "ip6");
	return exemption->ipv4 || exemption->ipv6;
}

static bool word_read(const char **at, const struct word *word, struct exemption *exemption)
{
	struct word ports;
	if (word_is(word, "lo"))
		exemption->lo = true;
	else if (word_is(word, "tcp"))
		exemption->udp = false;
	else if (word_is(word, "udp"))
		exemption->tcp = false;
	else if (word_is(word, "from"))
		return next_word(at, &ports) && ports_read(&ports, &exemption->from);
	else if (word_is(word, "to"))
		return next_word(at, &ports) && ports_read(&ports, &exemption->to);
	else
		return false;
	return true;
}

/* The entry at *at, which is moved behind it; false: it is not understood. */
static bool exemption_read(const char **at, struct exemption *ret)
{
	struct word word;
	*ret = (struct exemption){.tcp = true, .udp = true};
	bool good = direction_read(at, ret) && family_read(at, ret);
	while (good && next_word(at, &word))
		good = word_read(at, &word, ret);
	*at += strcspn(*at, ";");
	if (**at == ';')
		++*at;
	return good;
}

/* Packets of the plan: one way of its connections to one port. */
struct packets {
	bool out, ipv6, udp, lo;
	bool from_port;    /* they come from the port, else they go to it */
	struct ports port; /* 0, 0: any */
};

static bool ports_cover(const struct ports *ports, const struct ports *wanted)
{
	bool any = ports->first == 0;
	return any || (wanted->first >= ports->first && wanted->last <= ports->last);
}

static bool exemption_covers(const struct exemption *exemption, const struct packets *packets)
{
	static const struct ports any = {0, 0};
	struct ports from = any, to = packets->port;
	bool family = exemption->ipv4, protocol = exemption->tcp;
	if (packets->from_port) {
		from = packets->port;
		to = any;
	}
	if (packets->ipv6)
		family = exemption->ipv6;
	if (packets->udp)
		protocol = exemption->udp;
	return exemption->out == packets->out && family && protocol &&
			(packets->lo || !exemption->lo) && ports_cover(&exemption->from, &from) &&
			ports_cover(&exemption->to, &to);
}

static bool packets_exempt(const char *list, const struct packets *packets)
{
	struct exemption exemption;
	while (*list) {
		bool good = exemption_read(&list, &exemption);
		if (good && exemption_covers(&exemption, packets))
			return true;
	}
	return false;
}

/* Connections of a plan: who they are to, and over which family. */
struct connections {
	const char *list;
	bool client, server; /* this host is one of these, or both */
	bool ipv6, udp, lo;
	struct ports port;
};

/* Packets to the port and packets from it, on the way in or out. */
static bool way_exempt(const struct connections *c, bool out, bool to, bool from)
{
	struct packets packets = {
			.out = out,
			.ipv6 = c->ipv6,
			.udp = c->udp,
			.lo = c->lo,
			.port = c->port,
	};
	bool exempt = true;
	if (to)
		exempt &= packets_exempt(c->list, &packets);
	packets.from_port = true;
	if (from)
		exempt &= packets_exempt(c->list, &packets);
	return exempt;
}

/* Over loopback the sender's side decides for both: a packet stays exempt. */
static bool connections_exempt(const struct connections *c)
{
	if (c->lo)
		return way_exempt(c, true, true, true);
	bool out = way_exempt(c, true, c->client, c->server);
	bool in = way_exempt(c, false, c->server, c->client);
	return out && in;
}

static struct ports port_of(const char *destination)
{
	struct host_port to;
	struct ports port = {0, 0};
	if (host_port_split(destination, &to) && to.port > 0)
		port.first = port.last = to.port;
	return port;
}

/* The destinations of the plan one by one; where it names none, they may be any. */
static bool all_exempt(struct connections *c, const struct workload_value *to)
{
	bool exempt = true;
	if (!to->set || !to->list)
		return connections_exempt(c);
	for (size_t i = 0; i < (size_t)to->number && exempt; i++) {
		c->port = port_of(to->list[i]);
		c->lo = destination_is_loopback(to->list[i]);
		exempt = connections_exempt(c);
	}
	return exempt;
}

struct untracked untracked_plan(const struct facts *facts, const struct workload *workload)
{
	static const struct workload_value unnamed = {.set = false};
	const struct workload_value *values = workload->values;
	const char *list = facts_text(facts, fact_key), *role = values[W_ROLE].text;
	bool proxy = !strcmp(role, "proxy"), translated = strcmp(values[W_NAT].text, "none") != 0;
	struct untracked untracked = {false, false};
	const struct workload_value *to = &values[W_DESTINATIONS];
	struct connections c = {
			.list = list,
			.client = strcmp(role, "server") != 0,
			.server = strcmp(role, "client") != 0,
			.udp = !strcmp(values[W_PROTOCOL].text, "udp"),
	};
	if (!list || translated)
		return untracked;
	if (proxy)
		to = &unnamed;
	untracked.ipv4 = all_exempt(&c, to);
	c.ipv6 = true;
	untracked.ipv6 = all_exempt(&c, to);
	return untracked;
}
