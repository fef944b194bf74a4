#include "audit/explain/legend.h"

#include <ctype.h>
#include <string.h>

#include "audit/explain/fill.h"
#include "base/array.h"

/* The names that mean the same in all rules. */
static const struct legend_row {
	const char *name, *meaning;
} legend_rows[] = {
		{"live", "open connections"},
		{"opens", "connections that open per second"},
		{"closes", "connections that close per second"},
		{"closes_here", "connections per second that this host closes first"},
		{"closes_kept", "closes per second after which this host keeps the port or socket"},
		{"upstream_live", "a proxy's open upstream connections"},
		{"upstream_closes", "a proxy's upstream connections that close per second"},
		{"upstream_closes_here", "upstream connections per second that the proxy closes first"},
		{"upstream_closes_kept", "upstream closes per second after which the proxy keeps the port"},
		{"users", "virtual users"},
		{"target", "the share of the limit that a plan may use (--max-use)"},
};

static bool legend_letter(char c)
{
	return c == '_' || c == '.' || isalnum((unsigned char)c);
}

static bool legend_uses(const char *formula, const char *name, size_t length)
{
	const char *at = formula;
	for (; at && *at; at++) {
		bool begins = at == formula || !legend_letter(at[-1]);
		if (begins && strncmp(at, name, length) == 0 && !legend_letter(at[length]))
			return true;
	}
	return false;
}

/* The formulas whose names are explained. */
struct legend {
	const struct explanation *e;
	const char *demand, *capacity;
	const char *label;
};

static void legend_add(struct legend *legend, const char *name, size_t length, const char *meaning)
{
	struct arena *arena = legend->e->look.arena;
	bool used = legend_uses(legend->demand, name, length) ||
			legend_uses(legend->capacity, name, length);
	if (!used)
		return;
	name = arena_copy(arena, name, length);
	explain_add(legend->e, legend->label, arena_printf(arena, "%s = %s", name, meaning));
	legend->label = "";
}

void explain_add_legend(const struct explanation *e,
		const struct limit_rule *rule,
		const char *demand,
		const char *capacity)
{
	struct legend legend = {
			.e = e,
			.demand = demand,
			.capacity = capacity,
			.label = "where",
	};
	for (size_t i = 0; i < COUNT_OF(legend_rows); i++) {
		const char *name = legend_rows[i].name;
		legend_add(&legend, name, strlen(name), legend_rows[i].meaning);
	}
	for (size_t i = 0; i < rule->legend.count; i++) {
		const char *entry = rule->legend.items[i];
		size_t length = strcspn(entry, ":");
		const char *meaning = entry + length;
		meaning += strspn(meaning, ": ");
		legend_add(&legend, entry, length, meaning);
	}
}

const char *explain_legend_words(const struct explanation *e, const char *words)
{
	const struct explain_filling filling = {e->look.arena, e->facts, NULL};
	if (!words)
		return NULL;
	const char *filled = explain_fill(&filling, words);
	const char *unknown = strstr(filled, "…");
	if (!unknown)
		return filled;
	const char *open = strstr(filled, " (");
	const char *close = strchr(unknown, ')');
	if (!open || open > unknown || !close)
		return filled;
	const char *before = arena_copy(e->look.arena, filled, (size_t)(open - filled));
	return arena_printf(e->look.arena, "%s%s", before, close + 1);
}

const char *explain_without_zeros(struct arena *arena, const char *formula)
{
	static const char *const zeros[] = {" + 0", " − 0"};
	struct text out = {0};
	const char *at = formula;
	if (!formula)
		return NULL;
	while (*at) {
		size_t skip = 0;
		for (size_t i = 0; i < COUNT_OF(zeros); i++) {
			size_t length = strlen(zeros[i]);
			if (!text_begins_with(at, zeros[i]))
				continue;
			const char *rest = at + length;
			bool ends = !*rest || *rest == ')' || *rest == ',';
			if (text_begins_with(rest, " +") || text_begins_with(rest, " −"))
				ends = true;
			if (ends)
				skip = length;
		}
		if (!skip) {
			text_add_bytes(&out, at, 1);
			skip = 1;
		}
		at += skip;
	}
	return text_take(arena, &out);
}
