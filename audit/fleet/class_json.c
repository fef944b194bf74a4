/* The classes of a fleet document: what their hosts have in common, from the least to the most of
 * what they have not, and the whole audit of the fullest. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "audit/fleet/fleet.h"
#include "base/text.h"

struct class_page {
	const struct fleet_run *fleet;
	const struct members *put;
	const struct fleet_class *class;
	size_t first; /* its first host */
	const struct judged *sample;
	cJSON *item;
};

/* From the least to the most of a number. */
struct spread {
	double least, most;
};

static const struct spread no_spread = {.least = INFINITY, .most = -INFINITY};

static void widen(struct spread *spread, double value)
{
	if (isnan(value))
		return;
	spread->least = fmin(spread->least, value);
	spread->most = fmax(spread->most, value);
}

static void put_spread(cJSON *object, const char *name, const struct spread *spread)
{
	cJSON *item = member_object(object, name);
	bool any = spread->least <= spread->most;
	member_number(item, "least", any ? spread->least : (double)NAN);
	member_number(item, "most", any ? spread->most : (double)NAN);
}

/* The hosts of the class, one after the other: *at begins as the class's first. NULL at the end. */
static const struct fleet_record *next_host(const struct class_page *page, size_t *at)
{
	const struct fleet_run *fleet = page->fleet;
	if (*at == SIZE_MAX)
		return NULL;
	const struct fleet_record *host = fleet->judged_hosts[*at];
	*at = fleet->next_of_class[*at];
	return host;
}

static void put_class_limits(const struct class_page *page)
{
	const struct rules *rules = &page->fleet->pipeline.rules;
	cJSON *array = member_array(page->item, "limits");
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct fleet_record *host;
		struct spread use = no_spread;
		size_t at = page->first;
		enum status status = (enum status)page->sample->limits[i].status;
		if (status == STATUS_NOT_APPLICABLE)
			continue;
		while ((host = next_host(page, &at)) != NULL)
			widen(&use, (double)host->judged->limits[i].use);
		cJSON *item = cJSON_CreateObject();
		member_text(page->put, item, "id", rules->limits[i].id);
		member_text(page->put, item, "status", status_name(status));
		put_spread(item, "use", &use);
		(void)cJSON_AddItemToArray(array, item);
	}
}

static void put_class_present(const struct class_page *page)
{
	cJSON *array = member_array(page->item, "present");
	for (size_t i = 0; i < page->sample->present_count; i++) {
		const struct present_use *present = &page->sample->present[i];
		const struct fleet_record *host;
		struct spread values = no_spread;
		size_t at = page->first;
		while ((host = next_host(page, &at)) != NULL)
			if (i < host->judged->present_count && host->judged->present[i].key == present->key)
				widen(&values, host->judged->present[i].value);
		cJSON *item = cJSON_CreateObject();
		member_text(page->put, item, "key", present->key);
		member_text(page->put, item, "unit", unit_name(present->unit));
		put_spread(item, "value", &values);
		(void)cJSON_AddItemToArray(array, item);
	}
}

static void put_traits(const struct class_page *page)
{
	const struct fleet_member *member = &page->sample->traits->member;
	cJSON *settings = member_array(page->item, "settings");
	for (size_t i = 0; i < member->count; i++) {
		if (text_begins_with(member->traits[i].key, "limit "))
			continue;
		cJSON *item = cJSON_CreateObject();
		member_text(page->put, item, "key", member->traits[i].key);
		member_text(page->put, item, "value", member->traits[i].value);
		(void)cJSON_AddItemToArray(settings, item);
	}
	cJSON *deviations = member_array(page->item, "deviations");
	for (size_t i = 0; i < page->class->deviation_count; i++) {
		const struct fleet_deviation *deviation = &page->class->deviations[i];
		cJSON *item = cJSON_CreateObject();
		member_text(page->put, item, "key", deviation->key);
		member_text(page->put, item, "value", deviation->value);
		member_text(page->put, item, "majority", deviation->most);
		(void)cJSON_AddItemToArray(deviations, item);
	}
}

/* The host whose use of the limit that decides is highest, and all that the hosts can carry. */
static void put_class_use(const struct class_page *page)
{
	const struct fleet_record *host, *fullest = NULL;
	struct spread use = no_spread, safe = no_spread, rate = no_spread, plan = no_spread;
	size_t at = page->first, stale = 0;
	while ((host = next_host(page, &at)) != NULL) {
		const struct judged *judged = host->judged;
		bool fuller = !fullest || (!isnan(judged->use) && !(judged->use <= fullest->judged->use));
		if (fuller)
			fullest = host;
		stale += host->too_old;
		widen(&use, judged->use);
		widen(&safe, judged->safe.connections);
		widen(&rate, judged->safe.open_rate_per_s);
		widen(&plan, judged->plan.connections);
	}
	member_text(page->put, page->item, "limit", fullest ? fullest->judged->binding : NULL);
	member_text(page->put, page->item, "fullest", fullest ? fullest->name : NULL);
	member_number(page->item, "stale", (double)stale);
	put_spread(page->item, "use", &use);
	put_spread(page->item, "plan", &plan);
	put_spread(page->item, "safe", &safe);
	put_spread(page->item, "safe_rate", &rate);
}

static void put_class_audit(const struct class_page *page)
{
	const char *audit = page->sample->traits->audit;
	cJSON *tree = audit ? cJSON_Parse(audit) : NULL;
	if (!tree)
		tree = cJSON_CreateNull();
	(void)member_item(page->item, "audit", tree);
}

static void put_class(struct class_page *page, cJSON *array)
{
	const struct fleet_class *class = page->class;
	size_t at = page->first;
	page->item = cJSON_CreateObject();
	page->sample = next_host(page, &at)->judged;
	member_text(page->put, page->item, "name", class->name);
	member_text(page->put, page->item, "role", fleet_role_name(class->role));
	member_number(page->item, "hosts", (double)class->count);
	member_bool(page->item, "majority", class->majority);
	member_text(page->put, page->item, "verdict", verdict_name(page->sample->verdict));
	put_class_use(page);
	put_class_limits(page);
	put_class_present(page);
	put_traits(page);
	put_class_audit(page);
	(void)cJSON_AddItemToArray(array, page->item);
}

void fleet_put_classes(const struct fleet_run *fleet, const struct members *put, cJSON *document)
{
	cJSON *array = member_array(document, "classes");
	for (size_t i = 0; i < fleet->classes.count; i++) {
		struct class_page page = {
				.fleet = fleet,
				.put = put,
				.class = &fleet->classes.items[i],
				.first = fleet->first_of_class[i],
		};
		put_class(&page, array);
	}
}
