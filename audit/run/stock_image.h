/* Stock images of rules/images: the settings of a new machine that nobody has changed. Dated facts
 * with sources; nothing of this machine is read. */
#ifndef HEADROOM_AUDIT_RUN_STOCK_IMAGE_H
#define HEADROOM_AUDIT_RUN_STOCK_IMAGE_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "base/os/json.h"
#include "model/fact.h"
#include "model/result.h"
#include "probes/host/info.h"

/* Returns the file that contains the image, to be closed with json_close, and the image in it. NULL
 * with err if the name is unknown. */
struct json *stock_image_find(struct arena *arena,
		const char *name,
		const cJSON **ret_image,
		struct error *err);

/* Returns all names, NULL-terminated, in the arena. NULL with err if a built-in file cannot be
 * read. */
const char *const *stock_image_names(struct arena *arena, struct error *err);

/* Gives the facts of a new machine with this image, without --set. "ubuntu-24.04" is the server
 * image here, not the runner of that name. false with err. */
bool stock_image_facts(const struct run *run,
		struct facts *facts,
		struct host_info *ret_info,
		struct error *err);

/* Returns the name of the image and how its facts are known, for people; NULL: no image was
 * named. */
const char *stock_image_about(const struct run *run);

/* Chooses the image that size judges if no option names one: a new machine. Leaves `image` NULL
 * (this host) with "--image here", or if the options ask for something that only this host can
 * tell. */
void stock_image_choose(struct options *options);

/* Returns a finding that says what the facts are, and what is not known about such a machine. */
struct finding stock_image_finding(const struct run *run);

#endif
