/* The badge, what the numbers rest on, and the numbers as they may be said. */
#include "report/document/badge.h"
#include "report/document/load.h"
#include "report/document/notes.h"
#include "report/document/view.h"
#include "report/render/page.h"

/* The text that views of an audit have, and its parts. */
static void page_trust_badge(struct arena *arena, const cJSON *root, cJSON *page)
{
	document_put_basis(root, page);
	cJSON *text = cJSON_DetachItemFromObjectCaseSensitive(page, "badge");
	cJSON *badge = cJSON_AddObjectToObject(page, "badge");
	const char *word = badge_word(root);
	const char *verdict = verdict_name(badge_verdict(root));
	cJSON_AddItemToObject(badge, "text", text);
	cJSON_AddStringToObject(badge, "word", word);
	cJSON_AddStringToObject(badge, "verdict", verdict);
	cJSON_AddStringToObject(badge, "waived", badge_by_waiver(arena, root));
}

/* What is safe, or could be at best. */
static void page_trust_safe(const cJSON *root, cJSON *page)
{
	const cJSON *safe = view_object(root, "max_safe");
	const cJSON *most = view_object(root, "at_most.max_safe");
	const cJSON *without = view_array(safe, "without");
	cJSON *copy;
	if (!safe)
		return;
	if (most)
		copy = cJSON_Duplicate(most, true);
	else
		copy = cJSON_Duplicate(safe, true);
	cJSON_AddItemToObject(page, "safe", copy);
	if (!most)
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(copy, "at_most");
	cJSON_AddBoolToObject(copy, "at_most", true);
	if (!without)
		return;
	cJSON *ids = cJSON_Duplicate(without, true);
	cJSON_AddItemToObject(copy, "without", ids);
}

void page_trust(struct arena *arena, const cJSON *root, cJSON *page)
{
	page_trust_badge(arena, root, page);
	page_trust_safe(root, page);
	const char *hosts = document_hosts_text(arena, root);
	cJSON_AddStringToObject(page, "hosts", hosts);
}
