/* One request to a ticket system, the same way for all of them. */
#ifndef HEADROOM_AUDIT_TICKET_CALL_H
#define HEADROOM_AUDIT_TICKET_CALL_H

#include <cjson/cJSON.h>

#include "audit/helper/http.h"
#include "audit/ticket/ticket.h"

/* Sends one request with the ticket's secret. Every HTTP status but 2xx is an error. *ret_json
 * (unless ret_json is NULL) is the answer's JSON, which the caller deletes; NULL if the answer is
 * not JSON, and in a dry run. false with err. */
bool ticket_call(struct ticket *ticket,
		struct http_request *request,
		cJSON **ret_json,
		struct error *err);

#endif
