/* A Dockerfile beside the load test: does a RUN line set sysctls? They belong to the running
 * kernel, not to an image. Looks at ./Dockerfile of a live run only; reads no other directory and
 * no other instruction. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probes/host/parse.h"
#include "probes/host/probing.h"

enum {
	DOCKERFILE_MAX = 64 * 1024
};

static const char key[] = "dockerfile.run_sysctl", file[] = "Dockerfile";

/* The first bytes of ./Dockerfile, if it is a regular file. 0 or errno. */
static int read_here(char *bytes, size_t size)
{
	struct stat status;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno;
	int error = fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ? ENOENT : 0;
	ssize_t length = error ? 0 : read(fd, bytes, size - 1);
	if (length < 0) {
		error = errno;
		length = 0;
	}
	bytes[length] = '\0';
	(void)close(fd);
	return error;
}

/* A line that is continued belongs to the instruction above it. */
static bool is_continued(const char *line)
{
	size_t length = strlen(line);
	return length && line[length - 1] == '\\';
}

/* The line of the first RUN that calls sysctl with something to set; 0: none. */
static int find_sysctl(char *text)
{
	bool in_run = false, continued = false;
	int number = 1;
	for (char *line; (line = parse_line(&text)) != NULL; number++) {
		line += strspn(line, " \t");
		if (!continued)
			in_run = strncasecmp(line, "RUN", 3) == 0 && strchr(" \t", line[3]);
		const char *call = in_run && *line != '#' ? strstr(line, "sysctl") : NULL;
		if (call && strchr(call, '='))
			return number;
		continued = is_continued(line);
	}
	return 0;
}

static void dockerfile_run(struct probing *probing)
{
	char text[DOCKERFILE_MAX];
	if (!probing->live)
		return;
	int error = read_here(text, sizeof text);
	int line = error == 0 ? find_sysctl(text) : 0;
	if (line != 0)
		facts_put_text(probing->facts,
				key,
				NULL,
				arena_printf(probing->arena, "%s:%d", file, line),
				file)
				->line = line;
	else
		facts_put_missing(probing->facts,
				key,
				NULL,
				FACT_ABSENT,
				UNIT_TEXT,
				file,
				"no RUN line sets a sysctl");
}

const struct probe probe_dockerfile = {.name = "Dockerfile", .run = dockerfile_run};
