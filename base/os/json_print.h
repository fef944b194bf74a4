/* Prints JSON trees exactly as cJSON does, byte for byte, but much faster: cJSON prints each number
 * with printf and reads it back with scanf. There are two differences. The second of two "#" is
 * written as \\u0023, because CI runners obey "##vso[" anywhere in a line. A number above 2^53 is
 * written as 2^53, because json_read() accepts no larger one. */
#ifndef HEADROOM_BASE_OS_JSON_PRINT_H
#define HEADROOM_BASE_OS_JSON_PRINT_H

#include <cjson/cJSON.h>

#include "base/text.h"

/* Appends the tree, without white space. Numbers that JSON does not have are printed as null. */
void json_print(const cJSON *tree, struct text *out);

/* The same for people: one member per line, indented with one tab per level. */
void json_print_lines(const cJSON *tree, struct text *out);

#endif
