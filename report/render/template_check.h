/* Checks a template before anything is bound, so that errors in unused branches are found too. */
#ifndef HEADROOM_REPORT_RENDER_TEMPLATE_CHECK_H
#define HEADROOM_REPORT_RENDER_TEMPLATE_CHECK_H

#include <libxml/tree.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/render/template.h"

/* Parses the page and checks tags, attributes, every expression and the files that it names.
 * Returns NULL with err. Free with xmlFreeDoc. */
xmlDoc *template_parse(struct arena *arena,
		const struct template_set *set,
		const struct template_file *file,
		struct error *err);

#endif
