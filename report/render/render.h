/* Renders one document: binds it to a template once and writes it to several outputs. */
#ifndef HEADROOM_REPORT_RENDER_RENDER_H
#define HEADROOM_REPORT_RENDER_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct render;

/* font_dir: the directory of the DejaVu fonts, kept by reference; NULL: the usual places. Free with
 * render_free. */
struct render *render_new(const char *font_dir);
void render_free(struct render *render);

/* Names the user's template directory, for errors about its files. Call it before
 * render_use_template. */
void render_name_templates(struct render *render, const char *dir);
/* Adds a file to the built-in ones, or replaces the one with that name. Copies the bytes. The
 * members of a theme.json replace only those of the built-in theme. */
void render_use_template(struct render *render, const char *name, const char *bytes, size_t size);
/* Checks the template and the files it names, without a document. false with err. */
bool render_check(struct render *render, struct error *err);
/* Reads the audit document and binds the template. false with err. */
bool render_load(struct render *render, const char *json, size_t length, struct error *err);
/* Appends the whole output to out; false with err. kind: "html", "pdf", or "png" (the limits
 * against the plan). */
bool render_output(struct render *render, const char *kind, struct text *out, struct error *err);
/* Returns what the last output lacks although it was written, or "". */
const char *render_remark(const struct render *render);

#endif
