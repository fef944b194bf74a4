/* Which commands listen on which port. */
#include <string.h>

#include "base/ascii.h"
#include "model/lint/names.h"
#include "model/lint/ports.h"
#include "model/lint/shell.h"

enum {
	COMMAND_DEPTH_MAX = 4,
	SHORT_NAME = 2
};

/* Programs that connect: what they call a port is another program's. */
static const char *const clients[] = {"psql",
		"pg_dump",
		"pg_dumpall",
		"pg_restore",
		"pg_isready",
		"pg_basebackup",
		"createdb",
		"createuser",
		"dropdb",
		"dropuser",
		"vacuumdb",
		"pgbench",
		"mysql",
		"mysqladmin",
		"mysqldump",
		"mysqlslap",
		"mariadb",
		"mariadb-admin",
		"mariadb-dump",
		"redis-cli",
		"valkey-cli",
		"redis-benchmark",
		"valkey-benchmark",
		"memtier_benchmark",
		"mongo",
		"mongosh",
		"mongodump",
		"mongorestore",
		"mongoimport",
		"mongoexport",
		"clickhouse-client",
		"cqlsh",
		"sqlcmd",
		"sqlplus",
		"etcdctl",
		"influx",
		"nats",
		"kcat",
		"kafkacat",
		"rabbitmqadmin",
		"mosquitto_pub",
		"mosquitto_sub",
		"curl",
		"wget",
		"http",
		"https",
		"grpcurl",
		"ghz",
		"wrk",
		"ab",
		"hey",
		"k6",
		"vegeta",
		"h2load",
		"oha",
		"siege",
		"telnet",
		"nmap",
		"ping",
		"scp",
		"sftp",
		"ssh",
		"ssh-keyscan",
		"ssh-copy-id",
		"autossh",
		"rsync",
		"lsof",
		"fuser",
		"ss",
		"netstat",
		"kill-port",
		"wait-for-it",
		"wait-for-it.sh",
		"wait-for",
		"wait-on",
		"wait4x",
		"wait-port",
		"dockerize",
		"iptables",
		"ip6tables",
		"nft",
		"ufw",
		"firewall-cmd",
		"tcpdump",
		"echo",
		"printf",
		"grep",
		"sed",
		"awk",
		"sleep",
		"export",
		"test",
		"[",
		"[[",
		"seq",
		"adb",
		"snmpget",
		"snmpwalk",
		"dig",
		"nslookup",
		"ldapsearch",
		"openssl",
		"git",
		"EXPOSE",
		NULL};

/* Programs whose -p or -P is the port that they listen on. */
static const char *const listeners[] = {"postgres",
		"pg_ctl",
		"pg_ctlcluster",
		"postmaster",
		"memcached",
		"sshd",
		"dropbear",
		"rails",
		"rackup",
		"puma",
		"thin",
		"unicorn",
		"jekyll",
		"hugo",
		"next",
		"http-server",
		"json-server",
		"live-server",
		"serve",
		"ganache",
		"ganache-cli",
		"testrpc",
		"hardhat",
		"anvil",
		"flask",
		"nats-server",
		"gnatsd",
		"mosquitto",
		"iperf",
		"iperf3",
		"dnsmasq",
		"mysqld",
		"mysqld_safe",
		"mariadbd",
		"vite",
		"astro",
		"gatsby",
		"nuxt",
		"webpack-dev-server",
		"parcel",
		"ng",
		"php",
		"prism",
		"mockserver",
		"start-storybook",
		"storybook",
		"verdaccio",
		"smtp4dev",
		"rerun",
		"turnserver",
		"squid",
		"tinyproxy",
		"dynamodb-local",
		"mkdocs",
		"sirv",
		"http.server",
		"SimpleHTTPServer",
		"daphne",
		"waitress-serve",
		NULL};

/* What only starts the program behind it. */
static const char *const starters[] = {"sudo",
		"doas",
		"env",
		"nohup",
		"time",
		"exec",
		"command",
		"nice",
		"setsid",
		"npx",
		"bunx",
		"pnpx",
		"pnpm",
		"yarn",
		"npm",
		"bun",
		"run",
		"dlx",
		"uv",
		"poetry",
		"pipenv",
		"hatch",
		"pdm",
		"bundle",
		"cross-env",
		"xvfb-run",
		"dotenv",
		"then",
		"do",
		"else",
		"if",
		"while",
		"until",
		"!",
		"{",
		"@",
		"-",
		"start",
		"web:",
		"stdbuf",
		"coproc",
		NULL};

