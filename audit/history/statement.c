/* Prepares SQL statements, and tells the user what SQLite's errors mean. */
#include "audit/history/statement.h"

#include <stddef.h>

bool history_failed(const struct history *history, struct error *err)
{
	int code = sqlite3_errcode(history->db);
	const char *what = sqlite3_errmsg(history->db);
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		return error_fail(err,
				"%s: the history is damaged (%s) and was not changed. To start a new one, rename "
				"the file; sqlite3 .recover may restore rows",
				history->path,
				what);
	if (code == SQLITE_FULL)
		return error_fail(err,
				"%s: no space is left for the history; saved audits are unharmed. Free some space "
				"first, then headroom history prune --keep 1000 deletes old audits",
				history->path);
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return error_fail(err,
				"%s: another program has kept the history locked for %d s; try again later",
				history->path,
				HISTORY_BUSY_MS / 1000);
	if (code == SQLITE_READONLY || code == SQLITE_PERM || code == SQLITE_CANTOPEN)
		return error_fail(err,
				"%s: the history cannot be written: %s (%s)",
				history->path,
				what,
				"is its directory yours and writable?");
	return error_fail(err, "cannot use the history in %s: %s", history->path, what);
}

bool statement_open(const struct history *history,
		const char *sql,
		sqlite3_stmt **ret_statement,
		struct error *err)
{
	return sqlite3_prepare_v2(history->db, sql, -1, ret_statement, NULL) == SQLITE_OK ||
			history_failed(history, err);
}

void statement_close(sqlite3_stmt **statement)
{
	(void)sqlite3_finalize(*statement);
}
