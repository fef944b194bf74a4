/* Files of tools: which command each stands for, by its content. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/command/stands_for.h"

struct kind_case {
	const char *path, *text;
	const char *want; /* the words, "" for JSON, or "!" and a part of the error */
};

static const struct kind_case kinds[] = {
		{"plan.jmx", "<?xml version=\"1.0\"?>\n<jmeterTestPlan>", "jmeter -n -t plan.jmx"},
		{"renamed.xml", "<jmeterTestPlan version=\"1.2\">", "jmeter -n -t renamed.xml"},
		{"t.xml",
				"<!DOCTYPE tsung SYSTEM \"x\">\n<tsung loglevel=\"info\">",
				"tsung -f t.xml start"},
		{"a/s.js", "import http from 'k6/http';", "k6 run a/s.js"},
		{"s.ts", "import { check } from \"k6\";", "k6 run s.ts"},
		{"s.js", "const http = require('http')", "!does not import k6"},
		{"load.py", "from locust import HttpUser", "locust -f load.py"},
		{"load.py", "import requests", "!does not import locust"},
		{"c.yml", "services:\n  a:\n    image: x\n", "docker compose -f c.yml up"},
		{"c.yaml", "version: '3'\n\nservices:\n", "docker compose -f c.yaml up"},
		{"j.yaml", "---\napiVersion: batch/v1\nkind: Job\n", "kubectl apply -f j.yaml"},
		{"a.yml", "config:\n  target: h\nscenarios:\n", "artillery run a.yml"},
		{"b.yml", "execution:\n- concurrency: 5\nscenarios:\n", "bzt b.yml"},
		{"x.yml", "on: push\njobs:\n", "!is not a file of Artillery"},
		{"a.json", "{\"config\": {}, \"scenarios\": []}", "artillery run a.json"},
		{"b.json", "{\"execution\": []}", "bzt b.json"},
		{"g.json", "{\"call\": \"a.B.C\", \"host\": \"h:1\"}", "ghz --config g.json"},
		{"g.toml", "call = \"a.B.C\"\nhost = \"h\"\n", "ghz --config g.toml"},
		{"p.json", "{\"connections\": 5}", ""},
		{"i.json", "{\"scenarios\": {}, \"totalDuration\": 5, \"maxVUs\": 5}", "!of k6 inspect"},
		{"package.json", "{\"scripts\": {}}", "!npm run NAME"},
		{"d/Makefile", "load:\n\twrk http://h/\n", "!put headroom into the recipe"},
		{"nginx.conf", "events { worker_connections 5; }\nhttp {\n}\n", "nginx -c nginx.conf"},
		{"site.conf", "server {\n listen 80;\n}\n", "nginx -c site.conf"},
		{"haproxy.cfg", "global\n  maxconn 5\nfrontend a\n", "haproxy -f haproxy.cfg"},
		{"bench.sh", "wrk http://h/", "sh bench.sh"},
		{"bench", "#!/usr/bin/env bash\nwrk http://h/", "sh bench"},
		{"targets.txt", "GET http://h/\nGET http://g/\n", "!vegeta attack -targets"},
		{"urls.txt", "http://h/\n", "!siege -f"},
		{"wrk", "\177ELF", "!write -- in front"},
		{"src/A.scala",
				"package my.load\nimport io.gatling.core.Predef._\nclass Api extends Simulation {",
				"gatling.sh -sf src -s my.load.Api"},
		{"A.java",
				"import io.gatling.javaapi.core.*;\npublic class Api extends Simulation {",
				"gatling.sh -sf . -s Api"},
		{"notes.txt", "hello", "!is not a plan that headroom can read"},
		{"empty.conf", "", "!is not a plan that headroom can read"},
};

static const char *joined(struct arena *arena, const struct name_list *words)
{
	struct text text = {0};
	for (size_t i = 0; i < words->count; i++)
		text_addf(&text, "%s%s", i ? " " : "", words->items[i]);
	return text_take(arena, &text);
}

static void kinds_are_told_apart(void **state)
{
	(void)state;
	int failures = 0;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct arena *arena = arena_new();
		const struct kind_case *c = &kinds[i];
		struct name_list words;
		struct error err = {0};
		bool good = stands_for(arena, c->path, c->text, strlen(c->text), &words, &err);
		const char *got = good ? joined(arena, &words) : err.text;
		bool fits = good ? !strcmp(got, c->want) : *c->want == '!' && strstr(got, c->want + 1);
		if (!fits)
			print_error("%s\n    want %s, got %s\n", c->path, c->want, got);
		failures += !fits;
		arena_free(arena);
	}
	assert_int_equal(failures, 0);
}

/* What says which file it is may stand far down, but not anywhere. */
static void large_files_are_looked_at_from_the_top(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct text text = {0};
	struct name_list words;
	struct error err = {0};
	while (text.length < 1024 * 1024)
		text_add(&text, "# a comment of a file\n");
	text_add(&text, "services:\n");
	assert_false(stands_for(arena, "c.yml", text.data, text.length, &words, &err));
	text_clear(&text);
	text_add(&text, "services:\n");
	while (text.length < 1024 * 1024)
		text_add(&text, "# a comment of a file\n");
	assert_true(stands_for(arena, "c.yml", text.data, text.length, &words, &err));
	assert_int_equal(words.count, 5);
	text_release(&text);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(kinds_are_told_apart),
			cmocka_unit_test(large_files_are_looked_at_from_the_top),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
