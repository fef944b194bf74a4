/* Reading the history: rows, their number, one document. Everything read is checked: the file is
 * the user's, but not only headroom may have written it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "audit/history/history.h"
#include "audit/history/statement.h"
#include "report/document/open.h"

static const char *text_at(struct arena *arena, sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);
	return arena_strdup(arena, text ? (const char *)text : "");
}

static double read_number_at(sqlite3_stmt *statement, int column)
{
	return sqlite3_column_type(statement, column) == SQLITE_NULL
			? NAN
			: sqlite3_column_double(statement, column);
}

static struct history_row row_at(struct arena *arena, sqlite3_stmt *statement)
{
	return (struct history_row){
			.id = sqlite3_column_int64(statement, 0),
			.created = text_at(arena, statement, 1),
			.host = text_at(arena, statement, 2),
			.fingerprint = text_at(arena, statement, 3),
			.workload = text_at(arena, statement, 4),
			.verdict = text_at(arena, statement, 5),
			.binding = text_at(arena, statement, 6),
			.use = read_number_at(statement, 7),
			.safe_scale = read_number_at(statement, 8),
			.safe_connections = read_number_at(statement, 9),
			.safe_rate_per_s = read_number_at(statement, 10),
	};
}

/* One query for all filters would not use the index. */
static bool open_rows(struct history *history,
		const struct history_filter *filter,
		sqlite3_stmt **ret_statement,
		struct error *err)
{
	static const char columns[] =
			"SELECT id, created, host, fingerprint, workload, verdict, binding, use, safe_scale,"
			" safe_connections, safe_rate_per_s FROM audits ";
	const char *where = filter->fingerprint && filter->workload
			? "WHERE fingerprint = ?1 AND workload = ?2 "
			: filter->fingerprint ? "WHERE fingerprint = ?1 "
			: filter->words       ? "WHERE instr(host, ?3) OR instr(workload, ?3) "
								  : "";
	char sql[512];
	(void)sqlite3_snprintf(sizeof sql, sql, "%s%sORDER BY id DESC LIMIT ?4", columns, where);
	return statement_open(history, sql, ret_statement, err);
}

static void turn_round(struct history_row *rows, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct history_row row = rows[i];
		rows[i] = rows[count - 1 - i];
		rows[count - 1 - i] = row;
	}
}

bool history_rows(struct history *history,
		struct arena *arena,
		const struct history_filter *filter,
		size_t limit,
		struct history_row **ret_rows,
		size_t *ret_count,
		struct error *err)
{
	__attribute__((cleanup(statement_close))) sqlite3_stmt *statement = NULL;
	struct history_row *rows = NULL;
	size_t count = 0, capacity = 0;
	int code;
	if (!open_rows(history, filter, &statement, err))
		return false;
	(void)sqlite3_bind_text(statement, 1, filter->fingerprint, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(statement, 2, filter->workload, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(statement, 3, filter->words, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(statement, 4, limit ? (sqlite3_int64)limit : -1);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		rows = arena_grow(arena, rows, count, &capacity, sizeof *rows);
		rows[count++] = row_at(arena, statement);
	}
	if (code != SQLITE_DONE)
		return history_failed(history, err);
	turn_round(rows, count);
	*ret_rows = rows;
	*ret_count = count;
	return true;
}

bool history_count(struct history *history, int64_t *ret_count, struct error *err)
{
	__attribute__((cleanup(statement_close))) sqlite3_stmt *statement = NULL;
	if (!statement_open(history, "SELECT count(*) FROM audits", &statement, err))
		return false;
	if (sqlite3_step(statement) != SQLITE_ROW)
		return history_failed(history, err);
	*ret_count = sqlite3_column_int64(statement, 0);
	return true;
}

static struct json *unpack(const struct history *history,
		const char *name,
		sqlite3_stmt *statement,
		struct error *err)
{
	const void *body = sqlite3_column_blob(statement, 1);
	uLong length = (uLong)sqlite3_column_bytes(statement, 1);
	sqlite3_int64 bytes = sqlite3_column_int64(statement, 0);
	if (!sqlite3_column_int(statement, 2))
		return document_open_bytes(name, body ? body : "", length, err);
	uLongf whole = bytes > 0 && bytes <= JSON_BYTES_MAX ? (uLongf)bytes : 0;
	char *text = whole ? malloc(whole) : NULL;
	struct json *json = NULL;
	if (text && body && uncompress((unsigned char *)text, &whole, body, length) == Z_OK)
		json = document_open_bytes(name, text, whole, err);
	else
		(void)error_fail(err,
				"%s: %s is damaged: its document cannot be unpacked",
				history->path,
				name);
	free(text);
	return json;
}

struct json *history_document(struct history *history,
		struct arena *arena,
		int64_t id,
		struct error *err)
{
	__attribute__((cleanup(statement_close))) sqlite3_stmt *statement = NULL;
	if (!statement_open(history,
				"SELECT bytes, body, packed FROM documents WHERE id = ?",
				&statement,
				err))
		return NULL;
	(void)sqlite3_bind_int64(statement, 1, id);
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return unpack(history, arena_printf(arena, "audit %lld", (long long)id), statement, err);
	if (code == SQLITE_DONE)
		(void)error_set(err,
				"the history has no audit %lld; headroom history lists them",
				(long long)id);
	else
		(void)history_failed(history, err);
	return NULL;
}
