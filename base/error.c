/* Error values. Nothing here prints them: main does, once. Only the end of the memory is told
 * right away, since no caller could go on. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool error_set(struct error *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	err->kind = ERROR_INPUT;
	return false;
}

bool error_fail(struct error *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	err->kind = ERROR_INTERNAL;
	return false;
}

void error_out_of_memory(void)
{
	static const char text[] = "headroom: out of memory\n";
	(void)!fwrite(text, 1, sizeof text - 1, stderr);
	exit(1);
}
