#include "audit/explain/explanation.h"

#include <string.h>

#include "report/write/columns.h"

enum {
	EXPLAIN_COLUMNS = 80,
	EXPLAIN_INDENT = 11
};

void explain_add(const struct explanation *e, const char *label, const char *text)
{
	struct text first = {0};
	if (!text || !*text)
		return;
	columns_left(&first, label, EXPLAIN_INDENT);
	const char *clean = text_clean(e->look.arena, text, strlen(text), 0);
	if (e->look.ascii)
		clean = columns_to_ascii(e->look.arena, clean);
	columns_wrap(e->out, first.data, "           ", clean, EXPLAIN_COLUMNS);
	text_release(&first);
}
