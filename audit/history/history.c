/* Opens the history file, brings it up to date, saves and deletes. Reading is in read.c. */
#include "audit/history/history.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "audit/history/fleet_kept.h"
#include "audit/history/statement.h"
#include "base/array.h"
#include "base/text.h"
#include "report/document/badge.h"
#include "report/document/view.h"

/* Each step brings the file to its own version (PRAGMA user_version) from the version before. A
 * step that was released is never changed; new ones are added at the end. */
static const char *const migrations[] = {
		"CREATE TABLE audits (id INTEGER PRIMARY KEY AUTOINCREMENT, created TEXT NOT NULL, host "
		"TEXT NOT NULL,"
		" fingerprint TEXT NOT NULL, workload TEXT NOT NULL, verdict TEXT NOT NULL, binding TEXT "
		"NOT NULL, use REAL,"
		" safe_scale REAL, safe_connections REAL, safe_rate_per_s REAL) STRICT;"
		"CREATE TABLE documents (id INTEGER PRIMARY KEY REFERENCES audits (id) ON DELETE CASCADE,"
		" bytes INTEGER NOT NULL, body BLOB NOT NULL) STRICT;",
		/* Lists of one host and plan; documents packed with zlib some time after they were saved.
         */
		"ALTER TABLE documents ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;"
		"CREATE INDEX audits_of ON audits (fingerprint, workload, id);"
		"CREATE INDEX documents_raw ON documents (id) WHERE packed = 0;",
		/* Of audits that were kept before, the documents alone tell. */
		"ALTER TABLE audits ADD COLUMN hypothetical INTEGER NOT NULL DEFAULT 0;",
		/* How many hosts a fleet has. */
		"ALTER TABLE audits ADD COLUMN fleet INTEGER NOT NULL DEFAULT 0;",
		/* What changed the safe load since the audit before: keys of facts, a comma between them.
         */
		"ALTER TABLE audits ADD COLUMN because TEXT NOT NULL DEFAULT '';",
};
enum {
	VERSION = COUNT_OF(migrations)
};

/* Packing a document of 80 KB takes a millisecond. Not to make each audit wait for that, one in so
 * many packs all documents that are not packed yet. */
enum {
	PACK_EVERY = 32
};
/* When the write-ahead log has more pages than this, they are moved into the file. A long log slows
 * down every open, and every move waits for the disk. An audit takes about 22 pages. */
enum {
	LOG_PAGES = 128
};

const char *history_path(struct arena *arena)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	/* A relative path is to be ignored (XDG Base Directory Specification 0.8). */
	if (state && *state == '/')
		return arena_printf(arena, "%s/headroom/history.db", state);
	if (home && *home == '/')
		return arena_printf(arena, "%s/.local/state/headroom/history.db", home);
	return NULL;
}

bool history_off(void)
{
	const char *said = getenv("HEADROOM_HISTORY");
	return said && !strcmp(said, "off");
}

