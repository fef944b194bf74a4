/* Reads what was written with libxml2 and libqpdf. */
#include "tests/fuzz/page_property.h"

#include <libxml/parser.h>
#include <qpdf/qpdf-c.h>
#include <string.h>

#include "base/array.h"
#include "tests/fuzz/property.h"

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void demand_attribute(const xmlNode *node, const char *name, const char *value)
{
	const char *tag = (const char *)node->name;
	demand(strncmp(name, "on", 2) != 0, "a handler", name);
	demand(strcmp(name, "style") != 0, "a style in an attribute", value);
	if (strcmp(name, "src") == 0)
		demand(strncmp(value, "data:image/png;base64,", 22) == 0, "a source", value);
	if (strcmp(name, "href") == 0)
		demand(*value == '#' || strncmp(value, "https://", 8) == 0, "a link", value);
	if (strcmp(name, "http-equiv") == 0)
		demand(strcmp(value, "Content-Security-Policy") == 0, "a directive", tag);
}

static void demand_element(const xmlNode *node)
{
	static const char *const never[] = {"iframe",
			"frame",
			"object",
			"embed",
			"base",
			"form",
			"input",
			"link",
			"audio",
			"video",
			"foreignObject",
			"use",
			"animate"};
	demand(!is_one_of((const char *)node->name, never, COUNT_OF(never)),
			"an element",
			(const char *)node->name);
	for (const xmlAttr *at = node->properties; at; at = at->next) {
		xmlChar *value = xmlNodeGetContent((const xmlNode *)at);
		demand_attribute(node, (const char *)at->name, (const char *)value);
		xmlFree(value);
	}
	for (const xmlNode *child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			demand_element(child);
}

void demand_page(const struct text *html)
{
	demand_harmless("HTML", html, false);
	demand_own_page(html);
}

void demand_own_page(const struct text *html)
{
	demand(text_is_utf8(html->data, html->length), "the page is UTF-8", html->data);
	int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE;
	xmlDoc *doc = xmlReadMemory(text_string(html), (int)html->length, "page", NULL, options);
	demand(doc != NULL, "the page is well-formed", text_string(html));
	demand_element(xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
}

/* An action: a link to https, or to a place of the file. */
static void demand_action(qpdf_data pdf, qpdf_oh action)
{
	if (!qpdf_oh_is_dictionary(pdf, action))
		return;
	const char *kind = qpdf_oh_get_name(pdf, qpdf_oh_get_key(pdf, action, "/S"));
	if (strcmp(kind, "/GoTo") == 0)
		return;
	demand(strcmp(kind, "/URI") == 0, "an action of the PDF", kind);
	const char *to = qpdf_oh_get_utf8_value(pdf, qpdf_oh_get_key(pdf, action, "/URI"));
	demand(strncmp(to, "https://", 8) == 0, "a link of the PDF", to);
}

static void demand_object(qpdf_data pdf, qpdf_oh object)
{
	static const char *const never[] = {"/AA", "/JS", "/JavaScript", "/XFA", "/AcroForm"};
	if (!qpdf_oh_is_dictionary(pdf, object))
		return;
	for (size_t i = 0; i < COUNT_OF(never); i++)
		demand(!qpdf_oh_has_key(pdf, object, never[i]), "a member of the PDF", never[i]);
	if (qpdf_oh_is_dictionary_of_type(pdf, object, "/Annot", "/Link"))
		demand_action(pdf, qpdf_oh_get_key(pdf, object, "/A"));
	demand_action(pdf, qpdf_oh_get_key(pdf, object, "/OpenAction"));
}

void demand_pdf(const struct text *text)
{
	qpdf_data pdf = qpdf_init();
	qpdf_silence_errors(pdf);
	qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
	qpdf_set_attempt_recovery(pdf, QPDF_FALSE);
	demand(qpdf_read_memory(pdf, "the result", text->data, text->length, NULL) == QPDF_SUCCESS,
			"the PDF can be read",
			"");
	int count = qpdf_oh_get_int_value_as_int(pdf,
			qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Size"));
	for (int id = 1; id < count; id++)
		demand_object(pdf, qpdf_get_object_by_id(pdf, id, 0));
	qpdf_cleanup(&pdf);
}
