/* "Did you mean …?": finds the nearest of several names. */
#ifndef HEADROOM_BASE_SUGGEST_H
#define HEADROOM_BASE_SUGGEST_H

#include <stddef.h>

enum {
	SUGGEST_MAX = 256
};

/* Returns the name nearest to `word` by edit distance, or NULL if none is near enough (within a
 * third of the word's length, or 2 edits). `names` is NULL-terminated. */
const char *suggest_name(const char *word, const char *const *names);

/* Returns the shortest name that contains every word of `words` (separated by . _ -):
 * "conntrack.max" finds "net.netfilter.nf_conntrack_max". NULL if no name contains them all, or if
 * `words` is too short. */
const char *suggest_words(const char *words, const char *const *names);

/* Writes the question to append to an error about `word`: "; did you mean NAME?", or "" if no name
 * is near. Returns out. */
const char *suggest_question(char out[SUGGEST_MAX], const char *word, const char *const *names);

/* The same for a nearest name that the caller has found already (NULL: none), with `dashes` in
 * front of it. */
const char *suggest_question_about(char out[SUGGEST_MAX], const char *dashes, const char *nearest);

/* Returns the number of single-character edits between two words, of which only the first 63
 * characters count. */
size_t suggest_distance(const char *a, const char *b);

#endif
