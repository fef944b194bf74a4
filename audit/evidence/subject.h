/* The files that a statement speaks of: plain names beside it, each with the SHA-256 of its bytes.
 */
#ifndef HEADROOM_AUDIT_EVIDENCE_SUBJECT_H
#define HEADROOM_AUDIT_EVIDENCE_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"

enum {
	SUBJECTS_MAX = 64,
	SUBJECT_NAME_MAX = 200
};

struct signed_file {
	const char *name;
	char digest[SHA256_HEX_MAX];
};

struct subjects {
	struct signed_file items[SUBJECTS_MAX]; /* the audit document first */
	size_t count;
};

/* A path in two: its directory, opened, and the name in it. */
struct subject_place {
	int directory;
	const char *path, *name;
};

/* Opens the directory of a path; to be closed. */
bool subject_place_open(struct arena *arena,
		const char *path,
		struct subject_place *ret_place,
		struct error *err);
/* Are both in the same directory? */
bool subject_same_directory(const struct subject_place *a, const struct subject_place *b);

/* A plain name: no "/", no control character, no "." or "-" first, at most SUBJECT_NAME_MAX bytes.
 */
bool subject_is_name(const char *name);
const struct signed_file *subject_find(const struct subjects *subjects, const char *name);

/* Digests a regular file of this directory, which may not be a symbolic link. */
bool subject_digest(int directory,
		const char *name,
		char ret_digest[SHA256_HEX_MAX],
		struct error *err);

#endif
