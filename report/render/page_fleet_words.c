/* Words and orders that the parts of a fleet's page share. */
#include "report/render/page_fleet_words.h"

#include <math.h>
#include <string.h>

#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	NAMES_MAX = 6
};

void fleet_page_text(cJSON *object, const char *name, const char *text)
{
	cJSON_AddItemToObject(object, name, cJSON_CreateString(text));
}

const char *fleet_page_figure(const struct fleet_page *f, double number, enum unit unit)
{
	return view_figure_of(f->arena, number, unit);
}

double fleet_page_number(const struct fleet_page *f, const char *path)
{
	return view_number(f->root, path);
}

const char *fleet_page_whole(const struct fleet_page *f, double number)
{
	return fleet_page_figure(f, number, UNIT_COUNT);
}

const char *fleet_page_plural(const struct fleet_page *f, double count, const char *noun)
{
	const char *ending = "s";
	if (count == 1)
		ending = "";
	/* A proxy, proxies; but a day, days. */
	if (count != 1 && text_ends_with(noun, "y") && !text_ends_with(noun, "ay"))
		return arena_printf(f->arena,
				"%s %.*sies",
				fleet_page_whole(f, count),
				(int)strlen(noun) - 1,
				noun);
	return arena_printf(f->arena, "%s %s%s", fleet_page_whole(f, count), noun, ending);
}

/* "93 clients", "4 hosts". */
const char *fleet_page_hosts(const struct fleet_page *f, double count, const char *role)
{
	if (*role == '\0' || strcmp(role, "both") == 0)
		role = "host";
	return fleet_page_plural(f, count, role);
}

/* Above all of it a multiple says more than a share: 1,955 % is 19×. */
const char *fleet_page_share(const struct fleet_page *f, double share, double multiples_from)
{
	if (!(share >= multiples_from))
		return fleet_page_figure(f, share, UNIT_RATIO);
	if (share >= 10)
		return arena_printf(f->arena, "%s×", fleet_page_whole(f, floor(share)));
	return arena_printf(f->arena, "%.1f×", floor(share * 10 + 1e-9) / 10);
}

/* "24 h", "3 days". */
const char *fleet_page_age(const struct fleet_page *f, double seconds)
{
	const double hour = 3600, day = 86400;
	if (seconds >= 2 * day)
		return fleet_page_plural(f, floor(seconds / day), "day");
	if (seconds >= hour)
		return arena_printf(f->arena, "%.0f h", floor(seconds / hour));
	return fleet_page_figure(f, seconds, UNIT_SECONDS);
}

/* "2026-11-30 05:40 UTC" of a time as documents have it. */
const char *fleet_page_minute(const struct fleet_page *f, const char *path)
{
	const char *time = view_text(f->arena, f->root, path, 30);
	if (strlen(time) < 16)
		return time;
	return arena_printf(f->arena, "%.10s %.5s UTC", time, time + 11);
}

/* --- the order of classes: what fails comes first --- */

int fleet_page_rank(const cJSON *class)
{
	enum verdict verdict = document_verdict(class);
	if (verdict == VERDICT_FAIL)
		return 0;
	if (verdict == VERDICT_UNKNOWN)
		return 1;
	return 2;
}

/* A list of references: in the document's order within a rank. */
const cJSON **fleet_page_classes(const struct fleet_page *f, size_t *ret_count)
{
	const cJSON *classes = view_array(f->root, "classes"), *class;
	size_t most = view_count(f->root, "classes"), count = 0;
	const cJSON **list = arena_alloc(f->arena, (most + 1) * sizeof(const cJSON *));
	for (int rank = 0; rank <= 2; rank++) {
		cJSON_ArrayForEach(class, classes) {
			if (fleet_page_rank(class) == rank)
				list[count++] = class;
		}
	}
	*ret_count = count;
	return list;
}

/* --- names of hosts --- */

/* "gen-012, gen-037 and 4 more" of those for which `of` is the value of `member`. */
const char *fleet_page_names(const struct fleet_page *f, const char *member, const char *of)
{
	const cJSON *host;
	const char *names = "";
	size_t count = 0;
	cJSON_ArrayForEach(host, view_array(f->root, "hosts")) {
		if (strcmp(view_raw(host, member), of) != 0)
			continue;
		count++;
		const char *name = fleet_page_said(f, host, "name");
		if (count == 1)
			names = name;
		else if (count <= NAMES_MAX)
			names = arena_printf(f->arena, "%s, %s", names, name);
	}
	if (count <= NAMES_MAX)
		return names;
	const char *rest = fleet_page_whole(f, (double)(count - NAMES_MAX));
	return arena_printf(f->arena, "%s and %s more", names, rest);
}

size_t fleet_page_count(const struct fleet_page *f, const char *state)
{
	const cJSON *host;
	size_t count = 0;
	cJSON_ArrayForEach(host, view_array(f->root, "hosts"))
		count += strcmp(view_raw(host, "state"), state) == 0;
	return count;
}

const char *fleet_page_join(const struct fleet_page *f,
		const char *first,
		const char *between,
		const char *second)
{
	if (*first == '\0')
		return second;
	return arena_printf(f->arena, "%s%s%s", first, between, second);
}

const char *fleet_page_or_dash(const char *text)
{
	if (*text == '\0')
		return "–";
	return text;
}

const char *fleet_page_said(const struct fleet_page *f, const cJSON *node, const char *path)
{
	enum {
		CHARS_MAX = 300
	};
	return view_text(f->arena, node, path, CHARS_MAX);
}

const char *fleet_page_reach(const struct fleet_page *f, const cJSON *reach, const char *at_most)
{
	double scale = view_number(reach, "scale");
	double live = fleet_page_number(f, "workload.connections");
	const char *most = "";
	if (!isfinite(scale))
		return "";
	if (view_true(reach, "at_most"))
		most = at_most;
	const char *share = fleet_page_share(f, scale, 1);
	if (!(live > 0))
		return arena_printf(f->arena, "%s%s", most, share);
	double whole = floor(scale * live + 1e-6);
	const char *count = fleet_page_whole(f, whole);
	return arena_printf(f->arena, "%s%s (%s)", most, count, share);
}
