/* Thread groups that say how many users come each second, not how many there are: each user runs
 * one iteration. Sources: JMeter's scheduleParser.kt, ThreadScheduleProcessGenerator.kt,
 * OpenModelThreadGroup.kt; jmeter-plugins: ArrivalsThreadGroup.java,
 * FreeFormArrivalsThreadGroup.java. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/jmeter/jmeter.h"

enum {
	ROWS_MAX = 500
};

/* Seconds of the group's unit: "M" (which is the default) or "S". */
static double arrivals_unit(struct jmeter *j, const struct tree_node *node)
{
	const char *unit = jmeter_text(j, node, "Unit", NULL);
	if (unit && *unit == 'S')
		return 1;
	return 60;
}

/* At most so many users at once, where the group says so. */
static bool read_users_limit(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	double limit = 0;
	group->arrivals = true;
	group->threads = NAN;
	if (!jmeter_number(j, node, "ConcurrencyLimit", WORKLOAD_FIELDS, &limit, &group->threads_from))
		return false;
	if (limit > 0)
		group->threads = limit;
	return true;
}

bool jmeter_read_arrivals(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	double unit = arrivals_unit(j, node), target = 0, ramp = 0, hold = NAN;
	if (!read_users_limit(j, node, group) ||
			!jmeter_number(j, node, "TargetLevel", W_CONNECTIONS, &target, NULL) ||
			!jmeter_number(j, node, "RampUp", W_CONNECTIONS, &ramp, NULL) ||
			!jmeter_number(j, node, "Hold", W_DURATION, &hold, NULL))
		return false;
	jmeter_knot_add(j, group, 0, 0);
	jmeter_knot_add(j, group, ramp * unit, target / unit);
	if (!isnan(hold))
		group->end_s = (ramp + hold) * unit;
	return true;
}

/* A row of the schedule: from one rate to another in so long. */
static bool read_part(struct jmeter *j,
		const struct tree_node *row,
		double unit,
		struct jmeter_group *group)
{
	double part[3] = {0};
	size_t count = 0;
	for (const struct tree_node *cell = row->child; cell; cell = cell->next) {
		struct error inner;
		if (cell->kind != TREE_ELEMENT || count == COUNT_OF(part))
			continue;
		const char *text = jmeter_value(j, cell, NULL);
		if (!text || !quantity_read(text, &quantity_decimal, &part[count], &inner))
			return document_error(&j->document,
					cell,
					j->err,
					"\"%.40s\": not a number",
					cell->text);
		count++;
	}
	jmeter_knot_add(j, group, group->end_s, part[0] / unit);
	group->end_s += part[2] * unit;
	jmeter_knot_add(j, group, group->end_s, part[1] / unit);
	return true;
}

bool jmeter_read_free_form(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	const struct tree_node *rows = jmeter_node(node, "Schedule"), *row = NULL;
	size_t count = 0;
	if (!read_users_limit(j, node, group))
		return false;
	group->end_s = 0;
	if (rows)
		row = rows->child;
	for (; row; row = row->next) {
		if (row->kind != TREE_ELEMENT || !row->child)
			continue;
		if (++count > ROWS_MAX)
			return document_error(&j->document, row, j->err, "more than %d rows", ROWS_MAX);
		if (!read_part(j, row, arrivals_unit(j, node), group))
			return false;
	}
	return true;
}

/* The schedule of an Open Model Thread Group, while it is read. */
struct schedule {
	const char *at;
	double rate;  /* the last one that was said, a second */
	double begin; /* of the part before the next rate: its first rate */
	double from_s, now_s;
	bool open; /* arrivals since then: the next rate ends their line */
};

/* Blanks and comments. */
static void skip(struct schedule *s)
{
	for (;;) {
		const char *before = s->at;
		s->at += strspn(s->at, " \t\r\n");
		if (text_begins_with(s->at, "//"))
			s->at += strcspn(s->at, "\r\n");
		const char *end = NULL;
		if (text_begins_with(s->at, "/*"))
			end = strstr(s->at + 2, "*/");
		if (end)
			s->at = end + 2;
		if (s->at == before)
			return;
	}
}

static bool schedule_take(struct schedule *s, const char *word)
{
	size_t length = strlen(word);
	skip(s);
	if (strncasecmp(s->at, word, length) != 0 ||
			(isalpha((unsigned char)*word) && isalnum((unsigned char)s->at[length])))
		return false;
	s->at += length;
	return true;
}

