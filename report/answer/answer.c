/* Which page a document has. */
#include "report/answer/answer.h"

#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "report/answer/kinds.h"
#include "report/document/view.h"

static const struct answer_kind {
	const char *schema;
	answer_fn *fill;
} answer_kinds[] = {
		{"headroom.size/1", answer_size},
		{"headroom.history/1", answer_history},
		{"headroom.drift/1", answer_drift},
		{"headroom.why/1", answer_why},
		{"headroom.lint/1", answer_lint},
};

void answer_page(struct arena *arena, const cJSON *root, size_t rows_max, cJSON *page)
{
	const struct answer answer = {arena, root, rows_max, page};
	const char *schema = view_raw(root, "schema");
	for (size_t i = 0; i < COUNT_OF(answer_kinds); i++) {
		const struct answer_kind *kind = &answer_kinds[i];
		bool same = strcmp(kind->schema, schema) == 0;
		if (same)
			kind->fill(&answer);
	}
}
