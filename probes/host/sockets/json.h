/* The tally as sockets.json, which a snapshot keeps instead of the sockets. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_JSON_H
#define HEADROOM_PROBES_HOST_SOCKETS_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "probes/host/sockets/tally.h"

/* Returns the tree; free it with cJSON_Delete. */
cJSON *sockets_to_json(struct arena *arena, const struct socket_tally *tally);
/* Returns false with err, which says where, if the text is malformed. */
bool sockets_from_json(struct arena *arena,
		const char *bytes,
		size_t length,
		struct socket_tally *tally,
		struct error *err);

#endif
