/* Opening files that somebody else may have made: what blocks, never ends or leads elsewhere is
 * refused. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/os/file.h"
#include "base/os/open.h"

static int dir = -1;

static void put_file(const char *path)
{
	int fd = openat(dir, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_true(file_write_all(fd, "text", 4));
	(void)close(fd);
}

static int begin(void **state)
{
	char path[] = "/tmp/headroom-open-XXXXXX";
	(void)state;
	assert_non_null(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir >= 0);
	assert_int_equal(chdir(path), 0);
	assert_int_equal(mkdir("a", 0700), 0);
	assert_int_equal(mkdir("a/b", 0700), 0);
	put_file("file");
	put_file("a/b/file");
	assert_int_equal(symlink("file", "link"), 0);
	assert_int_equal(symlink("a", "way"), 0);
	assert_int_equal(symlink("/etc", "a/etc"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(symlink("fifo", "to-fifo"), 0);
	assert_int_equal(symlink("/dev/zero", "zero"), 0);
	return 0;
}

static int end(void **state)
{
	static const char *const names[] = {"file",
			"link",
			"way",
			"fifo",
			"to-fifo",
			"zero",
			"a/etc",
			"a/b/file",
			"a/up",
			"a/root"};
	char path[] = "/proc/self/fd/1234567", where[4096] = "";
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		(void)unlinkat(dir, names[i], 0);
	(void)unlinkat(dir, "x", AT_REMOVEDIR);
	(void)unlinkat(dir, "y", AT_REMOVEDIR);
	(void)unlinkat(dir, "a/b", AT_REMOVEDIR);
	(void)unlinkat(dir, "a", AT_REMOVEDIR);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", dir);
	assert_true(readlink(path, where, sizeof where - 1) > 0);
	assert_int_equal(chdir("/"), 0);
	(void)rmdir(where);
	(void)close(dir);
	return 0;
}

static void opens(int fd)
{
	char text[8];
	assert_true(fd >= 0);
	assert_int_equal(file_read_some(fd, text, sizeof text), 4);
	(void)close(fd);
}

static void regular_files(void **state)
{
	static const struct {
		const char *path, *why;
	} refused[] = {
			{"fifo", "is a FIFO, not a file"},
			{"to-fifo", "is a FIFO, not a file"},
			{"a", "is a directory"},
			{"/dev/null", "is a device"},
			{"zero", "is a device"},
			{"/dev/fd/x", "No such file"},
			{"nowhere", "No such file"},
	};
	const char *why;
	(void)state;
	opens(open_regular("file", &why));
	opens(open_regular("link", &why));
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		assert_int_equal(open_regular(refused[i].path, &why), -1);
		assert_non_null(strstr(why, refused[i].why));
	}
}

/* bash writes <(command) so. */
static void own_descriptors(void **state)
{
	static const char *const none[] =
			{"/dev/fd/", "/dev/fd/1x", "/dev/fd/1/x", "/dev/fd/12345678", "/dev/null", "fd/1"};
	int ends[2];
	char path[32];
	const char *why;
	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	(void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
	assert_true(file_write_all(ends[1], "text", 4));
	(void)close(ends[1]);
	opens(open_regular(path, &why));
	(void)close(ends[0]);
	assert_int_equal(open_descriptor_named("/dev/stdout"), 1);
	assert_int_equal(open_descriptor_named("/proc/self/fd/17"), 17);
	for (size_t i = 0; i < COUNT_OF(none); i++)
		assert_int_equal(open_descriptor_named(none[i]), -1);
}

static void below_a_directory(void **state)
{
	static const char *const good[] = {"file", "a/b/file", "./file", "a/./b/file", "a//b/file"};
	static const char *const bad[] = {"",
			"/etc/passwd",
			"link",
			"way/b/file",
			"a/etc/passwd",
			"a/../file",
			"..",
			"../x",
			"a/b/../../../etc/passwd",
			"fifo",
			"to-fifo",
			"zero",
			"a",
			"a/b/",
			"file/x",
			"/dev/fd/0",
			"a/b/none"};
	const char *why;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		opens(open_below(dir, good[i], &why));
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		why = NULL;
		assert_int_equal(open_below(dir, bad[i], &why), -1);
		assert_non_null(why);
	}
	char name[300];
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_int_equal(open_below(dir, name, &why), -1);
}

/* Renames the directory `x` forth and back until it is ended. */
static pid_t renaming(void)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child > 0)
		return child;
	for (;;) {
		(void)renameat(dir, "x", dir, "y");
		(void)renameat(dir, "y", dir, "x");
	}
}

/* While something is renamed, the kernel cannot be sure where ".." leads: opening goes on. */
static void in_a_root(void **state)
{
	(void)state;
	assert_int_equal(symlinkat("../file", dir, "a/up"), 0);
	assert_int_equal(symlinkat("/../../file", dir, "a/root"), 0);
	assert_int_equal(mkdirat(dir, "x", 0700), 0);
	pid_t child = renaming();
	int failed = 0;
	for (int i = 0; i < 20000; i++) {
		int fd = open_in_root(dir, i % 2 ? "a/up" : "a/root", O_RDONLY);
		failed += fd < 0;
		file_close_fd(&fd);
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(failed, 0);
	assert_int_equal(open_in_root(dir, "a/none", O_RDONLY), -1);
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(regular_files),
			cmocka_unit_test(own_descriptors),
			cmocka_unit_test(below_a_directory),
			cmocka_unit_test(in_a_root),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
