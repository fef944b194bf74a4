/* Which values the kernel refuses with EINVAL: the bounds in its tables of sysctls. Those of the
 * network were tried in a network namespace of Linux 6.18. */
#include "probes/host/boot/refused.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/put.h"

static const double int_max = 2147483647;

struct bounds {
	const char *key;
	double least, most;
};

/* kernel/pid.c, fs/file_table.c, kernel/fork.c, net/core/sysctl_net_core.c,
 * net/ipv4/sysctl_net_ipv4.c */
static const struct bounds all_bounds[] = {
		{"fs.nr_open", 64, 2147483584},
		{"kernel.pid_max", 301, 4194304},
		{"kernel.threads-max", 1, 1073741823},
		{"net.core.somaxconn", 0, int_max},
		{"net.core.netdev_max_backlog", 0, int_max},
		{"net.ipv4.ip_unprivileged_port_start", 0, 65535},
		{"net.ipv4.tcp_max_syn_backlog", 0, int_max},
		{"net.ipv4.tcp_max_tw_buckets", 0, int_max},
		{"net.ipv4.tcp_syncookies", 0, 255},
		{"net.ipv4.tcp_timestamps", 0, 255},
		{"net.ipv4.tcp_tw_reuse", 0, 2},
		{"vm.max_map_count", 0, int_max},
};

static const char *outside(struct arena *arena, const struct bounds *bounds, double number)
{
	char least[NUMBER_TEXT_MAX], most[NUMBER_TEXT_MAX];
	if (number >= bounds->least && number <= bounds->most)
		return NULL;
	return arena_printf(arena,
			"it accepts %s to %s",
			text_number(least, bounds->least, UNIT_COUNT),
			text_number(most, bounds->most, UNIT_COUNT));
}

/* The range may not begin below the ports that need a privilege. */
static const char *range_refused(struct arena *arena, const char *range, double port_start)
{
	char start[NUMBER_TEXT_MAX];
	unsigned first, last;
	if (!sysctl_parse_range(range, &first, &last) || first >= port_start)
		return NULL;
	return arena_printf(arena,
			"the range may not begin below net.ipv4.ip_unprivileged_port_start, %s",
			text_number(start, port_start, UNIT_COUNT));
}

const char *refused_why(struct probing *probing,
		const struct known_key *known,
		const struct reading *value,
		double port_start)
{
	if (known->read == READ_RANGE)
		return range_refused(probing->arena, value->text, port_start);
	for (size_t i = 0; i < COUNT_OF(all_bounds); i++) {
		if (!strcmp(all_bounds[i].key, known->key))
			return outside(probing->arena, &all_bounds[i], value->number);
	}
	return NULL;
}

void refused_put(struct probing *probing,
		const char *key,
		const char *path,
		int line,
		const char *value,
		const char *why)
{
	static const char text[] =
			"The kernel will refuse %s = %.200s at the next boot: %s. The line has no effect.";
	const char *sentence = arena_printf(probing->arena, text, key, value, why);
	put_text_of(probing, "boot.refused", key, sentence, path, NULL)->line = line;
}

/* nf_conntrack registers its maximum under two names (nf_conntrack_standalone.c). */
const char *refused_alias(const char *name)
{
	if (!strcmp(name, "net.nf_conntrack_max"))
		return "net.netfilter.nf_conntrack_max";
	return name;
}

/* Linux 4.9 removed the names of ip_conntrack (commit adf0516845bc). */
static const char *today(struct arena *arena, const char *name)
{
	static const char *const old[] = {
			"net.ipv4.netfilter.ip_conntrack_",
			"net.ipv4.ip_conntrack_",
	};
	for (size_t i = 0; i < COUNT_OF(old); i++) {
		if (text_begins_with(name, old[i]))
			return arena_printf(arena, "net.netfilter.nf_conntrack_%s", name + strlen(old[i]));
	}
	return NULL;
}

void refused_put_dead(struct probing *probing, const char *name, const char *path, int line)
{
	static const char text[] =
			"No kernel since Linux 4.9 has %.100s, so the line has no effect. Today it is called "
			"%.100s.";
	const char *now = today(probing->arena, name);
	if (!now)
		return;
	const char *sentence = arena_printf(probing->arena, text, name, now);
	put_text_of(probing, "boot.dead", name, sentence, path, NULL)->line = line;
}
