/* From the name of a unit or container to facts and findings. The names are looked up in unit.c and
 * container.c. */
#include "audit/vantage/vantage.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/host.h"

/* Who names a unit or a container is not told of a process number alone. */
static bool check_pid(struct arena *arena,
		const struct vantage *vantage,
		int pid,
		struct error *err)
{
	if (pid <= 0 || access(arena_printf(arena, "/proc/%d", pid), F_OK) == 0)
		return true;
	return error_set(err,
			"%s: process %d does not exist here; it has just ended, or the PID belongs to another "
			"PID namespace",
			vantage->shown,
			pid);
}

static bool vantage_find(struct arena *arena,
		const struct options *options,
		struct vantage *vantage,
		int *ret_pid,
		struct error *err)
{
	if (options->unit)
		return vantage_find_unit(arena, options->unit, vantage, ret_pid, err);
	if (!strcmp(options->container, "new"))
		return vantage_new_container(arena, options->facts_path, vantage, err);
	return vantage_find_container(arena, options->container, vantage, ret_pid, err);
}

bool vantage_resolve(struct arena *arena, struct options *options, struct error *err)
{
	struct vantage *vantage = arena_alloc(arena, sizeof *vantage);
	int pid = 0;
	if (!options->unit && !options->container)
		return true;
	bool new = options->container && !strcmp(options->container, "new");
	bool elsewhere = options->facts_path && !new;
	if (elsewhere || options->pid > 0 || (options->unit && options->container))
		return error_set(err,
				"--unit, --container, --pid and --facts cannot be combined; give one of them");
	if (!vantage_find(arena, options, vantage, &pid, err))
		return false;
	if (!check_pid(arena, vantage, pid, err))
		return false;
	options->pid = pid;
	options->vantage = vantage;
	return true;
}

void vantage_configure(struct arena *arena,
		struct vantage *vantage,
		const char *key,
		const char *value,
		const char *where)
{
	vantage->configured = arena_grow(arena,
			vantage->configured,
			vantage->configured_count,
			&vantage->configured_capacity,
			sizeof *vantage->configured);
	vantage->configured[vantage->configured_count++] = (struct configured){key, value, where};
}

/* What people set on the host and expect inside. */
static const char *const compared[] = {
		"limits.nofile.soft",
		"limits.nofile.hard",
		"limits.nproc.soft",
		"net.ipv4.ip_local_port_range",
		"net.ipv4.ip_local_reserved_ports",
		"net.ipv4.tcp_tw_reuse",
		"net.ipv4.tcp_fin_timeout",
		"net.core.somaxconn",
		"net.ipv4.tcp_max_syn_backlog",
		"net.ipv4.tcp_syncookies",
		"net.ipv4.tcp_timestamps",
		"cgroup.pids.max",
		"cgroup.memory.max",
};

struct collector {
	struct arena *arena;
	const struct vantage *vantage;
	const char *who; /* "this shell" */
	struct finding *findings;
	size_t count, capacity;
};

static void vantage_add(struct collector *c, const char *id, const char *severity, const char *text)
{
	c->findings = arena_grow(c->arena, c->findings, c->count, &c->capacity, sizeof *c->findings);
	c->findings[c->count++] = (struct finding){.id = id,
			.severity = severity,
			.text = text,
			.where = c->vantage->shown};
}

static const char *vantage_shown(struct arena *arena, const struct fact *fact)
{
	char number[NUMBER_TEXT_MAX];
	if (fact->unit == UNIT_TEXT)
		return fact->text && *fact->text ? text_clean(arena, fact->text, strlen(fact->text), 60)
										 : "(empty)";
	return arena_strdup(arena, text_number(number, fact->number, fact->unit));
}

static void vantage_compare(struct collector *c,
		const struct facts *inside,
		const struct facts *outside)
{
	for (size_t i = 0; i < COUNT_OF(compared); i++) {
		const struct fact *here = facts_get(inside, compared[i], ""),
						  *there = facts_get(outside, compared[i], "");
		if (!here || !there || here->status != FACT_KNOWN || there->status != FACT_KNOWN)
			continue;
		const char *a = vantage_shown(c->arena, here), *b = vantage_shown(c->arena, there);
		if (strcmp(a, b) != 0)
			vantage_add(c,
					"differs-from-host",
					"note",
					arena_printf(c->arena,
							"%s is %s for %s, but %s for %s on the host.",
							compared[i],
							a,
							c->vantage->shown,
							b,
							c->who));
	}
}

