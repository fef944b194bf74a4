/* The audit document, `headroom.audit/2` (docs/audit-document.md): the result of the model, the
 * facts and the host as one JSON tree. Computes nothing that the model could have computed. */
#ifndef HEADROOM_AUDIT_DOCUMENT_DOCUMENT_H
#define HEADROOM_AUDIT_DOCUMENT_DOCUMENT_H

#include <cjson/cJSON.h>

#include "audit/calibrate/calibration_set.h"
#include "audit/cli/foreign.h"
#include "model/layer/fix_form.h"
#include "model/model.h"
#include "model/reach/reach.h"
#include "probes/host/host.h"
#include "report/document/member.h"

/* What the host can carry as one kind of client or server. Used in an audit without a workload. */
struct hold {
	const char *id, *title, *description;
	const struct result *result;
};

struct document_input {
	struct arena *arena;
	const struct rules *rules;
	const struct facts *facts;
	const struct host_info *host;
	const struct model_options *model;
	const struct calibration_set *calibration_set; /* NULL: none ran */
	bool has_command;                              /* the last load of the plan is a command line */
	const struct result *result; /* NULL without a workload: then holds are given */
	const struct hold *holds;
	size_t hold_count;
	const struct reach *reach; /* what the holds become by changes; with holds */
	const char *created;       /* RFC 3339 UTC */
	const char *as_of;         /* when the facts were read; NULL: they do not say */
	const struct foreign_list *foreign;
	int argc;
	char *const *argv; /* shown with secrets masked */
};

/* The tree refers to texts in the arena: it must be deleted before the arena is freed. */
cJSON *document_new(const struct document_input *input);

/* "tool", "created" (RFC 3339 UTC) and "command_line", with secrets masked. */
void document_made(const struct members *put,
		cJSON *document,
		const char *created,
		char *const *argv,
		int argc);

/* Parts, in resources.c, now.c, unread.c, trust.c, fixes.c, timeline.c, map.c, workload.c and
 * foreign.c. */
void document_resources(const struct members *put, cJSON *document, const struct result *result);
void document_idle_resources(const struct members *put,
		cJSON *document,
		const struct document_input *input);
/* `unread`: what the limit asked for and that is not known. */
void document_unread(const struct members *put, cJSON *object, const struct judgement *judgement);
/* Adds these keys to the array, unless they are in it; the facts are put->facts. */
void document_unread_keys(const struct members *put,
		cJSON *array,
		const struct name_list *keys,
		const char *instance);
/* Adds to the array what the unknown limits that decide asked for, each once. */
void document_all_unread(const struct members *put, cJSON *array, const struct result *result);
/* `at_most`: what could be safe if every unknown limit had its best possible value; null if no
 * limit is unknown. */
void document_at_most(const struct members *put, cJSON *object, const struct result *result);
/* `decides`: from which value of the one unread number on the verdict changes; null if the verdict
 * does not depend on one number alone. */
void document_decides(const struct members *put, cJSON *document, const struct result *result);
void document_now(const struct members *put, cJSON *resource, const struct present *now);
/* "hypothetical" and "given": the values of --set among put->facts. */
void document_given(const struct members *put, cJSON *document);
/* Age of the facts, values that were given, waivers and ignored limits. */
void document_trust(const struct members *put, cJSON *document, const struct document_input *input);
void document_hits(const struct members *put, cJSON *document, const struct rules *rules);
/* `held_by` */
void document_layer(const struct members *put, cJSON *object, const struct layer *layer);
/* `files`: what keeps a value. */
void document_files(const struct members *put,
		cJSON *object,
		const struct form_file *items,
		size_t count);
void document_fixes(const struct members *put, cJSON *document, const struct result *result);
void document_findings(const struct members *put,
		cJSON *document,
		const struct document_input *input);
void document_sizing(cJSON *document, const struct result *result);
/* `foreign`: what influenced the run besides the command line and the built-in rules. */
void document_foreign(const struct members *put,
		cJSON *document,
		const struct foreign_list *foreign);
/* `map`: the capacity map; no member where there is none. */
void document_map(const struct members *put, cJSON *document, const struct map *map);
void document_timeline(const struct members *put, cJSON *document, const struct result *result);
/* `loads`: a row for each load of a plan that has several. */
void document_loads(const struct members *put, cJSON *document, const struct document_input *input);
/* `first_changes`: what to change first where no plan is given. */
void document_first_changes(const struct members *put,
		cJSON *document,
		const struct document_input *input);
/* Adds the name of the load at this index to `object`, if the plan has several loads. */
void document_load_name(const struct members *put,
		cJSON *object,
		const struct result *result,
		size_t at);
const char *document_workload_title(struct arena *arena, const struct workload *workload);
/* The title of the whole plan, in the arena. */
const char *document_plan_title(struct arena *arena, const struct result *result);

#endif
