/* The vantage process's resource limits and open files. */
#include <string.h>

#include "base/array.h"
#include "probes/host/descriptors.h"
#include "probes/host/limits.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	LINE_CHARS = 128
};

static const char limits_path[] = "proc/self/limits";

/* "   1024   4096   files": two limits. `text` is one line. */
static bool parse_pair(const char *text, double *ret_soft, double *ret_hard)
{
	char copy[LINE_CHARS];
	size_t size = strcspn(text, "\n");
	if (size >= sizeof copy)
		return false;
	memcpy(copy, text, size);
	copy[size] = '\0';
	char *cursor = copy;
	const char *soft = parse_word(&cursor);
	const char *hard = parse_word(&cursor);
	if (!soft || !hard)
		return false;
	return parse_limit(soft, ret_soft) && parse_limit(hard, ret_hard);
}

bool limits_find(const char *text,
		const char *name,
		double *ret_soft,
		double *ret_hard,
		int *ret_line)
{
	size_t length = strlen(name);
	int number = 1;
	for (const char *line = text; *line; line = parse_next_line(line)) {
		if (strncmp(line, name, length) == 0 && line[length] == ' ') {
			*ret_line = number;
			return parse_pair(line + length, ret_soft, ret_hard);
		}
		number++;
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

static void limits_put_number(struct probing *probing, const char *key, double number, int line)
{
	struct fact *fact;
	fact = put_number(probing, key, number, UNIT_COUNT, limits_path, NULL);
	fact->line = line;
}

static void limits_put_bad(struct probing *probing, const char *key)
{
	static const char note[] = "no such line, or not numbers";
	put_malformed(probing, key, UNIT_COUNT, limits_path, NULL, note);
}

static void limits_put_limit(struct probing *probing, const struct limit_row *row, const char *text)
{
	double soft, hard;
	int line = 0;
	if (limits_find(text, row->name, &soft, &hard, &line)) {
		limits_put_number(probing, row->soft, soft, line);
		limits_put_number(probing, row->hard, hard, line);
	} else {
		limits_put_bad(probing, row->soft);
		limits_put_bad(probing, row->hard);
	}
}

static void limits_put_unreadable(struct probing *probing, const struct limit_row *row, int error)
{
	put_errno(probing, row->soft, UNIT_COUNT, limits_path, error);
	put_errno(probing, row->hard, UNIT_COUNT, limits_path, error);
}

/* A new process starts with few files, which the plan's own base counts. */
static void put_new_descriptors(struct probing *probing)
{
	static const char *const keys[] = {
			"process.fds_open",
			"process.fds_below_soft",
			"process.fds_below_hard",
	};
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct fact *fact = put_number(probing, keys[i], 0, UNIT_COUNT, NULL, NULL);
		fact->origin = ORIGIN_CONSTANT;
		fact->note = "it is not running; the plan counts the files that its program opens first";
	}
}

static void limits_put_descriptors(struct probing *probing)
{
	static const char path[] = "proc/self/fd";
	static const char open_key[] = "process.fds_open", soft_key[] = "process.fds_below_soft";
	static const char hard_key[] = "process.fds_below_hard";
	struct descriptors found;
	const struct descriptor_limits limits = {
			.soft = facts_number(probing->facts, "limits.nofile.soft"),
			.hard = facts_number(probing->facts, "limits.nofile.hard"),
	};
	bool inherited = probing->live && probing->options->pid == 0;
	int error = descriptors_read(probing->source, path, inherited, &limits, &found);
	if (error) {
		put_errno(probing, open_key, UNIT_COUNT, path, error);
		put_errno(probing, soft_key, UNIT_COUNT, path, error);
		put_errno(probing, hard_key, UNIT_COUNT, path, error);
		return;
	}
	put_number(probing, open_key, found.open, UNIT_COUNT, path, NULL);
	if (limits.soft >= 0)
		put_number(probing, soft_key, found.below_soft, UNIT_COUNT, path, NULL);
	if (limits.hard >= 0)
		put_number(probing, hard_key, found.below_hard, UNIT_COUNT, path, NULL);
}

static void limits_run(struct probing *probing)
{
	char *text;
	int error = probing_read_text(probing, limits_path, &text);
	for (size_t i = 0; i < COUNT_OF(limit_rows); i++) {
		const struct limit_row *row = &limit_rows[i];
		if (error)
			limits_put_unreadable(probing, row, error);
		else
			limits_put_limit(probing, row, text);
	}
	if (probing->options->planned)
		put_new_descriptors(probing);
	else
		limits_put_descriptors(probing);
}

const struct probe probe_limits = {.name = "limits", .run = limits_run};
