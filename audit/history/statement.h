/* The open history file and SQL statements on it, for history.c and read.c. */
#ifndef HEADROOM_AUDIT_HISTORY_STATEMENT_H
#define HEADROOM_AUDIT_HISTORY_STATEMENT_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"

enum {
	/* How long SQLite waits for another writer. A writer holds the file for milliseconds; only one
	 * that was stopped holds it longer. */
	HISTORY_BUSY_MS = 5000
};

struct history {
	sqlite3 *db;
	const char *path;
};

/* Sets err to what SQLite's last error means for the user. Always returns false. */
bool history_failed(const struct history *history, struct error *err);

bool statement_open(const struct history *history,
		const char *sql,
		sqlite3_stmt **ret_statement,
		struct error *err);
/* For __attribute__((cleanup)); does nothing with NULL. */
void statement_close(sqlite3_stmt **statement);

#endif
