/* Keeps audits, and looks earlier ones up. */
#include "audit/history/keep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/cli/screen.h"
#include "audit/history/drift.h"
#include "audit/history/fleet_kept.h"
#include "audit/output/publish.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "report/document/member.h"
#include "report/document/open.h"
#include "report/document/view.h"

/* The chart of the history cannot tell more of them apart. */
enum {
	SHOWN_MAX = 60
};

/* Texts with a comma between them. */
static void keep_split(const struct members *put, cJSON *list, const char *texts)
{
	while (*texts) {
		size_t length = strcspn(texts, ",");
		const char *text = arena_copy(put->arena, texts, length);
		(void)cJSON_AddItemToArray(list, member_text_value(put, text));
		texts += length;
		texts += *texts == ',';
	}
}

cJSON *keep_row(struct arena *arena, const struct history_row *row)
{
	const struct members put = {.arena = arena};
	cJSON *object = cJSON_CreateObject();
	member_number(object, "id", (double)row->id);
	member_text(&put, object, "created", row->created);
	member_text(&put, object, "host", row->host);
	member_text(&put, object, "workload", row->workload);
	member_text(&put, object, "verdict", row->verdict);
	member_text(&put, object, "binding", row->binding);
	member_number(object, "use", row->use);
	member_number(object, "hypothetical", row->hypothetical);
	cJSON *safe = member_object(object, "max_safe");
	member_number(safe, "scale", row->safe_scale);
	member_number(safe, "connections", row->safe_connections);
	member_number(safe, "open_rate_per_s", row->safe_rate_per_s);
	if (row->fleet > 0)
		member_number(object, "fleet", row->fleet);
	if (*row->because)
		keep_split(&put, member_array(object, "because"), row->because);
	return object;
}

static struct history_filter like_this(const cJSON *document)
{
	return (struct history_filter){.fingerprint = view_raw(document, "host.fingerprint"),
			.workload = view_raw(document, "workload.name")};
}

/* The facts that moved a limit; NULL: it did not move, or it is not known why. */
static const cJSON *keep_because(const cJSON *drift, const char *limit)
{
	const cJSON *row = view_find(view_array(drift, "limits"), "id", limit);
	const cJSON *because = view_array(row, "because");
	if (cJSON_GetArraySize(because) == 0)
		return NULL;
	return because;
}

/* By a hundredth or more. */
static bool keep_has_moved(double was, double is)
{
	const double share = 0.01;
	if (!isfinite(was) || !isfinite(is))
		return false;
	return fabs(is - was) > share * fmax(was, is);
}

/* "changed_by": what made another load safe since the audit before. What is safe fell with the
 * limit that is reached first now, and rose with the one that was reached first then. */
static void keep_add_cause(const struct run *run,
		struct history *history,
		const struct history_row *row,
		cJSON *document)
{
	struct error ignored = {0};
	double is = view_number(document, "max_safe.connections");
	const char *now = view_raw(document, "binding.resource");
	if (row->fleet > 0 || !keep_has_moved(row->safe_connections, is))
		return;
	__attribute__((cleanup(json_close))) struct json *before =
			history_document(history, run->arena, row->id, &ignored);
	if (!before)
		return;
	cJSON *drift = drift_new(run, json_root(before), document, (double)row->id);
	const cJSON *fell = keep_because(drift, now);
	const cJSON *rose = keep_because(drift, row->binding);
	const cJSON *because = fell;
	if (!fell || (rose && is > row->safe_connections))
		because = rose;
	if (because)
		(void)member_item(document, "changed_by", cJSON_Duplicate(because, true));
	cJSON_Delete(drift);
}

static bool keep_add_history(const struct run *run,
		struct history *history,
		cJSON *document,
		struct error *err)
{
	struct arena *arena = run->arena;
	const struct history_filter filter = like_this(document);
	struct history_row *rows;
	size_t count;
	if (!history_rows(history, arena, &filter, SHOWN_MAX, &rows, &count, err))
		return false;
	cJSON *list = member_array(document, "history");
	for (size_t i = 0; i < count; i++)
		(void)cJSON_AddItemToArray(list, keep_row(arena, &rows[i]));
	if (count)
		keep_add_cause(run, history, &rows[count - 1], document);
	return true;
}

