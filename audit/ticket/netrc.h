/* ~/.netrc, as ftp(1) and curl read it. Read here, so that the password is known: what a server
 * says is masked before it is shown. */
#ifndef HEADROOM_AUDIT_TICKET_NETRC_H
#define HEADROOM_AUDIT_TICKET_NETRC_H

#include <stddef.h>

#include "base/arena.h"

/* "login:password" for the host (no brackets around IPv6), from the text of the file; a "default"
 * counts for every host. NULL: it has none. */
const char *netrc_login(struct arena *arena, const char *text, const char *host);

#endif
