/* Error values. Nothing here prints them: main does, once. */
#include "base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

static void error_write(struct error *err, enum error_kind kind, const char *format, va_list args)
{
	assert(err);
	(void)vsnprintf(err->text, sizeof err->text, format, args);
	err->kind = kind;
}

bool error_set(struct error *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	error_write(err, ERROR_INPUT, format, args);
	va_end(args);
	return false;
}

bool error_fail(struct error *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	error_write(err, ERROR_INTERNAL, format, args);
	va_end(args);
	return false;
}
