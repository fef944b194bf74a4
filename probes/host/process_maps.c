/* How many memory mappings the vantage process has: one line each in its maps. Only of a process
 * that was named: that of headroom itself says nothing about the program that a plan starts. In a
 * snapshot the number is kept in the file "process.maps". */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

static const char maps_key[] = "process.maps";
static const char maps_path[] = "proc/self/maps";
static const char kept_path[] = "process.maps";
static const char not_running[] = "the program is not running yet";
static const char kept_mark[] = "the program does not run yet"; /* what snapshots say */

static void count_line(void *context, char *line)
{
	uint64_t *count = context;
	(void)line;
	(*count)++;
}

static void maps_keep(struct probing *probing, const char *text)
{
	const char *line = arena_printf(probing->arena, "%s\n", text);
	source_keep(probing->source, kept_path, line, strlen(line));
}

static void maps_put(struct probing *probing, uint64_t count)
{
	double number;
	if (parse_to_double(count, false, &number))
		put_number(probing, maps_key, number, UNIT_COUNT, maps_path, NULL);
	else
		put_malformed(probing, maps_key, UNIT_COUNT, maps_path, NULL, "too many");
}

static void maps_count(struct probing *probing)
{
	uint64_t count = 0;
	int error = source_lines(probing->source, maps_path, count_line, &count);
	if (error == 0 && count == 0)
		error = EACCES; /* what may not be looked into reads as empty */
	if (error) {
		source_keep_error(probing->source, kept_path, error);
		put_errno(probing, maps_key, UNIT_COUNT, maps_path, error);
		return;
	}
	maps_put(probing, count);
	maps_keep(probing, arena_printf(probing->arena, "%llu", (unsigned long long)count));
}

/* A number, or why there is none. */
static void maps_read_kept(struct probing *probing)
{
	static const char none[] = "the snapshot does not count them";
	char *text;
	uint64_t count;
	int error = source_manifest_error(probing->source, kept_path);
	if (error) {
		put_errno(probing, maps_key, UNIT_COUNT, maps_path, error);
		return;
	}
	error = probing_read_text(probing, kept_path, &text);
	if (error) {
		put_missing(probing, maps_key, FACT_SKIPPED, UNIT_COUNT, maps_path, none);
		return;
	}
	if (text_begins_with(text, kept_mark))
		put_missing(probing, maps_key, FACT_ABSENT, UNIT_COUNT, maps_path, not_running);
	else if (parse_field(text, 0, &count))
		maps_put(probing, count);
	else
		put_malformed(probing, maps_key, UNIT_COUNT, kept_path, NULL, "not a number");
}

static void maps_run(struct probing *probing)
{
	if (!probing->live) {
		maps_read_kept(probing);
	} else if (probing->options->pid == 0) {
		put_missing(probing, maps_key, FACT_ABSENT, UNIT_COUNT, maps_path, not_running);
		maps_keep(probing, kept_mark);
	} else {
		maps_count(probing);
	}
}

const struct probe probe_process_maps = {.name = "process maps", .run = maps_run};
