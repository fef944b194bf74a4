/* Fuzz target: the parsers of kernel texts and of configuration lines. The first byte selects one.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/os/json.h"
#include "model/conflict.h"
#include "probes/host/boot/limits_files.h"
#include "probes/host/boot/sysctl_files.h"
#include "probes/host/boot/systemd_files.h"
#include "probes/host/cgroup.h"
#include "probes/host/counters.h"
#include "probes/host/descriptors.h"
#include "probes/host/facts/sysctl.h"
#include "probes/host/firewall/nft.h"
#include "probes/host/firewall/untracked.h"
#include "probes/host/limits.h"
#include "probes/host/parse.h"
#include "probes/host/processes/beam.h"
#include "probes/host/sockets/json.h"
#include "probes/host/sockets/pools_json.h"
#include "probes/host/sockets/proc_net.h"
#include "probes/host/sockets/tally.h"
#include "probes/host/source/manifest.h"
#include "probes/trace/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	struct arena *arena;
	char *text; /* with a final NUL */
	size_t length;
};

static void fuzz_sysctl(struct input *input)
{
	struct reading value;
	const char *problem;
	for (size_t i = 0; i < keys_count(); i++)
		if (keys_at(i)->read != READ_BY_PROBE &&
				sysctl_parse(input->arena, keys_at(i), input->text, &value, &problem) &&
				!value.text && !(value.number >= 0))
			abort();
}

static void fuzz_limits(struct input *input)
{
	double soft = 0, hard = 0;
	int line = 0;
	if (limits_find(input->text, "Max open files", &soft, &hard, &line) &&
			(line < 1 || soft < 0 || hard < 0))
		abort();
}

static void fuzz_cgroup(struct input *input)
{
	char *mounts = strchr(input->text, '\1');
	if (mounts)
		*mounts++ = '\0';
	struct cgroup_place place = cgroup_find(input->arena, input->text, mounts, "memory");
	if (strstr(place.path, "/..") || (place.path[0] && place.path[0] != '/'))
		abort();
	(void)cgroup_version(input->text);
}

static void fuzz_counters(struct input *input)
{
	uint64_t number;
	int line;
	(void)counters_pair(input->text, "TcpExt", "ListenDrops", &number, &line);
	(void)counters_column(input->text, "drop", true, &number);
	(void)counters_column(input->text, "entries", false, &number);
	(void)counters_index(input->text, 1, &number);
	(void)counters_word(input->text, "TCP", "orphan", &number, &line);
}

static void fuzz_descriptors(struct input *input)
{
	struct descriptors found;
	const struct descriptor_limits limits = {.soft = 1024, .hard = 4096};
	if (!descriptors_parse(input->text, &limits, &found))
		return;
	if (found.below_soft > found.below_hard || found.below_hard > found.open)
		abort();
}

static void fuzz_proc_net(struct input *input)
{
	struct tally_socket socket;
	struct endpoint again;
	if (!proc_net_parse(input->text, &socket))
		return;
	if (!endpoint_parse(endpoint_text(input->arena, &socket.local), &again) ||
			memcmp(&again, &socket.local, sizeof again) != 0)
		abort();
}

static void fuzz_beam(struct input *input)
{
	struct beam_flags flags = {.ports = (double)NAN, .processes = (double)NAN};
	beam_parse_cmdline(input->arena, input->text, input->length, &flags);
	beam_parse_flags(input->arena, input->text, &flags);
	(void)beam_environ(input->arena, input->text, input->length, "ERL_MAX_PORTS");
	if (flags.ports > 134217727)
		abort();
}

static void fuzz_lines(struct input *input)
{
	static const char *const groups[] = {"dev"};
	static const struct limits_user user = {"dev", 1000, groups, 1};
	struct sysctl_line sysctl;
	struct limits_line limits;
	const char *path;
	double soft, hard;
	int error;
	(void)systemd_parse_limit(input->text, &soft, &hard);
	(void)limits_line_parse(arena_strdup(input->arena, input->text), "nofile", &user, &limits);
	(void)manifest_parse_line(arena_strdup(input->arena, input->text), &path, &error);
	(void)sysctl_line_parse(arena_strdup(input->arena, input->text), &sysctl);
}

static void fuzz_sockets(struct input *input)
{
	struct socket_tally *tally = arena_alloc(input->arena, sizeof *tally);
	struct error err = {0};
	tally->source = "sock_diag";
	if (!sockets_from_json(input->arena, input->text, input->length, tally, &err) &&
			err.kind == ERROR_NONE)
		abort();
	tally_release(tally);
}

static void fuzz_pools(struct input *input)
{
	struct kept_pools kept;
	struct holdings holdings;
	struct error err = {0};
	if (!pools_from_json(input->arena, input->text, input->length, &kept, &err) &&
			err.kind == ERROR_NONE)
		abort();
	(void)holdings_read(input->arena, input->text, &holdings);
}

static void fuzz_nft(struct input *input)
{
	struct error err = {0};
	struct nft_findings *findings = arena_alloc(input->arena, sizeof *findings);
	struct json *json = json_read("nft.json", input->text, input->length, &err);
	if (json)
		nft_judge(input->arena, json_root(json), findings);
	(void)untracked_by(input->arena, json ? json_root(json) : NULL);
	if ((findings->tracked4 && !findings->by4) || (findings->tracked6 && !findings->by6))
		abort();
	json_free(json);
}

/* The format of an event, a byte of 1, and a record of it. */
static void fuzz_trace(struct input *input)
{
	static const char *const names[] = {"ret", "common_type", "daddr", "daddr_v6"};
	struct record_events events = {.count = 1, .calls = {{.id = 1, .name = "connect"}}};
	struct field_place *const places[] = {&events.calls[0].ret,
			&events.type,
			&events.socket.to,
			&events.socket.to_six};
	struct call_record record;
	uint64_t lost = 0;
	const char *bytes = memchr(input->text, '\1', input->length);
	events.socket.id = 2;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (layout_field(input->text, names[i], places[i]) &&
				(places[i]->size == 0 || places[i]->offset + places[i]->size > 1024))
			abort();
	if (!bytes)
		return;
	bytes++;
	size_t size = input->length - (size_t)(bytes - input->text);
	if (record_read(&events, (const uint8_t *)bytes, size, &record, &lost) != RECORD_CALL)
		return;
	if (record.kind == CALL_FAILED && (record.error < 1 || record.error > 4095))
		abort();
	struct calls *calls = calls_new(input->arena, false);
	calls_add(calls, &record);
}

static void (*const targets[])(struct input *input) = {
		fuzz_sysctl,
		fuzz_limits,
		fuzz_cgroup,
		fuzz_counters,
		fuzz_descriptors,
		fuzz_proc_net,
		fuzz_beam,
		fuzz_lines,
		fuzz_sockets,
		fuzz_nft,
		fuzz_pools,
		fuzz_trace,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > 65536)
		return 0;
	struct input input = {.arena = arena_new(), .length = size - 1};
	input.text = arena_copy(input.arena, (const char *)data + 1, size - 1);
	targets[data[0] % (sizeof targets / sizeof targets[0])](&input);
	arena_free(input.arena);
	return 0;
}
