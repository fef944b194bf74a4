/* The vantage process's resource limits and open files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "probes/host/descriptors.h"
#include "probes/host/limits.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

static const char limits_path[] = "proc/self/limits";

bool limits_find(const char *text,
		const char *name,
		double *ret_soft,
		double *ret_hard,
		int *ret_line)
{
	size_t length = strlen(name);
	int number = 1;
	for (const char *line = text; *line; number++) {
		const char *end = line + strcspn(line, "\n");
		if (strncmp(line, name, length) == 0 && line[length] == ' ') {
			char copy[128];
			size_t size = (size_t)(end - line) - length;
			if (size >= sizeof copy)
				return false;
			memcpy(copy, line + length, size);
			copy[size] = '\0';
			char *cursor = copy, *soft = parse_word(&cursor),
				 *hard = soft ? parse_word(&cursor) : NULL;
			*ret_line = number;
			return hard && parse_limit(soft, ret_soft) && parse_limit(hard, ret_hard);
		}
		line = *end ? end + 1 : end;
	}
	return false;
}

struct limit_row {
	const char *name, *soft, *hard;
};

static const struct limit_row limit_rows[] = {
		{"Max open files", "limits.nofile.soft", "limits.nofile.hard"},
		{"Max processes", "limits.nproc.soft", "limits.nproc.hard"},
};

static void limits_put_limit(struct probing *probing, const struct limit_row *row, const char *text)
{
	double soft, hard;
	int line = 0;
	if (!limits_find(text, row->name, &soft, &hard, &line)) {
		put_malformed(probing,
				row->soft,
				NULL,
				UNIT_COUNT,
				limits_path,
				NULL,
				"no such line, or not numbers");
		put_malformed(probing,
				row->hard,
				NULL,
				UNIT_COUNT,
				limits_path,
				NULL,
				"no such line, or not numbers");
		return;
	}
	put_number(probing, row->soft, NULL, soft, UNIT_COUNT, limits_path, NULL)->line = line;
	put_number(probing, row->hard, NULL, hard, UNIT_COUNT, limits_path, NULL)->line = line;
}

static void put_descriptors(struct probing *probing)
{
	static const char path[] = "proc/self/fd";
	struct descriptors found;
	double soft = facts_number(probing->facts, "limits.nofile.soft");
	bool inherited = probing->live && probing->options->pid == 0;
	int error = descriptors_read(probing->source, path, inherited, soft, &found);
	if (error) {
		put_errno(probing, "process.fds_open", NULL, UNIT_COUNT, path, error);
		put_errno(probing, "process.fds_below_soft", NULL, UNIT_COUNT, path, error);
		return;
	}
	put_number(probing, "process.fds_open", NULL, found.open, UNIT_COUNT, path, NULL);
	if (soft >= 0)
		put_number(probing, "process.fds_below_soft", NULL, found.below, UNIT_COUNT, path, NULL);
}

static void limits_run(struct probing *probing)
{
	char *text;
	int error = probing_read_text(probing, limits_path, &text);
	for (size_t i = 0; i < COUNT_OF(limit_rows); i++) {
		if (error) {
			put_errno(probing, limit_rows[i].soft, NULL, UNIT_COUNT, limits_path, error);
			put_errno(probing, limit_rows[i].hard, NULL, UNIT_COUNT, limits_path, error);
		} else {
			limits_put_limit(probing, &limit_rows[i], text);
		}
	}
	put_descriptors(probing);
}

const struct probe probe_limits = {.name = "limits", .run = limits_run};
