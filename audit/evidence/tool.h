/* Runs ssh-keygen and minisign without a shell. What they sign and check stays in memory, so that
 * nobody can change it between reading and checking. They ask for passphrases on the terminal;
 * headroom never sees them. */
#ifndef HEADROOM_AUDIT_EVIDENCE_TOOL_H
#define HEADROOM_AUDIT_EVIDENCE_TOOL_H

#include "audit/evidence/key.h"
#include "base/text.h"

/* Gives the first key in ssh-agent. Returns false if there is no agent or it has no key. */
bool evidence_tool_agent(struct arena *arena, struct evidence_key *ret_key);

/* Signs the bytes. `comment`: a text that minisign signs too. Messages of the tool go to standard
 * error. false with err. */
bool evidence_tool_sign(struct arena *arena,
		const struct evidence_key *key,
		const struct text *bytes,
		const char *comment,
		struct text *ret_signature,
		struct error *err);

/* Checks a signature. Returns false with an input error if it is not good, with any other error if
 * it could not be checked. *ret_said: the tool's message about a good one, fit to show. `identity`:
 * who must have signed; NULL: anyone in the list of allowed signers. */
bool evidence_tool_verify(struct arena *arena,
		const struct evidence_key *key,
		const char *identity,
		const struct text *bytes,
		const struct text *signature,
		const char **ret_said,
		struct error *err);

/* Returns true if the signature file is complete, to the last byte, in the form that its tool
 * writes. */
bool evidence_signature_is_whole(const struct evidence_key *key, const struct text *signature);

#endif
