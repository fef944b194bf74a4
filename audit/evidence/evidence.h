/* Evidence: an audit document and what goes with it, signed by a key of ssh-keygen or minisign. */
#ifndef HEADROOM_AUDIT_EVIDENCE_EVIDENCE_H
#define HEADROOM_AUDIT_EVIDENCE_EVIDENCE_H

#include "audit/cli/command.h"
#include "audit/evidence/key.h"
#include "base/list.h"
#include "base/text.h"

#define STATEMENT_ENDING ".intoto.json"

/* Signs the audit document among the files, and the others with it: writes DOCUMENT.intoto.json and
 * its signature. Adds to *out what is to be printed. */
bool evidence_sign(struct arena *arena,
		const struct name_list *files,
		const struct evidence_key *key,
		struct text *out,
		struct error *err);

/* Why something is not verified: a word of the last line. */
enum evidence_reason {
	EVIDENCE_GOOD,
	EVIDENCE_MISSING,   /* a file, the statement or the signature is not there */
	EVIDENCE_SIGNATURE, /* it is not that of this statement by an allowed key */
	EVIDENCE_STATEMENT, /* it is signed, but not what headroom signs */
	EVIDENCE_CHANGED,   /* a file is not as it was signed */
	EVIDENCE_UNCOVERED, /* a file that was named is not in the statement */
	EVIDENCE_RESULT     /* the statement says another result than the document */
};

/* Verifies the statement of the first file, or that the first file is, with all that it speaks of;
 * the other files must be among these. false: it could not be verified or denied. */
bool evidence_verify(struct arena *arena,
		const struct name_list *files,
		const struct evidence_key *key,
		const char *identity,
		struct text *out,
		enum evidence_reason *ret_reason,
		struct error *err);

#endif
