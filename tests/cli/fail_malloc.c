/* Loaded before a program (LD_PRELOAD): lets one allocation fail, the HEADROOM_TEST_FAIL-th of
 * those that the program itself or cJSON makes. With HEADROOM_TEST_WHO=all the allocations of all
 * libraries count, which handle a failure in their own ways, but of headroom's programs only. With
 * HEADROOM_TEST_FAIL=0 nothing fails, and their number is written to the standard error at the
 * end. */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The C library's own. headroom-helper has its own malloc(3), which asks for these by name
 * (report/helper/render_memory.c). */
static void *(*real_malloc)(size_t size);
static void *(*real_calloc)(size_t count, size_t size);
static void *(*real_realloc)(void *memory, size_t size);

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

extern char *program_invocation_name, *program_invocation_short_name;

static unsigned long counted, to_fail;
static bool asking; /* dladdr() may allocate */
static bool all, started;

/* With the first allocation, which may come before any constructor of this file, and before the
 * environment is there. */
static void fail_malloc_start(void)
{
	if (!real_realloc) {
		*(void **)&real_malloc = dlsym(RTLD_NEXT, "__libc_malloc");
		*(void **)&real_calloc = dlsym(RTLD_NEXT, "__libc_calloc");
		*(void **)&real_realloc = dlsym(RTLD_NEXT, "__libc_realloc");
	}
	if (started || !environ)
		return;
	started = true;
	const char *number = getenv("HEADROOM_TEST_FAIL");
	const char *who = getenv("HEADROOM_TEST_WHO");
	all = who && strcmp(who, "all") == 0 &&
			strncmp(program_invocation_short_name, "headroom", 8) == 0;
	if (number)
		to_fail = strtoul(number, NULL, 10);
}

__attribute__((destructor)) static void fail_malloc_end(void)
{
	fail_malloc_start();
	if (to_fail == 0)
		(void)fprintf(stderr, "%lu allocations\n", counted);
}

static bool comes_from_us(const void *caller)
{
	Dl_info info;
	if (!dladdr(caller, &info) || !info.dli_fname)
		return false;
	return strcmp(info.dli_fname, program_invocation_name) == 0 ||
			strstr(info.dli_fname, "/libcjson.so");
}

/* With errno, as malloc(3) says: the C library's own functions leave it as it is then. */
static bool fails(const void *caller)
{
	fail_malloc_start();
	if (asking)
		return false;
	asking = true;
	bool ours = all || comes_from_us(caller);
	asking = false;
	bool fail = ours && ++counted == to_fail;
	if (fail)
		errno = ENOMEM;
	return fail;
}

void *malloc(size_t size)
{
	if (fails(__builtin_return_address(0)))
		return NULL;
	return real_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	if (fails(__builtin_return_address(0)))
		return NULL;
	return real_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	if (fails(__builtin_return_address(0)))
		return NULL;
	return real_realloc(memory, size);
}

void *__libc_malloc(size_t size)
{
	if (fails(__builtin_return_address(0)))
		return NULL;
	return real_malloc(size);
}

void *__libc_calloc(size_t count, size_t size)
{
	if (fails(__builtin_return_address(0)))
		return NULL;
	return real_calloc(count, size);
}

void *__libc_realloc(void *memory, size_t size)
{
	if (fails(__builtin_return_address(0)))
		return NULL;
	return real_realloc(memory, size);
}
