/* What a server said, without the secret that it was sent. */
#ifndef HEADROOM_AUDIT_TICKET_REPEAT_H
#define HEADROOM_AUDIT_TICKET_REPEAT_H

#include "audit/ticket/credential.h"

/* The text with "***" for the secret; "***" alone where the text says it in another form: with
 * escapes of URLs, JSON or HTML, or within Base64. In the arena. */
const char *repeat_mask(struct arena *arena, const struct credential *credential, const char *text);

#endif
