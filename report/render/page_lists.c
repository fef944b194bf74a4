/* Lists as a page has them: assumed values in words, why limits were not checked, findings without
 * the tenth of a kind, the time at which most facts were read. */
#include <string.h>

#include "report/document/assumed.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/page.h"

/* --- assumptions --- */

static void lists_put(cJSON *row, const char *name, const char *text)
{
	cJSON_AddItemToObject(row, name, cJSON_CreateString(text));
}

static void lists_add_assumed(struct arena *arena, const cJSON *root, cJSON *page)
{
	cJSON *list = cJSON_AddArrayToObject(page, "assumed");
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(root, "assumptions")) {
		const struct assumed said = document_assumed(arena, item);
		cJSON *row = cJSON_CreateObject();
		lists_put(row, "load", view_raw(item, "load"));
		lists_put(row, "name", said.name);
		lists_put(row, "flag", said.flag);
		lists_put(row, "value", said.value);
		lists_put(row, "why", said.why);
		cJSON_AddItemToArray(list, row);
	}
}

/* --- limits that were not checked --- */

static cJSON *lists_same_reason(cJSON *list, const char *reason)
{
	cJSON *row;
	cJSON_ArrayForEach(row, list) {
		if (strcmp(view_raw(row, "reason"), reason) == 0)
			return row;
	}
	return NULL;
}

/* Two limits with one reason share it: "Threads, Memory mappings". */
static void lists_add_limit(struct arena *arena, cJSON *list, const cJSON *limit)
{
	enum {
		REASON_CHARS = 120,
		TITLE_CHARS = 60
	};
	const char *title = view_text(arena, limit, "title", TITLE_CHARS);
	const char *reason = view_text(arena, limit, "reason", REASON_CHARS);
	cJSON *row = lists_same_reason(list, reason);
	if (row) {
		const char *before = view_raw(row, "titles");
		const char *both = arena_printf(arena, "%s, %s", before, title);
		cJSON *titles = cJSON_CreateString(both);
		cJSON_ReplaceItemInObjectCaseSensitive(row, "titles", titles);
		return;
	}
	row = cJSON_CreateObject();
	lists_put(row, "titles", title);
	lists_put(row, "reason", reason);
	cJSON_AddItemToArray(list, row);
}

static void lists_add_unchecked(struct arena *arena, const cJSON *root, cJSON *page)
{
	cJSON *unsaid = cJSON_AddArrayToObject(page, "unsaid");
	cJSON *idle = cJSON_AddArrayToObject(page, "idle");
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(root, "resources")) {
		if (document_is_unsaid(limit))
			lists_add_limit(arena, unsaid, limit);
		if (document_is_idle(limit))
			lists_add_limit(arena, idle, limit);
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
		/* The text says it already. */
		if (strstr(view_raw(copy, "text"), view_raw(copy, "where")))
			cJSON_DeleteItemFromObjectCaseSensitive(copy, "where");
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

void page_lists(struct arena *arena, const cJSON *root, cJSON *page)
{
	lists_add_assumed(arena, root, page);
	lists_add_unchecked(arena, root, page);
	lists_add_findings(root, page);
	cJSON_AddStringToObject(page, "read_at", page_read_at(root));
}
