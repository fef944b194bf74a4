/* Removes the secret from a server's answer before it is shown. */
#ifndef HEADROOM_AUDIT_TICKET_REPEAT_H
#define HEADROOM_AUDIT_TICKET_REPEAT_H

#include "audit/ticket/credential.h"

/* Returns the text with "***" in place of the secret, in the arena. If the text has the secret in
 * another form (escaped for URLs, JSON or HTML, or in Base64) it returns only "***". */
const char *repeat_mask(struct arena *arena, const struct credential *credential, const char *text);

#endif
