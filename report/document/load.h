/* A load point of the audit document, {connections, open_rate_per_s}, as numbers and as text. The
 * one place that says what null, 0 and "unlimited" mean in it. */
#ifndef HEADROOM_REPORT_DOCUMENT_LOAD_H
#define HEADROOM_REPORT_DOCUMENT_LOAD_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "model/result.h"

/* The parts of a load that are known. */
enum load_says {
	LOAD_SAYS_NOTHING,     /* neither number is known */
	LOAD_SAYS_UNLIMITED,   /* no limit is ever reached */
	LOAD_SAYS_CONNECTIONS, /* connections alone: the plan opens none per second, or it is not known
	                        */
	LOAD_SAYS_RATE,        /* new connections per second alone: none of the plan stays open */
	LOAD_SAYS_BOTH
};

enum load_says load_says(const struct load_point *load);

/* The load point `node`, {scale?, connections, open_rate_per_s}; NAN where a number is not known.
 */
struct load_point document_load(struct arena *arena, const cJSON *node);

/* "10,587 connections, 176 new/s", or one of the two, or "unlimited", or "" if nothing is known.
 * `between` separates the two. "at most …" if a limit is unknown, "… (without host-memory)" if one
 * was ignored. In the arena. */
const char *load_text(struct arena *arena, const struct load_point *load, const char *between);
/* "without host-memory, threads"; "" if nothing is left out. */
const char *load_without_text(struct arena *arena, const struct name_list *without);
/* The safe load of a node that has max_safe (the document, one of its holds). If limits are
 * unknown: "at most 21,174 connections", followed by the load that is safe in any case. "" if
 * nothing is known. */
const char *document_safe_text(struct arena *arena, const cJSON *node);
/* The load that document_safe_text begins with; scale NAN: not known. */
struct load_point document_safe(struct arena *arena, const cJSON *node);
/* "at least " where limits are unknown or processors were not judged; else "". */
const char *document_hosts_at_least(const cJSON *document);
/* "1 host", "at least 1 host (without host-memory)" for the plan today; "" if more hosts would not
 * help or their number is unknown. "At least" also if processors were not judged. */
const char *document_hosts_text(struct arena *arena, const cJSON *document);
/* What each of several loads adds to a limit's demand: "ws-client 80,000, http-churn 101,272"; ""
 * for one load. */
const char *load_parts_text(struct arena *arena, const cJSON *limit);
/* The role of a load in a gate: the gate runs one load, and the others take capacity. */
const char *load_in_gate(const cJSON *load);
/* load_text of a node, with ", " in between. */
const char *document_load_text(struct arena *arena, const cJSON *node);

#endif
