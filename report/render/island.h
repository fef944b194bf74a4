/* The data island: the audit document in a script element of the page. */
#ifndef HEADROOM_REPORT_RENDER_ISLAND_H
#define HEADROOM_REPORT_RENDER_ISLAND_H

#include <cjson/cJSON.h>
#include <libxml/tree.h>
#include <stddef.h>

/* Writes the document into the element, without the characters <, > and &. Long parts are left
 * out. */
void island_add(const cJSON *root, xmlNode *node);

/* Returns the bytes that this member takes there; for NULL, those of the whole document. */
size_t island_size(const cJSON *root, const char *name);

#endif
