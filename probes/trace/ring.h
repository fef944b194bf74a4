/* The ring buffer that the kernel shares with a reader of perf events. */
#ifndef HEADROOM_PROBES_TRACE_RING_H
#define HEADROOM_PROBES_TRACE_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring {
	void *map; /* NULL: not open */
	size_t page, bytes;
};

/* bytes: size of the data, a power of two of pages. Returns false with errno. */
bool ring_open(struct ring *ring, int event, size_t bytes);
void ring_close(struct ring *ring);

/* Passes each complete record to `each` and frees its room. The bytes are valid only during the
 * call. */
void ring_read(struct ring *ring,
		void (*each)(void *context, const unsigned char *bytes, size_t size),
		void *context);

#endif
