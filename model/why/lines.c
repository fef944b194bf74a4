/* Counts the causes that lines name, and fills in what a line says. */
#include "model/why/lines.h"

#include <string.h>

#include "base/text.h"

enum {
	JOINED_MAX = 1 << 16, /* a longer text is no single broken line */
	FRAMES_ABOVE = 3,     /* of a stack trace: Python has them before its error */
	FRAMES_BELOW = 5      /* Java and Node behind it */
};

struct search {
	struct arena *arena;
	const struct why_table *table;
	const struct rules *rules;
	unsigned low, high;
	struct why_founds *founds;
};

static struct why_found *found_of(struct search *search, const struct why_found *found)
{
	struct why_founds *founds = search->founds;
	for (size_t i = 0; i < founds->count; i++) {
		struct why_found *item = &founds->items[i];
		if (item->limit == found->limit && item->cause == found->cause)
			return item;
	}
	founds->items = arena_grow(search->arena,
			founds->items,
			founds->count,
			&founds->capacity,
			sizeof *found);
	founds->items[founds->count] = *found;
	return &founds->items[founds->count++];
}

static void add_cause(struct search *search, const struct why_line *line, size_t place)
{
	const char *id = line->text->causes.items[place];
	struct why_found found = {.line = line, .place = place};
	found.limit = rules_limit(search->rules, id);
	if (!found.limit)
		found.cause = rules_cause(search->rules, id);
	if (!found.limit && !found.cause)
		return;
	if (found.cause && !why_cause_possible(found.cause, line, search->low, search->high))
		return;
	struct why_found *item = found_of(search, &found);
	item->lines++;
	if (place < item->place)
		item->place = place;
}

static const char *line_end(const char *at)
{
	return at + strcspn(at, "\n");
}

/* The line before this one, or NULL. */
static const char *line_before(const char *text, const char *line)
{
	if (line == text)
		return NULL;
	line--;
	while (line > text && line[-1] != '\n')
		line--;
	return line;
}

static bool is_frame(const char *line)
{
	return *line == ' ' || *line == '\t';
}

/* What a line of a stack trace belongs to: *start is moved before the frames above, the return
 * value is behind those below. */
static const char *with_frames(const char *text, const char **start, const char *end)
{
	const char *before = line_before(text, *start);
	for (int i = 0; i < FRAMES_ABOVE && before && is_frame(before); i++) {
		*start = before;
		before = line_before(text, before);
	}
	for (int i = 0; i < FRAMES_BELOW && *end == '\n' && is_frame(end + 1); i++)
		end = line_end(end + 1);
	return end;
}

/* A line that says the error and not the call: the frames around it may. */
static void ask_frames(struct search *search,
		const char *text,
		const char *line,
		struct why_line *ret)
{
	struct why_line again;
	const char *start = line;
	const char *end = with_frames(text, &start, line_end(line));
	if (end - start > JOINED_MAX)
		return;
	if (start == line && end == line_end(line))
		return;
	size_t length = (size_t)(end - start);
	if (!why_match_line(search->arena, search->table, start, length, &again))
		return;
	if (again.call && again.error == ret->error)
		*ret = again;
}

/* `line` is one of those of `text`. */
static bool take_line(struct search *search, const char *text, const char *at, size_t length)
{
	struct why_line line;
	(void)why_match_line(search->arena, search->table, at, length, &line);
	if (line.error && !line.call)
		ask_frames(search, text, at, &line);
	if (!line.text)
		return false;
	struct why_line *kept = arena_alloc(search->arena, sizeof *kept);
	*kept = line;
	for (size_t i = 0; i < line.text->causes.count; i++)
		add_cause(search, kept, i);
	search->founds->known++;
	return true;
}

/* More lines first, of those the one that they say sooner. The rest as it was found. */
static int compare_founds(const struct why_found *x, const struct why_found *y)
{
	int by_place = (x->place > y->place) - (x->place < y->place);
	bool one_first = !x->place || !y->place;
	if (by_place != 0 && one_first)
		return by_place;
	if (x->lines > y->lines)
		return -1;
	if (x->lines < y->lines)
		return 1;
	return by_place;
}

