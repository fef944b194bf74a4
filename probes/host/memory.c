/* Memory and tasks of the whole machine. */
#include <string.h>

#include "base/array.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

struct memory_row {
	const char *name, *key;
};

static const char meminfo[] = "proc/meminfo";

/* Below it the number of bytes is exact as a double. */
#define KIBIBYTES_MAX (UINT64_C(1) << 43)

static const struct memory_row memory_rows[] = {
		{"MemTotal", "memory.total"},
		{"MemAvailable", "memory.available"},
		{"MemFree", "memory.free"},
};

static void memory_put_kibibytes(struct probing *probing,
		const char *key,
		uint64_t kibibytes,
		int line)
{
	double bytes = (double)kibibytes * 1024;
	struct fact *fact;
	fact = put_number(probing, key, bytes, UNIT_BYTES, meminfo, NULL);
	fact->line = line;
}

static void memory_put_row(struct probing *probing, const struct memory_row *row, const char *text)
{
	static const char none[] = "no such line";
	static const char bad[] = "not a number of KiB";
	const char *key = row->key;
	uint64_t kibibytes;
	int line = 0;
	bool number = parse_named(text, row->name, &kibibytes, &line);
	if (line == 0)
		put_missing(probing, key, FACT_ABSENT, UNIT_BYTES, meminfo, none);
	else if (number && kibibytes < KIBIBYTES_MAX)
		memory_put_kibibytes(probing, key, kibibytes, line);
	else
		put_malformed(probing, key, UNIT_BYTES, meminfo, NULL, bad);
}

/* "0.00 0.01 0.05 1/74 4711": behind the slash stands the number of all kernel scheduling entities,
 * that is threads (proc(5)). */
static bool parse_threads(const char *text, uint64_t *ret_threads)
{
	const char *slash = strchr(text, '/');
	if (!slash)
		return false;
	const char *cursor = slash + 1;
	return parse_u64(&cursor, ret_threads) && *ret_threads <= UINT32_MAX;
}

static void memory_put_threads(struct probing *probing)
{
	static const char path[] = "proc/loadavg", key[] = "threads.running";
	char *text;
	uint64_t threads;
	int error = probing_read_text(probing, path, &text);
	if (error)
		put_errno(probing, key, UNIT_COUNT, path, error);
	else if (parse_threads(text, &threads))
		put_number(probing, key, (double)threads, UNIT_COUNT, path, text);
	else
		put_malformed(probing, key, UNIT_COUNT, path, text, "no RUNNING/ALL");
}

static void host_memory_run(struct probing *probing)
{
	char *text;
	int error = probing_read_text(probing, meminfo, &text);
	for (size_t i = 0; i < COUNT_OF(memory_rows); i++) {
		const struct memory_row *row = &memory_rows[i];
		if (error)
			put_errno(probing, row->key, UNIT_BYTES, meminfo, error);
		else
			memory_put_row(probing, row, text);
	}
	double total = facts_number(probing->facts, "memory.total");
	if (total > 0)
		probing->info->memory_bytes = total;
	memory_put_threads(probing);
}

const struct probe probe_memory = {.name = "memory", .run = host_memory_run};
