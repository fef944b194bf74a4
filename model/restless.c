/* The facts that change while nobody changes the host. */
#include "model/restless.h"

#include <stddef.h>

#include "base/array.h"
#include "base/text.h"

/* Beginnings of keys that say what the host is doing, not how it is set. */
static const char *const restless[] = {
		"arp.",
		"cgroup.memory.current",
		"cgroup.memory.file",
		"cgroup.pids.current",
		"conntrack.drop",
		"conntrack.early_drop",
		"conntrack.insert_failed",
		"destination.",
		"files.",
		"fs.file-nr.",
		"host.uptime",
		"inotify.",
		"listener.queue",
		"memory.available",
		"memory.free",
		"ndisc.",
		"neighbours.",
		"net.netfilter.nf_conntrack_count",
		"netstat.",
		"ports.connected_in_range",
		"process.",
		"snmp.",
		"sockets.",
		"sockstat.",
		"softnet.",
		"threads.running",
		"vantage.",
};

bool fact_is_restless(const char *key)
{
	for (size_t i = 0; i < COUNT_OF(restless); i++) {
		if (restless[i][0] == key[0] && text_begins_with(key, restless[i]))
			return true;
	}
	return false;
}
