/* Whole files: bounds, pipes, what cannot be read, and what closes by itself. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/os/file.h"

/* A file without a name that holds these bytes, at its start. */
static int file_with(const char *bytes, size_t length)
{
	char path[] = "/tmp/headroom-file-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_true(file_write_all(fd, bytes, length));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void everything_is_read(void **state)
{
	(void)state;
	size_t length = 200000; /* more than one read */
	char *bytes = malloc(length);
	assert_non_null(bytes);
	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(i * 7);
	int fd = file_with(bytes, length);
	struct text text = {0};
	assert_true(file_read_all(fd, length, &text));
	assert_int_equal(text.length, length);
	assert_memory_equal(text.data, bytes, length);
	text_release(&text);
	free(bytes);
	close(fd);
}

static void the_bound_is_kept(void **state)
{
	(void)state;
	static const struct {
		size_t most;
		bool read;
	} bounds[] = {{0, false}, {4, false}, {5, true}, {6, true}};
	for (size_t i = 0; i < COUNT_OF(bounds); i++) {
		int fd = file_with("12345", 5);
		struct text text = {0};
		errno = 0;
		assert_int_equal(file_read_all(fd, bounds[i].most, &text), bounds[i].read);
		assert_true(text.length <= bounds[i].most);
		if (!bounds[i].read)
			assert_int_equal(errno, EFBIG);
		text_release(&text);
		close(fd);
	}
}

static void an_empty_file_leaves_an_empty_text(void **state)
{
	(void)state;
	int fd = file_with("", 0);
	struct text text = {0};
	assert_true(file_read_all(fd, 0, &text));
	assert_string_equal(text_string(&text), "");
	close(fd);
}

static void a_text_is_added_to(void **state)
{
	(void)state;
	int fd = file_with("world", 5);
	struct text text = {0};
	text_add(&text, "hello ");
	assert_true(file_read_all(fd, 100, &text));
	assert_string_equal(text.data, "hello world");
	text_release(&text);
	close(fd);
}

static void what_cannot_be_read_has_an_errno(void **state)
{
	(void)state;
	char buffer[8] = "before";
	struct text text = {0};
	assert_false(file_read_all(-1, 100, &text));
	assert_int_equal(errno, EBADF);
	assert_int_equal(file_read_path("/nonexistent/file", buffer, sizeof buffer), -1);
	assert_int_equal(errno, ENOENT);
	assert_string_equal(buffer, "");
	assert_int_equal(file_read_path("/", buffer, sizeof buffer), -1);
	assert_int_equal(errno, EISDIR);
	assert_false(file_write_all(-1, "x", 1));
	assert_int_equal(errno, EBADF);
}

static void a_buffer_cuts_off(void **state)
{
	(void)state;
	char buffer[5];
	int fd = file_with("12345", 5);
	assert_int_equal(file_read_some(fd, buffer, sizeof buffer), 4);
	assert_string_equal(buffer, "1234");
	assert_int_equal(file_read_some(fd, buffer, sizeof buffer), 1);
	assert_string_equal(buffer, "5");
	assert_int_equal(file_read_some(fd, buffer, 1), 0);
	assert_string_equal(buffer, "");
	close(fd);
}

static void pieces_of_a_pipe_are_put_together(void **state)
{
	(void)state;
	int ends[2];
	struct text text = {0};
	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < 3; i++)
		assert_true(file_write_all(ends[1], "abc", 3));
	close(ends[1]);
	assert_true(file_read_all(ends[0], 9, &text));
	assert_string_equal(text.data, "abcabcabc");
	text_release(&text);
	close(ends[0]);
}

static void closing_keeps_errno(void **state)
{
	(void)state;
	int none = -1, ends[2];
	DIR *directory = NULL;
	assert_int_equal(pipe(ends), 0);
	errno = EXDEV;
	file_close_fd(&none);
	file_close_directory(&directory);
	file_close_fd(&ends[0]);
	file_close_fd(&ends[1]);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(fcntl(ends[0], F_GETFD), -1);
	assert_int_equal(fcntl(ends[1], F_GETFD), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(everything_is_read),
			cmocka_unit_test(the_bound_is_kept),
			cmocka_unit_test(an_empty_file_leaves_an_empty_text),
			cmocka_unit_test(a_text_is_added_to),
			cmocka_unit_test(what_cannot_be_read_has_an_errno),
			cmocka_unit_test(a_buffer_cuts_off),
			cmocka_unit_test(pieces_of_a_pipe_are_put_together),
			cmocka_unit_test(closing_keeps_errno),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
