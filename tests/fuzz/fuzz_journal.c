/* Fuzz target: the journal of fix --apply. Whatever is on disk, it is refused with a text, or names
 * only what --apply itself changes, and is written and read again the same. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/fix/journal.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A root with the directories of the journal. */
static int open_root(char path[200])
{
	static const char *const below[] = {"/var", "/var/lib", "/var/lib/headroom"};
	struct error err = {0};
	const char *top = scratch_directory();
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(path, 200, "%s%s", top, below[i]);
		(void)mkdir(path, 0700);
	}
	(void)snprintf(path, 200, "%s" JOURNAL_DIRECTORY, top);
	(void)mkdir(path, 0700);
	(void)snprintf(path, 200, "%s" JOURNAL_PATH, top);
	int root = file_below_root_open(top, &err);
	demand(root >= 0, "a root", err.text);
	return root;
}

/* By other means than the journal's own: nothing that leads elsewhere, no line ends. */
static void demand_entry(const struct entry *entry)
{
	const char *name = entry->name;
	demand(strpbrk(name, "\n ;|`$\\") == NULL, "a name that acts elsewhere", name);
	demand(strstr(name, "..") == NULL, "a name that leads elsewhere", name);
	if (entry->kind == ENTRY_SYSCTL) {
		demand(strchr(name, '/') == NULL, "a setting with a slash", name);
		demand(strncmp(name, "kernel.core", 11) != 0, "a setting that headroom never writes", name);
		demand(strpbrk(entry->before.bytes, "|;`$\n") == NULL, "a value", entry->before.bytes);
	} else {
		demand(strncmp(name, "/etc/", 5) == 0, "a file that headroom never writes", name);
		demand(strncmp(name, "/etc/cron", 9) != 0, "a file that headroom never writes", name);
	}
}

static void demand_same(const struct journal *one, const struct journal *other)
{
	demand(one->count == other->count, "as many entries", "");
	for (size_t i = 0; i < one->count; i++) {
		const struct entry *a = &one->items[i], *b = &other->items[i];
		demand(a->kind == b->kind && strcmp(a->name, b->name) == 0, "the same entry", a->name);
		demand(a->before.length == b->before.length &&
						memcmp(a->before.bytes, b->before.bytes, a->before.length) == 0,
				"the same text before",
				a->name);
		demand(a->after_count == b->after_count, "as many texts after", a->name);
	}
}

static void write_again(int root, struct arena *arena, const struct journal *journal)
{
	struct journal again;
	struct error err = {0};
	for (size_t i = 0; i < journal->count; i++)
		demand_entry(&journal->items[i]);
	demand(journal_write(root, arena, journal, &err), "it is written", err.text);
	demand(journal_read(root, arena, &again, &err), "its own journal is refused", err.text);
	demand_same(journal, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[200];
	struct arena *arena = arena_new();
	struct journal journal;
	struct error err = {0};
	int root = open_root(path);
	scratch_write(path, data, size);
	if (journal_read(root, arena, &journal, &err))
		write_again(root, arena, &journal);
	else
		demand(*err.text != '\0', "refused without a word", "");
	(void)close(root);
	arena_free(arena);
	return 0;
}
