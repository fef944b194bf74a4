/* Marks what is drawn on a page outside of its structure (rules, backgrounds, repeated table heads,
 * the running head and foot) as an artifact, so that screen readers skip it. PDF/UA requires that,
 * and cairo 1.16 cannot write it. */
#ifndef HEADROOM_REPORT_PDF_FINISH_CONTENT_H
#define HEADROOM_REPORT_PDF_FINISH_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* Appends the page's operators to out, with drawing outside of marked content enclosed in /Artifact
 * and EMC. Returns false with err if the operators are not nested correctly; out must then be
 * discarded. */
bool finish_content(const char *bytes, size_t size, struct text *out, struct error *err);

#endif
