/* A set of TCP or UDP ports, with one bit for each. */
#ifndef HEADROOM_BASE_PORTSET_H
#define HEADROOM_BASE_PORTSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct portset {
	uint64_t bits[1024];
};

void portset_add(struct portset *set, unsigned first, unsigned last); /* both included; ≤ 65535 */
bool portset_has(const struct portset *set, unsigned port);
unsigned portset_count(const struct portset *set, unsigned first, unsigned last);
void portset_union(struct portset *set, const struct portset *other);
void portset_subtract(struct portset *set, const struct portset *other);

/* Reads a list in the form of ip_local_reserved_ports: "8080,9148-9150". An empty text is the empty
 * set. White space around the list is allowed, because the kernel ends it with a newline. Returns
 * false with err. */
bool portset_parse(const char *text, struct portset *ret_set, struct error *err);
/* Appends the set to *out in that form: sorted, with ranges joined and without blanks. The empty
 * set is "". */
void portset_print(const struct portset *set, struct text *out);

#endif
