/* Binding: the template's elements are copied, dropped and filled in place. It cannot fail on a
 * checked template except for a file that is not there. */
#include "report/render/bind.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/words.h"
#include "report/document/open.h"
#include "report/document/view.h"
#include "report/render/asset.h"
#include "report/render/island.h"
#include "report/render/links.h"
#include "report/render/node.h"
#include "report/render/path.h"
#include "report/render/policy.h"
#include "report/render/template_check.h"

enum {
	EACH_MAX = 200 /* elements of a list that are shown unless data-max says otherwise */
};

struct binder {
	struct arena *arena;
	const struct template_set *set;
	const struct theme *theme; /* goes into the first style sheet; NULL from then on */
	const cJSON *root;
	xmlDoc *doc;
};

static void bind_element(struct binder *binder, xmlNode *node, const struct scope *scope);

/* The attribute's value, copied into the arena, and the attribute removed. NULL if there is none.
 */
static const char *bind_take(struct binder *binder, xmlNode *node, const char *name)
{
	xmlAttr *attribute = xmlHasProp(node, (const xmlChar *)name);
	if (!attribute)
		return NULL;
	const char *value = arena_strdup(binder->arena, node_attribute(node, name));
	xmlRemoveProp(attribute);
	return value;
}

static size_t count_cells(const xmlNode *row)
{
	size_t cells = 0;
	for (const xmlNode *child = row->children; child; child = child->next)
		cells += node_is(child, "td") || node_is(child, "th");
	return cells;
}

static const xmlNode *first_row(const xmlNode *body)
{
	for (const xmlNode *child = body->children; child; child = child->next)
		if (node_is(child, "tr"))
			return child;
	return body;
}

/* A row with one cell, as wide as this row. */
static xmlNode *new_row(struct binder *binder, const xmlNode *like, xmlNode **ret_cell)
{
	const char *cells = arena_printf(binder->arena, "%zu", count_cells(like));
	xmlNode *row = xmlNewNode(like->ns, (const xmlChar *)"tr");
	*ret_cell = xmlNewChild(row, like->ns, (const xmlChar *)"td", NULL);
	xmlSetProp(*ret_cell, (const xmlChar *)"colspan", (const xmlChar *)cells);
	return row;
}

/* An element that may stand in place of another one, and the one inside it that takes text. */
static xmlNode *new_sibling(struct binder *binder, const xmlNode *pattern, xmlNode **ret_holder)
{
	if (node_is(pattern, "tr"))
		return new_row(binder, pattern, ret_holder);
	xmlNode *element = xmlNewNode(pattern->ns, pattern->name);
	*ret_holder = element;
	if (node_is(pattern, "tbody"))
		xmlAddChild(element, new_row(binder, first_row(pattern), ret_holder));
	return element;
}

/* In a list of names and values the number is the name: "17", "more in the audit document". */
static void bind_rest_term(xmlNode *holder, const char *number, const char *words)
{
	xmlNewTextChild(holder, holder->ns, (const xmlChar *)"dt", (const xmlChar *)number);
	xmlNewTextChild(holder, holder->ns, (const xmlChar *)"dd", (const xmlChar *)words);
}

/* Says how many elements were left out. */
static void bind_add_rest(struct binder *binder, xmlNode *pattern, size_t rest, const char *words)
{
	if (!words)
		words = words_say(binder->arena, words_of(binder->root), "rest", NULL);
	const char *number = view_figure_of(binder->arena, (double)rest, UNIT_COUNT);
	const char *text = arena_printf(binder->arena, "%s %s", number, words);
	xmlNode *holder, *element = new_sibling(binder, pattern, &holder);
	xmlSetProp(holder, (const xmlChar *)"class", (const xmlChar *)"more");
	if (node_is(pattern->parent, "dl"))
		bind_rest_term(holder, number, words);
	else
		xmlAddChild(holder, xmlNewText((const xmlChar *)text));
	xmlAddPrevSibling(pattern, element);
}

/* How many elements a list may show: what the page as a whole can bear, if that is less. */
static size_t most_elements(const struct binder *binder, const char *max)
{
	size_t most = EACH_MAX;
	if (max)
		most = strtoul(max, NULL, 10);
	double bound = view_number(binder->root, "page.list_max");
	if (bound < (double)most)
		return (size_t)bound;
	return most;
}

static void bind_each(struct binder *binder,
		xmlNode *node,
		const struct scope *scope,
		const char *list)
{
	const char *max = bind_take(binder, node, "data-max"),
			   *words = bind_take(binder, node, "data-rest");
	size_t most = most_elements(binder, max), number = 0, rest = 0;
	const char *condition = bind_take(binder, node, "data-if");
	const cJSON *items = path_list(scope, list), *item;
	cJSON_ArrayForEach(item, items) {
		struct scope inner = {.arena = scope->arena,
				.root = scope->root,
				.item = item,
				.parent = items,
				.number = number + 1};
		if (condition && !path_condition(&inner, condition))
			continue;
		if (number >= most) {
			rest++;
			continue;
		}
		number++;
		xmlNode *copy = xmlDocCopyNode(node, binder->doc, 1);
		xmlAddPrevSibling(node, copy);
		bind_element(binder, copy, &inner);
	}
	if (rest > 0)
		bind_add_rest(binder, node, rest, words);
	node_drop(node);
}

