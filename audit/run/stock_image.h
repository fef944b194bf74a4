/* Stock images of rules/images: the settings of a machine that nobody has changed yet. Dated facts
 * with sources; nothing of this machine is read. */
#ifndef HEADROOM_AUDIT_RUN_STOCK_IMAGE_H
#define HEADROOM_AUDIT_RUN_STOCK_IMAGE_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "base/os/json.h"
#include "model/fact.h"
#include "model/result.h"
#include "probes/host/info.h"

/* The file that has the image, and the image in it. To be closed with json_close. NULL: unknown. */
struct json *stock_image_find(struct arena *arena,
		const char *name,
		const cJSON **ret_image,
		struct error *err);

/* The names of all, NULL-terminated, in the arena. NULL: what is built in cannot be read. */
const char *const *stock_image_names(struct arena *arena, struct error *err);

/* The facts of a new machine with this image. "ubuntu-24.04" is the server image here, not the
 * runner of that name. --set is not yet in them. */
bool stock_image_facts(const struct run *run,
		struct facts *facts,
		struct host_info *ret_info,
		struct error *err);

/* What the image is called, and how its facts are known, for people; NULL: no image was named. */
const char *stock_image_about(const struct run *run);

/* Chooses what size judges if no option names it: a new machine. Leaves `image` NULL for this host:
 * with "--image here", or if the options ask for something that only this host can tell. */
void stock_image_choose(struct options *options);

/* What they are, and what is not known of such a machine. */
struct finding stock_image_finding(const struct run *run);

#endif
