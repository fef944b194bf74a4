/* The destinations of a plan: names from a hosts file and from --resolve. */
#include "base/array.h"
#include "tests/unit/probe_test.h"

#include "probes/host/target/resolve.h"
#include "probes/host/target/target.h"

static void hosts_files(void **state)
{
	(void)state;
	static const char text[] = "127.0.0.1\tlocalhost\n"
							   "# 10.0.0.9 web\n"
							   "::1 localhost ip6-localhost # comment web\n"
							   "10.0.0.5 Web web.example\r\n"
							   "10.0.0.5 web\n"
							   "nonsense web\n"
							   "10.0.0.6 web";
	struct resolved_name names[] = {{.name = "localhost"},
			{.name = "web"},
			{.name = "web.example"},
			{.name = "we"}};
	static const char *const expected[] = {"127.0.0.1 ::1", "10.0.0.5 10.0.0.6", "10.0.0.5", NULL};
	struct arena *arena = arena_new();
	resolve_from_hosts(arena, text, names, COUNT_OF(names));
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (expected[i])
			assert_string_equal(names[i].addresses, expected[i]);
		else
			assert_null(names[i].addresses);
	}
	arena_free(arena);
}

static void names_are_asked_for(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct resolved_name names[] = {{.name = "127.0.0.1"}, {.name = "no such name"}};
	resolve_names(arena, 0, names, COUNT_OF(names));
	assert_string_equal(names[0].addresses, "127.0.0.1");
	assert_null(names[1].addresses);
	assert_non_null(names[1].why);
	arena_free(arena);
}

static bool put(struct arena *arena, const char *resolve, struct facts *facts, struct error *err)
{
	static const char *const destinations[] = {"Web:80"};
	const struct host_options options = {.facts_path = "tests/hosts/macos.facts.json"};
	const struct host_info info = {.name = NULL};
	const struct targets targets = {destinations, 1, &resolve, 1};
	return target_facts(arena, &options, &info, &targets, facts, err);
}

static void given_addresses(void **state)
{
	(void)state;
	static const struct {
		const char *resolve, *instance, *addresses; /* addresses NULL: refused */
	} rows[] = {
			{"web:80:10.0.0.5", "web:80", "10.0.0.5"},
			{"WEB:80:10.0.0.5,10.0.0.6", "web:80", "10.0.0.5 10.0.0.6"},
			{"web:80:[fd00::1]", "web:80", "fd00::1"},
			{"web:80:fd00::1,10.0.0.1", "web:80", "fd00::1 10.0.0.1"},
			{"web:80", NULL, NULL},
			{"web:80:", NULL, NULL},
			{"web:x:10.0.0.5", NULL, NULL},
			{":80:10.0.0.5", NULL, NULL},
			{"web:80:other", NULL, NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct facts *facts = facts_new(arena);
		struct error err = {0};
		bool taken = put(arena, rows[i].resolve, facts, &err);
		if (taken != (rows[i].addresses != NULL))
			fail_msg("%s: %s", rows[i].resolve, err.text);
		if (taken) {
			const struct fact *fact = facts_get(facts, "name.addresses", rows[i].instance);
			assert_non_null(fact);
			assert_string_equal(fact->text, rows[i].addresses);
			assert_int_equal(fact->origin, ORIGIN_GIVEN);
		}
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(hosts_files),
			cmocka_unit_test(names_are_asked_for),
			cmocka_unit_test(given_addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
