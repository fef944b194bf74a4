/* Binds a template (an XHTML page with data-* attributes) to an audit document.
 *
 *   data-text="pattern"        the element's content         data-attr-NAME="pattern"  an
 * attribute; dropped if empty data-each="list"           once for each element         data-max="N"
 * at most N of them (200), and data-if="condition"        else the element is dropped one line with
 * the rest's number data-chart="name"          a drawing                     data-only="html|pdf"
 * for one of the outputs data-json=""               the document, in a script     data-csp="" the
 * policy, in a meta element
 *
 *   data-rest="words"      beside data-max: what follows the number of those left out
 *   data-optional=""       the element is left out if the file it names is not there
 *
 * <link rel="stylesheet" href="NAME"/>, <script src="NAME"> and <img src="NAME.png" alt="…"/> are
 * replaced by the files' contents. */
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
