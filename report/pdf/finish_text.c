#include "report/pdf/finish_text.h"

#include "base/ascii.h"
#include "report/chart/svg.h"

static bool finish_text_is_date(const char *date)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	size_t i = 0;
	for (; form[i]; i++) {
		bool digit = ascii_is_digit(date[i]);
		if (form[i] == '0' && !digit)
			return false;
		if (form[i] != '0' && date[i] != form[i])
			return false;
	}
	return date[i] == '\0';
}

const char *finish_text_date(struct arena *arena, const char *date)
{
	if (!finish_text_is_date(date))
		return NULL;
	return arena_printf(arena,
			"D:%.4s%.2s%.2s%.2s%.2s%.2sZ",
			date,
			date + 5,
			date + 8,
			date + 11,
			date + 14,
			date + 17);
}

static void add_property(struct text *out, const char *name, const char *text)
{
	text_addf(out, "<%s>", name);
	svg_escape(text, out);
	text_addf(out, "</%s>\n", name);
}

static void add_local_property(struct text *out, const char *name, const char *text)
{
	text_addf(out, "<%s><rdf:Alt><rdf:li xml:lang=\"x-default\">", name);
	svg_escape(text, out);
	text_addf(out, "</rdf:li></rdf:Alt></%s>\n", name);
}

void finish_text_xmp(const struct finish_input *input, struct text *out)
{
	text_add(out,
			"<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
			"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
			"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
			"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
			"xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
			"xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" "
			"xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
			"<dc:format>application/pdf</dc:format>\n");
	add_local_property(out, "dc:title", input->title);
	add_local_property(out, "dc:description", input->subject);
	text_add(out, "<dc:language><rdf:Bag><rdf:li>");
	svg_escape(input->language, out);
	text_add(out, "</rdf:li></rdf:Bag></dc:language>\n");
	add_property(out, "xmp:CreatorTool", input->creator);
	if (finish_text_is_date(input->date)) {
		add_property(out, "xmp:CreateDate", input->date);
		add_property(out, "xmp:ModifyDate", input->date);
	}
	add_property(out, "pdf:Producer", input->producer);
	if (input->accessible)
		add_property(out, "pdfuaid:part", "1");
	text_add(out, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
}