/* Few, and in an order that must stay: by insertion. */
static void sort_founds(struct why_founds *founds)
{
	for (size_t i = 1; i < founds->count; i++) {
		struct why_found item = founds->items[i];
		size_t at = i;
		for (; at && compare_founds(&founds->items[at - 1], &item) > 0; at--)
			founds->items[at] = founds->items[at - 1];
		founds->items[at] = item;
	}
}

void why_find(struct arena *arena,
		const struct why_table *table,
		const char *text,
		unsigned low,
		unsigned high,
		struct why_founds *ret)
{
	struct search search = {
			.arena = arena,
			.table = table,
			.rules = why_table_rules(table),
			.low = low,
			.high = high,
			.founds = ret,
	};
	*ret = (struct why_founds){0};
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		(void)take_line(&search, text, line, length);
		line += length + (line[length] == '\n');
	}
	size_t length = strlen(text);
	if (!ret->known && length <= JOINED_MAX)
		(void)take_line(&search, text, text, length);
	sort_founds(ret);
}

struct filler {
	struct arena *arena;
	const struct why_place *place;
	struct text out;
	bool unknown; /* something was not known */
};

static const char *shown_to(struct filler *filler)
{
	const struct why_place *place = filler->place;
	if (!place->host || !place->port)
		return place->host;
	if (strchr(place->host, ':'))
		return arena_printf(filler->arena, "[%s]:%u", place->host, place->port);
	return arena_printf(filler->arena, "%s:%u", place->host, place->port);
}

/* {to}, {host} or {port} at the beginning of `text`: its length, or 0. */
static size_t fill_name(struct filler *filler, const char *text)
{
	static const char *const names[] = {"{to}", "{host}", "{port}"};
	const char *value = NULL;
	size_t i = 0;
	while (i < 3 && !text_begins_with(text, names[i]))
		i++;
	if (i == 3)
		return 0;
	if (i == 0)
		value = shown_to(filler);
	else if (i == 1)
		value = filler->place->host;
	else if (filler->place->port)
		value = arena_printf(filler->arena, "%u", filler->place->port);
	if (value)
		text_add(&filler->out, value);
	else
		filler->unknown = true;
	return strlen(names[i]);
}

static void fill_part(struct filler *filler, const char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t name = fill_name(filler, text + i);
		if (name > 0) {
			i += name;
			continue;
		}
		text_add_bytes(&filler->out, text + i, 1);
		i++;
	}
}

/* "[[…]]" at the beginning of `text`: its length. */
static size_t fill_optional(struct filler *filler, const char *text)
{
	const char *end = strstr(text, "]]");
	if (!end)
		return 0;
	size_t before = filler->out.length;
	bool unknown = filler->unknown;
	filler->unknown = false;
	fill_part(filler, text + 2, (size_t)(end - text) - 2);
	if (filler->unknown && filler->out.length > before) {
		filler->out.length = before;
		filler->out.data[before] = '\0';
	}
	filler->unknown = unknown;
	return (size_t)(end - text) + 2;
}

const char *why_fill(struct arena *arena, const char *text, const struct why_line *line)
{
	struct filler filler = {.arena = arena, .place = &line->to};
	if (!line->to.host && !line->to.port)
		filler.place = &line->local;
	while (*text) {
		size_t plain = strcspn(text, "[");
		fill_part(&filler, text, plain);
		text += plain;
		size_t optional = 0;
		if (text_begins_with(text, "[["))
			optional = fill_optional(&filler, text);
		if (optional == 0 && *text) {
			text_add_bytes(&filler.out, text, 1);
			optional = 1;
		}
		text += optional;
	}
	bool good = !filler.unknown && filler.out.length;
	const char *filled = text_take(arena, &filler.out);
	if (!good)
		return NULL;
	return filled;
}
