/* Counting descriptors. A directory of /proc can be long, so its entries are counted and forgotten.
 */
#include "probes/host/descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/parse.h"

enum {
	RUNS_TEXT_MAX = 64 * 1024
};

/* Descriptors in ascending order, as "0-2,7": /proc lists them so. */
struct runs {
	struct text text;
	uint64_t first, last;
	bool any;
};

static void runs_flush(struct runs *runs)
{
	if (!runs->any || runs->text.length > RUNS_TEXT_MAX)
		return;
	if (runs->text.length > 0)
		text_add(&runs->text, ",");
	text_addf(&runs->text, "%llu", (unsigned long long)runs->first);
	if (runs->last > runs->first)
		text_addf(&runs->text, "-%llu", (unsigned long long)runs->last);
}

static void runs_add(struct runs *runs, uint64_t number)
{
	if (runs->any && number == runs->last + 1) {
		runs->last = number;
		return;
	}
	runs_flush(runs);
	runs->first = runs->last = number;
	runs->any = true;
}

static double count_below(double limit, uint64_t first, uint64_t last)
{
	double numbers = (double)(last - first) + 1;
	double room = limit - (double)first;
	if (room > 0)
		return fmin(room, numbers);
	return 0;
}

static void descriptors_count(struct descriptors *found,
		uint64_t first,
		uint64_t last,
		const struct descriptor_limits *limits)
{
	found->open += count_below(INFINITY, first, last);
	found->below_soft += count_below(limits->soft, first, last);
	found->below_hard += count_below(limits->hard, first, last);
}

/* "7" or "0-2" at *cursor. */
static bool descriptors_parse_run(const char **cursor, uint64_t *ret_first, uint64_t *ret_last)
{
	if (!parse_u64(cursor, ret_first))
		return false;
	*ret_last = *ret_first;
	if (**cursor != '-')
		return true;
	(*cursor)++;
	return parse_u64(cursor, ret_last);
}

bool descriptors_parse(const char *text,
		const struct descriptor_limits *limits,
		struct descriptors *ret_found)
{
	uint64_t first, last, next = 0;
	*ret_found = (struct descriptors){0};
	text += strspn(text, " \n");
	while (*text) {
		if (!descriptors_parse_run(&text, &first, &last))
			return false;
		/* fs.nr_open is at most 2^31 - 1 (fs/file.c, sysctl_nr_open_max). */
		if (first < next || last < first || last > INT32_MAX)
			return false;
		descriptors_count(ret_found, first, last, limits);
		next = last + 1;
		if (*text == ',') {
			text++;
			continue;
		}
		text += strspn(text, " \n");
		if (*text != '\0')
			return false;
	}
	return true;
}

static bool is_inherited(uint64_t number)
{
	int flags = fcntl((int)number, F_GETFD);
	return flags >= 0 && !(flags & FD_CLOEXEC);
}

static void count_directory(DIR *directory,
		bool inherited,
		const struct descriptor_limits *limits,
		struct descriptors *found,
		struct runs *runs)
{
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		uint64_t number;
		if (!parse_whole(entry->d_name, &number) || number > INT32_MAX)
			continue;
		if (inherited && !is_inherited(number))
			continue;
		descriptors_count(found, number, number, limits);
		runs_add(runs, number);
	}
}

static int descriptors_read_list(struct source *source,
		const char *path,
		const struct descriptor_limits *limits,
		struct descriptors *ret_found)
{
	const char *text;
	size_t length;
	int error = source_read(source, path, &text, &length);
	if (error == 0 && !descriptors_parse(text, limits, ret_found))
		error = EINVAL;
	return error;
}

int descriptors_read(struct source *source,
		const char *path,
		bool inherited,
		const struct descriptor_limits *limits,
		struct descriptors *ret_found)
{
	struct stat status;
	struct runs runs = {0};
	*ret_found = (struct descriptors){0};
	int fd = source_open(source, path, O_RDONLY);
	if (fd < 0) {
		int error = errno;
		source_keep_error(source, path, error);
		return error;
	}
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
		close(fd);
		return descriptors_read_list(source, path, limits, ret_found);
	}
	DIR *directory = file_read_directory(fd);
	if (!directory) {
		close(fd);
		return ENOTDIR;
	}
	count_directory(directory, inherited, limits, ret_found, &runs);
	closedir(directory);
	runs_flush(&runs);
	source_keep(source, path, text_string(&runs.text), runs.text.length);
	text_release(&runs.text);
	return 0;
}
