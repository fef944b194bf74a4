/* One rendering: a document and a template, bound once and written to several outputs. */
#ifndef HEADROOM_REPORT_RENDER_RENDER_H
#define HEADROOM_REPORT_RENDER_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct render;

/* font_dir: where the DejaVu fonts are; NULL: the usual places. Kept by reference. */
struct render *render_new(const char *font_dir);
void render_free(struct render *render);

/* The user's template directory, which errors about its files begin with. Call it before
 * render_use_template. */
void render_name_templates(struct render *render, const char *dir);
/* Adds a file to the built-in ones, or replaces the one of that name. The bytes are copied. Of
 * theme.json, the members that it has replace the built-in ones. */
void render_use_template(struct render *render, const char *name, const char *bytes, size_t size);
/* Checks the template and the files it names, without a document. */
bool render_check(struct render *render, struct error *err);
/* Reads the audit document and binds the template. */
bool render_load(struct render *render, const char *json, size_t length, struct error *err);
/* kind: "html", "pdf" or "png" (the limits against the plan). Adds the whole output to out. */
bool render_output(struct render *render, const char *kind, struct text *out, struct error *err);
/* What the last output lacks although it was written, or "". */
const char *render_remark(const struct render *render);

#endif
