/* What -o asks for, and files that appear whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/output/output.h"
#include "base/array.h"

static struct arena *arena;
static char directory[64];

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	(void)snprintf(directory, sizeof directory, "/tmp/headroom-output-XXXXXX");
	return mkdtemp(directory) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	static const char *const names[] = {"a", "b", "link", "dangling", "fifo"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		(void)unlink(arena_printf(arena, "%s/%s", directory, names[i]));
	int left = rmdir(directory); /* fails if a temporary file was left behind */
	arena_free(arena);
	return left;
}

static const char *in(const char *name)
{
	return arena_printf(arena, "%s/%s", directory, name);
}

static const char *content(const char *path)
{
	char *bytes = arena_alloc(arena, 4096);
	FILE *file = fopen(path, "r");
	if (!file)
		return NULL;
	bytes[fread(bytes, 1, 4095, file)] = '\0';
	(void)fclose(file);
	return bytes;
}

static void put(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fputs(bytes, file) < 0, 0);
	assert_int_equal(fclose(file), 0);
}

struct spec {
	const char *texts[3];
	unsigned formats;
	const char *message; /* NULL: accepted */
	enum format format;  /* of the first */
	const char *path;    /* of the first; NULL: standard output */
};

static const struct spec specs[] = {
		{{"a.json"}, FORMATS_ALL, NULL, FORMAT_JSON, "a.json"},
		{{"a.xml"}, FORMATS_ALL, NULL, FORMAT_JUNIT, "a.xml"},
		{{"a.b/c.md"}, FORMATS_ALL, NULL, FORMAT_MARKDOWN, "a.b/c.md"},
		{{"json"}, FORMATS_ALL, NULL, FORMAT_JSON, NULL},
		{{"json:-"}, FORMATS_ALL, NULL, FORMAT_JSON, NULL},
		{{"json:/dev/stdout"}, FORMATS_ALL, NULL, FORMAT_JSON, NULL},
		{{"junit:out"}, FORMATS_ALL, NULL, FORMAT_JUNIT, "out"},
		{{"json:a:b"}, FORMATS_ALL, NULL, FORMAT_JSON, "a:b"},
		{{"my:file.html"}, FORMATS_ALL, NULL, FORMAT_HTML, "my:file.html"},
		{{"a.doc"}, FORMATS_ALL, "the name has no known extension", 0, NULL},
		{{"a"}, FORMATS_ALL, "the name has no known extension", 0, NULL},
		{{"a.json/b"}, FORMATS_ALL, "the name has no known extension", 0, NULL},
		{{"-"}, FORMATS_ALL, "the name has no known extension", 0, NULL},
		{{"json:"}, FORMATS_ALL, "file name after the colon is missing", 0, NULL},
		{{"a.prom"}, FORMATS_ALL, NULL, FORMAT_PROMETHEUS, "a.prom"},
		{{"a.prom"}, FORMATS_TEXT_JSON, "this command cannot write prometheus", 0, NULL},
		{{"sarif:x"}, FORMATS_ALL, "this command cannot write sarif", 0, NULL},
		{{"json", "junit"}, FORMATS_ALL, "cannot both go to standard output", 0, NULL},
		{{"json", "text:/dev/stdout"}, FORMATS_ALL, "cannot both go to standard output", 0, NULL},
		{{"a.json", "text:a.json"}, FORMATS_ALL, "are the same file", 0, NULL},
		{{"a.html"}, FORMATS_TEXT_JSON, "cannot write html", 0, NULL},
};

static void specs_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(specs); i++) {
		const struct spec *spec = &specs[i];
		struct name_list texts = {.items = (const char **)(uintptr_t)spec->texts};
		struct outputs outputs;
		struct error err = {0};
		while (texts.count < 3 && spec->texts[texts.count])
			texts.count++;
		bool ok = outputs_parse(arena, &texts, spec->formats, &outputs, &err);
		if (ok != !spec->message || (!ok && !strstr(err.text, spec->message)))
			fail_msg("%s: %s", spec->texts[0], ok ? "accepted" : err.text);
		if (!ok)
			continue;
		assert_int_equal(outputs.items[0].format, spec->format);
		assert_int_equal(outputs.to_stdout, !spec->path);
		if (spec->path)
			assert_string_equal(outputs.items[0].path, spec->path);
	}
}

