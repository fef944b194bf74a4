/* Without a plan: what this host can carry, now and after the changes. page.charts.roles, and
 * what page 1 says of it. */
#include "report/render/page_front.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/carry.h"
#include "report/document/view.h"
#include "report/render/page.h"

/* --- the chart --- */

/* In the words of the template where it has some for this kind. */
static const char *carry_role(struct arena *arena, const cJSON *root, const cJSON *hold)
{
	static const char *const keys[][2] = {
			{"hold-client", "roles.client"},
			{"hold-churn", "roles.churn"},
			{"hold-server", "roles.server"},
	};
	const char *id = view_raw(hold, "id");
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (strcmp(keys[i][0], id) == 0)
			return words_say(arena, words_of(root), keys[i][1], NULL);
	return carry_title(arena, hold);
}

static void carry_add_row(struct arena *arena, const cJSON *root, const cJSON *hold, cJSON *rows)
{
	cJSON *row = cJSON_CreateObject();
	cJSON_AddItemToArray(rows, row);
	cJSON_AddStringToObject(row, "title", carry_role(arena, root, hold));
	cJSON_AddStringToObject(row, "limits", carry_limits(arena, hold));
	cJSON_AddNumberToObject(row, "now", carry_now(hold));
	cJSON_AddNumberToObject(row, "after", carry_after(hold));
	cJSON_AddStringToObject(row, "says_now", carry_now_text(arena, hold));
	cJSON_AddStringToObject(row, "says_after", carry_after_text(arena, hold));
}

void page_roles(struct arena *arena, const cJSON *root, cJSON *charts)
{
	const cJSON *hold;
	struct text finding = {0};
	if (view_count(root, "holds") == 0)
		return;
	cJSON *chart = cJSON_AddObjectToObject(charts, "roles");
	cJSON *rows = cJSON_AddArrayToObject(chart, "rows");
	cJSON_ArrayForEach(hold, view_array(root, "holds")) {
		carry_add_row(arena, root, hold, rows);
		text_add(&finding,
				words_say(arena,
						words_of(root),
						"roles.finding",
						"role",
						carry_role(arena, root, hold),
						"now",
						carry_now_text(arena, hold),
						"after",
						carry_after_text(arena, hold),
						NULL));
	}
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	text_release(&finding);
}

/* --- page 1 --- */

static const cJSON *carry_hold(const struct front *front, const char *id)
{
	return view_find(view_array(front->root, "holds"), "id", id);
}

/* "758 → 41,652"; one number where no change moves it. */
static const char *carry_both(struct arena *arena, const cJSON *hold)
{
	const char *now = carry_now_text(arena, hold);
	const char *after = carry_after_text(arena, hold);
	if (!*now)
		now = "not known";
	if (!*after || strcmp(now, after) == 0)
		return now;
	return arena_printf(arena, "%s → %s", now, after);
}

static const char *carry_answer(const struct front *front)
{
	struct arena *arena = front->say.arena;
	const cJSON *client = carry_hold(front, "hold-client");
	const char *now = carry_now_text(arena, client);
	const char *after = carry_after_text(arena, client);
	if (!*now)
		return "No load test was given, and the limits are not known.";
	size_t changes = carry_changes_needed(arena, front->root, "hold-client");
	const char *allow = "one change allows";
	if (changes > 1)
		allow = arena_printf(arena, "%zu changes allow", changes);
	if (changes == 0 || strcmp(now, after) == 0)
		return arena_printf(arena, "%s connections as a client.", now);
	return arena_printf(arena, "%s connections now; %s %s as a client.", now, allow, after);
}

static const char *carry_why(const struct front *front)
{
	static const char none[] = "No load test was given, so there is no verdict.";
	const char *limit = page_say_said(&front->say, carry_hold(front, "hold-client"), "binds_title");
	if (!*limit)
		return arena_printf(front->say.arena,
				"%s No limit of this host comes close to a thousand connections.",
				none);
	return arena_printf(front->say.arena, "%s The tightest limit now: %s.", none, limit);
}

static const char *carry_others(const struct front *front)
{
	struct arena *arena = front->say.arena;
	const char *server = carry_both(arena, carry_hold(front, "hold-server"));
	const char *churn = carry_both(arena, carry_hold(front, "hold-churn"));
	return arena_printf(arena,
			"As a server: %s connections. As a client that closes each connection after 1 s: %s.",
			server,
			churn);
}

static void carry_tile(const struct front *front, cJSON *tiles, const char *id, const char *name)
{
	cJSON *tile = cJSON_CreateObject();
	const cJSON *hold = carry_hold(front, id);
	const char *both = carry_both(front->say.arena, hold);
	page_say_text(tile, "name", name);
	page_say_text(tile, "strong", both);
	page_say_text(tile, "text", "connections");
	cJSON_AddItemToArray(tiles, tile);
}

void page_carry_tiles(const struct front *front, cJSON *tiles)
{
	carry_tile(front, tiles, "hold-client", "As a client, now → after");
	carry_tile(front, tiles, "hold-server", "As a server, now → after");
}

void page_carry_answer(const struct front *front)
{
	cJSON *to = front->say.page;
	page_say_text(to, "answer", carry_answer(front));
	page_say_text(to, "why", carry_why(front));
	page_say_text(to, "break", "");
	page_say_text(to, "after", carry_others(front));
}

const char *page_carry_trust(const struct front *front)
{
	const char *measured = "Calculated from this host's settings, not measured: --calibrate "
						   "measures this kernel. ";
	if (view_count(front->root, "calibration") > 0)
		measured = "Calculated; what was measured on this kernel is below. ";
	return arena_printf(front->say.arena,
			"%sAssumed: one destination, one process, and this side closes first. Safe means at "
			"most %s of each deciding limit. Not checked: CPU, bandwidth, the "
			"program's own memory.",
			measured,
			page_say_figure(&front->say,
					view_number(front->root, "target_utilization"),
					UNIT_RATIO));
}
