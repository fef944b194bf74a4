/* The charts of what is no audit: the limits of one host of a sizing, earlier audits. */
#include "base/array.h"
#include "report/document/load.h"
#include "report/document/member.h"
#include "report/document/view.h"
#include "report/render/page.h"

/* A limit of one host and its part of the plan, as an audit of it would have them. */
static cJSON *page_answer_host(const cJSON *root, cJSON *page)
{
	static const char *const members[] = {"plan", "binding", "at_most", "ladder", "resources"};
	const cJSON *limits = view_object(root, "limits");
	cJSON *host = cJSON_CreateObject();
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		cJSON *member = cJSON_GetObjectItemCaseSensitive(limits, members[i]);
		if (member)
			cJSON_AddItemReferenceToObject(host, members[i], member);
	}
	cJSON *map = cJSON_GetObjectItemCaseSensitive(root, "map");
	if (map)
		cJSON_AddItemReferenceToObject(host, "map", map);
	bool part = view_object(root, "each") != NULL;
	cJSON_AddBoolToObject(host, "part", part);
	cJSON_AddItemReferenceToObject(host, "page", page);
	return host;
}

/* Its own page: the words of this one, and what is safe. */
static void page_answer_page(cJSON *audit, const cJSON *page)
{
	cJSON *own = member_object(audit, "page");
	cJSON *words = cJSON_GetObjectItemCaseSensitive(page, "words");
	member_copy(own, "safe", audit, "max_safe");
	if (words)
		cJSON_AddItemReferenceToObject(own, "words", words);
}

/* A row of the history has the id alone. */
static void page_answer_binding(cJSON *audit)
{
	cJSON *binding = cJSON_CreateObject();
	member_copy(binding, "resource", audit, "binding");
	cJSON_DeleteItemFromObjectCaseSensitive(audit, "binding");
	(void)member_item(audit, "binding", binding);
}

/* The last of the audits, and those before it, as they stand in an audit. */
static cJSON *page_answer_last(const cJSON *root, const cJSON *page)
{
	const cJSON *audit, *audits = view_array(root, "audits");
	cJSON *last = NULL;
	cJSON *earlier = cJSON_CreateArray();
	cJSON_ArrayForEach(audit, audits) {
		cJSON *copy = cJSON_Duplicate(audit, true);
		if (last)
			(void)cJSON_AddItemToArray(earlier, last);
		last = copy;
	}
	if (!last)
		last = cJSON_CreateObject();
	page_answer_page(last, page);
	page_answer_binding(last);
	(void)member_object(last, "plan");
	(void)member_item(last, "history", earlier);
	return last;
}

static void page_answer_trend(struct arena *arena, const cJSON *root, cJSON *page, cJSON *charts)
{
	cJSON *last = page_answer_last(root, page);
	const char *basis = "rate";
	if (view_number(last, "max_safe.connections") > 0)
		basis = "connections";
	(void)cJSON_AddStringToObject(page, "basis", basis);
	page_history(arena, last, charts);
	cJSON_Delete(last);
}

static const char *page_answer_basis(const cJSON *plan)
{
	if (view_number(plan, "connections") > 0)
		return "connections";
	return "rate";
}

/* What the two marks of a limit mean. */
static void page_answer_marks(struct arena *arena, const cJSON *root, cJSON *charts)
{
	cJSON *chart = cJSON_GetObjectItemCaseSensitive(charts, "headroom");
	const char *before = document_before(root);
	const char *marks = arena_printf(arena, "● %s, ○ with the values", before);
	if (chart)
		(void)cJSON_AddStringToObject(chart, "marks", marks);
}

void page_answer(struct arena *arena, const cJSON *root, cJSON *page)
{
	const cJSON *limits = view_object(root, "limits");
	cJSON *charts = cJSON_AddObjectToObject(page, "charts");
	if (view_true(root, "trend"))
		page_answer_trend(arena, root, page, charts);
	if (!limits)
		return;
	const char *basis = page_answer_basis(view_object(limits, "plan"));
	(void)cJSON_AddStringToObject(page, "basis", basis);
	cJSON *host = page_answer_host(root, page);
	const char *image = view_raw(root, "image");
	(void)cJSON_AddStringToObject(host, "image", image);
	page_headroom(arena, host, charts);
	bool new_machine = *image != '\0';
	page_answer_marks(arena, root, charts);
	page_map_order(arena, host, new_machine, charts);
	cJSON_Delete(host);
}
