/* Splits off the host name that fleet tools put in front of each line. */
#ifndef HEADROOM_AUDIT_FLEET_PREFIX_H
#define HEADROOM_AUDIT_FLEET_PREFIX_H

#include <stddef.h>

/* The parts of a line, as pointers into it. */
struct prefixed {
	const char *prefix; /* the whole prefix, equal for all lines of a host; length 0: none */
	size_t prefix_length;
	const char *name; /* the host in it */
	size_t name_length;
	const char *rest; /* the line itself */
	size_t rest_length;
};

/* "[pod/NAME/CONTAINER] …" of kubectl logs --prefix, "HOST: …" of clush and pdsh. */
struct prefixed prefix_split(const char *line, size_t length);

#endif
