/* Inside the history: the open file and its statements. For history*.c only. */
#ifndef HEADROOM_AUDIT_HISTORY_STORE_H
#define HEADROOM_AUDIT_HISTORY_STORE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"

struct history {
	sqlite3 *db;
	const char *path;
};

/* What SQLite's last error means for the user; always false. */
bool history_failed(const struct history *history, struct error *err);

bool statement_open(const struct history *history,
		const char *sql,
		sqlite3_stmt **ret_statement,
		struct error *err);
void statement_close(sqlite3_stmt **statement);

#endif
