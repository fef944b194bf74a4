/* Queries and small changes to the nodes of a page. */
#ifndef HEADROOM_REPORT_RENDER_NODE_H
#define HEADROOM_REPORT_RENDER_NODE_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

/* Returns true if the node is an element with that name; false for NULL. */
bool node_is(const xmlNode *node, const char *tag);
/* Returns the next element below `top` in document order, or NULL. */
xmlNode *node_next(const xmlNode *top, xmlNode *node);

/* Returns the value of an attribute, "" if there is none. Valid as long as the document is
 * unchanged. */
const char *node_attribute(const xmlNode *node, const char *name);
/* Returns true if `name` is one of the words of the class attribute. */
bool node_has_class(const xmlNode *node, const char *name);
void node_drop_attribute(xmlNode *node, const char *name);

/* Removes the node from its document and frees it. */
void node_drop(xmlNode *node);
void node_drop_children(xmlNode *node);
/* Replaces all children by one text node. */
void node_set_content(xmlNode *node, const char *bytes, size_t length);

/* Returns the drawing of an element bound to a chart or an image, or NULL. */
const struct canvas *node_canvas(const xmlNode *node);
/* Returns true if data-only excludes this element from the output ("html" or "pdf"). */
bool node_is_left_out(const xmlNode *node, const char *output);

#endif
