/* The condition of a fix is evaluated with nothing known but the system. */
#include "model/system.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"

struct known_system {
	const struct facts *facts;
};

static bool system_lookup(void *context, const char *name, struct value *ret_value)
{
	const struct known_system *known = context;
	const char *system = NULL;
	if (!strcmp(name, "os.name"))
		system = facts_text(known->facts, name);
	*ret_value = value_unknown(name);
	ret_value->maybe = true; /* known() may be either, too */
	if (system)
		*ret_value = value_text(system);
	return true;
}

static bool system_integrate(void *context,
		const char *rate,
		double seconds,
		double *ret_sum,
		bool *ret_steady)
{
	(void)context;
	(void)rate;
	(void)seconds;
	(void)ret_sum;
	(void)ret_steady;
	return false;
}

bool fix_is_of_system(const struct fix_rule *fix, const struct facts *facts)
{
	struct known_system known = {.facts = facts};
	const struct expr_env env = {
			.lookup = system_lookup,
			.integrate = system_integrate,
			.context = &known,
	};
	if (!fix->applies)
		return true;
	struct value applies = expr_eval(fix->applies, &env);
	bool never = applies.kind == VALUE_BOOL && applies.number == 0;
	return !never;
}

bool sysctl_is_namespaced(const char *key)
{
	/* Per network namespace and writable there; measured on Linux 6.18, see docs/fix.md. */
	static const char *const keys[] = {
			"net.core.somaxconn",
			"net.ipv4.ip_local_port_range",
			"net.ipv4.ip_local_reserved_ports",
			"net.ipv4.ip_unprivileged_port_start",
			"net.ipv4.ip_autobind_reuse",
			"net.ipv4.tcp_fin_timeout",
			"net.ipv4.tcp_tw_reuse",
			"net.ipv4.tcp_tw_reuse_delay",
			"net.ipv4.tcp_max_tw_buckets",
			"net.ipv4.tcp_timestamps",
			"net.ipv4.tcp_syncookies",
			"net.ipv4.tcp_max_syn_backlog",
			"net.ipv4.tcp_abort_on_overflow",
			"net.ipv4.tcp_rmem",
			"net.ipv4.tcp_wmem",
	};
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return text_begins_with(key, "net.netfilter.nf_conntrack_") && strstr(key, "_timeout_");
}

bool sysctl_is_safe_of_pods(const char *key)
{
	/* kubernetes.io, "Using sysctls in a Kubernetes Cluster": the safe set; tcp_rmem and tcp_wmem
	 * since 1.32, tcp_keepalive_* and tcp_fin_timeout since 1.29, ip_local_reserved_ports
	 * since 1.27. */
	static const char *const keys[] = {
			"net.ipv4.ip_local_port_range",
			"net.ipv4.tcp_syncookies",
			"net.ipv4.ip_unprivileged_port_start",
			"net.ipv4.ip_local_reserved_ports",
			"net.ipv4.tcp_fin_timeout",
			"net.ipv4.tcp_rmem",
			"net.ipv4.tcp_wmem",
	};
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}
