/* What is known of container images: the program that one starts by itself, and where. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_IMAGES_H
#define HEADROOM_PROBES_PLAN_COMMAND_IMAGES_H

#include "probes/plan/plan.h"

/* The program of an image's entry point, without registry and tag, or NULL. *ret_by_name: it was
 * concluded only from the image's name ("ghcr.io/acme/wrk"), or from the end of its name ("my-wrk")
 * if `first_word`, the word after the image, may be an argument of it. `first_word` is NULL if no
 * word follows. */
const char *image_program(const struct plan_context *context,
		const char *image,
		const char *first_word,
		bool *ret_by_name);
/* The directory in which it starts; NULL: not known. */
const char *image_directory(const char *image);

#endif