struct command_reader {
	struct lint_scan *scan;
	const struct shell_command *command;
	struct slice program;
	size_t first; /* of its arguments */
	bool is_known, connects;
};

static struct slice base_of_program(struct slice path)
{
	const char *slash = slice_last_char(path, '/');
	if (slash)
		return slice_between(slash + 1, slice_end(path));
	return path;
}

static const struct shell_word *lint_word_at(const struct command_reader *reader, size_t index)
{
	static const struct shell_word none = {{NULL, 0}, 0};
	if (index >= reader->command->count)
		return &none;
	return &reader->command->words[index];
}

static bool is_assigning(struct slice word)
{
	size_t length = 0;
	while (ascii_is_name(slice_byte(word, length)))
		length++;
	return length > 0 && slice_byte(word, length) == '=' && !ascii_is_digit(word.at[0]);
}

/* NAME=value: kept for what follows; a port that a program takes from it counts here. */
static void take_assignment(struct lint_scan *scan, const struct shell_word *word, bool for_program)
{
	const char *equals = slice_char(word->text, '=');
	struct slice name = slice_between(word->text.at, equals);
	struct slice value = slice_between(equals + 1, slice_end(word->text));
	struct lint_range ports;
	lint_set_name(scan, name, value, word->line);
	struct lint_value expanded = lint_expand(scan, value, word->line);
	if (!for_program || !name_is_own_port(name))
		return;
	if (lint_local_address(expanded.text, &ports))
		lint_add_at(scan, expanded.file, expanded.line, ports, slice_text(scan->arena, name));
}

/* --- options -------------------------------------------------------------------------------- */

struct option_word {
	struct slice name, value;
	size_t line;
	bool is_long;
};

static bool option_at(const struct command_reader *reader, size_t index, struct option_word *ret)
{
	const struct shell_word *word = lint_word_at(reader, index);
	struct slice text = word->text;
	if (slice_byte(text, 0) != '-' || text.length < SHORT_NAME)
		return false;
	*ret = (struct option_word){.line = word->line, .is_long = text.length > SHORT_NAME};
	while (slice_begins(text, "-"))
		text = slice_after(text, 1);
	const char *equals = slice_char(text, '=');
	ret->name = text;
	if (equals) {
		ret->name = slice_between(text.at, equals);
		ret->value = slice_between(equals + 1, slice_end(text));
		return true;
	}
	const struct shell_word *next = lint_word_at(reader, index + 1);
	ret->value = next->text;
	if (ret->value.length > 0)
		ret->line = next->line;
	return true;
}

/* "--host db.example": a client, unless the host is this one. */
static bool names_other_host(const struct command_reader *reader)
{
	static const char *const names[] = {"host", "hostname", "server", "h", "url", NULL};
	static const char *const here[] = {"0.0.0.0", "::", "*", "127.0.0.1", "localhost", "", NULL};
	struct option_word option;
	for (size_t i = reader->first; i < reader->command->count; i++) {
		if (!option_at(reader, i, &option) || !slice_in(option.name, names))
			continue;
		struct lint_value value = lint_expand(reader->scan, option.value, option.line);
		bool known = !slice_begins(value.text, "-") && !slice_begins(value.text, "$");
		if (known && !slice_in(value.text, here))
			return true;
	}
	return false;
}

static bool is_address_name(struct slice name)
{
	static const char *const names[] = {"addr", "address", "http", "https", "grpc", "b", NULL};
	return slice_in(name, names) || name_has_word(name, "addr");
}

/* "-p": of programs that are known to listen. "--port" of any that does not connect. */
static enum name_says commands_option_says(const struct command_reader *reader, struct slice name)
{
	static const char *const debuggers[] = {"inspect", "inspect-brk", "inspect-port", NULL};
	if (slice_in(name, debuggers))
		return NAME_LISTENS;
	if (slice_is(name, "p") || slice_is(name, "P")) {
		if (reader->is_known)
			return NAME_PORT;
		return NAME_NO_PORT;
	}
	enum name_says says = name_says(name);
	if (says == NAME_PORT && name_is_of_client(name) && !reader->is_known)
		return NAME_OTHER;
	return says;
}

