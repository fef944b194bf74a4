/* The words of the charts: titles, axes, labels, findings. They are in templates/words.json, so a
 * user's template can replace them, also in another language. */
#ifndef HEADROOM_REPORT_CHART_WORDS_H
#define HEADROOM_REPORT_CHART_WORDS_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* An object: key to text with {placeholders}. Free with cJSON_Delete. NULL: the file is not valid.
 */
cJSON *words_built_in(void);
/* Takes the texts of a user's words.json in place of those in `words`. An unknown key or
 * placeholder, a text that is too long: an error that begins with `name` and the line. */
bool words_change(cJSON *words, const char *name, const char *json, struct error *err);

/* The words of a document that is being rendered, from its member "page"; NULL if it has none. */
const cJSON *words_of(const cJSON *root);

/* A text with its placeholders filled in: pairs of a name and a text, then NULL. "" without words.
 */
const char *words_say(struct arena *arena, const cJSON *words, const char *key, ...)
		__attribute__((sentinel));
/* "pass", "fail", …: the word for it; another text as it is, cleaned. */
const char *words_status(struct arena *arena, const cJSON *words, const char *status);

#endif
