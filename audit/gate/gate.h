/* The parts of headroom gate: waiting, the run that is watched, its member of the audit document,
 * what it taught. */
#ifndef HEADROOM_AUDIT_GATE_GATE_H
#define HEADROOM_AUDIT_GATE_GATE_H

#include <cjson/cJSON.h>

#include "audit/gate/baseline.h"
#include "audit/gate/child.h"
#include "audit/run/pipeline.h"
#include "model/watch/busiest.h"
#include "model/watch/learnt.h"
#include "model/watch/pace.h"
#include "probes/watch/sampler.h"

struct gate {
	struct pipeline *pipeline;
	const struct options *options;
	struct loads plan; /* the last load is the command's */
	struct result *result;
	struct baseline baseline;       /* --against */
	double soft_before, soft_after; /* --fix-soft raises it; NAN: it does not */
	double waited_s;                /* --wait; 0: it did not */
	/* The result: what every output calls the verdict, why, and the exit status that follows. */
	struct gate_result {
		const char *verdict; /* pass fail unknown certified not-certified not-run */
		const char *reason;  /* of not-certified and not-run; NULL: none */
		int exit;
	} outcome;
	/* The run. */
	const char *reason; /* why it ran or did not */
	struct child_end end;
	struct sampler *sampler;
	struct observations seen;
	struct watched_limits limits;
	struct charge found[CHARGES]; /* by others than the watch: the tool's result, the runner */
	struct tool_watch *tool;      /* reads what the tool itself prints; NULL: not needed */
	struct certificate certificate;
	struct learnt_run learnt;
	cJSON *programs; /* --learn: their digests before the run; NULL otherwise */
	struct pace pace;
	struct busiest busiest;
	double interval_s, next_look_s, sampler_ratio;
	double began_s;
	double long_s; /* after this time, one message says that the run takes longer; INFINITY: no
	                  message */
	bool watched, blind;
	bool moved; /* into the network namespace of the command */
	const struct seen_destination *destinations;
	size_t destination_count;
};

/* Judges the plan against the host in its present state; applies --fix-soft. */
bool gate_judge(struct gate *gate, struct error *err);

/* --wait: judges again until it passes, the time is over, or waiting cannot help. */
bool gate_wait(struct gate *gate, struct error *err);

/* The destinations of the command's plan, as far as their addresses are known. */
void gate_targets(const struct gate *gate, struct sampler_options *options);

/* A command that only directs others: the reason "unseen" is put in. */
void gate_find_elsewhere(struct gate *gate);

/* Runs the command; fills end, and unless --certify off seen, certificate and the rest. */
bool gate_run(struct gate *gate, struct error *err);

/* Did --set replace facts that were read? A host that is partly assumed runs no test. */
bool gate_is_hypothetical(const struct gate *gate);

/* --against: does nothing fail that did not fail before? */
bool gate_is_excused(const struct gate *gate);

/* Why the command was not started: the verdict, or that it would pass on an assumed host only. */
struct gate_result gate_refused(const struct gate *gate);
/* What came of a run. */
struct gate_result gate_ended(const struct gate *gate);

/* The member "run" of the audit document. */
cJSON *gate_result_json(const struct members *put, const struct gate_result *result);

/* What the certificate says, as members of "gate". */
void gate_put_certificate(const struct members *put, cJSON *member, const struct gate *gate);

/* The member "gate" of the audit document. */
cJSON *gate_json(const struct members *put, const struct gate *gate);

#endif
