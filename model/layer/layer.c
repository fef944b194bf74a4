/* Finds the layer of a limit. */
#include "model/layer/layer.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/system.h"

const char *layer_kind_name(enum layer_kind kind)
{
	static const char *const names[LAYERS] = {
			[LAYER_KERNEL] = "kernel",
			[LAYER_NETWORK] = "network-namespace",
			[LAYER_UNIT] = "systemd-unit",
			[LAYER_ENGINE] = "container-engine",
			[LAYER_POD] = "pod",
			[LAYER_RUNTIME] = "container-runtime",
			[LAYER_LOGIN] = "login",
			[LAYER_LAUNCHD] = "launchd",
			[LAYER_GROUP] = "control-group",
			[LAYER_PROGRAM] = "program",
			[LAYER_FIREWALL] = "firewall",
			[LAYER_CLOUD] = "cloud",
			[LAYER_PLAN] = "load-test",
	};
	return names[kind];
}

enum subject subject_of(const char *key, bool darwin)
{
	/* Prefixes; the first that fits counts. "nofile" is a field of the plan. */
	static const struct {
		const char *begin;
		enum subject subject;
	} rows[] = {
			{"limits.nofile", SUBJECT_FILES},
			{"nofile", SUBJECT_FILES},
			{"beam.nofile", SUBJECT_FILES},
			{"erlang.max_fds", SUBJECT_FILES},
			{"limits.nproc", SUBJECT_THREADS},
			{"cgroup.", SUBJECT_GROUP},
			{"erlang", SUBJECT_PROGRAM},
			{"beam.", SUBJECT_PROGRAM},
			{"bind", SUBJECT_PROGRAM},
			{"listener.", SUBJECT_QUEUE},
			{"backlog", SUBJECT_QUEUE},
			{"max_connections", SUBJECT_PROGRAM},
			{"nat.", SUBJECT_NAT},
			{"cloud.", SUBJECT_CLOUD},
			{"egress.", SUBJECT_CLOUD},
			{"memory.", SUBJECT_KERNEL},
			{"fs.", SUBJECT_KERNEL},
			{"kern.", SUBJECT_KERNEL},
			{"kernel.", SUBJECT_KERNEL},
			{"vm.", SUBJECT_KERNEL},
	};
	if (strcmp(key, "ports.low") == 0 || strcmp(key, "ports.high") == 0)
		return darwin ? SUBJECT_KERNEL : SUBJECT_NETWORK;
	if (sysctl_is_namespaced(key))
		return SUBJECT_NETWORK;
	if (text_begins_with(key, "net."))
		return SUBJECT_KERNEL;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (text_begins_with(key, rows[i].begin))
			return rows[i].subject;
	return SUBJECT_PLAN;
}

struct finder {
	struct arena *arena;
	const struct limit_holder *holder;
	const struct facts *facts;
};

static struct layer plain_layer(enum layer_kind kind, const char *text)
{
	return (struct layer){.kind = kind, .text = text};
}

static struct layer named_layer(const struct finder *f,
		enum layer_kind kind,
		const char *what,
		const char *name)
{
	const char *clean = text_clean(f->arena, name, strlen(name), 120);
	return (struct layer){
			.kind = kind,
			.name = clean,
			.text = arena_printf(f->arena, "%s %s", what, clean),
	};
}

static struct layer engine_layer(const struct finder *f)
{
	const char *engine = holder_engine(f->holder);
	struct layer layer = named_layer(f, LAYER_ENGINE, "the container's options,", engine);
	if (f->holder->container_name)
		layer = named_layer(f,
				LAYER_ENGINE,
				arena_printf(f->arena, "%s, for container", engine),
				f->holder->container_name);
	return layer;
}

static bool is_pod(const struct finder *f)
{
	const char *engine = holder_engine(f->holder);
	return engine && strcmp(engine, "kubernetes") == 0;
}

/* RLIMITs are inherited: what starts the process has them. */
static struct layer inherited_layer(const struct finder *f)
{
	const struct limit_holder *holder = f->holder;
	if (holder->darwin)
		return plain_layer(LAYER_LAUNCHD, "launchd, which starts logins and services");
	if (holder_has_service(holder))
		return named_layer(f, LAYER_UNIT, "the systemd unit", holder->unit);
	if (is_pod(f))
		return plain_layer(LAYER_RUNTIME, "the container runtime of the node");
	if (holder_engine(holder))
		return engine_layer(f);
	if (holder->start_in)
		return named_layer(f, LAYER_UNIT, "the unit that systemd-run made,", holder->start_in);
	if (holder->user)
		return named_layer(f, LAYER_LOGIN, "logins of user", holder->user);
	return plain_layer(LAYER_LOGIN, "the login that starts it");
}

static struct layer group_layer(const struct finder *f)
{
	const char *unit = facts_text(f->facts, "cgroup.pids.unit");
	const char *group = facts_text(f->facts, "cgroup.pids.group");
	if (is_pod(f))
		return plain_layer(LAYER_POD, "the kubelet of the node");
	if (holder_engine(f->holder))
		return engine_layer(f);
	if (unit)
		return named_layer(f, LAYER_UNIT, "the systemd unit", unit);
	if (group)
		return named_layer(f, LAYER_GROUP, "the control group", group);
	return plain_layer(LAYER_GROUP, "a control group");
}

static struct layer network_layer(const struct finder *f)
{
	const struct limit_holder *holder = f->holder;
	bool own = holder->planned || holder->other_network || holder->child_network;
	if (holder->host_network || !own)
		return plain_layer(LAYER_NETWORK, "the network namespace of the host");
	if (is_pod(f))
		return plain_layer(LAYER_POD, "the pod's network namespace");
	if (holder_engine(holder))
		return engine_layer(f);
	if (holder->other_network && holder->pid > 0)
		return named_layer(f,
				LAYER_NETWORK,
				"the network namespace of process",
				arena_printf(f->arena, "%d", holder->pid));
	return plain_layer(LAYER_NETWORK, "this network namespace, which is not the host's");
}

static struct layer find_layer(const struct finder *f, enum subject subject)
{
	switch (subject) {
	case SUBJECT_FILES:
	case SUBJECT_THREADS:
		return inherited_layer(f);
	case SUBJECT_GROUP:
		return group_layer(f);
	case SUBJECT_NETWORK:
		return network_layer(f);
	case SUBJECT_QUEUE:
		return plain_layer(LAYER_PROGRAM, "the server, in listen()");
	case SUBJECT_PROGRAM:
		return plain_layer(LAYER_PROGRAM, "the program itself");
	case SUBJECT_NAT:
		return plain_layer(LAYER_FIREWALL, "the firewall's NAT rule");
	case SUBJECT_CLOUD:
		return plain_layer(LAYER_CLOUD, "the cloud");
	case SUBJECT_PLAN:
		return plain_layer(LAYER_PLAN, "the load test");
	case SUBJECT_KERNEL:
	case SUBJECTS:
		break;
	}
	return plain_layer(LAYER_KERNEL, "the kernel of this machine");
}

struct layer layer_of(struct arena *arena,
		const struct limit_holder *holder,
		const struct facts *facts,
		enum subject subject)
{
	const struct finder finder = {arena, holder, facts};
	struct layer layer = find_layer(&finder, subject);
	layer.here = holder->within != NULL && !holder->planned;
	return layer;
}
