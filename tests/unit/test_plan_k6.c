/* k6 scripts and what the plan must say of each: tests/plan/k6.test. */
#include <stdlib.h>

#include "base/array.h"
#include "tests/unit/plan_test.h"

enum {
	FILES_MAX = 400,
	CASES_MAX = 600
};

static struct plan_pair files[FILES_MAX + 1];
static struct plan_case cases[CASES_MAX];
static size_t file_count, case_count;

static char *read_table(void)
{
	static const char path[] = "tests/plan/k6.test";
	FILE *file = fopen(path, "rb");
	size_t room = 1 << 20;
	char *text = calloc(1, room);
	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, room - 1, file) > 0);
	(void)fclose(file);
	return text;
}

/* What a file holds as Windows writes it. */
static char *with_crlf(struct arena *arena, const char *text)
{
	struct text out = {0};
	text_add(&out, "\xEF\xBB\xBF");
	for (; *text; text++) {
		if (*text == '\n')
			text_add(&out, "\r");
		text_add_bytes(&out, text, 1);
	}
	return text_take(arena, &out);
}

/* "== NAME [crlf]" and what follows it, up to the next line that begins so or with "$ ". */
static char *take_file(struct arena *arena, char *at)
{
	char *name = at + 3, *body = strchr(at, '\n') + 1, *end = body;
	while (*end && strncmp(end, "== ", 3) != 0 && strncmp(end, "$ ", 2) != 0)
		end = strchr(end, '\n') + 1;
	char *text = arena_copy(arena, body, (size_t)(end - body));
	name = arena_copy(arena, name, (size_t)(body - 1 - name));
	char *flag = strchr(name, ' ');
	if (flag) {
		*flag = '\0';
		text = with_crlf(arena, text);
	}
	assert_true(file_count < FILES_MAX);
	files[file_count++] = (struct plan_pair){name, text};
	return end;
}

/* "$ COMMAND" and the line of words. */
static char *take_case(struct arena *arena, char *at)
{
	char *command = at + 2, *end = strchr(at, '\n');
	char *want = end + 1, *last = strchr(want, '\n');
	want += strspn(want, " ");
	assert_true(case_count < CASES_MAX);
	cases[case_count].command = arena_copy(arena, command, (size_t)(end - command));
	cases[case_count].want = arena_copy(arena, want, (size_t)(last - want));
	case_count++;
	return last + 1;
}

static void test_table(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	char *text = read_table(), *at = text;
	while (*at) {
		if (strncmp(at, "== ", 3) == 0)
			at = take_file(arena, at);
		else if (strncmp(at, "$ ", 2) == 0)
			at = take_case(arena, at);
		else
			at = strchr(at, '\n') + 1;
	}
	assert_true(file_count > 60);
	assert_true(case_count > 60);
	plan_test_files = files;
	plan_test_table(cases, case_count);
	arena_free(arena);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
