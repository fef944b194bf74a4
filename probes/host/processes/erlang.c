/* The erl on this PATH, its release, and the limits that the environment's flag variables give it.
 * In a snapshot the answers are kept in the file "erlang". */
#include "probes/host/processes/erlang.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/processes/beam.h"
#include "probes/host/put.h"

enum {
	PATH_PARTS_MAX = 256,
	PATH_CHARS = 300,
	RELEASE_CHARS = 32
};

static const char kept_path[] = "erlang";
static const char no_erl[] = "no erl on PATH";
static const char environment[] = "the environment's ERL_ variables";

/* DIRECTORY/erl with all links resolved; NULL: there is none. `directory` is not terminated. */
static const char *erl_in(struct arena *arena, const char *directory, size_t length)
{
	char candidate[PATH_MAX], resolved[PATH_MAX];
	if (length == 0 || length > sizeof candidate - sizeof "/erl")
		return NULL;
	(void)snprintf(candidate, sizeof candidate, "%.*s/erl", (int)length, directory);
	if (access(candidate, X_OK) != 0 || !realpath(candidate, resolved))
		return NULL;
	return arena_strdup(arena, resolved);
}

/* The first erl on the PATH, or NULL. */
static const char *find_erl(struct arena *arena)
{
	const char *path = getenv("PATH");
	if (!path)
		return NULL;
	for (int i = 0; *path && i < PATH_PARTS_MAX; i++) {
		size_t length = strcspn(path, ":");
		const char *found = erl_in(arena, path, length);
		if (found)
			return found;
		path += length;
		if (*path == ':')
			path++;
	}
	return NULL;
}

/* ROOT/releases/RELEASE/OTP_VERSION stands beside ROOT/bin/erl; start_erl.data names the release:
 * "13.1.5 25". */
static const char *find_release(struct probing *probing, const char *erl)
{
	const char *bin = strstr(erl, "/bin/erl"), *text;
	size_t length;
	if (!bin)
		return NULL;
	int root = (int)(bin - erl);
	const char *path = arena_printf(probing->arena, "%.*s/releases/start_erl.data", root, erl);
	if (source_read_bytes(probing->source, path + 1, &text, &length) != 0)
		return NULL;
	char *cursor = arena_copy(probing->arena, text, length);
	const char *version = parse_word(&cursor);
	const char *release = parse_word(&cursor);
	if (!version || !release)
		return NULL;
	return text_clean(probing->arena, release, strlen(release), RELEASE_CHARS);
}

/* The last one that sets a number wins: ERL_MAX_PORTS, ERL_AFLAGS, ERL_FLAGS, ERL_ZFLAGS (measured
 * on OTP 25). The environment is that of the vantage process. 0 or an errno. */
static int erlang_read_environment(struct probing *probing, struct beam_flags *flags)
{
	static const char *const names[] = {"ERL_AFLAGS", "ERL_FLAGS", "ERL_ZFLAGS"};
	struct arena *arena = probing->arena;
	const char *bytes;
	size_t length;
	int error = source_read_bytes(probing->source, "proc/self/environ", &bytes, &length);
	if (error)
		return error;
	const char *variables = arena_copy(arena, bytes, length);
	const char *ports = beam_environ(arena, variables, length, "ERL_MAX_PORTS");
	if (ports)
		flags->ports = beam_parse_number(ports);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *text = beam_environ(arena, variables, length, names[i]);
		if (text)
			beam_parse_flags(arena, text, flags);
	}
	return 0;
}

static const char path_key[] = "erlang.path", release_key[] = "erlang.otp_release";
static const char requested_key[] = "erlang.port_limit_requested", fds_key[] = "erlang.max_fds";
static const char ports_key[] = "erlang.port_limit", processes_key[] = "erlang.process_limit";

static void erlang_put_none(struct probing *probing, enum fact_status status, const char *note)
{
	static const char *const numbers[] = {ports_key, processes_key, requested_key, fds_key};
	put_missing(probing, path_key, status, UNIT_TEXT, NULL, note);
	put_missing(probing, release_key, status, UNIT_TEXT, NULL, NULL);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		put_missing(probing, numbers[i], status, UNIT_COUNT, NULL, NULL);
}

