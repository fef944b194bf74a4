/* The parts of headroom watch: one look as a document, and the terminal it is shown on. */
#ifndef HEADROOM_AUDIT_WATCH_WATCH_H
#define HEADROOM_AUDIT_WATCH_WATCH_H

#include <cjson/cJSON.h>
#include <signal.h>

#include "model/watch/watched.h"
#include "probes/watch/sampler.h"
#include "report/document/member.h"

enum {
	WATCH_WINDOW = 16
};

/* The last samples: changes are over all of them, so that they do not jump. */
struct watch_window {
	struct observation samples[WATCH_WINDOW];
	size_t count; /* in all; the latest is at (count - 1) % WATCH_WINDOW */
};

struct watch_look {
	const struct watch_window *window;
	const struct watched_limits *limits;
	const struct sampler *sampler;
	double target;
	const char *host, *time;
	int pid;
};

/* headroom.watch/1. Texts live in put->arena. */
cJSON *watch_json(const struct members *put, const struct watch_look *look);

/* A full-screen view; on anything but a terminal nothing of it happens. Signals that end or stop
 * the program must be blocked and waited for, so that the terminal is put back. */
struct watch_screen {
	bool full;
	int rows, columns;
};
void watch_screen_begin(struct watch_screen *ret_screen);
void watch_screen_measure(struct watch_screen *screen);
/* Shows the text from the top, cut to the screen. false with errno. */
bool watch_screen_show(const struct watch_screen *screen, const char *text);
void watch_screen_end(const struct watch_screen *screen);

#endif
