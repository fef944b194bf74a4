/* TOML as a tree: texts, and what is found in them or why they are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/list.h"
#include "base/text.h"
#include "probes/plan/tree.h"

struct toml_case {
	const char *text, *want; /* "path=value" with "/" between names; "!why": an error with this */
};

/* The tree as "a=1 b/c=2 list/=3": every scalar with the names above it. */
static void show(const struct tree_node *node, const char *above, struct text *out)
{
	char path[400];
	for (const struct tree_node *child = node->child; child; child = child->next) {
		(void)snprintf(path, sizeof path, "%s%s%s", above, *above ? "/" : "", child->name);
		if (child->kind == TREE_SCALAR)
			text_addf(out, "%s%s=%s", out->length ? " " : "", path, child->text);
		else if (!child->child)
			text_addf(out, "%s%s:", out->length ? " " : "", path);
		else
			show(child, path, out);
	}
}

static const struct toml_case cases[] = {
		{"", ""},
		{"# only\n\n  \t\r\n", ""},
		{"a = 1", "a=1"},
		{"\xef\xbb\xbf"
		 "a=1\r\nb = 2 # two\r\n",
				"a=1 b=2"},
		{"a = \"x # y\" # z\n", "a=x # y"},
		{"a = 'C:\\x'\n", "a=C:\\x"},
		{"a = \"\\t\\\"\\\\\\u00e9\\U0001F600\"", "a=\t\"\\\u00e9\U0001F600"},
		{"a = \"\"\"\nx\ny\"\"\"\nb = 1", "a=x\ny b=1"},
		{"a = \"\"\"x \\\n   y\"\"\"", "a=x y"},
		{"a = \"\"\"\"x\"\"\"\"", "a=\"x\""},
		{"a = '''x\n'y'\n'''", "a=x\n'y'\n"},
		{"a = 1979-05-27 07:32:00 # a date\nb = +1_000\nc = inf",
				"a=1979-05-27 07:32:00 b=+1_000 c=inf"},
		{"a = [1, 2]\nb = [ ]", "a/=1 a/=2 b:"},
		{"a = [ # one\n 1,\n\n # two\n 2,\n]\nb = 3", "a/=1 a/=2 b=3"},
		{"a = [[1, 2], ['x']]", "a//=1 a//=2 a//=x"},
		{"a = {b = 1, c.d = 'x', e = [1]}\nf = 2", "a/b=1 a/c/d=x a/e/=1 f=2"},
		{"a = {}\n", "a:"},
		{"a.b.c = 1\n\"x y\".'z' = 2", "a/b/c=1 x y/z=2"},
		{"[a]\nb = 1\n[a.c]\nd = 2\n[ e . f ]\ng = 3", "a/b=1 a/c/d=2 e/f/g=3"},
		{"[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3", "a//b=1 a//b=2 a//c/d=3"},
		{"[a.\"b.c\"]\nd = 1", "a/b.c/d=1"},

		{"a", "!x:1: neither a [table] nor name = value"},
		{"\n= 1", "!x:2: neither a [table] nor name = value"},
		{"a =\n", "!x:1: a value is missing"},
		{"a = 'x' y", "!x:1: more follows behind the value"},
		{"a = 'x\n'", "!x:1: a string that does not end"},
		{"a = \"\"\"x\n", "!x:2: a string that does not end"},
		{"a = \"\\", "!a string that does not end"},
		{"a = \"\\q\"", "!an escape that TOML does not have"},
		{"a = \"\\u12\"", "!too few hexadecimal digits"},
		{"a = \"\\ud800\"", "!an escape that is no character"},
		{"a = \"\\UFFFFFFFF\"", "!an escape that is no character"},
		{"a = [1\n2]", "!x:2: an array that does not end"},
		{"a = [1,", "!a value is missing"},
		{"a = {b = 1", "!an inline table that does not end"},
		{"a = {1}", "!neither a [table] nor name = value"},
		{"[a", "!the name of a table does not end"},
		{"[[a]\n", "!the name of a table does not end"},
		{"[]\n", "!neither a [table] nor name = value"},
		{"[a] b = 1\n", "!more follows behind the value"},
};

static int judge(struct arena *arena, const char *text, size_t length, const char *want)
{
	struct text got __attribute__((cleanup(text_release))) = {0};
	struct error err = {0};
	const struct tree_node *root = tree_from_toml(arena, "x", text, length, &err);
	if (root)
		show(root, "", &got);
	if (!root && *want == '!' && strstr(err.text, want + 1))
		return 0;
	if (root && !strcmp(text_string(&got), want))
		return 0;
	print_error("%s\n    want %s, got %s\n", text, want, root ? text_string(&got) : err.text);
	return 1;
}

static void texts(void **state)
{
	int failures = 0;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		failures += judge(arena, cases[i].text, strlen(cases[i].text), cases[i].want);
		arena_free(arena);
	}
	assert_int_equal(failures, 0);
}

/* Whatever is cut off at the end: a tree or an error with a text, never a read behind the end. */
static void cut_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t length = 0; length < strlen(cases[i].text); length++) {
			struct arena *arena = arena_new();
			struct error err = {0};
			if (!tree_from_toml(arena, "x", cases[i].text, length, &err))
				assert_true(*err.text);
			arena_free(arena);
		}
	}
}

struct toml_flood {
	const char *first, *part; /* part: with the number of the repetition, or without */
	size_t count;
	const char *want; /* NULL: it is read */
};

/* Files that are made to be slow or deep. */
static const struct toml_flood floods[] = {
		{"", "[t%zu]\n", 9000, "more than 5,000 tables"},
		{"", "t%zu.x.y = 1\n", 9000, "more than 5,000 tables"},
		{"", "[[a]] # %zu\n", 100000, NULL},
		{"", "a%zu = 'x'\n", 100000, NULL},
		{"a = ", "[", 200000, "too deep"},
		{"a = ", "{a=", 200000, "too deep"},
		{"", "a.", 200000, "too many parts"},
		{"a = \"", "\\u00e9", 100000, "a string that does not end"},
};

static void flood(struct arena *arena, const struct toml_flood *f)
{
	struct text text __attribute__((cleanup(text_release))) = {0};
	struct error err = {0};
	text_add(&text, f->first);
	const char *number = strstr(f->part, "%zu");
	for (size_t i = 0; i < f->count; i++) {
		if (number)
			text_addf(&text, "%.*s%zu%s", (int)(number - f->part), f->part, i, number + 3);
		else
			text_add(&text, f->part);
	}
	bool good = tree_from_toml(arena, "x", text_string(&text), text.length, &err) != NULL;
	if (good != !f->want || (f->want && !strstr(err.text, f->want)))
		fail_msg("%s: want %s, got %s", f->part, f->want ? f->want : "a tree", err.text);
}

static void hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(floods); i++) {
		struct arena *arena = arena_new();
		flood(arena, &floods[i]);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(texts),
			cmocka_unit_test(cut_off),
			cmocka_unit_test(hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