static bool schedule_number(struct schedule *s, double *ret)
{
	char digits[32] = "0"; /* ".5" is a number, too */
	struct error ignored;
	skip(s);
	size_t length = strspn(s->at, "0123456789.");
	if (!length || length + 2 > sizeof digits)
		return false;
	memcpy(digits + 1, s->at, length);
	digits[length + 1] = '\0';
	s->at += length;
	return quantity_read(digits, &quantity_decimal, ret, &ignored);
}

/* Seconds of a unit: a word that begins so. */
static bool schedule_unit(struct schedule *s, double *ret)
{
	static const struct {
		const char *word;
		double seconds;
	} units[] = {{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
	skip(s);
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (strncasecmp(s->at, units[i].word, strlen(units[i].word)) != 0)
			continue;
		while (isalnum((unsigned char)*s->at) || *s->at == '_')
			s->at++;
		*ret = units[i].seconds;
		return true;
	}
	return false;
}

/* "(10 min 30 sec)" */
static bool schedule_time(struct schedule *s, double *ret)
{
	double number, unit, sum = 0;
	if (!schedule_take(s, "(") || !schedule_number(s, &number))
		return false;
	do {
		if (number == 0 && schedule_take(s, ")")) {
			*ret = sum;
			return true;
		}
		if (!schedule_unit(s, &unit))
			return false;
		sum += number * unit;
	} while (schedule_number(s, &number));
	*ret = sum;
	return schedule_take(s, ")");
}

/* "(50/min)", "(2 per sec)", "(0)" */
static bool schedule_rate(struct schedule *s, double *ret)
{
	double number, unit = 1;
	if (!schedule_take(s, "(") || !schedule_number(s, &number))
		return false;
	if (!(number == 0 && schedule_take(s, ")"))) {
		if (!schedule_take(s, "/") && !schedule_take(s, "per"))
			return false;
		if (!schedule_unit(s, &unit) || !schedule_take(s, ")"))
			return false;
	}
	*ret = number / unit;
	return true;
}

static void close_part(struct jmeter *j, struct jmeter_group *group, struct schedule *s, double end)
{
	if (!s->open)
		return;
	jmeter_knot_add(j, group, s->from_s, s->begin);
	jmeter_knot_add(j, group, s->now_s, end);
	s->open = false;
}

static bool read_step(struct jmeter *j, struct jmeter_group *group, struct schedule *s)
{
	double number;
	if (schedule_take(s, "rate")) {
		if (!schedule_rate(s, &number))
			return false;
		close_part(j, group, s, number);
		s->rate = number;
		return true;
	}
	bool pause = schedule_take(s, "pause");
	if (!pause && !schedule_take(s, "random_arrivals") && !schedule_take(s, "even_arrivals"))
		return false;
	if (!schedule_time(s, &number))
		return false;
	close_part(j, group, s, s->rate);
	s->open = true;
	s->from_s = s->now_s;
	s->begin = s->rate;
	s->now_s += number;
	if (!pause)
		return true;
	s->begin = 0;
	close_part(j, group, s, 0);
	return true;
}

bool jmeter_read_open_model(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	const struct tree_node *entry = jmeter_node(node, "OpenModelThreadGroup.schedule");
	struct schedule s = {.at = ""};
	group->arrivals = true;
	group->threads = NAN;
	if (entry)
		s.at = jmeter_value(j, entry, NULL);
	if (!entry || !s.at) {
		plan_ask(j->plan,
				j->context,
				arena_printf(j->arena,
						"%s: the schedule of the Open Model Thread Group is not known before the "
						"run; how many connections are open at peak",
						document_where(&j->document, node)),
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	group->threads_from = document_where(&j->document, entry);
	for (skip(&s); *s.at; skip(&s))
		if (group->knot_count > 2 * ROWS_MAX || !read_step(j, group, &s))
			return document_error(&j->document,
					entry,
					j->err,
					"schedule: expected rate(…/sec), random_arrivals(…), even_arrivals(…) or "
					"pause(…) at \"%.20s\"",
					text_clean(j->arena, s.at, strlen(s.at), 20));
	close_part(j, group, &s, s.rate);
	group->end_s = s.now_s;
	return true;
}
