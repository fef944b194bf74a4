/* Insertions at positions found in cairo's bytes, new objects behind them, and a new table. */
#include "report/pdf/finish.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "report/pdf/finish_scan.h"

/* At `at`, `removed` bytes give way to the text. */
struct edit {
	size_t at, removed;
	const char *text;
};

struct finishing {
	const struct finish_input *in;
	struct pdf_file file;
	struct edit *edits;
	size_t edit_count, edit_capacity;
	size_t next_tag;
	size_t root, info;
};

static void add_edit(struct finishing *f, struct edit edit)
{
	f->edits = arena_grow(f->in->arena, f->edits, f->edit_count, &f->edit_capacity, sizeof edit);
	f->edits[f->edit_count++] = edit;
}

/* Inside the dictionary, before its end. The text is the caller's until now. */
static void add_members(struct finishing *f, struct span dictionary, struct text *text)
{
	if (text->length)
		add_edit(f, (struct edit){.at = dictionary.end - 2, .text = text_take(f->in->arena, text)});
	text_release(text);
}

/* --- structure ----------------------------------------------------------------------------------
 */

static bool mark_element(struct finishing *f, struct span element, struct error *err)
{
	struct span kind = pdf_member(&f->file, element, "/S");
	bool figure = pdf_is(&f->file, kind, "/Figure"), head = pdf_is(&f->file, kind, "/TH");
	struct text text = {0};
	if (!figure && !head)
		return true;
	const struct finish_tag *tag = f->next_tag < f->in->tag_count ? &f->in->tags[f->next_tag++]
																  : NULL;
	if (!tag || strcmp(tag->tag, figure ? "Figure" : "TH") != 0)
		return error_fail(err,
				"the PDF's structure is not the one that was drawn (element %zu)",
				f->next_tag);
	if (figure && *tag->text) {
		text_add(&text, " /Alt ");
		finish_string(&text, tag->text);
	} else if (head) {
		text_addf(&text,
				" /A << /O /Table /Scope /%s >>",
				strcmp(tag->text, "Row") == 0 ? "Row" : "Column");
	}
	add_members(f, element, &text);
	return true;
}

/* Objects still to be visited, the next one last. */
struct queue {
	struct arena *arena;
	size_t *numbers, count, capacity;
};

static void push(struct queue *queue, size_t number)
{
	queue->numbers =
			arena_grow(queue->arena, queue->numbers, queue->count, &queue->capacity, sizeof number);
	queue->numbers[queue->count++] = number;
}

/* The children stand in order: they are turned around, so that the first one is taken first. */
static void push_children(const struct finishing *f, struct queue *queue, struct span children)
{
	size_t first = queue->count;
	if (!pdf_is_array(&f->file, children)) {
		if (pdf_reference(&f->file, children))
			push(queue, pdf_reference(&f->file, children));
		return;
	}
	for (size_t at = children.start + 1; at + 1 < children.end;) {
		struct span child = pdf_value(&f->file, at, children.end - 1);
		if (child.end == child.start)
			break;
		if (pdf_reference(&f->file, child))
			push(queue, pdf_reference(&f->file, child));
		at = child.end;
	}
	for (size_t left = first, right = queue->count; left + 1 < right; left++) {
		size_t swapped = queue->numbers[--right];
		queue->numbers[right] = queue->numbers[left];
		queue->numbers[left] = swapped;
	}
}

static bool mark_structure(struct finishing *f, struct span catalog, struct error *err)
{
	struct queue queue = {.arena = f->in->arena};
	bool *seen = arena_alloc(f->in->arena, f->file.count * sizeof *seen);
	size_t tree = pdf_reference(&f->file, pdf_member(&f->file, catalog, "/StructTreeRoot"));
	if (tree)
		push(&queue, tree);
	while (queue.count > 0) {
		size_t number = queue.numbers[--queue.count];
		struct span element = f->file.objects[number].value;
		if (seen[number])
			return error_fail(err, "the PDF's structure is no tree (object %zu)", number);
		seen[number] = true;
		if (!pdf_is_dictionary(&f->file, element))
			continue;
		if (!mark_element(f, element, err))
			return false;
		push_children(f, &queue, pdf_member(&f->file, element, "/K"));
	}
	return f->next_tag == f->in->tag_count ||
			error_fail(err,
					"the PDF's structure is not the one that was drawn (%zu of %zu elements)",
					f->next_tag,
					f->in->tag_count);
}

