/* One UTF-8 character at a time. */
#include "base/utf8.h"

#include <assert.h>
#include <stdbool.h>

#include "base/array.h"

/* How many bytes a character beyond ASCII has, by its first byte. The first byte also holds the
 * upper bits of the code point. `smallest` is the smallest code point that needs so many bytes:
 * anything below is an overlong form (RFC 3629, 3). */
static const struct utf8_form {
	unsigned char first, last; /* the range of the first byte */
	unsigned char length, bits;
	uint32_t smallest;
} forms[] = {
		{0xc0, 0xdf, 2, 0x1f, 0x80},
		{0xe0, 0xef, 3, 0x0f, 0x800},
		{0xf0, 0xf7, 4, 0x07, 0x10000},
};

enum {
	FORMS = COUNT_OF(forms)
};

static const struct utf8_form *utf8_form_of(unsigned char lead)
{
	for (size_t i = 0; i < FORMS; i++) {
		if (lead >= forms[i].first && lead <= forms[i].last)
			return &forms[i];
	}
	return NULL;
}

static bool is_surrogate(uint32_t point)
{
	return point >= 0xd800 && point <= 0xdfff;
}

size_t utf8_decode(const char *bytes, size_t length, uint32_t *ret_point)
{
	assert(length > 0);
	const unsigned char *at = (const unsigned char *)bytes;
	if (at[0] < 0x80) { /* most are */
		*ret_point = at[0];
		return 1;
	}
	const struct utf8_form *form = utf8_form_of(at[0]);
	if (!form || form->length > length)
		return 0;
	uint32_t point = at[0] & form->bits;
	for (size_t i = 1; i < form->length; i++) {
		if (at[i] >> 6 != 2)
			return 0;
		point = point << 6 | (at[i] & 0x3fU);
	}
	if (point < form->smallest || point > 0x10ffff || is_surrogate(point))
		return 0;
	*ret_point = point;
	return form->length;
}

size_t utf8_next(const char *bytes, size_t length, uint32_t *ret_point)
{
	size_t step = utf8_decode(bytes, length, ret_point);
	if (step)
		return step;
	*ret_point = 0xfffd;
	return 1;
}
