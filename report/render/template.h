/* Inside the binding: checking the template, including its files, tidying the result. */
#ifndef HEADROOM_REPORT_RENDER_TEMPLATE_H
#define HEADROOM_REPORT_RENDER_TEMPLATE_H

#include "report/render/bind.h"

enum { EACH_MAX = 200 };

/* Parses and checks tags, attributes and every expression. NULL on error. Free with xmlFreeDoc. */
xmlDoc *template_parse(struct arena *arena, const struct template_file *file, struct error *err);

/* The content of <style> and <script>: the named file, and for the style sheet the theme before it. */
bool template_include(const struct template_set *set, const struct theme *theme, xmlNode *node, struct error *err);
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
