/* Commands of a shell's text that are passed over: they make no load, set a host up, or start what
 * stays beside the load. */
#include "probes/plan/command/shell_passed.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"

bool shell_runs_program(const struct shell_command *command, const char *word)
{
	return command->words.count && !strcmp(command->words.items[0], word);
}

/* The program without its path: ./wait-for-it.sh */
static const char *program_name(const struct shell_command *command)
{
	const char *word = shell_word_at(command, 0);
	const char *slash = strrchr(word, '/');
	if (slash) {
		return slash + 1;
	}
	return word;
}

/* Builtins and programs that make no load, or one connection: they wait for a server, look at the
 * host, set it up, or work on files. */
static const char *const harmless[] = {"cd",
		"set",
		"true",
		":",
		"false",
		"exit",
		"return",
		"break",
		"continue",
		"shift",
		"local",
		"declare",
		"typeset",
		"readonly",
		"read",
		"getopts",
		"mapfile",
		"readarray",
		"let",
		"((",
		"[[",
		"trap",
		"pushd",
		"popd",
		"echo",
		"printf",
		"sleep",
		"date",
		"test",
		"[",
		"mkdir",
		"rmdir",
		"mktemp",
		"rm",
		"ln",
		"chmod",
		"chown",
		"tar",
		"gzip",
		"zip",
		"unzip",
		"ls",
		"cp",
		"mv",
		"touch",
		"tee",
		"grep",
		"egrep",
		"sed",
		"awk",
		"sort",
		"uniq",
		"cut",
		"tr",
		"wc",
		"bc",
		"column",
		"seq",
		"diff",
		"tail",
		"head",
		"jq",
		"yq",
		"pwd",
		"basename",
		"dirname",
		"realpath",
		"cat",
		"umask",
		"unset",
		"shopt",
		"kill",
		"pkill",
		"killall",
		"ps",
		"pgrep",
		"jobs",
		"which",
		"type",
		"hash",
		"curl",
		"wget",
		"nproc",
		"lscpu",
		"free",
		"uname",
		"hostname",
		"whoami",
		"id",
		"ss",
		"netstat",
		"git",
		"gnuplot",
		"sync",
		"clear",
		"tput",
		"logger",
		"expr",
		"cmp",
		"comm",
		"paste",
		"join",
		"xxd",
		"od",
		"md5sum",
		"sha256sum",
		"base64",
		"envsubst",
		"mkfifo",
		"truncate",
		"dd",
		"stty",
		"install",
		"less",
		"more",
		"split",
		"tac",
		"rev",
		"nl",
		"fold",
		"shuf",
		"numfmt",
		"printenv",
		"disown",
		"times",
		"pg_isready",
		"psql",
		"createdb",
		"dropdb",
		"createuser",
		"mysql",
		"mysqladmin",
		"redis-cli",
		"valkey-cli",
		"mongosh",
		"nc",
		"ncat",
		"netcat",
		"telnet",
		"grpcurl",
		"grpc_health_probe",
		"rabbitmqctl",
		"rabbitmqadmin",
		"vmstat",
		"iostat",
		"mpstat",
		"pidstat",
		"sar",
		"dstat",
		"top",
		"htop",
		"nmon",
		"lsof",
		"fuser",
		"ifconfig",
		"ethtool",
		"dmesg",
		"journalctl",
		"tcpdump",
		"uptime",
		"df",
		"du",
		"stat",
		"file",
		"nvidia-smi",
		"getconf",
		"ldd",
		"systemctl",
		"service",
		"sysctl",
		"apt",
		"apt-get",
		"yum",
		"dnf",
		"apk",
		"brew",
		"pip",
		"pip3",
		"cmake",
		"gcc",
		"ssh-keygen",
		"aws",
		"gcloud",
		"az",
		"terraform",
		"rsync",
		"scp"};

/* docker pull, docker rm …: no container is started, or one in the background that is no load test.
 */
static bool only_manages(const struct shell_command *command)
{
	static const char *const engines[] = {"docker", "podman", "nerdctl"};
	static const char *const subcommands[] = {"pull",
			"build",
			"rm",
			"stop",
			"kill",
			"logs",
			"ps",
			"inspect",
			"images",
			"network",
			"volume",
			"info",
			"version",
			"login",
			"wait",
			"tag",
			"push",
			"image",
			"system",
			"cp"};
	bool engine = false;
	for (size_t i = 0; i < COUNT_OF(engines); i++) {
		engine |= shell_runs_program(command, engines[i]);
	}
	for (size_t i = 0; engine && command->words.count > 1 && i < COUNT_OF(subcommands); i++) {
		if (!strcmp(subcommands[i], command->words.items[1])) {
			return true;
		}
	}
	return false;
}

