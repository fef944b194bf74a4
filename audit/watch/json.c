/* One look at the host as a document, headroom.watch/1. */
#include <math.h>
#include <string.h>

#include "audit/watch/watch.h"
#include "base/array.h"
#include "model/present.h"
#include "probes/host/sockets/tally.h"

static const struct observation *latest(const struct watch_window *window)
{
	return &window->samples[(window->count - 1) % WATCH_WINDOW];
}

/* The oldest one kept; NULL if there is only one. */
static const struct observation *oldest(const struct watch_window *window)
{
	if (window->count < 2)
		return NULL;
	if (window->count <= WATCH_WINDOW)
		return &window->samples[0];
	return &window->samples[window->count % WATCH_WINDOW];
}

static const struct observation *previous(const struct watch_window *window)
{
	if (window->count < 2)
		return NULL;
	return &window->samples[(window->count - 2) % WATCH_WINDOW];
}

struct outlook {
	double rate_per_s, to_target_s, to_limit_s;
};

/* At the rate of the whole window; a limit that is not being filled has no time left to tell. */
static struct outlook outlook_of(const struct watched_limit *limit,
		const struct watch_look *look,
		const struct watched_use *now)
{
	const struct observation *first = oldest(look->window), *last = latest(look->window);
	struct outlook outlook = {(double)NAN, (double)NAN, (double)NAN};
	if (!first || limit->processor)
		return outlook;
	struct watched_use then = watched_use(limit, NULL, first);
	double grown = now->used - then.used;
	double seconds = last->t_s - first->t_s;
	double rate = grown / seconds;
	outlook.rate_per_s = rate;
	if (isinf(now->capacity))
		return outlook;
	if (!(rate > 0))
		return outlook;
	double target = now->capacity * look->target;
	double left = now->capacity - now->used;
	outlook.to_limit_s = fmax(0, left) / rate;
	if (now->used < target)
		outlook.to_target_s = (target - now->used) / rate;
	return outlook;
}

static const char *severity_of(const struct watched_limit *limit)
{
	if (limit->hard)
		return "hard";
	return "advisory";
}

static const char *json_user_of(const struct members *put,
		const struct watch_look *look,
		const struct watched_limit *limit)
{
	if (limit->scope == SCOPE_DESTINATION)
		return sampler_busiest(look->sampler, put->arena);
	if (limit->scope == SCOPE_LISTENER)
		return sampler_fullest(look->sampler, put->arena);
	return NULL;
}

/* The present use in the words of an audit document. */
static void json_put_now(const struct members *put,
		cJSON *item,
		const struct watch_look *look,
		const struct watched_limit *limit)
{
	const struct observation *now = latest(look->window);
	const struct observation *before = previous(look->window);
	const struct watched_use use = watched_use(limit, before, now);
	enum present_state state = watched_state(limit, before, now, look->target);
	cJSON *present = member_object(item, "now");
	member_number(present, "used", use.used);
	member_number(present, "capacity", use.capacity);
	member_text(put, present, "by", json_user_of(put, look, limit));
	member_text(put, present, "state", present_state_name(state));
}

static void json_put_limit(const struct members *put,
		cJSON *array,
		const struct watch_look *look,
		const struct watched_limit *limit)
{
	const struct observation *now = latest(look->window), *before = previous(look->window);
	const struct watched_use use = watched_use(limit, before, now);
	if (isnan(use.used))
		return;
	struct outlook outlook = outlook_of(limit, look, &use);
	const struct {
		const char *name;
		double number;
	} numbers[] = {
			{"used", use.used},
			{"capacity", use.capacity},
			{"utilization", use.ratio},
			{"rate_per_s", outlook.rate_per_s},
			{"to_target_s", outlook.to_target_s},
			{"to_limit_s", outlook.to_limit_s},
	};
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "id", limit->id);
	member_text(put, item, "title", limit->title);
	member_text(put, item, "severity", severity_of(limit));
	member_text(put, item, "scope", scope_name(limit->scope));
	member_text(put, item, "unit", limit->unit);
	member_text(put, item, "quantity", unit_name(limit->quantity));
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		member_number(item, numbers[i].name, numbers[i].number);
	json_put_now(put, item, look, limit);
	(void)cJSON_AddItemToArray(array, item);
}

static void json_put_limits(const struct members *put,
		cJSON *document,
		const struct watch_look *look)
{
	cJSON *array = member_array(document, "limits");
	for (size_t i = 0; i < look->limits->count; i++)
		json_put_limit(put, array, look, &look->limits->items[i]);
}

/* Gauges are values, counters come with their rate. What is not known is left out. */
static void put_values(const struct members *put, cJSON *document, const struct watch_look *look)
{
	const struct observation *now = latest(look->window), *before = previous(look->window);
	cJSON *values = member_object(document, "values");
	cJSON *counters = member_object(document, "counters");
	cJSON *rates = member_object(document, "rates");
	cJSON *titles = member_object(document, "titles");
	for (enum observed what = 0; what < OBSERVED; what++) {
		const struct observed_row *row = &observed_rows[what];
		double value = now->values[what];
		if (isnan(value))
			continue;
		member_text(put, titles, row->name, row->title);
		if (!observed_counts(what)) {
			member_number(values, row->name, value);
			continue;
		}
		member_number(counters, row->name, value);
		if (before)
			member_number(rates, row->name, observed_value(what, before, now));
	}
}

static void json_put_states(cJSON *document, const struct watch_look *look)
{
	cJSON *states = member_object(document, "states");
	for (int i = 1; i < STATES; i++) {
		double sockets = sampler_state(look->sampler, i);
		if (tcp_state_names[i] && !isnan(sockets))
			member_number(states, tcp_state_names[i], sockets);
	}
}

static void json_put_destinations(const struct members *put,
		cJSON *document,
		const struct watch_look *look)
{
	const struct seen_destination *seen;
	size_t count = sampler_now(look->sampler, put->arena, &seen);
	cJSON *array = member_array(document, "destinations");
	for (size_t i = 0; i < count; i++) {
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "to", seen[i].to);
		member_number(item, "live", seen[i].live);
		member_number(item, "time_wait", seen[i].time_wait);
		(void)cJSON_AddItemToArray(array, item);
	}
}

cJSON *watch_json(const struct members *put, const struct watch_look *look)
{
	cJSON *document = cJSON_CreateObject();
	double pid = (double)NAN;
	if (look->pid > 0)
		pid = look->pid;
	member_text(put, document, "schema", "headroom.watch/1");
	member_text(put, document, "time", look->time);
	member_text(put, document, "host", look->host);
	member_number(document, "pid", pid);
	member_number(document, "t_s", round(latest(look->window)->t_s * 1000) / 1000);
	member_number(document, "target_utilization", look->target);
	json_put_limits(put, document, look);
	json_put_states(document, look);
	json_put_destinations(put, document, look);
	put_values(put, document, look);
	return document;
}
