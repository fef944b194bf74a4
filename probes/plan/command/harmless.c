#include "probes/plan/command/harmless.h"

#include <string.h>
#include <strings.h>

#include "base/address.h"
#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"

#define DIGITS  "0123456789"
#define LOWER   "abcdefghijklmnopqrstuvwxyz"
#define UPPER   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTERS LOWER UPPER

enum {
	NAME_MAX_CHARS = 40,
	TOKEN_CHARS = 16 /* from here on, letters and digits together look like a token */
};

static bool is_one_of(const char *const *list, size_t count, const char *text, size_t length)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(list[i]) == length && !strncmp(list[i], text, length))
			return true;
	}
	return false;
}

static bool consists_of(const char *text, size_t length, const char *characters)
{
	return length > 0 && strspn(text, characters) >= length;
}

/* --- numbers
 * ------------------------------------------------------------------------------------ */

/* Words that stand among numbers. */
static const char *const number_words[] = {
		"unlimited",
		"infinity",
		"soft",
		"hard",
		"max",
		"auto",
		"inf",
};

/* "30s", "1.5e3", "-1", "50%", "4KiB", "1000/s": digits, then a unit of a few letters. */
static bool is_quantity(const char *text, size_t length)
{
	enum {
		UNIT_CHARS = 5
	};
	size_t at = 0;
	if (length > 0 && strchr("+-", text[0]))
		at = 1;
	size_t digits = strspn(text + at, DIGITS "._");
	if (digits == 0 || digits > 24)
		return is_one_of(number_words, COUNT_OF(number_words), text, length);
	at += digits;
	if (at >= length)
		return true;
	size_t unit = length - at;
	return unit <= UNIT_CHARS && strspn(text + at, LETTERS DIGITS "%/") >= unit;
}

bool harmless_number(const char *text)
{
	if (!*text)
		return true;
	for (;;) {
		size_t length = strcspn(text, ":,;x@=");
		if (!is_quantity(text, length))
			return false;
		if (!text[length])
			return true;
		text += length + 1;
	}
}

/* --- addresses
 * ------------------------------------------------------------------------------------ */

static bool is_port(const char *text)
{
	size_t length = strlen(text);
	return length > 0 && length <= 5 && strspn(text, DIGITS) == length;
}

/* Lower-case labels with a dot: a token has capitals, and a word that might be one has no dot. */
static bool is_host_name(const char *text, size_t length)
{
	static const char *const known[] = {"localhost", "server", "target", "host"};
	if (is_one_of(known, COUNT_OF(known), text, length))
		return true;
	if (length > 100 || !consists_of(text, length, LOWER DIGITS "-."))
		return false;
	const char *dot = memchr(text, '.', length);
	if (!dot || dot == text || !ascii_is_lower(text[length - 1]))
		return false;
	return true;
}

static bool is_host(const char *text, size_t length)
{
	if (length > 2 && text[0] == '[' && text[length - 1] == ']')
		return consists_of(text + 1, length - 2, DIGITS "abcdefABCDEF:.%" LOWER);
	if (consists_of(text, length, DIGITS "."))
		return true;
	return is_host_name(text, length);
}

bool harmless_address(const char *text)
{
	const char *colon = strrchr(text, ':');
	const char *bracket = strrchr(text, ']');
	if (strlen(text) > 1 && strchr(text, ':') != colon && !bracket)
		return consists_of(text, strlen(text), DIGITS "abcdefABCDEF:.");
	if (colon && (!bracket || bracket < colon))
		return is_port(colon + 1) && is_host(text, (size_t)(colon - text));
	return is_host(text, strlen(text));
}

/* In a URL any name of a host is one. */
static bool is_authority(const char *text, size_t length)
{
	return length > 0 && length <= 120 && strspn(text, LETTERS DIGITS "-.:[]_%") >= length;
}

/* Path, query and fragment: that there is one, not what it says. */
static void add_hidden_rest(struct text *out, const char *rest)
{
	if (*rest == '/') {
		text_add(out, "/");
		size_t length = strcspn(rest, "?#");
		if (length > 1)
			text_add(out, "***");
		rest += length;
	}
	if (*rest)
		text_addf(out, "%c***", *rest);
}

