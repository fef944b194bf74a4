/* The last lines of size and fix: a word and key=value, for a log grep (docs/automation.md). */
#include <math.h>

#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/write.h"

/* " safe=758": in connections; in new ones per second where none of the plan stays open. */
static void short_load(struct text *out, const char *key, const cJSON *load, bool rate)
{
	char figure[NUMBER_TEXT_MAX];
	const char *member = "connections", *unit = "";
	if (rate)
		member = "open_rate_per_s";
	double value = view_number(load, member);
	if (isnan(value))
		return;
	if (rate && isfinite(value))
		unit = "/s";
	text_addf(out, " %s=%s%s", key, text_plain_number(figure, floor(value)), unit);
}

/* A name as one word of ASCII. */
static void short_word(struct text *out, const char *key, const char *name)
{
	if (!*name)
		return;
	text_addf(out, " %s=", key);
	for (; *name; name++) {
		if (*name > ' ' && *name < 0x7f)
			text_add_bytes(out, name, 1);
		else
			text_add(out, "_");
	}
}

static bool short_is_rate(const cJSON *document)
{
	return !(view_number(document, "plan.connections") > 0);
}

static void short_hosts(struct text *out, const cJSON *size)
{
	double hosts = view_number(size, "order.hosts");
	double least = view_number(size, "at_most.hosts");
	if (document_verdict(size) == VERDICT_UNKNOWN) {
		text_add(out, " hosts=unknown");
		if (least >= 1)
			text_addf(out, " hosts_at_least=%.0f", least);
		return;
	}
	if (hosts >= 1)
		text_addf(out, " hosts=%.0f", hosts);
	else
		text_add(out, " hosts=none");
}

void write_size_line(const cJSON *size, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const cJSON *each = view_object(size, "each.plan");
	bool one = view_number(size, "order.hosts") <= 1;
	double today = view_number(size, "hosts_needed.now");
	text_add(out, "headroom: SIZE");
	short_hosts(out, size);
	if (one)
		each = view_object(size, "plan");
	if (each && document_verdict(size) != VERDICT_UNKNOWN)
		short_load(out, "per_host", each, short_is_rate(size));
	if (today >= 1)
		text_addf(out, " today=%.0f", today);
	short_word(out, "type", view_text(arena, size, "order.type", 100));
	short_word(out, "image", view_text(arena, size, "image", 60));
	text_add(out, "\n");
}

static const char *short_fits(const cJSON *fix)
{
	if (document_verdict(fix) == VERDICT_UNKNOWN)
		return "unknown";
	if (view_true(fix, "fits_after"))
		return "yes";
	return "no";
}

void write_fix_line(const cJSON *fix, const struct write_options *options, struct text *out)
{
	(void)options;
	bool rate = short_is_rate(fix);
	if (document_verdict(fix) == VERDICT_NONE) {
		text_add(out, "headroom: FIX none\n");
		return;
	}
	text_addf(out, "headroom: FIX steps=%zu fits=%s", view_count(fix, "steps"), short_fits(fix));
	if (!view_object(fix, "at_most")) {
		short_load(out, "safe", view_object(fix, "max_safe"), rate);
		short_load(out, "after", view_object(fix, "max_safe_after"), rate);
	}
	text_add(out, "\n");
}
