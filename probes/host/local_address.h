/* Finds out whether a network namespace has an address. Only on the live machine. */
#ifndef HEADROOM_PROBES_HOST_LOCAL_ADDRESS_H
#define HEADROOM_PROBES_HOST_LOCAL_ADDRESS_H

#include "base/address.h"

enum local_address {
	LOCAL_ADDRESS_UNKNOWN, /* the namespace cannot be entered, or its interfaces cannot be read */
	LOCAL_ADDRESS_NO,      /* no interface has it */
	LOCAL_ADDRESS_YES
};

/* Looks in the network namespace of `pid` (0: that of this process). All of 127.0.0.0/8 counts as
 * present. */
enum local_address local_address_find(int pid, const struct address *address);

#endif
