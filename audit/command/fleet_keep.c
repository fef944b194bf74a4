#include "audit/command/fleet_keep.h"

#include <stdlib.h>
#include <string.h>

#include "audit/cli/screen.h"
#include "audit/fleet/against.h"
#include "audit/history/fleet_kept.h"
#include "audit/history/history.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "report/document/open.h"
#include "report/document/view.h"

/* The fleet to compare with. */
struct earlier_fleet {
	struct json *json; /* as it was read */
	cJSON *unpacked;   /* NULL: it is from a file */
	int64_t id;
};

static bool read_fleet_file(const char *path, struct earlier_fleet *earlier, struct error *err)
{
	earlier->json = json_read_file(path, err);
	if (!earlier->json)
		return false;
	const cJSON *root = json_root(earlier->json);
	if (!document_is_fleet(root))
		return error_set(err, "%.300s is not a document that headroom fleet wrote", path);
	return document_check_fleet(root, path, err);
}

static bool last_fleet(const struct run *run,
		struct history *history,
		const cJSON *document,
		int64_t *ret_id,
		struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *packed = fleet_kept_pack(run->arena, document);
	const struct history_filter filter = {
			.fingerprint = view_raw(packed, "host.fingerprint"),
			.kind = HISTORY_FLEETS,
	};
	struct history_row *rows;
	size_t count;
	if (!history_rows(history, run->arena, &filter, 1, &rows, &count, err))
		return false;
	if (count == 0)
		return error_set(err,
				"no earlier fleet with this plan and hosts file is saved; see headroom history and "
				"name an ID or a file, or run without --against first");
	*ret_id = rows[0].id;
	return true;
}

static bool read_kept_fleet(const struct run *run,
		struct history *history,
		struct earlier_fleet *earlier,
		struct error *err)
{
	earlier->json = history_document(history, run->arena, earlier->id, err);
	if (!earlier->json)
		return false;
	const cJSON *root = json_root(earlier->json);
	if (!fleet_is_kept_form(root))
		return error_set(err, "this is the audit of one host, not a fleet");
	earlier->unpacked = fleet_kept_unpack(root, "the history", err);
	return earlier->unpacked != NULL;
}

static bool is_history_number(const char *name)
{
	size_t digits = strspn(name, "0123456789");
	if (digits == 0 || digits > 18)
		return false;
	return name[digits] == '\0';
}

static bool find_earlier_fleet(const struct run *run,
		const cJSON *document,
		struct earlier_fleet *earlier,
		struct error *err)
{
	const char *name = run->options->against;
	bool number = is_history_number(name);
	bool last = strcmp(name, "last") == 0;
	if (!last && !number)
		return read_fleet_file(name, earlier, err);
	__attribute__((cleanup(history_close))) struct history *history = NULL;
	if (!history_open(run->arena, HISTORY_READ, &history, err))
		return false;
	if (!history)
		return error_set(err, "no history exists yet; name a file");
	if (number)
		earlier->id = strtoll(name, NULL, 10);
	else if (!last_fleet(run, history, document, &earlier->id, err))
		return false;
	return read_kept_fleet(run, history, earlier, err);
}

bool fleet_look_back(const struct run *run, cJSON *document, struct error *err)
{
	const char *name = run->options->against;
	struct earlier_fleet earlier = {0};
	struct error why = {0};
	if (!name) {
		fleet_against(run->arena, NULL, 0, document);
		return true;
	}
	bool found = find_earlier_fleet(run, document, &earlier, &why);
	if (found) {
		const cJSON *root = earlier.unpacked;
		if (!root)
			root = json_root(earlier.json);
		fleet_against(run->arena, root, (double)earlier.id, document);
	}
	json_close_tree(&earlier.unpacked);
	json_close(&earlier.json);
	return found || error_set(err, "--against %.60s: %.900s", name, why.text);
}

static bool save_fleet(const struct run *run,
		struct history *history,
		const cJSON *document,
		struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *packed = fleet_kept_pack(run->arena, document);
	__attribute__((cleanup(text_release))) struct text printed = {0};
	int64_t id;
	json_print(packed, &printed);
	if (printed.length > JSON_BYTES_MAX)
		return error_set(err, "its classes and hosts need more than 64 MiB");
	return history_save(history, packed, printed.data, &id, err);
}

void fleet_keep(const struct run *run, const cJSON *document)
{
	__attribute__((cleanup(history_close))) struct history *history = NULL;
	struct error why = {0};
	if (run->options->no_history)
		return;
	if (history_off() || !history_path(run->arena))
		return;
	bool kept = history_open(run->arena, HISTORY_WRITE, &history, &why);
	kept = kept && save_fleet(run, history, document, &why);
	if (!kept)
		screen_say("not saved to the history: %s", why.text);
}