const char *harmless_url(struct arena *arena, const char *text)
{
	const char *scheme = strstr(text, "://");
	if (!scheme || !consists_of(text, (size_t)(scheme - text), LETTERS DIGITS "+"))
		return NULL;
	const char *authority = scheme + 3;
	const char *end = authority + strcspn(authority, "/?#");
	const char *at = memrchr(authority, '@', (size_t)(end - authority));
	struct text out = {0};
	text_add_bytes(&out, text, (size_t)(authority - text));
	if (at) {
		text_add(&out, "***@");
		authority = at + 1;
	}
	if (is_authority(authority, (size_t)(end - authority)))
		text_add_bytes(&out, authority, (size_t)(end - authority));
	else
		text_add(&out, "***");
	add_hidden_rest(&out, end);
	return text_take(arena, &out);
}

/* --- files
 * ------------------------------------------------------------------------------------ */

static const char *const endings[] = {
		".js",
		".mjs",
		".ts",
		".lua",
		".py",
		".rb",
		".go",
		".sh",
		".scala",
		".java",
		".jmx",
		".jtl",
		".yml",
		".yaml",
		".json",
		".xml",
		".dtd",
		".txt",
		".csv",
		".tsv",
		".conf",
		".cfg",
		".config",
		".toml",
		".ini",
		".har",
		".html",
		".log",
		".bin",
		".gz",
		".tar",
		".tgz",
		".zip",
		".pem",
		".crt",
		".key",
		".proto",
		".protoset",
		".md",
		".out",
		".data",
		".properties",
		".env",
		".erl",
		".jar",
		".rc",
		".http",
		".targets",
		".hdr",
		".pdf",
		".png",
		".prom",
		".sock",
		".service",
};

static bool has_ending(const char *text)
{
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		if (text_ends_with(text, endings[i]))
			return true;
	}
	return false;
}

/* Long, with letters and digits: no name that a person gives. */
static bool is_token(const char *text, size_t length)
{
	bool digit = false, letter = false;
	if (length < TOKEN_CHARS)
		return false;
	for (size_t i = 0; i < length; i++) {
		digit |= ascii_is_digit(text[i]);
		letter |= ascii_is_letter(text[i]);
	}
	return digit && letter;
}

static bool has_token(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "/.-_~:");
		if (length > NAME_MAX_CHARS || is_token(text, length))
			return true;
		text += length;
		text += *text != '\0';
	}
	return false;
}

/* "grafana/k6:0.49", "ghcr.io/x/y" */
static bool is_image(const char *text)
{
	size_t name = strspn(text, LOWER DIGITS "._/-");
	if (!memchr(text, '/', name) || text[0] == '/')
		return false;
	if (!text[name])
		return true;
	const char *tag = text + name + 1;
	return text[name] == ':' && strspn(tag, LETTERS DIGITS "._-") == strlen(tag);
}

bool harmless_file(const char *text)
{
	static const char *const roots[] = {"/", "./", "../", "~/"};
	size_t plain = strspn(text, LETTERS DIGITS "._/~-");
	if (text[0] == '@') /* hey -D @file, curl -d @file */
		return harmless_file(text + 1);
	if (has_token(text))
		return false;
	if (is_image(text))
		return true;
	if (text[plain])
		return false;
	for (size_t i = 0; i < COUNT_OF(roots); i++) {
		if (text_begins_with(text, roots[i]))
			return true;
	}
	return has_ending(text) || !strcmp(text, ".") || !strcmp(text, "-");
}

/* --- words
 * ------------------------------------------------------------------------------------ */

