/* The words of the charts: titles, axes, labels, findings. They come from templates/words.json, so
 * a user's template can replace them, for example by another language. */
#ifndef HEADROOM_REPORT_CHART_WORDS_H
#define HEADROOM_REPORT_CHART_WORDS_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* Returns an object that maps keys to texts with {placeholders}; NULL: the file is invalid. Free
 * with cJSON_Delete. */
cJSON *words_built_in(void);
/* Replaces texts in `words` by those of a user's words.json. Returns false with err, which begins
 * with `name` and the line, for unknown keys or placeholders and for texts that are too long. */
bool words_change(cJSON *words, const char *name, const char *json, struct error *err);

/* Returns the words of a document that is being rendered (in its member "page"), or NULL if it has
 * none. */
const cJSON *words_of(const cJSON *root);

/* Returns a text with its placeholders filled in from pairs of name and text, ended by NULL. "" if
 * `words` is NULL. */
const char *words_say(struct arena *arena, const cJSON *words, const char *key, ...)
		__attribute__((sentinel));
/* Returns the word for "pass", "fail" and so on; any other text is only cleaned. */
const char *words_status(struct arena *arena, const cJSON *words, const char *status);

#endif
