/* A fix in the form of the layer that holds the limit. */
#include "tests/unit/probe_test.h"

#include "audit/rules/presets.h"
#include "base/array.h"
#include "model/layer/form.h"
#include "model/rule.h"
#include "report/write/script.h"

struct room {
	struct arena *arena;
	struct rules rules;
	struct rule_extras extras;
	struct facts *before, *after;
};

static int set_up(void **state)
{
	static struct room room;
	struct error err = {0};
	room = (struct room){.arena = arena_new()};
	*state = &room;
	if (!rules_load(room.arena, NULL, 0, false, &room.rules, &room.extras, &err))
		fail_msg("%s", err.text);
	room.before = facts_new(room.arena);
	room.after = facts_new(room.arena);
	return 0;
}

static int tear_down(void **state)
{
	struct room *room = *state;
	rule_extras_release(&room->extras);
	arena_free(room->arena);
	return 0;
}

static void both(struct room *room, const char *key, double before, double after)
{
	facts_put_number(room->before, key, NULL, before, UNIT_COUNT, "test");
	facts_put_number(room->after, key, NULL, after, UNIT_COUNT, "test");
}

static struct fix_form make_form(struct room *room,
		const struct limit_holder *holder,
		const char *fix,
		double from,
		double to)
{
	const struct fix_change change = {
			.rule = rules_fix(&room->rules, fix),
			.before = room->before,
			.after = room->after,
			.from = from,
			.to = to,
	};
	const struct fix_texts texts = fix_texts_of(room->arena, &change);
	const struct form_question question = {
			.arena = room->arena,
			.holder = holder,
			.change = &change,
			.texts = &texts,
	};
	return form_of(&question);
}

static const char *file_of(const struct fix_form *form, const char *kind)
{
	for (size_t i = 0; i < form->file_count; i++) {
		if (!strcmp(form->files[i].kind, kind))
			return form->files[i].text;
	}
	return "none";
}

static const char *lines_of(struct room *room, const struct shell_script *script)
{
	const char *lines = shell_lines(room->arena, script);
	return lines ? lines : "none";
}

static const char *const own_run[] =
		{"sudo", "docker", "run", "--rm", "--ulimit", "nofile=1024:1024", "wrk", "http://a b/"};

/* Open files: who starts the program sets them. */
static void open_files(void **state)
{
	struct room *room = *state;
	struct limit_holder planned = {.container = "docker", .planned = true, .root = true};
	for (size_t i = 0; i < COUNT_OF(own_run); i++)
		name_list_append(room->arena, &planned.command, own_run[i]);
	const struct {
		struct limit_holder holder;
		const char *layer, *commands, *kind, *lines;
	} rows[] = {
			{{.user = "dev"},
					"login",
					"sudo prlimit --pid $$ --nofile=27000:27000",
					"limits.d",
					"dev soft nofile 27000\ndev hard nofile 27000"},
			{{.user = "root", .root = true},
					"login",
					"prlimit --pid $$ --nofile=27000:27000",
					"limits.d",
					"root soft nofile 27000\nroot hard nofile 27000"},
			{{.unit = "session-3.scope", .user = "dev"},
					"login",
					"sudo prlimit --pid $$ --nofile=27000:27000",
					"limits.d",
					"dev soft nofile 27000\ndev hard nofile 27000"},
			{{.unit = "web.service", .user = "www"},
					"systemd-unit",
					"mkdir -p /etc/systemd/system/web.service.d\n"
					"sh -c 'printf \"[Service]\\n%s\\n\" \"$1\" >\"$2\"' sh LimitNOFILE=27000 "
					"/etc/systemd/system/web.service.d/headroom-nofile.conf\n"
					"systemctl daemon-reload\nsystemctl restart web.service",
					"systemd",
					"[Service]\nLimitNOFILE=27000"},
			{{.unit = "run-r1.service"},
					"systemd-unit",
					"systemd-run -p LimitNOFILE=27000 COMMAND",
					"systemd",
					"none"},
			{{.container = "podman", .pid = 7, .unit = "libpod-1.scope"},
					"container-engine",
					"podman run --ulimit nofile=27000:27000 IMAGE",
					"podman",
					"--ulimit nofile=27000:27000"},
			{{.container = "docker", .pid = 7, .nofile_reaches = true},
					"container-engine",
					"prlimit --pid 7 --nofile=27000:27000",
					"compose",
					"ulimits:\n  nofile:\n    soft: 27000\n    hard: 27000"},
			{planned,
					"container-engine",
					"sudo docker run --ulimit nofile=27000:27000 --rm wrk 'http://a b/'",
					"docker",
					"--ulimit nofile=27000:27000"},
			{{.within = "kubernetes"},
					"container-runtime",
					"none",
					"systemd",
					"[Service]\nLimitNOFILE=27000"},
	};
	both(room, "limits.nofile.soft", 1024, 27000);
	both(room, "limits.nofile.hard", 4096, 27000);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct limit_holder holder = rows[i].holder;
		if (holder.unit && !strcmp(holder.unit, "run-r1.service"))
			holder.start_in = holder.unit;
		const struct fix_form form = make_form(room, &holder, "nofile-hard", 4096, 27000);
		assert_string_equal(layer_kind_name(form.layer.kind), rows[i].layer);
		assert_string_equal(lines_of(room, &form.commands), rows[i].commands);
		assert_string_equal(file_of(&form, rows[i].kind), rows[i].lines);
		if (strcmp(rows[i].layer, "login") != 0)
			assert_string_equal(file_of(&form, "limits.d"), "none");
	}
}

