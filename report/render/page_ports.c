/* page.charts.ports: the range of outgoing ports, what is reserved in it and who listens in it, as
 * rows first to last; only where there is such a thing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/page.h"

enum {
	PORT_ROWS_MAX = 200
};

struct span {
	double first, last;
};

static const cJSON *fact_of(const cJSON *root, const char *key, const char *instance)
{
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(root, "facts"))
		if (strcmp(view_raw(fact, "key"), key) == 0 &&
				(!instance || strcmp(view_raw(fact, "instance"), instance) == 0))
			return fact;
	return NULL;
}

static void page_ports_add_row(cJSON *rows, const char *title, struct span span, const char *note)
{
	if (cJSON_GetArraySize(rows) >= PORT_ROWS_MAX)
		return;
	cJSON *row = cJSON_CreateObject();
	cJSON_AddStringToObject(row, "title", title);
	cJSON_AddNumberToObject(row, "first", span.first);
	cJSON_AddNumberToObject(row, "last", span.last);
	cJSON_AddStringToObject(row, "note", note);
	cJSON_AddItemToArray(rows, row);
}

/* The kernel's list: "8080,9148-9150". */
static void add_reserved(cJSON *rows, const char *title, const char *list, struct span range)
{
	while (*list >= '0' && *list <= '9') {
		char *end;
		struct span span;
		span.first = span.last = (double)strtoul(list, &end, 10);
		if (*end == '-')
			span.last = (double)strtoul(end + 1, &end, 10);
		if (span.first <= span.last && span.last >= range.first && span.first <= range.last)
			page_ports_add_row(rows, title, span, "reserved");
		list = *end == ',' ? end + 1 : "";
	}
}

static bool port_is_reserved(const cJSON *rows, double port)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		bool reserved = strcmp(view_raw(row, "note"), "reserved") == 0;
		if (reserved && port >= view_number(row, "first") && port <= view_number(row, "last"))
			return true;
	}
	return false;
}

/* "8080 nginx" */
static const char *listener_title(struct arena *arena, const cJSON *root, const cJSON *fact)
{
	const cJSON *process = fact_of(root, "listener.process", view_raw(fact, "instance"));
	const char *name = view_text(arena, process, "value", 16);
	char figure[NUMBER_TEXT_MAX];
	(void)text_plain_number(figure, view_number(fact, "value"));
	if (!*name)
		return arena_printf(arena, "%s", figure);
	return arena_printf(arena, "%s %s", figure, name);
}

/* The listener in the range with the lowest port above the last one; NULL: none. Two addresses of
 * one port are one listener here. */
static const cJSON *next_listener(const cJSON *root, struct span range, double above)
{
	const cJSON *fact, *next = NULL;
	double lowest = INFINITY;
	cJSON_ArrayForEach(fact, view_array(root, "facts")) {
		double port = view_number(fact, "value");
		if (strcmp(view_raw(fact, "key"), "listener.port") != 0)
			continue;
		if (!(port >= range.first && port <= range.last))
			continue;
		if (port <= above || port >= lowest)
			continue;
		lowest = port;
		next = fact;
	}
	return next;
}

/* Those in the range; a reserved port is never given out, so that its listener is in nobody's way.
 */
static void page_ports_add_listeners(struct arena *arena,
		const cJSON *root,
		cJSON *rows,
		struct span range)
{
	const cJSON *fact = next_listener(root, range, -1);
	while (fact && cJSON_GetArraySize(rows) < PORT_ROWS_MAX) {
		double port = view_number(fact, "value");
		const char *note = "inside";
		if (port_is_reserved(rows, port))
			note = "listener";
		const struct span span = {port, port};
		page_ports_add_row(rows, listener_title(arena, root, fact), span, note);
		fact = next_listener(root, range, port);
	}
}

static void page_ports_tell(struct arena *arena,
		const cJSON *root,
		struct span range,
		struct text *out)
{
	char first[NUMBER_TEXT_MAX], last[NUMBER_TEXT_MAX];
	const cJSON *usable = fact_of(root, "ports.usable", NULL),
				*inside = fact_of(root, "ports.listeners_in_range", NULL);
	const cJSON *words = words_of(root);
	text_add(out,
			words_say(arena,
					words,
					"ports.finding",
					"first",
					text_plain_number(first, range.first),
					"last",
					text_plain_number(last, range.last),
					NULL));
	if (isfinite(view_number(usable, "value")))
		text_add(out,
				words_say(arena,
						words,
						"ports.finding.usable",
						"ports",
						view_figure(arena, usable, "value", UNIT_COUNT),
						NULL));
	text_add(out, words_say(arena, words, "ports.finding.end", NULL));
	if (isfinite(view_number(inside, "value")))
		text_add(out,
				words_say(arena,
						words,
						"ports.finding.listeners",
						"listeners",
						view_figure(arena, inside, "value", UNIT_COUNT),
						NULL));
}

void page_ports(struct arena *arena, const cJSON *root, cJSON *charts)
{
	struct span range = {view_number(fact_of(root, "ports.low", NULL), "value"),
			view_number(fact_of(root, "ports.high", NULL), "value")};
	const cJSON *limit = view_resource(root, "ephemeral-ports");
	bool applies = limit && document_status(limit) != STATUS_NOT_APPLICABLE;
	bool matters = view_array(root, "holds") || applies;
	if (!matters || !(range.first >= 0 && range.first <= range.last && range.last <= 65535))
		return;
	cJSON *rows = cJSON_CreateArray();
	const cJSON *words = words_of(root);
	page_ports_add_row(rows, words_say(arena, words, "ports.range", NULL), range, "range");
	add_reserved(rows,
			words_say(arena, words, "ports.reserved", NULL),
			view_raw(fact_of(root, "net.ipv4.ip_local_reserved_ports", NULL), "value"),
			range);
	page_ports_add_listeners(arena, root, rows, range);
	if (cJSON_GetArraySize(rows) < 2) { /* nothing in the range: nothing to draw */
		cJSON_Delete(rows);
		return;
	}
	struct text finding = {0};
	page_ports_tell(arena, root, range, &finding);
	cJSON *chart = cJSON_AddObjectToObject(charts, "ports");
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	cJSON_AddItemToObject(chart, "rows", rows);
	text_release(&finding);
}
