/* The finishing of a PDF: what is refused and why, what is added, strings and dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <qpdf/qpdf-c.h>

#include "base/array.h"
#include "report/pdf/finish.h"
#include "report/pdf/finish_content.h"
#include "report/pdf/finish_text.h"

static const char head[] = "%PDF-1.4\n";

/* A file of these objects, numbered from 1, with a table and this trailer. */
static void build(struct text *out, const char *const *objects, const char *trailer)
{
	size_t offsets[16] = {0}, count = 1;
	text_add(out, head);
	for (; objects[count - 1]; count++) {
		offsets[count] = out->length;
		text_addf(out, "%zu 0 obj\n%s\nendobj\n", count, objects[count - 1]);
	}
	size_t table = out->length;
	text_addf(out, "xref\n0 %zu\n0000000000 65535 f \n", count);
	for (size_t i = 1; i < count; i++)
		text_addf(out, "%010zu 00000 n \n", offsets[i]);
	text_addf(out, "trailer\n%s\nstartxref\n%zu\n%%%%EOF\n", trailer, table);
}

static const char *const sound[] = {
		"<< /Type /Catalog /Pages 4 0 R /StructTreeRoot 2 0 R >>",
		"<< /Type /StructTreeRoot /K [ 3 0 R 5 0 R 6 0 R ] >>",
		"<< /S /Figure /P 2 0 R /K 0 >>",
		"<< /Type /Pages /Count 0 /Kids [] >>",
		"<< /S /TR /K [ << /Type /OBJR /Obj 3 0 R >> 7 0 R 1 ] >>",
		"<< /S /P /K 3 >>",
		"<< /S /TH /K 4 /T (a \\) b) >>",
		"<< /Title (x) >>",
		NULL,
};
static const char trailer[] = "<< /Size 9 /Root 1 0 R /Info 8 0 R >>";
static const struct finish_tag tags[] = {{"Figure", "a (b) \xE2\x80\x93 \xF0\x9F\x98\x80"},
		{"TH", "Row"}};
static const struct finish_attachment attached = {"headroom.json", "audit document", "{}", 2};

static bool finish(const char *bytes,
		size_t size,
		size_t tag_count,
		struct text *out,
		struct error *err)
{
	struct arena *arena = arena_new();
	const struct finish_input input = {.arena = arena,
			.language = "en",
			.title = "T & (t)",
			.subject = "s",
			.creator = "c",
			.producer = "p",
			.date = "2026-05-20T08:00:00Z",
			.tags = tags,
			.tag_count = tag_count,
			.attached = &attached};
	bool done = finish_pdf(&input, bytes, size, out, err);
	arena_free(arena);
	return done;
}

static void assert_has(const struct text *text, const char *part)
{
	if (!memmem(text->data, text->length, part, strlen(part)))
		fail_msg("%s is missing", part);
}

/* The same file with its objects one by one, not packed into streams. */
static void unpack(const struct text *packed, struct text *out)
{
	qpdf_data pdf = qpdf_init();
	(void)qpdf_read_memory(pdf, "the PDF", packed->data, packed->length, NULL);
	(void)qpdf_init_write_memory(pdf);
	qpdf_set_object_stream_mode(pdf, qpdf_o_disable);
	qpdf_set_stream_data_mode(pdf, qpdf_s_preserve);
	qpdf_set_deterministic_ID(pdf, QPDF_TRUE);
	assert_int_equal(qpdf_write(pdf), QPDF_SUCCESS);
	text_add_bytes(out, (const char *)qpdf_get_buffer(pdf), qpdf_get_buffer_length(pdf));
	qpdf_cleanup(&pdf);
}

