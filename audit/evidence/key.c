#include "audit/evidence/key.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/file.h"
#include "base/os/open.h"
#include "base/text.h"

enum {
	KEY_BYTES_MAX = 1024 * 1024,
	MINISIGN_PUBLIC_CHARS = 56 /* base64 of 42 bytes */
};

static const char minisign_begins[] = "untrusted comment:";
static const char private_begins[] = "-----BEGIN ";

/* How the names of key types begin, sshd(8), AUTHORIZED_KEYS FILE FORMAT. */
static const char *const ssh_types[] = {"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"};

static bool key_is_type(const char *word)
{
	for (size_t i = 0; i < COUNT_OF(ssh_types); i++) {
		if (text_begins_with(word, ssh_types[i]))
			return true;
	}
	return false;
}

/* Does a line that is no comment have a key behind a blank? */
static bool key_allows(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		size_t blank = strcspn(text, " \t\n");
		bool comment = *text == '#';
		for (; !comment && blank < length; blank++) {
			if (key_is_type(text + blank + 1))
				return true;
		}
		text += length;
		text += strspn(text, "\n");
	}
	return false;
}

static enum key_kind minisign_kind(const char *text)
{
	const char *line = text + strcspn(text, "\n");
	line += strspn(line, "\n");
	if (strcspn(line, "\r\n") <= MINISIGN_PUBLIC_CHARS)
		return KEY_MINISIGN_PUBLIC;
	return KEY_MINISIGN_SECRET;
}

static bool key_find_kind(const char *text, enum key_kind *ret_kind)
{
	if (text_begins_with(text, minisign_begins))
		*ret_kind = minisign_kind(text);
	else if (text_begins_with(text, private_begins))
		*ret_kind = KEY_SSH_PRIVATE;
	else if (key_is_type(text))
		*ret_kind = KEY_SSH_PUBLIC;
	else if (key_allows(text))
		*ret_kind = KEY_SSH_ALLOWED;
	else
		return false;
	return true;
}

static bool key_take(struct arena *arena,
		struct evidence_key *key,
		const char *text,
		struct error *err)
{
	if (!key_find_kind(text, &key->kind))
		return error_set(err,
				"%.200s is neither a key of ssh-keygen or minisign nor a list of allowed signers",
				key->path);
	size_t length = strcspn(text, "\r\n");
	if (key->kind == KEY_SSH_PUBLIC)
		key->public = arena_copy(arena, text, length);
	return true;
}

bool evidence_key_open(struct arena *arena,
		const char *path,
		struct evidence_key *ret_key,
		struct error *err)
{
	const char *why;
	*ret_key = (struct evidence_key){.path = path};
	__attribute__((cleanup(text_release))) struct text text = {0};
	__attribute__((cleanup(file_close_fd))) int fd = open_regular(path, &why);
	if (fd < 0)
		return error_set(err, "%.200s (--key): %s", path, why);
	if (!file_read_all(fd, KEY_BYTES_MAX, &text))
		return error_set(err, "%.200s (--key): %s", path, strerror(errno));
	return key_take(arena, ret_key, text_string(&text), err);
}

const char *evidence_key_at_home(struct arena *arena, bool minisign)
{
	static const char *const names[] = {
			".minisign/minisign.key",
			".ssh/id_ed25519",
			".ssh/id_ecdsa",
			".ssh/id_rsa",
	};
	const char *home = getenv("HOME");
	size_t first = !minisign, end = COUNT_OF(names);
	if (minisign)
		end = 1;
	for (size_t i = first; home && i < end; i++) {
		const char *path = arena_printf(arena, "%s/%s", home, names[i]);
		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

static const struct {
	const char *tool, *ending;
} signers[] = {
		{"ssh-keygen", ".sig"},
		{"minisign", ".minisig"},
};

bool evidence_key_is_minisign(const struct evidence_key *key)
{
	return key->kind >= KEY_MINISIGN_SECRET;
}

const char *evidence_key_tool(const struct evidence_key *key)
{
	return signers[evidence_key_is_minisign(key)].tool;
}

const char *evidence_key_ending(const struct evidence_key *key)
{
	return signers[evidence_key_is_minisign(key)].ending;
}
