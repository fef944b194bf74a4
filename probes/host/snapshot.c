/* headroom facts --snapshot DIR: a live run that keeps what it reads. So the tree holds exactly the
 * files that an audit of it will ask for, and nothing else. */
#include "probes/host/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

/* New, or an empty directory: rename(2) replaces only such ones. */
static bool check_target(const char *dir, struct error *err)
{
	struct stat status;
	if (lstat(dir, &status) != 0)
		return errno == ENOENT || error_set(err, "%.300s: %s", dir, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return error_set(err, "%.300s: exists and is not a directory", dir);
	DIR *directory = opendir(dir);
	if (!directory)
		return error_set(err, "%.300s: %s", dir, strerror(errno));
	bool empty = true;
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
		empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	closedir(directory);
	return empty || error_set(err, "%.300s: is not empty; name a new or empty directory", dir);
}

static void keep_origin(struct source *source,
		const struct facts *facts,
		const struct host_info *info)
{
	struct text text = {0};
	char number[NUMBER_TEXT_MAX];
	text_addf(&text,
			"captured by headroom facts --snapshot\ncreated: %s\n",
			info->created ? info->created : "");
	text_addf(&text,
			"page_bytes: %s\n",
			text_plain_number(number, facts_number(facts, "memory.page_bytes")));
	text_addf(&text, "fingerprint: %s\n", info->fingerprint ? info->fingerprint : "");
	text_addf(&text, "vantage: %s\n", info->vantage ? info->vantage : "");
	source_keep(source, "ORIGIN", text.data, text.length);
	text_release(&text);
}

static bool snapshot_fill(const char *temporary,
		const struct host_options *options,
		struct error *err)
{
	struct arena *arena = arena_new();
	struct facts *facts = facts_new(arena);
	struct host_info info = {0};
	int fd = open(temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct source *source = fd < 0 ? NULL : source_live(arena, options->pid, err);
	bool done = false;
	if (fd < 0)
		error_set(err, "%.300s: %s", temporary, strerror(errno));
	if (source) {
		source_record_to(source, fd);
		done = probe_source(arena, source, options, facts, &info, err);
		keep_origin(source, facts, &info);
		done = source_finish_record(source, err) && done;
	}
	source_close(source);
	if (fd >= 0)
		close(fd);
	arena_free(arena);
	return done;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

bool host_snapshot(const char *dir, const struct host_options *options, struct error *err)
{
	char temporary[1024];
	size_t length = strlen(dir);
	while (length > 1 && dir[length - 1] == '/')
		length--;
	if (options->facts_path)
		return error_set(err, "--snapshot reads the live machine; it does not go with --facts");
	if (length == 0 || length > sizeof temporary - 32)
		return error_set(err, "--snapshot: the name of a directory is needed");
	(void)snprintf(temporary, sizeof temporary, "%.*s.tmp-XXXXXX", (int)length, dir);
	if (!check_target(dir, err))
		return false;
	if (!mkdtemp(temporary))
		return error_set(err, "%.300s: %s", temporary, strerror(errno));
	char *target = strndup(dir, length);
	bool done = snapshot_fill(temporary, options, err);
	if (done && (chmod(temporary, 0755) != 0 || !target || rename(temporary, target) != 0))
		done = error_set(err, "%.300s: %s", dir, strerror(errno));
	if (!done)
		remove_tree(temporary);
	free(target);
	return done;
}
