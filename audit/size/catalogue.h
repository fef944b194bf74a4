/* A catalogue of VM types, `headroom.catalogue/1`: the built-in one, which has sizes only, or the
 * user's file with prices. */
#ifndef HEADROOM_AUDIT_SIZE_CATALOGUE_H
#define HEADROOM_AUDIT_SIZE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum {
	CATALOGUE_TYPES_MAX = 2000,
	CATALOGUE_SOURCES_MAX = 200
};

/* Where sizes come from. */
struct catalogue_source {
	const char *id, *title, *url, *read; /* read: the day of reading; each may be NULL */
};

struct machine_type {
	const char *provider, *name;
	const struct catalogue_source *source; /* NULL: not given */
	bool by_ratio;    /* computed by the ratio of its family; no source has it */
	const char *arch; /* "arm64"; NULL: x86-64, or not given */
	double vcpus, memory_bytes;
	double price_per_hour; /* NAN: not given */
};

struct catalogue {
	const char *name, *dated, *currency; /* currency may be NULL */
	struct catalogue_source *sources;
	size_t source_count;
	struct machine_type *types; /* by provider, then by price, vCPUs and memory, smallest first */
	size_t count;
	bool priced; /* every type has a price */
};

/* Reads a catalogue; path NULL: the built-in one. false with err, which names file, line and
 * column. */
bool catalogue_read(struct arena *arena,
		const char *path,
		struct catalogue *ret_catalogue,
		struct error *err);
/* Keeps only the types of one provider. false with err. */
bool catalogue_keep(struct arena *arena,
		struct catalogue *catalogue,
		const char *provider,
		struct error *err);

#endif
