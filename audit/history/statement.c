/* Prepares SQL statements, and tells the user what SQLite's errors mean. */
#include "audit/history/statement.h"

#include <stddef.h>

bool history_failed(const struct history *history, struct error *err)
{
	int code = sqlite3_errcode(history->db);
	const char *what = sqlite3_errmsg(history->db);
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		return error_fail(err,
				"%s: the history is damaged (%s); it was left as it is. To begin a new one, rename "
				"it; "
				"sqlite3's .recover may get rows back",
				history->path,
				what);
	if (code == SQLITE_FULL)
		return error_fail(err,
				"%s: no space left for the history; what it holds is unharmed. Make room; deleting "
				"audits (headroom history prune --keep 1000) needs some itself",
				history->path);
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return error_fail(err,
				"%s: another program kept the history locked for %d s",
				history->path,
				HISTORY_BUSY_MS / 1000);
	if (code == SQLITE_READONLY || code == SQLITE_PERM || code == SQLITE_CANTOPEN)
		return error_fail(err,
				"%s: the history cannot be written: %s (%s)",
				history->path,
				what,
				"is its directory yours and writable?");
	return error_fail(err, "%s: the history cannot be used: %s", history->path, what);
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