static void read_one_option(const struct command_reader *reader, const struct option_word *option)
{
	struct lint_scan *scan = reader->scan;
	const char *what = arena_printf(scan->arena,
			"%s --%s",
			slice_text(scan->arena, slice_cut(reader->program, 40)),
			slice_text(scan->arena, slice_cut(option->name, 40)));
	if (!option->is_long)
		what = arena_printf(scan->arena, "%s", slice_text(scan->arena, reader->program));
	struct lint_value value = lint_expand(scan, option->value, option->line);
	struct lint_range ports;
	enum name_says says = commands_option_says(reader, option->name);
	bool plain = lint_ports_of(value.text, &ports);
	/* "-port 0.0.0.0:54320": a port with the interface it is on. */
	if (says == NAME_PORT && !plain && lint_local_address(value.text, &ports))
		says = NAME_LISTENS;
	else if (says == NAME_PORT && !plain)
		says = NAME_NO_PORT;
	/* An address without a host, or with that of every interface, is one to listen on. */
	if (says == NAME_NO_PORT && is_address_name(option->name) && !plain &&
			lint_local_address(value.text, &ports))
		says = NAME_LISTENS;
	if (says == NAME_LISTENS && !lint_address(value.text, &ports))
		return;
	if (says == NAME_PORT || says == NAME_LISTENS)
		lint_add_at(scan, value.file, value.line, ports, what);
}

/* "-p54320" of a server, "-Dserver.port=54320" are read as --name=value. */
static void read_options(const struct command_reader *reader)
{
	struct option_word option;
	if (reader->connects || names_other_host(reader))
		return;
	for (size_t i = reader->first; i < reader->command->count; i++) {
		if (!option_at(reader, i, &option))
			continue;
		if (slice_begins(option.name, "Dhttp.proxy") || slice_begins(option.name, "Dhttps.proxy"))
			continue;
		read_one_option(reader, &option);
	}
}

/* --- programs of their own kind ------------------------------------------------------------- */

/* docker run -p HOST:CONTAINER; beside the host's network -p does nothing, and what the container
 * is told to listen on counts instead. */
static void read_engine(struct command_reader *reader)
{
	bool on_host = false;
	struct option_word option;
	for (size_t i = reader->first; i < reader->command->count; i++) {
		if (!option_at(reader, i, &option))
			continue;
		bool network = slice_is(option.name, "network") || slice_is(option.name, "net");
		on_host |= network && slice_is(option.value, "host");
	}
	for (size_t i = reader->first; i < reader->command->count && !on_host; i++) {
		if (!option_at(reader, i, &option))
			continue;
		if (slice_is(option.name, "p") || slice_is(option.name, "publish"))
			lint_add_published(reader->scan, option.value, option.line, "docker run -p");
		else if (slice_begins(option.name, "p") && ascii_is_digit(slice_byte(option.name, 1)))
			lint_add_published(reader->scan,
					slice_after(option.name, 1),
					option.line,
					"docker run -p");
	}
	if (on_host)
		read_options(reader);
}

static bool is_engine(const struct command_reader *reader)
{
	static const char *const names[] = {"docker", "podman", "nerdctl", NULL};
	static const char *const verbs[] = {"run", "create", NULL};
	if (!slice_in(reader->program, names))
		return false;
	struct slice verb = lint_word_at(reader, reader->first)->text;
	struct slice second = lint_word_at(reader, reader->first + 1)->text;
	if (slice_is(verb, "container") || slice_is(verb, "pod"))
		return slice_in(second, verbs);
	return slice_in(verb, verbs);
}

/* kubectl port-forward NAME LOCAL:REMOTE, or PORT alone. */
static bool read_port_forward(struct command_reader *reader)
{
	static const char *const names[] = {"kubectl", "oc", "k3s", "minikube", "microk8s", NULL};
	bool forwards = false;
	if (!slice_in(reader->program, names))
		return false;
	for (size_t i = reader->first; i < reader->command->count; i++) {
		const struct shell_word *word = lint_word_at(reader, i);
		struct lint_value value = lint_expand(reader->scan, word->text, word->line);
		struct lint_range ports;
		if (slice_is(word->text, "port-forward"))
			forwards = true;
		else if (forwards &&
				(lint_published(value.text, &ports) || lint_ports_of(value.text, &ports)))
			lint_add_at(reader->scan, value.file, value.line, ports, "kubectl port-forward");
	}
	return true;
}

