#include "audit/size/own_rates.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static bool plan_has_finding(const struct plan *plan, const char *id)
{
	if (!plan)
		return false;
	for (size_t i = 0; i < plan->finding_count; i++) {
		if (strcmp(plan->findings[i].id, id) == 0)
			return true;
	}
	return false;
}

static double number_if_set(const struct workload_value *value)
{
	if (!value->set)
		return (double)NAN;
	return value->number;
}

/* Users are connections where a plan knows no others. */
static double asked_of(const struct workload *load, enum own_rate_thing thing)
{
	const struct workload_value *users = &load->values[W_USERS];
	const struct workload_value *live = &load->values[W_CONNECTIONS];
	const struct workload_value *requests = &load->values[W_REQUESTS];
	if (thing == OWN_RATE_REQUESTS)
		return number_if_set(requests);
	if (users->set && users->number > 0)
		return users->number;
	return number_if_set(live);
}

struct own_need {
	const struct tool_own_rate *rate; /* NULL: none is known */
	double asked, places;
};

/* Of several figures the one that asks for most. */
static struct own_need need_most(const struct pipeline *pipeline,
		const struct tool_rule *tool,
		const struct workload *load,
		enum own_rate_place place)
{
	struct own_need most = {0};
	for (size_t i = 0; i < tool->own_rate_count; i++) {
		const struct tool_own_rate *rate = &tool->own_rates[i];
		double asked = asked_of(load, rate->of);
		if (rate->per != place || !(asked > 0) || !isfinite(asked))
			continue;
		if (rate->with && !plan_has_finding(pipeline->plan, rate->with))
			continue;
		double places = asked / rate->most;
		if (places > most.places)
			most = (struct own_need){rate, asked, places};
	}
	return most;
}

static const char *thing_name(const struct tool_own_rate *rate)
{
	if (rate->of == OWN_RATE_REQUESTS)
		return "requests/s";
	return "users";
}

static void say_need(struct text *out, const struct tool_rule *tool, const struct own_need *need)
{
	char asked[NUMBER_TEXT_MAX];
	char each[NUMBER_TEXT_MAX];
	char places[NUMBER_TEXT_MAX];
	const struct tool_own_rate *rate = need->rate;
	const char *place = "core";
	const char *several = "";
	double whole = ceil(need->places - 1e-9);
	if (rate->per == OWN_RATE_HOST)
		place = "machine";
	if (whole > 1)
		several = "s";
	text_addf(out,
			"%s itself: %s %s, at %s for each %s, take %s %s%s (%s). ",
			tool->title,
			text_number(asked, need->asked, UNIT_COUNT),
			thing_name(rate),
			text_number(each, rate->most, UNIT_COUNT),
			place,
			text_number(places, whole, UNIT_COUNT),
			place,
			several,
			rate->by);
}

void own_rates_add(const struct pipeline *pipeline,
		const struct tool_rule *tool,
		const struct workload *load,
		struct own_count *count)
{
	const struct own_need cores = need_most(pipeline, tool, load, OWN_RATE_CORE);
	const struct own_need machines = need_most(pipeline, tool, load, OWN_RATE_HOST);
	count->cores += cores.places;
	count->machines += machines.places;
	if (cores.rate)
		say_need(&count->says, tool, &cores);
	if (machines.rate && !(machines.places <= 1))
		say_need(&count->says, tool, &machines);
}

double own_hosts(const struct own_count *count, double cpus, double target)
{
	double hosts = ceil(count->machines - 1e-9);
	if (cpus > 0 && target > 0)
		hosts = fmax(hosts, ceil(count->cores / target / cpus - 1e-9));
	return fmax(hosts, 0);
}
