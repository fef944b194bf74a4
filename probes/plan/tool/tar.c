/* A tar archive in memory (POSIX ustar). Plain members only; nothing is unpacked. */
#include "probes/plan/tool/tar.h"

#include <string.h>

enum {
	TAR_BLOCK = 512
};

/* A number in a tar header: octal digits (POSIX ustar). */
static size_t octal(const char *text, size_t length)
{
	size_t value = 0;
	for (size_t i = 0; i < length && text[i] >= '0' && text[i] <= '7'; i++)
		value = value * 8 + (size_t)(text[i] - '0');
	return value;
}

bool tar_is(const char *bytes, size_t length)
{
	return length > TAR_BLOCK && memcmp(bytes + 257, "ustar", 5) == 0;
}

const char *tar_member(const char *bytes, size_t length, const char *name, size_t *ret_length)
{
	for (size_t at = 0; at + TAR_BLOCK <= length && bytes[at];) {
		size_t size = octal(bytes + at + 124, 12), data = at + TAR_BLOCK;
		if (size > length - data)
			return NULL;
		if (strncmp(bytes + at, name, 100) == 0) {
			*ret_length = size;
			return bytes + data;
		}
		at = data + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
		if (at > length)
			return NULL;
	}
	return NULL;
}
