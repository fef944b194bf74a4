/* Parses the kernel's object caches from the text of /proc/slabinfo (version 2.1, slabinfo(5)).
 * Pure. */
#ifndef HEADROOM_PROBES_STRESS_SLABS_H
#define HEADROOM_PROBES_STRESS_SLABS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	SLABS_MAX = 1024,
	SLAB_NAME = 40
};

struct slab {
	char name[SLAB_NAME];
	double active, object_bytes;
	double room_bytes; /* size of a slab divided by its objects, so including padding */
};

struct slabs {
	size_t count;
	struct slab items[SLABS_MAX];
};

/* `page_bytes`: page size of this machine. Returns false if the text has another form. Lines that
 * are not caches are skipped. */
bool slabs_parse(const char *text, double page_bytes, struct slabs *ret);

/* Returns by how many bytes the caches grew that have at least `least` more active objects in
 * `after` than in `before`, with padding or (`bare`) without. Caches are compared by name but not
 * chosen by it, because the kernel merges caches of similar size. `told`, which may be NULL, is
 * called for each. */
typedef void slab_told(void *context, const char *name, double more, double object_bytes);
double slabs_growth(const struct slabs *before,
		const struct slabs *after,
		double least,
		bool bare,
		slab_told *told,
		void *context);

#endif
