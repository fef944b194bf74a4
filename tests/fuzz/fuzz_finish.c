/* Fuzz target: the finishing of a PDF. Whatever the bytes are, it is refused with a text, or what
 * comes out can be read again and has its catalog and its information. Each input is tried as it is
 * and, so that changes inside objects get further than the table of their positions, with a table
 * that was made anew. */
#include <qpdf/qpdf-c.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/pdf/finish.h"
#include "report/pdf/finish_content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	OBJECTS_MAX = 2000
};

static const struct finish_attachment attached = {"headroom.json", "audit document", "{}\n", 3};
static const struct finish_tag tags[] = {{"TH", "Column"},
		{"TH", "Row"},
		{"Figure", "The finding, (in) \\ words \xE2\x80\x93 and \xF0\x9F\x98\x80 \xFF"}};

/* The result must be readable without repair, and have what is asked for here. */
static void check(const struct text *out)
{
	static const char *const members[] = {"/Root", "/Info", "/ID"};
	qpdf_data pdf = qpdf_init();
	qpdf_silence_errors(pdf);
	qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
	qpdf_set_attempt_recovery(pdf, QPDF_FALSE);
	if (qpdf_read_memory(pdf, "the result", out->data, out->length, NULL) != QPDF_SUCCESS)
		abort();
	qpdf_oh trailer = qpdf_get_trailer(pdf);
	for (size_t i = 0; i < COUNT_OF(members); i++)
		if (qpdf_oh_is_null(pdf, qpdf_oh_get_key(pdf, trailer, members[i])))
			abort();
	qpdf_cleanup(&pdf);
}

static void try(const char *bytes, size_t size, size_t tag_count, const char *date)
{
	struct arena *arena = arena_new();
	struct text out = {0};
	struct error err = {0};
	const struct finish_input input = {.arena = arena,
			.language = "en",
			.title = "FAIL <&> \xC3\xA4",
			.subject = ")",
			.creator = "headroom",
			.producer = "fuzz",
			.date = date,
			.tags = tags,
			.tag_count = tag_count,
			.attached = tag_count ? &attached : NULL};
	if (finish_pdf(&input, bytes, size, &out, &err))
		check(&out);
	else if (out.length || err.kind != ERROR_INTERNAL || !*err.text)
		abort();
	text_release(&out);
	arena_free(arena);
}

/* The objects of the input ("\nN 0 obj", N from 1 to 1999) and a table that fits them. */
static void add_table(const char *bytes, size_t size, struct text *out)
{
	size_t offsets[OBJECTS_MAX] = {0}, most = 0;
	const char *end = size ? memmem(bytes, size, "\nxref", 5) : NULL;
	text_add_bytes(out, bytes, end ? (size_t)(end - bytes) + 1 : size);
	text_add(out, "\n");
	size_t table = out->length;
	for (const char *at = out->data;
			(at = memmem(at, table - (size_t)(at - out->data), " 0 obj", 6)) != NULL;
			at++) {
		const char *first = at;
		while (first > out->data && first[-1] >= '0' && first[-1] <= '9')
			first--;
		unsigned long number = first < at && at - first < 5 ? strtoul(first, NULL, 10) : 0;
		if (number > 0 && number < OBJECTS_MAX)
			offsets[number] = (size_t)(first - out->data);
		most = number < OBJECTS_MAX && number > most ? number : most;
	}
	text_addf(out, "xref\n0 %zu\n", most + 1);
	for (size_t i = 0; i <= most; i++)
		text_addf(out, "%010zu 00000 %c \n", offsets[i], offsets[i] ? 'n' : 'f');
	const char *trailer = end ? memmem(end, size - (size_t)(end - bytes), "trailer", 7) : NULL;
	size_t left = trailer ? size - (size_t)(trailer - bytes) : 0;
	const char *start = left ? memmem(trailer, left, "startxref", 9) : NULL;
	if (start)
		text_add_bytes(out, trailer, (size_t)(start - trailer));
	text_addf(out, "startxref\n%zu\n%%%%EOF\n", table);
}

static size_t artifacts_in(const struct text *text)
{
	const char *mark = "/Artifact", *at = text->data;
	const char *end = at ? at + text->length : at;
	size_t count = 0;
	while (at && (at = memmem(at, (size_t)(end - at), mark, strlen(mark))) != NULL) {
		at++;
		count++;
	}
	return count;
}

/* As the operators of a page: what was marked has nothing left to be marked. */
static void try_content(const char *bytes, size_t size)
{
	struct text once = {0}, twice = {0};
	struct error err = {0};
	if (finish_content(bytes, size, &once, &err)) {
		if (!finish_content(text_string(&once), once.length, &twice, &err))
			abort();
		if (artifacts_in(&once) != artifacts_in(&twice))
			abort();
	}
	text_release(&once);
	text_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct text tabled = {0};
	try_content(bytes, size);
	try(bytes, size, 3, "2026-05-20T08:00:00Z");
	add_table(bytes, size, &tabled);
	try(tabled.data, tabled.length, 3, "2026-05-20T08:00:00Z");
	try(tabled.data, tabled.length, 0, ")");
	text_release(&tabled);
	return 0;
}
