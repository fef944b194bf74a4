/* Runs ssh-keygen and minisign, without a shell. What they sign and check stays in memory, so that
 * nobody can change it between reading and checking. They ask for passphrases on the terminal;
 * headroom never sees them. */
#ifndef HEADROOM_AUDIT_EVIDENCE_TOOL_H
#define HEADROOM_AUDIT_EVIDENCE_TOOL_H

#include "audit/evidence/key.h"
#include "base/text.h"

/* The first key that ssh-agent has. false: there is no agent, or it has none. */
bool evidence_tool_agent(struct arena *arena, struct evidence_key *ret_key);

/* Signs the bytes. `comment`: what minisign signs beside them. What the tool says goes to standard
 * error. */
bool evidence_tool_sign(struct arena *arena,
		const struct evidence_key *key,
		const struct text *bytes,
		const char *comment,
		struct text *ret_signature,
		struct error *err);

/* Checks a signature. false with an error of the input: it is not good; with any other: it could
 * not be checked. *ret_said: what the tool says of a good one, fit to show. `identity`: NULL takes
 * whoever the list of allowed signers names. */
bool evidence_tool_verify(struct arena *arena,
		const struct evidence_key *key,
		const char *identity,
		const struct text *bytes,
		const struct text *signature,
		const char **ret_said,
		struct error *err);

/* Is the file with a signature as its tool writes it, to the last byte? */
bool evidence_signature_is_whole(const struct evidence_key *key, const struct text *signature);

#endif
