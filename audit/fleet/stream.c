/* Puts lines together until the braces are balanced. Whether a document is any good is not known
 * here. */
#include "audit/fleet/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/fleet/prefix.h"
#include "base/memory.h"
#include "base/os/json.h"

enum {
	OPEN_MAX = 1024,                    /* hosts whose documents are not complete */
	OPEN_BYTES_MAX = 512 * 1024 * 1024, /* of all of them */
	STRAYS_SHOWN = 3,
	WHERE_MAX = 400
};

/* A document that began, and is not complete. */
struct open_document {
	char *prefix;
	size_t prefix_length;
	char *name; /* NULL: the lines have none */
	struct text bytes;
	size_t first_line;
	size_t depth;
	bool in_string, escaped;
};

struct stream stream_of(const struct fleet_source *source, const struct item_sink *sink)
{
	return (struct stream){.source = source, .sink = sink};
}

static const char *stream_where(const struct stream *stream, size_t line, char out[WHERE_MAX])
{
	(void)snprintf(out, WHERE_MAX, "%.300s:%zu", stream->source->shown, line);
	return out;
}

static void stream_problem(const struct stream *stream, size_t line, const char *why, bool ends)
{
	char where[WHERE_MAX];
	stream->sink->problem(stream->sink->context, stream_where(stream, line, where), why, ends);
}

struct stream_part {
	enum item_kind kind;
	size_t line;
	const char *name, *bytes;
	size_t length;
};

static void stream_give(const struct stream *stream, const struct stream_part *part)
{
	char where[WHERE_MAX];
	const struct fleet_item item = {
			.kind = part->kind,
			.source = stream->source,
			.where = stream_where(stream, part->line, where),
			.name = part->name,
			.bytes = part->bytes,
			.length = part->length,
	};
	stream->sink->item(stream->sink->context, &item);
}

/* --- open documents --- */

static struct open_document *stream_find_open(struct stream *stream, const struct prefixed *line)
{
	for (size_t i = stream->open_count; i > 0; i--) {
		struct open_document *open = &stream->open[i - 1];
		if (open->prefix_length == line->prefix_length &&
				memcmp(open->prefix, line->prefix, line->prefix_length) == 0)
			return open;
	}
	return NULL;
}

static char *stream_copy(const char *bytes, size_t length)
{
	char *copy = memory_get(length + 1);
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

static struct open_document *add_open(struct stream *stream, const struct prefixed *line)
{
	if (stream->open_count == stream->open_capacity) {
		stream->open_capacity = stream->open_capacity * 2 + 4;
		stream->open = memory_resize(stream->open, stream->open_capacity * sizeof *stream->open);
	}
	struct open_document *open = &stream->open[stream->open_count++];
	*open = (struct open_document){
			.prefix = stream_copy(line->prefix, line->prefix_length),
			.prefix_length = line->prefix_length,
			.first_line = stream->line_number,
	};
	if (line->name_length > 0)
		open->name = stream_copy(line->name, line->name_length);
	return open;
}

static void close_open(struct stream *stream, struct open_document *open)
{
	stream->open_bytes -= open->bytes.length;
	free(open->prefix);
	free(open->name);
	text_release(&open->bytes);
	*open = stream->open[--stream->open_count];
}

static void cut_off(struct stream *stream, struct open_document *open, const char *why)
{
	const struct stream_part part = {
			.kind = ITEM_BROKEN,
			.line = open->first_line,
			.name = open->name,
			.bytes = why,
			.length = strlen(why),
	};
	stream_problem(stream, open->first_line, why, true);
	if (open->name)
		stream_give(stream, &part);
	close_open(stream, open);
}

/* --- lines --- */

/* How many of the bytes belong to the document: all of them, or those up to its last brace. */
static size_t scan(struct open_document *open, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char byte = bytes[i];
		if (open->escaped)
			open->escaped = false;
		else if (open->in_string && byte == '\\')
			open->escaped = true;
		else if (byte == '"')
			open->in_string = !open->in_string;
		else if (open->in_string)
			continue;
		else if (byte == '{' || byte == '[')
			open->depth++;
		else if ((byte == '}' || byte == ']') && --open->depth == 0)
			return i + 1;
	}
	return length;
}

static bool stream_is_blank(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!strchr(" \t\r", bytes[i]) || bytes[i] == '\0')
			return false;
	return true;
}

static void give_whole(struct stream *stream, struct open_document *open)
{
	const struct stream_part part = {
			.kind = ITEM_DOCUMENT,
			.line = open->first_line,
			.name = open->name,
			.bytes = text_string(&open->bytes),
			.length = open->bytes.length,
	};
	stream_give(stream, &part);
	close_open(stream, open);
}

static bool stream_has_room(struct stream *stream, struct open_document *open, size_t more)
{
	const char *why = NULL;
	if (open->bytes.length + more > JSON_BYTES_MAX)
		why = "this document is larger than 64 MiB";
	else if (stream->open_bytes + more > OPEN_BYTES_MAX || stream->open_count > OPEN_MAX)
		why = "too many documents are open at once: have each host print its own on one line";
	if (!why)
		return true;
	cut_off(stream, open, why);
	return false;
}

