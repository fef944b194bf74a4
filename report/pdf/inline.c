#include "report/pdf/inline.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/render/node.h"
#include "report/write/columns.h"
#include "report/write/command.h"

static const char zero_width_space[] = "\xE2\x80\x8B"; /* U+200B */
static const char object[] = "\xEF\xBF\xBC";           /* U+FFFC: where a drawing stands */

struct inline_text {
	struct flow *flow;
	struct text text;
	PangoAttrList *attributes;
	double width;   /* of the cell */
	bool line_ends; /* what comes next begins a line: a block of code ended here */
	struct link *links;
	size_t link_count, link_capacity;
};

static void inline_collect(struct inline_text *in, const xmlNode *node, struct style style);
static void inline_add_text(struct inline_text *in, const char *content, const struct style *style);

static void inline_mark(struct inline_text *in, PangoAttribute *attribute, size_t start)
{
	attribute->start_index = (guint)start;
	attribute->end_index = (guint)in->text.length;
	pango_attr_list_insert(in->attributes, attribute);
}

/* The last byte, or NUL if there is none. */
static char last_of(const struct text *text)
{
	if (text->length == 0)
		return '\0';
	return text->data[text->length - 1];
}

/* A short word stays whole. */
static bool is_long_word(const char *before, const char *at)
{
	enum {
		WHOLE_CHARS = 20
	};
	static const char blanks[] = " \t\n\r";
	const char *start = at;
	while (start > before && !strchr(blanks, start[-1]))
		start--;
	return strcspn(start, blanks) > WHOLE_CHARS;
}

/* A line may end inside "net.ipv4.tcp_mem" or a path, and between the numbers of a raw text.
 * U+200B, which allows it, has no width and no glyph. */
static bool may_break(const char *before, const char *at)
{
	static const char dot[] = "\xC2\xB7";     /* U+00B7: a blank made visible */
	static const char tab[] = "\xE2\x86\x92"; /* U+2192: a tab made visible */
	if (at <= before)
		return false;
	if (strncmp(at - 1, dot, 2) == 0)
		return at[1] != '\0' && strncmp(at + 1, dot, 2) != 0;
	if (at - before >= 2 && strncmp(at - 2, tab, 3) == 0)
		return at[1] != '\0';
	if (!strchr("._/:=-", *at))
		return false;
	return g_ascii_isalnum(at[-1]) && g_ascii_isalnum(at[1]) && is_long_word(before, at);
}

/* White space is folded as in HTML, except in pre. */
static void fold_text(struct inline_text *in, const char *safe, const struct style *style)
{
	for (const char *at = safe; *at; at++) {
		bool white = strchr(" \t\n\r", *at) != NULL;
		bool blank = strchr(" \n", last_of(&in->text)) != NULL; /* also where nothing is yet */
		if (!white || style->pre)
			text_add_bytes(&in->text, at, 1);
		else if (!blank)
			text_add(&in->text, " ");
		if (style->mono && style->breaks && may_break(safe, at))
			text_add(&in->text, zero_width_space);
	}
}

/* The blank keeps words apart when text is extracted. */
static void end_line(struct inline_text *in, const char *content)
{
	if (!in->line_ends || content[strspn(content, " \t\n\r")] == '\0')
		return;
	in->line_ends = false;
	if (in->text.length > 0 && last_of(&in->text) != '\n')
		text_add(&in->text, " \n");
}

/* Of the fonts for code: an advance of 0.6 em. */
static const double code_advance = 0.605;
/* Below this it cannot be read. */
static const double code_shrinks_to = 0.45;

static size_t code_columns(const struct inline_text *in, const struct style *style)
{
	double advance = style->size * code_advance;
	return (size_t)fmax(20, (in->width - 12) / advance);
}

/* Of a PDF only what is drawn is copied: a character that the fonts lack is not, and two blanks in
 * a row come back as one, or as more, which counts within quotes. Blanks that begin a line are kept
 * by their place. */
static bool comes_back(const struct inline_text *in, const char *code)
{
	const char *drawn = type_safe(in->flow->type, in->flow->arena, code);
	if (strcmp(drawn, code) != 0)
		return false;
	for (const char *line = code; *line; line += strspn(line, "\n")) {
		line += strspn(line, " ");
		size_t length = strcspn(line, "\n");
		bool quotes = memchr(line, '"', length) || memchr(line, '\'', length);
		if (quotes && memmem(line, length, "  ", 2))
			return false;
		line += length;
	}
	return true;
}

static size_t longest_line(struct arena *arena, const char *code)
{
	size_t longest = 1;
	while (*code) {
		size_t length = strcspn(code, "\n");
		size_t wide = columns_of(arena_copy(arena, code, length));
		if (wide > longest)
			longest = wide;
		code += length;
		code += strspn(code, "\n");
	}
	return longest;
}