/* What the kernel refuses is not printed; a unit that was asked for is here, also in a container.
 */
static void who_may_raise(void **state)
{
	struct room *room = *state;
	const struct limit_holder powerless = {.user = "root", .root = true, .cannot_raise = true};
	struct limit_holder unit = {.within = "docker", .unit = "web.service", .unit_named = true};
	both(room, "limits.nofile.soft", 1024, 27000);
	both(room, "limits.nofile.hard", 4096, 27000);
	struct fix_form form = make_form(room, &powerless, "nofile-hard", 4096, 27000);
	assert_string_equal(lines_of(room, &form.commands), "none");
	assert_non_null(strstr(form.say, "27000; nobody may raise it here"));
	assert_string_equal(file_of(&form, "limits.d"),
			"root soft nofile 27000\nroot hard nofile 27000");
	form = make_form(room, &unit, "nofile-hard", 4096, 27000);
	assert_string_equal(layer_kind_name(form.layer.kind), "systemd-unit");
	assert_string_equal(file_of(&form, "systemd"), "[Service]\nLimitNOFILE=27000");
	unit.unit_named = false;
	form = make_form(room, &unit, "nofile-hard", 4096, 27000);
	assert_string_equal(lines_of(room, &form.commands),
			"docker run --ulimit nofile=27000:27000 IMAGE");
}

/* Within the hard limit nobody has to be root, and the hard one stays. */
static void within_the_hard_limit(void **state)
{
	struct room *room = *state;
	const struct limit_holder dev = {.user = "dev"}, unit = {.unit = "a.service"};
	both(room, "limits.nofile.soft", 1024, 27000);
	both(room, "limits.nofile.hard", 1048576, 1048576);
	struct fix_form form = make_form(room, &dev, "nofile-soft", 1024, 27000);
	assert_string_equal(lines_of(room, &form.commands), "ulimit -Sn 27000");
	assert_string_equal(lines_of(room, &form.undo), "ulimit -Sn 1024");
	assert_string_equal(file_of(&form, "limits.d"), "dev soft nofile 27000");
	form = make_form(room, &unit, "nofile-soft", 1024, 27000);
	assert_string_equal(file_of(&form, "systemd"), "[Service]\nLimitNOFILE=27000:1048576");
}

/* limits.d is read at a login, and a command of a shell is what keeps the value elsewhere. */
static void what_no_login_started(void **state)
{
	struct room *room = *state;
	const struct limit_holder first = {.user = "root", .root = true, .pid = 1, .no_login = true};
	both(room, "limits.nofile.soft", 1024, 27000);
	both(room, "limits.nofile.hard", 1048576, 1048576);
	struct fix_form form = make_form(room, &first, "nofile-soft", 1024, 27000);
	assert_string_equal(file_of(&form, "limits.d"), "none");
	assert_non_null(strstr(form.note, "put ulimit -Sn 27000 into whatever starts the program"));
	both(room, "limits.nofile.hard", 4096, 27000);
	form = make_form(room, &first, "nofile-hard", 4096, 27000);
	assert_string_equal(file_of(&form, "limits.d"), "none");
	assert_non_null(strstr(form.note, "put ulimit -n 27000 into"));
}

