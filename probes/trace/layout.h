/* Where the fields of an event are, according to its "format" file in tracefs. Pure. */
#ifndef HEADROOM_PROBES_TRACE_LAYOUT_H
#define HEADROOM_PROBES_TRACE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field_place {
	unsigned offset, size; /* bytes from the start of the event's data; size 0: there is none */
};

/* The field of this name, in the lines "field:TYPE NAME;	offset:N;	size:N;	signed:N;".
 * false: the text has none, or what it says of it cannot be (beyond 1 KiB). */
bool layout_field(const char *format, const char *name, struct field_place *ret_place);

/* The unsigned number there, in the byte order of this machine. 0 if the data is too short or a
 * number cannot have this size. */
uint64_t layout_number(const unsigned char *data, size_t size, struct field_place place);
/* The same of a signed number. */
int64_t layout_signed(const unsigned char *data, size_t size, struct field_place place);

#endif
