#include "audit/explain/list.h"

#include <string.h>

#include "audit/explain/fill.h"
#include "audit/rules/presets.h"
#include "base/array.h"
#include "model/system.h"
#include "report/write/columns.h"

enum {
	LIST_COLUMNS = 80,
	LIST_NAME = 30,
	LIST_COMMAND = 32
};

static const char list_indent[] = "                                 ";
static const char list_all[] = "all";

/* In the order of the lists. */
static const struct list_kind {
	enum rule_kind kind;
	const char *word, *other_word; /* what is typed; the second may be NULL */
	const char *title;
	const char *about; /* for the first screen */
} list_kinds[] = {
		{
				RULE_LIMIT,
				"limits",
				NULL,
				"Limits",
				NULL,
		},
		{
				RULE_FIX,
				"changes",
				"fixes",
				"Changes",
				"settings and other changes that help",
		},
		{
				RULE_MYTH,
				"myths",
				NULL,
				"Notes and corrections (what is true)",
				"notes, and corrections of common beliefs",
		},
		{
				RULE_WORKLOAD,
				"presets",
				NULL,
				"Presets",
				"ready plans",
		},
		{
				RULE_EGRESS,
				"clouds",
				NULL,
				"Cloud NAT (--egress)",
				"cloud NAT on the way out",
		},
		{
				RULE_TOOL,
				"tools",
				NULL,
				"Tools",
				"load test tools",
		},
		{
				RULE_PROGRAM,
				"programs",
				NULL,
				"Programs, and which changes take effect while they run",
				"programs that headroom recognizes",
		},
};

bool explain_lists_kind(enum rule_kind kind)
{
	for (size_t i = 0; i < COUNT_OF(list_kinds); i++) {
		if (list_kinds[i].kind == kind)
			return true;
	}
	return false;
}

static bool list_has(const struct rule_item *item, enum rule_kind kind)
{
	if (item->kind != kind)
		return false;
	return kind != RULE_WORKLOAD || !preset_is_internal(item->id);
}

/* A change that macOS needs often has the title of the one for Linux. */
static const char *list_title(const struct explanation *e, const struct rule_item *item)
{
	const struct explain_filling filling = {e->look.arena, e->facts, NULL};
	const char *title = explain_fill(&filling, item->title);
	bool mac = item->kind == RULE_FIX && text_begins_with(item->id, "macos-");
	if (!mac || strstr(title, "macOS"))
		return title;
	return arena_printf(e->look.arena, "%s (macOS)", title);
}

static void list_of_kind(const struct explanation *e, const struct list_kind *kind)
{
	const struct rule_extras *extras = &e->pipeline->extras;
	text_addf(e->out, "%s\n", kind->title);
	for (size_t i = 0; i < extras->item_count; i++) {
		const struct rule_item *item = &extras->items[i];
		struct text first = {0};
		if (!list_has(item, kind->kind))
			continue;
		text_add(&first, "  ");
		columns_left(&first, item->id, LIST_NAME);
		text_add(&first, " ");
		columns_wrap(e->out, first.data, list_indent, list_title(e, item), LIST_COLUMNS);
		text_release(&first);
	}
}

bool explain_list_kind(const struct explanation *e, const char *word)
{
	bool found = false;
	bool all = strcmp(word, list_all) == 0;
	for (size_t i = 0; i < COUNT_OF(list_kinds); i++) {
		const struct list_kind *kind = &list_kinds[i];
		bool this_one = all || strcmp(word, kind->word) == 0;
		if (kind->other_word && strcmp(word, kind->other_word) == 0)
			this_one = true;
		if (this_one)
			list_of_kind(e, kind);
		found = found || this_one;
	}
	return found;
}

void explain_list_words(struct text *out)
{
	for (size_t i = 0; i < COUNT_OF(list_kinds); i++)
		text_addf(out, "%s\n", list_kinds[i].word);
	text_addf(out, "%s\n", list_all);
}

/* Limits in two columns; every second one is on the right. */
struct list_widths {
	size_t names[2], titles[2];
};

static struct list_widths list_widths_of(const struct rules *rules)
{
	struct list_widths widths = {0};
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *limit = &rules->limits[i];
		size_t name = strlen(limit->id), title = strlen(limit->title);
		if (name > widths.names[i % 2])
			widths.names[i % 2] = name;
		if (title > widths.titles[i % 2])
			widths.titles[i % 2] = title;
	}
	return widths;
}

static void list_limits(const struct explanation *e)
{
	const struct rules *rules = &e->pipeline->rules;
	const struct list_widths widths = list_widths_of(rules);
	size_t wide = 5 + widths.names[0] + widths.titles[0] + widths.names[1] + widths.titles[1];
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *limit = &rules->limits[i];
		bool ends = i % 2 == 1 || i + 1 == rules->limit_count || wide > LIST_COLUMNS;
		text_add(e->out, i % 2 == 1 && wide <= LIST_COLUMNS ? " " : "  ");
		columns_left(e->out, limit->id, widths.names[i % 2]);
		text_add(e->out, " ");
		if (ends)
			text_addf(e->out, "%s\n", limit->title);
		else
			columns_left(e->out, limit->title, widths.titles[i % 2]);
	}
}

static size_t list_count(const struct explanation *e, enum rule_kind kind)
{
	const struct rule_extras *extras = &e->pipeline->extras;
	size_t count = 0;
	for (size_t i = 0; i < extras->item_count; i++)
		count += list_has(&extras->items[i], kind);
	return count;
}

void explain_list_screen(const struct explanation *e)
{
	text_add(e->out, "Limits (for one of them: headroom explain ephemeral-ports)\n");
	list_limits(e);
	text_add(e->out, "Other names\n");
	for (size_t i = 0; i < COUNT_OF(list_kinds); i++) {
		const struct list_kind *kind = &list_kinds[i];
		struct text line = {0};
		if (!kind->about)
			continue;
		text_addf(&line, "  headroom explain %s", kind->word);
		columns_left(e->out, line.data, LIST_COMMAND);
		text_addf(e->out, "%3zu %s\n", list_count(e, kind->kind), kind->about);
		text_release(&line);
	}
	text_add(e->out,
			"  headroom explain all              all of these lists\n"
			"Settings and error texts\n"
			"  headroom explain net.core.somaxconn\n"
			"  headroom explain \"too many open files\"\n");
}
