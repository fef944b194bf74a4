/* Where the plan of the command goes, as the kernel shows it: addresses and ports. */
#include <string.h>

#include "audit/gate/gate.h"
#include "model/pools/addresses.h"

enum {
	TARGETS_MAX = 64
};

struct target_list {
	struct endpoint *items;
	size_t count;
};

static struct endpoint endpoint_of_target(const struct address *address, unsigned port)
{
	struct endpoint endpoint = {
			.family = address->family,
			.port = (uint16_t)port,
	};
	memcpy(endpoint.address, address->bytes, sizeof endpoint.address);
	return endpoint;
}

/* All addresses of one destination. A name whose addresses are not known is left out. */
static void add_addresses_of(const struct pool_view *view,
		const char *destination,
		struct target_list *targets)
{
	struct host_port to;
	struct address_list list;
	if (!host_port_split(destination, &to))
		return;
	if (!pool_addresses(view, &to, &list))
		return;
	for (size_t i = 0; i < list.count; i++) {
		if (targets->count == TARGETS_MAX)
			return;
		struct endpoint *target = &targets->items[targets->count++];
		*target = endpoint_of_target(&list.items[i], to.port);
	}
}

void gate_targets(const struct gate *gate, struct sampler_options *options)
{
	struct arena *arena = gate->pipeline->run->arena;
	const struct workload *load = result_load(gate->result);
	const struct workload_value *to = &load->values[W_DESTINATIONS];
	struct target_list targets = {.count = 0};
	const struct pool_view view = {
			.arena = arena,
			.facts = facts_overlay(arena, gate->result->facts),
			.workload = load,
	};
	if (!to->list)
		return;
	targets.items = arena_alloc(arena, TARGETS_MAX * sizeof *targets.items);
	for (size_t i = 0; i < (size_t)to->number; i++)
		add_addresses_of(&view, to->list[i], &targets);
	options->targets = targets.items;
	options->target_count = targets.count;
	/* Flags, a name or a file say what is meant; what the command does is its own matter. */
	const struct options *asked = gate->options;
	bool described = asked->is_described || asked->described_name;
	bool named = asked->arguments.count || asked->workload_flags;
	options->goes_there = !described && !named;
}
