/* Evidence: an audit document and what goes with it, signed by a key of ssh-keygen or minisign. */
#ifndef HEADROOM_AUDIT_EVIDENCE_EVIDENCE_H
#define HEADROOM_AUDIT_EVIDENCE_EVIDENCE_H

#include "audit/cli/command.h"
#include "audit/evidence/key.h"
#include "base/list.h"
#include "base/text.h"

#define STATEMENT_ENDING ".intoto.json"

/* Signs the audit document among the files together with the other files: writes
 * DOCUMENT.intoto.json and its signature. Appends the text to print to *out. false with err. */
bool evidence_sign(struct arena *arena,
		const struct name_list *files,
		const struct evidence_key *key,
		struct text *out,
		struct error *err);

/* Why the verification failed, as a word of the last line. */
enum evidence_reason {
	EVIDENCE_GOOD,
	EVIDENCE_MISSING,   /* a file, the statement or the signature does not exist */
	EVIDENCE_SIGNATURE, /* no allowed key made this signature of this statement */
	EVIDENCE_STATEMENT, /* the signed text is not a statement of headroom */
	EVIDENCE_CHANGED,   /* a file has changed since it was signed */
	EVIDENCE_UNCOVERED, /* a file that was named is not in the statement */
	EVIDENCE_RESULT     /* the results of the statement and of the document differ */
};

/* Verifies a statement and every file that it names. The first file is the statement, or a document
 * that has one; the statement must also name all other files. *ret_reason is the result. Returns
 * false with err if verifying was not possible. */
bool evidence_verify(struct arena *arena,
		const struct name_list *files,
		const struct evidence_key *key,
		const char *identity,
		struct text *out,
		enum evidence_reason *ret_reason,
		struct error *err);

#endif
