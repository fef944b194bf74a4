/* Checks a template before anything is bound, so that an error in an unused branch is found too. */
#ifndef HEADROOM_REPORT_RENDER_TEMPLATE_CHECK_H
#define HEADROOM_REPORT_RENDER_TEMPLATE_CHECK_H

#include <libxml/tree.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/render/template.h"

/* Parses and checks tags, attributes, every expression and the files named. NULL on error. Free
 * with xmlFreeDoc. */
xmlDoc *template_parse(struct arena *arena,
		const struct template_set *set,
		const struct template_file *file,
		struct error *err);

#endif