/* What the VM makes of the number that was asked for, or of its default. */
static void erlang_put_limit(struct probing *probing,
		const char *key,
		double requested,
		double fallback)
{
	enum fact_origin origin = ORIGIN_DERIVED;
	const char *note = NULL;
	if (isnan(requested)) {
		requested = fallback;
		origin = ORIGIN_CONSTANT;
		note = "nothing is requested, so the default of Erlang/OTP applies";
	}
	double limit = beam_round(requested);
	struct fact *fact = facts_put_number(probing->facts, key, NULL, limit, UNIT_COUNT, environment);
	fact->origin = origin;
	fact->read_at = probing->read_at;
	fact->note = note;
}

static double default_processes(const char *release)
{
	uint64_t number;
	if (release && parse_whole(release, &number) && number >= 27)
		return BEAM_PROCESSES_DEFAULT_27;
	return BEAM_PROCESSES_DEFAULT;
}

static void erlang_put_all(struct probing *probing,
		const char *erl,
		const char *release,
		const struct beam_flags *flags)
{
	static const char release_path[] = "releases/start_erl.data";
	struct facts *facts = probing->facts;
	erlang_put_none(probing, FACT_ABSENT, NULL);
	facts_put_text(facts, path_key, NULL, erl, "PATH");
	if (release)
		facts_put_text(facts, release_key, NULL, release, release_path);
	if (!isnan(flags->ports))
		facts_put_number(facts, requested_key, NULL, flags->ports, UNIT_COUNT, environment);
	erlang_put_limit(probing, ports_key, flags->ports, BEAM_PORTS_DEFAULT);
	double processes = default_processes(release);
	erlang_put_limit(probing, processes_key, flags->processes, processes);
}

/* One line of the kept answers: a number, or "-" where nothing is asked for. */
static void erlang_keep_number(struct text *kept, double number)
{
	char text[NUMBER_TEXT_MAX] = "-";
	if (!isnan(number))
		text_plain_number(text, number);
	text_addf(kept, "%s\n", text);
}

static void erlang_keep(struct probing *probing,
		const char *erl,
		const char *release,
		const struct beam_flags *flags)
{
	struct text kept = {0};
	if (!release)
		release = "-";
	text_addf(&kept, "%s\n%s\n", erl, release);
	erlang_keep_number(&kept, flags->ports);
	erlang_keep_number(&kept, flags->processes);
	source_keep(probing->source, kept_path, kept.data, kept.length);
	text_release(&kept);
}

static void from_snapshot(struct probing *probing)
{
	enum {
		ERL,
		RELEASE,
		PORTS,
		PROCESSES,
		LINES
	};
	char *text;
	const char *lines[LINES];
	int error = probing_read_text(probing, kept_path, &text);
	if (error) {
		erlang_put_none(probing, put_status_of(error), no_erl);
		return;
	}
	for (int i = 0; i < LINES; i++) {
		lines[i] = parse_line(&text);
		if (lines[i])
			continue;
		erlang_put_none(probing, FACT_MALFORMED, "it does not have four lines");
		return;
	}
	const struct beam_flags flags = {
			.ports = beam_parse_number(lines[PORTS]),
			.processes = beam_parse_number(lines[PROCESSES]),
	};
	const char *release = NULL, *kept = lines[RELEASE];
	if (strcmp(kept, "-") != 0)
		release = text_clean(probing->arena, kept, strlen(kept), RELEASE_CHARS);
	const char *erl = text_clean(probing->arena, lines[ERL], strlen(lines[ERL]), PATH_CHARS);
	erlang_put_all(probing, erl, release, &flags);
}

static void erlang_on_path(struct probing *probing)
{
	struct beam_flags flags = {.ports = NAN, .processes = NAN};
	const char *erl = find_erl(probing->arena);
	if (!erl) {
		source_keep_error(probing->source, kept_path, ENOENT);
		erlang_put_none(probing, FACT_ABSENT, no_erl);
		return;
	}
	const char *release = find_release(probing, erl);
	const char *shown = text_clean(probing->arena, erl, strlen(erl), PATH_CHARS);
	int error = erlang_read_environment(probing, &flags);
	if (error) {
		erlang_put_none(probing,
				put_status_of(error),
				"the environment of the process is not known");
		source_keep_error(probing->source, kept_path, error);
		return;
	}
	erlang_put_all(probing, shown, release, &flags);
	erlang_keep(probing, shown, release, &flags);
}

void erlang_put(struct probing *probing, bool node_runs)
{
	if (node_runs)
		erlang_put_none(probing,
				FACT_SKIPPED,
				"a node is running, so headroom did not look for erl");
	else if (probing->live)
		erlang_on_path(probing);
	else
		from_snapshot(probing);
}
