/* The kernel's object caches, from the text of /proc/slabinfo (version 2.1, slabinfo(5)). Pure
 * parsing. */
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
	double room_bytes; /* pages of a slab, divided by the objects in it: with padding */
};

struct slabs {
	size_t count;
	struct slab items[SLABS_MAX];
};

/* `page_bytes`: of this machine. false: this is not such a text; lines that are not caches are left
 * out. */
bool slabs_parse(const char *text, double page_bytes, struct slabs *ret);

/* Caches with at least `least` more active objects in `after` than in `before`, by name (the kernel
 * merges caches of like size, so that no name can be relied upon): bytes they grew by, with padding
 * or (`bare`) without. `told`, if not NULL, is called for each. */
typedef void slab_told(void *context, const char *name, double more, double object_bytes);
double slabs_growth(const struct slabs *before,
		const struct slabs *after,
		double least,
		bool bare,
		slab_told *told,
		void *context);

#endif
