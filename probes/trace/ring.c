#include "probes/trace/ring.h"

#include <linux/perf_event.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probes/trace/record.h"

bool ring_open(struct ring *ring, int event, size_t bytes)
{
	ring->page = (size_t)sysconf(_SC_PAGESIZE);
	ring->bytes = bytes;
	size_t all = ring->page + bytes;
	const int access = PROT_READ | PROT_WRITE;
	void *map = mmap(NULL, all, access, MAP_SHARED, event, 0);
	if (map == MAP_FAILED)
		return false;
	ring->map = map;
	return true;
}

void ring_close(struct ring *ring)
{
	if (ring->map)
		(void)munmap(ring->map, ring->page + ring->bytes);
	ring->map = NULL;
}

/* A record may go on at the start of the buffer. */
static void copy_out(const struct ring *ring, uint64_t at, unsigned char *out, size_t size)
{
	const unsigned char *data = ring->map;
	data += ring->page;
	uint64_t mask = ring->bytes - 1;
	size_t start = (size_t)(at & mask);
	size_t first = ring->bytes - start;
	if (first > size)
		first = size;
	memcpy(out, data + start, first);
	memcpy(out + first, data, size - first);
}

void ring_read(struct ring *ring,
		void (*each)(void *context, const unsigned char *bytes, size_t size),
		void *context)
{
	struct perf_event_mmap_page *shared = ring->map;
	struct perf_event_header header;
	unsigned char bytes[RECORD_BYTES_MAX];
	uint64_t head = __atomic_load_n(&shared->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = shared->data_tail;
	while (head - tail >= sizeof header) {
		copy_out(ring, tail, (unsigned char *)&header, sizeof header);
		if (header.size < sizeof header || header.size > head - tail)
			break; /* cannot be: the rest is dropped */
		if (header.size <= sizeof bytes) {
			copy_out(ring, tail, bytes, header.size);
			each(context, bytes, header.size);
		}
		tail += header.size;
	}
	__atomic_store_n(&shared->data_tail, head, __ATOMIC_RELEASE);
}