/* "infinity" is what fs.nr_open is. */
static const char *files_in_force(struct collector *c, const struct facts *facts, const char *text)
{
	char number[NUMBER_TEXT_MAX];
	double most = facts_number(facts, "fs.nr_open");
	if (strcmp(text, "infinity") != 0 || isnan(most))
		return text;
	return arena_strdup(c->arena, text_plain_number(number, most));
}

/* "1024:1048576" of "1024:infinity". */
static const char *configured_files(struct collector *c, const struct facts *facts)
{
	const char *soft = c->vantage->nofile;
	const char *colon = strchr(soft, ':');
	if (!colon)
		return soft;
	soft = arena_copy(c->arena, soft, (size_t)(colon - soft));
	return arena_printf(c->arena,
			"%s:%s",
			files_in_force(c, facts, soft),
			files_in_force(c, facts, colon + 1));
}

/* Configured, and not what the process has: it was started before the change. */
static void compare_nofile(struct collector *c, const struct facts *facts)
{
	double soft = facts_number(facts, "limits.nofile.soft"),
		   hard = facts_number(facts, "limits.nofile.hard");
	char soft_text[NUMBER_TEXT_MAX], hard_text[NUMBER_TEXT_MAX];
	if (!c->vantage->nofile || isnan(soft) || isnan(hard))
		return;
	const char *now = arena_printf(c->arena,
			"%s:%s",
			text_plain_number(soft_text, soft),
			text_plain_number(hard_text, hard));
	if (strcmp(now, configured_files(c, facts)) != 0)
		vantage_add(c,
				"not-in-force",
				"warning",
				arena_printf(c->arena,
						"The configuration of %s says %s open files, but its process has %s. "
						"Restart it.",
						c->vantage->shown,
						c->vantage->nofile,
						now));
}

static void say_network(struct collector *c)
{
	const struct vantage *v = c->vantage;
	struct text ports = {0};
	for (size_t i = 0; i < v->published.count; i++)
		text_addf(&ports, "%s%s", i ? ", " : "", v->published.items[i]);
	if (v->network && !strcmp(v->network, "host"))
		vantage_add(c,
				"container-network",
				"note",
				arena_printf(c->arena,
						"%s uses the network namespace of the host, with its ports and sysctls.",
						v->shown));
	else if (v->published.count)
		vantage_add(c,
				"container-network",
				"note",
				arena_printf(c->arena,
						"%s (network %s) publishes %s: incoming connections cross the NAT of the "
						"host and use conntrack entries there.",
						v->shown,
						v->network,
						ports.data));
	else if (v->forwarded)
		vantage_add(c,
				"container-network",
				"note",
				arena_printf(c->arena,
						"%s (network %s) connects through the NAT of the host: its connections use "
						"conntrack entries there.",
						v->shown,
						v->network));
	text_release(&ports);
}

bool vantage_findings(struct arena *arena,
		const struct vantage *vantage,
		const struct facts *facts,
		const char *facts_path,
		struct finding **ret_findings,
		size_t *ret_count,
		struct error *err)
{
	struct collector c = {.arena = arena, .vantage = vantage, .who = "this shell"};
	struct facts *outside = facts_new(arena);
	struct host_info info = {0};
	const struct host_options here = {.facts_path = facts_path};
	if (!host_probe(arena, &here, outside, &info, err))
		return false;
	facts_sort(outside);
	if (facts_path)
		c.who = "the shell in the snapshot";
	if (vantage->unseen)
		vantage_add(&c, "vantage-partly-seen", "warning", vantage->unseen);
	say_network(&c);
	compare_nofile(&c, facts);
	vantage_compare(&c, facts, outside);
	*ret_findings = c.findings;
	*ret_count = c.count;
	return true;
}

const char *vantage_nat(const struct vantage *vantage, const struct workload *workload)
{
	const char *role = workload->values[W_ROLE].text;
	if (!vantage->forwarded || workload->values[W_NAT].set)
		return NULL;
	if (role && strcmp(role, "client") != 0)
		return vantage->published.count ? "publish" : NULL;
	return "masquerade";
}
