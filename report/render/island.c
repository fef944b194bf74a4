#include "report/render/island.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/node.h"

/* Limits that do not apply keep only their name and the reason; the rest is the text of the rule.
 */
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

/* "page" is made from the rest; it lists the members that are too long for a page. */
static bool is_left_off(const cJSON *root, const char *name)
{
	if (strcmp(name, "page") == 0)
		return true;
	const cJSON *omitted;
	cJSON_ArrayForEach(omitted, view_array(root, "page.island_omits"))
		if (strcmp(name, view_raw(omitted, "")) == 0)
			return true;
	return false;
}

static void island_take(cJSON *island, const cJSON *member)
{
	const char *name = member->string;
	if (strcmp(name, "resources") == 0 && cJSON_IsArray(member))
		cJSON_AddItemToObject(island, name, brief_resources(member));
	else
		cJSON_AddItemReferenceToObject(island, name, (cJSON *)(uintptr_t)member);
}

static char *print_island(const cJSON *root)
{
	cJSON *island = cJSON_CreateObject();
	const cJSON *member;
	cJSON_ArrayForEach(member, root) {
		if (!is_left_off(root, member->string))
			island_take(island, member);
	}
	char *printed = cJSON_PrintUnformatted(island);
	cJSON_Delete(island);
	return printed;
}

/* Controls, C1, soft hyphen, bidi, zero-width, line separators: what text_clean takes out
 * elsewhere; and <, >, &. */
static bool is_odd(unsigned code)
{
	static const struct {
		unsigned first, last;
	} odd[] = {
			{0, 0x1f},
			{'&', '&'},
			{'<', '<'},
			{'>', '>'},
			{0x7f, 0x9f},
			{0xad, 0xad},
			{0x61c, 0x61c},
			{0x180e, 0x180e},
			{0x200b, 0x200f},
			{0x2028, 0x202e},
			{0x2060, 0x206f},
			{0xfeff, 0xfeff},
			{0xfff0, 0xfffc},
			{0xfffe, 0xffff},
	};
	for (size_t i = 0; i < COUNT_OF(odd); i++)
		if (code >= odd[i].first && code <= odd[i].last)
			return true;
	return false;
}

/* The length of the character in bytes, and its code point. 0: four bytes or no UTF-8, of which
 * none is odd. */
static size_t island_decode(const char *at, unsigned *ret)
{
	const unsigned char *b = (const unsigned char *)at;
	if (b[0] < 0x80) {
		*ret = b[0];
		return 1;
	}
	if ((b[0] & 0xe0) == 0xc0 && b[1]) {
		*ret = (unsigned)(b[0] & 31) << 6;
		*ret |= b[1] & 63;
		return 2;
	}
	if ((b[0] & 0xf0) == 0xe0 && b[1] && b[2]) {
		*ret = (unsigned)(b[0] & 15) << 12;
		*ret |= (unsigned)(b[1] & 63) << 6;
		*ret |= b[2] & 63;
		return 3;
	}
	return 0;
}

/* The length of a character that must not appear in the page, and its code point. 0: the character
 * is harmless. */
static size_t odd_character(const char *at, unsigned *ret)
{
	size_t length = island_decode(at, ret);
	bool command = at[0] == '#' && at[1] == '#'; /* "##vso[": to the runner of a CI system */
	if (length > 0 && (is_odd(*ret) || command))
		return length;
	return 0;
}

static void island_escape(const char *at, struct text *text)
{
	while (*at) {
		unsigned code;
		size_t length = odd_character(at, &code);
		if (length > 0) {
			text_addf(text, "\\u%04x", code);
			at += length;
		} else {
			text_add_bytes(text, at, 1);
			at++;
		}
	}
}

void island_add(const cJSON *root, xmlNode *node)
{
	char *printed = print_island(root);
	const char *at = "{}"; /* if there was no memory for more */
	if (printed)
		at = printed;
	struct text text = {0};
	island_escape(at, &text);
	free(printed);
	node_set_content(node, text.data, text.length);
	text_release(&text);
	node_drop_attribute(node, "data-json");
}

size_t island_size(const cJSON *root, const char *name)
{
	cJSON *island = cJSON_CreateObject();
	struct text text = {0};
	const cJSON *member;
	cJSON_ArrayForEach(member, root) {
		bool wanted = !name || strcmp(member->string, name) == 0;
		if (wanted && strcmp(member->string, "page") != 0)
			island_take(island, member);
	}
	char *printed = cJSON_PrintUnformatted(island);
	if (printed)
		island_escape(printed, &text);
	size_t size = text.length;
	free(printed);
	cJSON_Delete(island);
	text_release(&text);
	return size;
}
