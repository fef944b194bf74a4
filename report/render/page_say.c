/* How a page says what the document has. */
#include "report/render/page_say.h"

#include <math.h>
#include <string.h>

#include "report/document/verdict.h"
#include "report/document/view.h"

void page_say_text(cJSON *object, const char *name, const char *text)
{
	cJSON_AddItemToObject(object, name, cJSON_CreateString(text));
}

const char *page_say_figure(const struct page_say *f, double number, enum unit unit)
{
	return view_figure_of(f->arena, number, unit);
}

double page_say_number(const struct page_say *f, const char *path)
{
	return view_number(f->root, path);
}

const char *page_say_whole(const struct page_say *f, double number)
{
	return page_say_figure(f, number, UNIT_COUNT);
}

const char *page_say_plural(const struct page_say *f, double count, const char *noun)
{
	const char *ending = "s";
	if (count == 1)
		ending = "";
	/* A proxy, proxies; but a day, days. */
	if (count != 1 && text_ends_with(noun, "y") && !text_ends_with(noun, "ay"))
		return arena_printf(f->arena,
				"%s %.*sies",
				page_say_whole(f, count),
				(int)strlen(noun) - 1,
				noun);
	return arena_printf(f->arena, "%s %s%s", page_say_whole(f, count), noun, ending);
}

/* Above all of it a multiple says more than a share: 1,955% is 19×. */
const char *page_say_share(const struct page_say *f, double share, double multiples_from)
{
	if (!(share >= multiples_from))
		return page_say_figure(f, share, UNIT_RATIO);
	if (share >= 10)
		return arena_printf(f->arena, "%s×", page_say_whole(f, floor(share)));
	return arena_printf(f->arena, "%.1f×", floor(share * 10 + 1e-9) / 10);
}

/* "24 h", "3 days". */
const char *page_say_age(const struct page_say *f, double seconds)
{
	const double hour = 3600, day = 86400;
	if (seconds >= 2 * day)
		return page_say_plural(f, floor(seconds / day), "day");
	if (seconds >= hour)
		return arena_printf(f->arena, "%.0f h", floor(seconds / hour));
	return page_say_figure(f, seconds, UNIT_SECONDS);
}

/* "2026-11-30 05:40 UTC" of a time as documents have it. */
const char *page_say_minute(const struct page_say *f, const char *path)
{
	const char *time = view_text(f->arena, f->root, path, 30);
	if (strlen(time) < 16)
		return time;
	return arena_printf(f->arena, "%.10s %.5s UTC", time, time + 11);
}

const char *page_say_join(const struct page_say *f,
		const char *first,
		const char *between,
		const char *second)
{
	if (*first == '\0')
		return second;
	return arena_printf(f->arena, "%s%s%s", first, between, second);
}

const char *page_say_said(const struct page_say *f, const cJSON *node, const char *path)
{
	enum {
		CHARS_MAX = 300
	};
	return view_text(f->arena, node, path, CHARS_MAX);
}

const char *page_say_or_dash(const char *text)
{
	if (*text == '\0')
		return "–";
	return text;
}
