/* Breaks commands where a shell allows it. */
#include "report/pdf/command.h"

#include <string.h>

#include "base/text.h"

/* Bytes up to the next blank that no quotes hold. */
static size_t word_length(const char *text)
{
	char quote = '\0';
	size_t length = 0;
	for (; text[length]; length++) {
		char byte = text[length];
		if (!quote && byte == ' ')
			break;
		if (!quote && byte == '\\' && text[length + 1])
			length++;
		else if (!quote && strchr("\"'", byte))
			quote = byte;
		else if (byte == quote)
			quote = '\0';
	}
	return length;
}

/* Characters, not bytes. */
static size_t characters(const char *text, size_t length)
{
	size_t count = 0;
	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)text[i] & 0xC0) != 0x80;
	return count;
}

const char *command_fold(struct arena *arena, const char *line, size_t columns)
{
	struct text out = {0};
	size_t at = 0;
	while (*line) {
		size_t length = word_length(line);
		size_t wide = characters(line, length);
		if (at > 0 && at + wide + 3 > columns) {
			text_add(&out, " \\\n  ");
			at = 2;
		} else if (at > 0) {
			text_add(&out, " ");
			at++;
		}
		text_add_bytes(&out, line, length);
		at += wide;
		line += length;
		while (*line == ' ')
			line++;
	}
	return text_take(arena, &out);
}

size_t command_columns(const char *text)
{
	size_t most = 0;
	while (*text) {
		size_t length = strcspn(text, "\n");
		size_t wide = characters(text, length);
		if (wide > most)
			most = wide;
		text += length;
		text += strspn(text, "\n");
	}
	return most;
}
