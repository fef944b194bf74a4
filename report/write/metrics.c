#include "report/write/metrics.h"

#include <math.h>

/* Backslash, newline, and in labels the double quote. */
static void metrics_escape(struct text *out, const char *text, bool label)
{
	for (const char *at = text; *at; at++) {
		bool quote = label && *at == '"';
		if (*at == '\n')
			text_add(out, "\\n");
		else if (*at == '\\' || quote)
			text_addf(out, "\\%c", *at);
		else
			text_add_bytes(out, at, 1);
	}
}

void metrics_head(struct text *out, const char *name, const char *help, const char *type)
{
	text_addf(out, "# HELP %s ", name);
	metrics_escape(out, help, false);
	text_addf(out, "\n# TYPE %s %s\n", name, type);
}

static void metrics_add_label(struct text *out, const char *before, const struct metrics_label *one)
{
	text_add(out, before);
	text_addf(out, "%s=\"", one->name);
	metrics_escape(out, one->value, true);
	text_add(out, "\"");
}

void metrics_add(struct text *out,
		const char *name,
		const struct metrics_label *labels,
		size_t count,
		double number)
{
	char plain[NUMBER_TEXT_MAX] = "+Inf";
	const char *before = "{";
	text_add(out, name);
	for (size_t i = 0; i < count; i++) {
		if (!labels[i].value)
			continue;
		metrics_add_label(out, before, &labels[i]);
		before = ",";
	}
	if (*before == ',')
		text_add(out, "}");
	if (!isinf(number))
		text_plain_number(plain, number);
	text_addf(out, " %s\n", plain);
}
