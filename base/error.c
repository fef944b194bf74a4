/* Error values. Nothing here prints them: main does, once. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

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
