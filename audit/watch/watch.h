/* The parts of headroom watch: one look as a document, and the terminal it is shown on. */
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

/* The last two samples. What was not counted for the latest has the value of the count before. */
struct watch_window {
	struct observation before, now;
	size_t count;     /* in all */
	double sockets_s; /* when the sockets of `now` were counted, as t_s; NAN: they were not */
};

/* The use of each row over time, of the same instance of it. */
struct watch_series {
	struct trend trend;
	char by[WATCH_BY_MAX];
};

struct watch_look {
	const struct watch_window *window;
	const struct watch_limits *limits;
	double age_s;                     /* of what the facts say */
	const struct watch_limits *whole; /* what is read more rarely; NULL: nothing is */
	double whole_age_s;
	const struct watch_series *series; /* one for each row */
	const struct sampler *sampler;
	double target;
	const char *time;
	int pid;
};

/* headroom.watch/1. Texts live in put->arena. */
cJSON *watch_json(const struct members *put, const struct watch_look *look);

/* A full-screen view; on anything but a terminal nothing of it happens. Signals that end or stop
 * the program must be blocked and waited for, so that the terminal is put back. */
struct watch_screen {
	bool full;
	int rows, columns;
	bool keys;            /* keys come as they are pressed, and are not shown */
	struct termios lines; /* the terminal as it was, if so */
};
void watch_screen_begin(struct watch_screen *ret_screen);
void watch_screen_measure(struct watch_screen *screen);
/* Shows the text from the top, cut to the screen. false with errno. */
bool watch_screen_show(const struct watch_screen *screen, const char *text);
void watch_screen_end(struct watch_screen *screen);

/* Where keys come from; -1: from nowhere. And was one of them a q? */
int watch_screen_input(const struct watch_screen *screen);
bool watch_screen_quits(struct watch_screen *screen);

#endif
