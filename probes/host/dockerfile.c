/* Does a RUN line of ./Dockerfile set sysctls? That has no effect: they belong to the running
 * kernel, not to an image. Reads the file in a live run only, and nothing else of that directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os/file.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"

enum {
	DOCKERFILE_MAX = 64 * 1024
};

static const char key[] = "dockerfile.run_sysctl", file[] = "Dockerfile";

/* The first bytes of the open file, if it is a regular one. 0 or errno. */
static int read_regular(int fd, char *bytes, size_t size)
{
	struct stat status;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return ENOENT;
	if (file_read_some(fd, bytes, size) < 0)
		return errno;
	return 0;
}

/* The same of ./Dockerfile. */
static int read_here(char *bytes, size_t size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno;
	int error = read_regular(fd, bytes, size);
	close(fd);
	return error;
}

/* A line that is continued belongs to the instruction above it. */
static bool is_continued(const char *line)
{
	size_t length = strlen(line);
	return length && line[length - 1] == '\\';
}

static bool is_run(const char *line)
{
	return strncasecmp(line, "RUN", 3) == 0 && strchr(" \t", line[3]);
}

/* The line calls sysctl with something to set, and is no comment. */
static bool sets_sysctl(const char *line)
{
	if (*line == '#')
		return false;
	const char *call = strstr(line, "sysctl");
	return call && strchr(call, '=');
}

/* The line of the first RUN that calls sysctl with something to set; 0: none. */
static int find_run_sysctl(char *text)
{
	bool in_run = false, continued = false;
	int number = 1;
	for (char *line; (line = parse_line(&text)) != NULL; number++) {
		line += strspn(line, " \t");
		if (!continued)
			in_run = is_run(line);
		if (in_run && sets_sysctl(line))
			return number;
		continued = is_continued(line);
	}
	return 0;
}

static void dockerfile_run(struct probing *probing)
{
	static const char none[] = "no RUN line sets a sysctl";
	char text[DOCKERFILE_MAX];
	int line = 0;
	if (!probing->live)
		return;
	if (read_here(text, sizeof text) == 0)
		line = find_run_sysctl(text);
	if (line == 0) {
		facts_put_missing(probing->facts, key, NULL, FACT_ABSENT, UNIT_TEXT, file, none);
		return;
	}
	const char *at = arena_printf(probing->arena, "%s:%d", file, line);
	facts_put_text(probing->facts, key, NULL, at, file)->line = line;
}

const struct probe probe_dockerfile = {.name = "Dockerfile", .run = dockerfile_run};
