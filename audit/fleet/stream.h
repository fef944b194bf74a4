/* Finds documents in a stream of lines. A document may be one line or several, as headroom prints
 * it. Those of several hosts may be interleaved if each line says which host it is from. */
#ifndef HEADROOM_AUDIT_FLEET_STREAM_H
#define HEADROOM_AUDIT_FLEET_STREAM_H

#include "audit/fleet/item.h"
#include "base/text.h"

struct open_document;

struct stream {
	const struct fleet_source *source;
	const struct item_sink *sink;
	struct text line;   /* received, without a newline so far */
	bool too_long;      /* the rest of this line is ignored */
	size_t line_number; /* of the last complete line */
	size_t strays;      /* lines outside of documents and without a host */
	struct open_document *open;
	size_t open_count, open_capacity, open_bytes;
};

struct stream stream_of(const struct fleet_source *source, const struct item_sink *sink);
void stream_add(struct stream *stream, const char *bytes, size_t length);
/* Ends the stream: an unfinished document counts as cut off. Releases everything. */
void stream_end(struct stream *stream);

#endif