/* --- the catalog --------------------------------------------------------------------------------
 */

static bool has(const struct finishing *f, struct span dictionary, const char *name)
{
	return pdf_member(&f->file, dictionary, name).end > 0;
}

/* Attached files stand in the dictionary of names, beside the destinations. */
static bool add_attachment(struct finishing *f,
		struct span catalog,
		size_t file_name,
		struct text *members,
		struct error *err)
{
	struct text name = {0};
	struct span names = pdf_member(&f->file, catalog, "/Names");
	if (pdf_reference(&f->file, names))
		names = f->file.objects[pdf_reference(&f->file, names)].value;
	bool none = names.end == 0;
	if (!none && (!pdf_is_dictionary(&f->file, names) || has(f, names, "/EmbeddedFiles")))
		return error_fail(err, "the PDF's names cannot be added to");
	text_addf(members, " /AF [%zu 0 R]", file_name);
	text_addf(&name,
			" /EmbeddedFiles << /Names [(%s) %zu 0 R] >>",
			f->in->attached->name,
			file_name);
	if (none)
		text_addf(members, " /Names <<%s >>", name.data);
	else
		add_members(f, names, &name);
	text_release(&name);
	return true;
}

static bool edit_catalog(struct finishing *f, size_t xmp, struct error *err)
{
	struct span catalog = f->file.objects[f->root].value;
	struct text members = {0};
	if (!pdf_is_dictionary(&f->file, catalog) ||
			!pdf_is(&f->file, pdf_member(&f->file, catalog, "/Type"), "/Catalog"))
		return error_fail(err, "the PDF has no catalog");
	static const char *const own[] = {"/Metadata",
			"/Lang",
			"/ViewerPreferences",
			"/PageMode",
			"/AF"};
	for (size_t i = 0; i < COUNT_OF(own); i++)
		if (has(f, catalog, own[i]))
			return error_fail(err, "the PDF's catalog has %s already", own[i]);
	bool good = mark_structure(f, catalog, err) &&
			(!f->in->attached || add_attachment(f, catalog, xmp + 2, &members, err));
	text_addf(&members,
			" /Metadata %zu 0 R /ViewerPreferences << /DisplayDocTitle true >> /Lang ",
			xmp);
	finish_string(&members, f->in->language);
	if (has(f, catalog, "/Outlines"))
		text_add(&members, " /PageMode /UseOutlines");
	if (good)
		add_members(f, catalog, &members);
	text_release(&members);
	return good;
}

static bool edit_information(struct finishing *f, struct error *err)
{
	struct span information = f->file.objects[f->info].value;
	struct text text = {0};
	if (!pdf_is_dictionary(&f->file, information))
		return error_fail(err, "the PDF has no information dictionary");
	finish_information(f->in, &text);
	add_edit(f,
			(struct edit){.at = information.start,
					.removed = information.end - information.start,
					.text = text_take(f->in->arena, &text)});
	return true;
}

/* --- writing ------------------------------------------------------------------------------------
 */

static int by_position(const void *a, const void *b)
{
	size_t left = ((const struct edit *)a)->at, right = ((const struct edit *)b)->at;
	return (left > right) - (left < right);
}

static bool sort_edits(struct finishing *f, struct error *err)
{
	size_t last = 0;
	qsort(f->edits, f->edit_count, sizeof *f->edits, by_position);
	for (size_t i = 0; i < f->edit_count; i++) {
		if (f->edits[i].at < last || f->edits[i].at + f->edits[i].removed > f->file.table)
			return error_fail(err, "objects of the PDF overlap");
		last = f->edits[i].at + f->edits[i].removed;
	}
	return true;
}

static int by_offset(const void *a, const void *b)
{
	const struct pdf_object *left = *(const struct pdf_object *const *)a,
							*right = *(const struct pdf_object *const *)b;
	return (left->offset > right->offset) - (left->offset < right->offset);
}

/* How far edits move what stands behind them: offsets are taken in their order. An object inside
 * another's value could be cut by an edit there. */
