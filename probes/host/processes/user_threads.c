/* RLIMIT_NPROC bounds the threads of the real user id of a process, wherever they run, and not
 * those of the machine (kernel/fork.c, copy_process(); kernel/ucount.c). They are counted only
 * where all of them can be seen. In a snapshot the count is kept in the file "user.threads". */
#include "probes/host/processes/user_threads.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

static const char threads_key[] = "threads.of_user";
static const char kept_count[] = "user.threads";
static const char own_status[] = "proc/self/status";

/* The initial namespaces have these numbers (include/linux/proc_ns.h). */
static const char initial_pids[] = "pid:[4026531836]";
static const char initial_users[] = "user:[4026531837]";

struct user_process {
	uint64_t uid, threads;
};

struct user_count {
	struct probing *probing;
	uint64_t uid, threads;
	const char *gap; /* why not all of them can be seen; NULL: all can */
};

/* Number 0 of the line "NAME:\t…" of a status file. */
static bool status_number(const char *status, const char *name, uint64_t *ret)
{
	const char *line = strstr(status, name);
	if (!line)
		return false;
	return parse_field(line + strlen(name), 0, ret);
}

/* 0 or an errno. */
static int read_process(struct probing *probing, const char *path, struct user_process *ret)
{
	const char *status;
	size_t length;
	int error = source_read_bytes(probing->source, path, &status, &length);
	if (error)
		return error;
	if (!status_number(status, "\nUid:", &ret->uid))
		return EINVAL;
	if (!status_number(status, "\nThreads:", &ret->threads))
		return EINVAL;
	return 0;
}

/* The user whose threads count. 0 or an errno. */
static int vantage_user(struct probing *probing, struct user_process *ret)
{
	const struct host_planned *planned = probing->options->planned;
	if (!planned)
		return read_process(probing, own_status, ret);
	if (isnan(planned->uid))
		return ENODATA;
	*ret = (struct user_process){.uid = (uint64_t)planned->uid};
	return 0;
}

/* A process of another user counts for whoever made its user namespace. */
static bool in_other_namespace(struct probing *probing, int pid)
{
	const char *map;
	size_t length;
	char path[64];
	uint64_t inside, outside;
	(void)snprintf(path, sizeof path, "proc/%d/uid_map", pid);
	if (source_read_bytes(probing->source, path, &map, &length) != 0)
		return false;
	if (!parse_field(map, 0, &inside) || !parse_field(map, 1, &outside))
		return false;
	return inside != outside;
}

static void count_process(struct user_count *count, int pid)
{
	struct user_process process;
	char path[64];
	(void)snprintf(path, sizeof path, "proc/%d/status", pid);
	int error = read_process(count->probing, path, &process);
	if (error == ENOENT || error == ESRCH)
		return; /* it has ended */
	if (error)
		count->gap = "the status of some processes cannot be read";
	else if (process.uid == count->uid)
		count->threads += process.threads;
	else if (process.uid != 0 && in_other_namespace(count->probing, pid))
		count->gap = "threads in another user namespace may count for this user";
}

static bool links_to(struct probing *probing, const char *path, const char *wanted)
{
	char target[SOURCE_LINK_MAX];
	if (source_link(probing->source, path, target) != 0)
		return false;
	return strcmp(target, wanted) == 0;
}

/* Why this process cannot see all threads of its user; NULL: it can. */
static const char *find_gap(struct probing *probing)
{
	struct user_process first;
	const char *users = "proc/self/ns/user", *pids = "proc/self/ns/pid";
	if (probing->options->planned) { /* services run where headroom does */
		users = "proc/thread-self/ns/user";
		pids = "proc/thread-self/ns/pid";
	}
	if (!links_to(probing, users, initial_users))
		return "the process is in a user namespace: threads outside it count, too";
	if (!links_to(probing, pids, initial_pids))
		return "the process is in a pid namespace: threads outside it count, too";
	if (read_process(probing, "proc/1/status", &first) != 0)
		return "/proc hides processes of other users";
	return NULL;
}

static void put_user_threads(struct probing *probing, uint64_t threads, uint64_t uid)
{
	const char *where = arena_printf(probing->arena, "/proc/*/status of user ID %.0f", (double)uid);
	struct fact *fact;
	fact = facts_put_number(probing->facts, threads_key, NULL, (double)threads, UNIT_COUNT, where);
	fact->read_at = probing->read_at;
	const char *kept = arena_printf(probing->arena, "%.0f %.0f\n", (double)threads, (double)uid);
	source_keep(probing->source, kept_count, kept, strlen(kept));
}

static void put_uncounted(struct probing *probing, const char *why)
{
	put_missing(probing, threads_key, FACT_SKIPPED, UNIT_COUNT, NULL, why);
	const char *kept = arena_printf(probing->arena, "%s\n", why);
	source_keep(probing->source, kept_count, kept, strlen(kept));
}

/* "THREADS UID", or why they were not counted. */
static void put_kept_count(struct probing *probing)
{
	char *text;
	uint64_t threads, uid;
	if (probing_read_text(probing, kept_count, &text) != 0) {
		static const char none[] = "the snapshot does not count them";
		put_missing(probing, threads_key, FACT_SKIPPED, UNIT_COUNT, NULL, none);
		return;
	}
	if (parse_field(text, 0, &threads) && parse_field(text, 1, &uid)) {
		put_user_threads(probing, threads, uid);
		return;
	}
	const char *why = text_clean(probing->arena, text, strcspn(text, "\n"), RAW_MAX);
	put_missing(probing, threads_key, FACT_SKIPPED, UNIT_COUNT, NULL, why);
}

void user_threads_put(struct probing *probing, const int *pids, size_t count, bool more)
{
	struct user_process own;
	if (!probing->live) {
		put_kept_count(probing);
		return;
	}
	int error = vantage_user(probing, &own);
	if (error) {
		put_errno(probing, threads_key, UNIT_COUNT, own_status, error);
		return;
	}
	if (facts_number(probing->facts, "vantage.uid") <= 0) {
		put_uncounted(probing, "this limit does not apply to root");
		return;
	}
	struct user_count found = {.probing = probing, .uid = own.uid, .gap = find_gap(probing)};
	for (size_t i = 0; i < count && !found.gap; i++)
		count_process(&found, pids[i]);
	if (more && !found.gap)
		found.gap = "more than 32,768 processes: not all were counted";
	if (found.gap)
		put_uncounted(probing, found.gap);
	else
		put_user_threads(probing, found.threads, own.uid);
}
