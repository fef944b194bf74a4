/* Finds the record of ServiceNow that a target names. */
#ifndef HEADROOM_AUDIT_TICKET_SERVICENOW_H
#define HEADROOM_AUDIT_TICKET_SERVICENOW_H

#include "audit/ticket/ticket.h"

/* "CHG0030123", "TABLE/NUMBER" or "TABLE/SYS_ID". */
bool servicenow_parse(struct ticket *ticket, const char *text);

/* Looks up a number. Afterwards ticket->number is the sys_id of the record. Asks the server only
 * once. */
bool servicenow_find(struct ticket *ticket, struct error *err);

#endif
