/* JSON trees as text, byte for byte as cJSON prints them, in a fraction of its time: cJSON prints
 * each number by printf and reads it back by scanf. With two differences: the second of two "#" is
 * written as \\u0023, because the runners of CI systems take "##vso[" for a command wherever it
 * stands; and a number above 2^53 is written as 2^53, because json_read() takes no larger one. */
#ifndef HEADROOM_BASE_OS_JSON_PRINT_H
#define HEADROOM_BASE_OS_JSON_PRINT_H

#include <cjson/cJSON.h>

#include "base/text.h"

/* Appends the tree, without white space. Numbers that JSON does not have are printed as null. */
void json_print(const cJSON *tree, struct text *out);

/* The same for people: one member per line, one tab per level. */
void json_print_lines(const cJSON *tree, struct text *out);

#endif
