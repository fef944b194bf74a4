#include "report/render/template_check.h"

#include <libxml/parser.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/chart.h"
#include "report/render/asset.h"
#include "report/render/format.h"
#include "report/render/node.h"
#include "report/render/path.h"

struct check {
	struct arena *arena;
	const struct template_set *set;
	const char *name; /* of the file, in errors */
	struct error *err;
};

/* What every output can show. */
static const char *const tags[] = {
		"html",
		"head",
		"meta",
		"title",
		"link",
		"style",
		"script",
		"body",
		"header",
		"main",
		"footer",
		"nav",
		"section",
		"div",
		"h1",
		"h2",
		"h3",
		"p",
		"ul",
		"li",
		"dl",
		"dt",
		"dd",
		"table",
		"caption",
		"thead",
		"tbody",
		"tr",
		"th",
		"td",
		"pre",
		"code",
		"span",
		"strong",
		"em",
		"a",
		"br",
		"details",
		"summary",
		"figure",
		"figcaption",
		"time",
		"img",
};

static bool is_tag(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		if (strcmp(tags[i], name) == 0)
			return true;
	return false;
}

static bool template_check_fail(const struct check *check,
		const xmlNode *node,
		const struct error *why)
{
	return error_set(check->err,
			"%s:%ld: <%s>: %s",
			check->name,
			xmlGetLineNo(node),
			(const char *)node->name,
			why->text);
}

static bool check_count(const char *value, struct error *err)
{
	size_t digits = strspn(value, "0123456789");
	return (digits > 0 && digits < 5 && value[digits] == '\0') ||
			error_set(err, "data-max must be a number");
}

static bool check_only(const char *value, struct error *err)
{
	return strcmp(value, "html") == 0 || strcmp(value, "pdf") == 0 ||
			error_set(err, "data-only must be html or pdf, not \"%s\"", value);
}

/* The attributes whose value may come from a document: none that acts, or makes a browser fetch. Of
 * href, links.c lets only harmless addresses through. */
static bool check_filled(const char *name, struct error *err)
{
	static const char *const filled[] =
			{"class", "id", "title", "datetime", "href", "lang", "alt", "content"};
	if (text_begins_with(name, "aria-") || text_begins_with(name, "data-"))
		return true;
	for (size_t i = 0; i < COUNT_OF(filled); i++)
		if (strcmp(filled[i], name) == 0)
			return true;
	return error_set(err,
			"data-attr-%s: a document may fill class, id, title, datetime, href, lang, alt, "
			"content, aria-… and data-… only",
			name);
}

