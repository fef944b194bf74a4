/* Published figures of how much load a tool makes on one processor or one machine. */
#ifndef HEADROOM_MODEL_TOOL_OWN_RATE_H
#define HEADROOM_MODEL_TOOL_OWN_RATE_H

/* own_rate_things and own_rate_places have their words, in this order. */
enum own_rate_thing {
	OWN_RATE_USERS,
	OWN_RATE_REQUESTS /* per second */
};
enum own_rate_place {
	OWN_RATE_CORE,
	OWN_RATE_HOST
};
extern const char *const own_rate_things[]; /* NULL-terminated */
extern const char *const own_rate_places[]; /* NULL-terminated */

/* At most `most` of a thing on one of a place. */
struct tool_own_rate {
	enum own_rate_thing of;
	enum own_rate_place per;
	double most;
	const char *by;   /* a clause: the source of the figure */
	const char *with; /* only for plans with this finding ("plan-k6-browser"); NULL: for all */
};

#endif
