/* Which published port of a container engine the conntrack calibrator connects to. */
#ifndef HEADROOM_AUDIT_CALIBRATE_PUBLISHED_PORT_H
#define HEADROOM_AUDIT_CALIBRATE_PUBLISHED_PORT_H

#include "base/arena.h"
#include "base/error.h"
#include "model/fact.h"

/* Is it "auto", PORT, ADDR:PORT or [ADDR]:PORT? Else an error for the user. */
bool published_port_is_target(const char *text, struct error *err);
/* ADDR:PORT; NULL with *ret_why where there is none. `text` as above, or NULL: not asked for. */
const char *published_port_target(struct arena *arena,
		const char *text,
		const struct facts *facts,
		const char **ret_why);

#endif
