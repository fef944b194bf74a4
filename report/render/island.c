#include "report/render/island.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/node.h"

/* Of limits that do not apply only what they are and why: the rest is the rule's text. */
static cJSON *brief_resources(const cJSON *resources)
{
	static const char *const kept[] = {"id", "title", "status", "reason"};
	cJSON *list = cJSON_CreateArray();
	const cJSON *resource;
	cJSON_ArrayForEach(resource, resources) {
		if (document_status(resource) != STATUS_NOT_APPLICABLE) {
			cJSON_AddItemReferenceToArray(list, (cJSON *)(uintptr_t)resource);
			continue;
		}
		cJSON *brief = cJSON_CreateObject();
		for (size_t i = 0; i < COUNT_OF(kept); i++)
			cJSON_AddItemReferenceToObject(brief,
					kept[i],
					(cJSON *)(uintptr_t)view_get(resource, kept[i]));
		cJSON_AddItemToArray(list, brief);
	}
	return list;
}

static char *print_island(const cJSON *root)
{
	cJSON *island = cJSON_CreateObject();
	const cJSON *member, *omitted, *omits = view_array(root, "page.island_omits");
	cJSON_ArrayForEach(member, root) {
		bool there = strcmp(member->string, "page") != 0;
		cJSON_ArrayForEach(omitted, omits)
			there = there && strcmp(member->string, view_raw(omitted, "")) != 0;
		if (there && strcmp(member->string, "resources") == 0 && cJSON_IsArray(member))
			cJSON_AddItemToObject(island, member->string, brief_resources(member));
		else if (there)
			cJSON_AddItemReferenceToObject(island, member->string, (cJSON *)(uintptr_t)member);
	}
	char *printed = cJSON_PrintUnformatted(island);
	cJSON_Delete(island);
	return printed;
}

/* The length of a character that must not stand in the page as it is: <, >, &, controls, C1, bidi,
 * zero-width, line separators, as text_clean takes them out elsewhere; 0: harmless. The code point
 * goes to ret. */
static size_t odd_character(const char *at, unsigned *ret)
{
	const unsigned char *b = (const unsigned char *)at;
	if (b[0] < 0x80) {
		*ret = b[0];
		return b[0] < 0x20 || b[0] == 0x7f || strchr("<>&", b[0]) ? 1 : 0;
	}
	if (b[0] == 0xc2 || (b[0] == 0xd8 && b[1] == 0x9c)) { /* C1, soft hyphen; U+061C */
		*ret = (unsigned)(b[0] & 31) << 6 | (b[1] & 63);
		return *ret < 0xa0 || *ret == 0xad || *ret == 0x61c ? 2 : 0;
	}
	if ((b[0] & 0xf0) != 0xe0 || !b[1] || !b[2])
		return 0;
	*ret = (unsigned)(b[0] & 15) << 12 | (unsigned)(b[1] & 63) << 6 | (b[2] & 63);
	bool odd = (*ret >= 0x200b && *ret <= 0x200f) || (*ret >= 0x2028 && *ret <= 0x202e) ||
			(*ret >= 0x2060 && *ret <= 0x206f) || *ret == 0xfeff || *ret == 0x180e ||
			*ret >= 0xfff0;
	return odd && *ret != 0xfffd ? 3 : 0;
}

void island_add(const cJSON *root, xmlNode *node)
{
	char *printed = print_island(root);
	struct text text = {0};
	for (const char *at = printed ? printed : "{}"; *at;) {
		unsigned code;
		size_t length = odd_character(at, &code);
		if (length > 0)
			text_addf(&text, "\\u%04x", code);
		else
			text_add_bytes(&text, at, 1);
		at += length > 0 ? length : 1;
	}
	free(printed);
	node_set_content(node, text.data, text.length);
	text_release(&text);
	node_drop_attribute(node, "data-json");
}
