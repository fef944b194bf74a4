/* Keys of ssh-keygen and minisign: what kind a file is. The tools themselves read the keys. */
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
	const char *public; /* the text of a public key of ssh-keygen, one line; else NULL */
};

/* Finds out the kind of key in the file. Returns false with err if the file cannot be read or is
 * not a key. */
bool evidence_key_open(struct arena *arena,
		const char *path,
		struct evidence_key *ret_key,
		struct error *err);
/* The path of the user's first secret key in the places where ssh-keygen or minisign put keys. NULL
 * if the user has no key there. */
const char *evidence_key_at_home(struct arena *arena, bool minisign);

bool evidence_key_is_minisign(const struct evidence_key *key);
/* "ssh-keygen" or "minisign" */
const char *evidence_key_tool(const struct evidence_key *key);
/* What follows the statement's name: ".sig" or ".minisig". */
const char *evidence_key_ending(const struct evidence_key *key);

#endif
