#include "audit/gate/baseline.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/badge.h"
#include "report/document/open.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	NAME_CHARS = 60
};

/* What failed only by assumed values, or was not judged at all, excuses nothing. */
static bool check_baseline(const struct run *run,
		const struct baseline *baseline,
		struct error *err)
{
	const char *name = run->options->against;
	const cJSON *document = json_root(baseline->json);
	if (badge_hypothetical(document))
		return error_set(err,
				"--against %.60s: that audit assumed values (--set), so it cannot serve as a "
				"baseline; name an audit made without --set",
				name);
	if (document_verdict(document) == VERDICT_NONE)
		return error_set(err,
				"--against %.60s: that audit had no load test; audit the same plan with -o "
				"json:FILE and name that file",
				name);
	return true;
}

bool baseline_open(const struct run *run,
		struct json *json,
		double id,
		struct baseline *ret_baseline,
		struct error *err)
{
	*ret_baseline = (struct baseline){.json = json, .id = id};
	return !json || check_baseline(run, ret_baseline, err);
}

void baseline_close(struct baseline *baseline)
{
	json_close(&baseline->json);
	baseline->json = NULL;
}

/* --- what fails in a document --------------------------------------------------------------------
 */

static bool limit_counts(const cJSON *limit)
{
	if (view_true(limit, "ignored") || view_true(limit, "waived"))
		return false;
	return strcmp(view_raw(limit, "severity"), "advisory") != 0;
}

static bool is_offending(const cJSON *row)
{
	enum status status = document_status(row);
	return status == STATUS_FAIL || status == STATUS_UNKNOWN;
}

/* One row of a limit for each of its instances, or itself. */
static const cJSON *first_instance(const cJSON *limit)
{
	const cJSON *instances = view_array(limit, "instances");
	if (instances && instances->child)
		return instances->child;
	return limit;
}

static const cJSON *next_instance(const cJSON *limit, const cJSON *row)
{
	if (row == limit)
		return NULL;
	return row->next;
}

static const cJSON *find_instance(const cJSON *document, const char *id, const char *instance)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		if (strcmp(view_raw(limit, "id"), id) != 0 || !limit_counts(limit))
			continue;
		for (const cJSON *row = first_instance(limit); row; row = next_instance(limit, row))
			if (strcmp(view_raw(row, "instance"), instance) == 0)
				return row;
	}
	return NULL;
}

/* Did that gate call it new itself? Then nobody has accepted it: a second try makes it no older. */
static bool was_new(const cJSON *document, const char *id, const char *instance)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, "gate.baseline.new")) {
		bool same = strcmp(view_raw(item, "id"), id) == 0;
		if (same && strcmp(view_raw(item, "instance"), instance) == 0)
			return true;
	}
	return false;
}

/* The row of before that excuses this one; NULL: it is new. One that was unknown excuses none that
 * fails now. */
static const cJSON *excuse_of(const cJSON *before, const char *id, const cJSON *row)
{
	const char *instance = view_raw(row, "instance");
	const cJSON *then = find_instance(before, id, instance);
	if (!then || !is_offending(then) || was_new(before, id, instance))
		return NULL;
	if (document_status(row) == STATUS_FAIL && document_status(then) == STATUS_UNKNOWN)
		return NULL;
	return then;
}

static void add_limit(struct arena *arena,
		const cJSON *limit,
		const cJSON *row,
		const cJSON *then,
		struct baseline_limits *limits)
{
	limits->items = arena_grow(arena,
			limits->items,
			limits->count,
			&limits->capacity,
			sizeof *limits->items);
	limits->items[limits->count++] = (struct baseline_limit){
			.id = view_text(arena, limit, "id", NAME_CHARS),
			.title = view_text(arena, limit, "title", NAME_CHARS),
			.instance = view_text(arena, row, "instance", 0),
			.status = document_status(row),
			.use = view_number(row, "utilization"),
			.use_before = view_number(then, "utilization"),
	};
}

static void compare_limit(struct arena *arena,
		const cJSON *limit,
		const cJSON *before,
		struct baseline *baseline)
{
	const char *id = view_raw(limit, "id");
	for (const cJSON *row = first_instance(limit); row; row = next_instance(limit, row)) {
		if (!is_offending(row))
			continue;
		const cJSON *then = excuse_of(before, id, row);
		if (then)
			add_limit(arena, limit, row, then, &baseline->known);
		else
			add_limit(arena, limit, row, NULL, &baseline->newly);
	}
}

