/* Checks of keys and values that come from a document. A document may come from anywhere, and what
 * passes here is written into scripts and configuration files. */
#ifndef HEADROOM_AUDIT_FIX_WELL_FORMED_H
#define HEADROOM_AUDIT_FIX_WELL_FORMED_H

#include <stdbool.h>

/* Returns true if the text has only ASCII letters, digits and characters of `more`. */
bool well_formed_only(const char *text, const char *more);

/* For the name of a kernel setting, such as net.core.somaxconn. */
bool well_formed_key(const char *key);

/* For the value of a kernel setting: numbers, words, lists of ports. May be empty. */
bool well_formed_value(const char *value);

/* For a limit that can be written exactly: a whole number from 0 to 10^15. */
bool well_formed_amount(double value);

#endif
