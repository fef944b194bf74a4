/* How long sockets stay when a program that holds many is killed. Independent of headroom: no
 * project code.
 *
 *   kill_after SOCKETS -- COMMAND …
 *
 * Starts the command (output to /dev/null), waits until the machine has SOCKETS more TCP sockets
 * than before, kills the command with SIGKILL, and waits until all but a hundred of them are gone.
 * Prints "SOCKETS_AT_KILL SECONDS". Ends with 1 when the command never gets so far or sockets are
 * left after a minute. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	NOISE = 100,
	WAIT_S = 60,
	POLL_NS = 2000000
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* TCP sockets of the whole machine: "alloc" counts every namespace. */
static long sockets(void)
{
	char text[2048];
	int fd = open("/proc/net/sockstat", O_RDONLY);
	ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	text[length > 0 ? length : 0] = '\0';
	const char *line = strstr(text, "TCP: "), *found = line ? strstr(line, " alloc ") : NULL;
	return found ? strtol(found + 7, NULL, 10) : -1;
}

static pid_t start(char **argv)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	int null = open("/dev/null", O_RDWR);
	if (null >= 0 && dup2(null, 0) >= 0 && dup2(null, 1) >= 0)
		execvp(argv[0], argv);
	_exit(127);
}

static void nap(void)
{
	const struct timespec pause_time = {.tv_nsec = POLL_NS};
	nanosleep(&pause_time, NULL);
}

/* Polls until there are at least (way 1) or at most (way -1) so many. Returns the number, -1 after
 * a minute or when the child has ended. */
static long await(long count, int way, pid_t child)
{
	for (double end = now() + WAIT_S; now() < end; nap()) {
		long there = sockets();
		if (way * there >= way * count)
			return there;
		if (child > 0 && waitpid(child, NULL, WNOHANG) == child)
			return -1;
	}
	return -1;
}

int main(int argc, char **argv)
{
	long more = argc > 3 ? strtol(argv[1], NULL, 10) : 0, before = sockets();
	if (more <= 0 || strcmp(argv[2], "--") != 0 || before < 0) {
		fprintf(stderr, "usage: kill_after SOCKETS -- COMMAND ...\n");
		return 2;
	}
	pid_t child = start(argv + 3);
	long there = child > 0 ? await(before + more, 1, child) : -1;
	double killed = now();
	if (child > 0)
		kill(child, SIGKILL);
	long left = there < 0 ? -1 : await(before + NOISE, -1, 0);
	double gone = now();
	waitpid(child, NULL, 0);
	if (there < 0 || left < 0) {
		fprintf(stderr,
				there < 0 ? "kill_after: it never had so many sockets\n"
						  : "kill_after: sockets are left\n");
		return 1;
	}
	printf("%ld %.3f\n", there - before, gone - killed);
	return 0;
}