/* ssh -L [ADDRESS:]PORT:HOST:PORT, ssh -D PORT */
static bool read_tunnel(struct command_reader *reader)
{
	struct option_word option;
	if (!slice_is(reader->program, "ssh") && !slice_is(reader->program, "autossh"))
		return false;
	for (size_t i = reader->first; i < reader->command->count; i++) {
		struct lint_range ports;
		if (!option_at(reader, i, &option))
			continue;
		struct lint_value value = lint_expand(reader->scan, option.value, option.line);
		struct slice text = value.text;
		if (slice_is(option.name, "L")) {
			const char *colon = slice_last_char(text, ':');
			if (colon)
				colon = slice_last_char(slice_between(text.at, colon), ':');
			text = slice_between(text.at, colon);
		} else if (!slice_is(option.name, "D")) {
			continue;
		}
		if (text.length > 0 && lint_address(text, &ports))
			lint_add_at(reader->scan, value.file, value.line, ports, "ssh tunnel");
	}
	return true;
}

/* nc -l PORT, socat TCP-LISTEN:PORT, python -m http.server PORT, php -S ADDRESS, qemu hostfwd= */
static bool read_words_of(struct command_reader *reader)
{
	static const char *const netcats[] = {"nc", "ncat", "netcat", NULL};
	bool netcat = slice_in(reader->program, netcats);
	bool http = slice_is(reader->program, "http.server") ||
			slice_is(reader->program, "SimpleHTTPServer");
	bool php = false;
	bool listens = http;
	for (size_t i = reader->first; i < reader->command->count; i++) {
		const struct shell_word *word = lint_word_at(reader, i);
		struct slice text = word->text;
		struct lint_range ports;
		if (netcat && slice_byte(text, 0) == '-' && slice_char(text, 'l'))
			listens = true;
		php |= slice_is(reader->program, "php") && slice_is(text, "-S");
		const char *mark = slice_find(text, "-LISTEN:");
		if (mark)
			text = slice_between(mark + strlen("-LISTEN:"), slice_end(text));
		const char *forward = slice_find(text, "hostfwd=");
		if (forward) {
			text = slice_between(forward + strlen("hostfwd="), slice_end(text));
			const char *dash = slice_char(text, '-');
			if (dash)
				text = slice_between(text.at, dash);
		}
		if (!listens && !mark && !forward && !php)
			continue;
		struct lint_value value = lint_expand(reader->scan, text, word->line);
		bool whole = lint_ports_of(value.text, &ports);
		if (whole || ((mark || forward || php) && lint_address(value.text, &ports)))
			lint_add_at(reader->scan,
					value.file,
					value.line,
					ports,
					slice_text(reader->scan->arena, reader->program));
	}
	return netcat;
}

/* k3d cluster create -p "54320:80@loadbalancer" --api-port 56443 */
static bool read_k3d(struct command_reader *reader)
{
	struct option_word option;
	if (!slice_is(reader->program, "k3d"))
		return false;
	for (size_t i = reader->first; i < reader->command->count; i++) {
		if (!option_at(reader, i, &option))
			continue;
		const char *filter = slice_char(option.value, '@');
		if (filter)
			option.value = slice_between(option.value.at, filter);
		if (slice_is(option.name, "p") || slice_is(option.name, "port"))
			lint_add_published(reader->scan, option.value, option.line, "k3d -p");
		else if (slice_is(option.name, "api-port"))
			lint_add_address(reader->scan, option.value, option.line, "k3d --api-port");
	}
	return true;
}

static void read_command_line(struct lint_scan *scan, struct slice text, size_t line)
{
	struct shell_command *inner = arena_alloc(scan->arena, sizeof *inner);
	scan->depth++;
	while (shell_next(scan->arena, &text, &line, inner))
		lint_read_command(scan, inner);
	scan->depth--;
}

/* Jenkins: args '-p 54320:80', image.withRun('-p 54320:80'), which docker run is given. */
static void read_container_arguments(struct lint_scan *scan, const struct shell_command *command)
{
	if (!slice_ends(slice_of(lint_file_of(scan)->path), "Jenkinsfile"))
		return;
	size_t at = slice_is(command->words[0].text, "args");
	if (command->count != at + 1 || !slice_begins(command->words[at].text, "-") ||
			!slice_char(command->words[at].text, ' '))
		return;
	const char *text = slice_text(scan->arena, command->words[at].text);
	const char *line = arena_printf(scan->arena, "docker run %s", text);
	read_command_line(scan, slice_of(line), command->words[at].line);
}

