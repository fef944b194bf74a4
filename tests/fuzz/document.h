/* Audit documents for the harnesses. The input is a document, or changes to a sample, so that small
 * inputs reach far:
 *
 *   3                          the number of the sample (tests/report/…-audit.json)
 *   workload.name=any text     sets a member to a text
 *   resources.0.status:null    sets it to a JSON value
 *   facts.2.raw-               removes it */
#ifndef HEADROOM_TESTS_FUZZ_DOCUMENT_H
#define HEADROOM_TESTS_FUZZ_DOCUMENT_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"

/* Returns the JSON text, in the arena. */
const char *document_of(struct arena *arena, const char *bytes, size_t size, size_t *ret_length);

/* Returns the sample with this number, which is read only once. */
const cJSON *document_sample(size_t number);

#endif
