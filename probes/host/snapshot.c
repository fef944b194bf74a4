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

#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/run.h"

static bool snapshot_is_empty(DIR *directory)
{
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		bool own = strcmp(entry->d_name, ".") == 0;
		bool parent = strcmp(entry->d_name, "..") == 0;
		if (!own && !parent)
			return false;
	}
	return true;
}

/* The target is new, or an empty directory: rename(2) replaces nothing else. */
static bool check_target(const char *dir, struct error *err)
{
	struct stat status;
	if (lstat(dir, &status) != 0) {
		if (errno == ENOENT)
			return true;
		return error_set(err, "%.300s: %s", dir, strerror(errno));
	}
	if (!S_ISDIR(status.st_mode))
		return error_set(err, "%.300s: exists and is not a directory", dir);
	DIR *directory = file_open_directory(dir);
	if (!directory)
		return error_set(err, "%.300s: %s", dir, strerror(errno));
	bool empty = snapshot_is_empty(directory);
	closedir(directory);
	if (!empty)
		return error_set(err, "%.300s: is not empty; name a new or empty directory", dir);
	return true;
}

static void snapshot_add_line(struct text *text, const char *name, const char *value)
{
	text_addf(text, "%s: ", name);
	if (value)
		text_add(text, value);
	text_add(text, "\n");
}

static void keep_origin(struct source *source,
		const struct facts *facts,
		const struct host_info *info)
{
	struct text text = {0};
	char number[NUMBER_TEXT_MAX];
	text_add(&text, "captured by headroom facts --snapshot\n" SOURCE_ORIGIN_LINE "\n");
	snapshot_add_line(&text, "created", info->created);
	(void)text_plain_number(number, facts_number(facts, "memory.page_bytes"));
	snapshot_add_line(&text, "page_bytes", number);
	(void)text_plain_number(number, facts_number(facts, "kernel.hz"));
	snapshot_add_line(&text, "hz", number);
	snapshot_add_line(&text, "fingerprint", info->fingerprint);
	snapshot_add_line(&text, "vantage", info->vantage);
	source_keep(source, "ORIGIN", text.data, text.length);
	text_release(&text);
}

/* Reads the live machine and keeps what it reads under the directory `fd`. */
static bool snapshot_read(struct arena *arena,
		int fd,
		const struct host_options *options,
		struct error *err)
{
	struct facts *facts = facts_new(arena);
	struct host_info info = {0};
	struct source *source = run_source(arena, options, options->pid, err);
	if (!source)
		return false;
	source_record_to(source, fd);
	bool done = run_probes(arena, source, options, facts, &info, err);
	keep_origin(source, facts, &info);
	if (!source_finish_record(source, err))
		done = false;
	source_close(source);
	return done;
}

static bool snapshot_fill(const char *temporary,
		const struct host_options *options,
		struct error *err)
{
	int fd = open(temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, "%.300s: %s", temporary, strerror(errno));
	struct arena *arena = arena_new();
	bool done = snapshot_read(arena, fd, options, err);
	arena_free(arena);
	close(fd);
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

/* The finished tree gets its name. mkdtemp(3) has made it for its owner alone. */
static bool snapshot_publish(const char *temporary, const char *target)
{
	return chmod(temporary, 0755) == 0 && rename(temporary, target) == 0;
}

static size_t length_without_slashes(const char *dir)
{
	size_t length = strlen(dir);
	while (length > 1 && dir[length - 1] == '/')
		length--;
	return length;
}

bool snapshot_take(const char *dir, const struct host_options *options, struct error *err)
{
	char target[1024], temporary[1024 + 32];
	size_t length = length_without_slashes(dir);
	if (options->facts_path)
		return error_set(err,
				"--snapshot reads the live machine and cannot be combined with --facts");
	if (length == 0 || length > sizeof target - 32)
		return error_set(err, "--snapshot needs the name of a directory");
	memcpy(target, dir, length);
	target[length] = '\0';
	(void)snprintf(temporary, sizeof temporary, "%s.tmp-XXXXXX", target);
	if (!check_target(dir, err))
		return false;
	if (!mkdtemp(temporary))
		return error_set(err, "%.300s: %s", temporary, strerror(errno));
	bool done = snapshot_fill(temporary, options, err);
	if (done && !snapshot_publish(temporary, target))
		done = error_set(err, "%.300s: %s", dir, strerror(errno));
	if (!done)
		remove_tree(temporary);
	return done;
}
