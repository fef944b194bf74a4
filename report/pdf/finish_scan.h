/* Finds its way in the bytes of a PDF that cairo wrote: objects by number, members of dictionaries,
 * elements of arrays. One cross-reference table, no object streams, no encryption: anything else is
 * an error. Every position is checked against the bytes that are there. */
#ifndef HEADROOM_REPORT_PDF_FINISH_SCAN_H
#define HEADROOM_REPORT_PDF_FINISH_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* Bytes [start, end) of the file; start == end: not there. */
struct span {
	size_t start, end;
};

struct pdf_object {
	size_t offset;     /* of "N 0 obj"; 0: not used */
	struct span value; /* its first value: the dictionary of a stream */
};

struct pdf_file {
	const char *bytes;
	size_t size;
	struct pdf_object *objects; /* by number */
	size_t count;
	size_t table;   /* where the cross-reference table begins */
	size_t scanned; /* bytes of objects looked at: objects inside each other end this soon */
	struct span trailer;
};

bool pdf_file_read(struct pdf_file *file,
		struct arena *arena,
		const char *bytes,
		size_t size,
		struct error *err);

/* The value at or after `at`, before `limit`: a reference "7 0 R" is one value. */
struct span pdf_value(const struct pdf_file *file, size_t at, size_t limit);
/* The value of a member ("/Root") of the dictionary, or nothing. */
struct span pdf_member(const struct pdf_file *file, struct span dictionary, const char *name);
/* The number of the object that this value refers to and that is in the file; 0: none. */
size_t pdf_reference(const struct pdf_file *file, struct span value);
bool pdf_is(const struct pdf_file *file, struct span value, const char *text);
bool pdf_is_dictionary(const struct pdf_file *file, struct span value);
bool pdf_is_array(const struct pdf_file *file, struct span value);

#endif
