/* Formatters: one row each. See format.h. */
#include "report/render/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/load.h"
#include "report/document/view.h"
#include "report/write/command.h"

static const char *format_clean(const struct formatted *v, const char *raw)
{
	return text_clean(v->arena, raw, strlen(raw), SHOWN_CHARS_MAX);
}

static const char *json(const struct formatted *v)
{
	char *printed = cJSON_PrintUnformatted(v->node);
	const char *shown = printed ? format_clean(v, printed) : "";
	free(printed);
	return shown;
}

static const char *with_unit(const struct formatted *v, enum unit unit)
{
	if (cJSON_IsObject(v->node) || cJSON_IsArray(v->node))
		return json(v);
	if (cJSON_IsString(v->node) && strcmp(v->node->valuestring, "unlimited") != 0)
		return format_clean(v, v->node->valuestring);
	return view_value(v->arena, v->node, "", unit);
}

static bool format_is_empty(const struct formatted *v)
{
	return cJSON_IsString(v->node) && *v->node->valuestring == '\0';
}

/* As machines write it: 60999. */
static const char *render_format_plain(const struct formatted *v)
{
	char out[NUMBER_TEXT_MAX];
	if (cJSON_IsNumber(v->node))
		return arena_strdup(v->arena, text_plain_number(out, v->node->valuedouble));
	return format_is_empty(v) ? words_say(v->arena, words_of(v->root), "empty", NULL)
							  : with_unit(v, UNIT_COUNT);
}

static const char *format_count(const struct formatted *v)
{
	return with_unit(v, UNIT_COUNT);
}
static const char *bytes(const struct formatted *v)
{
	return with_unit(v, UNIT_BYTES);
}
static const char *format_seconds(const struct formatted *v)
{
	return with_unit(v, UNIT_SECONDS);
}
static const char *per_s(const struct formatted *v)
{
	return with_unit(v, UNIT_PER_S);
}
static const char *ratio(const struct formatted *v)
{
	return with_unit(v, UNIT_RATIO);
}
static const char *format_number(const struct formatted *v)
{
	return with_unit(v, view_unit(v->parent, "quantity"));
}

/* Counts are whole: 0.83 sockets are 1. */
static const char *quantity(const struct formatted *v)
{
	const char *noun = view_text(v->arena, v->parent, "unit", 40);
	double number = view_number(v->node, "");
	bool counts = view_unit(v->parent, "quantity") == UNIT_COUNT;
	if (!counts || !*noun || !isfinite(number))
		return format_number(v);
	number = ceil(number);
	const char *figure = view_figure_of(v->arena, number, UNIT_COUNT);
	return arena_printf(v->arena, "%s %s", figure, noun);
}

static const char *value(const struct formatted *v)
{
	enum unit unit = UNIT_TEXT;
	unit_from_name(view_raw(v->parent, "unit"), &unit);
	if (format_is_empty(v))
		return words_say(v->arena, words_of(v->root), "empty", NULL);
	return with_unit(v, unit);
}

static const char *format_load_figures(const struct formatted *v, const struct load_point *load)
{
	const cJSON *words = words_of(v->root);
	const char *live = view_figure_of(v->arena, load->connections, UNIT_COUNT);
	const char *opens = view_figure_of(v->arena, load->open_rate_per_s, UNIT_PER_S);
	switch (load_says(load)) {
	case LOAD_SAYS_UNLIMITED:
		return words_say(v->arena, words, "load.unlimited", NULL);
	case LOAD_SAYS_CONNECTIONS:
		return words_say(v->arena, words, "load", "connections", live, NULL);
	case LOAD_SAYS_RATE:
		return opens;
	case LOAD_SAYS_BOTH:
		return words_say(v->arena, words, "load.rate", "connections", live, "rate", opens, NULL);
	case LOAD_SAYS_NOTHING:
		break;
	}
	return "–";
}

/* A load point in the words of the page. */
static const char *format_load(const struct formatted *v)
{
	const struct load_point load = document_load(v->arena, v->node);
	const cJSON *words = words_of(v->root);
	const char *text = format_load_figures(v, &load);
	const char *without = load_without_text(v->arena, load.without);
	enum load_says says = load_says(&load);
	bool bound = load.at_most && says != LOAD_SAYS_NOTHING;
	if (bound && says == LOAD_SAYS_UNLIMITED)
		return "–";
	if (bound)
		text = words_say(v->arena, words, "load.at-most", "load", text, NULL);
	if (*without)
		text = arena_printf(v->arena, "%s (%s)", text, without);
	return text;
}

