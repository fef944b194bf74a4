/* libqpdf reads what cairo wrote, is given the additions, and writes the file anew. It keeps its
 * errors until they are asked for, which is done after each step and not after each call. */
#include "report/pdf/finish.h"

#include <qpdf/qpdf-c.h>
#include <stdlib.h>

#include "base/array.h"
#include "report/pdf/finish_objects.h"
#include "report/pdf/finish_pack.h"
#include "report/pdf/finish_structure.h"
#include "report/pdf/finish_text.h"

/* libqpdf prints an error that was not asked for, so it is asked for. */
static void finish_release(qpdf_data *pdf)
{
	(void)qpdf_get_error(*pdf);
	qpdf_cleanup(pdf);
}

/* The first thing that was wrong so far, or NULL. A warning counts as well: a file that needs
 * repair is not what cairo writes. */
static qpdf_error first_problem(qpdf_data pdf)
{
	if (qpdf_has_error(pdf))
		return qpdf_get_error(pdf);
	if (qpdf_more_warnings(pdf))
		return qpdf_next_warning(pdf);
	return NULL;
}

static bool finish_is_sound(qpdf_data pdf, const char *what, struct error *err)
{
	qpdf_error problem = first_problem(pdf);
	if (!problem)
		return true;
	const char *says = qpdf_get_error_message_detail(pdf, problem);
	return error_fail(err, "the PDF cannot be %s: %s", what, says);
}

/* --- members of dictionaries ---------------------------------------------------------------- */

static void finish_set_name(qpdf_data pdf, qpdf_oh dictionary, const char *key, const char *name)
{
	qpdf_oh value = qpdf_oh_new_name(pdf, name);
	qpdf_oh_replace_key(pdf, dictionary, key, value);
}

static void finish_set_text(qpdf_data pdf, qpdf_oh dictionary, const char *key, const char *text)
{
	qpdf_oh value = qpdf_oh_new_unicode_string(pdf, text);
	qpdf_oh_replace_key(pdf, dictionary, key, value);
}

static qpdf_oh new_stream(qpdf_data pdf, const char *bytes, size_t size, qpdf_oh filter)
{
	qpdf_oh stream = qpdf_oh_new_stream(pdf);
	qpdf_oh parameters = qpdf_oh_new_null(pdf);
	const unsigned char *data = (const unsigned char *)bytes;
	qpdf_oh_replace_stream_data(pdf, stream, data, size, filter, parameters);
	return stream;
}

/* --- the attached file ---------------------------------------------------------------------- */

static qpdf_oh new_file_stream(qpdf_data pdf,
		const struct finish_input *in,
		const struct text *packed)
{
	qpdf_oh parameters = qpdf_oh_new_dictionary(pdf);
	qpdf_oh size = qpdf_oh_new_integer(pdf, (long long)in->attached->size);
	qpdf_oh_replace_key(pdf, parameters, "/Size", size);
	const char *date = finish_text_date(in->arena, in->date);
	if (date)
		finish_set_text(pdf, parameters, "/ModDate", date);

	qpdf_oh filter = qpdf_oh_new_name(pdf, "/FlateDecode");
	qpdf_oh stream = new_stream(pdf, packed->data, packed->length, filter);
	qpdf_oh dictionary = qpdf_oh_get_dict(pdf, stream);
	finish_set_name(pdf, dictionary, "/Type", "/EmbeddedFile");
	finish_set_name(pdf, dictionary, "/Subtype", "/application/json");
	qpdf_oh_replace_key(pdf, dictionary, "/Params", parameters);
	return stream;
}

/* The dictionary that gives the stream its name (ISO 32000-1, 7.11.3). */
static qpdf_oh new_file_name(qpdf_data pdf, const struct finish_attachment *file, qpdf_oh stream)
{
	qpdf_oh streams = qpdf_oh_new_dictionary(pdf);
	qpdf_oh_replace_key(pdf, streams, "/F", stream);
	qpdf_oh_replace_key(pdf, streams, "/UF", stream);

	qpdf_oh name = qpdf_oh_new_dictionary(pdf);
	finish_set_name(pdf, name, "/Type", "/Filespec");
	finish_set_name(pdf, name, "/AFRelationship", "/Source");
	finish_set_text(pdf, name, "/F", file->name);
	finish_set_text(pdf, name, "/UF", file->name);
	finish_set_text(pdf, name, "/Desc", file->about);
	qpdf_oh_replace_key(pdf, name, "/EF", streams);
	return qpdf_make_indirect_object(pdf, name);
}

