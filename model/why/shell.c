/* Quotes words for a shell. */
#include "model/why/shell.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static bool has_control_bytes(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

const char *shell_word(struct arena *arena, const char *text)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
							   "@%+=:,./_-";
	struct text out = {0};
	if (!text || !*text || has_control_bytes(text))
		return NULL;
	if (text[strspn(text, safe)] == '\0')
		return text;
	text_add(&out, "'");
	for (; *text; text++) {
		if (*text == '\'')
			text_add(&out, "'\\''");
		else
			text_add_bytes(&out, text, 1);
	}
	text_add(&out, "'");
	return text_take(arena, &out);
}
