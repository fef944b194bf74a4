/* Finds the fields of an event by its "format" file in tracefs. Pure. */
#ifndef HEADROOM_PROBES_TRACE_LAYOUT_H
#define HEADROOM_PROBES_TRACE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field_place {
	unsigned offset, size; /* bytes from the start of the event's data; size 0: no such field */
};

/* Finds a field by its name in lines "field:TYPE NAME;    offset:N;       size:N; signed:N;".
 * Returns false if there is none or its place is impossible (beyond 1 KiB). */
bool layout_field(const char *format, const char *name, struct field_place *ret_place);

/* Returns the unsigned number there, in this machine's byte order, or 0 if the data is too short or
 * no number has this size. */
uint64_t layout_number(const unsigned char *data, size_t size, struct field_place place);
/* The same for a signed number. */
int64_t layout_signed(const unsigned char *data, size_t size, struct field_place place);

#endif
