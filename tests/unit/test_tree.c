/* XML and YAML as flat lists of nodes: what is kept, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/os/json.h"
#include "report/helper/tree/tree.h"

struct kase {
	bool (*read)(const char *bytes, size_t length, struct text *out, struct error *err);
	const char *input, *expected; /* the nodes without line breaks, or the error */
};

static const struct kase cases[] = {
		{tree_from_xml,
				"<a x='1 &amp; &quot;2&#38;'>t<b/>u</a>",
				"[0,1,\"element\",\"a\",\"tu\"],[1,1,\"attribute\",\"x\",\"1 & "
				"\\\"2&\"],[1,1,\"element\",\"b\",\"\"]"},
		{tree_from_xml,
				"<a>\n <b> two\nlines </b><![CDATA[<&]]></a>",
				"[0,1,\"element\",\"a\",\"<&\"],[1,2,\"element\",\"b\",\"two\\u000alines\"]"},
		{tree_from_xml,
				"<!DOCTYPE a SYSTEM \"/etc/passwd\" []><a><!-- c --><?p q?></a>",
				"[0,1,\"element\",\"a\",\"\"]"},
		{tree_from_xml, "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "1: the entity \"b\""},
		{tree_from_xml, "<!DOCTYPE a [<!ENTITY b \"c\">]><a x='&b;'/>", "1: the entity \"b\""},
		/* Declared and not used, as tsung's files do: nothing is read for it. */
		{tree_from_xml,
				"<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/passwd\"><!ENTITY c \"d\">\n"
				"<!ENTITY % d SYSTEM \"file:///etc/passwd\">]>\n<a><!-- &b; -->t</a>",
				"[0,3,\"element\",\"a\",\"t\"]"},
		{tree_from_xml,
				"<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/passwd\">]>\n<a>\n&b;</a>",
				"3: the entity \"b\""},
		{tree_from_xml,
				"<!DOCTYPE a [<!ENTITY % b SYSTEM \"file:///etc/passwd\">%b;]><a/>",
				"1: the entity \"b\""},
		{tree_from_xml, "<!DOCTYPE a SYSTEM \"x\">\n<a>&b;</a>", "2: the entity \"b\""},
		{tree_from_xml, "<!DOCTYPE a SYSTEM \"x\">\n<a y='&b;'/>", "2: the entity \"b\""},
		{tree_from_xml, "<a>\n<b></a>", "2: not well-formed XML"},
		{tree_from_xml, "", "1: not well-formed XML"},
		{tree_from_xml, "<a>\xff</a>", "1: not well-formed XML"},
		{tree_from_xml, "<a>\n<b>x\xc4\x87\xc1\x99</b></a>", "2: not well-formed XML"},
		/* libxml2 takes these for a character. */
		{tree_from_xml,
				"<a>\n<b><![CDATA[\xc0\xa4]]></b></a>",
				"2: a text that is not valid UTF-8"},
		{tree_from_yaml,
				"a: 1\nb: [x, 'y']\nc:\n",
				"[0,1,\"mapping\",\"\",\"\"],[1,1,\"scalar\",\"a\",\"1\"],[1,2,\"sequence\",\"b\","
				"\"\"],"
				"[2,2,\"scalar\",\"\",\"x\"],[2,2,\"scalar\",\"\",\"y\"],[1,3,\"scalar\",\"c\","
				"\"\"]"},
		{tree_from_yaml,
				"- &p {d: 60}\n- *p\n",
				"[0,1,\"sequence\",\"\",\"\"],[1,1,\"mapping\",\"\",\"\"],[2,1,\"scalar\",\"d\","
				"\"60\"],"
				"[1,1,\"mapping\",\"\",\"\"],[2,1,\"scalar\",\"d\",\"60\"]"},
		{tree_from_yaml, "a: &a [*a]", "1: the alias *a stands inside what it names"},
		{tree_from_yaml, "a: *b", "1: the alias *b names nothing"},
		{tree_from_yaml, "[a]: b", "1: a mapping's key must be a plain text"},
		{tree_from_yaml, "a: \"x\\0y\"", "1: a NUL character"},
		{tree_from_yaml, "a: 1\n---\nb: 2\n", "2: a second document"},
		{tree_from_yaml, "a: b: c\n", "1: not YAML"},
		{tree_from_yaml, "", "1: no YAML document"},
};

