/* The alternate screen of a terminal (xterm control sequences, which every terminal of today
 * knows). */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "audit/watch/watch.h"
#include "base/os/file.h"
#include "base/text.h"

enum {
	ROWS = 24,
	COLUMNS = 80
};

static bool screen_put(const char *text)
{
	return file_write_all(STDOUT_FILENO, text, strlen(text));
}

void watch_screen_measure(struct watch_screen *screen)
{
	struct winsize size = {0};
	bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
	screen->rows = ROWS;
	screen->columns = COLUMNS;
	if (known && size.ws_row)
		screen->rows = size.ws_row;
	if (known && size.ws_col)
		screen->columns = size.ws_col;
}

/* Each key at once and unseen; those that send signals still do. In the background the terminal
 * belongs to somebody else. */
static void take_keys(struct watch_screen *screen)
{
	struct termios keys;
	if (tcgetpgrp(STDIN_FILENO) != getpgrp() || tcgetattr(STDIN_FILENO, &keys) != 0)
		return;
	screen->lines = keys;
	keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	keys.c_cc[VMIN] = 0;
	keys.c_cc[VTIME] = 0;
	screen->keys = tcsetattr(STDIN_FILENO, TCSANOW, &keys) == 0;
}

void watch_screen_begin(struct watch_screen *screen)
{
	watch_screen_measure(screen);
	if (!screen->full)
		return;
	take_keys(screen);
	(void)screen_put("\033[?1049h\033[?25l"); /* alternate screen, no cursor */
}

void watch_screen_end(struct watch_screen *screen)
{
	if (!screen->full)
		return;
	(void)screen_put("\033[0m\033[?25h\033[?1049l");
	if (screen->keys)
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &screen->lines);
	screen->keys = false;
}

int watch_screen_input(const struct watch_screen *screen)
{
	if (screen->keys)
		return STDIN_FILENO;
	return -1;
}

bool watch_screen_quits(struct watch_screen *screen)
{
	char keys[64];
	ssize_t count = read(STDIN_FILENO, keys, sizeof keys);
	if (count > 0)
		return memchr(keys, 'q', (size_t)count) || memchr(keys, 'Q', (size_t)count);
	screen->keys = false; /* the terminal is gone: SIGHUP ends it, or nobody does */
	return false;
}

/* One line, at most so many columns; escape sequences take none, continuation bytes of UTF-8
 * neither. */
static const char *add_line(struct text *out, const char *line, int columns)
{
	bool kept = false; /* the character that the byte is of */
	for (; *line && *line != '\n'; line++) {
		if (*line == '\033') {
			size_t length = strcspn(line, "m");
			text_add_bytes(out, line, length + (line[length] == 'm'));
			line += length - (line[length] == '\0');
			continue;
		}
		bool begins = ((unsigned char)*line & 0xC0) != 0x80;
		if (begins) {
			kept = columns > 0;
			columns -= kept;
		}
		if (kept)
			text_add_bytes(out, line, 1);
	}
	if (*line)
		line++;
	return line;
}

bool watch_screen_show(const struct watch_screen *screen, const char *text)
{
	struct text page = {0};
	if (!screen->full)
		return screen_put(text);
	text_add(&page, "\033[H");
	for (int row = 0; *text && row < screen->rows; row++) {
		if (row > 0)
			text_add(&page, "\033[K\r\n");
		text = add_line(&page, text, screen->columns);
	}
	text_add(&page, "\033[0m\033[K\033[J");
	bool shown = screen_put(page.data);
	int why = errno;
	text_release(&page);
	errno = why;
	return shown;
}
