/* A load point of the audit document, {connections, open_rate_per_s}, as numbers and as text. Only
 * here are null, 0 and "unlimited" interpreted. */
#ifndef HEADROOM_REPORT_DOCUMENT_LOAD_H
#define HEADROOM_REPORT_DOCUMENT_LOAD_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "model/result.h"

/* Which parts of a load are known. */
enum load_says {
	LOAD_SAYS_NOTHING,     /* neither number is known */
	LOAD_SAYS_UNLIMITED,   /* no limit is ever reached */
	LOAD_SAYS_CONNECTIONS, /* connections only: the plan opens none per second, or unknown */
	LOAD_SAYS_RATE,        /* new connections per second only: none stays open */
	LOAD_SAYS_BOTH
};

enum load_says load_says(const struct load_point *load);

/* Reads the load point `node`, {scale?, connections, open_rate_per_s}. A number that is not known
 * is NAN. */
struct load_point document_load(struct arena *arena, const cJSON *node);

/* Returns "10,587 connections, 176 new/s", one of the two, "unlimited", or "" if nothing is known.
 * `between` separates the two. Begins with "at most" if a limit is unknown, and ends with "(without
 * host-memory)" if that limit was ignored. In the arena. */
const char *load_text(struct arena *arena, const struct load_point *load, const char *between);
/* Returns "without host-memory, threads"; "" if nothing was ignored. */
const char *load_without_text(struct arena *arena, const struct name_list *without);
/* Returns the safe load of a node that has max_safe (the document, or one of its holds). If limits
 * are unknown: "at most 21,174 connections", followed by the load that is safe in any case. "" if
 * nothing is known. */
const char *document_safe_text(struct arena *arena, const cJSON *node);
/* Returns the load that document_safe_text begins with; scale NAN: not known. */
struct load_point document_safe(struct arena *arena, const cJSON *node);
/* Returns "at least " if limits are unknown or processors were not judged, else "". */
const char *document_hosts_at_least(const cJSON *document);
/* The word for the state before the changes: "as shipped" in a sizing of an image, else "now". */
const char *document_before(const cJSON *size);
/* Returns the hosts for the plan now: "1 host", "at least 1 host (without host-memory)". "" if
 * more hosts would not help or the number is unknown. */
const char *document_hosts_text(struct arena *arena, const cJSON *document);
/* Returns what each of several loads adds to a limit's demand: "ws-client 80,000, http-churn
 * 101,272"; "" for one load. */
const char *load_parts_text(struct arena *arena, const cJSON *limit);
/* Returns the role of a load in a gate: the gate runs one load, and the others use capacity. */
const char *load_in_gate(const cJSON *load);
/* Returns load_text of a node, with ", " between the two parts. */
const char *document_load_text(struct arena *arena, const cJSON *node);

#endif
