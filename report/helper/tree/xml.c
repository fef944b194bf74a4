/* XML to nodes, with libxml2's SAX interface. No network, no external DTD, no entity but the five
 * of XML and character references: others may be declared, but a document that uses one is an
 * error, so nothing can be multiplied, and no other file is read. */
#include <iconv.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "base/text.h"
#include "report/helper/tree/nodes.h"

enum {
	CHUNK = 64 * 1024,
	TAG_MAX = 256 * 1024
};

struct xml_reader {
	struct nodes nodes;
	xmlParserCtxt *context;
	size_t open[TREE_DEPTH_MAX + 1]; /* indexes of the open elements */
	struct text texts[TREE_DEPTH_MAX + 1];
	size_t depth;
	bool failed;
	const char *declared; /* the entity whose declaration has just been read, or NULL */
	struct error *err;
};

static size_t xml_line_of(const struct xml_reader *reader)
{
	const xmlParserInput *input = reader->context ? reader->context->input : NULL;
	return input && input->line > 0 ? (size_t)input->line : 1;
}

static void xml_stop(struct xml_reader *reader)
{
	reader->failed = true;
	xmlStopParser(reader->context);
}

static void xml_refuse(struct xml_reader *reader, const char *what, const xmlChar *name)
{
	if (!reader->failed)
		(void)error_set(reader->err,
				"%zu: %s \"%.60s\": entities are not expanded; write the text itself in its place",
				xml_line_of(reader),
				what,
				(const char *)name);
	xml_stop(reader);
}

static struct node *xml_add(struct xml_reader *reader,
		const char *kind,
		size_t depth,
		const char *name,
		const char *text)
{
	struct node node = {.depth = depth,
			.line = xml_line_of(reader),
			.kind = kind,
			.name = name,
			.text = text};
	struct node *added = reader->failed ? NULL : nodes_add(&reader->nodes, &node, reader->err);
	if (!added)
		xml_stop(reader);
	return added;
}

/* While entities are not replaced, libxml2 hands over every '&' of an attribute as "&#38;"
 * (parser.c, xmlParseAttValueComplex), so that putting it back is exact. */
static const char *attribute_value(struct arena *arena, const xmlChar *start, const xmlChar *end)
{
	static const char ampersand[] = "&#38;";
	char *value = arena_copy(arena, (const char *)start, (size_t)(end - start)), *to = value;
	for (const char *from = value; *from; to++) {
		bool escaped = text_begins_with(from, ampersand);
		*to = *from;
		from += escaped ? sizeof ampersand - 1 : 1;
	}
	*to = '\0';
	return value;
}

/* libxml2's SAX2: five pointers per attribute: name, prefix, URI, value, end of the value. */
static void xml_on_start(void *context,
		const xmlChar *name,
		const xmlChar *prefix,
		const xmlChar *uri,
		int spaces,
		const xmlChar **namespaces,
		int count,
		int defaulted,
		const xmlChar **attributes)
{
	(void)prefix, (void)uri, (void)spaces, (void)namespaces, (void)defaulted;
	struct xml_reader *reader = context;
	struct arena *arena = reader->nodes.arena;
	size_t index = reader->nodes.count;
	if (!xml_add(reader, "element", reader->depth, arena_strdup(arena, (const char *)name), ""))
		return;
	for (int i = 0; i < count; i++) {
		const xmlChar **attribute = attributes + 5 * i;
		const char *value = attribute_value(arena, attribute[3], attribute[4]);
		if (!xml_add(reader,
					"attribute",
					reader->depth + 1,
					arena_strdup(arena, (const char *)attribute[0]),
					value))
			return;
	}
	text_clear(&reader->texts[reader->depth]);
	reader->open[reader->depth++] = index;
}

static const char *xml_trimmed(struct arena *arena, const struct text *text)
{
	static const char blanks[] = " \t\r\n";
	if (!text->length)
		return "";
	const char *start = text->data + strspn(text->data, blanks), *end = text->data + text->length;
	while (end > start && strchr(blanks, end[-1]))
		end--;
	return arena_copy(arena, start, (size_t)(end - start));
}

static void xml_on_end(void *context,
		const xmlChar *name,
		const xmlChar *prefix,
		const xmlChar *uri)
{
	(void)name, (void)prefix, (void)uri;
	struct xml_reader *reader = context;
	if (reader->failed || !reader->depth)
		return;
	reader->depth--;
	struct node *node = &reader->nodes.items[reader->open[reader->depth]];
	node->text = xml_trimmed(reader->nodes.arena, &reader->texts[reader->depth]);
	if (!nodes_charge(&reader->nodes, node->line, strlen(node->text), reader->err))
		xml_stop(reader);
}

static void on_text(void *context, const xmlChar *bytes, int length)
{
	struct xml_reader *reader = context;
	if (!reader->failed && reader->depth && length > 0)
		text_add_bytes(&reader->texts[reader->depth - 1], (const char *)bytes, (size_t)length);
}

