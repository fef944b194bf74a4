/* From log lines to causes: the table of texts (rules/why). */
#include "audit/why/why.h"
#include "model/why/lines.h"

static void add_looks(struct arena *arena,
		const struct rule_text_list *looks,
		const struct why_line *line,
		struct name_list *list)
{
	for (size_t i = 0; i < looks->count; i++) {
		const char *filled = why_fill(arena, looks->items[i], line);
		if (filled)
			name_list_append(arena, list, filled);
	}
}

static struct why_named named_of(struct arena *arena, const struct why_found *found)
{
	const struct cause_rule *cause = found->cause;
	const struct text_rule *text = found->line->text;
	struct why_named named = {.id = cause ? cause->id : found->limit->id};
	if (found->place == 0)
		add_looks(arena, &text->look, found->line, &named.look_at);
	if (found->place == 0 && text->note)
		named.says = why_fill(arena, text->note, found->line);
	if (!cause)
		return named;
	named.title = cause->title;
	if (!named.says)
		named.says = why_fill(arena, cause->text, found->line);
	if (!named.look_at.count)
		add_looks(arena, &cause->look, found->line, &named.look_at);
	return named;
}

void why_match(struct arena *arena, const struct rules *rules, struct why_asked *asked)
{
	struct why_founds founds;
	if (!asked->text)
		return;
	why_find(arena, why_table_new(arena, rules), asked->text, 0, 0, &founds);
	asked->named = arena_alloc(arena, founds.count * sizeof *asked->named);
	for (size_t i = 0; i < founds.count; i++)
		asked->named[asked->named_count++] = named_of(arena, &founds.items[i]);
}
