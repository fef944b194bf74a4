/* Tells from the environment what the terminal can show. Does not call setlocale(), which would
 * change how numbers are printed. */
#include "audit/cli/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"

/* The first of the three that is set and not empty decides, as in setlocale(3). */
static bool speaks_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "UTF-8") || strcasestr(value, "UTF8");
	}
	return false;
}

bool screen_wants_color(const struct options *options, int fd)
{
	if (options->no_color)
		return false;
	if (strcmp(options->color, "auto") != 0)
		return !strcmp(options->color, "always");
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
	if (no_color && *no_color)
		return false;
	const char *term = getenv("TERM");
	if (term && !strcmp(term, "dumb"))
		return false;
	return isatty(fd) == 1;
}

/* COLUMNS decides where it is exported, as for ls(1). 0: not a terminal. */
static size_t terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	const long most = 10000;
	struct winsize size;
	long said = 0;
	if (columns)
		said = strtol(columns, NULL, 10);
	if (said > 0 && said <= most)
		return (size_t)said;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

struct write_options screen_options(struct arena *arena, const struct options *options)
{
	return (struct write_options){
			.arena = arena,
			.color = screen_wants_color(options, STDOUT_FILENO),
			.ascii = !speaks_utf8(),
			.width = terminal_width(),
			.all = options->all,
	};
}

struct write_options screen_file_options(struct arena *arena, const struct options *options)
{
	return (struct write_options){.arena = arena, .all = options->all};
}

void screen_say(const char *format, ...)
{
	char text[sizeof((struct error *)0)->text + 256];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	struct arena *arena = arena_new();
	(void)fprintf(stderr, "headroom: %s\n", text_clean(arena, text, strlen(text), 0));
	arena_free(arena);
}
