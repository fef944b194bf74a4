/* A load point of the audit document, {connections, open_rate_per_s}, as numbers and as text. The
 * one place that says what null, 0 and "unlimited" mean in it. */
#ifndef HEADROOM_REPORT_DOCUMENT_LOAD_H
#define HEADROOM_REPORT_DOCUMENT_LOAD_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "model/result.h"

/* What there is to say about a load point. */
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

/* "10,587 connections, 176 new/s", or one of the two, or "unlimited", or "" where nothing is known.
 * `between` stands between the two. "at most …" where a limit is not known, "… (without
 * host-memory)" where one was ignored. In the arena. */
const char *load_text(struct arena *arena, const struct load_point *load, const char *between);
/* "without host-memory, threads"; "" where nothing is left out. */
const char *load_without_text(struct arena *arena, const struct name_list *without);
/* What is safe, of a node that has max_safe (the document, one of its holds). Where limits are not
 * known: "at most 21,174 connections", and what is safe all the same if that is anything. "" where
 * nothing is known. */
const char *document_safe_text(struct arena *arena, const cJSON *node);
/* The load that document_safe_text begins with; scale NAN: not known. */
struct load_point document_safe(struct arena *arena, const cJSON *node);
/* "1 host", "at least 1 host (without host-memory)" for the plan as it is; "" where more hosts do
 * not help or their number is not known. "At least" also where processors were not judged. */
const char *document_hosts_text(struct arena *arena, const cJSON *document);
/* What each of several loads adds to a limit's demand: "ws-client 80,000, http-churn 101,272"; ""
 * where there is one. */
const char *load_parts_text(struct arena *arena, const cJSON *limit);
/* What a gate does with a load of the document: it runs one, and the others take capacity. */
const char *load_in_gate(const cJSON *load);
/* load_text of a node, with ", " in between. */
const char *document_load_text(struct arena *arena, const cJSON *node);

#endif
