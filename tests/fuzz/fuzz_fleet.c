/* Fuzz target: what engines bring to headroom fleet: streams of documents, prefixes of lines, paths
 * in tar files. Whatever comes, a document is a part of what came, and each line is in one at most.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audit/fleet/prefix.h"
#include "audit/fleet/stream.h"
#include "audit/fleet/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	size_t bytes, items, problems;
};

static void see_item(void *context, const struct fleet_item *item)
{
	struct seen *seen = context;
	if (item->bytes[item->length] != '\0' || !item->where)
		abort();
	if (item->kind == ITEM_DOCUMENT && item->bytes[0] != '{')
		abort();
	if (item->kind == ITEM_DOCUMENT)
		seen->bytes += item->length;
	seen->items++;
}

static void see_problem(void *context, const char *where, const char *why, bool ends)
{
	struct seen *seen = context;
	(void)ends;
	if (!*where || !*why)
		abort();
	seen->problems++;
}

/* In pieces of any size it is the same stream. */
static struct seen read_in_pieces(const char *bytes, size_t size, size_t piece)
{
	struct seen seen = {0};
	const struct fleet_source source = {.shown = "fuzz"};
	const struct item_sink sink = {&seen, see_item, see_problem, NULL};
	struct stream stream = stream_of(&source, &sink);
	for (size_t at = 0; at < size; at += piece)
		stream_add(&stream, bytes + at, size - at < piece ? size - at : piece);
	stream_end(&stream);
	return seen;
}

static void check_path(const char *text)
{
	struct arena *arena = arena_new();
	const char *path = unpack_clean_path(arena, text);
	if (path && (path[0] == '/' || strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0))
		abort();
	if (path && strstr(path, "/../"))
		abort();
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	if (!text)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	const struct seen whole = read_in_pieces(text, size, size + 1);
	const struct seen pieces = read_in_pieces(text, size, 7);
	if (memcmp(&whole, &pieces, sizeof whole) != 0)
		abort();
	/* A newline is added at the end of each line. */
	if (whole.bytes > 2 * size + 2)
		abort();
	const struct prefixed prefix = prefix_split(text, size);
	if (prefix.prefix_length + prefix.rest_length != size)
		abort();
	check_path(text);
	free(text);
	return 0;
}