static void say_not_shown(struct inline_text *in, const struct style *style)
{
	struct style words = *style;
	const cJSON *root = in->flow->input->root;
	words.mono = words.pre = false;
	words.color = COLOR_INK2;
	inline_add_text(in, words_say(in->flow->arena, words_of(root), "pdf.not-copied", NULL), &words);
}

/* How far the paragraph has come since its last line feed; about, as words are set narrower than
 * code. */
static size_t columns_since_line(const struct inline_text *in)
{
	const char *text = text_string(&in->text);
	const char *line = strrchr(text, '\n');
	if (line)
		line++;
	else
		line = text;
	return columns_of(line);
}

/* Behind words of several lines nobody knows here where a line ends: a long command begins its own,
 * so that it is not broken inside a word. */
static size_t inline_begin_command(struct inline_text *in, const char *content, size_t columns)
{
	size_t since = columns_since_line(in);
	size_t wide = longest_line(in->flow->arena, content);
	if (since < columns || wide < columns / 3)
		return since % columns;
	text_add(&in->text, "\n");
	return 0;
}

/* Code is broken nowhere but where a shell allows it; a line that is too long gets smaller type. */
static void inline_add_code(struct inline_text *in, const char *content, struct style style)
{
	struct arena *arena = in->flow->arena;
	size_t columns = code_columns(in, &style);
	end_line(in, content);
	const struct command_place place = {
			.rest = "",
			.at = inline_begin_command(in, content, columns),
			.width = columns,
	};
	size_t start = in->text.length;
	if (style.command)
		content = command_fold(arena, content, &place);
	double scale = (double)columns / (double)longest_line(arena, content);
	if (scale < code_shrinks_to || !comes_back(in, content)) {
		say_not_shown(in, &style);
		return;
	}
	style.size *= fmin(1, scale);
	inline_add_text(in, content, &style);
	inline_mark(in, pango_attr_allow_breaks_new(FALSE), start);
}

/* Is it a path or an option, which reads as one word? */
static bool inline_is_path(const char *word, size_t length)
{
	return memchr(word, '/', length) || strncmp(word, "--", 2) == 0;
}

/* Pango would end a line behind the "/" of a path. One that is not too long moves to the next line
 * as a whole. */
static void keep_paths(struct inline_text *in, size_t start, const struct style *style)
{
	size_t most = code_columns(in, style) * 2 / 3;
	const char *text = in->text.data;
	size_t at = start;
	while (at < in->text.length) {
		size_t length = strcspn(text + at, " \n");
		if (length > 1 && length <= most && inline_is_path(text + at, length)) {
			PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);
			whole->start_index = (guint)at;
			whole->end_index = (guint)(at + length);
			pango_attr_list_insert(in->attributes, whole);
		}
		at += length + 1;
	}
}

static void inline_add_text(struct inline_text *in, const char *content, const struct style *style)
{
	end_line(in, content);
	size_t start = in->text.length;
	const struct type *type = in->flow->type;
	const struct theme *theme = in->flow->input->theme;
	const char *safe = type_safe(type, in->flow->arena, content);
	fold_text(in, safe, style);
	if (in->text.length == start)
		return;
	if (!style->mono)
		keep_paths(in, start, style);
	if (style->mono) {
		const char *family = type_family(type, true);
		inline_mark(in, pango_attr_family_new(family), start);
	}
	if (style->bold)
		inline_mark(in, pango_attr_weight_new(PANGO_WEIGHT_BOLD), start);
	int size = (int)(style->size * PANGO_SCALE);
	inline_mark(in, pango_attr_size_new_absolute(size), start);
	inline_mark(in, type_color(theme, style->color), start);
}

static void add_canvas(struct inline_text *in,
		const struct canvas *canvas,
		const struct style *style)
{
	size_t start = in->text.length;
	int size = (int)(style->size * 0.9 * PANGO_SCALE);
	PangoRectangle place = {
			.x = 0,
			.y = -size * 17 / 20,
			.width = size,
			.height = size,
	};
	gpointer data = (gpointer)(guintptr)canvas;
	text_add(&in->text, object);
	PangoAttribute *shape = pango_attr_shape_new_with_data(&place, &place, data, NULL, NULL);
	inline_mark(in, shape, start);
}

static void add_link(struct inline_text *in, size_t start, const char *target)
{
	struct arena *arena = in->flow->arena;
	struct link link = {
			.start = (int)start,
			.end = (int)in->text.length,
			.target = arena_strdup(arena, target),
	};
	in->links = arena_grow(arena, in->links, in->link_count, &in->link_capacity, sizeof link);
	in->links[in->link_count++] = link;
}

