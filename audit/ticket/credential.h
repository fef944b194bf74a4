/* Finds the secret for a ticket system. It comes from the environment, from a file that only its
 * owner may read, or from netrc, but never from the command line. */
#ifndef HEADROOM_AUDIT_TICKET_CREDENTIAL_H
#define HEADROOM_AUDIT_TICKET_CREDENTIAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* How a system expects its secret. The names of environment variables are NULL if there is none. */
struct credential_kind {
	const char *token_envs[2];    /* looked at in order */
	const char *token_headers[2]; /* what stands before each token ("Authorization: Bearer ") */
	const char *user_env;         /* with it a token is a password */
	const char *password_env;     /* of user_env; NULL: the token */
};

struct credential {
	const char *header; /* a whole header line, or NULL */
	const char *login;  /* "user:password", or NULL */
	const char *secret; /* the token or password alone, or NULL */
	const char *from; /* for messages: "JIRA_API_TOKEN", "--token-file token", the path of .netrc */
};

/* token_file: "TOKEN", or "USER:PASSWORD" where the system takes that; NULL: the environment, then
 * the entry of the URL's host in $NETRC or ~/.netrc. Fails where nothing is found, naming what to
 * set; on a file that others may read; on control characters. */
bool credential_find(struct arena *arena,
		const struct credential_kind *kind,
		const char *url,
		const char *token_file,
		struct credential *ret_credential,
		struct error *err);

#endif