/* pg_ctl -o "-p 54320", sh -c "…", concurrently "…": words that are command lines themselves. */
static void read_inner(struct command_reader *reader)
{
	static const char *const shells[] = {"sh",
			"bash",
			"zsh",
			"ash",
			"dash",
			"concurrently",
			"start-server-and-test",
			"pg_ctl",
			"su",
			"runuser",
			"eval",
			"bat",
			"powershell",
			NULL};
	if (!slice_in(reader->program, shells) || reader->scan->depth >= COMMAND_DEPTH_MAX)
		return;
	for (size_t i = reader->first; i < reader->command->count; i++) {
		const struct shell_word *word = lint_word_at(reader, i);
		struct slice text = word->text;
		if (!slice_char(text, ' '))
			continue;
		if (slice_is(reader->program, "pg_ctl"))
			text = slice_of(arena_printf(reader->scan->arena,
					"postgres %s",
					slice_text(reader->scan->arena, text)));
		read_command_line(reader->scan, text, word->line);
	}
}

/* "./client", "greeter_client" */
static bool is_client_program(struct slice program)
{
	return slice_is(program, "client") || slice_ends(program, "-client") ||
			slice_ends(program, "_client");
}

static void read_program(struct command_reader *reader)
{
	reader->connects = slice_in(reader->program, clients) || is_client_program(reader->program);
	reader->is_known = slice_in(reader->program, listeners) ||
			slice_ends(reader->program, "-server") || slice_ends(reader->program, "server");
	if (slice_is(reader->program, "iperf3") || slice_is(reader->program, "iperf")) {
		bool serves = false;
		for (size_t i = reader->first; i < reader->command->count; i++)
			serves |= slice_is(lint_word_at(reader, i)->text, "-s");
		reader->connects = !serves;
	}
	if (is_engine(reader)) {
		read_engine(reader);
		return;
	}
	static const char *const engines[] = {"docker", "podman", "nerdctl", "docker-compose", NULL};
	if (slice_in(reader->program, engines))
		return;
	if (read_port_forward(reader) || read_tunnel(reader) || read_k3d(reader))
		return;
	read_inner(reader);
	if (!read_words_of(reader))
		read_options(reader);
}

/* Passes over what only starts another program. */
static size_t program_index(const struct shell_command *command)
{
	size_t i = 0;
	while (i < command->count) {
		struct slice word = base_of_program(command->words[i].text);
		while (slice_begins(word, "@") && word.length > 1)
			word = slice_after(word, 1);
		bool timeout = slice_is(word, "timeout") || slice_is(word, "gtimeout");
		bool module = slice_begins(word, "python") && i + 2 < command->count &&
				slice_is(command->words[i + 1].text, "-m");
		if (timeout || module)
			i += 2;
		else if (!slice_in(word, starters) && !is_assigning(word) && !slice_begins(word, "-"))
			break;
		else
			i++;
	}
	return i;
}

void lint_read_command(struct lint_scan *scan, struct shell_command *command)
{
	size_t at = program_index(command);
	bool exports = command->count > 0 && slice_is(command->words[0].text, "export");
	bool for_program = at < command->count || exports;
	for (size_t i = 0; i < command->count && (i < at || exports); i++) {
		if (is_assigning(command->words[i].text))
			take_assignment(scan, &command->words[i], for_program);
	}
	if (at >= command->count || exports)
		return;
	struct command_reader reader = {
			.scan = scan,
			.command = command,
			.program = base_of_program(command->words[at].text),
			.first = at + 1,
	};
	while (slice_begins(reader.program, "@") || slice_begins(reader.program, "-"))
		reader.program = slice_after(reader.program, 1);
	read_program(&reader);
}

void lint_read_shell(struct lint_scan *scan, struct slice text, size_t line)
{
	struct shell_command *command = arena_alloc(scan->arena, sizeof *command);
	struct slice rest = text;
	size_t number = line;
	while (shell_next(scan->arena, &rest, &number, command)) {
		lint_read_command(scan, command);
		read_container_arguments(scan, command);
	}
	lint_read_cures(scan, text, line);
}