static void restyle(const struct flow *flow, const xmlNode *node, struct style *style)
{
	const struct theme *theme = flow->input->theme;
	bool headline = node_has_class(node, "headline");
	if (node_is(node, "strong") || headline)
		style->bold = true;
	if (headline)
		style->size *= 1.2;
	if (node_is(node, "code") && !style->mono) {
		style->mono = true;
		double least = fmin(style->size, theme->pdf.small);
		style->size = fmax(style->size * 0.93, least);
	}
	if (node_has_class(node, "note")) {
		style->size = fmin(style->size, theme->pdf.small);
		style->color = COLOR_INK2;
	}
	if (node_is(node, "pre")) {
		style->pre = style->mono = true;
		style->size = theme->pdf.mono;
		style->color = COLOR_INK;
	}
	if (node_has_class(node, "command"))
		style->command = true;
}

/* A line of little height. */
static void add_gap(struct inline_text *in)
{
	const double gap = 3;
	size_t start = in->text.length;
	text_add(&in->text, " \n");
	inline_mark(in, pango_attr_size_new_absolute((int)(gap * PANGO_SCALE)), start);
}

/* A command on the line of the words before it; a second one begins its own. */
static bool runs_on(const xmlNode *node)
{
	const xmlNode *before = xmlPreviousElementSibling((xmlNode *)(guintptr)node);
	return node_has_class(node, "run") && !node_is(before, "pre");
}

static void add_element(struct inline_text *in, const xmlNode *node, struct style style)
{
	if (node_is_left_out(node, "pdf"))
		return;
	if (node_is(node, "br")) {
		text_add(&in->text, " \n"); /* the blank keeps words apart when text is extracted */
		if (node_has_class(node, "gap"))
			add_gap(in);
		return;
	}
	if (node_canvas(node)) {
		add_canvas(in, node_canvas(node), &style);
		return;
	}
	const char *target = "";
	if (node_is(node, "a"))
		target = node_attribute(node, "href");
	size_t start = in->text.length;
	if (*target)
		style.color = COLOR_S1;
	restyle(in->flow, node, &style);
	bool block = node_is(node, "pre");
	in->line_ends = in->line_ends || (block && !runs_on(node));
	inline_collect(in, node, style);
	in->line_ends = in->line_ends || block;
	if (*target && in->text.length > start)
		add_link(in, start, target);
}

static void inline_collect(struct inline_text *in, const xmlNode *node, struct style style)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		bool text = child->type == XML_TEXT_NODE && child->content;
		if (text && style.pre && style.mono)
			inline_add_code(in, (const char *)child->content, style);
		else if (text)
			inline_add_text(in, (const char *)child->content, &style);
		else if (child->type == XML_ELEMENT_NODE)
			add_element(in, child, style);
	}
}

static void trim_end(struct text *text)
{
	while (last_of(text) == ' ') {
		text->length--;
		text->data[text->length] = '\0';
	}
}

static struct cell inline_finish(struct inline_text *in,
		const struct style *style,
		double x,
		double width)
{
	if (!style->pre)
		trim_end(&in->text);
	PangoLayout *layout = type_layout(in->flow->type,
			text_string(&in->text),
			style->size,
			style->bold,
			style->mono);
	PangoAttrList *whole = pango_attr_list_copy(pango_layout_get_attributes(layout));
	pango_attr_list_splice(whole, in->attributes, 0, 0);
	pango_layout_set_attributes(layout, whole);
	pango_attr_list_unref(whole);
	pango_attr_list_unref(in->attributes);
	pango_layout_set_line_spacing(layout, 1.12F);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	text_release(&in->text);
	return (struct cell){.layout = layout,
			.x = x,
			.width = width,
			.tag = "P",
			.text = style->color,
			.links = in->links,
			.link_count = in->link_count};
}

struct cell inline_cell(struct flow *flow,
		const xmlNode *node,
		const struct style *style,
		double x,
		double width)
{
	struct inline_text in = {
			.flow = flow,
			.attributes = pango_attr_list_new(),
			.width = width,
	};
	struct style inner = *style;
	restyle(flow, node, &inner);
	if (node_canvas(node))
		add_canvas(&in, node_canvas(node), &inner);
	else
		inline_collect(&in, node, inner);
	return inline_finish(&in, &inner, x, width);
}

struct cell inline_wide_cell(struct flow *flow, const xmlNode *node, const struct style *style)
{
	double width = flow->width - flow->indent;
	return inline_cell(flow, node, style, flow->indent, width);
}

struct cell inline_text_cell(struct flow *flow,
		const char *text,
		const struct style *style,
		double x,
		double width)
{
	struct inline_text in = {
			.flow = flow,
			.attributes = pango_attr_list_new(),
			.width = width,
	};
	inline_add_text(&in, text, style);
	return inline_finish(&in, style, x, width);
}
