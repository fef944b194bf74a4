/* Counting the TCP sockets of a network namespace again and again while something runs, and telling
 * the command's from those of others. */
#ifndef HEADROOM_PROBES_WATCH_SOCKET_WATCH_H
#define HEADROOM_PROBES_WATCH_SOCKET_WATCH_H

#include "model/watch/observation.h"
#include "probes/host/sockets/tally.h"
#include "probes/watch/family.h"
#include "probes/watch/sampler_options.h"

struct socket_watch;

/* Of the network namespace that is the caller's now. family: the command's processes; NULL: all
 * sockets count as its own. The arena, the options and the family must outlive it. */
struct socket_watch *socket_watch_open(struct arena *arena,
		const struct sampler_options *options,
		struct family *family);
void socket_watch_close(struct socket_watch *watch);

/* What is there now was there before the command. */
void socket_watch_start(struct socket_watch *watch);

/* Counts; false: it did not, because it cannot, or, unless `all`, because the last count was dear.
 */
bool socket_watch_count(struct socket_watch *watch, bool all);
/* The last count. */
void socket_watch_put(struct socket_watch *watch, struct observation *sample);

size_t socket_watch_seen(const struct socket_watch *watch,
		const struct seen_destination **ret_seen);
/* NULL: there is no count. */
const struct socket_tally *socket_watch_tally(const struct socket_watch *watch);

#endif