/* A setting of the program's own file is changed there: no shell, unit or engine reaches it. */
static void own_file(void **state)
{
	struct room *room = *state;
	const struct limit_holder holders[] = {
			{.user = "dev"},
			{.unit = "web.service"},
			{.container = "docker", .planned = true},
	};
	both(room, "limits.nofile.soft", 20000, 20000);
	both(room, "limits.nofile.hard", 20000, 20000);
	const struct fix_change change = {
			.rule = rules_fix(&room->rules, "nofile-start"),
			.before = room->before,
			.after = room->after,
			.from = 100,
			.to = 1000,
	};
	const struct fix_texts texts = fix_texts_of(room->arena, &change);
	for (size_t i = 0; i < COUNT_OF(holders); i++) {
		const struct form_question question = {
				.arena = room->arena,
				.holder = &holders[i],
				.change = &change,
				.texts = &texts,
				.setting = "worker_rlimit_nofile",
				.set_at = "nginx.conf:3",
		};
		const struct fix_form form = form_of(&question);
		assert_string_equal(layer_kind_name(form.layer.kind), "program");
		assert_string_equal(lines_of(room, &form.commands), "none");
		assert_string_equal(form.say,
				"set worker_rlimit_nofile to 1000 (nginx.conf:3), and start the program again");
		assert_int_equal(form.file_count, 0);
	}
}

/* A container that is made gets what the plan needs, and not what the shell has that starts it. */
static void smallest_of_a_container(void **state)
{
	struct room *room = *state;
	const struct limit_holder planned = {.container = "podman", .planned = true};
	both(room, "limits.nofile.soft", 20000, 20000);
	both(room, "limits.nofile.hard", 20000, 20000);
	const struct fix_form form = make_form(room, &planned, "nofile-start", 128, 1000);
	assert_string_equal(file_of(&form, "podman"), "--ulimit nofile=1000:1000");
}

/* Settings of a network namespace: never those of another one. */
static void network_settings(void **state)
{
	struct room *room = *state;
	static const char on_host[] = "sysctl -w net.core.somaxconn=1024";
	const struct {
		struct limit_holder holder;
		const char *layer, *commands, *kind, *lines;
	} rows[] = {
			{{0}, "network-namespace", on_host, "sysctl.d", "net.core.somaxconn = 1024"},
			{{.container = "docker", .planned = true, .host_network = true},
					"network-namespace",
					on_host,
					"sysctl.d",
					"net.core.somaxconn = 1024"},
			{{.pid = 9, .other_network = true},
					"network-namespace",
					"nsenter -t 9 -n sysctl -w net.core.somaxconn=1024",
					"sysctl.d",
					"none"},
			{{.pid = 9, .other_network = true, .container = "podman"},
					"container-engine",
					"nsenter -t 9 -n sysctl -w net.core.somaxconn=1024",
					"podman",
					"--sysctl net.core.somaxconn=1024"},
			{{.container = "docker", .planned = true},
					"container-engine",
					"docker run --sysctl net.core.somaxconn=1024 IMAGE",
					"compose",
					"sysctls:\n  net.core.somaxconn: \"1024\""},
			{{.container = "docker compose", .planned = true},
					"container-engine",
					"none",
					"compose",
					"sysctls:\n  net.core.somaxconn: \"1024\""},
			{{.pid = 9, .other_network = true, .container = "kubernetes"},
					"pod",
					"nsenter -t 9 -n sysctl -w net.core.somaxconn=1024",
					"kubelet",
					"allowedUnsafeSysctls:\n  - \"net.core.somaxconn\""},
			{{.within = "docker", .child_network = true, .writes_network = true},
					"container-engine",
					on_host,
					"docker",
					"--sysctl net.core.somaxconn=1024"},
			{{.within = "kubernetes", .child_network = true},
					"pod",
					"none",
					"kubelet",
					"allowedUnsafeSysctls:\n  - \"net.core.somaxconn\""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct fix_form form = make_form(room, &rows[i].holder, "somaxconn", 128, 1024);
		assert_string_equal(layer_kind_name(form.layer.kind), rows[i].layer);
		assert_string_equal(lines_of(room, &form.commands), rows[i].commands);
		assert_string_equal(file_of(&form, rows[i].kind), rows[i].lines);
		bool host = !strcmp(rows[i].kind, "sysctl.d") && strcmp(rows[i].lines, "none") != 0;
		if (!host)
			assert_string_equal(file_of(&form, "sysctl.d"), "none");
	}
}

/* Threads of a container: by its name, in its own group, or when it is made. */
static void threads_of_a_container(void **state)
{
	struct room *room = *state;
	static const char group[] = "/sys/fs/cgroup/pids/a b/pids.max";
	const struct {
		struct limit_holder holder;
		const char *commands, *undo;
	} rows[] = {
			{{.pid = 9, .container = "docker", .container_name = "it's"},
					"docker update --pids-limit 2000 'it'\\''s'",
					"docker update --pids-limit 512 'it'\\''s'"},
			{{.container = "docker", .planned = true},
					"docker run --pids-limit 2000 IMAGE",
					"none"},
			{{.pid = 9, .within = "docker"},
					"sh -c 'echo $1 >\"$2\"' sh 2000 '/sys/fs/cgroup/pids/a b/pids.max'",
					"sh -c 'echo $1 >\"$2\"' sh 512 '/sys/fs/cgroup/pids/a b/pids.max'"},
	};
	facts_put_text(room->before, "host.container", NULL, "docker", "test");
	facts_put_text(room->after, "host.container", NULL, "docker", "test");
	facts_put_number(room->before, "cgroup.pids.max", NULL, 512, UNIT_COUNT, group);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct fix_form form = make_form(room, &rows[i].holder, "pids-container", 512, 2000);
		assert_string_equal(lines_of(room, &form.commands), rows[i].commands);
		assert_string_equal(lines_of(room, &form.undo), rows[i].undo);
		assert_string_equal(file_of(&form, "docker"), "--pids-limit 2000");
	}
}

