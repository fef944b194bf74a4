/* Who it is, from the facts. */
#include "model/layer/holder.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* What makes a container by a command or a manifest. */
static bool is_engine(const char *name)
{
	static const char *const engines[] = {"docker",
			"podman",
			"nerdctl",
			"kubernetes",
			"docker compose"};
	for (size_t i = 0; i < COUNT_OF(engines); i++)
		if (strcmp(name, engines[i]) == 0)
			return true;
	return false;
}

/* The path of its control group names the systemd of a user before it names the unit. */
static bool is_of_user(const struct facts *facts)
{
	const struct fact *unit = facts_get(facts, "vantage.unit", "");
	const char *at = NULL;
	if (unit && unit->status == FACT_KNOWN && unit->raw)
		at = strstr(unit->raw, "/user@");
	return at && strchr(at + 1, '/') != NULL;
}

/* CAP_SYS_RESOURCE is what setrlimit() asks for, and root may lack it. */
static bool is_root_without_right(const struct facts *facts)
{
	const struct fact *right = facts_get(facts, "vantage.cap_sys_resource", "");
	if (facts_number(facts, "vantage.uid") != 0)
		return false;
	return right && right->status == FACT_KNOWN && right->number == 0;
}

struct limit_holder holder_of_facts(const struct facts *facts)
{
	const char *container = facts_text(facts, "host.container");
	const char *system = facts_text(facts, "os.name");
	const struct fact *first = facts_get(facts, "vantage.netns.initial", "");
	struct limit_holder holder = {
			.program = facts_text(facts, "vantage.process"),
			.user = facts_text(facts, "vantage.user"),
			.unit = facts_text(facts, "vantage.unit"),
			.root = facts_number(facts, "vantage.uid") == 0,
			.of_user = is_of_user(facts),
			.cannot_raise = is_root_without_right(facts),
			.darwin = system && strcmp(system, "darwin") == 0,
	};
	if (container && is_engine(container))
		holder.within = container;
	holder.child_network = first && first->status == FACT_KNOWN && first->number == 0;
	if (holder.unit && text_begins_with(holder.unit, "run-"))
		holder.start_in = holder.unit;
	return holder;
}

const char *holder_engine(const struct limit_holder *holder)
{
	if (holder->container)
		return holder->container;
	return holder->within;
}

bool holder_has_service(const struct limit_holder *holder)
{
	if (!holder->unit || holder->start_in)
		return false;
	if (holder_engine(holder) && !holder->unit_named)
		return false;
	/* The systemd of a user is no service that a load test runs as. */
	if (text_begins_with(holder->unit, "user@"))
		return false;
	return text_ends_with(holder->unit, ".service");
}
