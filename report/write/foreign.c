#include "report/write/foreign.h"

#include "base/text.h"
#include "report/document/view.h"

enum {
	DIGEST_COLUMNS = 12,
	NAMES_MAX = 12
};

static void add_names(struct arena *arena,
		const cJSON *item,
		const char *list,
		const char *before,
		struct text *out)
{
	const cJSON *name;
	size_t count = 0;
	cJSON_ArrayForEach(name, view_array(item, list)) {
		if (count == NAMES_MAX) {
			text_addf(out, " and %zu more", view_count(item, list) - count);
			break;
		}
		text_add(out, before);
		text_add(out, view_text(arena, name, "", 100));
		before = ", ";
		count++;
	}
}

const char *foreign_line(struct arena *arena, const cJSON *item)
{
	struct text line = {0};
	text_addf(&line,
			"%s %s (SHA-256 %.*s)",
			view_text(arena, item, "kind", 20),
			view_text(arena, item, "path", 200),
			DIGEST_COLUMNS,
			view_text(arena, item, "digest", 0));
	add_names(arena, item, "taken", ": ", &line);
	add_names(arena, item, "left", "; not taken: ", &line);
	return text_take(arena, &line);
}