static void bind_attributes(struct binder *binder, xmlNode *node, const struct scope *scope)
{
	static const char prefix[] = "data-attr-";
	xmlAttr *next;
	for (xmlAttr *attribute = node->properties; attribute; attribute = next) {
		next = attribute->next;
		const char *name = arena_strdup(binder->arena, (const char *)attribute->name);
		if (!text_begins_with(name, prefix))
			continue;
		const char *value = path_pattern(scope, bind_take(binder, node, name));
		const xmlChar *target = (const xmlChar *)name + sizeof prefix - 1;
		xmlAttr *old = xmlHasProp(node, target);
		if (old && old == next)
			next = old->next;
		if (old)
			xmlRemoveProp(old);
		if (*value)
			xmlNewProp(node, target, (const xmlChar *)value);
	}
}

/* Files, the data island and charts fill an element by themselves: false for any other element. */
static bool bind_special(struct binder *binder, xmlNode *node, const struct scope *scope)
{
	if (*asset_name(node)) {
		bool style = node_is(node, "link");
		if (!asset_include(binder->arena, binder->set, binder->theme, node))
			node_drop(node);
		else if (style)
			binder->theme = NULL;
		return true;
	}
	if (xmlHasProp(node, (const xmlChar *)"data-json")) {
		island_add(binder->root, node);
		return true;
	}
	const char *chart = bind_take(binder, node, "data-chart");
	if (!chart)
		return false;
	node_drop_children(node);
	node->_private = chart_find(chart)->draw(binder->arena, binder->root, scope->item);
	return true;
}

static void bind_element(struct binder *binder, xmlNode *node, const struct scope *scope)
{
	const char *list = bind_take(binder, node, "data-each");
	if (list) {
		bind_each(binder, node, scope, list);
		return;
	}
	const char *condition = bind_take(binder, node, "data-if");
	if (condition && !path_condition(scope, condition)) {
		node_drop(node);
		return;
	}
	bind_attributes(binder, node, scope);
	if (bind_special(binder, node, scope))
		return;
	const char *text = bind_take(binder, node, "data-text");
	if (text) {
		node_drop_children(node);
		xmlAddChild(node, xmlNewText((const xmlChar *)path_pattern(scope, text)));
		return;
	}
	xmlNode *next;
	for (xmlNode *child = node->children; child; child = next) {
		next = child->next;
		if (child->type == XML_ELEMENT_NODE)
			bind_element(binder, child, scope);
		else if (child->type == XML_COMMENT_NODE)
			node_drop(child);
	}
}

static void add_policy(xmlDoc *doc)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	for (xmlNode *node = root; node; node = node_next(root, node))
		if (xmlHasProp(node, (const xmlChar *)"data-csp"))
			policy_add(doc, node);
}

static const char report_name[] = "report.html";
static const char fleet_name[] = "fleet.html";
static const char answer_name[] = "answer.html";

static xmlDoc *bind_parse(struct arena *arena,
		const struct template_set *set,
		const char *name,
		struct error *err)
{
	const struct template_file *page = template_find(set, name);
	if (page)
		return template_parse(arena, set, page, err);
	(void)error_set(err, "there is no template %s", name);
	return NULL;
}

static bool bind_check_one(struct arena *arena,
		const struct template_set *set,
		const char *name,
		struct error *err)
{
	xmlDoc *doc = bind_parse(arena, set, name, err);
	if (doc)
		xmlFreeDoc(doc);
	return doc != NULL;
}

static bool bind_check_other(struct arena *arena,
		const struct template_set *set,
		const char *name,
		struct error *err)
{
	return !template_find(set, name) || bind_check_one(arena, set, name, err);
}

bool bind_check(struct arena *arena, const struct template_set *set, struct error *err)
{
	return bind_check_one(arena, set, report_name, err) &&
			bind_check_other(arena, set, fleet_name, err) &&
			bind_check_other(arena, set, answer_name, err);
}

xmlDoc *bind_template(struct arena *arena,
		const struct template_set *set,
		const struct theme *theme,
		const cJSON *root,
		struct error *err)
{
	const char *name = report_name;
	if (document_is_fleet(root))
		name = fleet_name;
	if (document_is_answer(root))
		name = answer_name;
	xmlDoc *doc = bind_parse(arena, set, name, err);
	if (!doc)
		return NULL;
	struct binder binder = {.arena = arena, .set = set, .theme = theme, .root = root, .doc = doc};
	struct scope scope = {.arena = arena, .root = root};
	bind_element(&binder, xmlDocGetRootElement(doc), &scope);
	links_tidy(arena, doc);
	add_policy(doc);
	return doc;
}
