/* Properties of every HTML page and every PDF, whatever the document and the template contain. */
#ifndef HEADROOM_TESTS_FUZZ_PAGE_PROPERTY_H
#define HEADROOM_TESTS_FUZZ_PAGE_PROPERTY_H

#include "base/text.h"

/* Abort unless the page is UTF-8, well-formed XML and harmless apart from the template's words.
 * Nothing may make a browser fetch or do anything: no frames, forms, handlers or style attributes;
 * pictures only inside the page; links only to the page itself or to https. */
void demand_page(const struct text *html);
void demand_own_page(const struct text *html);

/* Aborts unless the PDF can be read without repair, and its only actions are links to https or
 * inside the file. */
void demand_pdf(const struct text *pdf);

#endif