/* RFC 3339 to "2026-05-20 08:00:00 UTC"; anything else as it is. */
static const char *utc_time(const struct formatted *v)
{
	const char *shown = format_plain(v);
	unsigned n[6];
	char zone = 0;
	if (sscanf(shown,
				"%4u-%2u-%2uT%2u:%2u:%2u%c",
				&n[0],
				&n[1],
				&n[2],
				&n[3],
				&n[4],
				&n[5],
				&zone) != 7 ||
			zone != 'Z')
		return shown;
	return arena_printf(v->arena,
			"%04u-%02u-%02u %02u:%02u:%02u UTC",
			n[0],
			n[1],
			n[2],
			n[3],
			n[4],
			n[5]);
}

/* The time of day of an RFC 3339 time. */
static const char *clock_time(const struct formatted *v)
{
	const char *raw = view_raw(v->node, "");
	return strlen(raw) >= 20 && raw[10] == 'T' ? text_clean(v->arena, raw + 11, 8, 0)
											   : format_plain(v);
}

/* The title of the limit with this id; the id itself if there is none. */
static const char *resource(const struct formatted *v)
{
	const char *title =
			view_text(v->arena, view_resource(v->root, view_raw(v->node, "")), "title", 80);
	return *title ? title : format_plain(v);
}

static const char *upper(const struct formatted *v)
{
	char *word = arena_strdup(v->arena, format_plain(v));
	for (char *at = word; *at; at++) {
		*at = ascii_upper(*at);
		if (*at == '-')
			*at = ' ';
	}
	return word;
}

static const char *format_join(const struct formatted *v)
{
	struct text text = {0};
	const cJSON *item;
	cJSON_ArrayForEach(item, v->node) {
		struct formatted one = {.arena = v->arena, .node = item, .argument = ""};
		text_addf(&text, "%s%s", text.length ? ", " : "", format_plain(&one));
	}
	return text_take(v->arena, &text);
}

/* A text of several lines: each is cleaned, the line breaks stay. */
/* Never cut: they are copied. */
static const char *lines(const struct formatted *v)
{
	struct text text = {0};
	const cJSON *line;
	cJSON_ArrayForEach(line, v->node) {
		const char *raw = view_raw(line, "");
		if (text.length)
			text_add(&text, "\n");
		text_add(&text, text_clean(v->arena, raw, strlen(raw), 0));
	}
	for (const char *at = view_raw(v->node, ""); *at;) {
		size_t length = strcspn(at, "\n");
		text_add(&text, text_clean(v->arena, at, length, 0));
		at += length;
		if (*at == '\n' && *++at)
			text_add(&text, "\n");
	}
	return text_take(v->arena, &text);
}

static const char *format_command(const struct formatted *v)
{
	return command_shown(v->arena, v->node);
}

/* A run of blanks: "··", from five on "·×12". */
static void add_blanks(struct text *text, size_t count)
{
	if (count > 4)
		text_addf(text, "·×%zu ", count);
	for (size_t i = 0; count <= 4 && i < count; i++)
		text_add(text, "·");
}

/* Raw bytes of a file with the white space that matters made visible. */
static const char *visible(const struct formatted *v)
{
	enum {
		RAW_CHARS_MAX = 200
	};
	struct text text = {0};
	for (const char *at = view_raw(v->node, ""); *at; at++) {
		size_t blanks = strspn(at, " ");
		if (*at == '\t')
			text_add(&text, "→");
		else if (*at == '\n')
			text_add(&text, "↵");
		else if (blanks > 1 || (blanks == 1 && at[1] == '\0'))
			add_blanks(&text, blanks);
		else
			text_add_bytes(&text, at, 1);
		at += blanks > 1 ? blanks - 1 : 0;
	}
	const char *shown = text_clean(v->arena, text_string(&text), text.length, RAW_CHARS_MAX);
	text_release(&text);
	return shown;
}

static const char *brief(const struct formatted *v)
{
	size_t most = strtoul(v->argument, NULL, 10);
	return text_clean(v->arena,
			view_raw(v->node, ""),
			strlen(view_raw(v->node, "")),
			most ? most : 12);
}

static const char *digest(const struct formatted *v)
{
	const char *hex = view_raw(v->node, "");
	size_t length = strspn(hex, "0123456789abcdef");
	return arena_copy(v->arena, hex, length < 12 ? length : 12);
}

static const char *link(const struct formatted *v)
{
	const char *url = view_raw(v->node, "");
	return format_is_link(url) ? url : "";
}

