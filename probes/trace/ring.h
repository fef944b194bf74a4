/* The ring buffer that the kernel shares with a reader of perf events. */
#ifndef HEADROOM_PROBES_TRACE_RING_H
#define HEADROOM_PROBES_TRACE_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring {
	void *map; /* NULL: none */
	size_t page, bytes;
};

/* bytes: of data, a power of two of pages. false: see errno. */
bool ring_open(struct ring *ring, int event, size_t bytes);
void ring_close(struct ring *ring);

/* Hands out each whole record that is there now, and gives its room back. The bytes are valid
 * during the call only. */
void ring_read(struct ring *ring,
		void (*each)(void *context, const unsigned char *bytes, size_t size),
		void *context);

#endif
