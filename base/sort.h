/* Sorting in place, smallest first. */
#ifndef HEADROOM_BASE_SORT_H
#define HEADROOM_BASE_SORT_H

#include <stddef.h>

void sort_numbers(double *numbers, size_t count); /* none may be NAN */
void sort_names(const char **names, size_t count);

/* The order of sort_names, for bsearch(3) in a sorted array. */
int sort_compare_names(const void *a, const void *b);

#endif
