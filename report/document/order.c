#include "report/document/order.h"

#include "report/document/view.h"

/* "2 × c8i.large (aws)", "2 hosts": a type only if the provider was chosen. */
static const char *order_machines(struct arena *arena, const cJSON *size)
{
	const char *hosts = view_figure(arena, size, "order.hosts", UNIT_COUNT);
	const char *type = view_text(arena, size, "order.type", 100);
	const char *provider = view_text(arena, size, "order.provider", 40);
	const char *plural = "s";
	if (view_number(size, "order.hosts") == 1)
		plural = "";
	if (!*type && !*view_raw(size, "image"))
		return arena_printf(arena, "%s host%s like this one", hosts, plural);
	if (!*type)
		return arena_printf(arena, "%s host%s", hosts, plural);
	if (!*provider)
		return arena_printf(arena, "%s × %s", hosts, type);
	return arena_printf(arena, "%s × %s (%s)", hosts, type, provider);
}

/* Is the host that was looked at enough? */
static bool order_is_this_host(const cJSON *size)
{
	bool one = view_number(size, "order.hosts") == 1;
	return one && !*view_raw(size, "order.type") && !*view_raw(size, "image");
}

const char *document_order_text(struct arena *arena, const cJSON *size)
{
	const char *machines = order_machines(arena, size);
	size_t values = view_count(size, "values");
	const char *each = "each";
	const char *them = "them";
	if (view_number(size, "order.hosts") == 1) {
		each = "it";
		them = "it";
	}
	if (order_is_this_host(size) && values == 1)
		return "The plan fits this host with the value below.";
	if (order_is_this_host(size) && values > 1)
		return arena_printf(arena, "The plan fits this host with the %zu values below.", values);
	if (values == 0)
		return arena_printf(arena,
				"Order at least %s; nothing has to be set on %s.",
				machines,
				them);
	if (values == 1)
		return arena_printf(arena,
				"Order at least %s, with the value below set on %s.",
				machines,
				each);
	return arena_printf(arena,
			"Order at least %s, with the %zu values below set on %s.",
			machines,
			values,
			each);
}