static bool last_id(const struct run *run,
		struct history *history,
		const cJSON *like,
		int64_t *ret_id,
		struct error *err)
{
	struct history_filter filter = {0};
	struct history_row *rows;
	size_t count;
	if (like)
		filter = like_this(like);
	filter.kind = HISTORY_AUDITS;
	if (!history_rows(history, run->arena, &filter, 1, &rows, &count, err))
		return false;
	if (count) {
		*ret_id = rows[0].id;
		return true;
	}
	if (like)
		return error_set(err, "no earlier audit of this host and plan is saved");
	return error_set(err, "no audit is saved yet; headroom audit saves each one");
}

/* Takes the document over: returns it, or frees it with err. */
static struct json *refuse_fleet(struct json *json, int64_t id, struct error *err)
{
	if (!json || !fleet_is_kept_form(json_root(json)))
		return json;
	json_free(json);
	(void)error_set(err,
			"%lld is a fleet, not an audit of one host; use headroom history show %lld or headroom "
			"fleet --against %lld",
			(long long)id,
			(long long)id,
			(long long)id);
	return NULL;
}

struct json *keep_document(const struct run *run,
		struct history *history,
		const char *name,
		const cJSON *like,
		int64_t *ret_id,
		struct error *err)
{
	char *end;
	bool last = !strcmp(name, "last");
	bool number = strspn(name, "0123456789") == strlen(name) && *name && strlen(name) <= 18;
	*ret_id = 0;
	if (!last && !number)
		return document_open(name, err);
	if (!history) {
		(void)error_set(err,
				"%s: no history exists yet, or it is not readable; name a file instead",
				name);
		return NULL;
	}
	if (last && !last_id(run, history, like, ret_id, err))
		return NULL;
	if (number)
		*ret_id = strtoll(name, &end, 10);
	return refuse_fleet(history_document(history, run->arena, *ret_id, err), *ret_id, err);
}

static bool keep_add_drift(const struct run *run,
		struct history *history,
		cJSON *document,
		struct error *err)
{
	__attribute__((cleanup(history_close))) struct history *reader = NULL;
	struct error ignored = {0};
	int64_t id;
	if (!history) { /* this audit is not kept, but earlier ones can be read */
		(void)history_open(run->arena, HISTORY_READ, &reader, &ignored);
		history = reader;
	}
	const char *against = run->options->against;
	__attribute__((cleanup(json_close))) struct json *before =
			keep_document(run, history, against, document, &id, err);
	if (!before) {
		struct error why = *err;
		return error_set(err, "--against %.60s: %.900s", against, why.text);
	}
	cJSON *drift = drift_new(run, json_root(before), document, (double)id);
	(void)member_item(document, "drift", drift);
	return true;
}

static void not_kept(const struct error *why)
{
	screen_say("not saved to the history: %s (to skip it: --no-history)", why->text);
}

/* NULL: nothing is to be kept, or cannot be. */
static struct history *open_history(const struct run *run, cJSON *document)
{
	struct history *history = NULL;
	struct error why = {0};
	if (run->options->no_history || history_off() || !history_path(run->arena))
		return NULL;
	bool ok = history_open(run->arena, HISTORY_WRITE, &history, &why);
	ok = ok && keep_add_history(run, history, document, &why);
	if (ok)
		return history;
	not_kept(&why);
	history_close(&history);
	return NULL;
}

/* Prints what keep_save() saves. */
static void keep_prepare(const struct history *history, const cJSON *document, struct text *printed)
{
	if (history)
		json_print(document, printed);
}

static void keep_save(struct history *history, const cJSON *document, const struct text *printed)
{
	struct error why = {0};
	int64_t id;
	if (history && !history_save(history, document, printed->data, &id, &why))
		not_kept(&why);
}

bool keep_publish(const struct run *run,
		cJSON *document,
		struct outputs *outputs,
		const char *const *presets,
		int *ret_exit,
		struct error *err)
{
	__attribute__((cleanup(history_close))) struct history *history = open_history(run, document);
	__attribute__((cleanup(text_release))) struct text printed = {0};
	if (run->options->against && !keep_add_drift(run, history, document, err))
		return false;
	keep_prepare(history, document, &printed);
	if (!publish(run, document, outputs, presets, ret_exit, err))
		return false;
	keep_save(history, document, &printed);
	return true;
}

bool keep_outputs(const struct run *run, cJSON *document, struct outputs *outputs)
{
	__attribute__((cleanup(history_close))) struct history *history = open_history(run, document);
	__attribute__((cleanup(text_release))) struct text printed = {0};
	keep_prepare(history, document, &printed);
	bool written = publish_outputs(run, document, outputs);
	keep_save(history, document, &printed);
	return written;
}
