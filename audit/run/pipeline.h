/* What audit, size, explain and rules test share: rules, host, workload, model. */
#ifndef HEADROOM_AUDIT_RUN_PIPELINE_H
#define HEADROOM_AUDIT_RUN_PIPELINE_H

#include <cjson/cJSON.h>

#include "audit/calibrate/calibration_set.h"
#include "audit/cli/options.h"
#include "audit/document/document.h"
#include "audit/rules/rules.h"
#include "audit/run/lock_file.h"
#include "audit/run/plan.h"
#include "base/os/json.h"
#include "model/model.h"
#include "probes/host/host.h"

/* Everything but the plan. */
struct pipeline {
	const struct run *run;
	struct rules rules;
	struct rule_extras extras;
	struct facts *facts;
	struct host_info host;
	struct model_options model;
	struct finding *findings; /* about the vantage point */
	size_t finding_count;
	const struct json
			*named;          /* the file that names the workload, if it was read already, or NULL */
	const struct plan *plan; /* derived from a command, or NULL */
	struct workload *alone;  /* the last load: what that command says without headroom.json and
	                            workload.lock.json; NULL: they say nothing, or it says too little */
	const struct lock_taught *taught; /* by workload.lock.json, of the command; NULL: it has none */
	struct calibration_set calibration_set; /* empty unless pipeline_calibrate ran */
	const char *created;                    /* now, RFC 3339 UTC */
	const char *as_of;                      /* when the facts were read; NULL: they do not say */
};

enum host_detail {
	DETAIL_AUDIT, /* what an audit asks for; a plan's own destinations are asked for later */
	DETAIL_NAMES, /* and the process of every listener */
	DETAIL_ALL,   /* and all pools and destinations */
	DETAIL_FILE   /* and the names of /etc/hosts: a file must do for any plan, anywhere */
};

struct host_options pipeline_host_options(const struct options *options, enum host_detail detail);
/* The facts of the host that the options name; NULL with err. */
struct facts *pipeline_facts(const struct run *run,
		enum host_detail detail,
		struct host_info *ret_host,
		struct error *err);
/* The same with options of pipeline_host_options(), to which something was added. */
struct facts *pipeline_facts_by(const struct run *run,
		const struct host_options *options,
		struct host_info *ret_host,
		struct error *err);

bool pipeline_rules(const struct run *run,
		bool examples,
		struct rules *ret_rules,
		struct rule_extras *ret_extras,
		struct error *err);
/* Rules, facts, model options. To be closed also after a failure, once its documents are deleted.
 */
bool pipeline_open(const struct run *run, struct pipeline *ret_pipeline, struct error *err);
/* The same without a host: no fact is known. For plans that are judged for many hosts. */
bool pipeline_open_rules(const struct run *run, struct pipeline *ret_pipeline, struct error *err);
void pipeline_close(struct pipeline *pipeline);

/* The plan: the loads before "+", and last the one that `name` (a ready one or a file; NULL: none)
 * or the command after "--" and its flags give; flags override. Of a command the vantage point
 * becomes facts, too. *ret_given is false when there is no load. (named.c) */
bool pipeline_plan(struct pipeline *pipeline,
		const char *name,
		struct loads *ret_plan,
		bool *ret_given,
		struct error *err);
/* The same without asking about its destinations. */
bool pipeline_read_plan(struct pipeline *pipeline,
		const char *name,
		struct loads *ret_plan,
		bool *ret_given,
		struct error *err);
/* Adds to the facts what the host knows about the plan's destinations; pipeline_plan has done so
 * for the facts it found. */
bool pipeline_targets(const struct pipeline *pipeline,
		const struct loads *plan,
		const struct host_info *host,
		struct facts *facts,
		struct error *err);
bool pipeline_preset(const struct pipeline *pipeline,
		const char *id,
		struct workload *ret_workload,
		struct error *err);

/* More findings, in front of those that are there. */
void pipeline_add_findings(struct pipeline *pipeline, const struct finding *findings, size_t count);

/* Does a word that names a workload name a file? It has a slash, ends in .json, is "-",
 * or is a file of a load test tool that is there. */
bool pipeline_names_file(const char *name);
/* Could this word be a workload: a file, or a ready one? */
bool pipeline_is_workload(const struct pipeline *pipeline, const char *name);

/* Judges the plan. Where a checkout describes it, the command is judged alone as well, and the
 * stricter verdict counts: what somebody else wrote makes no verdict better. */
bool pipeline_judge(const struct pipeline *pipeline,
		const struct loads *plan,
		struct result *ret_result,
		struct error *err);
/* Calibrates for this plan (NULL: the preset "default"); from then on limits are judged by what was
 * measured. Does nothing without --calibrate. Fails on a snapshot. */
bool pipeline_calibrate(struct pipeline *pipeline, const struct loads *plan, struct error *err);
/* The document of one judged plan. If result is NULL: the document of what the host can carry, for
 * which three plans are judged. Returns NULL with err. */
cJSON *pipeline_document(const struct pipeline *pipeline,
		const struct result *result,
		struct error *err);

/* Names of the ready workloads, NULL-terminated. */
const char *const *pipeline_presets(const struct pipeline *pipeline);

#endif
