/* gate --against: an earlier document says what failed before. Limits that failed then prevent no
 * run and fail no job; the verdict stays the same. */
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
	struct json *json; /* NULL: "last" was named and there is no earlier document, so everything is
	                      new */
	double id;         /* number in the history; 0: a file */
	bool compared;     /* the other members are valid */
	struct baseline_limits newly, known, fixed;
	enum baseline_run run;
};

/* Takes over the document; NULL: there is none. Returns false with err if the document does not
 * describe a real host. */
bool baseline_open(const struct run *run,
		struct json *json,
		double id,
		struct baseline *ret_baseline,
		struct error *err);
void baseline_close(struct baseline *baseline);

/* Finds which limits of this document are new. */
void baseline_compare(const struct run *run, const cJSON *document, struct baseline *baseline);
/* Returns true if nothing fails that did not fail before. */
bool baseline_excuses(const struct baseline *baseline, enum verdict verdict);
/* Finds out whether a run that is not certified had the same reason before. limit: the limit that
 * was reached; NULL: another reason. */
void baseline_compare_run(struct baseline *baseline, const char *reason, const char *limit);

/* Returns the member gate.baseline. */
cJSON *baseline_json(const struct members *put, const struct baseline *baseline, const char *name);

#endif
