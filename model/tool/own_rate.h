/* What a load tool makes of the processor and the machine that it runs on, as somebody wrote it
 * down.
 */
#ifndef HEADROOM_MODEL_TOOL_OWN_RATE_H
#define HEADROOM_MODEL_TOOL_OWN_RATE_H

/* The words are own_rate_things and own_rate_places, in this order. */
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

/* No more than `most` of a thing on one of a place. */
struct tool_own_rate {
	enum own_rate_thing of;
	enum own_rate_place per;
	double most;
	const char *by;   /* a clause: who says so */
	const char *with; /* only for plans with this finding ("plan-k6-browser"); NULL: for all */
};

#endif
