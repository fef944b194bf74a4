/* Audit documents for the harnesses. The input is a document, or a sample with changes, so that
 * small inputs reach far:
 *
 *   3                          which sample (tests/report/…-audit.json)
 *   workload.name=any text     a member becomes a text,
 *   resources.0.status:null    or what the JSON says,
 *   facts.2.raw-               or goes */
#ifndef HEADROOM_TESTS_FUZZ_DOCUMENT_H
#define HEADROOM_TESTS_FUZZ_DOCUMENT_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"

/* The JSON text, in the arena. */
const char *document_of(struct arena *arena, const char *bytes, size_t size, size_t *ret_length);

/* The sample of this number, read once. */
const cJSON *document_sample(size_t number);

#endif
