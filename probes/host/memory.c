/* Memory and tasks of the whole machine. */
#include <string.h>

#include "base/array.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

struct memory_row {
	const char *name, *key;
};

static const struct memory_row memory_rows[] = {
		{"MemTotal", "memory.total"},
		{"MemAvailable", "memory.available"},
		{"MemFree", "memory.free"},
};

static void put_memory(struct probing *probing, const struct memory_row *row, const char *text)
{
	static const char path[] = "proc/meminfo";
	uint64_t kibibytes;
	int line = 0;
	if (parse_named(text, row->name, &kibibytes, &line) && kibibytes < UINT64_C(1) << 43)
		put_number(probing, row->key, NULL, (double)kibibytes * 1024, UNIT_BYTES, path, NULL)
				->line = line;
	else if (line == 0)
		put_missing(probing, row->key, NULL, FACT_ABSENT, UNIT_BYTES, path, "no such line");
	else
		put_malformed(probing, row->key, NULL, UNIT_BYTES, path, NULL, "not a number of KiB");
}

/* "0.00 0.01 0.05 1/74 4711": runnable and all kernel scheduling entities, that is threads
 * (proc(5)). */
static void put_threads(struct probing *probing)
{
	static const char path[] = "proc/loadavg";
	char *text;
	uint64_t threads;
	int error = probing_read_text(probing, path, &text);
	const char *slash = error ? NULL : strchr(text, '/');
	const char *cursor = slash ? slash + 1 : NULL;
	if (error)
		put_errno(probing, "threads.running", NULL, UNIT_COUNT, path, error);
	else if (cursor && parse_u64(&cursor, &threads) && threads <= UINT32_MAX)
		put_number(probing, "threads.running", NULL, (double)threads, UNIT_COUNT, path, text);
	else
		put_malformed(probing, "threads.running", NULL, UNIT_COUNT, path, text, "no RUNNING/ALL");
}

static void host_memory_run(struct probing *probing)
{
	char *text;
	int error = probing_read_text(probing, "proc/meminfo", &text);
	for (size_t i = 0; i < COUNT_OF(memory_rows); i++) {
		if (error)
			put_errno(probing, memory_rows[i].key, NULL, UNIT_BYTES, "proc/meminfo", error);
		else
			put_memory(probing, &memory_rows[i], text);
	}
	double total = facts_number(probing->facts, "memory.total");
	probing->info->memory_bytes = total > 0 ? total : 0;
	put_threads(probing);
}

const struct probe probe_memory = {.name = "memory", .run = host_memory_run};
