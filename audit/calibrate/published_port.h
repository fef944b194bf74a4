/* Chooses the published port of a container engine that the conntrack calibrator connects to. */
#ifndef HEADROOM_AUDIT_CALIBRATE_PUBLISHED_PORT_H
#define HEADROOM_AUDIT_CALIBRATE_PUBLISHED_PORT_H

#include "base/arena.h"
#include "base/error.h"
#include "model/fact.h"

/* Returns false with a message for the user in err unless the text is "auto", PORT, ADDR:PORT or
 * [ADDR]:PORT. */
bool published_port_is_target(const char *text, struct error *err);
/* Returns ADDR:PORT in the arena, or NULL if there is no such port; *ret_why then says why. `text`
 * is as above, or NULL if the user did not ask for it. */
const char *published_port_target(struct arena *arena,
		const char *text,
		const struct facts *facts,
		const char **ret_why);

#endif
