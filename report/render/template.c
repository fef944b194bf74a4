/* The data island, the content security policy, links. */
#include "report/render/template.h"

#include <stdlib.h>
#include <string.h>

#include "model/sha256.h"
#include "model/text.h"
#include "report/render/format.h"
#include "report/write/view.h"

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

/* --- data island -------------------------------------------------------------------------------- */

static char *print_island(const cJSON *root, bool with_facts)
{
	cJSON *island = cJSON_CreateObject();
	const cJSON *member;
	cJSON_ArrayForEach(member, root) {
		bool facts = strcmp(member->string, "facts") == 0;
		/* The timeline is for the audit document; its chart and samples are on the page. */
		if (strcmp(member->string, "page") == 0 || strcmp(member->string, "timeline") == 0 || (facts && !with_facts))
			continue;
		const cJSON *given = facts ? view_array(root, "page.evidence") : member;
		cJSON_AddItemReferenceToObject(island, member->string, (cJSON *)(uintptr_t)given);
	}
	char *printed = cJSON_PrintUnformatted(island);
	cJSON_Delete(island);
	return printed;
}

void template_add_json(const cJSON *root, xmlNode *node)
{
	enum { ISLAND_BYTES_MAX = 48 * 1024 };
	char *printed = print_island(root, true);
	if (printed && strlen(printed) > ISLAND_BYTES_MAX) {
		free(printed);
		printed = print_island(root, false);
	}
	struct text text = {0};
	for (const char *at = printed ? printed : "{}"; *at; at++) {
		if (strchr("<>&", *at) || *at == 0x7f)
			text_addf(&text, "\\u%04x", (unsigned)*at);
		else
			text_add_bytes(&text, at, 1);
	}
	free(printed);
	asset_set_content(node, text.data, text.length);
	text_release(&text);
	asset_drop_attribute(node, "data-json");
}

/* --- policy ------------------------------------------------------------------------------------- */

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

/* --- links -------------------------------------------------------------------------------------- */

struct names {
	struct arena *arena;
	const char **items;
	size_t count, capacity;
};

static bool has_name(const struct names *names, const char *name)
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
	if (has_name(names, id)) {
		asset_drop_attribute(node, "id");
		return;
	}
	names->items = arena_grow(names->arena, names->items, names->count, &names->capacity, sizeof *names->items);
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
		bool good = *href == '#' ? has_name(&names, href + 1) : format_is_link(href);
		if (!good)
			asset_drop_attribute(node, "href");
	}
}