static void adds_everything(void **state)
{
	(void)state;
	static const char *const parts[] = {
			"/Alt <feff006100200028006200290020201300"
			"20d83dde00>",
			"/A << /O /Table /Scope /Row >>",
			"/T (a \\) b)",
			"/Lang (en)",
			"/ViewerPreferences << /DisplayDocTitle true >>",
			"/Metadata ",
			"/AF [ ",
			"/EmbeddedFiles << /Names [ (headroom.json) ",
			"/CreationDate (D:20260520080000Z)",
			"/ModDate (D:20260520080000Z)",
			"/Title (T & \\(t\\))",
			"<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">T &amp; "
			"(t)</rdf:li></rdf:Alt></dc:title>",
			"/Type /EmbeddedFile",
			"/Params << /ModDate (D:20260520080000Z) /Size 2 >>",
			"/ID [<",
	};
	struct text in = {0}, out = {0}, again = {0}, plain = {0};
	struct error err = {0};
	build(&in, sound, trailer);
	assert_true(finish(in.data, in.length, 2, &out, &err));
	unpack(&out, &plain);
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		assert_has(&plain, parts[i]);
	text_release(&plain);
	assert_true(finish(in.data, in.length, 2, &again, &err));
	assert_int_equal(out.length, again.length);
	assert_memory_equal(out.data, again.data, out.length);
	/* The result is a sound file, and is refused a second time. */
	text_clear(&again);
	assert_false(finish(out.data, out.length, 2, &again, &err));
	assert_string_equal(err.text, "the PDF's catalog has /Metadata already");
	text_release(&in);
	text_release(&out);
	text_release(&again);
}

/* The sound file with one object or the trailer changed, and a word of the refusal. */
static const struct {
	size_t number; /* from 1; 0: the trailer */
	const char *instead, *says;
} refused[] = {
		{0, "<< /Size 9 /Root 99 0 R /Info 8 0 R >>", "unable to find /Root"},
		{0, "<< /Size 9 /Root 1 0 R /Info 8 0 R /Prev 10 >>", "cannot be read"},
		{0, "<< /Size 9 /Root 1 0 R /Info 8 0 R /Encrypt 4 0 R >>", "encryption"},
		{0, "[ ]", "expected trailer dictionary"},
		{0, "<< /Size 9", "expected trailer dictionary"},
		{1, "<< /Type /Pages >>", "no catalog"},
		{1, "<< /Type /Catalog /Lang (de) /StructTreeRoot 2 0 R >>", "has /Lang already"},
		{1, "<< /Type /Catalog >>", "not the one that was drawn"},
		{1, "<< /Type /Catalog /StructTreeRoot 2 0 R /Names 3 >>", "names cannot be added to"},
		{1,
				"<< /Type /Catalog /StructTreeRoot 2 0 R /Names << /EmbeddedFiles 3 0 R >> >>",
				"names cannot be added to"},
		{2, "<< /K [ 3 0 R 2 0 R ] >>", "is not a tree"},
		{2, "<< /K [ 3 0 R 3 0 R ] >>", "is not a tree"},
		{2, "<< /K [ 5 0 R 3 0 R ] >>", "not the one that was drawn"},
		{2, "<< /K 3 0 R >>", "1 of 2 elements"},
		{6, "<< /S /P /K 6 0 R >>", "is not a tree"},
		{7, "<< /S /TH /T (never ending >>", "EOF"},
		{7, "<< /S /TH /K [ 1 2 >>", "cannot be read"},
		{7, "<< /S /TH /K 2147483646 0 R >>", "the number 2147483646"},
		{7, "<< /S /TH /K 2147483647 0 R >>", "max object id"},
		{8, "", "empty object"},
};

static void refuses_what_it_does_not_know(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		const char *objects[COUNT_OF(sound)];
		struct text in = {0}, out = {0};
		struct error err = {0};
		memcpy(objects, sound, sizeof sound);
		if (refused[i].number)
			objects[refused[i].number - 1] = refused[i].instead;
		build(&in, objects, refused[i].number ? trailer : refused[i].instead);
		if (finish(in.data, in.length, 2, &out, &err) || out.length)
			fail_msg("%zu: %s was taken", i, refused[i].instead);
		if (!strstr(err.text, refused[i].says))
			fail_msg("%zu: %s: says %s", i, refused[i].instead, err.text);
		text_release(&in);
	}
}

