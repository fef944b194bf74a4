/* Which addresses a network namespace has. Of the live machine only. */
#ifndef HEADROOM_PROBES_HOST_LOCAL_ADDRESS_H
#define HEADROOM_PROBES_HOST_LOCAL_ADDRESS_H

#include "base/address.h"

enum local_address {
	LOCAL_ADDRESS_UNKNOWN, /* the namespace cannot be entered, or the interfaces not be read */
	LOCAL_ADDRESS_NO,      /* no interface has it */
	LOCAL_ADDRESS_YES
};

/* Does the network namespace of `pid` (0: our own) have this address? All of 127.0.0.0/8 counts. */
enum local_address local_address_find(int pid, const struct address *address);

#endif
