#include "audit/history/earlier_gate.h"

#include <string.h>

#include "audit/history/history.h"
#include "audit/history/keep.h"
#include "report/document/view.h"

enum {
	LOOK_BACK = 60 /* audits of the same host and plan */
};

/* By its words, of which the documents keep a digest. */
static bool same_command(const cJSON *a, const cJSON *b)
{
	const char *own = view_raw(b, "gate.command");
	return *own && strcmp(view_raw(a, "gate.command"), own) == 0;
}

static bool is_earlier_gate(const cJSON *document, const cJSON *like)
{
	const char *verdict = view_raw(document, "run.verdict");
	if (!view_object(document, "gate"))
		return false;
	if (strcmp(verdict, "not-run") == 0)
		return false;
	return same_command(document, like);
}

/* The newest first. What cannot be read any more is passed over. */
static void find_in_rows(const struct run *run,
		struct history *history,
		const cJSON *like,
		struct json **ret_json,
		double *ret_id,
		struct error *err)
{
	const struct history_filter filter = {
			.fingerprint = view_raw(like, "host.fingerprint"),
			.workload = view_raw(like, "workload.name"),
	};
	struct history_row *rows;
	size_t count;
	if (!history_rows(history, run->arena, &filter, LOOK_BACK, &rows, &count, err))
		return;
	while (count-- > 0) {
		struct error ignored = {0};
		const int64_t id = rows[count].id;
		struct json *json = history_document(history, run->arena, id, &ignored);
		if (json && is_earlier_gate(json_root(json), like)) {
			*ret_json = json;
			*ret_id = (double)id;
			return;
		}
		json_close(&json);
	}
}

static bool find_last(const struct run *run,
		struct history *history,
		const cJSON *like,
		struct json **ret_json,
		double *ret_id,
		struct error *err)
{
	if (!history)
		return error_set(err,
				"--against last: no history exists yet, or it is not readable; name a file "
				"instead");
	struct error why = {0};
	find_in_rows(run, history, like, ret_json, ret_id, &why);
	if (why.text[0])
		return error_set(err, "--against last: %.900s", why.text);
	return true;
}

static bool find_baseline(const struct run *run,
		struct history *history,
		struct json **ret_json,
		double *ret_id,
		struct error *err)
{
	const char *name = run->options->against;
	struct error why = {0};
	int64_t id;
	*ret_json = keep_document(run, history, name, NULL, &id, &why);
	if (!*ret_json)
		return error_set(err, "--against %.60s: %.900s", name, why.text);
	*ret_id = (double)id;
	return true;
}

bool earlier_gate(const struct run *run,
		const cJSON *like,
		struct json **ret_json,
		double *ret_id,
		struct error *err)
{
	__attribute__((cleanup(history_close))) struct history *history = NULL;
	struct error ignored = {0};
	*ret_json = NULL;
	*ret_id = 0;
	(void)history_open(run->arena, HISTORY_READ, &history, &ignored);
	if (strcmp(run->options->against, "last") == 0)
		return find_last(run, history, like, ret_json, ret_id, err);
	return find_baseline(run, history, ret_json, ret_id, err);
}
