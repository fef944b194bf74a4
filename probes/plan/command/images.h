/* Known container images: which program each starts, and in which directory. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_IMAGES_H
#define HEADROOM_PROBES_PLAN_COMMAND_IMAGES_H

#include "probes/plan/plan.h"

/* Returns the program of an image's entry point, without registry and tag, or NULL. *ret_by_name is
 * true if only the image's name suggests it: the whole name ("ghcr.io/acme/wrk") or, if
 * `first_word` may be the program's argument, the end of the name ("my-wrk"). `first_word` is the
 * word after the image, or NULL. */
const char *image_program(const struct plan_context *context,
		const char *image,
		const char *first_word,
		bool *ret_by_name);
/* Returns the directory in which the image starts, or NULL if it is not known. */
const char *image_directory(const char *image);

#endif
