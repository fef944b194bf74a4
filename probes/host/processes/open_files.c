/* How many files a process has open is the size of its /proc/PID/fd, which everybody may ask for;
 * its limit is read of those with some files, up to a bound. In a snapshot they are kept in the
 * file "open.files". */
#include "probes/host/processes/open_files.h"

#include <string.h>

#include "base/text.h"
#include "probes/host/limits.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

enum {
	NAME_CHARS = 32
};

static const char kept_files[] = "open.files";

void open_files_note(struct most_open_files *most, int pid, double open)
{
	size_t at = most->count;
	while (at > 0 && most->items[at - 1].open < open)
		at--;
	if (at == OPEN_FILES_SHOWN)
		return;
	if (most->count < OPEN_FILES_SHOWN)
		most->count++;
	for (size_t i = most->count - 1; i > at; i--)
		most->items[i] = most->items[i - 1];
	most->items[at] = (struct open_files){.pid = pid, .open = open};
}

static bool is_among(const struct most_open_files *most, int pid)
{
	for (size_t i = 0; i < most->count; i++) {
		if (most->items[i].pid == pid)
			return true;
	}
	return false;
}

static void fullest_note(struct fullest_files *fullest, const struct fullest_process *process)
{
	size_t at = fullest->count;
	while (at > 0 && fullest->items[at - 1].ratio < process->ratio)
		at--;
	if (at == OPEN_FILES_SHOWN)
		return;
	if (fullest->count < OPEN_FILES_SHOWN)
		fullest->count++;
	for (size_t i = fullest->count - 1; i > at; i--)
		fullest->items[i] = fullest->items[i - 1];
	fullest->items[at] = *process;
}

/* A process with its limit and its name. */
struct file_holder {
	uint64_t pid;
	double open, soft;
	const char *name;
};

static const char *holder_path(struct probing *probing,
		const struct file_holder *holder,
		const char *file)
{
	const unsigned long long pid = (unsigned long long)holder->pid;
	return arena_printf(probing->arena, "proc/%llu/%s", pid, file);
}

static void holder_fill(struct probing *probing,
		const struct file_holder *holder,
		const char *file,
		struct fact *fact)
{
	const char *path = holder_path(probing, holder, file);
	const unsigned long long pid = (unsigned long long)holder->pid;
	fact->instance = arena_printf(probing->arena, "%llu", pid);
	fact->where = source_where(probing->source, path);
	fact->read_at = probing->read_at;
	facts_put(probing->facts, *fact);
}

static void holder_put(struct probing *probing, const struct file_holder *holder)
{
	struct fact open = {
			.key = "files.open",
			.unit = UNIT_COUNT,
			.number = holder->open,
	};
	struct fact soft = {
			.key = "files.soft",
			.unit = UNIT_COUNT,
			.number = holder->soft,
	};
	struct fact name = {
			.key = "files.process",
			.unit = UNIT_TEXT,
			.text = holder->name,
	};
	holder_fill(probing, holder, "fd", &open);
	holder_fill(probing, holder, "limits", &soft);
	holder_fill(probing, holder, "comm", &name);
}

/* false: the process has ended. */
static bool holder_read_limit(struct probing *probing, struct file_holder *holder)
{
	const char *text;
	size_t length;
	double hard;
	int line;
	const char *path = holder_path(probing, holder, "limits");
	if (source_read_bytes(probing->source, path, &text, &length) != 0)
		return false;
	return limits_find(text, "Max open files", &holder->soft, &hard, &line);
}

static bool holder_read(struct probing *probing, struct file_holder *holder)
{
	const char *text;
	size_t length;
	if (!holder_read_limit(probing, holder))
		return false;
	const char *path = holder_path(probing, holder, "comm");
	if (source_read_bytes(probing->source, path, &text, &length) != 0)
		return false;
	length = strcspn(text, "\n");
	holder->name = text_clean(probing->arena, text, length, NAME_CHARS);
	return true;
}

