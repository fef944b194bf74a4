/* Inside the binding: checking the template, including its files, tidying the result. */
#ifndef HEADROOM_REPORT_RENDER_TEMPLATE_H
#define HEADROOM_REPORT_RENDER_TEMPLATE_H

#include "base/text.h"
#include "report/render/bind.h"

enum {
	EACH_MAX = 200
};

/* Parses and checks tags, attributes, every expression and the files named. NULL on error. Free
 * with xmlFreeDoc. */
xmlDoc *template_parse(struct arena *arena,
		const struct template_set *set,
		const struct template_file *file,
		struct error *err);
const char *template_shown(const struct template_file *file); /* its name in errors */

/* The file that a link, script or img names; "" if none. */
const char *asset_name(const xmlNode *node);
/* Is it there, and fit to become a part of the page? */
bool asset_check(const struct template_set *set, const xmlNode *node, struct error *err);
/* Puts the file's content into the element; before a style sheet the theme, unless NULL. False: an
 * optional file that is not there. */
bool asset_include(struct arena *arena,
		const struct template_set *set,
		const struct theme *theme,
		xmlNode *node);
void asset_set_content(xmlNode *node, const char *bytes, size_t length);
void asset_drop_attribute(xmlNode *node, const char *name);
void asset_base64(const char *bytes, size_t count, struct text *out);

/* The document in a script element: no <, > and & in it; long parts left out. */
void template_add_json(const cJSON *root, xmlNode *node);
/* The policy with the hashes of the style sheets and scripts of the page. */
void template_add_policy(xmlDoc *doc, xmlNode *meta);

/* Removes second ids and links to ids that are not there or to addresses that are not harmless. */
void template_tidy_links(struct arena *arena, xmlDoc *doc);

/* The next element in document order below `top`, or NULL. */
xmlNode *template_next(const xmlNode *top, xmlNode *node);
bool template_is(const xmlNode *node, const char *tag);

#endif
