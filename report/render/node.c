#include "report/render/node.h"

#include <string.h>

bool node_is(const xmlNode *node, const char *tag)
{
	return node && node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, tag) == 0;
}

xmlNode *node_next(const xmlNode *top, xmlNode *node)
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

static const char *value_of(const xmlAttr *attribute)
{
	if (!attribute->children || !attribute->children->content)
		return "";
	return (const char *)attribute->children->content;
}

const char *node_attribute(const xmlNode *node, const char *name)
{
	if (node->type != XML_ELEMENT_NODE)
		return "";
	for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
		if (strcmp((const char *)attribute->name, name) == 0)
			return value_of(attribute);
	return "";
}

bool node_has_class(const xmlNode *node, const char *name)
{
	const char *classes = node_attribute(node, "class");
	size_t length = strlen(name);
	for (const char *at = classes; (at = strstr(at, name)) != NULL; at += length) {
		bool begins = at == classes || at[-1] == ' ';
		bool ends = at[length] == ' ' || at[length] == '\0';
		if (begins && ends)
			return true;
	}
	return false;
}

void node_drop_attribute(xmlNode *node, const char *name)
{
	xmlAttr *attribute = xmlHasProp(node, (const xmlChar *)name);
	if (attribute)
		xmlRemoveProp(attribute);
}

void node_drop(xmlNode *node)
{
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}

void node_drop_children(xmlNode *node)
{
	while (node->children)
		node_drop(node->children);
}

void node_set_content(xmlNode *node, const char *bytes, size_t length)
{
	node_drop_children(node);
	xmlAddChild(node, xmlNewTextLen((const xmlChar *)bytes, (int)length));
}

const struct canvas *node_canvas(const xmlNode *node)
{
	return node->_private;
}

bool node_is_left_out(const xmlNode *node, const char *output)
{
	const char *only = node_attribute(node, "data-only");
	return *only && strcmp(only, output) != 0;
}
