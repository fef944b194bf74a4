/* Finds a secret, and keeps it out of what is shown. */
#include "audit/ticket/credential.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/ticket/netrc.h"
#include "base/os/file.h"
#include "base/os/open.h"
#include "base/text.h"

enum {
	SECRET_BYTES_MAX = 8192,
	NETRC_BYTES_MAX = 64 * 1024
};

static const char *env(const char *name)
{
	const char *value = name ? getenv(name) : NULL;
	return value && *value ? value : NULL;
}

/* A line break in it would add headers of somebody else's choice. */
static bool check_secret(const char *secret, const char *from, struct error *err)
{
	for (const char *at = secret; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return error_set(err,
					"%s: the token contains a control character, so it was not used",
					from);
	return true;
}

static bool set_token(struct arena *arena,
		const char *before,
		const char *token,
		struct credential *ret)
{
	ret->header = arena_printf(arena, "%s%s", before, token);
	ret->secret = ret->header + strlen(before);
	return true;
}

static bool from_environment(struct arena *arena,
		const struct credential_kind *kind,
		struct credential *ret,
		struct error *err)
{
	const char *user = env(kind->user_env);
	const char *password = user ? env(kind->password_env ? kind->password_env : kind->token_envs[0])
								: NULL;
	if (password) {
		ret->from = kind->user_env;
		ret->login = arena_printf(arena, "%s:%s", user, password);
		ret->secret = ret->login + strlen(user) + 1;
		return check_secret(ret->login, ret->from, err);
	}
	for (size_t i = 0; i < 2; i++) {
		const char *token = env(kind->token_envs[i]);
		if (!token)
			continue;
		ret->from = kind->token_envs[i];
		return check_secret(token, ret->from, err) &&
				set_token(arena, kind->token_headers[i], token, ret);
	}
	return true;
}

/* A file with a secret, which nobody but its owner may read. `what` begins errors. */
static bool read_private(const char *what,
		const char *path,
		char *out,
		size_t size,
		struct error *err)
{
	struct stat status;
	const char *why;
	__attribute__((cleanup(file_close_fd))) int fd = open_regular(path, &why);
	if (fd < 0 || fstat(fd, &status) < 0)
		return error_set(err, "%s%.200s: %s", what, path, fd < 0 ? why : strerror(errno));
	if (!S_ISREG(status.st_mode))
		return error_set(err, "%s%.200s is not a regular file", what, path);
	if (status.st_mode & 077)
		return error_set(err,
				"%s%.200s is readable by others (mode %04o); run chmod 600 on it and replace the "
				"token, which may be known",
				what,
				path,
				(unsigned)status.st_mode & 07777);
	if (status.st_uid != geteuid() && status.st_uid != 0)
		return error_set(err,
				"%s%.200s belongs to UID %u, not to you",
				what,
				path,
				(unsigned)status.st_uid);
	ssize_t length = file_read_some(fd, out, size);
	if (length < 0)
		return error_set(err, "%s%.200s: %s", what, path, strerror(errno));
	return length > 0 || error_set(err, "%s%.200s is empty", what, path);
}

static bool read_secret(const char *path, char out[SECRET_BYTES_MAX], struct error *err)
{
	if (!read_private("--token-file ", path, out, SECRET_BYTES_MAX, err))
		return false;
	out[strcspn(out, "\r\n")] = '\0';
	return *out || error_set(err, "--token-file %.200s: its first line is empty", path);
}

static bool credential_from_file(struct arena *arena,
		const struct credential_kind *kind,
		const char *path,
		struct credential *ret,
		struct error *err)
{
	char secret[SECRET_BYTES_MAX];
	ret->from = arena_printf(arena, "--token-file %s", path);
	bool good = read_secret(path, secret, err) && check_secret(secret, ret->from, err);
	if (good && kind->user_env && strchr(secret, ':')) {
		ret->login = arena_strdup(arena, secret);
		ret->secret = strchr(ret->login, ':') + 1;
	} else if (good)
		(void)set_token(arena, kind->token_headers[0], secret, ret);
	explicit_bzero(secret, sizeof secret);
	return good;
}

/* "https://[::1]:8443/x" is the host "::1". */
static const char *host_of(struct arena *arena, const char *url)
{
	const char *host = strstr(url, "://");
	if (host)
		url = host + 3;
	if (*url == '[')
		return arena_copy(arena, url + 1, strcspn(url + 1, "]"));
	return arena_copy(arena, url, strcspn(url, ":/?#"));
}

/* As curl and ftp look for it. */
static bool from_netrc(struct arena *arena,
		const char *url,
		struct credential *ret,
		struct error *err)
{
	const char *path = env("NETRC"), *home = env("HOME");
	char text[NETRC_BYTES_MAX];
	if (!path && home)
		path = arena_printf(arena, "%s/.netrc", home);
	if (!path || access(path, R_OK) != 0)
		return true;
	if (!read_private("", path, text, sizeof text, err))
		return false;
	const char *login = netrc_login(arena, text, host_of(arena, url));
	explicit_bzero(text, sizeof text);
	if (!login)
		return true;
	ret->from = path;
	ret->login = login;
	ret->secret = strchr(login, ':') + 1;
	return check_secret(login, path, err);
}

/* What to set, as a sentence has it. */
static const char *variables_of(struct arena *arena, const struct credential_kind *kind)
{
	const char *token = kind->token_envs[0], *other = kind->token_envs[1];
	const char *user = kind->user_env, *password = kind->password_env;
	if (password)
		return arena_printf(arena, "%s, or %s and %s,", token, user, password);
	if (user)
		return arena_printf(arena, "%s with or without %s", token, user);
	return other ? arena_printf(arena, "%s (or %s)", token, other) : token;
}

bool credential_find(struct arena *arena,
		const struct credential_kind *kind,
		const char *url,
		const char *token_file,
		struct credential *ret_credential,
		struct error *err)
{
	*ret_credential = (struct credential){.from = NULL};
	if (token_file)
		return credential_from_file(arena, kind, token_file, ret_credential, err);
	if (!from_environment(arena, kind, ret_credential, err))
		return false;
	if (!ret_credential->from && !from_netrc(arena, url, ret_credential, err))
		return false;
	if (ret_credential->from)
		return true;
	return error_set(err,
			"no token: set %s in the environment, or give --token-file FILE (mode 600), or add a "
			"line to ~/.netrc",
			variables_of(arena, kind));
}