static char *run(const struct kase *kase)
{
	struct text text = {0};
	struct error err = {0};
	bool good = kase->read(kase->input, strlen(kase->input), &text, &err);
	char *shown = strdup(good ? text.data : err.text), *to = shown;
	assert_non_null(shown);
	for (const char *from = shown; *from; from++) {
		if (*from != '\n')
			*to++ = *from;
	}
	*to = '\0';
	text_release(&text);
	return shown;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *shown = run(&cases[i]);
		if (!strstr(shown, cases[i].expected))
			fail_msg("%s\ngives    %s\nexpected %s", cases[i].input, shown, cases[i].expected);
		free(shown);
	}
}

static void refused(bool (*read)(const char *, size_t, struct text *, struct error *),
		const char *part,
		size_t times,
		const char *expected)
{
	struct text input = {0}, output = {0};
	struct error err = {0};
	for (size_t i = 0; i < times; i++)
		text_add(&input, part);
	assert_false(read(input.data, input.length, &output, &err));
	if (!strstr(err.text, expected))
		fail_msg("%s…: \"%s\", expected \"%s\"", part, err.text, expected);
	text_release(&input);
	text_release(&output);
}

static void test_depth_and_size(void **state)
{
	(void)state;
	refused(tree_from_xml, "<a>", 100000, "1: nested more than 100 levels deep");
	refused(tree_from_yaml, "[", 100000, "1: nested more than 100 levels deep");
	refused(tree_from_yaml, "- ", 100000, "1: nested more than 100 levels deep");
	refused(tree_from_xml,
			"<a><a/><!-- a comment of a length to reach the bound -->",
			300000,
			"1: larger than 16 MiB");
	refused(tree_from_yaml,
			"a comment of some length, to reach the bound, and more text",
			300000,
			"1: larger than 16 MiB");
}

/* libxml2 takes seconds for them. */
static void test_very_many_attributes(void **state)
{
	(void)state;
	struct text input = {0}, output = {0};
	struct error err = {0};
	text_add(&input, "<a>\n<b");
	for (int i = 0; i < 200000; i++)
		text_addf(&input, " a%d=''", i);
	text_add(&input, "/></a>");
	assert_false(tree_from_xml(input.data, input.length, &output, &err));
	assert_string_equal(err.text, "2: a tag of more than 256 KiB");
	text_release(&input);
	text_release(&output);
}

/* What does not end soon is no tag. */
static void test_long_texts(void **state)
{
	(void)state;
	static const char *const parts[][2] = {
			{"<a><![CDATA[", "]]></a>"},
			{"<a><!--", "--></a>"},
			{"<a>", "</a>"},
	};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		struct text input = {0}, output = {0};
		struct error err = {0};
		text_add(&input, parts[i][0]);
		for (int k = 0; k < 100000; k++)
			text_add(&input, "some text ");
		text_add(&input, parts[i][1]);
		if (!tree_from_xml(input.data, input.length, &output, &err))
			fail_msg("%s…: %s", parts[i][0], err.text);
		text_release(&input);
		text_release(&output);
	}
}

static void test_alias_bomb(void **state)
{
	(void)state;
	struct text input = {0}, output = {0};
	struct error err = {0};
	text_add(&input, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 12; i++)
		text_addf(&input,
				"a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n",
				i,
				i,
				i - 1,
				i - 1,
				i - 1,
				i - 1,
				i - 1,
				i - 1,
				i - 1);
	assert_false(tree_from_yaml(input.data, input.length, &output, &err));
	assert_non_null(strstr(err.text, "more than 200000 elements"));
	/* Few nodes, much text. */
	text_clear(&input);
	text_add(&input, "a: &a '");
	for (int i = 0; i < 100000; i++)
		text_add(&input, "0123456789");
	text_add(&input, "'\nb:\n");
	for (int i = 0; i < 100; i++)
		text_add(&input, "- *a\n");
	assert_false(tree_from_yaml(input.data, input.length, &output, &err));
	assert_non_null(strstr(err.text, "grows beyond 32 MiB"));
	text_release(&input);
	text_release(&output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_cases),
			cmocka_unit_test(test_depth_and_size),
			cmocka_unit_test(test_very_many_attributes),
			cmocka_unit_test(test_long_texts),
			cmocka_unit_test(test_alias_bomb),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
