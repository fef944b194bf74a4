#include "audit/document/document.h"

static void put_names(const struct members *put,
		cJSON *object,
		const char *name,
		const struct name_list *list)
{
	const char *const *items = list->items;
	member_texts(put, object, name, items, list->count);
}

static cJSON *entry_of(const struct members *put, const struct foreign *item)
{
	const char *kind = foreign_kind_name(item->kind);
	cJSON *object = cJSON_CreateObject();
	member_text(put, object, "kind", kind);
	member_text(put, object, "path", item->path);
	member_text(put, object, "digest", item->digest);
	put_names(put, object, "taken", &item->taken);
	put_names(put, object, "left", &item->left);
	return object;
}

void document_foreign(const struct members *put,
		cJSON *document,
		const struct foreign_list *foreign)
{
	cJSON *array = member_array(document, "foreign");
	size_t count = 0;
	if (foreign)
		count = foreign->count;
	for (size_t i = 0; i < count; i++) {
		const struct foreign *item = &foreign->items[i];
		cJSON *entry = entry_of(put, item);
		(void)cJSON_AddItemToArray(array, entry);
	}
}