static bool move_objects(struct finishing *f, struct error *err)
{
	struct pdf_object **order = arena_alloc(f->in->arena,
			f->file.count * sizeof(struct pdf_object *));
	size_t count = 0, next = 0, added = 0, removed = 0;
	for (size_t i = 0; i < f->file.count; i++)
		if (f->file.objects[i].offset)
			order[count++] = &f->file.objects[i];
	qsort(order, count, sizeof *order, by_offset);
	for (size_t i = 0; i + 1 < count; i++)
		if (order[i]->value.end > order[i + 1]->offset)
			return error_fail(err, "objects of the PDF overlap");
	for (size_t i = 0; i < count; i++) {
		for (; next < f->edit_count && f->edits[next].at < order[i]->offset; next++) {
			added += strlen(f->edits[next].text);
			removed += f->edits[next].removed;
		}
		order[i]->offset += added - removed;
	}
	return true;
}

static void copy_edited(const struct finishing *f, struct text *out)
{
	size_t at = 0;
	for (size_t i = 0; i < f->edit_count; i++) {
		text_add_bytes(out, f->file.bytes + at, f->edits[i].at - at);
		text_add(out, f->edits[i].text);
		at = f->edits[i].at + f->edits[i].removed;
	}
	text_add_bytes(out, f->file.bytes + at, f->file.table - at);
}

/* The identifier is that of the bytes before it. */
static void add_trailer(const struct finishing *f, size_t count, size_t table, struct text *out)
{
	enum {
		ID_HEX = 32
	}; /* 16 bytes, ISO 32000-1, 14.4 */
	char hash[SHA256_HEX_MAX];
	sha256_hex(out->data, out->length, hash);
	text_addf(out,
			"trailer\n<< /Size %zu /Root %zu 0 R /Info %zu 0 R /ID [<%.*s> <%.*s>] "
			">>\nstartxref\n%zu\n%%%%EOF\n",
			count,
			f->root,
			f->info,
			ID_HEX,
			hash,
			ID_HEX,
			hash,
			table);
}

static bool finish_write_file(struct finishing *f, struct text *out, struct error *err)
{
	size_t first = f->file.count, count = first + (f->in->attached ? 3 : 1), added[3];
	struct text body = {0};
	copy_edited(f, &body);
	added[0] = body.length;
	text_addf(&body, "%zu 0 obj\n", first);
	finish_xmp(f->in, &body);
	text_add(&body, "\nendobj\n");
	if (f->in->attached) {
		added[1] = body.length;
		text_addf(&body, "%zu 0 obj\n", first + 1);
		if (!finish_file(f->in, &body, err)) {
			text_release(&body);
			return false;
		}
		text_add(&body, "\nendobj\n");
		added[2] = body.length;
		text_addf(&body, "%zu 0 obj\n", first + 2);
		finish_file_name(f->in, first + 1, &body);
		text_add(&body, "\nendobj\n");
	}
	size_t table = body.length;
	text_addf(&body, "xref\n0 %zu\n", count);
	for (size_t i = 0; i < count; i++) {
		size_t offset = i < first ? f->file.objects[i].offset : added[i - first];
		text_addf(&body, "%010zu %05d %c \n", offset, offset ? 0 : 65535, offset ? 'n' : 'f');
	}
	add_trailer(f, count, table, &body);
	text_add_bytes(out, body.data, body.length);
	text_release(&body);
	return true;
}

bool finish_pdf(const struct finish_input *input,
		const char *bytes,
		size_t size,
		struct text *out,
		struct error *err)
{
	struct finishing f = {.in = input};
	if (!pdf_file_read(&f.file, input->arena, bytes, size, err))
		return false;
	f.root = pdf_reference(&f.file, pdf_member(&f.file, f.file.trailer, "/Root"));
	f.info = pdf_reference(&f.file, pdf_member(&f.file, f.file.trailer, "/Info"));
	if (!f.root || !f.info || f.root == f.info)
		return error_fail(err, "the PDF's trailer names no catalog and no information");
	if (!edit_catalog(&f, f.file.count, err) || !edit_information(&f, err) || !sort_edits(&f, err))
		return false;
	return move_objects(&f, err) && finish_write_file(&f, out, err);
}
