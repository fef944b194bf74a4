/* Sizing: picks from the audit document what has to be set. Computes nothing. */
#include "audit/size/size.h"

#include "report/document/member.h"
#include "report/document/notes.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

/* Members that have the same name here. */
static const char *const of_fix[] = {
		"title",
		"held_by",
		"command",
		"commands",
		"say",
		"persistent",
		"files",
		"restart",
		"shared_with",
		"behind",
		"note",
		"risk",
		"undo_commands",
		"undo_say",
		NULL,
};

/* Of a limit of one host. */
static const char *const of_limit[] = {
		"id",
		"title",
		"severity",
		"status",
		"reason",
		"demand",
		"demand_words",
		"capacity",
		"unit",
		"quantity",
		"utilization",
		"max_safe_scale",
		"max_safe",
		"ignored",
		"waived",
		NULL,
};

static const char *const of_host[] = {"plan", "binding", "at_most", NULL};

static const char *const of_audit[] = {
		"tool",
		"created",
		"command_line",
		"workload_title",
		"verdict",
		"headline",
		"target_utilization",
		"plan",
		"at_most",
		NULL,
};

static void size_copy(cJSON *to, const cJSON *from, const char *const *names)
{
	for (; *names; names++)
		member_copy(to, *names, from, *names);
}

static void size_put_values(const cJSON *audit, const cJSON *fix, cJSON *values)
{
	const cJSON *change;
	cJSON_ArrayForEach(change, view_object(fix, "facts")) {
		cJSON *value = cJSON_CreateObject();
		(void)member_item(value, "key", cJSON_CreateString(change->string));
		member_copy(value, "from", change, "from");
		member_copy(value, "to", change, "to");
		(void)member_item(value, "unit", cJSON_CreateString(view_fact_unit(audit, change->string)));
		member_copy(value, "fix", fix, "id");
		size_copy(value, fix, of_fix);
		(void)cJSON_AddItemToArray(values, value);
	}
}

static void size_add_after(const cJSON *audit, cJSON *size, const cJSON *last)
{
	bool passes = document_verdict(audit) == VERDICT_PASS;
	member_bool(size, "fits_after", passes || view_true(last, "gain.fits"));
	member_copy(size, "max_safe", audit, "max_safe");
	member_copy(size, "max_safe_after", last ? last : audit, last ? "gain.after" : "max_safe");
	member_copy(size, "hosts_needed", audit, "hosts_needed");
	if (view_count(audit, "loads"))
		member_copy(size, "loads", audit, "loads");
}

static void size_limit_after(cJSON *row, const cJSON *limit, const char *name)
{
	if (view_get(limit, name))
		member_copy(row, name, limit, name);
}

void size_limits(cJSON *size, const cJSON *audit)
{
	cJSON_DeleteItemFromObjectCaseSensitive(size, "limits");
	cJSON_DeleteItemFromObjectCaseSensitive(size, "map");
	if (view_object(audit, "map"))
		member_copy(size, "map", audit, "map");
	cJSON *limits = member_object(size, "limits");
	const cJSON *limit, *rung;
	size_copy(limits, audit, of_host);
	cJSON *ladder = member_array(limits, "ladder");
	cJSON_ArrayForEach(rung, view_array(audit, "ladder")) {
		cJSON *row = cJSON_CreateObject();
		member_copy(row, "max_safe", rung, "max_safe");
		(void)cJSON_AddItemToArray(ladder, row);
	}
	cJSON *resources = member_array(limits, "resources");
	cJSON_ArrayForEach(limit, view_array(audit, "resources")) {
		if (document_status(limit) == STATUS_NOT_APPLICABLE)
			continue;
		cJSON *row = cJSON_CreateObject();
		size_copy(row, limit, of_limit);
		size_limit_after(row, limit, "max_safe_after");
		size_limit_after(row, limit, "after");
		(void)cJSON_AddItemToArray(resources, row);
	}
}

cJSON *size_document(const cJSON *audit)
{
	cJSON *size = cJSON_CreateObject(), *values = cJSON_CreateArray();
	const cJSON *fix, *memory = view_resource(audit, "host-memory");
	(void)member_item(size, "schema", cJSON_CreateStringReference("headroom.size/1"));
	size_copy(size, audit, of_audit);
	document_put_basis(audit, size);
	document_put_request(audit, size);
	member_copy(size, "foreign", audit, "foreign");
	cJSON_ArrayForEach(fix, view_array(audit, "fixes")) {
		if (!view_true(fix, "in_ladder"))
			continue;
		size_put_values(audit, fix, values);
	}
	size_add_after(audit, size, document_last_fix(audit));
	cJSON *bytes = member_object(size, "memory");
	member_copy(bytes, "needed_bytes", memory, "demand");
	member_copy(bytes, "available_bytes", memory, "capacity");
	(void)member_item(size, "values", values);
	member_copy(size, "calibration", audit, "calibration");
	size_limits(size, audit);
	return size;
}
