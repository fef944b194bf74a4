/* encoding/gob as far as vegeta needs it (pkg.go.dev/encoding/gob, "Encoding Details"): messages
 * with their length in front; a number below 128 is a byte, else a byte with the count of bytes,
 * negated, and these; a struct is its fields, each with the distance to the one before. */
#include "probes/result/gob_form.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

enum {
	FIELD_CODE = 2, /* of vegeta's Result, from 0 */
	FIELD_TIMESTAMP = 3,
	FIELD_ERROR = 7,
	WIDEST = 8, /* bytes of a number */
	TIME_BYTES = 13
};

/* A message, or a part of it. */
struct gob_bytes {
	const unsigned char *at, *end;
	bool cut; /* something was missing */
};

struct hit {
	double code, at_s;
	const char *error;
	size_t error_length;
};

static uint64_t take_uint(struct gob_bytes *bytes)
{
	uint64_t value = 0;
	if (bytes->at >= bytes->end) {
		bytes->cut = true;
		return 0;
	}
	unsigned first = *bytes->at++;
	if (first < 128)
		return first;
	size_t count = 256 - first;
	if (count > WIDEST || count > (size_t)(bytes->end - bytes->at)) {
		bytes->cut = true;
		return 0;
	}
	while (count-- > 0)
		value = value << 8 | *bytes->at++;
	return value;
}

/* Bytes with their length in front; *ret_length is what is there of them. */
static const unsigned char *take_bytes(struct gob_bytes *bytes, size_t *ret_length)
{
	uint64_t wanted = take_uint(bytes);
	const unsigned char *begin = bytes->at;
	size_t there = (size_t)(bytes->end - bytes->at);
	if (wanted > there) {
		bytes->cut = true;
		wanted = there;
	}
	bytes->at += wanted;
	*ret_length = (size_t)wanted;
	return begin;
}

/* Go's time.Time: a version, seconds since the year 1, nanoseconds, the zone. */
static double gob_time(const unsigned char *bytes, size_t length)
{
	uint64_t seconds = 0;
	uint32_t nanoseconds = 0;
	if (length < TIME_BYTES || bytes[0] < 1 || bytes[0] > 2)
		return (double)NAN;
	for (size_t i = 1; i < 9; i++)
		seconds = seconds << 8 | bytes[i];
	for (size_t i = 9; i < TIME_BYTES; i++)
		nanoseconds = nanoseconds << 8 | bytes[i];
	if (seconds > UINT64_C(1) << 40)
		return (double)NAN;
	return (double)seconds + nanoseconds / 1e9;
}

/* Fields 0 and 7 are texts, 3 is a time, the others before 8 are numbers. */
static void gob_take_field(struct gob_bytes *bytes, uint64_t field, struct hit *hit)
{
	size_t length;
	if (field == FIELD_CODE) {
		hit->code = (double)take_uint(bytes);
	} else if (field == FIELD_TIMESTAMP) {
		const unsigned char *time = take_bytes(bytes, &length);
		hit->at_s = gob_time(time, length);
	} else if (field == FIELD_ERROR) {
		hit->error = (const char *)take_bytes(bytes, &hit->error_length);
	} else if (field == 0) {
		(void)take_bytes(bytes, &length);
	} else {
		(void)take_uint(bytes);
	}
}

static void gob_take_value(struct gob_form *form, struct gob_bytes *bytes)
{
	struct hit hit = {.code = 0, .at_s = (double)NAN, .error = ""};
	uint64_t field = (uint64_t)-1;
	for (;;) {
		uint64_t distance = take_uint(bytes);
		if (distance == 0 || distance > FIELD_ERROR + 1)
			break;
		field += distance;
		if (field > FIELD_ERROR)
			break;
		gob_take_field(bytes, field, &hit);
	}
	rows_take_hit(form->rows, hit.code, hit.at_s, hit.error, hit.error_length);
}

/* The fields that are read here, in their order, in the message that describes the type. */
static bool is_result_type(const unsigned char *bytes, size_t length)
{
	static const char *const names[] = {"Result",
			"Attack",
			"Seq",
			"Code",
			"Timestamp",
			"Latency",
			"BytesOut",
			"BytesIn",
			"Error",
			"Body"};
	const unsigned char *at = bytes, *end = bytes + length;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		size_t wanted = strlen(names[i]);
		at = memmem(at, (size_t)(end - at), names[i], wanted);
		if (!at)
			return false;
		at += wanted;
	}
	return true;
}

static void end_message(struct gob_form *form)
{
	struct gob_bytes bytes = {form->kept, form->kept + form->kept_length, false};
	uint64_t type = take_uint(&bytes);
	bool describes = type & 1; /* the number of a type, negated */
	if (describes)
		form->known |= is_result_type(form->kept, form->kept_length);
	else if (form->known)
		gob_take_value(form, &bytes);
	else
		form->broken = true;
	form->kept_length = 0;
}

/* The length of the next message; 0 in ret_length: it goes on. */
static void take_head(struct gob_form *form, unsigned char byte)
{
	form->head[form->head_length++] = byte;
	size_t wanted = 1;
	if (form->head[0] >= 128)
		wanted = 257 - form->head[0];
	if (wanted > sizeof form->head) {
		form->broken = true;
		return;
	}
	if (form->head_length < wanted)
		return;
	struct gob_bytes bytes = {form->head, form->head + form->head_length, false};
	form->left = take_uint(&bytes);
	form->head_length = 0;
}

static size_t take_message(struct gob_form *form, const char *bytes, size_t length)
{
	size_t part = length, room = sizeof form->kept - form->kept_length;
	if (part > form->left)
		part = (size_t)form->left;
	size_t keep = part;
	if (keep > room)
		keep = room;
	memcpy(form->kept + form->kept_length, bytes, keep);
	form->kept_length += keep;
	form->left -= part;
	if (form->left == 0)
		end_message(form);
	return part;
}

void gob_form_add(struct gob_form *form, const char *bytes, size_t length)
{
	size_t at = 0;
	while (at < length && !form->broken) {
		if (form->left > 0)
			at += take_message(form, bytes + at, length - at);
		else
			take_head(form, (unsigned char)bytes[at++]);
	}
}

bool gob_form_begins(const char *bytes, size_t length)
{
	static const char name[] = "\x06Result";
	const size_t far = 32;
	if (length > far)
		length = far;
	return memmem(bytes, length, name, sizeof name - 1) != NULL;
}
