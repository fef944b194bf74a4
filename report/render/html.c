/* The HTML writer: polyglot markup. Everything is escaped but the contents of style and script,
 * which hold no <, > and &. */
#include "report/render/html.h"

#include <string.h>

#include "report/chart/svg.h"
#include "report/render/node.h"

static void write_node(const xmlNode *node, const struct theme *theme, bool pre, struct text *out);

static bool is_one_of(const xmlNode *node, const char *words)
{
	const char *name = (const char *)node->name;
	size_t length = strlen(name);
	for (const char *at = words; (at = strstr(at, name)) != NULL; at += length)
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static bool is_void(const xmlNode *node)
{
	return is_one_of(node, "meta link br img hr input");
}

static bool is_raw(const xmlNode *node)
{
	return is_one_of(node, "style script");
}

/* Elements that end a line of the file. */
static bool is_block(const xmlNode *node)
{
	return !is_one_of(node, "span strong em a code time br b td th");
}

static void write_attributes(const xmlNode *node, struct text *out)
{
	for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
		const char *name = (const char *)attribute->name;
		if (strcmp(name, "data-only") == 0)
			continue;
		bool xml = attribute->ns && strcmp((const char *)attribute->ns->prefix, "xml") == 0;
		text_addf(out, " %s%s=\"", xml ? "xml:" : "", name);
		svg_escape(node_attribute(node, name), out);
		text_add(out, "\"");
	}
}

static void write_children(const xmlNode *node,
		const struct theme *theme,
		bool pre,
		struct text *out)
{
	if (is_raw(node)) {
		for (const xmlNode *child = node->children; child; child = child->next)
			text_add(out, child->content ? (const char *)child->content : "");
		return;
	}
	for (const xmlNode *child = node->children; child; child = child->next)
		write_node(child, theme, pre, out);
}

static void write_element(const xmlNode *node,
		const struct theme *theme,
		bool pre,
		struct text *out)
{
	const char *name = (const char *)node->name;
	text_addf(out, "<%s", name);
	if (strcmp(name, "html") == 0)
		text_add(out, " xmlns=\"http://www.w3.org/1999/xhtml\"");
	write_attributes(node, out);
	if (is_void(node)) {
		text_add(out, is_block(node) ? "/>\n" : "/>");
		return;
	}
	text_add(out, ">");
	if (node_canvas(node))
		svg_write(node_canvas(node), theme, out);
	else
		write_children(node, theme, pre || strcmp(name, "pre") == 0, out);
	text_addf(out, "</%s>%s", name, is_block(node) ? "\n" : "");
}

/* Outside pre, runs of white space become one blank; the template's indentation is not repeated. */
static void write_text(const char *content, bool pre, struct text *out)
{
	if (pre) {
		svg_escape(content, out);
		return;
	}
	struct text folded = {0};
	bool blank = out->length > 0 && strchr(" \n", out->data[out->length - 1]);
	for (; *content; content++) {
		bool white = strchr(" \t\n\r", *content) != NULL;
		if (!white || !blank)
			text_add_bytes(&folded, white ? " " : content, 1);
		blank = white;
	}
	svg_escape(text_string(&folded), out);
	text_release(&folded);
}

static void write_node(const xmlNode *node, const struct theme *theme, bool pre, struct text *out)
{
	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
		write_text(node->content ? (const char *)node->content : "", pre, out);
	else if (node->type == XML_ELEMENT_NODE && !node_is_left_out(node, "html"))
		write_element(node, theme, pre, out);
}

void html_write(const xmlDoc *doc, const struct theme *theme, struct text *out)
{
	text_add(out, "<!DOCTYPE html>\n");
	const xmlNode *root = xmlDocGetRootElement(doc);
	if (root)
		write_node(root, theme, false, out);
}
