/* Binds a template (an XHTML page with data-* attributes) to an audit document.
 *
 *   data-text="pattern"       the element's content
 *   data-attr-NAME="pattern"  an attribute; dropped if empty
 *   data-each="list"          the element once for each item of the list
 *   data-max="N"              at most N of them (200), then one line with the number of the rest
 *   data-rest="words"         with data-max: what follows that number
 *   data-if="condition"       the element is dropped unless the condition holds
 *   data-chart="name"         a drawing
 *   data-only="html|pdf"      the element is for one of the outputs only
 *   data-json=""              the document, in a script element
 *   data-csp=""               the policy, in a meta element
 *   data-optional=""          the element is dropped if the file it names does not exist
 *
 * <link rel="stylesheet" href="NAME"/>, <script src="NAME"> and <img src="NAME.png" alt="…"/> are
 * replaced by the contents of these files. */
#ifndef HEADROOM_REPORT_RENDER_BIND_H
#define HEADROOM_REPORT_RENDER_BIND_H

#include <cjson/cJSON.h>
#include <libxml/tree.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/chart/theme.h"
#include "report/render/template.h"

/* Checks a template and the files it names, without a document. */
bool bind_check(struct arena *arena, const struct template_set *set, struct error *err);

/* Checks the whole template, then binds it. NULL on error: "report.html:12: …". The drawings of
 * charts hang at node->_private (struct canvas) and live in the arena. Free with xmlFreeDoc. */
xmlDoc *bind_template(struct arena *arena,
		const struct template_set *set,
		const struct theme *theme,
		const cJSON *root,
		struct error *err);

#endif
