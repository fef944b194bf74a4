/* headroom sign and headroom verify: the words of the command line; the work is in audit/evidence/.
 */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/evidence/evidence.h"
#include "audit/evidence/tool.h"
#include "audit/output/output.h"

static const char *sign_last_line(const char *text)
{
	const char *last = text;
	const char *end = strchr(text, '\n');
	while (end && end[1]) {
		last = end + 1;
		end = strchr(last, '\n');
	}
	return last;
}

/* With -q the last line alone. */
static bool sign_print(const struct run *run, struct text *out, struct error *err)
{
	const char *text = text_string(out);
	if (run->options->quiet)
		text = sign_last_line(text);
	bool good = output_stdout(text, strlen(text), err);
	text_release(out);
	return good;
}

/* Of ssh-keygen, of ssh-agent, of minisign: the first that there is. */
static bool sign_key_default(struct arena *arena, struct evidence_key *ret_key, struct error *err)
{
	const char *path = evidence_key_at_home(arena, false);
	if (!path && evidence_tool_agent(arena, ret_key))
		return true;
	if (!path)
		path = evidence_key_at_home(arena, true);
	if (path)
		return evidence_key_open(arena, path, ret_key, err);
	return error_set(err,
			"there is no key in ~/.ssh, ssh-agent or ~/.minisign: name one with --key FILE, or "
			"make "
			"one with ssh-keygen -t ed25519");
}

static bool sign_key(const struct run *run, struct evidence_key *ret_key, struct error *err)
{
	const char *path = run->options->evidence.key;
	if (!path)
		return sign_key_default(run->arena, ret_key, err);
	if (!evidence_key_open(run->arena, path, ret_key, err))
		return false;
	if (ret_key->kind == KEY_MINISIGN_PUBLIC)
		return error_set(err,
				"%.200s: a public key of minisign cannot sign; give the secret one",
				path);
	if (ret_key->kind == KEY_SSH_ALLOWED)
		return error_set(err, "%.200s: a list of allowed signers cannot sign; give a key", path);
	return true;
}

bool command_sign(const struct run *run, int *ret_exit, struct error *err)
{
	const struct name_list *files = &run->options->arguments;
	struct evidence_key key;
	struct text out = {0};
	(void)ret_exit;
	if (files->count == 0)
		return error_set(err, "sign needs the audit to sign: headroom sign audit.json report.pdf");
	if (!sign_key(run, &key, err))
		return false;
	if (evidence_sign(run->arena, files, &key, &out, err))
		return sign_print(run, &out, err);
	text_release(&out);
	return false;
}

static bool verify_key(const struct run *run, struct evidence_key *ret_key, struct error *err)
{
	const char *path = run->options->evidence.key;
	const char *identity = run->options->evidence.identity;
	if (!path)
		return error_set(err,
				"verify needs the signer's public key: --key FILE (of ssh-keygen, of minisign, or "
				"a "
				"list of allowed signers)");
	if (!evidence_key_open(run->arena, path, ret_key, err))
		return false;
	if (ret_key->kind == KEY_SSH_PRIVATE || ret_key->kind == KEY_MINISIGN_SECRET)
		return error_set(err,
				"%.200s is a secret key; name the public key that belongs to it",
				path);
	if (identity && ret_key->kind != KEY_SSH_ALLOWED)
		return error_set(err,
				"--identity needs a list of allowed signers as --key, but %.200s is a single key",
				path);
	return true;
}

bool command_verify(const struct run *run, int *ret_exit, struct error *err)
{
	const struct name_list *files = &run->options->arguments;
	const char *identity = run->options->evidence.identity;
	enum evidence_reason reason = EVIDENCE_GOOD;
	struct evidence_key key;
	struct text out = {0};
	if (files->count == 0)
		return error_set(err,
				"verify needs the file that was signed: headroom verify audit.json --key ann.pub");
	if (!verify_key(run, &key, err))
		return false;
	if (!evidence_verify(run->arena, files, &key, identity, &out, &reason, err)) {
		text_release(&out);
		return false;
	}
	if (reason != EVIDENCE_GOOD)
		*ret_exit = EXIT_VERDICT_FAIL;
	return sign_print(run, &out, err);
}
