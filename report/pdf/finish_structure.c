#include "report/pdf/finish_structure.h"

#include <stdlib.h>
#include <string.h>

/* Elements still to be visited, the next one last. */
struct walk {
	const struct finish_input *in;
	qpdf_data pdf;
	qpdf_oh *waiting;
	size_t count, capacity;
	bool *seen; /* by the number of the object */
	size_t objects;
	size_t next_tag;
};

static void walk_push(struct walk *walk, qpdf_oh element)
{
	if (!qpdf_oh_is_dictionary(walk->pdf, element))
		return;
	walk->waiting = arena_grow(walk->in->arena,
			walk->waiting,
			walk->count,
			&walk->capacity,
			sizeof element);
	walk->waiting[walk->count++] = element;
}

/* The last child first, so that the first one is visited next. */
static void walk_push_children(struct walk *walk, qpdf_oh element)
{
	qpdf_oh children = qpdf_oh_get_key(walk->pdf, element, "/K");
	if (!qpdf_oh_is_array(walk->pdf, children)) {
		walk_push(walk, children);
		return;
	}
	for (int i = qpdf_oh_get_array_n_items(walk->pdf, children); i > 0; i--)
		walk_push(walk, qpdf_oh_get_array_item(walk->pdf, children, i - 1));
}

/* The next tag, if it is one of this kind. */
static const struct finish_tag *walk_take(struct walk *walk, const char *kind, struct error *err)
{
	if (walk->next_tag < walk->in->tag_count) {
		const struct finish_tag *tag = &walk->in->tags[walk->next_tag++];
		if (strcmp(tag->tag, kind) == 0)
			return tag;
	}
	(void)error_fail(err,
			"the PDF's structure is not the one that was drawn (element %zu)",
			walk->next_tag);
	return NULL;
}

static bool describe_figure(struct walk *walk, qpdf_oh element, struct error *err)
{
	const struct finish_tag *tag = walk_take(walk, "Figure", err);
	if (!tag)
		return false;
	if (*tag->text == '\0')
		return true;
	qpdf_oh text = qpdf_oh_new_unicode_string(walk->pdf, tag->text);
	qpdf_oh_replace_key(walk->pdf, element, "/Alt", text);
	return true;
}

static bool scope_head(struct walk *walk, qpdf_oh element, struct error *err)
{
	const struct finish_tag *tag = walk_take(walk, "TH", err);
	if (!tag)
		return false;
	const char *scope = "<< /O /Table /Scope /Column >>";
	if (strcmp(tag->text, "Row") == 0)
		scope = "<< /O /Table /Scope /Row >>";
	qpdf_oh_replace_key(walk->pdf, element, "/A", qpdf_oh_parse(walk->pdf, scope));
	return true;
}

static bool span_columns(struct walk *walk, qpdf_oh element, struct error *err)
{
	const struct finish_tag *tag = walk_take(walk, "TD", err);
	if (!tag)
		return false;
	long columns = strtol(tag->text, NULL, 10);
	if (columns < 2)
		return true;
	qpdf_oh attributes = qpdf_oh_parse(walk->pdf, "<< /O /Table >>");
	qpdf_oh number = qpdf_oh_new_integer(walk->pdf, columns);
	qpdf_oh_replace_key(walk->pdf, attributes, "/ColSpan", number);
	qpdf_oh_replace_key(walk->pdf, element, "/A", attributes);
	return true;
}

static bool visit(struct walk *walk, qpdf_oh element, struct error *err)
{
	qpdf_oh kind = qpdf_oh_get_key(walk->pdf, element, "/S");
	if (qpdf_oh_is_name_and_equals(walk->pdf, kind, "/Figure"))
		return describe_figure(walk, element, err);
	if (qpdf_oh_is_name_and_equals(walk->pdf, kind, "/TH"))
		return scope_head(walk, element, err);
	if (qpdf_oh_is_name_and_equals(walk->pdf, kind, "/TD"))
		return span_columns(walk, element, err);
	return true;
}

/* In a tree no object is met twice. Elements inside another object have no number. */
static bool meet(struct walk *walk, qpdf_oh element, struct error *err)
{
	int number = qpdf_oh_get_object_id(walk->pdf, element);
	if (number <= 0)
		return true;
	if ((size_t)number >= walk->objects || walk->seen[number])
		return error_fail(err, "the PDF's structure is not a tree (object %d)", number);
	walk->seen[number] = true;
	return true;
}

bool finish_structure(const struct finish_input *input,
		qpdf_data pdf,
		size_t size,
		struct error *err)
{
	struct walk walk = {.in = input, .pdf = pdf, .objects = size};
	walk.seen = arena_alloc(input->arena, size * sizeof *walk.seen);
	qpdf_oh catalog = qpdf_get_root(pdf);
	walk_push(&walk, qpdf_oh_get_key(pdf, catalog, "/StructTreeRoot"));
	while (walk.count > 0) {
		qpdf_oh element = walk.waiting[--walk.count];
		if (!meet(&walk, element, err) || !visit(&walk, element, err))
			return false;
		walk_push_children(&walk, element);
	}
	if (walk.next_tag == input->tag_count)
		return true;
	return error_fail(err,
			"the PDF's structure is not the one that was drawn (%zu of %zu elements)",
			walk.next_tag,
			input->tag_count);
}
