/* What is drawn on a page without a place in the structure (rules, grounds, heads of tables that
 * are repeated, the running head and foot) is no content for who listens: PDF/UA wants it marked as
 * an artifact, which cairo 1.16 cannot write. */
#ifndef HEADROOM_REPORT_PDF_FINISH_CONTENT_H
#define HEADROOM_REPORT_PDF_FINISH_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* Adds the page's operators to out, with what they draw outside marked content between /Artifact
 * and EMC. Fails where they are not nested as the standard wants; out is of no use then. */
bool finish_content(const char *bytes, size_t size, struct text *out, struct error *err);

#endif
