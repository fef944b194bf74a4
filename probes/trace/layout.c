#include "probes/trace/layout.h"

#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"

/* No event that is read is larger. */
static const uint64_t data_most = 1024;

static bool is_name_end(char c)
{
	return c == ';' || c == '[';
}

/* Is `name` the last word of the declaration at `at`, up to its semicolon? */
static bool declares(const char *at, const char *name)
{
	size_t length = strlen(name), end = strcspn(at, ";[\n");
	if (!is_name_end(at[end]) || end <= length)
		return false;
	const char *word = at + end - length;
	return memcmp(word, name, length) == 0 && (word[-1] == ' ' || word[-1] == '*');
}

/* The number behind `label` in this line. */
static bool number_in_line(const char *line, const char *label, uint64_t *ret_number)
{
	const char *end = line + strcspn(line, "\n"), *at = strstr(line, label);
	if (!at || at >= end)
		return false;
	at += strlen(label);
	return parse_u64(&at, ret_number) && *at == ';';
}

bool layout_field(const char *format, const char *name, struct field_place *ret_place)
{
	static const char start[] = "field:";
	uint64_t offset, size;
	for (const char *line = format; *line; line = parse_next_line(line)) {
		const char *at = line + strspn(line, " \t");
		if (!text_begins_with(at, start) || !declares(at + sizeof start - 1, name))
			continue;
		if (!number_in_line(at, "offset:", &offset) || !number_in_line(at, "size:", &size))
			return false;
		if (size == 0 || offset > data_most || size > data_most - offset)
			return false;
		*ret_place = (struct field_place){(unsigned)offset, (unsigned)size};
		return true;
	}
	return false;
}

uint64_t layout_number(const unsigned char *data, size_t size, struct field_place place)
{
	union {
		uint8_t one;
		uint16_t two;
		uint32_t four;
		uint64_t eight;
	} number = {.eight = 0};
	if (place.offset > size || place.size > size - place.offset || place.size > sizeof number)
		return 0;
	memcpy(&number, data + place.offset, place.size);
	switch (place.size) {
	case 1:
		return number.one;
	case 2:
		return number.two;
	case 4:
		return number.four;
	case 8:
		return number.eight;
	default:
		return 0;
	}
}

int64_t layout_signed(const unsigned char *data, size_t size, struct field_place place)
{
	uint64_t number = layout_number(data, size, place);
	switch (place.size) {
	case 1:
		return (int8_t)number;
	case 2:
		return (int16_t)number;
	case 4:
		return (int32_t)number;
	default:
		return (int64_t)number;
	}
}
