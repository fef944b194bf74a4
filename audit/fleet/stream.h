/* Documents out of a stream of lines: one on each line, or each over several lines as headroom
 * prints them, those of several hosts mixed as long as each line says which host it is from. */
#ifndef HEADROOM_AUDIT_FLEET_STREAM_H
#define HEADROOM_AUDIT_FLEET_STREAM_H

#include "audit/fleet/item.h"
#include "base/text.h"

struct open_document;

struct stream {
	const struct fleet_source *source;
	const struct item_sink *sink;
	struct text line;   /* what came and has no newline yet */
	bool too_long;      /* the rest of this line is passed over */
	size_t line_number; /* of the last whole line */
	size_t strays;      /* lines that are in no document and from no host */
	struct open_document *open;
	size_t open_count, open_capacity, open_bytes;
};

struct stream stream_of(const struct fleet_source *source, const struct item_sink *sink);
void stream_add(struct stream *stream, const char *bytes, size_t length);
/* The stream has ended: what is open is cut off. Releases everything. */
void stream_end(struct stream *stream);

#endif
