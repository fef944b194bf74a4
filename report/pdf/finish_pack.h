/* Compresses streams for a PDF. */
#ifndef HEADROOM_REPORT_PDF_FINISH_PACK_H
#define HEADROOM_REPORT_PDF_FINISH_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum finish_pack_level {
	FINISH_PACK_QUICK = 1,
	FINISH_PACK_SMALL = 6
};

/* Appends the bytes compressed for /FlateDecode. Returns false if zlib fails. */
bool finish_pack(struct text *out, const char *bytes, size_t size, enum finish_pack_level level);

#endif
