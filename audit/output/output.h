/* The outputs of a run: what -o asks for, in which format, to which file. */
#ifndef HEADROOM_AUDIT_OUTPUT_OUTPUT_H
#define HEADROOM_AUDIT_OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/helper/template.h"
#include "audit/output/target.h"
#include "model/result.h"
#include "report/write/write.h"

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_HTML,
	FORMAT_PDF,
	FORMAT_PNG,
	FORMAT_JUNIT,
	FORMAT_MARKDOWN,
	FORMAT_GITHUB,
	FORMAT_PROMETHEUS,
	FORMAT_SARIF,
	FORMATS
};

enum {
	/* of an audit: SARIF is for what has a file and a line */
	FORMATS_ALL = ((1 << FORMATS) - 1) & ~(1 << FORMAT_SARIF),
	FORMATS_TEXT_JSON = 1 << FORMAT_TEXT | 1 << FORMAT_JSON
};

/* The name of the format in -o. */
const char *output_format_name(enum format format);

struct output {
	enum format format;
	const char *path; /* NULL: standard output */
	bool below;       /* the path is not the user's own choice: use target_open_below() */
	struct target target;
};

struct outputs {
	struct output *items;
	size_t count;
	struct template_files templates; /* the user's own; none: count 0 */
	bool to_stdout; /* one of them uses standard output, so nothing else may be printed there */
	bool to_errors; /* a command uses standard output, so outputs without a file go to stderr */
	bool past;      /* the document is that of an earlier run */
};

/* Reads the -o texts. `formats`: bits of the formats this command can write. A usage error for an
 * unknown or unavailable format, a second writer on standard output, the same file twice. */
bool outputs_parse(struct arena *arena,
		const struct name_list *texts,
		unsigned formats,
		struct outputs *ret_outputs,
		struct error *err);

/* Opens and checks the templates in `dir`; NULL: the built-in ones. */
bool outputs_template(struct arena *arena,
		struct outputs *outputs,
		const char *dir,
		struct error *err);

/* Opens the file of an output, which is not standard output. */
bool output_open(struct arena *arena,
		const struct output *output,
		struct target *ret_target,
		struct error *err);

/* Fills `out` with a document in a text format; HTML and PDF are asked for as FORMAT_JSON, which
 * then goes to the helper. */
struct output_source {
	void (*render)(void *context, enum format format, struct text *out);
	void *context;
};

/* Opens all files, writes them all, and puts each in place. Reports each failure on standard error
 * and goes on with the others. Returns false if any failed. */
bool outputs_write(struct arena *arena,
		struct outputs *outputs,
		const struct output_source *source);

/* Standard output, checked: a full disk is an error; a reader that went away is none. */
bool output_stdout(const char *bytes, size_t length, struct error *err);
/* The same for what a buffer holds; the buffer is released. */
bool output_text(struct text *text, struct error *err);

#endif
