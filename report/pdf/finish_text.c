/* The texts of a finished PDF: strings, information, XMP, the attached file. */
#include <string.h>
#include <zlib.h>

#include "base/utf8.h"
#include "report/pdf/finish.h"

/* The next character; *text moves behind it. */
static uint32_t next_letter(const char **text)
{
	uint32_t letter;
	*text += utf8_next(*text, strnlen(*text, UTF8_MAX), &letter);
	return letter;
}

void finish_string(struct text *out, const char *text)
{
	text_add(out, "<FEFF");
	while (*text) {
		uint32_t letter = next_letter(&text);
		if (letter >= 0x10000)
			text_addf(out,
					"%04X%04X",
					0xD800 + ((letter - 0x10000) >> 10),
					0xDC00 + (letter & 0x3FF));
		else
			text_addf(out, "%04X", letter);
	}
	text_add(out, ">");
}

/* For XML: the five that mean something, and nothing that XML 1.0 forbids. */
static void finish_text_add_xml(struct text *out, const char *text)
{
	while (*text) {
		const char *from = text;
		uint32_t letter = next_letter(&text);
		if (letter == '<' || letter == '>' || letter == '&' || letter == '"' || letter == '\'')
			text_addf(out, "&#%u;", letter);
		else if (letter == 0xFFFD || (letter < 0x20 && letter != '\t' && letter != '\n') ||
				letter == 0xFFFE || letter == 0xFFFF)
			text_add(out, "\xEF\xBF\xBD");
		else
			text_add_bytes(out, from, (size_t)(text - from));
	}
}

static bool finish_text_is_date(const char *date)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	size_t i = 0;
	for (; form[i]; i++)
		if (form[i] == '0' ? date[i] < '0' || date[i] > '9' : date[i] != form[i])
			return false;
	return date[i] == '\0';
}

/* "(D:20260520080000Z)", ISO 32000-1, 7.9.4 */
static void add_date(struct text *out, const char *name, const char *date)
{
	if (finish_text_is_date(date))
		text_addf(out,
				" /%s (D:%.4s%.2s%.2s%.2s%.2s%.2sZ)",
				name,
				date,
				date + 5,
				date + 8,
				date + 11,
				date + 14,
				date + 17);
}

static void finish_text_add_member(struct text *out, const char *name, const char *text)
{
	text_addf(out, " /%s ", name);
	finish_string(out, text);
}

void finish_information(const struct finish_input *input, struct text *out)
{
	text_add(out, "<<");
	finish_text_add_member(out, "Title", input->title);
	finish_text_add_member(out, "Subject", input->subject);
	finish_text_add_member(out, "Creator", input->creator);
	finish_text_add_member(out, "Producer", input->producer);
	add_date(out, "CreationDate", input->date);
	add_date(out, "ModDate", input->date);
	text_add(out, " >>");
}

static void add_property(struct text *out,
		const char *name,
		const char *before,
		const char *text,
		const char *after)
{
	text_addf(out, "<%s>%s", name, before);
	finish_text_add_xml(out, text);
	text_addf(out, "%s</%s>\n", after, name);
}

/* XMP (ISO 16684-1): the same facts as in the information dictionary. */
void finish_xmp(const struct finish_input *input, struct text *out)
{
	static const char first[] = "<rdf:Alt><rdf:li xml:lang=\"x-default\">",
					  last[] = "</rdf:li></rdf:Alt>";
	struct text xmp = {0};
	text_add(&xmp,
			"<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
			"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
			"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
			"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
			"xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
			"xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n"
			"<dc:format>application/pdf</dc:format>\n");
	add_property(&xmp, "dc:title", first, input->title, last);
	add_property(&xmp, "dc:description", first, input->subject, last);
	add_property(&xmp, "dc:language", "<rdf:Bag><rdf:li>", input->language, "</rdf:li></rdf:Bag>");
	add_property(&xmp, "xmp:CreatorTool", "", input->creator, "");
	if (finish_text_is_date(input->date)) {
		add_property(&xmp, "xmp:CreateDate", "", input->date, "");
		add_property(&xmp, "xmp:ModifyDate", "", input->date, "");
	}
	add_property(&xmp, "pdf:Producer", "", input->producer, "");
	text_add(&xmp, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
	text_addf(out, "<< /Type /Metadata /Subtype /XML /Length %zu >>\nstream\n", xmp.length);
	text_add_bytes(out, xmp.data, xmp.length);
	text_add(out, "\nendstream");
	text_release(&xmp);
}

bool finish_file(const struct finish_input *input, struct text *out, struct error *err)
{
	const struct finish_attachment *file = input->attached;
	uLongf length = compressBound((uLong)file->size);
	char *packed = arena_alloc(input->arena, length);
	if (compress2((Bytef *)packed,
				&length,
				(const Bytef *)file->bytes,
				(uLong)file->size,
				Z_BEST_SPEED) != Z_OK)
		return error_fail(err, "the attached %s cannot be compressed", file->name);
	text_addf(out,
			"<< /Type /EmbeddedFile /Subtype /application#2Fjson /Filter /FlateDecode /Length %lu "
			"/Params "
			"<< /Size %zu",
			length,
			file->size);
	add_date(out, "ModDate", input->date);
	text_add(out, " >> >>\nstream\n");
	text_add_bytes(out, packed, length);
	text_add(out, "\nendstream");
	return true;
}

void finish_file_name(const struct finish_input *input, size_t stream, struct text *out)
{
	text_addf(out, "<< /Type /Filespec /F (%s)", input->attached->name);
	finish_text_add_member(out, "UF", input->attached->name);
	finish_text_add_member(out, "Desc", input->attached->about);
	text_addf(out, " /EF << /F %zu 0 R /UF %zu 0 R >> /AFRelationship /Source >>", stream, stream);
}
