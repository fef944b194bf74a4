/* Finds the secret for a ticket system: in the environment, in a file that only its owner may read,
 * or in netrc, but never on the command line. */
#ifndef HEADROOM_AUDIT_TICKET_CREDENTIAL_H
#define HEADROOM_AUDIT_TICKET_CREDENTIAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* How a system expects its secret. The names of environment variables are NULL if there is none. */
struct credential_kind {
	const char *token_envs[2];    /* in this order */
	const char *token_headers[2]; /* what precedes each token ("Authorization: Bearer ") */
	const char *user_env;         /* the user's name; with it the token is a password */
	const char *password_env;     /* the password for user_env; NULL: the token is the password */
};

struct credential {
	const char *header; /* a whole header line; NULL: none */
	const char *login;  /* "user:password"; NULL: none */
	const char *secret; /* the token or password alone; NULL: none */
	const char *from; /* for messages: "JIRA_API_TOKEN", "--token-file token", the path of .netrc */
};

/* Finds the secret. token_file contains "TOKEN", or "USER:PASSWORD" if the system accepts that;
 * NULL: the environment, then the entry for the URL's host in $NETRC or ~/.netrc. Returns false
 * with err if nothing is found (naming what to set), for a file that others may read, and for
 * control characters. */
bool credential_find(struct arena *arena,
		const struct credential_kind *kind,
		const char *url,
		const char *token_file,
		struct credential *ret_credential,
		struct error *err);

#endif
