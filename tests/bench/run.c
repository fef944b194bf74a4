/* The timing tool of make bench: runs commands and prints how long they took and how much memory
 * they had. Independent of headroom: no project code.
 *
 *   run [-n RUNS] [-w WARM_UP] -- COMMAND … [-- COMMAND …]
 *
 * The commands take turns, so that a busy moment of the machine hits all of them alike. Per command
 * one line: "MEDIAN_MS MIN_MS MAX_RSS_KIB EXIT_CODE" (wall time from fork to reaping; the largest
 * resident set of all runs; the last exit code, 128 + signal if killed). Standard input and output
 * of the commands are /dev/null. It judges nothing. */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	COMMANDS_MAX = 16,
	RUNS_MAX = 1000
};

struct command {
	char **argv;
	double ms[RUNS_MAX];
	long rss_kib;
	int code;
};

static double now_ms(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* posix_spawn does not copy this process: the child's resident set does not begin with ours. */
static bool spawn(char **argv, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	if (posix_spawn_file_actions_init(&actions))
		return false;
	int problem = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (!problem)
		problem = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	if (!problem)
		problem = posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (problem)
		fprintf(stderr, "run: %s: %s\n", argv[0], strerror(problem));
	return problem == 0;
}

static bool run_once(struct command *command, double *ret_ms)
{
	struct rusage usage;
	int status;
	pid_t pid;
	double start = now_ms();
	if (!spawn(command->argv, &pid) || wait4(pid, &status, 0, &usage) < 0)
		return false;
	*ret_ms = now_ms() - start;
	if (usage.ru_maxrss > command->rss_kib)
		command->rss_kib = usage.ru_maxrss;
	command->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return true;
}

static int by_size(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static void print(struct command *command, int runs)
{
	qsort(command->ms, (size_t)runs, sizeof command->ms[0], by_size);
	double median = (command->ms[(runs - 1) / 2] + command->ms[runs / 2]) / 2;
	printf("%.3f %.3f %ld %d\n", median, command->ms[0], command->rss_kib, command->code);
}

/* Splits "-- a b -- c d" into commands; returns their number, 0 on a mistake. */
static int split(int argc, char **argv, struct command *commands)
{
	int count = 0;
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--") != 0)
			continue;
		if (i + 1 >= argc || strcmp(argv[i + 1], "--") == 0 || count == COMMANDS_MAX)
			return 0;
		argv[i] = NULL;
		commands[count++].argv = argv + i + 1;
	}
	return count;
}

int main(int argc, char **argv)
{
	static struct command commands[COMMANDS_MAX];
	int runs = 21, warm_up = 3, option;
	while ((option = getopt(argc, argv, "+n:w:")) != -1) {
		if (option == 'n')
			runs = (int)strtol(optarg, NULL, 10);
		else if (option == 'w')
			warm_up = (int)strtol(optarg, NULL, 10);
	}
	/* getopt stepped over the first "--". */
	int first = optind > 0 && strcmp(argv[optind - 1], "--") == 0 ? optind - 1 : optind;
	int count = split(argc - first, argv + first, commands);
	if (count == 0 || runs < 1 || runs > RUNS_MAX || warm_up < 0) {
		fprintf(stderr, "usage: run [-n RUNS] [-w WARM_UP] -- COMMAND ... [-- COMMAND ...]\n");
		return 2;
	}
	for (int round = -warm_up; round < runs; round++)
		for (int i = 0; i < count; i++) {
			double ms;
			if (!run_once(&commands[i], &ms))
				return 1;
			if (round >= 0)
				commands[i].ms[round] = ms;
		}
	for (int i = 0; i < count; i++)
		print(&commands[i], runs);
	return 0;
}
