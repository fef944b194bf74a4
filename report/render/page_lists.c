/* Lists in the short form that a page has room for: assumed values by the reason for them, findings
 * without the tenth of a kind, the time at which most facts were read. */
#include <string.h>

#include "report/document/view.h"
#include "report/render/page.h"

/* --- assumptions --- */

static bool is_same_reason(const cJSON *group, const cJSON *assumed)
{
	bool source = strcmp(view_raw(group, "source"), view_raw(assumed, "source")) == 0;
	bool load = strcmp(view_raw(group, "load"), view_raw(assumed, "load")) == 0;
	return source && load;
}

static cJSON *group_of(cJSON *groups, const cJSON *assumed)
{
	cJSON *group;
	cJSON_ArrayForEach(group, groups)
		if (is_same_reason(group, assumed))
			return group;
	group = cJSON_CreateObject();
	cJSON_AddStringToObject(group, "source", view_raw(assumed, "source"));
	cJSON_AddStringToObject(group, "load", view_raw(assumed, "load"));
	cJSON_AddItemToArray(groups, group);
	cJSON_AddArrayToObject(group, "values");
	return group;
}

static void lists_add_assumed(const cJSON *root, cJSON *page)
{
	cJSON *groups = cJSON_AddArrayToObject(page, "assumed");
	const cJSON *assumed;
	cJSON_ArrayForEach(assumed, view_array(root, "assumptions")) {
		cJSON *group = group_of(groups, assumed);
		cJSON *values = cJSON_GetObjectItemCaseSensitive(group, "values");
		cJSON *value = cJSON_Duplicate(assumed, true);
		const char *before = "";
		if (values->child)
			before = ", ";
		cJSON_AddStringToObject(value, "before", before);
		cJSON_AddItemToArray(values, value);
	}
}

/* --- findings --- */

static int count_of_kind(const cJSON *findings, const cJSON *end, const char *id)
{
	int count = 0;
	const cJSON *at;
	cJSON_ArrayForEach(at, findings) {
		if (at == end)
			break;
		count += strcmp(view_raw(at, "id"), id) == 0;
	}
	return count;
}

/* Of a kind with many the first few stand there, and the last of these says how many more. */
static void lists_add_findings(const cJSON *root, cJSON *page)
{
	enum {
		OF_A_KIND_MAX = 4
	};
	cJSON *list = cJSON_AddArrayToObject(page, "findings");
	const cJSON *all = view_array(root, "findings");
	const cJSON *finding;
	cJSON_ArrayForEach(finding, all) {
		const char *id = view_raw(finding, "id");
		int before = count_of_kind(all, finding, id);
		int total = count_of_kind(all, NULL, id);
		if (before >= OF_A_KIND_MAX)
			continue;
		cJSON *copy = cJSON_Duplicate(finding, true);
		if (before == OF_A_KIND_MAX - 1)
			cJSON_AddNumberToObject(copy, "alike", total - OF_A_KIND_MAX);
		cJSON_AddItemToArray(list, copy);
	}
}

/* --- facts --- */

static int count_read_at(const cJSON *facts, const char *time)
{
	const cJSON *fact;
	int count = 0;
	cJSON_ArrayForEach(fact, facts)
		count += strcmp(view_raw(fact, "read_at"), time) == 0;
	return count;
}

const char *page_read_at(const cJSON *root)
{
	enum {
		LOOKED_AT = 20
	};
	const cJSON *facts = view_array(root, "facts");
	const char *best = view_raw(root, "created");
	int most = count_read_at(facts, best);
	int looked = 0;
	const cJSON *fact;
	cJSON_ArrayForEach(fact, facts) {
		const char *time = view_raw(fact, "read_at");
		if (*time == '\0' || strcmp(time, best) == 0)
			continue;
		if (++looked > LOOKED_AT)
			break;
		int count = count_read_at(facts, time);
		if (count > most) {
			most = count;
			best = time;
		}
	}
	return best;
}

void page_lists(const cJSON *root, cJSON *page)
{
	lists_add_assumed(root, page);
	lists_add_findings(root, page);
	cJSON_AddStringToObject(page, "read_at", page_read_at(root));
}
