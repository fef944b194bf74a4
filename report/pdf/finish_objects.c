#include "report/pdf/finish_objects.h"

#include <stdlib.h>

#include "report/pdf/finish_content.h"
#include "report/pdf/finish_pack.h"

static bool objects_is(qpdf_data pdf, qpdf_oh object, const char *key, const char *name)
{
	if (!qpdf_oh_has_key(pdf, object, key))
		return false;
	qpdf_oh value = qpdf_oh_get_key(pdf, object, key);
	return qpdf_oh_is_name_and_equals(pdf, value, name);
}

static void objects_set_name(qpdf_data pdf, qpdf_oh object, const char *key, const char *name)
{
	qpdf_oh value = qpdf_oh_new_name(pdf, name);
	qpdf_oh_replace_key(pdf, object, key, value);
}

/* --- pages ---------------------------------------------------------------------------------- */

static void replace_content(qpdf_data pdf, qpdf_oh stream, const struct text *marked)
{
	struct text packed = {0};
	qpdf_oh filter = qpdf_oh_new_name(pdf, "/FlateDecode");
	qpdf_oh parameters = qpdf_oh_new_null(pdf);
	if (finish_pack(&packed, marked->data, marked->length, FINISH_PACK_SMALL)) {
		const unsigned char *bytes = (const unsigned char *)packed.data;
		qpdf_oh_replace_stream_data(pdf, stream, bytes, packed.length, filter, parameters);
	}
	text_release(&packed);
}

static bool mark_stream(qpdf_data pdf, qpdf_oh stream, struct error *err)
{
	unsigned char *bytes = NULL;
	size_t size = 0;
	QPDF_BOOL plain = QPDF_FALSE;
	struct text marked = {0};
	bool good = true;
	(void)qpdf_oh_get_stream_data(pdf, stream, qpdf_dl_generalized, &plain, &bytes, &size);
	if (!plain || !bytes)
		good = error_fail(err, "the PDF's pages cannot be read");
	else
		good = finish_content((const char *)bytes, size, &marked, err);
	if (good)
		replace_content(pdf, stream, &marked);
	text_release(&marked);
	free(bytes);
	return good;
}

static bool mark_page(qpdf_data pdf, qpdf_oh page, struct error *err)
{
	qpdf_oh content = qpdf_oh_get_key(pdf, page, "/Contents");
	if (qpdf_oh_has_key(pdf, page, "/Annots"))
		objects_set_name(pdf, page, "/Tabs", "/S");
	if (qpdf_oh_is_null(pdf, content))
		return true;
	if (qpdf_oh_get_type_code(pdf, content) != ot_stream)
		return error_fail(err, "a page of the PDF is not one stream");
	return mark_stream(pdf, content, err);
}

/* --- links and fonts ------------------------------------------------------------------------ */

/* Its address, or the name of a place. */
static void describe_link(qpdf_data pdf, qpdf_oh link)
{
	qpdf_oh target = qpdf_oh_get_key(pdf, link, "/Dest");
	if (qpdf_oh_has_key(pdf, link, "/A")) {
		qpdf_oh action = qpdf_oh_get_key(pdf, link, "/A");
		if (qpdf_oh_is_dictionary(pdf, action))
			target = qpdf_oh_get_key(pdf, action, "/URI");
	}
	if (qpdf_oh_is_string(pdf, target))
		qpdf_oh_replace_key(pdf, link, "/Contents", target);
}

/* The standard's default, which PDF/UA wants to be said. */
static void number_glyphs(qpdf_data pdf, qpdf_oh font)
{
	if (!qpdf_oh_has_key(pdf, font, "/CIDToGIDMap"))
		objects_set_name(pdf, font, "/CIDToGIDMap", "/Identity");
}

static bool finish_object(qpdf_data pdf, qpdf_oh object, struct error *err)
{
	if (!qpdf_oh_is_dictionary(pdf, object))
		return true;
	if (objects_is(pdf, object, "/Subtype", "/Link"))
		describe_link(pdf, object);
	if (objects_is(pdf, object, "/Subtype", "/CIDFontType2"))
		number_glyphs(pdf, object);
	if (objects_is(pdf, object, "/Type", "/Page"))
		return mark_page(pdf, object, err);
	return true;
}

bool finish_objects(qpdf_data pdf, int end, struct error *err)
{
	bool good = true;
	for (int number = 1; number < end && good; number++) {
		qpdf_oh object = qpdf_get_object_by_id(pdf, number, 0);
		good = finish_object(pdf, object, err);
		qpdf_oh_release(pdf, object);
	}
	return good;
}