static void on_reference(void *context, const xmlChar *name)
{
	xml_refuse(context, "the entity", name);
}

/* What is declared and not used says nothing; it is not kept, so it cannot be used. */
static void on_entity(void *context,
		const xmlChar *name,
		int type,
		const xmlChar *public_id,
		const xmlChar *system_id,
		xmlChar *content)
{
	struct xml_reader *reader = context;
	(void)type, (void)public_id, (void)system_id, (void)content;
	reader->declared = arena_strdup(reader->nodes.arena, (const char *)name);
}

static xmlEntityPtr on_get_entity(void *context, const xmlChar *name)
{
	struct xml_reader *reader = context;
	xmlEntityPtr entity = xmlGetPredefinedEntity(name);
	const char *declared = reader->declared;
	reader->declared = NULL;
	/* libxml2 looks an entity up as soon as it is declared (parser.c, xmlParseEntityDecl). */
	bool by_declaration = declared && reader->context->inSubset &&
			strcmp(declared, (const char *)name) == 0;
	if (!entity && !by_declaration)
		xml_refuse(context, "the entity", name);
	return entity;
}

static xmlEntityPtr on_get_parameter_entity(void *context, const xmlChar *name)
{
	xml_refuse(context, "the entity", name);
	return NULL;
}

/* A document type is named by tsung's files: taken note of, never loaded. */
static void on_subset(void *context,
		const xmlChar *name,
		const xmlChar *public_id,
		const xmlChar *system_id)
{
	(void)context, (void)name, (void)public_id, (void)system_id;
}

/* libxml2 compares each attribute of an element with all others (parser.c, xmlParseStartTag2): a
 * tag of 200,000 takes seconds. Until a tag ends, its bytes wait. */
static void xml_bound_waiting(struct xml_reader *reader)
{
	const xmlParserInput *input = reader->context->input;
	if (reader->failed || !input || reader->context->instate != XML_PARSER_START_TAG)
		return;
	if (input->end - input->cur <= TAG_MAX)
		return;
	(void)error_set(reader->err,
			"%zu: a tag of more than %d KiB",
			xml_line_of(reader),
			TAG_MAX / 1024);
	xml_stop(reader);
}

static bool xml_parse(struct xml_reader *reader, const char *bytes, size_t length)
{
	xmlSAXHandler handler = {
			.initialized = XML_SAX2_MAGIC,
			.internalSubset = on_subset,
			.externalSubset = on_subset,
			.startElementNs = xml_on_start,
			.endElementNs = xml_on_end,
			.characters = on_text,
			.cdataBlock = on_text,
			.reference = on_reference,
			.entityDecl = on_entity,
			.getEntity = on_get_entity,
			.getParameterEntity = on_get_parameter_entity,
	};
	/* Created empty, so that the handlers know the context from the first byte on. */
	reader->context = xmlCreatePushParserCtxt(&handler, reader, NULL, 0, NULL);
	if (!reader->context)
		return error_fail(reader->err, "no memory for the XML parser");
	(void)xmlCtxtUseOptions(reader->context,
			XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	for (size_t done = 0; done < length && !reader->failed; done += CHUNK) {
		size_t size = length - done < CHUNK ? length - done : CHUNK;
		(void)xmlParseChunk(reader->context, bytes + done, (int)size, 0);
		xml_bound_waiting(reader);
	}
	if (!reader->failed)
		(void)xmlParseChunk(reader->context, NULL, 0, 1);
	if (reader->failed)
		return false;
	const xmlError *wrong = xmlCtxtGetLastError(reader->context);
	if (reader->context->wellFormed && reader->nodes.count)
		return true;
	const char *message = wrong && wrong->message ? wrong->message : "no XML document";
	return error_set(reader->err,
			"%d: not well-formed XML: %.*s",
			wrong ? wrong->line : 1,
			(int)strcspn(message, "\n"),
			message);
}

bool tree_from_xml(const char *bytes, size_t length, struct text *out, struct error *err)
{
	struct xml_reader *reader;
	struct arena *arena = arena_new();
	reader = arena_alloc(arena, sizeof *reader);
	*reader = (struct xml_reader){.nodes = {.arena = arena}, .err = err};
	bool good = length <= TREE_INPUT_BYTES_MAX
			? xml_parse(reader, bytes, length)
			: error_set(err, "1: larger than %d MiB", TREE_INPUT_BYTES_MAX / (1024 * 1024));
	good = good && nodes_check(&reader->nodes, err);
	if (good)
		nodes_print(&reader->nodes, out);
	if (reader->context) {
		xmlFreeDoc(reader->context->myDoc);
		xmlFreeParserCtxt(reader->context);
	}
	for (size_t i = 0; i <= TREE_DEPTH_MAX; i++)
		text_release(&reader->texts[i]);
	arena_free(arena);
	return good;
}

void tree_xml_prepare(void)
{
	static const char *const encodings[] = {"WINDOWS-1252", "ISO-8859-15"};
	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
		(void)iconv_open("UTF-8", encodings[i]); /* kept open: then it stays loaded */
}
