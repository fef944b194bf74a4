/* Escaping. */
#include "report/write/markup.h"

#include <string.h>

#include "base/array.h"

void markup_add_markdown(struct text *out, const char *text)
{
	for (const char *at = text; *at; at++) {
		if (*at == '<') {
			text_add(out, "&lt;");
			continue;
		}
		if (*at == '&') {
			text_add(out, "&amp;");
			continue;
		}
		if (strchr("\\`*_[]#|~>!@", *at))
			text_add(out, "\\");
		text_add_bytes(out, at, 1);
	}
}

void markup_add_html(struct text *out, const char *text)
{
	static const struct {
		char sign;
		const char *entity;
	} rows[] = {
			{'<', "&lt;"},
			{'>', "&gt;"},
			{'&', "&amp;"},
			{'"', "&quot;"},
			{'\'', "&#39;"},
	};
	for (const char *at = text; *at; at++) {
		size_t row = 0;
		while (row < COUNT_OF(rows) && rows[row].sign != *at)
			row++;
		if (row < COUNT_OF(rows))
			text_add(out, rows[row].entity);
		else
			text_add_bytes(out, at, 1);
	}
}

void markup_add_code(struct arena *arena, struct text *out, const char *language, const char *code)
{
	size_t longest = 2;
	for (const char *at = strchr(code, '`'); at; at = strchr(at, '`')) {
		size_t run = strspn(at, "`");
		if (run > longest)
			longest = run;
		at += run;
	}
	char *fence = arena_alloc(arena, longest + 2);
	memset(fence, '`', longest + 1);
	text_addf(out, "%s%s\n", fence, language);
	while (*code) {
		size_t length = strcspn(code, "\n");
		text_addf(out, "%s\n", text_clean(arena, code, length, 0));
		code += length + (code[length] == '\n');
	}
	text_addf(out, "%s\n\n", fence);
}
