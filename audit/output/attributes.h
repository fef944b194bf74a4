/* Copies the attributes of a file to the one that replaces it. */
#ifndef HEADROOM_AUDIT_OUTPUT_ATTRIBUTES_H
#define HEADROOM_AUDIT_OUTPUT_ATTRIBUTES_H

#include <stdbool.h>

/* Gives the open file `to` the mode, owner, access list and security label of the regular file
 * `name` in `directory`. The owner stays if this process may not change it. Returns false with
 * errno if others could read the file who could not before. A missing file is no error. */
bool attributes_take_over(int directory, const char *name, int to);

#endif
