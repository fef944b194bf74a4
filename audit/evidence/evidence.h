/* Evidence: an audit document and what goes with it, signed by a key of ssh-keygen or minisign. */
#ifndef HEADROOM_AUDIT_EVIDENCE_EVIDENCE_H
#define HEADROOM_AUDIT_EVIDENCE_EVIDENCE_H

#include "audit/cli/command.h"
#include "audit/evidence/key.h"
#include "base/list.h"
#include "base/text.h"

#define STATEMENT_ENDING ".intoto.json"

/* Signs the audit document among the files, and the other files with it: writes
 * DOCUMENT.intoto.json and its signature. Adds the text to print to *out. */
bool evidence_sign(struct arena *arena,
		const struct name_list *files,
		const struct evidence_key *key,
		struct text *out,
		struct error *err);

/* Why something is not verified: a word of the last line. */
enum evidence_reason {
	EVIDENCE_GOOD,
	EVIDENCE_MISSING,   /* a file, the statement or the signature is not there */
	EVIDENCE_SIGNATURE, /* the signature is not one of this statement by an allowed key */
	EVIDENCE_STATEMENT, /* the signed text is not a statement of headroom */
	EVIDENCE_CHANGED,   /* a file has changed since it was signed */
	EVIDENCE_UNCOVERED, /* a file that was named is not in the statement */
	EVIDENCE_RESULT     /* the results of the statement and of the document differ */
};

/* Verifies a statement and every file that it names. The first file is the statement or a document
 * that has one; the statement must also name all the other files. Returns false with err if it
 * could not decide. */
bool evidence_verify(struct arena *arena,
		const struct name_list *files,
		const struct evidence_key *key,
		const char *identity,
		struct text *out,
		enum evidence_reason *ret_reason,
		struct error *err);

#endif