/* Charts of 0.1 that another one replaces. */
static bool was_chart(const char *name)
{
	static const char *const names[] = {"ladder", "bullets", "waterfall"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool check_chart_name(const char *name, struct error *err)
{
	if (chart_find(name))
		return true;
	if (was_chart(name))
		return error_set(err,
				"the chart \"%s\" is gone: \"headroom\" shows all limits against the plan",
				name);
	return error_set(err, "there is no such chart: \"%s\"", name);
}

/* Inside data-each, `shape` is that of the items. */
static bool check_data(const char *name, const char *value, const char *shape, struct error *err)
{
	static const char attribute[] = "data-attr-";
	if (text_begins_with(name, attribute))
		return check_filled(name + sizeof attribute - 1, err) &&
				path_check_pattern(value, shape, err);
	if (strcmp(name, "data-text") == 0)
		return path_check_pattern(value, shape, err);
	if (strcmp(name, "data-if") == 0)
		return path_check_condition(value, shape, err);
	if (strcmp(name, "data-chart") == 0)
		return check_chart_name(value, err);
	if (strcmp(name, "data-max") == 0)
		return check_count(value, err);
	if (strcmp(name, "data-only") == 0)
		return check_only(value, err);
	return strcmp(name, "data-each") == 0 || strcmp(name, "data-json") == 0 ||
			strcmp(name, "data-csp") == 0 || strcmp(name, "data-optional") == 0 ||
			strcmp(name, "data-rest") == 0 || strcmp(name, "data-label") == 0 ||
			error_set(err, "the attribute %s is not known", name);
}

static bool check_plain(const char *name, const char *value, struct error *err)
{
	if (strcmp(name, "http-equiv") == 0 && strcmp(value, "Content-Security-Policy") != 0)
		return error_set(err,
				"http-equiv may be Content-Security-Policy only: a report makes no browser go "
				"elsewhere");
	if (strcmp(name, "style") == 0 || strcmp(name, "srcset") == 0 || text_begins_with(name, "on"))
		return error_set(err, "the attribute %s is not allowed: the page's policy blocks it", name);
	bool file = value[strspn(value, "abcdefghijklmnopqrstuvwxyz.-")] == '\0';
	if (strcmp(name, "href") == 0 && *value != '#' && !file && !format_is_link(value))
		return error_set(err, "href must be #id, an https address, or the name of a style sheet");
	return true;
}

static bool check_attribute(const char *name,
		const char *value,
		const char *shape,
		struct error *err)
{
	if (text_begins_with(name, "data-"))
		return check_data(name, value, shape, err);
	return check_plain(name, value, err);
}

static bool check_attributes(const struct check *check, const xmlNode *node, const char *shape)
{
	for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
		const char *name = (const char *)attribute->name;
		const char *value = node_attribute(node, name);
		struct error why = {0};
		if (!check_attribute(name, value, shape, &why))
			return template_check_fail(check, node, &why);
	}
	return true;
}

static bool check_element(const struct check *check, const xmlNode *node, const char *shape)
{
	struct error why = {0};
	if (!is_tag((const char *)node->name) &&
			!error_set(&why, "the tag is not one a report is made of"))
		return template_check_fail(check, node, &why);
	const char *list = node_attribute(node, "data-each");
	if (*list && !path_check_list(check->arena, list, shape, &shape, &why))
		return template_check_fail(check, node, &why);
	if (!asset_check(check->set, node, &why))
		return template_check_fail(check, node, &why);
	if (!check_attributes(check, node, shape))
		return false;
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ENTITY_REF_NODE &&
				!error_set(&why, "entities are not allowed; write the character"))
			return template_check_fail(check, node, &why);
		if (child->type == XML_ELEMENT_NODE && !check_element(check, child, shape))
			return false;
	}
	return true;
}

static bool has_declarations(const xmlDoc *doc)
{
	return doc->intSubset &&
			(doc->intSubset->children || doc->intSubset->ExternalID || doc->intSubset->SystemID);
}

static void template_not_parsed(const struct template_file *file, struct error *err)
{
	const char *message = "not well-formed";
	int line = 0, length;
	const xmlError *last = xmlGetLastError();
	if (last)
		line = last->line;
	if (last && last->message)
		message = last->message;
	length = (int)strcspn(message, "\n");
	error_set(err, "%s:%d: %.*s", template_shown(file), line, length, message);
}

xmlDoc *template_parse(struct arena *arena,
		const struct template_set *set,
		const struct template_file *file,
		struct error *err)
{
	enum {
		TEMPLATE_BYTES_MAX = 1 << 20
	};
	if (file->size > TEMPLATE_BYTES_MAX) {
		error_set(err, "%s: a template may have at most 1 MiB", template_shown(file));
		return NULL;
	}
	int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA;
	xmlDoc *doc = xmlReadMemory(file->bytes, (int)file->size, file->name, "UTF-8", options);
	if (!doc) {
		template_not_parsed(file, err);
		return NULL;
	}
	const xmlNode *root = xmlDocGetRootElement(doc);
	struct check check = {.arena = arena, .set = set, .name = template_shown(file), .err = err};
	bool good = !has_declarations(doc) ||
			error_set(err, "%s: only <!DOCTYPE html> is allowed", check.name);
	good = good &&
			(node_is(root, "html") ||
					error_set(err, "%s: the root element must be html", check.name));
	const char *shape = "";
	if (strcmp(file->name, "fleet.html") == 0)
		shape = SHAPE_FLEET;
	if (strcmp(file->name, "answer.html") == 0)
		shape = SHAPE_ANSWER;
	if (good && check_element(&check, root, shape))
		return doc;
	xmlFreeDoc(doc);
	return NULL;
}
