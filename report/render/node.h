/* Questions to the nodes of a page, and small changes to them. */
#ifndef HEADROOM_REPORT_RENDER_NODE_H
#define HEADROOM_REPORT_RENDER_NODE_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

/* Is this an element of that name? A NULL node is not. */
bool node_is(const xmlNode *node, const char *tag);
/* The next element in document order below `top`, or NULL. */
xmlNode *node_next(const xmlNode *top, xmlNode *node);

/* An attribute's value, "" if there is none. Valid as long as the document is unchanged. */
const char *node_attribute(const xmlNode *node, const char *name);
/* Is this one of the words of its class attribute? */
bool node_has_class(const xmlNode *node, const char *name);
void node_drop_attribute(xmlNode *node, const char *name);

/* Removes the node from its document and frees it. */
void node_drop(xmlNode *node);
void node_drop_children(xmlNode *node);
/* One text node takes the place of all children. */
void node_set_content(xmlNode *node, const char *bytes, size_t length);

/* The drawing of an element that was bound to a chart or an image, or NULL. */
const struct canvas *node_canvas(const xmlNode *node);
/* Does data-only keep this element out of this output ("html" or "pdf")? */
bool node_is_left_out(const xmlNode *node, const char *output);

#endif