static bool history_run(struct history *history, const char *sql, struct error *err)
{
	return sqlite3_exec(history->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
			history_failed(history, err);
}

static bool history_read_version(struct history *history, int *ret_version, struct error *err)
{
	__attribute__((cleanup(statement_close))) sqlite3_stmt *statement = NULL;
	if (!statement_open(history, "PRAGMA user_version", &statement, err))
		return false;
	if (sqlite3_step(statement) != SQLITE_ROW)
		return history_failed(history, err);
	*ret_version = sqlite3_column_int(statement, 0);
	return true;
}

static bool check_version(const struct history *history, int version, struct error *err)
{
	if (version >= 0 && version <= VERSION)
		return true;
	return error_fail(err,
			"%s: a newer headroom wrote this history (format %d, this one reads %d); use that "
			"version, or another XDG_STATE_HOME",
			history->path,
			version,
			VERSION);
}

/* Does all steps in one transaction, so that a kill in between leaves the old form. The version is
 * read again inside it, because another process may have been first. */
static bool migrate(struct history *history, struct error *err)
{
	int version = -1;
	char pragma[64];
	if (!history_run(history, "BEGIN IMMEDIATE", err))
		return false;
	bool ok = history_read_version(history, &version, err);
	ok = ok && check_version(history, version, err);
	while (ok && version < VERSION)
		ok = history_run(history, migrations[version++], err);
	(void)snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", VERSION);
	ok = ok && history_run(history, pragma, err);
	ok = ok && history_run(history, "COMMIT", err);
	if (!ok)
		(void)sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
	return ok;
}

/* SQLite calls this after each commit with the length of the write-ahead log. By default SQLite
 * moves the log into the file when the last connection closes, and every audit would wait for the
 * disk. Its PASSIVE way never shortens the log of processes that open, write once and close. If the
 * log cannot be shortened now, because another process reads it, a later audit shortens it. */
static int shorten_log(void *context, sqlite3 *db, const char *name, int pages)
{
	(void)context;
	if (pages > LOG_PAGES)
		(void)sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return SQLITE_OK;
}

/* With a write-ahead log, readers and a writer do not wait for each other, and a commit is one
 * write. After a power failure the last audits may be missing, but none is half there
 * (sqlite.org/pragma.html, synchronous). Others can write the file as well, so nothing in its
 * schema is trusted (sqlite.org/security.html). */
static bool configure(struct history *history, struct error *err)
{
	(void)sqlite3_busy_timeout(history->db, HISTORY_BUSY_MS);
	(void)sqlite3_db_config(history->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(history->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_db_config(history->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	(void)sqlite3_wal_hook(history->db, shorten_log, NULL);
	(void)sqlite3_limit(history->db, SQLITE_LIMIT_LENGTH, 2 * JSON_BYTES_MAX);
	int version = -1;
	if (!history_run(history, "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON", err))
		return false;
	if (!history_read_version(history, &version, err))
		return false;
	if (!check_version(history, version, err))
		return false;
	if (version == VERSION)
		return true;
	return history_run(history, "PRAGMA journal_mode = WAL", err) && migrate(history, err);
}

/* Makes the directories above the file, for their owner only: audits tell much about a host. */
static bool make_directories(struct arena *arena, const char *path, struct error *err)
{
	char *directory = arena_strdup(arena, path);
	*strrchr(directory, '/') = '\0';
	for (char *slash = directory + 1;; slash++) {
		slash += strcspn(slash, "/");
		char end = *slash;
		*slash = '\0';
		if (mkdir(directory, 0700) < 0 && errno != EEXIST && errno != EISDIR)
			return error_fail(err, "cannot open the history in %s: %s", directory, strerror(errno));
		if (!end)
			return true;
		*slash = end;
	}
}

static bool not_kept(const char *path, const char *why, struct error *err)
{
	return error_fail(err, "cannot open the history in %s: %s", path, why);
}

/* A link is not followed, not even one that leads nowhere: whoever made it would choose which file
 * comes to be. */
static bool make_file(struct arena *arena, const char *path, struct error *err)
{
	struct stat status;
	if (!make_directories(arena, path, err))
		return false;
	int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = open(path, flags, 0600);
	if (fd < 0 && errno == ELOOP)
		return not_kept(path, "it is a symbolic link", err);
	if (fd < 0 || fstat(fd, &status) < 0)
		return not_kept(path, strerror(errno), err);
	(void)close(fd);
	return S_ISREG(status.st_mode) || not_kept(path, "not a file", err);
}

/* Sets *ret_absent if there is no file or an empty one, which is no error. */
static bool check_file(const char *path, bool *ret_absent, struct error *err)
{
	struct stat status;
	*ret_absent = false;
	if (lstat(path, &status) < 0) {
		*ret_absent = errno == ENOENT || errno == ENOTDIR;
		return *ret_absent ||
				error_fail(err, "cannot read the history in %s: %s", path, strerror(errno));
	}
	if (S_ISLNK(status.st_mode))
		return error_fail(err,
				"%s is a symbolic link, which headroom does not follow for its history",
				path);
	*ret_absent = S_ISREG(status.st_mode) && status.st_size == 0;
	return S_ISREG(status.st_mode) ||
			error_fail(err, "%s, the history, is not a regular file", path);
}

/* The same file, with the links of its directories followed: SQLite is told to follow none. */
static const char *real_path(struct arena *arena, const char *path)
{
	char real[PATH_MAX];
	const char *slash = strrchr(path, '/');
	const char *directory = arena_copy(arena, path, (size_t)(slash - path));
	if (!realpath(directory, real))
		return path;
	return arena_printf(arena, "%s%s", real, slash);
}

bool history_open(struct arena *arena,
		enum history_mode mode,
		struct history **ret_history,
		struct error *err)
{
	const char *path = history_path(arena);
	bool absent = true;
	*ret_history = NULL;
	if (!path)
		return mode == HISTORY_READ ||
				error_fail(err,
						"cannot find the history, because HOME and XDG_STATE_HOME are not set");
	if (!check_file(path, &absent, err))
		return false;
	if (absent && (mode == HISTORY_READ || !make_file(arena, path, err)))
		return mode == HISTORY_READ;
	struct history *history = arena_alloc(arena, sizeof *history);
	history->path = path;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
	int code = sqlite3_open_v2(real_path(arena, path), &history->db, flags, NULL);
	if (code != SQLITE_OK)
		(void)history_failed(history, err);
	if (code != SQLITE_OK || !configure(history, err)) {
		history_close(&history);
		return false;
	}
	*ret_history = history;
	return true;
}

void history_close(struct history **history)
{
	if (*history)
		(void)sqlite3_close((*history)->db);
	*history = NULL;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	(void)sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

/* An unknown number stays NULL in the row. */
static void bind_number(sqlite3_stmt *statement, int at, double number)
{
	if (!isnan(number))
		(void)sqlite3_bind_double(statement, at, number);
}

/* What is safe; NULL where limits are not known and nothing is safe for certain. */
static const cJSON *known_safe(const cJSON *document)
{
	const cJSON *safe = view_object(document, "max_safe");
	if (view_object(document, "at_most") && !(view_number(safe, "scale") > 0))
		return NULL;
	return safe;
}

/* How full the binding limit is. */
static double use_of(const cJSON *document)
{
	if (fleet_is_kept_form(document))
		return view_number(document, "use");
	const char *binding = view_raw(document, "binding.resource");
	return view_number(view_resource(document, binding), "utilization");
}

static sqlite3_int64 fleet_hosts_of(const cJSON *document)
{
	double hosts = view_number(document, "counts.hosts");
	if (!fleet_is_kept_form(document) || !(hosts < 1e15))
		return 0;
	return (sqlite3_int64)fmax(hosts, 1);
}

/* The facts that the document names as "changed_by". */
static void join_causes(const cJSON *document, struct text *text)
{
	const cJSON *key;
	cJSON_ArrayForEach(key, view_array(document, "changed_by")) {
		if (text->length)
			text_add(text, ",");
		text_add(text, view_raw(key, ""));
	}
}

static bool insert_row(struct history *history, const cJSON *document, struct error *err)
{
	__attribute__((cleanup(text_release))) struct text because = {0};
	__attribute__((cleanup(statement_close))) sqlite3_stmt *statement = NULL;
	if (!statement_open(history,
				"INSERT INTO audits (created, host, fingerprint, workload, verdict, binding, use,"
				" safe_scale, safe_connections, safe_rate_per_s, hypothetical, fleet, because)"
				" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				&statement,
				err))
		return false;
	bind_text(statement, 1, view_raw(document, "created"));
	bind_text(statement, 2, view_raw(document, "host.name"));
	bind_text(statement, 3, view_raw(document, "host.fingerprint"));
	bind_text(statement, 4, view_raw(document, "workload.name"));
	bind_text(statement, 5, view_raw(document, "verdict"));
	bind_text(statement, 6, view_raw(document, "binding.resource"));
	bind_number(statement, 7, use_of(document));
	const cJSON *safe = known_safe(document);
	bind_number(statement, 8, view_number(safe, "scale"));
	bind_number(statement, 9, view_number(safe, "connections"));
	bind_number(statement, 10, view_number(safe, "open_rate_per_s"));
	(void)sqlite3_bind_int64(statement, 11, (sqlite3_int64)badge_hypothetical(document));
	(void)sqlite3_bind_int64(statement, 12, fleet_hosts_of(document));
	join_causes(document, &because);
	bind_text(statement, 13, text_string(&because));
	return sqlite3_step(statement) == SQLITE_DONE || history_failed(history, err);
}

static bool insert_document(struct history *history,
		int64_t id,
		const char *body,
		struct error *err)
{
	__attribute__((cleanup(statement_close))) sqlite3_stmt *statement = NULL;
	size_t length = strlen(body);
	if (!statement_open(history,
				"INSERT INTO documents (id, bytes, body) VALUES (?, ?, ?)",
				&statement,
				err))
		return false;
	(void)sqlite3_bind_int64(statement, 1, id);
	(void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)length);
	if (sqlite3_bind_blob64(statement, 3, body, length, SQLITE_STATIC) != SQLITE_OK)
		return history_failed(history, err);
	return sqlite3_step(statement) == SQLITE_DONE || history_failed(history, err);
}

/* The SQL function pack(BLOB): compresses with zlib. */
static void pack(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	uLong length = (uLong)sqlite3_value_bytes(values[0]);
	uLongf packed = compressBound(length);
	const void *bytes = sqlite3_value_blob(values[0]);
	unsigned char *out = sqlite3_malloc64(packed);
	if (!out || !bytes || compress2(out, &packed, bytes, length, 6) != Z_OK) {
		sqlite3_free(out);
		sqlite3_result_error_nomem(context);
		return;
	}
	sqlite3_result_blob64(context, out, packed, sqlite3_free);
}

static bool pack_documents(struct history *history, struct error *err)
{
	if (sqlite3_create_function(history->db,
				"pack",
				1,
				SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
				NULL,
				pack,
				NULL,
				NULL) != SQLITE_OK)
		return history_failed(history, err);
	return history_run(history,
			"UPDATE documents SET body = pack(body), packed = 1 WHERE packed = 0",
			err);
}

static bool save(struct history *history,
		const cJSON *document,
		const char *body,
		int64_t *ret_id,
		struct error *err)
{
	if (!insert_row(history, document, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(history->db);
	return insert_document(history, *ret_id, body, err) &&
			(*ret_id % PACK_EVERY || pack_documents(history, err));
}

bool history_save(struct history *history,
		const cJSON *document,
		const char *printed,
		int64_t *ret_id,
		struct error *err)
{
	bool ok = history_run(history, "BEGIN IMMEDIATE", err) &&
			save(history, document, printed, ret_id, err) && history_run(history, "COMMIT", err);
	if (!ok)
		(void)sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
	return ok;
}

bool history_prune(struct history *history,
		int64_t keep,
		const char *before,
		int64_t *ret_deleted,
		struct error *err)
{
	__attribute__((cleanup(statement_close))) sqlite3_stmt *statement = NULL;
	/* People prune when the disk is full. So the log gives back its space first, and pages that
	 * become free are not filled with zeros, which would take as much space again (VACUUM drops
	 * them). Neither has to succeed. */
	(void)sqlite3_exec(history->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
	(void)sqlite3_exec(history->db, "PRAGMA secure_delete = FAST", NULL, NULL, NULL);
	if (!statement_open(history,
				"DELETE FROM audits WHERE (?1 >= 0 AND id NOT IN"
				" (SELECT id FROM audits ORDER BY id DESC LIMIT max(?1, 0))) OR created < ?2",
				&statement,
				err))
		return false;
	(void)sqlite3_bind_int64(statement, 1, keep);
	if (before)
		bind_text(statement, 2, before);
	if (sqlite3_step(statement) != SQLITE_DONE)
		return history_failed(history, err);
	*ret_deleted = sqlite3_changes64(history->db);
	statement_close(&statement);
	statement = NULL;
	if (*ret_deleted == 0)
		return true;
	/* The audits are deleted. If there is no space to write the file anew, later audits use its
	 * free pages. */
	if (history_run(history, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", err))
		return true;
	bool full = sqlite3_errcode(history->db) == SQLITE_FULL;
	if (full)
		*err = (struct error){.kind = ERROR_NONE};
	return full;
}
