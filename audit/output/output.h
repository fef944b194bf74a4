/* The outputs of a run: which formats -o asks for, and their files. */
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
	/* for an audit; SARIF is for findings with a file and a line */
	FORMATS_ALL = ((1 << FORMATS) - 1) & ~(1 << FORMAT_SARIF),
	FORMATS_TEXT_JSON = 1 << FORMAT_TEXT | 1 << FORMAT_JSON
};

/* Returns the name of the format in -o. */
const char *output_format_name(enum format format);

struct output {
	enum format format;
	const char *path; /* NULL: standard output */
	bool below;       /* the user did not choose the path: use target_open_below() */
	struct target target;
};

struct outputs {
	struct output *items;
	size_t count;
	struct template_files templates; /* the user's templates; count 0: none */
	bool to_stdout; /* one of them uses standard output, so nothing else may be printed there */
	bool to_errors; /* a command uses standard output, so outputs without a file go to stderr */
	bool past;      /* the document is from an earlier run */
};

/* Reads the texts of -o. `formats`: bits of the formats that this command can write. Returns false
 * with a usage error for an unknown or unavailable format, a second output on standard output, or
 * the same file twice. */
bool outputs_parse(struct arena *arena,
		const struct name_list *texts,
		unsigned formats,
		struct outputs *ret_outputs,
		struct error *err);

/* Opens and checks the templates in `dir`; NULL: the built-in ones. false with err. */
bool outputs_template(struct arena *arena,
		struct outputs *outputs,
		const char *dir,
		struct error *err);

/* Opens the file of an output that is not standard output. false with err. */
bool output_open(struct arena *arena,
		const struct output *output,
		struct target *ret_target,
		struct error *err);

/* Fills `out` with a document in a text format. HTML and PDF are requested as FORMAT_JSON, which
 * then goes to the helper. */
struct output_source {
	void (*render)(void *context, enum format format, struct text *out);
	void *context;
};

/* Opens all files, writes them, and puts each in place. Reports each failure on standard error and
 * continues with the others. Returns false if any failed. */
bool outputs_write(struct arena *arena,
		struct outputs *outputs,
		const struct output_source *source);

/* Writes to standard output. A full disk is an error; a reader that went away is not. false with
 * err. */
bool output_stdout(const char *bytes, size_t length, struct error *err);
/* The same for the content of a buffer, which is released. */
bool output_text(struct text *text, struct error *err);

#endif
