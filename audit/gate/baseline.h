/* gate --against: an earlier document says what failed before. What failed then as well refuses no
 * run and fails no job; the verdict stays what it is. */
#ifndef HEADROOM_AUDIT_GATE_BASELINE_H
#define HEADROOM_AUDIT_GATE_BASELINE_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "base/list.h"
#include "base/os/json.h"
#include "model/verdict.h"
#include "report/document/member.h"

/* A limit that fails or is unknown in one of the two documents. */
struct baseline_limit {
	const char *id, *title, *instance;
	enum status status;
	double use, use_before;
};

struct baseline_limits {
	struct baseline_limit *items;
	size_t count, capacity;
};

enum baseline_run {
	BASELINE_RUN_NONE, /* certified, or not run */
	BASELINE_RUN_KNOWN,
	BASELINE_RUN_NEW
};

struct baseline {
	struct json *json; /* NULL: "last", and there is no earlier one: everything is new */
	double id;         /* in the history; 0: a file */
	bool compared;     /* the rest means something */
	struct baseline_limits newly, known, fixed;
	enum baseline_run run;
};

/* Takes the document over; NULL: there is none. Fails where what it says is no word on a real host.
 */
bool baseline_open(const struct run *run,
		struct json *json,
		double id,
		struct baseline *ret_baseline,
		struct error *err);
void baseline_close(struct baseline *baseline);

/* Which limits of this document are new. */
void baseline_compare(const struct run *run, const cJSON *document, struct baseline *baseline);
/* Does nothing fail that did not fail before? */
bool baseline_excuses(const struct baseline *baseline, enum verdict verdict);
/* Was a run that was not certified so for the same reason before? limit: that was reached; NULL:
 * the reason is another one. */
void baseline_compare_run(struct baseline *baseline, const char *reason, const char *limit);

/* The member gate.baseline. */
cJSON *baseline_json(const struct members *put, const struct baseline *baseline, const char *name);

#endif
