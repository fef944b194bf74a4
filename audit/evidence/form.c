/* How a file with a signature looks as its tool writes it. The tools take more: other white space,
 * text behind the end, any first line of minisign. A byte that was changed there is no other
 * signature, but the file is not as it was made. */
#include <string.h>

#include "audit/evidence/tool.h"

static const char ssh_begins[] = "-----BEGIN SSH SIGNATURE-----\n";
static const char ssh_ends[] = "\n-----END SSH SIGNATURE-----\n";
static const char minisign_begins[] = "untrusted comment: signature from minisign secret key\n";
static const char line_end[] = "\n";

enum {
	MINISIGN_LINES = 4
};

static bool form_is_text(const struct text *signature, size_t *ret_lines)
{
	const char *text = text_string(signature);
	*ret_lines = 0;
	for (size_t i = 0; i < signature->length; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (byte == '\n')
			*ret_lines += 1;
		else if (byte < ' ' || byte == 0x7f)
			return false;
	}
	return true;
}

bool evidence_signature_is_whole(const struct evidence_key *key, const struct text *signature)
{
	const char *text = text_string(signature);
	const char *begins = ssh_begins, *ends = ssh_ends;
	bool minisign = evidence_key_is_minisign(key);
	size_t lines;
	if (minisign) {
		begins = minisign_begins;
		ends = line_end;
	}
	if (!form_is_text(signature, &lines))
		return false;
	if (minisign && lines != MINISIGN_LINES)
		return false;
	if (!text_begins_with(text, begins))
		return false;
	return text_ends_with(text, ends);
}
