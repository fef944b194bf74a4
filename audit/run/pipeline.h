/* Shared by audit, size, explain and rules test: rules, host, workload, model. */
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
	/* The file that names the workload, if it was already read; NULL: none. */
	const struct json *named;
	const struct plan *plan; /* derived from a command; NULL: no command */
	/* What the command of the last load says without headroom.json and workload.lock.json; NULL:
	 * they say nothing, or the command says too little. */
	struct workload *alone;
	const struct lock_taught *taught; /* by workload.lock.json about the command; NULL: nothing */
	struct calibration_set calibration_set; /* empty unless pipeline_calibrate ran */
	const char *created;                    /* now, RFC 3339 UTC */
	const char *as_of;                      /* when the facts were read; NULL: not known */
};

enum host_detail {
	DETAIL_AUDIT, /* what an audit needs; destinations of the plan are added later */
	DETAIL_NAMES, /* … and the process of every listener */
	DETAIL_ALL,   /* … and all pools and destinations */
	DETAIL_FILE /* … and the names of /etc/hosts, because a file must serve any plan, anywhere */
};

struct host_options pipeline_host_options(const struct options *options, enum host_detail detail);
/* Returns the facts of the host that the options name; NULL with err. */
struct facts *pipeline_facts(const struct run *run,
		enum host_detail detail,
		struct host_info *ret_host,
		struct error *err);
/* The same with extended options of pipeline_host_options(). */
struct facts *pipeline_facts_by(const struct run *run,
		const struct host_options *options,
		struct host_info *ret_host,
		struct error *err);

bool pipeline_rules(const struct run *run,
		bool examples,
		struct rules *ret_rules,
		struct rule_extras *ret_extras,
		struct error *err);
/* Opens rules, facts and model options. Call pipeline_close also after a failure, and only after
 * its documents are deleted. false with err. */
bool pipeline_open(const struct run *run, struct pipeline *ret_pipeline, struct error *err);
/* The same without a host: no facts are known. For plans that are judged on many hosts. */
bool pipeline_open_rules(const struct run *run, struct pipeline *ret_pipeline, struct error *err);
void pipeline_close(struct pipeline *pipeline);

/* Makes the plan: the loads before "+", then the last one from `name` (a preset or a file; NULL:
 * none) or from the command after "--", with the flags merged over it. The vantage point of a
 * command becomes facts. *ret_given is false if no load was given (named.c). false with err. */
bool pipeline_plan(struct pipeline *pipeline,
		const char *name,
		struct loads *ret_plan,
		bool *ret_given,
		struct error *err);
/* The same without reading facts about its destinations. */
bool pipeline_read_plan(struct pipeline *pipeline,
		const char *name,
		struct loads *ret_plan,
		bool *ret_given,
		struct error *err);
/* Adds to `facts` what the host knows about the plan's destinations; pipeline_plan does so for the
 * pipeline's facts. false with err. */
bool pipeline_targets(const struct pipeline *pipeline,
		const struct loads *plan,
		const struct host_info *host,
		struct facts *facts,
		struct error *err);
bool pipeline_preset(const struct pipeline *pipeline,
		const char *id,
		struct workload *ret_workload,
		struct error *err);

/* Adds findings in front of those already there. */
void pipeline_add_findings(struct pipeline *pipeline, const struct finding *findings, size_t count);

/* Returns true if a word that names a workload names a file: it has a slash, ends in .json, is "-",
 * or is an existing file of a load test tool. */
bool pipeline_names_file(const char *name);
/* Returns true if this word can be a workload: a file or a preset. */
bool pipeline_is_workload(const struct pipeline *pipeline, const char *name);

/* Judges the plan. If a checkout describes it, the command is also judged alone and the stricter
 * verdict counts, so that what somebody else wrote makes no verdict better. false with err. */
bool pipeline_judge(const struct pipeline *pipeline,
		const struct loads *plan,
		struct result *ret_result,
		struct error *err);
/* Calibrates for this plan (NULL: the preset "default"). From then on limits are judged by the
 * measurements. Does nothing without --calibrate. Returns false with err for a snapshot. */
bool pipeline_calibrate(struct pipeline *pipeline, const struct loads *plan, struct error *err);
/* The document of one judged plan. If result is NULL: the document of what the host can carry, for
 * which three plans are judged. Returns NULL with err. */
cJSON *pipeline_document(const struct pipeline *pipeline,
		const struct result *result,
		struct error *err);

/* Returns the names of the presets, NULL-terminated. */
const char *const *pipeline_presets(const struct pipeline *pipeline);

#endif
