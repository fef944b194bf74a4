/* Recognizes files with keys of ssh-keygen and minisign. Only these tools read the keys
 * themselves. */
#ifndef HEADROOM_AUDIT_EVIDENCE_KEY_H
#define HEADROOM_AUDIT_EVIDENCE_KEY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

enum key_kind {
	KEY_SSH_PRIVATE,
	KEY_SSH_PUBLIC,  /* can sign if ssh-agent has the private key */
	KEY_SSH_ALLOWED, /* who may sign: ALLOWED SIGNERS of ssh-keygen(1) */
	KEY_MINISIGN_SECRET,
	KEY_MINISIGN_PUBLIC
};

struct evidence_key {
	const char *path; /* NULL: the key is in ssh-agent, not in a file */
	enum key_kind kind;
	const char *public; /* one line with the public key of ssh-keygen; else NULL */
};

/* Finds the kind of key in the file. Returns false with err if the file cannot be read or is not a
 * key. */
bool evidence_key_open(struct arena *arena,
		const char *path,
		struct evidence_key *ret_key,
		struct error *err);
/* Returns the path of the user's first secret key where ssh-keygen or minisign store keys, or NULL
 * if there is none. */
const char *evidence_key_at_home(struct arena *arena, bool minisign);

bool evidence_key_is_minisign(const struct evidence_key *key);
/* Returns "ssh-keygen" or "minisign". */
const char *evidence_key_tool(const struct evidence_key *key);
/* Returns the ending of the signature's name: ".sig" or ".minisig". */
const char *evidence_key_ending(const struct evidence_key *key);

#endif
