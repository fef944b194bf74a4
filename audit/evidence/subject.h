/* The files that a statement names: plain names in its directory, each with the SHA-256 of its
 * bytes. */
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

/* A path split into its directory, which is open, and the name in it. */
struct subject_place {
	int directory;
	const char *path, *name;
};

/* Opens the directory of a path; the caller closes it. false with err. */
bool subject_place_open(struct arena *arena,
		const char *path,
		struct subject_place *ret_place,
		struct error *err);
/* Returns true if both are in the same directory. */
bool subject_same_directory(const struct subject_place *a, const struct subject_place *b);

/* Returns true for a plain name: without "/" and control characters, not beginning with "." or "-",
 * and at most SUBJECT_NAME_MAX bytes long. */
bool subject_is_name(const char *name);
const struct signed_file *subject_find(const struct subjects *subjects, const char *name);

/* Computes the digest of a regular file in this directory; symbolic links are refused. false with
 * err. */
bool subject_digest(int directory,
		const char *name,
		char ret_digest[SHA256_HEX_MAX],
		struct error *err);

#endif