void open_files_ask(struct probing *probing, struct fullest_files *fullest, int pid, double open)
{
	struct file_holder holder = {.pid = (uint64_t)pid, .open = open};
	if (open < OPEN_FILES_FEW || fullest->reads == OPEN_FILES_READ)
		return;
	fullest->reads++;
	if (!holder_read_limit(probing, &holder))
		return;
	if (holder.soft < 1)
		return;
	const struct fullest_process process = {
			.pid = pid,
			.open = open,
			.ratio = open / holder.soft,
	};
	fullest_note(fullest, &process);
}

static void holder_keep(const struct file_holder *holder, struct text *kept)
{
	char open[NUMBER_TEXT_MAX];
	char soft[NUMBER_TEXT_MAX];
	text_addf(kept, "%llu ", (unsigned long long)holder->pid);
	text_addf(kept, "%s ", text_plain_number(open, holder->open));
	text_addf(kept, "%s ", text_plain_number(soft, holder->soft));
	text_addf(kept, "%s\n", holder->name);
}

static void put_one(struct probing *probing, int pid, double open, struct text *kept)
{
	struct file_holder holder = {.pid = (uint64_t)pid, .open = open};
	if (!holder_read(probing, &holder))
		return;
	holder_put(probing, &holder);
	holder_keep(&holder, kept);
}

static void open_files_put_live(struct probing *probing,
		const struct most_open_files *most,
		const struct fullest_files *fullest)
{
	__attribute__((cleanup(text_release))) struct text kept = {0};
	for (size_t i = 0; i < most->count; i++)
		put_one(probing, most->items[i].pid, most->items[i].open, &kept);
	for (size_t i = 0; i < fullest->count; i++) {
		const struct fullest_process *one = &fullest->items[i];
		if (!is_among(most, one->pid))
			put_one(probing, one->pid, one->open, &kept);
	}
	put_lists(probing, "files.", LIST_PARTIAL, 0);
	source_keep(probing->source, kept_files, text_string(&kept), kept.length);
}

/* "PID OPEN SOFT NAME": the name is the rest of the line. */
static bool open_files_parse(struct probing *probing, char *line, struct file_holder *ret)
{
	uint64_t open;
	char *cursor = line;
	const char *pid_word = parse_word(&cursor);
	const char *open_word = parse_word(&cursor);
	const char *soft_word = parse_word(&cursor);
	if (!pid_word || !open_word || !soft_word)
		return false;
	if (!parse_whole(pid_word, &ret->pid))
		return false;
	if (!parse_whole(open_word, &open) || open > INT32_MAX)
		return false;
	if (!parse_limit(soft_word, &ret->soft))
		return false;
	ret->open = (double)open;
	cursor += strspn(cursor, " ");
	ret->name = text_clean(probing->arena, cursor, strlen(cursor), NAME_CHARS);
	return *ret->name != '\0';
}

static void open_files_put_kept(struct probing *probing)
{
	char *text, *line;
	unsigned count = 0;
	if (probing_read_text(probing, kept_files, &text) != 0)
		return;
	while ((line = strsep(&text, "\n")) != NULL) {
		struct file_holder holder;
		if (*line == '\0')
			continue;
		count++;
		if (count > OPEN_FILES_SHOWN + OPEN_FILES_SHOWN)
			return;
		if (!open_files_parse(probing, line, &holder))
			return;
		holder_put(probing, &holder);
	}
	put_lists(probing, "files.", LIST_PARTIAL, 0);
}

void open_files_put(struct probing *probing,
		const struct most_open_files *most,
		const struct fullest_files *fullest,
		bool counted)
{
	put_lists(probing, "files.", LIST_SKIPPED, 0);
	if (!probing->live)
		open_files_put_kept(probing);
	else if (counted)
		open_files_put_live(probing, most, fullest);
}
