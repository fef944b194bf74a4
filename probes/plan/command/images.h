/* What is known of container images: the program that one starts by itself, and where. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_IMAGES_H
#define HEADROOM_PROBES_PLAN_COMMAND_IMAGES_H

#include "probes/plan/plan.h"

/* The program of an image's entry point, registry and tag aside, or NULL. *ret_by_name: that is
 * concluded from its name alone ("ghcr.io/acme/wrk"), or from the end of its name ("my-wrk") if
 * `first_word`, what stands behind the image, may be an argument of it; NULL: nothing does. */
const char *image_program(const struct plan_context *context,
		const char *image,
		const char *first_word,
		bool *ret_by_name);
/* The directory in which it starts; NULL: not known. */
const char *image_directory(const char *image);

#endif
