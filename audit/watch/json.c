/* One look at the host as a document, headroom.watch/1. */
#include <math.h>
#include <string.h>

#include "audit/document/document.h"
#include "audit/watch/watch.h"
#include "base/array.h"
#include "model/present.h"
#include "probes/host/sockets/tally.h"

/* NULL: there was one sample only. */
static const struct observation *previous(const struct watch_window *window)
{
	if (window->count < 2)
		return NULL;
	return &window->before;
}

static double to_ms(double seconds)
{
	return round(seconds * 1000) / 1000;
}

/* A row as it is shown now. */
struct row_now {
	struct present present;
	double ratio, age_s;
};

/* Two samples tell more than one look: a queue that was full in both, and what was refused
 * meanwhile. */
static enum present_state state_of(const struct watch_look *look, const struct watch_row *row)
{
	enum present_state state = row->now.state, seen;
	if (!row->observed || state == PRESENT_FREE)
		return state;
	if (isnan(row->now.used))
		return state;
	const struct watch_window *window = look->window;
	const struct observation *before = previous(window);
	seen = watched_state(row->observed, before, &window->now, look->target);
	if (seen > state)
		return seen;
	return state;
}

/* What was not read this time is as it was the last time. */
static struct row_now row_as_read(const struct watch_look *look, const struct watch_row *row)
{
	const struct watch_row *kept = NULL;
	const ptrdiff_t at = row - look->limits->rows;
	if (look->whole && isnan(row->now.used))
		kept = &look->whole->rows[at];
	if (kept)
		return (struct row_now){.present = kept->now, .age_s = look->whole_age_s};
	return (struct row_now){.present = row->now, .age_s = look->age_s};
}

static struct row_now row_now_of(const struct watch_look *look, const struct watch_row *row)
{
	const struct observation *before = previous(look->window);
	const struct observation *now = &look->window->now;
	struct row_now shown = row_as_read(look, row);
	if (row->present) {
		if (!isnan(row->now.used))
			shown.present.state = state_of(look, row);
		shown.ratio = present_ratio(&shown.present);
		return shown;
	}
	const struct watched_use use = watched_use(row->observed, before, now);
	shown.present = (struct present){
			.state = watched_state(row->observed, before, now, look->target),
			.used = use.used,
			.capacity = use.capacity,
			.refused = (double)NAN,
	};
	shown.ratio = use.ratio;
	shown.age_s = 0;
	return shown;
}

/* What others on the host do is no forecast for one process; a queue and processor time go up and
 * down. */
static bool may_forecast(const struct watch_look *look, const struct watch_row *row)
{
	if (row->scope == SCOPE_LISTENER || !row->present)
		return false;
	return look->pid == 0 || row->scope != SCOPE_HOST;
}

static void put_outlook(cJSON *item,
		const struct watch_look *look,
		const struct watch_row *row,
		double capacity)
{
	const ptrdiff_t at = row - look->limits->rows;
	const struct trend *trend = &look->series[at].trend;
	double to_target = (double)NAN, to_limit = (double)NAN;
	if (may_forecast(look, row)) {
		double target = capacity * look->target;
		to_target = trend_left_s(trend, target, capacity);
		to_limit = trend_left_s(trend, capacity, capacity);
	}
	member_number(item, "rate_per_s", trend_rate(trend));
	member_number(item, "to_target_s", to_target);
	member_number(item, "to_limit_s", to_limit);
}

static const char *severity_of(const struct watch_row *row)
{
	if (row->hard)
		return "hard";
	return "advisory";
}

static void put_instances(const struct members *put, cJSON *item, const struct watch_row *row)
{
	cJSON *array = member_array(item, "instances");
	for (size_t i = 0; i < row->instance_count; i++) {
		const struct present *one = &row->instances[i];
		const char *state = present_state_name(one->state);
		cJSON *instance = cJSON_CreateObject();
		member_text(put, instance, "by", one->by);
		member_number(instance, "used", one->used);
		member_number(instance, "capacity", one->capacity);
		member_text(put, instance, "state", state);
		(void)cJSON_AddItemToArray(array, instance);
	}
}

static void json_put_limit(const struct members *put,
		cJSON *array,
		const struct watch_look *look,
		const struct watch_row *row)
{
	const struct row_now now = row_now_of(look, row);
	const struct present *present = &now.present;
	const char *severity = severity_of(row);
	const char *scope = scope_name(row->scope);
	const char *quantity = unit_name(row->quantity);
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "id", row->id);
	member_text(put, item, "title", row->title);
	member_text(put, item, "severity", severity);
	member_text(put, item, "scope", scope);
	member_text(put, item, "unit", row->unit);
	member_text(put, item, "quantity", quantity);
	member_number(item, "used", present->used);
	member_number(item, "capacity", present->capacity);
	member_number(item, "utilization", now.ratio);
	put_outlook(item, look, row, present->capacity);
	member_number(item, "age_s", to_ms(now.age_s));
	member_bool(item, "none", present->none);
	document_now(put, item, present);
	put_instances(put, item, row);
	(void)cJSON_AddItemToArray(array, item);
}

static void json_put_limits(const struct members *put,
		cJSON *document,
		const struct watch_look *look)
{
	cJSON *array = member_array(document, "limits");
	const struct watch_limits *limits = look->limits;
	for (size_t i = 0; i < limits->row_count; i++) {
		const struct watch_row *row = &limits->rows[i];
		json_put_limit(put, array, look, row);
	}
}

/* Gauges are values, counters come with their rate. What is not known is left out. */
static void put_values(const struct members *put, cJSON *document, const struct watch_look *look)
{
	const struct observation *now = &look->window->now;
	const struct observation *before = previous(look->window);
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

static cJSON *destination_json(const struct members *put, const struct seen_destination *seen)
{
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "to", seen->to);
	member_number(item, "live", seen->live);
	member_number(item, "time_wait", seen->time_wait);
	return item;
}

static void json_put_destinations(const struct members *put,
		cJSON *document,
		const struct watch_look *look)
{
	const struct seen_destination *seen;
	size_t count = sampler_now(look->sampler, put->arena, &seen);
	cJSON *array = member_array(document, "destinations");
	for (size_t i = 0; i < count; i++) {
		cJSON *item = destination_json(put, &seen[i]);
		(void)cJSON_AddItemToArray(array, item);
	}
}

/* Sockets are counted less often than the rest where that takes long. */
static double sockets_age_s(const struct watch_window *window)
{
	double age_s = window->now.t_s - window->sockets_s;
	return to_ms(age_s);
}

cJSON *watch_json(const struct members *put, const struct watch_look *look)
{
	cJSON *document = cJSON_CreateObject();
	double pid = (double)NAN;
	if (look->pid > 0)
		pid = look->pid;
	member_text(put, document, "schema", "headroom.watch/1");
	member_text(put, document, "time", look->time);
	member_text(put, document, "host", look->limits->host);
	member_number(document, "pid", pid);
	member_number(document, "t_s", to_ms(look->window->now.t_s));
	member_number(document, "age_s", to_ms(look->age_s));
	member_number(document, "sockets_age_s", sockets_age_s(look->window));
	member_number(document, "target_utilization", look->target);
	json_put_limits(put, document, look);
	json_put_states(document, look);
	json_put_destinations(put, document, look);
	put_values(put, document, look);
	return document;
}
