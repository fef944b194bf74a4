/* The data island, the content security policy, links. */
#include "report/render/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/text.h"
#include "report/document/view.h"
#include "report/render/format.h"

const struct template_file *template_find(const struct template_set *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->files[i].name, name) == 0)
			return &set->files[i];
	return NULL;
}

const char *template_shown(const struct template_file *file)
{
	return file->shown ? file->shown : file->name;
}

bool template_is(const xmlNode *node, const char *tag)
{
	return node && node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, tag) == 0;
}

xmlNode *template_next(const xmlNode *top, xmlNode *node)
{
	do {
		if (node->children && node->type == XML_ELEMENT_NODE) {
			node = node->children;
		} else {
			while (node != top && !node->next)
				node = node->parent;
			if (node == top)
				return NULL;
			node = node->next;
		}
	} while (node->type != XML_ELEMENT_NODE);
	return node;
}

/* --- data island --------------------------------------------------------------------------------
 */

/* Of limits that do not apply only what they are and why: the rest is the rule's text. */
static cJSON *brief_resources(const cJSON *resources)
{
	static const char *const kept[] = {"id", "title", "status", "reason"};
	cJSON *list = cJSON_CreateArray();
	const cJSON *resource;
	cJSON_ArrayForEach(resource, resources) {
		if (strcmp(view_raw(resource, "status"), "not-applicable") != 0) {
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

void template_add_json(const cJSON *root, xmlNode *node)
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
	asset_set_content(node, text.data, text.length);
	text_release(&text);
	asset_drop_attribute(node, "data-json");
}

/* --- policy -------------------------------------------------------------------------------------
 */

/* Hashes the one text node that set_content made: the writer writes the same bytes. */
static void add_hashes(xmlDoc *doc, const char *tag, struct text *out)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	for (xmlNode *node = root; node; node = template_next(root, node)) {
		if (!template_is(node, tag) || *bind_attribute(node, "type") || !node->children)
			continue;
		unsigned char digest[SHA256_BYTES];
		struct sha256 hash;
		sha256_init(&hash);
		sha256_add(&hash, node->children->content, strlen((const char *)node->children->content));
		sha256_finish(&hash, digest);
		text_add(out, " 'sha256-");
		asset_base64((const char *)digest, sizeof digest, out);
		text_add(out, "'");
	}
}

static bool has_image(xmlDoc *doc)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	for (xmlNode *node = root; node; node = template_next(root, node))
		if (template_is(node, "img"))
			return true;
	return false;
}

void template_add_policy(xmlDoc *doc, xmlNode *meta)
{
	struct text text = {0};
	text_add(&text, "default-src 'none'; style-src");
	add_hashes(doc, "style", &text);
	text_add(&text, "; script-src");
	add_hashes(doc, "script", &text);
	text_add(&text, has_image(doc) ? "; img-src data:" : "");
	text_add(&text, "; base-uri 'none'; form-action 'none'");
	xmlSetProp(meta, (const xmlChar *)"content", (const xmlChar *)text.data);
	asset_drop_attribute(meta, "data-csp");
	text_release(&text);
}

/* --- links --------------------------------------------------------------------------------------
 */

struct names {
	struct arena *arena;
	const char **items;
	size_t count, capacity;
};

static bool template_has_name(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

static void collect_id(struct names *names, xmlNode *node)
{
	const char *id = bind_attribute(node, "id");
	if (*id == '\0')
		return;
	if (template_has_name(names, id)) {
		asset_drop_attribute(node, "id");
		return;
	}
	names->items = arena_grow(names->arena,
			names->items,
			names->count,
			&names->capacity,
			sizeof *names->items);
	names->items[names->count++] = arena_strdup(names->arena, id);
}

void template_tidy_links(struct arena *arena, xmlDoc *doc)
{
	struct names names = {.arena = arena};
	xmlNode *root = xmlDocGetRootElement(doc);
	for (xmlNode *node = root; node; node = template_next(root, node))
		collect_id(&names, node);
	for (xmlNode *node = root; node; node = template_next(root, node)) {
		const char *href = bind_attribute(node, "href");
		bool good = *href == '#' ? template_has_name(&names, href + 1) : format_is_link(href);
		if (!good)
			asset_drop_attribute(node, "href");
	}
}
