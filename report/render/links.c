#include "report/render/links.h"

#include <string.h>

#include "base/list.h"
#include "report/render/format.h"
#include "report/render/node.h"

static void collect_id(struct arena *arena, struct name_list *names, xmlNode *node)
{
	const char *id = node_attribute(node, "id");
	if (*id == '\0')
		return;
	if (name_list_has(names, id)) {
		node_drop_attribute(node, "id");
		return;
	}
	name_list_append(arena, names, arena_strdup(arena, id));
}

void links_tidy(struct arena *arena, xmlDoc *doc)
{
	struct name_list names = {0};
	xmlNode *root = xmlDocGetRootElement(doc);
	for (xmlNode *node = root; node; node = node_next(root, node))
		collect_id(arena, &names, node);
	for (xmlNode *node = root; node; node = node_next(root, node)) {
		const char *href = node_attribute(node, "href");
		bool inside = *href == '#' && name_list_has(&names, href + 1);
		if (!inside && !format_is_link(href))
			node_drop_attribute(node, "href");
	}
}
