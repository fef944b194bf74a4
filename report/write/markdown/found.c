/* What else was found, the facts that limits cite, and how to get this again. */
#include <string.h>

#include "base/shell.h"
#include "base/text.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/markdown/markdown.h"
#include "report/write/markup.h"

enum {
	FACTS_MAX = 40
};

static void found_add(const struct markdown *m,
		const cJSON *item,
		const char *label,
		const char *text)
{
	if (!view_object(item, "")) {
		text_addf(m->out, "* %s\n", markdown_string(m, item, "", 80));
		return;
	}
	const char *before = markdown_string(m, item, label, 80);
	const char *what = markdown_string(m, item, text, 0);
	text_addf(m->out, "* %s: %s\n", before, what);
}

static void found_add_list(const struct markdown *m,
		const char *title,
		const cJSON *list,
		const char *label,
		const char *text)
{
	const cJSON *item;
	size_t shown = 0;
	size_t count = (size_t)cJSON_GetArraySize(list);
	if (!count)
		return;
	text_addf(m->out, "%s:\n\n", title);
	cJSON_ArrayForEach(item, list) {
		if (shown == MARKDOWN_ITEMS_MAX)
			break;
		shown++;
		found_add(m, item, label, text);
	}
	text_add(m->out, "\n");
	markdown_rest(m, count, shown);
}

void markdown_found(const struct markdown *m)
{
	const cJSON *findings = view_array(m->document, "findings");
	const cJSON *hits = view_array(m->document, "hit_since_boot");
	if (!cJSON_GetArraySize(findings) && !cJSON_GetArraySize(hits))
		return;
	markdown_fold(m, "What else was found");
	found_add_list(m, "Findings", findings, "severity", "text");
	found_add_list(m, "Hit since boot", hits, "counter", "meaning");
	markdown_unfold(m);
}

static bool fact_is_cited_by(const cJSON *limit, const char *key)
{
	const cJSON *name;
	if (document_status(limit) == STATUS_NOT_APPLICABLE)
		return false;
	cJSON_ArrayForEach(name, view_array(limit, "facts")) {
		if (strcmp(view_raw(name, ""), key) == 0)
			return true;
	}
	return false;
}

static bool fact_is_cited(const cJSON *document, const cJSON *fact)
{
	const cJSON *limit;
	const char *key = view_raw(fact, "key");
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		if (fact_is_cited_by(limit, key))
			return true;
	}
	return false;
}

static void facts_add_row(const struct markdown *m, const cJSON *fact)
{
	const char *instance = markdown_string(m, fact, "instance", 60);
	const char *value = view_value(m->arena, fact, "value", view_unit(fact, "unit"));
	const char *shown = text_clean(m->arena, value, strlen(value), 80);
	const char *between = "";
	if (*instance)
		between = " ";
	if (strcmp(view_raw(fact, "status"), "known") != 0)
		shown = view_text(m->arena, fact, "status", 40);
	text_addf(m->out,
			"| %s%s%s | %s | %s |\n",
			markdown_string(m, fact, "key", 80),
			between,
			instance,
			markdown_escaped(m, shown),
			markdown_string(m, fact, "where", 120));
}

void markdown_facts(const struct markdown *m)
{
	const cJSON *fact;
	size_t shown = 0;
	cJSON_ArrayForEach(fact, view_array(m->document, "facts")) {
		if (!fact_is_cited(m->document, fact) || shown == FACTS_MAX)
			continue;
		if (!shown++) {
			markdown_fold(m, "Facts that the limits use");
			text_add(m->out, "| fact | value | read from |\n|---|--:|---|\n");
		}
		facts_add_row(m, fact);
	}
	if (!shown)
		return;
	text_add(m->out, "\nAll others are in the audit document (JSON).\n\n");
	markdown_unfold(m);
}

/* The command line as a shell takes it; "" where it cannot be shown. */
static const char *again_command(const struct markdown *m)
{
	struct command_words line = {0};
	const cJSON *word;
	cJSON_ArrayForEach(word, view_array(m->document, "command_line"))
		name_list_append(m->arena, &line.words, view_raw(word, ""));
	const char *shown = shell_line(m->arena, &line);
	if (!line.words.count || !shown)
		return "";
	return shown;
}

void markdown_again(const struct markdown *m)
{
	const char *command = again_command(m);
	const char *digest = markdown_string(m, m->document, "digest.facts", 80);
	if (!*command)
		return;
	markdown_fold(m, "Reproduce this report");
	markup_add_code(m->arena, m->out, "sh", command);
	if (*digest)
		text_addf(m->out, "Facts: sha256:%s\n\n", digest);
	markdown_unfold(m);
}
