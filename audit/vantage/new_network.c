/* What a new network namespace starts with, whatever the host has: inet_init_net() in
 * net/ipv4/af_inet.c, tcp_sk_init() in net/ipv4/tcp_ipv4.c, net_defaults_init_net() in
 * net/core/net_namespace.c. */
#include "audit/vantage/new_network.h"

#include "base/array.h"
#include "probes/host/facts/given.h"

static const char *const namespace_defaults[][2] = {
		{"net.ipv4.ip_local_port_range", "32768 60999"},
		{"net.ipv4.ip_local_reserved_ports", ""},
		{"net.ipv4.tcp_tw_reuse", "2"},
		{"net.ipv4.tcp_fin_timeout", "60"},
		{"net.ipv4.tcp_timestamps", "1"},
		{"net.ipv4.tcp_syncookies", "1"},
		{"net.core.somaxconn", "4096"},
};

static void is_default(struct facts *facts, const char *key)
{
	size_t first;
	facts_sort(facts);
	if (facts_instances(facts, key, &first) > 0)
		facts->items[first]->origin = ORIGIN_CONSTANT;
}

static bool put_default(struct facts *facts, const char *key, const char *value, struct error *err)
{
	static const char where[] = "a new network namespace's default";
	bool good = true;
	if (*value == '\0')
		facts_put_text(facts, key, NULL, value, where);
	else
		good = given_put(facts, key, NULL, value, where, err);
	is_default(facts, key);
	return good;
}

static bool is_replaced(const struct facts *facts, const char *key)
{
	const struct fact *fact = facts_get(facts, key, "");
	if (!fact || fact->status != FACT_KNOWN)
		return false;
	return fact->origin != ORIGIN_GIVEN;
}

void new_network_unknown(struct facts *facts, const char *why)
{
	for (size_t i = 0; i < COUNT_OF(namespace_defaults); i++) {
		const char *key = namespace_defaults[i][0];
		const struct fact *fact = facts_get(facts, key, "");
		if (!is_replaced(facts, key))
			continue;
		facts_put_missing(facts, key, "", FACT_SKIPPED, fact->unit, "a new container", why);
		facts_sort(facts);
	}
}

bool new_network_put(struct facts *facts, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(namespace_defaults); i++) {
		const char *key = namespace_defaults[i][0];
		const char *value = namespace_defaults[i][1];
		if (!is_replaced(facts, key))
			continue;
		if (!put_default(facts, key, value, err))
			return false;
	}
	return true;
}
