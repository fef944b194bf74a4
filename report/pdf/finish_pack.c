#include "report/pdf/finish_pack.h"

#include <zlib.h>

#include "base/arena.h"

/* zlib's own types. */
struct packing {
	const Bytef *bytes;
	uLong size;
	Bytef *packed;
	uLongf length;
};

static void packing_open(struct packing *packing, struct arena *arena)
{
	packing->length = compressBound(packing->size);
	packing->packed = arena_alloc(arena, packing->length);
}

static bool packing_run(struct packing *packing, int level)
{
	int result = compress2(packing->packed, &packing->length, packing->bytes, packing->size, level);
	return result == Z_OK;
}

bool finish_pack(struct text *out, const char *bytes, size_t size, enum finish_pack_level level)
{
	struct arena *arena = arena_new();
	struct packing packing = {
			.bytes = (const Bytef *)bytes,
			.size = size,
	};
	packing_open(&packing, arena);
	bool done = packing_run(&packing, (int)level);
	const char *packed = (const char *)packing.packed;
	if (done)
		text_add_bytes(out, packed, packing.length);
	arena_free(arena);
	return done;
}
