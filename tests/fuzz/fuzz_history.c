/* Fuzz target: the history. The input is the bytes of its file, or changes to a sample document
 * (document.h), which is then saved. Whatever it is, the file is refused with a text and stays as
 * it is, or the lists are harmless to show; and what was saved is found again. */
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/history/history.h"
#include "audit/history/keep.h"
#include "base/os/json_print.h"
#include "report/document/open.h"
#include "report/document/view.h"
#include "report/write/write.h"
#include "tests/fuzz/document.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char magic[] = "SQLite format 3";

/* An empty place for the history; `path` is where its file belongs. */
static void clear(char path[200])
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
	const char *top = scratch_directory();
	(void)setenv("XDG_STATE_HOME", top, 1);
	for (size_t i = 0; i < 4; i++) {
		(void)snprintf(path, 200, "%s/headroom/history.db%s", top, endings[i]);
		(void)unlink(path);
	}
	(void)snprintf(path, 200, "%s/headroom", top);
	(void)mkdir(path, 0700);
	(void)snprintf(path, 200, "%s/headroom/history.db", top);
}

static void show(struct arena *arena, const struct history_row *rows, size_t count)
{
	cJSON *document = cJSON_CreateObject();
	cJSON *audits = cJSON_AddArrayToObject(document, "audits");
	const struct write_options plain = {.arena = arena};
	struct text out = {0};
	for (size_t i = 0; i < count; i++)
		(void)cJSON_AddItemToArray(audits, keep_row(arena, &rows[i]));
	write_history(document, &plain, &out);
	write_trend(document, &plain, &out);
	demand_harmless("history", &out, false);
	cJSON_Delete(document);
	text_release(&out);
}

static void read_document(struct history *history, struct arena *arena, int64_t id)
{
	struct error err = {0};
	struct json *json = history_document(history, arena, id, &err);
	demand(json || *err.text, "a document is refused without a word", "");
	json_free(json);
}

static void read_all(struct history *history, struct arena *arena)
{
	struct error err = {0};
	struct history_row *rows;
	size_t count;
	int64_t number;
	const struct history_filter filter = {0};
	if (!history_rows(history, arena, &filter, 100, &rows, &count, &err)) {
		demand(*err.text != '\0', "rows are refused without a word", "");
		return;
	}
	show(arena, rows, count);
	for (size_t i = 0; i < count && i < 10; i++)
		read_document(history, arena, rows[i].id);
	demand(history_count(history, &number, &err) || *err.text, "a count", "");
	demand(history_prune(history, 1, NULL, &number, &err) || *err.text, "pruned", "");
}

static void open_bytes(struct arena *arena, const char *path, const uint8_t *data, size_t size)
{
	struct history *history = NULL;
	struct error err = {0};
	scratch_write(path, data, size);
	if (!history_open(arena, HISTORY_READ, &history, &err)) {
		demand(*err.text != '\0', "a file is refused without a word", "");
		return;
	}
	if (history)
		read_all(history, arena);
	history_close(&history);
}

static void demand_saved(struct arena *arena, const cJSON *document)
{
	struct history *history = NULL;
	struct error err = {0};
	int64_t id;
	struct text saved = {0}, found = {0};
	demand(history_open(arena, HISTORY_WRITE, &history, &err), "a new history", err.text);
	json_print(document, &saved);
	demand(history_save(history, document, saved.data, &id, &err), "a document is saved", err.text);
	struct json *json = history_document(history, arena, id, &err);
	demand(json != NULL, "a saved document is found", err.text);
	json_print(json_root(json), &found);
	demand(strcmp(saved.data, found.data) == 0, "a saved document is the same", found.data);
	json_free(json);
	text_release(&saved);
	text_release(&found);
	read_all(history, arena);
	history_close(&history);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[200];
	struct arena *arena = arena_new();
	struct error err = {0};
	clear(path);
	if (size >= sizeof magic && memcmp(data, magic, sizeof magic) == 0) {
		open_bytes(arena, path, data, size);
	} else {
		size_t length;
		const char *bytes = document_of(arena, (const char *)data, size, &length);
		struct json *json = document_open_bytes("audit.json", bytes, length, &err);
		if (json)
			demand_saved(arena, json_root(json));
		json_free(json);
	}
	arena_free(arena);
	return 0;
}