/* What the host calls something is one word, whatever it holds. */
static void names_run_nothing(void **state)
{
	struct room *room = *state;
	const struct limit_holder holder = {.unit = "a$(touch x)'.service"};
	both(room, "limits.nofile.soft", 1, 2);
	both(room, "limits.nofile.hard", 1, 2);
	const struct fix_form form = make_form(room, &holder, "nofile-hard", 1, 2);
	assert_string_equal(shell_line(room->arena, &form.commands.items[3]),
			"systemctl restart 'a$(touch x)'\\''.service'");
	const char *remark;
	const struct shell_script two =
			shell_parse(room->arena, "a \"b c\"  d='e f' && g # say this", &remark);
	assert_int_equal(two.count, 2);
	assert_string_equal(shell_line(room->arena, &two.items[0]), "a 'b c' d=\"e f\"");
	assert_string_equal(remark, "say this");
}

/* Whatever the width: a shell that gets the lines sees the same words. */
static void any_width(void **state)
{
	struct room *room = *state;
	static const char *const words[] = {"printf",
			"<%s>",
			"a b",
			"net.ipv4.ip_local_reserved_ports=34110,34147,34184,34221,34258,34295,34332,34369",
			"it's",
			"$HOME `id` \\",
			"",
			"net.ipv4.ip_local_port_range=20000 60999",
			"tail"};
	static const char want[] =
			"<a b>"
			"<net.ipv4.ip_local_reserved_ports=34110,34147,34184,34221,34258,34295,34332,34369>"
			"<it's><$HOME `id` \\><><net.ipv4.ip_local_port_range=20000 60999><tail>";
	cJSON *node = cJSON_CreateObject();
	cJSON *command = cJSON_CreateObject();
	cJSON *list = cJSON_AddArrayToObject(command, "words");
	for (size_t i = 0; i < COUNT_OF(words); i++)
		(void)cJSON_AddItemToArray(list, cJSON_CreateString(words[i]));
	(void)cJSON_AddItemToArray(cJSON_AddArrayToObject(node, "commands"), command);
	for (size_t width = 20; width <= 140; width += 20) {
		const struct script_place place = {"  1  ", "     ", width};
		struct text out = {0};
		char got[sizeof want + 8] = "";
		assert_true(script_add(room->arena, &out, node, "commands", &place));
		const char *script = strchr(text_string(&out), 'p');
		const char *line = arena_printf(room->arena, "sh <<'END'\n%s\nEND\n", script);
		FILE *shell = popen(line, "r");
		assert_non_null(shell);
		size_t length = fread(got, 1, sizeof got - 1, shell);
		(void)pclose(shell);
		got[length] = '\0';
		assert_string_equal(got, want);
		text_release(&out);
	}
	cJSON_Delete(node);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(open_files, set_up, tear_down),
			cmocka_unit_test_setup_teardown(who_may_raise, set_up, tear_down),
			cmocka_unit_test_setup_teardown(within_the_hard_limit, set_up, tear_down),
			cmocka_unit_test_setup_teardown(own_file, set_up, tear_down),
			cmocka_unit_test_setup_teardown(smallest_of_a_container, set_up, tear_down),
			cmocka_unit_test_setup_teardown(what_no_login_started, set_up, tear_down),
			cmocka_unit_test_setup_teardown(network_settings, set_up, tear_down),
			cmocka_unit_test_setup_teardown(threads_of_a_container, set_up, tear_down),
			cmocka_unit_test_setup_teardown(names_run_nothing, set_up, tear_down),
			cmocka_unit_test_setup_teardown(any_width, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
