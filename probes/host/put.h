/* Short forms with which probes put facts. They fill in the time, the path with which to repeat the
 * reading by hand, and the raw text. */
#ifndef HEADROOM_PROBES_HOST_PUT_H
#define HEADROOM_PROBES_HOST_PUT_H

#include "model/fact.h"
#include "probes/host/facts/sysctl.h"
#include "probes/host/probing.h"

enum {
	RAW_MAX = 256 /* bytes of raw text that a fact keeps, without a newline at the end */
};

/* `path` is a source path; `raw` and `note` may be NULL. All of these return the fact, so that the
 * caller can add a line, a note or another origin. */
struct fact *put_number(struct probing *probing,
		const char *key,
		double number,
		enum unit unit,
		const char *path,
		const char *raw);
struct fact *put_text(struct probing *probing,
		const char *key,
		const char *text,
		const char *path,
		const char *raw);
/* Puts a number or a text, depending on the value. */
struct fact *put_value(struct probing *probing,
		const char *key,
		const struct reading *value,
		enum unit unit,
		const char *path,
		const char *raw);
struct fact *put_missing(struct probing *probing,
		const char *key,
		enum fact_status status,
		enum unit unit,
		const char *path,
		const char *note);
/* For a file that could not be read; put_status_of gives the status for the errno. */
struct fact *put_errno(struct probing *probing,
		const char *key,
		enum unit unit,
		const char *path,
		int error);
/* For a file that was read but not understood. */
struct fact *put_malformed(struct probing *probing,
		const char *key,
		enum unit unit,
		const char *path,
		const char *raw,
		const char *note);

/* The same for one of several instances: the VM with this PID, the setting with this key. */
struct fact *put_number_of(struct probing *probing,
		const char *key,
		const char *instance,
		double number,
		enum unit unit,
		const char *path,
		const char *raw);
struct fact *put_text_of(struct probing *probing,
		const char *key,
		const char *instance,
		const char *text,
		const char *path,
		const char *raw);
struct fact *put_missing_of(struct probing *probing,
		const char *key,
		const char *instance,
		enum fact_status status,
		enum unit unit,
		const char *path,
		const char *note);
struct fact *put_errno_of(struct probing *probing,
		const char *key,
		const char *instance,
		enum unit unit,
		const char *path,
		int error);
struct fact *put_malformed_of(struct probing *probing,
		const char *key,
		const char *instance,
		enum unit unit,
		const char *path,
		const char *raw,
		const char *note);

/* Says how complete all lists are whose keys begin with `prefix`. `error`: the errno that stopped
 * the reading, or 0. */
void put_lists(struct probing *probing, const char *prefix, enum list_state state, int error);

/* Returns absent for ENOENT, ENOTDIR and ESRCH, denied for EACCES and EPERM, skipped for
 * SOURCE_NOT_COLLECTED, else malformed. */
enum fact_status put_status_of(int error);

#endif
