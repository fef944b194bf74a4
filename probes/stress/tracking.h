/* Makes a namespace track connections by rules, and fills its table, through nfnetlink: nf_tables
 * and ctnetlink. IPv4 and TCP only. */
#ifndef HEADROOM_PROBES_STRESS_TRACKING_H
#define HEADROOM_PROBES_STRESS_TRACKING_H

#include <stddef.h>
#include <stdint.h>

#include "probes/stress/wire.h"

enum tracking_form {
	TRACKING_PLAIN,      /* a rule checks the state of forwarded connections */
	TRACKING_MASQUERADE, /* … and their source is replaced by the router's address */
	TRACKING_PUBLISH,    /* a port of the router is forwarded to the server */
	TRACKING_INPUT,      /* a rule checks the state of connections to and from the router itself */
	TRACKING_FORMS
};

struct published {
	uint16_t port;    /* on the router */
	uint32_t address; /* of the server */
	uint16_t server_port;
};

/* Replaces the rules set before. Returns 0 or an errno. */
int tracking_rules(struct wire *wire, enum tracking_form form, const struct published *published);
/* Empties the table. Returns 0 or an errno. */
int tracking_flush(struct wire *wire);
/* Adds the entries from number `first` to `first + count - 1`, for established connections between
 * unused addresses. Returns how many were added; if fewer, *ret_error is set. */
size_t tracking_add(struct wire *wire, size_t first, size_t count, int *ret_error);

#endif