static const char *anchor(const struct formatted *v)
{
	enum {
		ANCHOR_MAX = 60
	};
	struct text text = {0};
	for (const char *at = view_raw(v->node, ""); *at && text.length < ANCHOR_MAX; at++) {
		char lower = ascii_lower(*at);
		bool plain = ascii_is_lower(lower) || ascii_is_digit(lower);
		text_add_bytes(&text, plain ? &lower : "-", 1);
	}
	return text_take(v->arena, &text);
}

/* A text before the value, nothing if there is no value. Quotes keep blanks: after '; set by '. */
static const char *after(const struct formatted *v)
{
	const char *shown = format_plain(v), *text = v->argument;
	size_t size = strlen(text);
	bool quoted = size > 1 && text[0] == '\'' && text[size - 1] == '\'';
	if (*shown == '\0')
		return "";
	return arena_printf(v->arena,
			"%.*s%s",
			(int)(quoted ? size - 2 : size),
			quoted ? text + 1 : text,
			shown);
}

static const char *length(const struct formatted *v)
{
	int elements = cJSON_IsArray(v->node) || cJSON_IsObject(v->node) ? cJSON_GetArraySize(v->node)
																	 : 0;
	return view_figure_of(v->arena, elements, UNIT_COUNT);
}

/* "1 host", "2 hosts": the argument is the singular. */
static const char *plural(const struct formatted *v)
{
	bool list = cJSON_IsArray(v->node);
	double n = list ? cJSON_GetArraySize(v->node) : view_number(v->node, "");
	return arena_printf(v->arena,
			"%s %s%s",
			list ? length(v) : format_count(v),
			v->argument,
			n >= 1 && n <= 1 ? "" : "s");
}

const struct format_row format_rows[] = {
		{"count", format_count, "a number with thousands separators"},
		{"bytes", bytes, "KiB, MiB, GiB"},
		{"seconds", format_seconds, "seconds, or milliseconds below one"},
		{"per_s", per_s, "a rate: 250/s"},
		{"ratio", ratio, "0.75 as 75%"},
		{"number", format_number, "in the unit that the sibling member quantity names"},
		{"quantity", quantity, "the same, with the noun of the sibling member unit: 30,000 ports"},
		{"value", value, "a fact's value in the unit of its sibling member unit"},
		{"load", format_load, "a load point: 10,587 connections, 176/s"},
		{"plain", render_format_plain, "a number without separators, as machines write it"},
		{"time", utc_time, "2026-05-20 08:00:00 UTC"},
		{"clock", clock_time, "the time of day of a time"},
		{"resource", resource, "the title of the limit with this id"},
		{"upper", upper, "capital letters, dashes as blanks"},
		{"join", format_join, "a list, separated by commas"},
		{"lines", lines, "a text of several lines, or a list of them; never cut"},
		{"command", format_command, "a command, as a line for a POSIX shell; never cut"},
		{"visible", visible, "raw text; tab, newline and runs of blanks become visible"},
		{"brief", brief, "brief 60: at most so many characters (12)"},
		{"digest", digest, "the first 12 hexadecimal digits"},
		{"link", link, "an https URL of harmless characters, else nothing"},
		{"anchor", anchor, "letters, digits and dashes, for id and href"},
		{"after", after, "after '; ': a text before the value, nothing if there is no value"},
		{"length", length, "the number of elements"},
		{"plural", plural, "plural host: 1 host, 2 hosts"},
		{"json", json, "compact JSON"},
};

const size_t format_row_count = COUNT_OF(format_rows);

const struct format_row *format_find(const char *name, size_t name_length)
{
	for (size_t i = 0; i < format_row_count; i++)
		if (strlen(format_rows[i].name) == name_length &&
				strncmp(format_rows[i].name, name, name_length) == 0)
			return &format_rows[i];
	return NULL;
}

const char *format_plain(const struct formatted *v)
{
	if (!v->node || cJSON_IsNull(v->node))
		return "";
	bool words = cJSON_IsArray(v->node) && (!v->node->child || cJSON_IsString(v->node->child));
	return words ? format_join(v) : with_unit(v, UNIT_COUNT);
}

bool format_is_link(const char *url)
{
	static const char allowed[] =
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/._~%#?=&-";
	enum {
		URL_MAX = 500
	};
	size_t size = strlen(url);
	return text_begins_with(url, "https://") && size > 8 && size <= URL_MAX &&
			strspn(url, allowed) == size;
}
