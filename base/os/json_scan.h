/* The grammar of JSON (RFC 8259), checked strictly because the bytes are untrusted, and the
 * position of each value. Builds no tree. */
#ifndef HEADROOM_BASE_OS_JSON_SCAN_H
#define HEADROOM_BASE_OS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/os/json_literal.h"

/* Where a value begins: the byte offset of the value and of its member's name (outside of objects
 * both are equal), and the line, from 1. */
struct json_position {
	uint32_t value_at, name_at, line;
};

enum {
	JSON_DEPTH_MAX = 64
};

/* A scan in progress. Set the cursor's `bytes` and `length`; everything else starts as 0. */
struct json_scan {
	struct json_cursor cursor;
	uint32_t line; /* how many lines ended before the cursor */
	unsigned depth;
	/* One position per value, in the order in which the values begin. The caller frees them, also
	 * after an error. */
	struct json_position *positions;
	size_t count, capacity;
};

/* Scans the whole text, which must be one JSON document. On failure returns false, with the problem
 * and its place in the cursor. */
bool json_scan_document(struct json_scan *scan);

#endif