/* What failed before, and passes or does not apply now. */
static void find_fixed(struct arena *arena,
		const cJSON *limit,
		const cJSON *document,
		struct baseline *baseline)
{
	const char *id = view_raw(limit, "id");
	for (const cJSON *then = first_instance(limit); then; then = next_instance(limit, then)) {
		const cJSON *now = find_instance(document, id, view_raw(then, "instance"));
		if (is_offending(then) && now && !is_offending(now))
			add_limit(arena, limit, now, then, &baseline->fixed);
	}
}

void baseline_compare(const struct run *run, const cJSON *document, struct baseline *baseline)
{
	const cJSON *before = NULL, *limit;
	if (baseline->json)
		before = json_root(baseline->json);
	baseline->newly.count = baseline->known.count = baseline->fixed.count = 0;
	baseline->compared = true;
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		if (limit_counts(limit))
			compare_limit(run->arena, limit, before, baseline);
	}
	cJSON_ArrayForEach(limit, view_array(before, "resources")) {
		if (limit_counts(limit))
			find_fixed(run->arena, limit, document, baseline);
	}
}

/* A verdict that no limit explains (values too old) is nothing that could have been so before. */
bool baseline_excuses(const struct baseline *baseline, enum verdict verdict)
{
	if (!baseline->compared || !baseline->json)
		return false;
	if (verdict != VERDICT_FAIL && verdict != VERDICT_UNKNOWN)
		return false;
	return baseline->known.count > 0 && baseline->newly.count == 0;
}

/* --- the run -------------------------------------------------------------------------------------
 */

static bool baseline_same_text(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static bool was_same_run(const cJSON *before, const char *reason, const char *limit)
{
	if (strcmp(view_raw(before, "run.verdict"), "not-certified") != 0)
		return false;
	if (baseline_same_text(view_raw(before, "gate.baseline.run"), "new"))
		return false;
	if (!baseline_same_text(view_raw(before, "run.reason"), reason))
		return false;
	return !limit || baseline_same_text(view_raw(before, "gate.bottleneck"), limit);
}

/* The plan was said to fail at this limit before. */
static bool limit_failed(const cJSON *before, const char *id)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(before, "resources")) {
		if (strcmp(view_raw(limit, "id"), id) != 0 || !limit_counts(limit))
			continue;
		for (const cJSON *row = first_instance(limit); row; row = next_instance(limit, row)) {
			bool failed = document_status(row) == STATUS_FAIL;
			if (failed && !was_new(before, id, view_raw(row, "instance")))
				return true;
		}
	}
	return false;
}

void baseline_compare_run(struct baseline *baseline, const char *reason, const char *limit)
{
	const cJSON *before;
	baseline->run = BASELINE_RUN_NONE;
	if (!reason)
		return;
	baseline->run = BASELINE_RUN_NEW;
	if (!baseline->json)
		return;
	before = json_root(baseline->json);
	if (was_same_run(before, reason, limit) || (limit && limit_failed(before, limit)))
		baseline->run = BASELINE_RUN_KNOWN;
}

/* --- what is said --------------------------------------------------------------------------------
 */

static void put_limits(const struct members *put,
		cJSON *object,
		const char *name,
		const struct baseline_limits *limits)
{
	cJSON *array = member_array(object, name);
	for (size_t i = 0; i < limits->count; i++) {
		const struct baseline_limit *limit = &limits->items[i];
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "id", limit->id);
		member_text(put, item, "title", limit->title);
		member_text(put, item, "instance", limit->instance);
		member_text(put, item, "status", status_name(limit->status));
		member_number(item, "utilization", limit->use);
		member_number(item, "before", limit->use_before);
		(void)cJSON_AddItemToArray(array, item);
	}
}

cJSON *baseline_json(const struct members *put, const struct baseline *baseline, const char *name)
{
	static const char *const runs[] = {
			[BASELINE_RUN_NONE] = NULL,
			[BASELINE_RUN_KNOWN] = "known",
			[BASELINE_RUN_NEW] = "new",
	};
	if (!baseline->compared)
		return cJSON_CreateNull();
	cJSON *object = cJSON_CreateObject();
	const cJSON *before = NULL;
	if (baseline->json)
		before = json_root(baseline->json);
	member_text(put, object, "against", name);
	member_bool(object, "found", before != NULL);
	member_number(object, "id", baseline->id > 0 ? baseline->id : (double)NAN);
	member_text(put, object, "created", view_text(put->arena, before, "created", 40));
	member_text(put, object, "host", view_text(put->arena, before, "host.name", NAME_CHARS));
	put_limits(put, object, "new", &baseline->newly);
	put_limits(put, object, "known", &baseline->known);
	put_limits(put, object, "fixed", &baseline->fixed);
	member_text(put, object, "run", runs[baseline->run]);
	return object;
}
