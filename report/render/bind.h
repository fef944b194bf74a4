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
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/chart/theme.h"

struct template_file {
	const char *name; /* "report.html" */
	const char *bytes;
	size_t size;
	const char *shown;    /* the name in errors: with the user's directory */
	const char *built_in; /* of a file that the user replaced: what it was */
};

struct template_set {
	const struct template_file *files;
	size_t count;
};

/* Checks a template and the files it names, without a document. */
bool bind_check(struct arena *arena, const struct template_set *set, struct error *err);

const struct template_file *template_find(const struct template_set *set, const char *name);

/* Checks the whole template, then binds it. NULL on error: "report.html:12: …". The drawings of
 * charts hang at node->_private (struct canvas) and live in the arena. Free with xmlFreeDoc. */
xmlDoc *bind_template(struct arena *arena,
		const struct template_set *set,
		const struct theme *theme,
		const cJSON *root,
		struct error *err);

/* The drawing of a bound element, or NULL. */
const struct canvas *bind_canvas(const xmlNode *node);
/* An attribute's value, "" if there is none. Valid as long as the document is unchanged. */
const char *bind_attribute(const xmlNode *node, const char *name);
/* Is this element left out of this output ("html" or "pdf")? */
bool bind_is_left_out(const xmlNode *node, const char *output);

#endif
