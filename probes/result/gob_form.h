/* vegeta's results: a stream of Go's encoding/gob. */
#ifndef HEADROOM_PROBES_RESULT_GOB_FORM_H
#define HEADROOM_PROBES_RESULT_GOB_FORM_H

#include "probes/result/rows.h"

enum {
	GOB_KEPT_MAX = 8192 /* bytes of a message that are kept: the figures come before the body */
};

struct gob_form {
	struct rows *rows;
	unsigned char kept[GOB_KEPT_MAX];
	size_t kept_length;
	unsigned char head[9]; /* the length prefix of a message, as far as received */
	size_t head_length;
	uint64_t left; /* bytes left of the current message */
	bool known;    /* the type was received and has the fields that are read here */
	bool broken;
};

/* Returns true if such a stream may begin with these bytes. */
bool gob_form_begins(const char *bytes, size_t length);
void gob_form_add(struct gob_form *form, const char *bytes, size_t length);

#endif
