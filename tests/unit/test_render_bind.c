/* Binding a template: what is repeated, dropped, escaped; errors name the template's line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "report/chart/words.h"
#include "report/render/bind.h"
#include "report/render/html.h"

static const char document[] = "{\"verdict\":\"pass\",\"headline\":\"a < b & "
							   "c\",\"host\":{\"name\":\"\\\"><i>\"},\"page\":{},"
							   "\"command_line\":[\"</script>\",\"-->\"],"
							   "\"findings\":[{\"text\":\"one\",\"severity\":\"note\",\"sources\":["
							   "{\"title\":\"t\",\"url\":\"https://x.example/\"}]},"
							   "{\"text\":\"two\",\"severity\":\"warning\",\"sources\":[{\"title\":"
							   "\"u\",\"url\":\"javascript:x\"}]},"
							   "{\"text\":\"three\",\"severity\":\"note\"}],\"fixes\":[{"
							   "\"persistent\":{\"k\":\"v\",\"l\":\"w\"}}]}";

/* Binds a body; returns the body's HTML, or the error. Both live in the arena. */
static const char *bound(struct arena *arena, const char *body)
{
	const char *page = arena_printf(arena,
			"<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>%s</body></html>",
			body);
	const struct template_file files[] = {
			{.name = "report.html", .bytes = page, .size = strlen(page)},
			{.name = "s.css", .bytes = "p { color: red }\n", .size = 17},
			{.name = "bad.css", .bytes = "p > i { }\n", .size = 10},
			{.name = "s.js", .bytes = "go();\n", .size = 6},
	};
	const struct template_set set = {files, COUNT_OF(files)};
	static const struct theme theme;
	struct error err = {0};
	cJSON *root = cJSON_Parse(document);
	cJSON_AddItemToObject(cJSON_GetObjectItem(root, "page"), "words", words_built_in());
	assert_non_null(root);
	xmlDoc *doc = bind_template(arena, &set, &theme, root, &err);
	const char *result = arena_strdup(arena, err.text);
	if (doc) {
		struct text html = {0};
		html_write(doc, &theme, &html);
		const char *from = strstr(html.data, "<body>") + 6;
		result = arena_copy(arena, from, (size_t)(strstr(from, "</body>") - from));
		text_release(&html);
		xmlFreeDoc(doc);
	}
	cJSON_Delete(root);
	return result;
}