/* docker compose pull: no service is started. */
static bool manages_compose(const char *subcommand)
{
	static const char *const subcommands[] =
			{"pull", "build", "down", "stop", "rm", "logs", "ps", "config", "kill", "version"};
	for (size_t i = 0; i < COUNT_OF(subcommands); i++) {
		if (!strcmp(subcommands[i], subcommand)) {
			return true;
		}
	}
	return false;
}

/* docker run -d -p 80:80 IMAGE: a server, whatever the image is. */
bool shell_starts_server(const struct shell_command *command)
{
	bool runs = shell_runs_program(command, "docker") || shell_runs_program(command, "podman");
	bool detached = false;
	bool published = false;
	if (!runs || strcmp(shell_word_at(command, 1), "run") != 0) {
		return false;
	}
	for (size_t i = 2; i < command->words.count; i++) {
		const char *word = command->words.items[i];
		bool letters = word[0] == '-' && strspn(word + 1, "ditP") == strlen(word + 1);
		if (!strcmp(word, "--detach") || (letters && strchr(word, 'd'))) {
			detached = true;
		}
		if (text_begins_with(word, "--publish") || text_begins_with(word, "-p")) {
			published = true;
		}
	}
	return detached && published;
}

/* docker compose up -d: services that stay. */
bool shell_starts_services(const struct shell_command *command)
{
	size_t at = 1;
	if (!strcmp(shell_word_at(command, 0), "docker") &&
			!strcmp(shell_word_at(command, 1), "compose")) {
		at = 2;
	} else if (strcmp(shell_word_at(command, 0), "docker-compose") != 0) {
		return false;
	}
	bool up = false;
	for (; at < command->words.count; at++) {
		const char *word = command->words.items[at];
		up |= !strcmp(word, "up");
		if (up && (!strcmp(word, "-d") || !strcmp(word, "--detach") || !strcmp(word, "--wait"))) {
			return true;
		}
	}
	return false;
}

/* go build, npm ci, kubectl wait: nothing is started that stays. */
static bool only_sets_up(const struct shell_command *command)
{
	static const struct {
		const char *program, *subcommand;
	} setups[] = {
			{"cargo", "build"},
			{"cargo", "install"},
			{"cargo", "fetch"},
			{"cargo", "clean"},
			{"openssl", "req"},
			{"openssl", "rand"},
			{"openssl", "x509"},
			{"openssl", "genrsa"},
			{"openssl", "ecparam"},
			{"openssl", "version"},
			{"ip", "addr"},
			{"ip", "address"},
			{"ip", "link"},
			{"ip", "route"},
			{"go", "build"},
			{"go", "install"},
			{"go", "get"},
			{"go", "mod"},
			{"go", "version"},
			{"go", "env"},
			{"npm", "ci"},
			{"npm", "install"},
			{"npm", "i"},
			{"yarn", "install"},
			{"pnpm", "install"},
			{"kubectl", "wait"},
			{"kubectl", "get"},
			{"kubectl", "rollout"},
			{"kubectl", "logs"},
			{"kubectl", "delete"},
			{"kubectl", "describe"},
	};
	const char *second = shell_word_at(command, 1);
	if (shell_runs_program(command, "docker-compose")) {
		return manages_compose(second);
	}
	if (shell_runs_program(command, "docker") && !strcmp(second, "compose")) {
		return manages_compose(shell_word_at(command, 2));
	}
	for (size_t i = 0; i < COUNT_OF(setups); i++) {
		if (!shell_runs_program(command, setups[i].program)) {
			continue;
		}
		if (!strcmp(second, setups[i].subcommand)) {
			return true;
		}
	}
	return false;
}

/* command -v NAME */
static bool only_asks(const struct shell_command *command)
{
	return shell_runs_program(command, "command") && command->words.count > 1 &&
			(command->words.items[1][0] == '-' && command->words.items[1][1] &&
					strchr("vV", command->words.items[1][1]));
}

bool shell_does_nothing(const struct shell_command *command)
{
	const char *name = program_name(command);
	for (size_t i = 0; i < COUNT_OF(harmless); i++) {
		if (!strcmp(name, harmless[i])) {
			return true;
		}
	}
	if (shell_runs_program(command, "exec") && command->words.count == 1) { /* exec >log */
		return true;
	}
	return only_manages(command) || only_sets_up(command) || only_asks(command);
}

/* python3 app.py, npm start: of these nothing is read, and each is a program of its own. */
bool shell_starts_unread(const struct plan_command *candidate)
{
	static const char *const managers[] = {"npm", "pnpm", "yarn"};
	const char *name = candidate->words[0];
	for (size_t i = 0; i < COUNT_OF(managers); i++) {
		if (!strcmp(name, managers[i])) {
			return candidate->count > 1 && !strcmp(candidate->words[1], "start");
		}
	}
	return text_begins_with(name, "python");
}