static void a_file_is_there_after_commit_only(void **state)
{
	(void)state;
	struct target target;
	struct error err = {0};
	put(in("a"), "old");
	assert_true(target_open(arena, in("a"), &target, &err));
	assert_true(target_write(&target, "new", 3, &err));
	assert_string_equal(content(in("a")), "old");
	assert_true(target_commit(arena, &target, &err));
	assert_string_equal(content(in("a")), "new");
}

static void a_discarded_file_leaves_the_old_one(void **state)
{
	(void)state;
	struct target target;
	struct error err = {0};
	put(in("a"), "old");
	assert_true(target_open(arena, in("a"), &target, &err));
	assert_true(target_write(&target, "half", 4, &err));
	target_discard(&target);
	assert_string_equal(content(in("a")), "old");
	assert_true(target_open(arena, in("b"), &target, &err));
	target_discard(&target);
	assert_null(content(in("b")));
}

static void the_mode_follows_the_umask(void **state)
{
	(void)state;
	struct target target;
	struct error err = {0};
	struct stat status;
	mode_t before = umask(027);
	assert_true(target_open(arena, in("a"), &target, &err));
	assert_true(target_commit(arena, &target, &err));
	(void)umask(before);
	assert_int_equal(stat(in("a"), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
}

static void links_stay_links(void **state)
{
	(void)state;
	static const char *const links[] = {"link", "dangling"};
	put(in("a"), "old");
	assert_int_equal(symlink("a", in("link")), 0);
	assert_int_equal(symlink("b", in("dangling")), 0);
	for (size_t i = 0; i < 2; i++) {
		struct target target;
		struct error err = {0};
		struct stat status;
		assert_true(target_open(arena, in(links[i]), &target, &err));
		assert_true(target_write(&target, "new", 3, &err));
		assert_true(target_commit(arena, &target, &err));
		assert_int_equal(lstat(in(links[i]), &status), 0);
		assert_true(S_ISLNK(status.st_mode));
		assert_string_equal(content(in(i ? "b" : "a")), "new");
	}
}

static void a_fifo_is_written_through(void **state)
{
	(void)state;
	struct target target;
	struct error err = {0};
	struct stat status;
	char bytes[8] = "";
	assert_int_equal(mkfifo(in("fifo"), 0600), 0);
	int reader = open(in("fifo"), O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	assert_true(target_open(arena, in("fifo"), &target, &err));
	assert_true(target_write(&target, "new", 3, &err));
	assert_true(target_commit(arena, &target, &err));
	assert_int_equal(read(reader, bytes, 7), 3);
	assert_string_equal(bytes, "new");
	assert_int_equal(lstat(in("fifo"), &status), 0);
	assert_true(S_ISFIFO(status.st_mode));
	(void)close(reader);
}

static void what_cannot_be_written_is_said(void **state)
{
	(void)state;
	static const char *const paths[] = {"/nonexistent/a", "/tmp", "/dev/null/a"};
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct target target;
		struct error err = {0};
		assert_false(target_open(arena, paths[i], &target, &err));
		assert_int_equal(err.kind, ERROR_INTERNAL);
		assert_non_null(strstr(err.text, paths[i]));
	}
	struct target target;
	struct error err = {0};
	assert_true(target_open(arena, "/dev/full", &target, &err));
	assert_false(target_write(&target, "x", 1, &err));
	assert_non_null(strstr(err.text, "No space left"));
	target_discard(&target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(specs_are_read, begin, end),
			cmocka_unit_test_setup_teardown(a_file_is_there_after_commit_only, begin, end),
			cmocka_unit_test_setup_teardown(a_discarded_file_leaves_the_old_one, begin, end),
			cmocka_unit_test_setup_teardown(the_mode_follows_the_umask, begin, end),
			cmocka_unit_test_setup_teardown(links_stay_links, begin, end),
			cmocka_unit_test_setup_teardown(a_fifo_is_written_through, begin, end),
			cmocka_unit_test_setup_teardown(what_cannot_be_written_is_said, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
