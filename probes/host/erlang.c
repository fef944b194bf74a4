/* The erl on this PATH, its release, and the limits that the environment's flag variables give it.
 * In a snapshot the answers are kept in the file "erlang". */
#include "probes/host/erlang.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "probes/host/beam.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

enum {
	PATH_PARTS_MAX = 256
};

static const char kept_path[] = "erlang";

/* The resolved file, or NULL. */
static const char *find_erl(struct arena *arena)
{
	const char *path = getenv("PATH");
	char candidate[PATH_MAX], resolved[PATH_MAX];
	for (int i = 0; path && *path && i < PATH_PARTS_MAX; i++) {
		size_t length = strcspn(path, ":");
		int written = snprintf(candidate,
				sizeof candidate,
				"%.*s/erl",
				(int)(length < 4000 ? length : 4000),
				path);
		if (length > 0 && written < (int)sizeof candidate && access(candidate, X_OK) == 0 &&
				realpath(candidate, resolved))
			return arena_strdup(arena, resolved);
		path += length + (path[length] == ':');
	}
	return NULL;
}

/* ROOT/releases/RELEASE/OTP_VERSION stands beside ROOT/bin/erl; start_erl.data names the release.
 */
static const char *find_release(struct probing *probing, const char *erl)
{
	const char *bin = strstr(erl, "/bin/erl");
	if (!bin)
		return NULL;
	int root = (int)(bin - erl);
	const char *path = arena_printf(probing->arena, "%.*s/releases/start_erl.data", root, erl),
			   *text;
	size_t length;
	if (source_read_bytes(probing->source, path + 1, &text, &length) != 0)
		return NULL;
	char *cursor = arena_copy(probing->arena, text, length);
	return parse_word(&cursor) ? parse_word(&cursor) : NULL; /* "13.1.5 25" */
}

/* Later ones win: ERL_MAX_PORTS < ERL_AFLAGS < ERL_FLAGS < ERL_ZFLAGS (measured on OTP 25). */
static void erlang_read_environment(struct arena *arena, struct beam_flags *flags)
{
	static const char *const names[] = {"ERL_AFLAGS", "ERL_FLAGS", "ERL_ZFLAGS"};
	const char *ports = getenv("ERL_MAX_PORTS");
	if (ports)
		flags->ports = beam_parse_number(ports);
	for (size_t i = 0; i < 3; i++) {
		const char *text = getenv(names[i]);
		if (text)
			beam_parse_flags(arena, text, flags);
	}
}

static void erlang_put_limit(struct probing *probing,
		const char *key,
		double requested,
		double fallback)
{
	bool given = !isnan(requested);
	struct fact *fact = facts_put_number(probing->facts,
			key,
			NULL,
			beam_round(given ? requested : fallback),
			UNIT_COUNT,
			"the environment's ERL_ variables");
	fact->origin = given ? ORIGIN_DERIVED : ORIGIN_CONSTANT;
	fact->read_at = probing->read_at;
	if (!given)
		fact->note = "nothing is asked for: the default of Erlang/OTP";
}

static void erlang_put_all(struct probing *probing,
		const char *erl,
		const char *release,
		const struct beam_flags *flags)
{
	uint64_t number;
	bool modern = release && parse_whole(release, &number) && number >= 27;
	facts_put_text(probing->facts, "erlang.path", NULL, erl, "PATH");
	if (release)
		facts_put_text(probing->facts,
				"erlang.otp_release",
				NULL,
				release,
				"releases/start_erl.data");
	if (!isnan(flags->ports))
		facts_put_number(probing->facts,
				"erlang.port_limit_requested",
				NULL,
				flags->ports,
				UNIT_COUNT,
				"the environment's ERL_ variables");
	erlang_put_limit(probing, "erlang.port_limit", flags->ports, BEAM_PORTS_DEFAULT);
	erlang_put_limit(probing,
			"erlang.process_limit",
			flags->processes,
			modern ? BEAM_PROCESSES_DEFAULT_27 : BEAM_PROCESSES_DEFAULT);
}

static void erlang_keep(struct probing *probing,
		const char *erl,
		const char *release,
		const struct beam_flags *flags)
{
	char ports[NUMBER_TEXT_MAX] = "-", processes[NUMBER_TEXT_MAX] = "-";
	if (!isnan(flags->ports))
		text_plain_number(ports, flags->ports);
	if (!isnan(flags->processes))
		text_plain_number(processes, flags->processes);
	const char *line = arena_printf(probing->arena,
			"%s\n%s\n%s\n%s\n",
			erl,
			release ? release : "-",
			ports,
			processes);
	source_keep(probing->source, kept_path, line, strlen(line));
}

static void from_snapshot(struct probing *probing)
{
	char *text;
	struct beam_flags flags = {.ports = NAN, .processes = NAN};
	int error = probing_read_text(probing, kept_path, &text);
	if (error) {
		put_missing(probing,
				"erlang.path",
				NULL,
				put_status_of(error),
				UNIT_TEXT,
				NULL,
				"no erl on PATH");
		return;
	}
	char *erl = parse_line(&text), *release = erl ? parse_line(&text) : NULL;
	char *ports = release ? parse_line(&text) : NULL, *processes = ports ? parse_line(&text) : NULL;
	if (!processes)
		return;
	flags.ports = beam_parse_number(ports);
	flags.processes = beam_parse_number(processes);
	release = strcmp(release, "-") == 0 ? NULL
										: text_clean(probing->arena, release, strlen(release), 32);
	erlang_put_all(probing, text_clean(probing->arena, erl, strlen(erl), 300), release, &flags);
}

void erlang_on_path(struct probing *probing)
{
	struct beam_flags flags = {.ports = NAN, .processes = NAN};
	if (!probing->live) {
		from_snapshot(probing);
		return;
	}
	const char *erl = find_erl(probing->arena);
	if (!erl) {
		put_missing(probing, "erlang.path", NULL, FACT_ABSENT, UNIT_TEXT, NULL, "no erl on PATH");
		return;
	}
	const char *found = find_release(probing, erl);
	const char *release = found ? text_clean(probing->arena, found, strlen(found), 32) : NULL;
	erlang_read_environment(probing->arena, &flags);
	const char *shown = text_clean(probing->arena, erl, strlen(erl), 300);
	erlang_put_all(probing, shown, release, &flags);
	erlang_keep(probing, shown, release, &flags);
}
