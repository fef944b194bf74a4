/* The parts of headroom gate: waiting, the watched run, its member of the audit document, what it
 * learned. */
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
	struct baseline baseline; /* --against */
	/* Before and after --fix-soft raises the limit; NAN: it does not. */
	double soft_before, soft_after;
	double waited_s; /* seconds of --wait; 0: did not wait */
	/* The result that every output shows: the verdict, its reason, and the exit status. */
	struct gate_result {
		const char *verdict; /* "pass" "fail" "unknown" "certified" "not-certified" "not-run" */
		const char *reason;  /* for not-certified and not-run; NULL: none */
		int exit;
	} outcome;
	/* The run. */
	const char *reason; /* why it ran or did not */
	struct child_end end;
	struct sampler *sampler;
	struct observations seen;
	struct watched_limits limits;
	/* From sources other than the watch: the tool's result, the runner. */
	struct charge found[CHARGES];
	struct tool_watch *tool; /* reads what the tool prints; NULL: not needed */
	struct certificate certificate;
	struct learnt_run learnt;
	cJSON *programs; /* --learn: digests of the programs before the run; else NULL */
	struct pace pace;
	struct busiest busiest;
	double interval_s, next_look_s, sampler_ratio;
	double began_s;
	double long_s; /* after this time, one message says that the run takes longer; INFINITY: no
	                  message */
	bool watched, blind;
	bool moved; /* moved into the network namespace of the command */
	const struct seen_destination *destinations;
	size_t destination_count;
};

/* Judges the plan on the host in its present state; applies --fix-soft. false with err. */
bool gate_judge(struct gate *gate, struct error *err);

/* --wait: judges again until the plan passes, the time is over, or waiting cannot help. false with
 * err. */
bool gate_wait(struct gate *gate, struct error *err);

/* Gives the destinations of the command's plan whose addresses are known. */
void gate_targets(const struct gate *gate, struct sampler_options *options);

/* If the command only directs other programs: adds the charge "unseen". */
void gate_find_elsewhere(struct gate *gate);

/* Runs the command and fills `end`; unless --certify off, also `seen`, `certificate` and the rest.
 * false with err. */
bool gate_run(struct gate *gate, struct error *err);

/* Returns true if --set replaced facts that were read: no test runs on a host that is partly
 * assumed. */
bool gate_is_hypothetical(const struct gate *gate);

/* --against: returns true if nothing fails that did not fail before. */
bool gate_is_excused(const struct gate *gate);

/* Returns why the command was not started: the verdict, or that it would pass only on an assumed
 * host. */
struct gate_result gate_refused(const struct gate *gate);
/* Returns the result of a run. */
struct gate_result gate_ended(const struct gate *gate);

/* Returns the member "run" of the audit document. */
cJSON *gate_result_json(const struct members *put, const struct gate_result *result);

/* Adds the certificate as members of "gate". */
void gate_put_certificate(const struct members *put, cJSON *member, const struct gate *gate);

/* Returns the member "gate" of the audit document. */
cJSON *gate_json(const struct members *put, const struct gate *gate);

#endif
