/* Puts the PDF together: fonts, flow, pages, metadata, cairo, the finishing pass. It draws nothing
 * itself. */
#include "report/pdf/pdf.h"

#include <cairo-pdf.h>
#include <string.h>

#include "base/os/clock.h"
#include "report/chart/chart.h"
#include "report/chart/paint.h"
#include "report/document/view.h"
#include "report/pdf/draw.h"
#include "report/pdf/flow.h"
#include "report/render/node.h"

/* --- the file ------------------------------------------------------------------------------- */

/* A date that depends on the content only: SOURCE_DATE_EPOCH, else the document's. */
static const char *creation_date(const struct pdf_input *input)
{
	char date[CLOCK_TEXT_MAX];
	time_t moment;
	if (clock_source_date(&moment) == SOURCE_DATE_GIVEN)
		return arena_strdup(input->arena, clock_utc(moment, date));
	return view_text(input->arena, input->root, "created", 30);
}

static const char *content_of(struct arena *arena, const xmlNode *node)
{
	xmlChar *content = xmlNodeGetContent(node);
	if (!content)
		return "";
	const char *text = arena_strdup(arena, (const char *)content);
	xmlFree(content);
	return text;
}

/* The content of the first element of this name below the node, which may be NULL. */
static const char *pdf_text_of(const struct pdf_input *input, const xmlNode *node, const char *name)
{
	if (!node || node->type != XML_ELEMENT_NODE)
		return "";
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (node_is(child, name))
			return content_of(input->arena, child);
		const char *inner = pdf_text_of(input, child, name);
		if (*inner)
			return inner;
	}
	return "";
}

static const char *pdf_language(const struct pdf_input *input, const xmlNode *root)
{
	if (!root)
		return "en";
	const char *language = node_attribute(root, "lang");
	if (*language == '\0')
		return "en";
	return arena_strdup(input->arena, language);
}

static struct finish_input pdf_describe(const struct pdf_input *input)
{
	static const char json_name[] = "headroom.json", json_about[] = "audit document";
	struct arena *arena = input->arena;
	struct finish_attachment *attached = arena_alloc(arena, sizeof *attached);
	const xmlNode *root = xmlDocGetRootElement(input->doc);
	*attached = (struct finish_attachment){json_name, json_about, input->json, input->json_size};
	return (struct finish_input){
			.arena = arena,
			.language = pdf_language(input, root),
			.title = pdf_text_of(input, root, "title"),
			.subject = view_text(arena, input->root, "headline", 300),
			.creator = arena_printf(arena,
					"headroom %s",
					view_text(arena, input->root, "tool.version", 20)),
			.producer = arena_printf(arena, "cairo %s", cairo_version_string()),
			.date = creation_date(input),
			.accessible = !view_get(input->root, "page.template"),
			.attached = attached,
	};
}

/* cairo writes the current time unless it is given a date. */
static void set_metadata(const struct finish_input *finish, cairo_surface_t *surface)
{
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, finish->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, finish->subject);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, finish->creator);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, finish->date);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, finish->date);
}

static cairo_status_t pdf_take_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
	text_add_bytes(closure, (const char *)bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *new_surface(const struct theme *theme,
		const struct finish_input *finish,
		struct text *out)
{
	double width = theme->pdf.page_width, height = theme->pdf.page_height;
	cairo_surface_t *surface =
			cairo_pdf_surface_create_for_stream(pdf_take_bytes, out, width, height);
	set_metadata(finish, surface);
	return surface;
}

/* Finishing a broken surface may abort. */
static cairo_status_t close_surface(cairo_surface_t *surface, cairo_t *cr)
{
	cairo_status_t status = cairo_status(cr);
	cairo_destroy(cr);
	if (status == CAIRO_STATUS_SUCCESS) {
		cairo_surface_finish(surface);
		status = cairo_surface_status(surface);
	}
	cairo_surface_destroy(surface);
	return status;
}

static bool draw_document(const struct pdf_input *input,
		const struct type *type,
		struct finish_input *finish,
		struct text *out,
		struct error *err)
{
	const struct theme *theme = input->theme;
	double margin = theme->pdf.margin;
	struct flow flow = {
			.input = input,
			.type = type,
			.arena = input->arena,
			.width = theme->pdf.page_width - 2 * margin,
	};
	flow_build(&flow);
	struct sheets sheets = {
			.arena = input->arena,
			.flow = &flow,
			.top = margin + 12,
			.bottom = theme->pdf.page_height - margin - SHEET_GAP,
	};
	sheets_place(&sheets);
	cairo_surface_t *surface = new_surface(theme, finish, out);
	cairo_t *cr = cairo_create(surface);
	struct drawn drawn = {.tags = NULL};
	draw_sheets(&sheets, cr, &drawn);
	finish->tags = drawn.tags;
	finish->tag_count = drawn.count;
	cairo_status_t status = close_surface(surface, cr);
	flow_release(&flow);
	if (status != CAIRO_STATUS_SUCCESS)
		return error_fail(err, "cairo: %s", cairo_status_to_string(status));
	const char *complaint = type_complaint(type);
	return !complaint || error_fail(err, "%s", complaint);
}

bool pdf_write(const struct pdf_input *input,
		struct text *out,
		const char **ret_remark,
		struct error *err)
{
	struct type *type = type_open(input->font_dir, input->theme, err);
	struct finish_input finish = pdf_describe(input);
	struct text drawn = {0};
	struct error remark = {0};
	bool done = type && draw_document(input, type, &finish, &drawn, err);
	type_close(type);
	/* The finishing pass refuses what it does not recognize, as another version of cairo may write.
	 * cairo's own file is complete without it. */
	if (done && !finish_pdf(&finish, drawn.data, drawn.length, out, &remark))
		text_add_bytes(out, drawn.data, drawn.length);
	*ret_remark = arena_strdup(input->arena, remark.text);
	text_release(&drawn);
	return done;
}