/* The catalog's dictionary of names, which cairo makes for the destinations of links. */
static bool take_names(qpdf_data pdf, qpdf_oh catalog, qpdf_oh *ret, struct error *err)
{
	qpdf_oh names = qpdf_oh_get_key(pdf, catalog, "/Names");
	if (qpdf_oh_is_null(pdf, names)) {
		names = qpdf_oh_new_dictionary(pdf);
		qpdf_oh_replace_key(pdf, catalog, "/Names", names);
	}
	bool usable = qpdf_oh_is_dictionary(pdf, names);
	if (!usable || qpdf_oh_has_key(pdf, names, "/EmbeddedFiles"))
		return error_fail(err, "the PDF's names cannot be added to");
	*ret = names;
	return true;
}

static bool add_attachment(qpdf_data pdf,
		const struct finish_input *in,
		qpdf_oh catalog,
		struct error *err)
{
	if (!in->attached)
		return true;
	qpdf_oh names = 0;
	struct text packed = {0};
	if (!take_names(pdf, catalog, &names, err))
		return false;
	const struct finish_attachment *file = in->attached;
	if (!finish_pack(&packed, file->bytes, file->size, FINISH_PACK_QUICK))
		return error_fail(err, "the attached %s cannot be compressed", file->name);
	qpdf_oh stream = new_file_stream(pdf, in, &packed);
	qpdf_oh name = new_file_name(pdf, in->attached, stream);
	text_release(&packed);

	qpdf_oh key = qpdf_oh_new_unicode_string(pdf, in->attached->name);
	qpdf_oh pair = qpdf_oh_wrap_in_array(pdf, key);
	qpdf_oh_append_item(pdf, pair, name);
	qpdf_oh files = qpdf_oh_new_dictionary(pdf);
	qpdf_oh_replace_key(pdf, files, "/Names", pair);
	qpdf_oh_replace_key(pdf, names, "/EmbeddedFiles", files);

	qpdf_oh associated = qpdf_oh_wrap_in_array(pdf, name);
	qpdf_oh_replace_key(pdf, catalog, "/AF", associated);
	return true;
}

/* --- the document --------------------------------------------------------------------------- */

/* libqpdf gives each new object the next number, and ends the program where there is none left. A
 * file has far fewer objects than bytes. */
static bool check_numbers(qpdf_data pdf, size_t size, int *ret_end, struct error *err)
{
	qpdf_oh null = qpdf_oh_new_null(pdf);
	qpdf_oh object = qpdf_make_indirect_object(pdf, null);
	int number = qpdf_oh_get_object_id(pdf, object);
	if (!finish_is_sound(pdf, "read", err))
		return false;
	if ((size_t)number > size)
		return error_fail(err, "the PDF has an object with the number %d", number - 1);
	*ret_end = number;
	return true;
}

static bool check_catalog(qpdf_data pdf, qpdf_oh catalog, struct error *err)
{
	static const char *const own[] = {
			"/Metadata",
			"/Lang",
			"/ViewerPreferences",
			"/PageMode",
			"/AF",
	};
	if (!qpdf_oh_is_dictionary_of_type(pdf, catalog, "/Catalog", NULL))
		return error_fail(err, "the PDF has no catalog");
	for (size_t i = 0; i < COUNT_OF(own); i++)
		if (qpdf_oh_has_key(pdf, catalog, own[i]))
			return error_fail(err, "the PDF's catalog has %s already", own[i]);
	return true;
}

static void add_metadata(qpdf_data pdf, const struct finish_input *in, qpdf_oh catalog)
{
	struct text xmp = {0};
	finish_text_xmp(in, &xmp);
	qpdf_oh filter = qpdf_oh_new_null(pdf);
	qpdf_oh stream = new_stream(pdf, xmp.data, xmp.length, filter);
	text_release(&xmp);

	qpdf_oh dictionary = qpdf_oh_get_dict(pdf, stream);
	finish_set_name(pdf, dictionary, "/Type", "/Metadata");
	finish_set_name(pdf, dictionary, "/Subtype", "/XML");
	qpdf_oh_replace_key(pdf, catalog, "/Metadata", stream);
}

