/* Which record of ServiceNow is meant. */
#ifndef HEADROOM_AUDIT_TICKET_SERVICENOW_H
#define HEADROOM_AUDIT_TICKET_SERVICENOW_H

#include "audit/ticket/ticket.h"

/* "CHG0030123", "TABLE/NUMBER" or "TABLE/SYS_ID". */
bool servicenow_parse(struct ticket *ticket, const char *text);

/* Looks a number up: ticket->number is the record's sys_id afterwards. Asks the server only once.
 */
bool servicenow_find(struct ticket *ticket, struct error *err);

#endif
