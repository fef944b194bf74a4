/* What engines put in front of each line: which host it is from. */
#ifndef HEADROOM_AUDIT_FLEET_PREFIX_H
#define HEADROOM_AUDIT_FLEET_PREFIX_H

#include <stddef.h>

/* The parts of a line. Nothing is copied. */
struct prefixed {
	const char *prefix; /* all of it: lines of one host have the same; length 0: none */
	size_t prefix_length;
	const char *name; /* the host in it */
	size_t name_length;
	const char *rest; /* the line itself */
	size_t rest_length;
};

/* "[pod/NAME/CONTAINER] …" of kubectl logs --prefix, "HOST: …" of clush and pdsh. */
struct prefixed prefix_split(const char *line, size_t length);

#endif