static const char *const words[] = {
		/* methods, protocols, formats */
		"GET",
		"POST",
		"PUT",
		"DELETE",
		"HEAD",
		"PATCH",
		"OPTIONS",
		"CONNECT",
		"tcp",
		"udp",
		"http",
		"https",
		"http1",
		"http/1.1",
		"h2",
		"h2c",
		"grpc",
		"ws",
		"wss",
		"tls",
		"quic",
		"json",
		"text",
		"csv",
		"html",
		"hdr",
		"plain",
		"xml",
		/* switches */
		"true",
		"false",
		"yes",
		"no",
		"on",
		"off",
		"none",
		"auto",
		"always",
		"never",
		/* networks of containers */
		"bridge",
		"host",
		"container",
		/* subcommands */
		"run",
		"exec",
		"attack",
		"start",
		"stop",
		"quick",
		"inspect",
		"archive",
		"report",
		"encode",
		"plot",
		"dump",
		"create",
		"service",
		"up",
		"compose",
		"nofile",
		"nproc",
		/* load tests, wrappers, and what feeds them */
		"wrk",
		"wrk2",
		"h2load",
		"hey",
		"ab",
		"siege",
		"vegeta",
		"tcpkali",
		"k6",
		"ghz",
		"locust",
		"jmeter",
		"jmeter.sh",
		"gatling",
		"gatling.sh",
		"tsung",
		"artillery",
		"haproxy",
		"nginx",
		"npx",
		"npm",
		"node",
		"python",
		"python3",
		"java",
		"mvn",
		"sbt",
		"gradle",
		"go",
		"erl",
		"sh",
		"bash",
		"dash",
		"zsh",
		"ksh",
		"ash",
		"env",
		"sudo",
		"doas",
		"nice",
		"ionice",
		"timeout",
		"time",
		"taskset",
		"chrt",
		"numactl",
		"prlimit",
		"nohup",
		"setsid",
		"stdbuf",
		"unshare",
		"nsenter",
		"setpriv",
		"runuser",
		"su",
		"chroot",
		"strace",
		"ltrace",
		"systemd-run",
		"docker",
		"podman",
		"nerdctl",
		"kubectl",
		"ssh",
		"ulimit",
		"cd",
		"exec",
		"echo",
		"printf",
		"cat",
		"head",
		"tail",
		"seq",
		"yes",
		"tee",
		"jq",
		"sleep",
		"true",
		"false",
		"test",
		"set",
		"export",
		"command",
		"exit",
		"mysql",
		"psql",
		"redis-cli",
		"curl",
		"wget",
		"sshpass",
		"iperf3",
		"pgbench",
		"sysbench",
		"headroom",
};

bool harmless_word(const char *text)
{
	return is_one_of(words, COUNT_OF(words), text, strlen(text));
}

/* Go's flag package, Java, getopt_long_only. */
static const char *const single_dash[] = {
		/* vegeta */
		"body",
		"buckets",
		"cert",
		"chunked",
		"connect-to",
		"connections",
		"cpus",
		"cpuprofile",
		"dns-ttl",
		"duration",
		"every",
		"format",
		"h2c",
		"header",
		"heapprofile",
		"http2",
		"insecure",
		"keepalive",
		"key",
		"laddr",
		"lazy",
		"max-body",
		"max-connections",
		"max-workers",
		"name",
		"no-keepalive",
		"output",
		"profile",
		"prometheus-addr",
		"proxy-header",
		"rate",
		"redirects",
		"resolvers",
		"root-certs",
		"session-tickets",
		"targets",
		"timeout",
		"title",
		"type",
		"unix-socket",
		"version",
		"workers",
		/* hey */
		"disable-compression",
		"disable-keepalive",
		"disable-redirects",
		"h2",
		"host",
		"more",
		/* JMeter, gatling, erl */
		"help",
		"nongui",
		"testfile",
		"logfile",
		"jmeterlogfile",
		"server",
		"reportonly",
		"nh",
		"noshell",
		"noinput",
		"detached",
		"sname",
		"setcookie",
		"simulation",
		/* systemd-run, nginx, haproxy and others */
		"user",
		"uid",
		"gid",
		"scope",
		"quiet",
		"wait",
		"pty",
		"daemon",
};

bool harmless_option(const char *name, size_t length)
{
	return is_one_of(single_dash, COUNT_OF(single_dash), name, length);
}

bool harmless_not(const char *name, size_t length)
{
	static const char *const telling[] = {
			"auth",
			"cookie",
			"token",
			"secret",
			"passw",
			"passphrase",
			"pwd",
			"apikey",
			"api-key",
			"api_key",
			"access-key",
			"access_key",
			"credential",
			"private",
			"session",
			"signature",
			"bearer",
	};
	for (size_t i = 0; i < COUNT_OF(telling); i++) {
		size_t part = strlen(telling[i]);
		for (size_t at = 0; at + part <= length; at++) {
			if (!strncasecmp(name + at, telling[i], part))
				return true;
		}
	}
	return false;
}
