/* Counts the threads that this process can start beside its first one, before the kernel refuses,
 * with the user, limits and control group that it inherits. Independent of headroom: no project
 * code.
 *
 *   measure_threads COUNT     starts so many, prints "ready", and ends with its standard input
 *   measure_threads           prints "ready"; for each line of standard input it starts as many
 *                             as it can, ends them and prints "started=N" */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	THREADS_MAX = 4000,
	STACK = 64 * 1024
};

static pthread_t threads[THREADS_MAX];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wait_at_gate(void *nothing)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return nothing;
}

/* Up to `most` of them; how many there are. */
static unsigned start(unsigned most)
{
	pthread_attr_t attributes;
	unsigned count = 0;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	pthread_mutex_lock(&gate);
	while (count < most && pthread_create(&threads[count], &attributes, wait_at_gate, NULL) == 0)
		count++;
	return count;
}

/* A thread counts for the kernel until some time after it was joined. */
static void end(unsigned count)
{
	const struct timespec while_it_goes = {.tv_nsec = 20 * 1000 * 1000};
	pthread_mutex_unlock(&gate);
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	nanosleep(&while_it_goes, NULL);
}

static void ready(void)
{
	puts("ready");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		unsigned wanted = (unsigned)strtoul(argv[1], NULL, 10);
		if (wanted > THREADS_MAX || start(wanted) < wanted) {
			fprintf(stderr, "measure_threads: not so many: %s\n", strerror(errno));
			return 1;
		}
		ready();
	} else {
		ready();
	}
	for (int byte; (byte = getchar()) != EOF;) {
		if (byte != '\n' || argc > 1)
			continue;
		unsigned count = start(THREADS_MAX);
		end(count);
		printf("started=%u\n", count);
		fflush(stdout);
	}
	return 0;
}
