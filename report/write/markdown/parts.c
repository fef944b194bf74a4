/* What the parts of the Markdown view share. */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "report/document/load.h"
#include "report/document/view.h"
#include "report/write/markdown/markdown.h"
#include "report/write/markup.h"
#include "report/write/script.h"

const char *markdown_escaped(const struct markdown *m, const char *text)
{
	struct text out = {0};
	markup_add_markdown(&out, text);
	return text_take(m->arena, &out);
}

const char *markdown_string(const struct markdown *m,
		const cJSON *node,
		const char *path,
		size_t max_chars)
{
	const char *text = view_text(m->arena, node, path, max_chars);
	return markdown_escaped(m, text);
}

const char *markdown_load(const struct markdown *m, const cJSON *node, const char *path)
{
	const cJSON *load = view_object(node, path);
	return document_load_text(m->arena, load);
}

const char *markdown_figure(const struct markdown *m, const cJSON *node, const char *path)
{
	enum unit unit = view_unit(node, "quantity");
	return view_figure(m->arena, node, path, unit);
}

const char *markdown_joined(const struct markdown *m, const cJSON *texts)
{
	struct text line = {0};
	const char *between = "";
	const cJSON *item;
	cJSON_ArrayForEach(item, texts) {
		text_addf(&line, "%s%s", between, markdown_string(m, item, "", 80));
		between = ", ";
	}
	return text_take(m->arena, &line);
}

void markdown_item(const struct markdown *m, const char *label, const char *text)
{
	if (*text)
		text_addf(m->out, "* %s: %s\n", label, text);
}

bool markdown_script(const struct markdown *m, const cJSON *fix, const char *name)
{
	static const struct script_place place = {
			.first = "",
			.rest = "",
			.width = SIZE_MAX,
	};
	struct text lines = {0};
	bool any = script_add(m->arena, &lines, fix, name, &place);
	if (any)
		markup_add_code(m->arena, m->out, "sh", text_string(&lines));
	text_release(&lines);
	return any;
}

void markdown_rest(const struct markdown *m, size_t count, size_t shown)
{
	if (count > shown)
		text_addf(m->out, "%zu more in the audit document.\n\n", count - shown);
}

void markdown_fold(const struct markdown *m, const char *title)
{
	text_addf(m->out, "<details><summary>%s</summary>\n\n", title);
}

void markdown_unfold(const struct markdown *m)
{
	text_add(m->out, "</details>\n\n");
}
