/* "Did you mean …?": the nearest of a list of names. */
#ifndef HEADROOM_BASE_SUGGEST_H
#define HEADROOM_BASE_SUGGEST_H

#include <stddef.h>

enum {
	SUGGEST_MAX = 256
};

/* The name nearest to `word` by edit distance, or NULL when none is near enough to be meant
 * (a third of the word's length, at least 2 edits). `names` is NULL-terminated. */
const char *suggest_name(const char *word, const char *const *names);

/* The shortest name that has every word of `words` (words are separated by . _ -): "conntrack.max"
 * is found in "net.netfilter.nf_conntrack_max". NULL if no name has them all, or if `words` is too
 * short. */
const char *suggest_words(const char *words, const char *const *names);

/* The question to add to an error about `word`: "; did you mean NAME?" with the nearest name, or ""
 * when none is near. Returns out. */
const char *suggest_question(char out[SUGGEST_MAX], const char *word, const char *const *names);

/* The same about a name that was found before, which may be NULL, with `dashes` in front of it. */
const char *suggest_question_about(char out[SUGGEST_MAX], const char *dashes, const char *nearest);

/* The number of single-character edits between two words, each cut at 63 characters. */
size_t suggest_distance(const char *a, const char *b);

#endif
