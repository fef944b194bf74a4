/* Reads rows, their number, and one document. Everything read is checked, because another program
 * may have written the file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "audit/history/history.h"
#include "audit/history/statement.h"
#include "base/memory.h"
#include "report/document/open.h"

static const char *text_at(struct arena *arena, sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);
	if (!text)
		return "";
	return arena_strdup(arena, (const char *)text);
}

static double read_number_at(sqlite3_stmt *statement, int column)
{
	if (sqlite3_column_type(statement, column) == SQLITE_NULL)
		return NAN;
	return sqlite3_column_double(statement, column);
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
			.hypothetical = read_number_at(statement, 11),
			.fleet = read_number_at(statement, 12),
			.because = text_at(arena, statement, 13),
	};
}

/* There is a query for each kind of filter, since one query for all would not use the index. */
static const char *where_of(const struct history_filter *filter)
{
	if (filter->fingerprint && filter->workload)
		return "fingerprint = ?1 AND workload = ?2";
	if (filter->fingerprint)
		return "fingerprint = ?1";
	if (filter->words)
		return "(instr(host, ?3) OR instr(workload, ?3))";
	return "1";
}

static const char *const where_kind[] = {
		[HISTORY_ANY] = "",
		[HISTORY_AUDITS] = " AND fleet = 0",
		[HISTORY_FLEETS] = " AND fleet > 0",
};

static bool open_rows(struct history *history,
		const struct history_filter *filter,
		sqlite3_stmt **ret_statement,
		struct error *err)
{
	static const char columns[] =
			"SELECT id, created, host, fingerprint, workload, verdict, binding, use, safe_scale,"
			" safe_connections, safe_rate_per_s, hypothetical, fleet, because FROM audits WHERE ";
	char sql[512];
	(void)sqlite3_snprintf(sizeof sql,
			sql,
			"%s%s%s ORDER BY id DESC LIMIT ?4",
			columns,
			where_of(filter),
			where_kind[filter->kind]);
	return statement_open(history, sql, ret_statement, err);
}

static void reverse(struct history_row *rows, size_t count)
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
	sqlite3_int64 most = (sqlite3_int64)limit;
	int code;
	if (limit == 0)
		most = -1; /* SQLite's word for any number */
	if (!open_rows(history, filter, &statement, err))
		return false;
	(void)sqlite3_bind_text(statement, 1, filter->fingerprint, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(statement, 2, filter->workload, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(statement, 3, filter->words, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(statement, 4, most);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		rows = arena_grow(arena, rows, count, &capacity, sizeof *rows);
		rows[count++] = row_at(arena, statement);
	}
	if (code != SQLITE_DONE)
		return history_failed(history, err);
	reverse(rows, count);
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

/* The document's text with memory of its own; NULL: damaged. The length is not trusted. */
static char *uncompressed(sqlite3_stmt *statement, uLongf *ret_length)
{
	sqlite3_int64 bytes = sqlite3_column_int64(statement, 0);
	const void *body = sqlite3_column_blob(statement, 1);
	uLong packed = (uLong)sqlite3_column_bytes(statement, 1);
	if (!body || bytes <= 0 || bytes > JSON_BYTES_MAX)
		return NULL;
	char *text = memory_get((size_t)bytes);
	*ret_length = (uLongf)bytes;
	if (uncompress((unsigned char *)text, ret_length, body, packed) == Z_OK)
		return text;
	free(text);
	return NULL;
}

static struct json *unpack(const struct history *history,
		const char *name,
		sqlite3_stmt *statement,
		struct error *err)
{
	uLongf length;
	char *text = uncompressed(statement, &length);
	if (!text) {
		(void)error_fail(err,
				"%s: %s is damaged, its document cannot be unpacked",
				history->path,
				name);
		return NULL;
	}
	struct json *json = json_read(name, text, length, err);
	free(text);
	return json;
}

static struct json *document_at(const struct history *history,
		const char *name,
		sqlite3_stmt *statement,
		struct error *err)
{
	bool packed = sqlite3_column_int(statement, 2);
	if (packed)
		return unpack(history, name, statement, err);
	const void *body = sqlite3_column_blob(statement, 1);
	size_t length = (size_t)sqlite3_column_bytes(statement, 1);
	if (!body)
		body = "";
	return json_read(name, body, length, err);
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
	if (code == SQLITE_ROW) {
		const char *name = arena_printf(arena, "audit %lld", (long long)id);
		return document_at(history, name, statement, err);
	}
	if (code == SQLITE_DONE)
		(void)error_set(err, "no audit %lld is saved; for a list: headroom history", (long long)id);
	else
		(void)history_failed(history, err);
	return NULL;
}
