/* Finds the ServiceNow record that a target names. */
#ifndef HEADROOM_AUDIT_TICKET_SERVICENOW_H
#define HEADROOM_AUDIT_TICKET_SERVICENOW_H

#include "audit/ticket/ticket.h"

/* Reads "CHG0030123", "TABLE/NUMBER" or "TABLE/SYS_ID". Returns false for another form. */
bool servicenow_parse(struct ticket *ticket, const char *text);

/* Looks up a number; ticket->number is then the sys_id of the record. Asks the server only once.
 * false with err. */
bool servicenow_find(struct ticket *ticket, struct error *err);

#endif
