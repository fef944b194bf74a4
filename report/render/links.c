#include "report/render/links.h"

#include <string.h>

#include "report/render/format.h"
#include "report/render/node.h"

struct names {
	struct arena *arena;
	const char **items;
	size_t count, capacity;
};

static bool links_has_name(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

static void collect_id(struct names *names, xmlNode *node)
{
	const char *id = node_attribute(node, "id");
	if (*id == '\0')
		return;
	if (links_has_name(names, id)) {
		node_drop_attribute(node, "id");
		return;
	}
	names->items = arena_grow(names->arena,
			names->items,
			names->count,
			&names->capacity,
			sizeof *names->items);
	names->items[names->count++] = arena_strdup(names->arena, id);
}

void links_tidy(struct arena *arena, xmlDoc *doc)
{
	struct names names = {.arena = arena};
	xmlNode *root = xmlDocGetRootElement(doc);
	for (xmlNode *node = root; node; node = node_next(root, node))
		collect_id(&names, node);
	for (xmlNode *node = root; node; node = node_next(root, node)) {
		const char *href = node_attribute(node, "href");
		bool good = *href == '#' ? links_has_name(&names, href + 1) : format_is_link(href);
		if (!good)
			node_drop_attribute(node, "href");
	}
}
