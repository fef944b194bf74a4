/* A Mac, from the tree that headroom-collect makes there: what its sysctl, the shell's ulimit and
 * vm_stat said. headroom itself does not run on macOS, so nothing here reads a live machine. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/facts/collected.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	TEXT_CHARS = 120
};

static const char sysctl_path[] = "macos.sysctl", limits_path[] = "macos.limits";
static const char memory_path[] = "macos.vm_stat";

/* Sysctls that are facts of the same name. */
static const char *const mac_settings[] = {
		"kern.ipc.somaxconn",
		"kern.maxfiles",
		"kern.maxfilesperproc",
		"kern.num_files",
		"kern.num_taskthreads",
		"net.inet.ip.portrange.first",
		"net.inet.ip.portrange.last",
};

/* The value in a line "NAME: VALUE"; NULL: no line has the name. */
static const char *mac_line(struct probing *probing, const char *text, const char *name)
{
	size_t length = strlen(name);
	for (; *text; text = parse_next_line(text)) {
		if (strncmp(text, name, length) != 0 || text[length] != ':')
			continue;
		const char *value = text + length + 1;
		value += strspn(value, " \t");
		return text_clean(probing->arena, value, strcspn(value, "\r\n"), TEXT_CHARS);
	}
	return NULL;
}

/* The number of a sysctl, in `divisor` parts of the fact's unit. */
static void mac_put_number(struct probing *probing,
		const char *line,
		const char *key,
		enum unit unit,
		double divisor)
{
	uint64_t number;
	double value;
	if (!line)
		return; /* not collected */
	bool good = parse_whole(line, &number);
	if (good)
		good = parse_to_double(number, false, &value);
	if (good)
		put_number(probing, key, value / divisor, unit, sysctl_path, line);
	else
		put_malformed(probing, key, unit, sysctl_path, line, "not a number");
}

static void mac_put_numbers(struct probing *probing, const char *text)
{
	static const double second_ms = 1000;
	const char *cpus = mac_line(probing, text, "hw.logicalcpu");
	const char *memory = mac_line(probing, text, "hw.memsize");
	const char *page = mac_line(probing, text, "vm.pagesize");
	const char *msl = mac_line(probing, text, "net.inet.tcp.msl");
	mac_put_number(probing, cpus, "host.cpus", UNIT_COUNT, 1);
	mac_put_number(probing, memory, "memory.total", UNIT_BYTES, 1);
	mac_put_number(probing, page, "memory.page_bytes", UNIT_BYTES, 1);
	mac_put_number(probing, msl, "net.inet.tcp.msl", UNIT_SECONDS, second_ms);
	for (size_t i = 0; i < COUNT_OF(mac_settings); i++) {
		const char *key = mac_settings[i];
		const char *line = mac_line(probing, text, key);
		mac_put_number(probing, line, key, UNIT_COUNT, 1);
	}
}

static const char *mac_put_text(struct probing *probing,
		const char *text,
		const char *name,
		const char *key)
{
	const char *line = mac_line(probing, text, name);
	if (line)
		put_text(probing, key, line, sysctl_path, line);
	return line;
}

static void mac_identify(struct probing *probing, const char *text)
{
	struct host_info *info = probing->info;
	info->name = mac_put_text(probing, text, "kern.hostname", "host.name");
	info->kernel = mac_put_text(probing, text, "kern.osrelease", "kernel.release");
	info->boot_id = mac_put_text(probing, text, "kern.bootsessionuuid", "host.boot_id");
	const char *version = mac_line(probing, text, "kern.osproductversion");
	info->os = "macOS";
	if (version)
		info->os = arena_printf(probing->arena, "macOS %s", version);
	put_text(probing, "os.pretty", info->os, sysctl_path, version);
}

static void mac_read_sysctl(struct probing *probing)
{
	char *text;
	put_text(probing, "os.name", "darwin", sysctl_path, NULL);
	if (probing_read_text(probing, sysctl_path, &text) != 0)
		return;
	mac_identify(probing, text);
	mac_put_numbers(probing, text);
	double cpus = facts_number(probing->facts, "host.cpus");
	double memory = facts_number(probing->facts, "memory.total");
	if (cpus > 0)
		probing->info->cpus = cpus;
	if (memory > 0)
		probing->info->memory_bytes = memory;
}

struct mac_limit {
	const char *name, *soft, *hard;
};

static const struct mac_limit mac_limits[] = {
		{"nofile", "limits.nofile.soft", "limits.nofile.hard"},
		{"nproc", "limits.nproc.soft", "limits.nproc.hard"},
};

/* "256 unlimited" */
static void mac_put_limit(struct probing *probing, const char *line, const struct mac_limit *row)
{
	double soft, hard;
	char *cursor = arena_strdup(probing->arena, line);
	const char *first = parse_word(&cursor);
	const char *second = parse_word(&cursor);
	bool good = first && second && parse_limit(first, &soft) && parse_limit(second, &hard);
	if (!good) {
		put_malformed(probing, row->soft, UNIT_COUNT, limits_path, line, "not two limits");
		put_malformed(probing, row->hard, UNIT_COUNT, limits_path, line, "not two limits");
		return;
	}
	put_number(probing, row->soft, soft, UNIT_COUNT, limits_path, line);
	put_number(probing, row->hard, hard, UNIT_COUNT, limits_path, line);
}

static void mac_read_limits(struct probing *probing)
{
	char *text;
	if (probing_read_text(probing, limits_path, &text) != 0)
		return;
	for (size_t i = 0; i < COUNT_OF(mac_limits); i++) {
		const char *line = mac_line(probing, text, mac_limits[i].name);
		if (line)
			mac_put_limit(probing, line, &mac_limits[i]);
	}
}

/* "Pages free:      9436." false: there is no such line. */
static bool mac_pages(struct probing *probing, const char *text, const char *name, double *ret_sum)
{
	uint64_t pages;
	const char *line = mac_line(probing, text, name);
	if (!line || !parse_u64(&line, &pages) || pages > UINT32_MAX)
		return false;
	*ret_sum += (double)pages;
	return true;
}

/* Pages that hold nothing, or something that the system gives up when a program asks for memory. */
static void mac_read_memory(struct probing *probing)
{
	static const char key[] = "memory.available";
	static const char *const names[] = {"Pages free", "Pages inactive", "Pages speculative"};
	char *text;
	double pages = 0;
	double page_bytes = facts_number(probing->facts, "memory.page_bytes");
	if (probing_read_text(probing, memory_path, &text) != 0)
		return;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (mac_pages(probing, text, names[i], &pages))
			continue;
		put_malformed(probing, key, UNIT_BYTES, memory_path, NULL, "it lacks a line of pages");
		return;
	}
	if (page_bytes > 0)
		put_number(probing, key, pages * page_bytes, UNIT_BYTES, memory_path, NULL);
}

static void mac_run(struct probing *probing)
{
	struct host_info *info = probing->info;
	info->created = probing_origin(probing, "created");
	probing->read_at = info->created;
	info->fingerprint = probing_origin(probing, "fingerprint");
	info->vantage = probing_origin(probing, "vantage");
	mac_read_sysctl(probing);
	mac_read_limits(probing);
	mac_read_memory(probing);
	collected_of_system(probing->facts);
}

const struct probe probe_macos = {.name = "macOS", .run = mac_run};

bool macos_is_in(struct source *source)
{
	return !source_is_live(source) && source_exists(source, sysctl_path);
}
