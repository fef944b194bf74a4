/* Explains what the ladder leaves undone. */
#include "model/ladder/unhelped.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/ladder/hosts.h"

static bool is_step_for(const struct fix *fix, const char *limit)
{
	if (!fix->in_ladder)
		return false;
	if (fix->rule->kind == FIX_HOSTS)
		return false;
	return strcmp(fix->resource, limit) == 0;
}

static bool has_step(const struct climb *c, const char *limit)
{
	if (c->count == 0)
		return false;
	const struct fix *fix = c->fixes;
	const struct fix *end = fix + c->count;
	while (fix < end) {
		if (is_step_for(fix, limit))
			return true;
		fix++;
	}
	return false;
}

/* "58.7 GiB", "40,000 ports". */
static void add_amount(struct text *out, const struct limit_rule *rule, double value)
{
	char number[NUMBER_TEXT_MAX];
	text_add(out, text_number(number, value, rule->quantity));
	if (rule->quantity == UNIT_COUNT)
		text_addf(out, " %s", rule->unit);
}

static const char *what_is_left(struct arena *arena, const struct judgement *j)
{
	if (!j->rule->divides)
		return " More hosts share it, so they do not help either.";
	if (j->max_safe_scale <= 0)
		return " It does not shrink with the number of connections, so make the plan "
			   "itself smaller.";
	const double hosts = hosts_for(j->max_safe_scale, 1);
	if (!(hosts > 1))
		return "";
	return arena_printf(arena, " Split the plan over %.0f hosts.", hosts);
}

/* ", and 48,384 ports may be used (75% of 64,512)": it would fit, but for the reserve. */
static void unhelped_add_share(struct text *out, const struct judgement *j, double target)
{
	char share[NUMBER_TEXT_MAX], all[NUMBER_TEXT_MAX];
	double most = j->capacity * target;
	if (j->rule->quantity == UNIT_COUNT)
		most = floor(most);
	text_add(out, ", and ");
	add_amount(out, j->rule, most);
	text_addf(out,
			" may be used (%s of %s)",
			text_number(share, target, UNIT_RATIO),
			text_number(all, j->capacity, j->rule->quantity));
}

/* ": it needs 58.7 GiB, and has 23 GiB" */
static void add_numbers(struct text *out, const struct judgement *j, double target)
{
	if (isnan(j->demand))
		return;
	if (isnan(j->capacity))
		return;
	text_add(out, ": it needs ");
	add_amount(out, j->rule, j->demand);
	if (!j->over) {
		unhelped_add_share(out, j, target);
		return;
	}
	text_add(out, ", and has ");
	add_amount(out, j->rule, j->capacity);
}

static const char *why_not(const struct climb *c, const struct judgement *j)
{
	struct text out = {0};
	if (has_step(c, j->rule->id))
		text_add(&out, "On one host the changes are not enough");
	else
		text_add(&out, "No setting helps");
	add_numbers(&out, j, c->options->target);
	text_add(&out, ".");
	text_add(&out, what_is_left(c->arena, j));
	return text_take(c->arena, &out);
}

/* Who holds it, and what is left of it. */
static void explain_one(struct climb *c, struct resource *resource, const struct judgement *after)
{
	const struct judgement *now = &resource->worst;
	const char *limit = after->rule->id;
	resource->held_by = layer_of_limit(c->arena, c->holder, c->facts, now);
	if (name_list_has(&c->stuck, limit))
		resource->no_change = why_not(c, after);
}

void unhelped_explain(struct climb *c, const struct all_limits *now, const struct all_limits *after)
{
	for (size_t i = 0; i < now->count; i++)
		explain_one(c, &now->items[i], &after->items[i].worst);
}
