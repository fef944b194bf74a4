/* What qsort(3) needs to know about numbers and names. */
#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

static int compare_numbers(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

void sort_numbers(double *numbers, size_t count)
{
	if (count > 0)
		qsort(numbers, count, sizeof *numbers, compare_numbers);
}

int sort_compare_names(const void *a, const void *b)
{
	const char *const *left = a;
	const char *const *right = b;
	return strcmp(*left, *right);
}

void sort_names(const char **names, size_t count)
{
	if (count > 0)
		qsort(names, count, sizeof *names, sort_compare_names);
}