static void bodies(void **state)
{
	(void)state;
	static const struct {
		const char *body, *expected;
	} cases[] = {
			{"<p data-text=\"headline\">x</p>", "<p>a &lt; b &amp; c</p>\n"},
			{"<p data-attr-id=\"verdict\" data-attr-lang=\"host.os\" class=\"c\">x</p>",
					"<p class=\"c\" id=\"pass\">x</p>\n"},
			{"<p data-attr-title=\"host.name\">x</p>", "<p title=\"&quot;&gt;&lt;i&gt;\">x</p>\n"},
			{"<p data-if=\"verdict == 'fail'\">x</p><p data-if=\"verdict\">y</p>", "<p>y</p>\n"},
			{"<ul><li data-each=\"findings\" data-text=\".text\">x</li></ul>",
					"<ul><li>one</li>\n<li>two</li>\n<li>three</li>\n</ul>\n"},
			{"<ul><li data-each=\"findings\" data-if=\".severity == 'note'\" data-text=\"{@number} "
			 "{.text}\">x</li></ul>",
					"<ul><li>1 one</li>\n<li>2 three</li>\n</ul>\n"},
			{"<ul><li data-each=\"findings\" data-max=\"1\" data-rest=\"more\" "
			 "data-text=\".text\">x</li></ul>",
					"<ul><li>one</li>\n<li class=\"more\">2 more</li>\n</ul>\n"},
			{"<div data-each=\"fixes\"><p data-each=\".persistent\" "
			 "data-text=\"{@key}={.}\">x</p></div>",
					"<div><p>k=v</p>\n<p>l=w</p>\n</div>\n"},
			{"<p data-each=\"holds\">x</p>", ""},
			{"<div data-each=\"findings\"><a data-each=\".sources\" data-attr-href=\".url | link\" "
			 "data-text=\".title\">"
			 "x</a></div>",
					"<div><a "
					"href=\"https://x.example/\">t</a></div>\n<div><a>u</a></div>\n<div></div>\n"},
			{"<p id=\"a\">1</p><p id=\"a\">2</p><a href=\"#a\">3</a><a href=\"#b\">4</a>",
					"<p id=\"a\">1</p>\n<p>2</p>\n<a href=\"#a\">3</a><a>4</a>"},
			{"<!-- gone --><p>x<br/>y</p><span></span>", "<p>x<br/>y</p>\n<span></span>"},
			{"<p data-only=\"pdf\">x</p><p data-only=\"html\">y</p>", "<p>y</p>\n"},
			{"<pre>a\n  b</pre><p>a\n  b</p>", "<pre>a\n  b</pre>\n<p>a b</p>\n"},
			{"<script src=\"s.js\"></script>", "<script>\ngo();\n</script>\n"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		assert_string_equal(bound(arena, cases[i].body), cases[i].expected);
		arena_free(arena);
	}
}

static void rest_of_a_table_spans_it(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *html = bound(arena,
			"<table><tbody><tr data-each=\"findings\" data-max=\"1\">"
			"<th>h</th><td>a</td><td>b</td></tr></tbody></table>");
	assert_non_null(strstr(html, "<tr><td colspan=\"3\" class=\"more\">2 more"));
	arena_free(arena);
}

static void island_cannot_end_the_script(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *html = bound(arena, "<script type=\"application/json\" data-json=\"\">{}</script>");
	assert_non_null(strstr(html, "\\u003c/script\\u003e"));
	assert_non_null(strstr(html, "--\\u003e"));
	assert_ptr_equal(strstr(html, "</script>"),
			html + strlen(html) - strlen("</script>\n")); /* only its own end */
	arena_free(arena);
}

static void policy_has_the_hash_of_the_bytes(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *html = bound(arena,
			"<script src=\"s.js\"></script><meta data-csp=\"\" content=\"x\"/>");
	/* printf '\ngo();\n' | openssl dgst -sha256 -binary | openssl base64 */
	assert_non_null(
			strstr(html, "script-src 'sha256-59/sIg3Nu4RuH0gwssdKQQVeS9ge1tGZ9k7+VBc0Sgs='"));
	assert_non_null(strstr(html, "default-src 'none'"));
	assert_null(strstr(html, "unsafe"));
	arena_free(arena);
}

static void errors_name_the_line(void **state)
{
	(void)state;
	static const struct {
		const char *body, *words;
	} cases[] = {
			{"\n<p data-text=\"verdikt\">x</p>",
					"report.html:2: <p>: there is no member \"verdikt\""},
			{"\n\n<p data-if=\"verdict ==\">x</p>", "report.html:3:"},
			{"<p data-if=\"verdict == 'fail'\">\n<em data-text=\"host.nam\">x</em></p>",
					"report.html:2: <em>"},
			{"<p data-txt=\"verdict\">x</p>", "data-txt is not known"},
			{"<p data-each=\"findings\" data-text=\".txet\">x</p>", "txet"},
			{"<p data-max=\"-1\">x</p>", "data-max"},
			{"<p data-only=\"paper\">x</p>", "data-only"},
			{"<p data-chart=\"pie\">x</p>", "no such chart"},
			{"<p style=\"color:red\">x</p>", "style is not allowed"},
			{"<p onclick=\"x()\">x</p>", "onclick is not allowed"},
			{"<meta http-equiv=\"refresh\" content=\"0;url=https://x/\"/>", "http-equiv may be"},
			{"<p data-attr-onclick=\"headline\">x</p>", "data-attr-onclick"},
			{"<p data-attr-style=\"headline\">x</p>", "data-attr-style"},
			{"<meta data-attr-http-equiv=\"headline\"/>", "data-attr-http-equiv"},
			{"<link rel=\"stylesheet\" hbef=\"s.css\"/>", "a link needs"},
			{"<iframe>x</iframe>", "<iframe>"},
			{"<a href=\"javascript:x\">x</a>", "href"},
			{"<a href=\"http://x.example/\">x</a>", "href"},
			{"<p>x</q>", "report.html:1:"},
			{"<script src=\"none.js\"></script>", "none.js"},
			{"<link rel=\"stylesheet\" href=\"bad.css\"/>",
					"report.html:1: <link>: bad.css:1: the bytes <, > and &"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		const char *got = bound(arena, cases[i].body);
		if (!strstr(got, cases[i].words))
			fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].body, got, cases[i].words);
		arena_free(arena);
	}
}

static void entities_are_refused(void **state)
{
	(void)state;
	static const char *const pages[] = {
			"<!DOCTYPE html [<!ENTITY e \"x\">]><html><body><p>&e;</p></body></html>",
			"<!DOCTYPE html SYSTEM \"file:///etc/passwd\"><html><body><p>x</p></body></html>",
			"<svg></svg>",
			"",
	};
	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		struct arena *arena = arena_new();
		const struct template_file file = {.name = "report.html",
				.bytes = pages[i],
				.size = strlen(pages[i])};
		const struct template_set set = {&file, 1};
		static const struct theme theme;
		struct error err = {0};
		cJSON *root = cJSON_Parse(document);
		assert_null(bind_template(arena, &set, &theme, root, &err));
		assert_non_null(strstr(err.text, "report.html"));
		cJSON_Delete(root);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(bodies),
			cmocka_unit_test(rest_of_a_table_spans_it),
			cmocka_unit_test(island_cannot_end_the_script),
			cmocka_unit_test(policy_has_the_hash_of_the_bytes),
			cmocka_unit_test(errors_name_the_line),
			cmocka_unit_test(entities_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
