/* What every HTML page and every PDF keeps to, whatever the document and the template say. */
#ifndef HEADROOM_TESTS_FUZZ_PAGE_PROPERTY_H
#define HEADROOM_TESTS_FUZZ_PAGE_PROPERTY_H

#include "base/text.h"

/* UTF-8, well-formed XML, and harmless where the words are not the template's own. Nothing makes a
 * browser fetch or do anything: no frames, no forms, no handlers, no styles in attributes, pictures
 * inside the page, and links to itself or https alone. */
void demand_page(const struct text *html);
void demand_own_page(const struct text *html);

/* Readable without repair, and its only actions are links to https or inside the file. */
void demand_pdf(const struct text *pdf);

#endif