/* Returns how many bytes of the line are left behind the end of the document. */
static size_t stream_append(struct stream *stream,
		struct open_document *open,
		const struct prefixed *line)
{
	size_t used = scan(open, line->rest, line->rest_length);
	if (!stream_has_room(stream, open, used + 1))
		return 0;
	text_add_bytes(&open->bytes, line->rest, used);
	text_add_bytes(&open->bytes, "\n", 1);
	stream->open_bytes += used + 1;
	if (open->depth == 0)
		give_whole(stream, open);
	else if (open->in_string)
		cut_off(stream, open, "this document is cut off in the middle of a line");
	return line->rest_length - used;
}

/* Most streams have a document on each line, and most lines need no scan. */
static bool is_whole_line(const struct prefixed *line)
{
	static const char start[] = "{\"";
	if (line->rest_length < sizeof start || memcmp(line->rest, start, sizeof start - 1) != 0)
		return false;
	return line->rest[line->rest_length - 1] == '}';
}

static void give_line(struct stream *stream, const struct prefixed *line, enum item_kind kind)
{
	char *name = NULL;
	char *bytes = stream_copy(line->rest, line->rest_length);
	if (line->name_length > 0)
		name = stream_copy(line->name, line->name_length);
	const struct stream_part part = {
			.kind = kind,
			.line = stream->line_number,
			.name = name,
			.bytes = bytes,
			.length = line->rest_length,
	};
	stream_give(stream, &part);
	free(bytes);
	free(name);
}

static void stray_line(struct stream *stream, const struct prefixed *line)
{
	if (line->name_length > 0)
		give_line(stream, line, ITEM_LINE);
	else if (stream->strays++ < STRAYS_SHOWN)
		stream_problem(stream, stream->line_number, "this line is not a document", false);
}

static size_t begin_document(struct stream *stream, const struct prefixed *line)
{
	if (!is_whole_line(line))
		return stream_append(stream, add_open(stream, line), line);
	give_line(stream, line, ITEM_DOCUMENT);
	return 0;
}

/* A brace in the first column begins a document: what is inside one is indented. Returns how much
 * of the line is left. */
static size_t stream_take(struct stream *stream, const struct prefixed *line)
{
	struct open_document *open = stream_find_open(stream, line);
	bool begins = line->rest_length > 0 && line->rest[0] == '{';
	if (open && begins) {
		cut_off(stream, open, "this document is cut off: another one begins before it ends");
		open = NULL;
	}
	if (open)
		return stream_append(stream, open, line);
	if (begins)
		return begin_document(stream, line);
	if (!stream_is_blank(line->rest, line->rest_length))
		stray_line(stream, line);
	return 0;
}

/* Several documents may stand on one line. */
static void stream_take_line(struct stream *stream, struct prefixed line)
{
	while (line.rest_length > 0) {
		size_t left = stream_take(stream, &line);
		line.rest += line.rest_length - left;
		line.rest_length = left;
		if (stream_is_blank(line.rest, line.rest_length))
			return;
	}
}

static void stream_end_line(struct stream *stream)
{
	size_t length = stream->line.length;
	stream->line_number++;
	if (stream->too_long) {
		stream_problem(stream, stream->line_number, "this line is longer than 64 MiB", true);
		stream->too_long = false;
		length = 0;
	}
	if (length > 0 && stream->line.data[length - 1] == '\r')
		length--;
	if (length > 0)
		stream_take_line(stream, prefix_split(stream->line.data, length));
	text_clear(&stream->line);
}

static void stream_add_part(struct stream *stream, const char *bytes, size_t length)
{
	if (!stream->too_long && stream->line.length + length > JSON_BYTES_MAX) {
		stream->too_long = true;
		text_release(&stream->line);
	}
	if (!stream->too_long)
		text_add_bytes(&stream->line, bytes, length);
}

void stream_add(struct stream *stream, const char *bytes, size_t length)
{
	while (length > 0 && !sink_is_stopped(stream->sink)) {
		const char *newline = memchr(bytes, '\n', length);
		size_t part = length;
		if (newline)
			part = (size_t)(newline - bytes);
		stream_add_part(stream, bytes, part);
		if (!newline)
			return;
		stream_end_line(stream);
		bytes += part + 1;
		length -= part + 1;
	}
}

static void say_strays(const struct stream *stream)
{
	char why[WHERE_MAX];
	if (stream->strays <= STRAYS_SHOWN)
		return;
	(void)snprintf(why,
			sizeof why,
			"%zu more lines are not documents",
			stream->strays - STRAYS_SHOWN);
	stream->sink->problem(stream->sink->context, stream->source->shown, why, false);
}

void stream_end(struct stream *stream)
{
	if (stream->line.length > 0 || stream->too_long)
		stream_end_line(stream);
	while (stream->open_count > 0 && sink_is_stopped(stream->sink))
		close_open(stream, &stream->open[0]);
	while (stream->open_count > 0)
		cut_off(stream, &stream->open[0], "the stream ends before this document does");
	say_strays(stream);
	free(stream->open);
	stream->open = NULL;
	text_release(&stream->line);
}
