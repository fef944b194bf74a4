/* The parts of headroom watch: one look as a document, and the terminal that shows it. */
#ifndef HEADROOM_AUDIT_WATCH_WATCH_H
#define HEADROOM_AUDIT_WATCH_WATCH_H

#include <cjson/cJSON.h>
#include <signal.h>
#include <termios.h>

#include "audit/watch/limits.h"
#include "model/watch/trend.h"
#include "probes/watch/sampler.h"
#include "report/document/member.h"

enum {
	WATCH_BY_MAX = 128
};

/* The last two samples. A value that was not counted in the latest sample keeps its earlier
 * value. */
struct watch_window {
	struct observation before, now;
	size_t count;     /* samples so far */
	double sockets_s; /* when the sockets of `now` were counted, on the clock of t_s; NAN: never */
};

/* The use of one row over time, for the same instance. */
struct watch_series {
	struct trend trend;
	char by[WATCH_BY_MAX];
};

struct watch_look {
	const struct watch_window *window;
	const struct watch_limits *limits;
	double age_s;                     /* how old the facts are */
	const struct watch_limits *whole; /* what is read less often; NULL: nothing yet */
	double whole_age_s;
	const struct watch_series *series; /* one for each row */
	const struct sampler *sampler;
	double target;
	const char *time;
	int pid;
};

/* Makes the document headroom.watch/1. Its texts are in put->arena; the caller deletes it. */
cJSON *watch_json(const struct members *put, const struct watch_look *look);

/* A full-screen view. These functions do nothing if there is no terminal. The caller must block the
 * signals that end or stop the program and wait for them, so that the terminal can be restored. */
struct watch_screen {
	bool full;
	int rows, columns;
	bool keys;            /* keys are read as they are pressed, without echo */
	struct termios lines; /* if `keys`: the terminal's settings before */
};
void watch_screen_begin(struct watch_screen *ret_screen);
void watch_screen_measure(struct watch_screen *screen);
/* Shows the text from the top, cut to the size of the screen. Returns false with errno. */
bool watch_screen_show(const struct watch_screen *screen, const char *text);
void watch_screen_end(struct watch_screen *screen);

/* watch_screen_input returns the descriptor to read keys from, or -1. watch_screen_quits reads them
 * and returns true if one was a q. */
int watch_screen_input(const struct watch_screen *screen);
bool watch_screen_quits(struct watch_screen *screen);

#endif
