#include "audit/size/order.h"

#include <math.h>

#include "report/document/member.h"

enum {
	GROUPS = 100, /* more than a plan may have */
	ORDER_MORE_MAX = 100000
};

/* What to order of the provider that was named, or of a catalogue with one: no type fits
 * everybody. NULL: nobody said where. */
static const struct machine_fit *order_type(const struct options *options,
		const struct machine_sizing *sizing)
{
	bool said = options->size.provider || options->size.catalogue;
	if (!said)
		return NULL;
	/* Of a provider that was named, no other is left. */
	const struct machine_choice choice = machine_choose(sizing, NULL);
	return choice.split;
}

bool order_judge(struct pipeline *pipeline,
		const struct loads *plan,
		const struct machine_sizing *sizing,
		struct result *result,
		struct error *err)
{
	const struct run *run = pipeline->run;
	const struct machine_fit *fit = order_type(run->options, sizing);
	if (!fit)
		return true;
	const struct machine_type *type = fit->type;
	pipeline->facts = facts_overlay(run->arena, pipeline->facts);
	machine_facts(type, pipeline->facts);
	pipeline->host.cpus = type->vcpus;
	pipeline->host.memory_bytes = type->memory_bytes;
	return pipeline_judge(pipeline, plan, result, err);
}

/* The group whose machines get the largest parts. */
static size_t fullest_group(const struct result *result, const double *hosts)
{
	size_t fullest = 0;
	for (size_t i = 1; i < result->group_count; i++) {
		double most = result->groups[fullest].share / hosts[fullest];
		if (result->groups[i].share / hosts[i] > most)
			fullest = i;
	}
	return fullest;
}

/* Each group has machines of its own; those that the limits do not ask for go where the parts are
 * the largest. */
static double largest_part(const struct result *result, double hosts)
{
	double each[GROUPS];
	double more = hosts - machine_hosts(result);
	if (result->group_count == 0)
		return 1 / hosts;
	if (isnan(more) || result->group_count > GROUPS)
		return (double)NAN;
	for (size_t i = 0; i < result->group_count; i++)
		each[i] = result->groups[i].after_fixes;
	more = fmin(more, ORDER_MORE_MAX);
	for (int given = 0; given < (int)more; given++)
		each[fullest_group(result, each)] += 1;
	size_t fullest = fullest_group(result, each);
	return result->groups[fullest].share / each[fullest];
}

struct size_order order_of(const struct options *options,
		const struct machine_sizing *sizing,
		const struct result *result)
{
	struct size_order order = {
			.type = order_type(options, sizing),
			.hosts = machine_hosts(result),
			.result = result,
	};
	if (order.type)
		order.hosts = order.type->hosts;
	order.part = largest_part(result, order.hosts);
	return order;
}

void order_one_more(struct size_order *order)
{
	order->hosts += 1;
	order->part = largest_part(order->result, order->hosts);
}

void order_into_size(struct arena *arena, cJSON *size, const struct size_order *order)
{
	const struct members put = {.arena = arena};
	cJSON *item = member_object(size, "order");
	member_number(item, "hosts", order->hosts);
	if (order->type) {
		const struct machine_type *type = order->type->type;
		member_text(&put, item, "provider", type->provider);
		member_text(&put, item, "type", type->name);
		member_text(&put, item, "arch", type->arch);
		member_number(item, "vcpus", type->vcpus);
		member_number(item, "memory_bytes", type->memory_bytes);
	}
	cJSON *hosts = cJSON_GetObjectItemCaseSensitive(size, "hosts_needed");
	if (!cJSON_IsObject(hosts))
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(hosts, "after_fixes");
	member_number(hosts, "after_fixes", order->hosts);
}
