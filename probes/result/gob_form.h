/* vegeta's own results: a stream of Go's encoding/gob. */
#ifndef HEADROOM_PROBES_RESULT_GOB_FORM_H
#define HEADROOM_PROBES_RESULT_GOB_FORM_H

#include "probes/result/rows.h"

enum {
	GOB_KEPT_MAX = 8192 /* bytes of a message: what counts comes before the body */
};

struct gob_form {
	struct rows *rows;
	unsigned char kept[GOB_KEPT_MAX];
	size_t kept_length;
	unsigned char head[9]; /* the length of a message as far as it came */
	size_t head_length;
	uint64_t left; /* of the message that is being read */
	bool known;    /* the type came, and its fields are those that are read here */
	bool broken;
};

/* Could it begin so? */
bool gob_form_begins(const char *bytes, size_t length);
void gob_form_add(struct gob_form *form, const char *bytes, size_t length);

#endif
