/* Counts the TCP sockets of a network namespace repeatedly while something runs, and separates the
 * command's from those of others. */
#ifndef HEADROOM_PROBES_WATCH_SOCKET_WATCH_H
#define HEADROOM_PROBES_WATCH_SOCKET_WATCH_H

#include "model/watch/observation.h"
#include "probes/host/sockets/tally.h"
#include "probes/watch/family.h"
#include "probes/watch/sampler_options.h"

struct socket_watch;

/* Watches the caller's current network namespace. family: the command's processes; NULL: all
 * sockets count as the command's. The arena, the options and the family must outlive the watch. */
struct socket_watch *socket_watch_open(struct arena *arena,
		const struct sampler_options *options,
		struct family *family);
void socket_watch_close(struct socket_watch *watch);

/* Records the sockets that exist before the command. */
void socket_watch_start(struct socket_watch *watch);

/* Counts the sockets. Returns false if it did not, because that is impossible or (unless `all`)
 * because the last count was expensive. */
bool socket_watch_count(struct socket_watch *watch, bool all);
/* Copies the last count into the sample. */
void socket_watch_put(struct socket_watch *watch, struct observation *sample);

size_t socket_watch_seen(const struct socket_watch *watch,
		const struct seen_destination **ret_seen);
/* Returns NULL if there is no count. */
const struct socket_tally *socket_watch_tally(const struct socket_watch *watch);

#endif
