/* headroom.why/1 for a ticket (Markdown) and as a page of its own (HTML): the blocks of the screen,
 * with commands as code. */
#include <string.h>

#include "report/document/view.h"
#include "report/write/markup.h"
#include "report/write/script.h"
#include "report/write/why_page.h"
#include "report/write/write.h"

enum {
	LINE_CHARS = 200
};

/* --- Markdown ------------------------------------------------------------------------------- */

static void markdown_label(struct text *out, const char *label)
{
	if (!label || *label == '\0')
		return;
	text_add(out, "**");
	markup_add_markdown(out, label);
	text_add(out, "**: ");
}

/* What keeps it: where, and the lines. */
static const char *file_lines(struct arena *arena, const struct why_block *block)
{
	struct text lines = {0};
	script_add_file(arena, &lines, block->file, "");
	return text_take(arena, &lines);
}

static void markdown_file(struct arena *arena, struct text *out, const struct why_block *block)
{
	text_add(out, "\n");
	const char *path = view_text(arena, block->file, "path", 0);
	markdown_label(out, block->label);
	if (*path && !strchr(path, '`'))
		text_addf(out, "in `%s`", path);
	else
		markup_add_markdown(out, block->text);
	text_add(out, ":\n\n");
	markup_add_code(arena, out, "", file_lines(arena, block));
}

static void markdown_block(struct arena *arena, struct text *out, const struct why_block *block)
{
	static const char *const before[] = {
			[WHY_BLOCK_CAUSE] = "### ",
			[WHY_BLOCK_NAME] = "",
			[WHY_BLOCK_LINE] = "* ",
			[WHY_BLOCK_COMMAND] = "",
			[WHY_BLOCK_FILE] = "",
			[WHY_BLOCK_TITLE] = "## ",
	};
	if (block->kind == WHY_BLOCK_TITLE && *block->text == '\0')
		return;
	if (block->kind == WHY_BLOCK_COMMAND) {
		text_add(out, "\n");
		markdown_label(out, block->label);
		text_add(out, "\n\n");
		markup_add_code(arena, out, "sh", block->text);
		return;
	}
	if (block->kind == WHY_BLOCK_FILE) {
		markdown_file(arena, out, block);
		return;
	}
	bool heading = block->kind == WHY_BLOCK_CAUSE || block->kind == WHY_BLOCK_TITLE;
	if (heading)
		text_add(out, "\n");
	text_add(out, before[block->kind]);
	markdown_label(out, block->label);
	markup_add_markdown(out, block->text);
	text_add(out, "\n");
	if (block->kind != WHY_BLOCK_LINE)
		text_add(out, "\n");
}

/* "headroom: WHY none", cleaned. */
static const char *last_line(const cJSON *document, const struct write_options *options)
{
	struct text line = {0};
	write_why_line(document, options, &line);
	const char *text = text_take(options->arena, &line);
	return text_clean(options->arena, text, strcspn(text, "\n"), LINE_CHARS);
}

/* Where and when, in a line. */
static const char *why_where(struct arena *arena, const cJSON *document)
{
	return arena_printf(arena,
			"%s, %s, %s",
			view_text(arena, document, "host.name", LINE_CHARS),
			view_text(arena, document, "host.vantage", LINE_CHARS),
			view_text(arena, document, "created", LINE_CHARS));
}

void write_why_markdown(const cJSON *document,
		const struct write_options *options,
		struct text *out)
{
	struct arena *arena = options->arena;
	const struct why_page page = why_page_of(arena, document, true);
	text_add(out, "# Why does it fail?\n\n");
	markup_add_markdown(out, why_where(arena, document));
	text_add(out, "\n");
	for (size_t i = 0; i < page.count; i++)
		markdown_block(arena, out, &page.blocks[i]);
	text_add(out, "\n");
	markup_add_code(arena, out, "", last_line(document, options));
}

/* --- HTML ----------------------------------------------------------------------------------- */

/* No script, no address: the page shows what is in it, and loads nothing. */
static const char html_head[] =
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>Why does it fail? - headroom</title>\n<style>\n"
		":root { color-scheme: light dark; }\n"
		"body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto;"
		" padding: 0 1rem; }\n"
		"h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }\n"
		"h3 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; padding-left: .75rem;"
		" border-left: .35rem solid #888; }\n"
		"h3.bad { border-color: #c4281c; } h3.care { border-color: #b07800; }\n"
		"p { margin: .25rem 0; } p b { display: inline-block; min-width: 7rem; }\n"
		"p.more { padding-left: 7.25rem; } p.where, p.name { color: GrayText; }\n"
		"pre { white-space: pre-wrap; padding: .75rem; border: 1px solid #8886; }\n"
		"p, pre { overflow-wrap: anywhere; }\n"
		"</style>\n</head>\n<body>\n<main>\n<h1>Why does it fail?</h1>\n";

static void html_element(struct text *out, const char *open, const char *text, const char *close)
{
	text_add(out, open);
	markup_add_html(out, text);
	text_add(out, close);
}

static void html_line(struct text *out, const struct why_block *block)
{
	if (!block->label) {
		html_element(out, "<p>", block->text, "</p>\n");
		return;
	}
	if (*block->label == '\0') {
		html_element(out, "<p class=\"more\">", block->text, "</p>\n");
		return;
	}
	html_element(out, "<p><b>", block->label, "</b> ");
	html_element(out, "", block->text, "</p>\n");
}

static void html_cause(struct text *out, const struct why_block *block)
{
	const char *open = "<h3>";
	if (block->tone == TONE_BAD)
		open = "<h3 class=\"bad\">";
	if (block->tone == TONE_CARE)
		open = "<h3 class=\"care\">";
	html_element(out, open, block->label, ": ");
	html_element(out, "", block->text, "</h3>\n");
}

static void html_file(struct arena *arena, struct text *out, const struct why_block *block)
{
	const char *path = view_text(arena, block->file, "path", 0);
	html_element(out, "<p><b>", block->label, "</b> ");
	if (*path)
		html_element(out, "in <code>", path, "</code>:</p>\n");
	else
		html_element(out, "", block->text, ":</p>\n");
	html_element(out, "<pre><code>", file_lines(arena, block), "</code></pre>\n");
}

static void html_block(struct arena *arena, struct text *out, const struct why_block *block)
{
	switch (block->kind) {
	case WHY_BLOCK_CAUSE:
		html_cause(out, block);
		return;
	case WHY_BLOCK_NAME:
		html_element(out, "<p class=\"name\">", block->text, "</p>\n");
		return;
	case WHY_BLOCK_TITLE:
		if (*block->text)
			html_element(out, "<h2>", block->text, "</h2>\n");
		return;
	case WHY_BLOCK_COMMAND:
		if (*block->label)
			html_element(out, "<p><b>", block->label, "</b></p>\n");
		html_element(out, "<pre><code>", block->text, "</code></pre>\n");
		return;
	case WHY_BLOCK_FILE:
		html_file(arena, out, block);
		return;
	case WHY_BLOCK_LINE:
		html_line(out, block);
		return;
	}
}

void write_why_html(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const struct why_page page = why_page_of(arena, document, true);
	text_add(out, html_head);
	html_element(out, "<p class=\"where\">", why_where(arena, document), "</p>\n");
	for (size_t i = 0; i < page.count; i++)
		html_block(arena, out, &page.blocks[i]);
	html_element(out, "<pre>", last_line(document, options), "</pre>\n");
	text_add(out, "</main>\n</body>\n</html>\n");
}
