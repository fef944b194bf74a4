/* GitHub workflow commands: one annotation per limit that fails, warns or is unknown, and one for
 * the verdict. Escaping as in actions/toolkit (packages/core/src/command.ts): % CR LF in the
 * message, and : , as well in properties. */
#include <string.h>

#include "report/document/badge.h"
#include "report/document/baseline.h"
#include "report/document/notes.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/foreign.h"
#include "report/write/write.h"

enum {
	HEADLINE_CHARS = 600
};

static void github_add_escaped(struct text *out, const char *text, bool property)
{
	for (const char *at = text; *at; at++) {
		bool special = *at == '%' || *at == '\r' || *at == '\n' ||
				(property && (*at == ':' || *at == ','));
		if (special)
			text_addf(out, "%%%02X", (unsigned)(unsigned char)*at);
		else
			text_add_bytes(out, at, 1);
	}
}

static void annotate(struct text *out, const char *level, const char *title, const char *message)
{
	text_addf(out, "::%s title=", level);
	github_add_escaped(out, title, true);
	text_add(out, "::");
	github_add_escaped(out, message, false);
	text_add(out, "\n");
}

static const char *level_of(const cJSON *document, const cJSON *resource)
{
	enum status status = document_status(resource);
	bool serious = status == STATUS_FAIL || status == STATUS_UNKNOWN;
	bool counts = !view_true(resource, "ignored") && !view_true(resource, "waived");
	if (baseline_is_known(document, resource))
		counts = false;
	if (serious && !counts)
		return "notice";
	if (status == STATUS_FAIL)
		return "error";
	if (status == STATUS_UNKNOWN)
		return "warning";
	if (status == STATUS_WARN && counts)
		return "warning";
	return NULL;
}

static const char *github_level_of_verdict(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_FAIL:
		return "error";
	case VERDICT_UNKNOWN:
		return "warning";
	case VERDICT_PASS:
	case VERDICT_NONE:
		break;
	}
	return "notice";
}

static const char *github_level_of_run(const cJSON *document)
{
	if (!cJSON_IsFalse(view_get(document, "gate.certified")))
		return "notice";
	if (baseline_run_is_known(document))
		return "warning";
	return "error";
}

static void add_resource(const cJSON *document,
		const cJSON *resource,
		struct arena *arena,
		struct text *out)
{
	const char *level = level_of(document, resource);
	if (!level)
		return;
	enum unit unit = view_unit(resource, "quantity");
	const char *title = view_text(arena, resource, "title", 80),
			   *reason = view_text(arena, resource, "reason", 300);
	const char *message = reason;
	if (document_status(resource) != STATUS_UNKNOWN)
		message = arena_printf(arena,
				"%s: %s needed, %s available (%s; %s)",
				title,
				view_needed(arena, resource),
				view_figure(arena, resource, "capacity", unit),
				view_figure(arena, resource, "utilization", UNIT_RATIO),
				view_object(resource, "calibrated") ? "measured" : "modelled");
	const char *excuse = document_excuse(arena, document, resource);
	if (*excuse)
		message = arena_printf(arena, "%s; %s", message, excuse);
	const char *id = view_text(arena, resource, "id", 60);
	annotate(out, level, arena_printf(arena, "headroom %s", id), message);
}

static void github_add_notes(const cJSON *document, struct arena *arena, struct text *out)
{
	const struct notes notes = document_notes(arena, document);
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *note = &notes.items[i];
		annotate(out, "notice", arena_printf(arena, "headroom %s", note->label), note->text);
	}
}

void write_github(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const char *level = github_level_of_verdict(badge_verdict(document));
	if (*view_raw(document, "gate.sentence"))
		level = github_level_of_run(document);
	const char *title = arena_printf(arena, "headroom %s", badge_text(arena, document));
	annotate(out, level, title, view_text(arena, document, "headline", HEADLINE_CHARS));
	github_add_notes(document, arena, out);
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, "resources"))
		add_resource(document, item, arena, out);
	cJSON_ArrayForEach(item, view_array(document, "foreign"))
		annotate(out, "notice", "headroom judged by", foreign_line(arena, item));
	cJSON_ArrayForEach(item, view_array(document, "findings")) {
		if (!strcmp(view_raw(item, "severity"), "warning"))
			annotate(out,
					"notice",
					arena_printf(arena, "headroom %s", view_text(arena, item, "id", 60)),
					view_text(arena, item, "text", 600));
	}
}
