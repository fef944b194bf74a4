/* Binds a template (an XHTML page with data-* attributes) to an audit document.
 *
 *   data-text="pattern"       sets the element's content
 *   data-attr-NAME="pattern"  sets an attribute, or drops it if the text is empty
 *   data-each="list"          repeats the element for each item of the list
 *   data-max="N"              shows at most N items (200), then a line with the number of others
 *   data-rest="words"         with data-max: the words after that number
 *   data-if="condition"       drops the element unless the condition is true
 *   data-chart="name"         inserts a drawing
 *   data-only="html|pdf"      keeps the element in one of the outputs only
 *   data-json=""              inserts the document, in a script element
 *   data-csp=""               inserts the policy, in a meta element
 *   data-optional=""          drops the element if the file it names does not exist
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

/* Checks a template and the files it names, without a document. false with err. */
bool bind_check(struct arena *arena, const struct template_set *set, struct error *err);

/* Checks the whole template, then binds it. Returns NULL with err: "report.html:12: …". The
 * drawings of charts are at node->_private (struct canvas) and live in the arena. Free with
 * xmlFreeDoc. */
xmlDoc *bind_template(struct arena *arena,
		const struct template_set *set,
		const struct theme *theme,
		const cJSON *root,
		struct error *err);

#endif
