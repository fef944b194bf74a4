/* The history: every audit and every fleet of this user, in one SQLite file
 * ($XDG_STATE_HOME/headroom/history.db). Each has a row of figures for lists and trends, and its
 * document. The document of an audit is complete. */
#ifndef HEADROOM_AUDIT_HISTORY_HISTORY_H
#define HEADROOM_AUDIT_HISTORY_HISTORY_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/os/json.h"

struct history;

/* One audit. Unknown numbers are NAN, "unlimited" is infinity. Texts are as stored; clean them
 * before showing them. */
struct history_row {
	int64_t id;
	const char *created; /* RFC 3339 UTC */
	const char *host;
	const char *fingerprint; /* of the host */
	const char *workload;    /* its name; "" without one */
	const char *verdict;     /* pass fail unknown none */
	const char *binding;     /* id of the limit, or "" */
	double use;              /* ratio, of the binding limit */
	double safe_scale, safe_connections, safe_rate_per_s;
	double hypothetical; /* number of its values that were assumed (--set) */
	double fleet;        /* the number of hosts of a fleet; 0: an audit of one host */
	const char *because; /* facts that changed the safe load since the previous audit; "": none */
};

enum history_kind {
	HISTORY_ANY,
	HISTORY_AUDITS,
	HISTORY_FLEETS
};

/* What rows must match; NULL: anything. */
struct history_filter {
	const char *fingerprint;
	const char *workload;
	const char *words; /* part of the host's or the workload's name */
	enum history_kind kind;
};

enum history_mode {
	HISTORY_READ,
	HISTORY_WRITE
};

/* Returns the path of the file, or NULL if neither XDG_STATE_HOME nor HOME is set. */
const char *history_path(struct arena *arena);
/* Returns true if the user turned the history off (HEADROOM_HISTORY=off). */
bool history_off(void);

/* Opens the history. HISTORY_READ: *ret_history is NULL, without an error, if there is no file.
 * HISTORY_WRITE creates the file, for its owner only. Both convert an older format. Returns false
 * with err for a damaged file or one of a newer version, which stays unchanged. */
bool history_open(struct arena *arena,
		enum history_mode mode,
		struct history **ret_history,
		struct error *err);
void history_close(struct history **history);

/* Saves an audit or a fleet (fleet_kept.h) and its row, or neither. Waits a few seconds for another
 * writer. `printed` is the document in the form of json_print(): the caller prints it before
 * publishing, so that running out of memory ends the run while nothing is published. false with
 * err. */
bool history_save(struct history *history,
		const cJSON *document,
		const char *printed,
		int64_t *ret_id,
		struct error *err);

/* Gives the last `limit` matching rows (0: all), oldest first, in the arena. false with err. */
bool history_rows(struct history *history,
		struct arena *arena,
		const struct history_filter *filter,
		size_t limit,
		struct history_row **ret_rows,
		size_t *ret_count,
		struct error *err);
/* Counts the stored audits. false with err. */
bool history_count(struct history *history, int64_t *ret_count, struct error *err);
/* Returns the document of one audit; free it with json_free. NULL with err. */
struct json *history_document(struct history *history,
		struct arena *arena,
		int64_t id,
		struct error *err);

/* Deletes all but the newest `keep` (< 0: no bound) and everything created before `before` (RFC
 * 3339; NULL: no bound), and gives the space back. false with err. */
bool history_prune(struct history *history,
		int64_t keep,
		const char *before,
		int64_t *ret_deleted,
		struct error *err);

#endif
