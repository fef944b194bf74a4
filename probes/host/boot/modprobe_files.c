/* What modprobe.d gives to nf_conntrack when it is loaded: hashsize, the number of buckets. With it
 * the table takes 8 times as many entries, without it as many as buckets (nf_conntrack_core.c,
 * nf_conntrack_init_start). What sysctl.d sets comes later and wins: this probe runs after that of
 * sysctl_files.c. */
#include <string.h>

#include "base/text.h"
#include "probes/host/boot/config.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

enum {
	ENTRIES_PER_BUCKET = 8,
	BUCKETS_STEP = 512, /* the table fills whole pages */
	BUCKETS_MAX = 1 << 30
};

/* modprobe.d(5) */
static const char *const directories[] = {
		"etc/modprobe.d",
		"run/modprobe.d",
		"usr/local/lib/modprobe.d",
		"usr/lib/modprobe.d",
		"lib/modprobe.d",
		NULL,
};

/* "options nf_conntrack … hashsize=N …" */
static bool take_line(char *line, uint64_t *ret_buckets)
{
	static const char option[] = "hashsize=";
	const char *word = parse_word(&line);
	if (!word || strcmp(word, "options") != 0)
		return false;
	word = parse_word(&line);
	if (!word || strcmp(word, "nf_conntrack") != 0)
		return false;
	bool found = false;
	while ((word = parse_word(&line)) != NULL) {
		if (text_begins_with(word, option) && parse_whole(word + strlen(option), ret_buckets))
			found = true;
	}
	return found;
}

static void put_later(struct probing *probing,
		const char *key,
		double number,
		const char *path,
		int line)
{
	if (facts_status(probing->facts, key, "") == FACT_KNOWN)
		return;
	struct fact *fact = put_number(probing, key, number, UNIT_COUNT, path, NULL);
	fact->line = line;
	fact->note = "modprobe.d sets hashsize, and the table gets 8 entries per bucket";
}

static void modprobe_files_take(struct probing *probing,
		uint64_t buckets,
		const char *path,
		int line)
{
	if (buckets == 0 || buckets > BUCKETS_MAX)
		return;
	uint64_t steps = (buckets + BUCKETS_STEP - 1) / BUCKETS_STEP;
	double made = (double)(steps * BUCKETS_STEP);
	double entries = made * ENTRIES_PER_BUCKET;
	put_later(probing, "boot.net.netfilter.nf_conntrack_buckets", made, path, line);
	put_later(probing, "boot.net.netfilter.nf_conntrack_max", entries, path, line);
}

/* The last line of all files wins, as the last option on a command line does. */
static void modprobe_files_run(struct probing *probing)
{
	const struct config_file *files;
	const char *winner = NULL;
	uint64_t buckets = 0;
	int winning_line = 0;
	size_t count = config_files(probing, directories, &files);
	for (size_t i = 0; i < count; i++) {
		char *text;
		int number = 0;
		if (config_read_text(probing, files[i].path, &text) != 0)
			continue;
		for (char *line; (line = parse_line(&text)) != NULL;) {
			number++;
			if (!take_line(line, &buckets))
				continue;
			winner = files[i].path;
			winning_line = number;
		}
	}
	if (winner)
		modprobe_files_take(probing, buckets, winner, winning_line);
}

const struct probe probe_modprobe_files = {.name = "modprobe.d", .run = modprobe_files_run};