static void edit_catalog(qpdf_data pdf, const struct finish_input *in, qpdf_oh catalog)
{
	qpdf_oh preferences = qpdf_oh_parse(pdf, "<< /DisplayDocTitle true >>");
	qpdf_oh_replace_key(pdf, catalog, "/ViewerPreferences", preferences);
	finish_set_text(pdf, catalog, "/Lang", in->language);
	if (qpdf_oh_has_key(pdf, catalog, "/Outlines"))
		finish_set_name(pdf, catalog, "/PageMode", "/UseOutlines");
}

static void replace_information(qpdf_data pdf, const struct finish_input *in)
{
	qpdf_oh information = qpdf_oh_new_dictionary(pdf);
	finish_set_text(pdf, information, "/Title", in->title);
	finish_set_text(pdf, information, "/Subject", in->subject);
	finish_set_text(pdf, information, "/Creator", in->creator);
	finish_set_text(pdf, information, "/Producer", in->producer);
	const char *date = finish_text_date(in->arena, in->date);
	if (date) {
		finish_set_text(pdf, information, "/CreationDate", date);
		finish_set_text(pdf, information, "/ModDate", date);
	}
	information = qpdf_make_indirect_object(pdf, information);
	qpdf_oh trailer = qpdf_get_trailer(pdf);
	qpdf_oh_replace_key(pdf, trailer, "/Info", information);
}

static bool finish_read_file(qpdf_data pdf, const char *bytes, size_t size, struct error *err)
{
	/* This variable chooses the code that computes the identifier. Where it names one that this
	 * libqpdf does not have, no file could be written. */
	(void)unsetenv("QPDF_CRYPTO_PROVIDER");
	qpdf_silence_errors(pdf);
	qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
	qpdf_set_attempt_recovery(pdf, QPDF_FALSE);
	(void)qpdf_read_memory(pdf, "the PDF", bytes, size, NULL);
	return finish_is_sound(pdf, "read", err);
}

static bool finish_change(qpdf_data pdf,
		const struct finish_input *in,
		size_t size,
		struct error *err)
{
	qpdf_oh catalog = qpdf_get_root(pdf);
	if (!finish_is_sound(pdf, "read", err))
		return false;
	int end = 0;
	if (!check_numbers(pdf, size, &end, err))
		return false;
	if (!check_catalog(pdf, catalog, err))
		return false;
	if (!finish_structure(in, pdf, size, err))
		return false;
	if (!finish_objects(pdf, end, err))
		return false;
	if (!add_attachment(pdf, in, catalog, err))
		return false;
	edit_catalog(pdf, in, catalog);
	add_metadata(pdf, in, catalog);
	replace_information(pdf, in);
	return finish_is_sound(pdf, "changed", err);
}

/* Streams stay as cairo packed them; the structure, which is half of the bytes, is packed into
 * streams of objects (PDF 1.5). The identifier is computed from the file's content. */
static bool finish_write_file(qpdf_data pdf, struct text *out, struct error *err)
{
	(void)qpdf_init_write_memory(pdf);
	qpdf_set_object_stream_mode(pdf, qpdf_o_generate);
	qpdf_set_stream_data_mode(pdf, qpdf_s_preserve);
	qpdf_set_deterministic_ID(pdf, QPDF_TRUE);
	(void)qpdf_write(pdf);
	if (!finish_is_sound(pdf, "written", err))
		return false;
	const char *bytes = (const char *)qpdf_get_buffer(pdf);
	text_add_bytes(out, bytes, qpdf_get_buffer_length(pdf));
	return true;
}

bool finish_pdf(const struct finish_input *input,
		const char *bytes,
		size_t size,
		struct text *out,
		struct error *err)
{
	__attribute__((cleanup(finish_release))) qpdf_data pdf = qpdf_init();
	if (!finish_read_file(pdf, bytes, size, err))
		return false;
	if (!finish_change(pdf, input, size, err))
		return false;
	return finish_write_file(pdf, out, err);
}