/* Cut before the end, or with any one byte changed to one that means something: an answer, never a
 * crash. */
static void survives_damage(void **state)
{
	(void)state;
	struct text in = {0}, out = {0};
	struct error err = {0};
	build(&in, sound, trailer);
	const size_t last_word = sizeof "\n%%EOF\n" - 1;
	for (size_t i = 0; i < in.length - last_word; i++) {
		char *cut = malloc(i ? i : 1);
		assert_non_null(cut);
		memcpy(cut, in.data, i);
		assert_false(finish(cut, i, 2, &out, &err));
		assert_true(*err.text != '\0');
		free(cut);
	}
	for (size_t i = 0; i < in.length; i++)
		for (const char *letter = "<>[]()/ 0R9\\"; *letter; letter++) {
			char kept = in.data[i];
			in.data[i] = *letter;
			(void)finish(in.data, in.length, 2, &out, &err);
			text_clear(&out);
			in.data[i] = kept;
		}
	text_release(&in);
	text_release(&out);
}

static void writes_only_good_dates(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
			"2026",
			"2026-05-20 08:00:00Z",
			"2026-05-20T08:00:00Z)",
			"2026-05-20T08:00:0(Z",
			"2026-05-20T08:00:00+02:00"};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_null(finish_text_date(arena, bad[i]));
	assert_string_equal(finish_text_date(arena, "2026-05-20T08:00:00Z"), "D:20260520080000Z");
	arena_free(arena);
}

/* The operators of a page, and what they become; NULL: refused. */
static const struct {
	const char *in, *out;
} contents[] = {
		{"", ""},
		{"q Q", "q Q"},
		{"1 0 0 1 0 0 cm\n0 0 9 9 re f", "/Artifact BMC\n1 0 0 1 0 0 cm\n0 0 9 9 re f\nEMC\n"},
		{"/P << /MCID 0 >> BDC BT (a) Tj ET EMC", "/P << /MCID 0 >> BDC BT (a) Tj ET EMC\n"},
		{"BT (EMC \\) BDC) Tj ET",
				"/Artifact << /Type /Pagination >> BDC\nBT (EMC \\) BDC) Tj ET\nEMC\n"},
		{"0 0 1 1 re S /P <</MCID 0>>BDC[(a)2<4243>]TJ EMC 5 w",
				"/Artifact BMC\n0 0 1 1 re S \nEMC\n/P <</MCID 0>>BDC[(a)2<4243>]TJ EMC\n 5 w"},
		{"/A BMC /B BMC f EMC S EMC % f\n", "/A BMC /B BMC f EMC S EMC\n % f\n"},
		{"/x5 Do", "/Artifact BMC\n/x5 Do\nEMC\n"},
		{"EMC", NULL},
		{"/P BMC", NULL},
		{"BT /P BMC (a) Tj EMC ET", NULL},
		{"/P BMC BT EMC ET", NULL},
		{"BT", NULL},
		{"BI /W 1 ID EMC EI", NULL},
		{"(", NULL},
		{"(\\", NULL},
		{"<", "<"},
		{"/", "/"},
		{"<41", NULL},
		{"f (EMC", NULL},
};

static void content_becomes_artifacts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(contents); i++) {
		struct text out = {0};
		struct error err = {0};
		const char *in = contents[i].in;
		/* In memory of its own, so that a byte too far is seen. */
		size_t size = strlen(in);
		char *bytes = malloc(size ? size : 1);
		assert_non_null(bytes);
		memcpy(bytes, in, size);
		bool done = finish_content(bytes, size, &out, &err);
		if (done != (contents[i].out != NULL))
			fail_msg("%s: %s", in, done ? "taken" : err.text);
		if (done)
			assert_string_equal(text_string(&out), contents[i].out);
		text_release(&out);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(adds_everything),
			cmocka_unit_test(content_becomes_artifacts),
			cmocka_unit_test(refuses_what_it_does_not_know),
			cmocka_unit_test(survives_damage),
			cmocka_unit_test(writes_only_good_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
