/* Without a plan: what the host can carry as each kind of load, in words. */
#include "report/document/carry.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/document/view.h"

/* How each kind is called where there is little room, and by what it is counted. */
struct carry_kind {
	const char *id, *title, *brief;
	bool rate;
};

static const struct carry_kind carry_kinds[] = {
		{"hold-client", "client, connections stay", "client (stay)", false},
		{"hold-churn", "client, closes after 1 s", "client (closes)", true},
		{"hold-server", "server, connections stay", "server (stay)", false},
};

static const struct carry_kind *carry_kind_of(const char *id)
{
	static const struct carry_kind other = {"", "", "", false};
	for (size_t i = 0; i < COUNT_OF(carry_kinds); i++)
		if (strcmp(carry_kinds[i].id, id) == 0)
			return &carry_kinds[i];
	return &other;
}

const char *carry_title(struct arena *arena, const cJSON *hold)
{
	const struct carry_kind *kind = carry_kind_of(view_raw(hold, "id"));
	if (*kind->title)
		return kind->title;
	return view_text(arena, hold, "title", 60);
}

static double carry_number(const char *id, const cJSON *load)
{
	const double hair = 1e-5;
	double rate = view_number(load, "open_rate_per_s");
	if (carry_kind_of(id)->rate)
		return floor(rate + hair);
	return view_number(load, "connections");
}

static const char *carry_text(struct arena *arena, const char *id, const cJSON *load, bool at_most)
{
	double number = carry_number(id, load);
	enum unit unit = UNIT_COUNT;
	if (carry_kind_of(id)->rate)
		unit = UNIT_PER_S;
	if (isnan(number))
		return "";
	const char *figure = view_figure_of(arena, number, unit);
	if (at_most || view_true(load, "at_most"))
		return arena_printf(arena, "at most %s", figure);
	return figure;
}

/* Beside an unknown limit only the most that it could be. */
static const cJSON *carry_load_now(const cJSON *hold)
{
	const cJSON *most = view_object(hold, "at_most.max_safe");
	if (most)
		return most;
	return view_object(hold, "max_safe");
}

double carry_now(const cJSON *hold)
{
	return carry_number(view_raw(hold, "id"), carry_load_now(hold));
}

double carry_after(const cJSON *hold)
{
	return carry_number(view_raw(hold, "id"), view_object(hold, "after_fixes"));
}

const char *carry_now_text(struct arena *arena, const cJSON *hold)
{
	bool at_most = view_object(hold, "at_most") != NULL;
	return carry_text(arena, view_raw(hold, "id"), carry_load_now(hold), at_most);
}

const char *carry_after_text(struct arena *arena, const cJSON *hold)
{
	return carry_text(arena, view_raw(hold, "id"), view_object(hold, "after_fixes"), false);
}

const char *carry_limits(struct arena *arena, const cJSON *hold)
{
	const size_t most = 60;
	const char *now = view_text(arena, hold, "binds_title", most);
	const char *after = view_text(arena, hold, "after_binds_title", most);
	if (!*after || strcmp(now, after) == 0)
		return now;
	if (!*now)
		return after;
	return arena_printf(arena, "%s → %s", now, after);
}

/* The change before it in the list; NULL: it is the first. */
static const cJSON *carry_before(const cJSON *root, const cJSON *change)
{
	const cJSON *before = NULL, *one;
	cJSON_ArrayForEach(one, view_array(root, "first_changes")) {
		if (one == change)
			return before;
		before = one;
	}
	return NULL;
}

static const char *carry_safe(struct arena *arena, const cJSON *item)
{
	const cJSON *load = view_object(item, "max_safe");
	return carry_text(arena, view_raw(item, "hold"), load, false);
}

/* What the hold could carry before: with the change `before`, or now (NULL). */
static const char *carry_was(struct arena *arena,
		const cJSON *root,
		const cJSON *before,
		const char *id)
{
	const cJSON *holds = view_array(root, "holds");
	const cJSON *item = view_find(view_array(before, "safe"), "hold", id);
	if (item)
		return carry_safe(arena, item);
	return carry_now_text(arena, view_find(holds, "id", id));
}

size_t carry_changes_needed(struct arena *arena, const cJSON *root, const char *id)
{
	const cJSON *change;
	const char *was = carry_was(arena, root, NULL, id);
	size_t count = 0, needed = 0;
	cJSON_ArrayForEach(change, view_array(root, "first_changes")) {
		const char *now = carry_was(arena, root, change, id);
		count++;
		if (strcmp(now, was) != 0)
			needed = count;
		was = now;
	}
	return needed;
}

const char *carry_gain(struct arena *arena, const cJSON *root, const cJSON *change)
{
	struct text text = {0};
	const cJSON *item, *before = carry_before(root, change);
	cJSON_ArrayForEach(item, view_array(change, "safe")) {
		const char *id = view_raw(item, "hold");
		const char *brief = carry_kind_of(id)->brief;
		const char *now = carry_safe(arena, item);
		const char *was = carry_was(arena, root, before, id);
		if (!*now || strcmp(now, was) == 0)
			continue;
		if (text.length > 0)
			text_add(&text, ", ");
		text_addf(&text, "%s %s", brief, now);
	}
	return text_take(arena, &text);
}
