#include "model/lint/scope.h"

#include "model/lint/shell.h"

/* Names that live in a namespace of their own, as the engines know them
 * (opencontainers/runc, libcontainer/configs/validate; kubernetes, pkg/kubelet/sysctl). */
static bool is_of_ipc(struct slice name)
{
	static const char *const names[] = {"kernel.msgmax",
			"kernel.msgmnb",
			"kernel.msgmni",
			"kernel.sem",
			"kernel.shmall",
			"kernel.shmmax",
			"kernel.shmmni",
			"kernel.shm_rmid_forced",
			"kernel.domainname",
			NULL};
	return slice_in(name, names) || slice_begins(name, "fs.mqueue.");
}

/* Of the network, but one for the whole machine: a container does not have the file, or may not
 * write it. */
static bool is_of_machine(struct slice name)
{
	static const char *const names[] = {"net.core.netdev_max_backlog",
			"net.core.netdev_budget",
			"net.core.default_qdisc",
			"net.core.bpf_jit_enable",
			"net.core.busy_poll",
			"net.core.busy_read",
			"net.ipv4.tcp_mem",
			"net.ipv4.udp_mem",
			"net.ipv4.tcp_max_orphans",
			"net.netfilter.nf_conntrack_max",
			"net.netfilter.nf_conntrack_buckets",
			"net.nf_conntrack_max",
			NULL};
	return slice_in(name, names);
}

static const char *scope_why_not(struct slice name, bool on_host_network)
{
	if (slice_begins(name, "net.")) {
		if (on_host_network)
			return "a container on the host's network may not change net.*: it does not start";
		if (is_of_machine(name))
			return "it is one value for the whole machine: a container cannot set it";
		return NULL;
	}
	if (is_of_ipc(name) || !slice_char(name, '.'))
		return NULL;
	return "it is in no namespace: the container does not start";
}

static void check_sysctl(struct lint_scan *scan, struct slice name, size_t line, bool on_host)
{
	const char *says = scope_why_not(name, on_host);
	if (!says)
		return;
	lint_add_useless(scan,
			(struct lint_useless){
					.rule = LINT_SYSCTL,
					.line = line,
					.what = slice_text(scan->arena, slice_cut(name, 80)),
					.says = says,
					.instead = "set it on the host, in /etc/sysctl.d",
			});
}

void lint_check_sysctls(struct lint_scan *scan, const struct node *settings, bool on_host_network)
{
	if (!settings)
		return;
	for (const struct node *item = settings->child; item; item = item->next) {
		struct slice name = item->key;
		const struct node *named = node_get(item, "name");
		if (settings->kind == NODE_LIST)
			name = item->value;
		if (named)
			name = named->value;
		struct slice value = item->value;
		const char *equals = slice_char(name, '=');
		if (named)
			value = node_value(item, "value");
		if (equals) {
			value = slice_between(equals + 1, slice_end(name));
			name = slice_between(name.at, equals);
		}
		scan->in_container = true;
		lint_read_cure(scan, slice_trim(name), value, item->line);
		scan->in_container = false;
		check_sysctl(scan, slice_trim(name), item->line, on_host_network);
	}
}
