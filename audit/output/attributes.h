/* Copies the attributes of a file to the one that replaces it. */
#ifndef HEADROOM_AUDIT_OUTPUT_ATTRIBUTES_H
#define HEADROOM_AUDIT_OUTPUT_ATTRIBUTES_H

#include <stdbool.h>

/* Gives the open file `to` the mode, owner, access list and security label of the regular file
 * `name` in `directory`. An owner that this process may not give away stays its own. false with
 * errno: the file would be readable by others than before. A file that is gone is no error. */
bool attributes_take_over(int directory, const char *name, int to);

#endif
