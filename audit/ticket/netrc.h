/* Reads ~/.netrc like ftp(1) and curl do. headroom reads it itself because it must know the
 * password to mask it in a server's answer. */
#ifndef HEADROOM_AUDIT_TICKET_NETRC_H
#define HEADROOM_AUDIT_TICKET_NETRC_H

#include <stddef.h>

#include "base/arena.h"

/* Returns "login:password" for the host from the text of the file, or NULL if it has none. An IPv6
 * address has no brackets. An entry "default" matches every host. */
const char *netrc_login(struct arena *arena, const char *text, const char *host);

#endif
