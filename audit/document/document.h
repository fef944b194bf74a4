/* Makes the audit document, `headroom.audit/2` (docs/audit-document.md): the result of the model,
 * the facts and the host as one JSON tree. Computes nothing that the model could have computed. */
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
	const struct result *result; /* NULL without a workload; then holds are given */
	const struct hold *holds;
	size_t hold_count;
	const struct reach *reach; /* how changes would raise the holds; NULL: no holds */
	const char *created;       /* RFC 3339 UTC */
	const char *as_of;         /* when the facts were read; NULL: not known */
	const struct foreign_list *foreign;
	int argc;
	char *const *argv; /* shown with secrets masked */
};

/* Returns the tree, which refers to texts in the arena: delete it with cJSON_Delete before the
 * arena is freed. */
cJSON *document_new(const struct document_input *input);

/* Adds "tool", "created" (RFC 3339 UTC) and "command_line", with secrets masked. */
void document_made(const struct members *put,
		cJSON *document,
		const char *created,
		char *const *argv,
		int argc);

/* Parts of the document, in resources.c, now.c, unread.c, trust.c, fixes.c, timeline.c, map.c,
 * workload.c and foreign.c. */
void document_resources(const struct members *put, cJSON *document, const struct result *result);
void document_idle_resources(const struct members *put,
		cJSON *document,
		const struct document_input *input);
/* Adds `unread`: the facts that the limit needs and that are not known. */
void document_unread(const struct members *put, cJSON *object, const struct judgement *judgement);
/* Adds these keys to the array, each once. put->facts has the facts. */
void document_unread_keys(const struct members *put,
		cJSON *array,
		const struct name_list *keys,
		const char *instance);
/* Adds to the array what the unknown limits that decide need, each once. */
void document_all_unread(const struct members *put, cJSON *array, const struct result *result);
/* Adds `at_most`: what could be safe if every unknown limit had its best possible value; null if no
 * limit is unknown. */
void document_at_most(const struct members *put, cJSON *object, const struct result *result);
/* Adds `decides`: the value of the one unread number at which the verdict changes; null if the
 * verdict does not depend on a single number. */
void document_decides(const struct members *put, cJSON *document, const struct result *result);
void document_now(const struct members *put, cJSON *resource, const struct present *now);
/* Adds "hypothetical" and "given": the values of --set in put->facts. */
void document_given(const struct members *put, cJSON *document);
/* Adds the age of the facts, given values, waivers and ignored limits. */
void document_trust(const struct members *put, cJSON *document, const struct document_input *input);
void document_hits(const struct members *put, cJSON *document, const struct rules *rules);
/* Adds `held_by`. */
void document_layer(const struct members *put, cJSON *object, const struct layer *layer);
/* Adds `files`: what keeps a value. */
void document_files(const struct members *put,
		cJSON *object,
		const struct form_file *items,
		size_t count);
void document_fixes(const struct members *put, cJSON *document, const struct result *result);
void document_findings(const struct members *put,
		cJSON *document,
		const struct document_input *input);
void document_sizing(cJSON *document, const struct result *result);
/* Adds `foreign`: what influenced the run besides the command line and the built-in rules. */
void document_foreign(const struct members *put,
		cJSON *document,
		const struct foreign_list *foreign);
/* Adds `map`, the capacity map, if there is one. */
void document_map(const struct members *put, cJSON *document, const struct map *map);
void document_timeline(const struct members *put, cJSON *document, const struct result *result);
/* Adds `loads`: a row for each load if the plan has several. */
void document_loads(const struct members *put, cJSON *document, const struct document_input *input);
/* Adds `first_changes`: what to change first if no plan is given. */
void document_first_changes(const struct members *put,
		cJSON *document,
		const struct document_input *input);
/* Adds the name of the load at this index to `object`, if the plan has several loads. */
void document_load_name(const struct members *put,
		cJSON *object,
		const struct result *result,
		size_t at);
const char *document_workload_title(struct arena *arena, const struct workload *workload);
/* Returns the title of the whole plan, in the arena. */
const char *document_plan_title(struct arena *arena, const struct result *result);

#endif
