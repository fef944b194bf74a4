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

void why_name(struct arena *arena,
		const struct why_table *table,
		const char *text,
		struct why_named **ret_named,
		size_t *ret_count)
{
	struct why_founds founds;
	why_find(arena, table, text, 0, 0, &founds);
	*ret_named = arena_alloc(arena, (founds.count + 1) * sizeof **ret_named);
	*ret_count = founds.count;
	for (size_t i = 0; i < founds.count; i++)
		(*ret_named)[i] = named_of(arena, &founds.items[i]);
}

void why_match(struct arena *arena, const struct rules *rules, struct why_asked *asked)
{
	if (!asked->text)
		return;
	const struct why_table *table = why_table_new(arena, rules);
	why_name(arena, table, asked->text, &asked->named, &asked->named_count);
}
