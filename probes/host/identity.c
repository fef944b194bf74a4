/* Who the host is: names, kernel, processors, firmware hints, fingerprint. The machine id never
 * becomes a fact; it enters the fingerprint as part of a hash. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	NAME_MAX_CHARS = 120,
	CPUINFO_BYTES = 4096,
	FINGERPRINT_CHARS = 16,
	PAGE_BYTES_USUAL = 4096,
	PAGE_BYTES_MAX = 1024 * 1024,
	TICKS_LEAST = 10,
	TICKS_MOST = 10000
};

/* The first line of a small file, cleaned; or NULL, with the errno in *ret_error. */
static const char *clean_line(struct probing *probing, const char *path, int *ret_error)
{
	char *text;
	*ret_error = probing_read_text(probing, path, &text);
	if (*ret_error)
		return NULL;
	size_t length = strcspn(text, "\n");
	return text_clean(probing->arena, text, length, NAME_MAX_CHARS);
}

static const char *identity_put_line(struct probing *probing, const char *key, const char *path)
{
	int error;
	const char *line = clean_line(probing, path, &error);
	if (line)
		put_text(probing, key, line, path, line);
	else
		put_errno(probing, key, UNIT_TEXT, path, error);
	return line;
}

static void identify_kernel(struct probing *probing)
{
	static const char path[] = "proc/sys/kernel/osrelease", key[] = "kernel.version";
	double version;
	const char *release = identity_put_line(probing, "kernel.release", path);
	probing->info->kernel = release;
	if (release && parse_kernel_version(release, &version))
		put_number(probing, key, version, UNIT_VERSION, path, release);
	else if (release)
		put_malformed(probing, key, UNIT_VERSION, path, release, "not MAJOR.MINOR…");
	else
		put_missing(probing, key, FACT_ABSENT, UNIT_VERSION, path, NULL);
}

/* VALUE, 'VALUE' or "VALUE" of a NAME=VALUE line of os-release(5). */
static const char *os_release_value(struct probing *probing, char *text, const char *name)
{
	size_t length = strlen(name);
	for (char *line; (line = parse_line(&text)) != NULL;) {
		if (strncmp(line, name, length) != 0 || line[length] != '=')
			continue;
		char *value = parse_trim(line + length + 1);
		size_t size = strlen(value);
		bool quoted = value[0] == '"' || value[0] == '\'';
		if (quoted && size >= 2 && value[size - 1] == value[0]) {
			value++;
			size -= 2;
		}
		return text_clean(probing->arena, value, size, NAME_MAX_CHARS);
	}
	return NULL;
}

static void identify_system(struct probing *probing)
{
	static const char key[] = "os.pretty";
	const char *path = "etc/os-release";
	char *text;
	put_text(probing, "os.name", "linux", NULL, NULL)->origin = ORIGIN_CONSTANT;
	int error = probing_read_text(probing, path, &text);
	if (error == ENOENT) {
		path = "usr/lib/os-release";
		error = probing_read_text(probing, path, &text);
	}
	if (error) {
		put_errno(probing, key, UNIT_TEXT, path, error);
		return;
	}
	const char *pretty = os_release_value(probing, text, "PRETTY_NAME");
	probing->info->os = pretty;
	if (pretty)
		put_text(probing, key, pretty, path, pretty);
	else
		put_malformed(probing, key, UNIT_TEXT, path, NULL, "it has no PRETTY_NAME");
}

/* "3" or "0-3" at *cursor: how many; 0: not understood. */
static uint64_t count_range(const char **cursor)
{
	uint64_t first, last;
	if (!parse_u64(cursor, &first))
		return 0;
	last = first;
	if (**cursor == '-') {
		(*cursor)++;
		if (!parse_u64(cursor, &last))
			return 0;
	}
	if (last < first || last > 65535)
		return 0;
	return last - first + 1;
}

/* "0-3,5" is five processors (cpulist of Documentation/admin-guide/cputopology.rst). 0: not
 * understood. */
static double count_list(const char *text)
{
	uint64_t count = 0;
	for (;;) {
		uint64_t more = count_range(&text);
		if (more == 0)
			return 0;
		count += more;
		if (*text == '\0')
			return (double)count;
		if (*text != ',')
			return 0;
		text++;
	}
}

static void identify_processors(struct probing *probing)
{
	static const char path[] = "sys/devices/system/cpu/online", key[] = "host.cpus";
	int error;
	const char *line = clean_line(probing, path, &error);
	double cpus = 0;
	if (line)
		cpus = count_list(line);
	probing->info->cpus = cpus;
	if (cpus > 0)
		put_number(probing, key, cpus, UNIT_COUNT, path, line);
	else if (line)
		put_malformed(probing, key, UNIT_COUNT, path, line, "not a list of processors");
	else
		put_errno(probing, key, UNIT_COUNT, path, error);
}

/* What the firmware calls the machine, and what that means. */
struct firmware_row {
	const char *vendor, *product; /* how the names begin; NULL: any name */
	const char *virtualization, *cloud;
};

static const struct firmware_row firmware_rows[] = {
		{.vendor = "Amazon EC2", .virtualization = "amazon", .cloud = "aws"},
		{.product = "HVM domU", .virtualization = "xen"},
		{.vendor = "Google", .virtualization = "google", .cloud = "gcp"},
		{.vendor = "Microsoft Corporation",
				.product = "Virtual Machine",
				.virtualization = "hyperv"},
		{.vendor = "QEMU", .virtualization = "kvm"},
		{.product = "KVM", .virtualization = "kvm"},
		{.vendor = "VMware", .virtualization = "vmware"},
		{.vendor = "innotek GmbH", .virtualization = "virtualbox"},
		{.vendor = "Xen", .virtualization = "xen"},
		{.vendor = "DigitalOcean", .virtualization = "kvm", .cloud = "digitalocean"},
		{.vendor = "Hetzner", .virtualization = "kvm", .cloud = "hetzner"},
};

static bool identity_begins(const char *text, const char *prefix)
{
	if (!prefix)
		return true;
	return text && text_begins_with(text, prefix);
}

static const struct firmware_row *find_firmware(const char *vendor, const char *product)
{
	for (size_t i = 0; i < COUNT_OF(firmware_rows); i++) {
		const struct firmware_row *row = &firmware_rows[i];
		if (identity_begins(vendor, row->vendor) && identity_begins(product, row->product))
			return row;
	}
	return NULL;
}

/* Azure machines carry this asset tag; other Hyper-V machines do not. */
static const char azure_asset_tag[] = "7783-7084-3265-9085-8269-3286-77";

static bool has_hypervisor_flag(struct probing *probing)
{
	const char *text;
	size_t length;
	if (source_read_head(probing->source, "proc/cpuinfo", CPUINFO_BYTES, &text, &length) != 0)
		return false;
	const char *flags = strstr(text, "\nflags");
	if (!flags)
		return false;
	flags++;
	return memmem(flags, strcspn(flags, "\n"), " hypervisor", strlen(" hypervisor"));
}

static void identity_put_virtualization(struct probing *probing,
		const char *name,
		const char *product)
{
	static const char path[] = "sys/class/dmi/id/product_name";
	struct fact *fact = put_text(probing, "host.virtualization", name, path, product);
	if (!product)
		fact->note = "no firmware names; from the hypervisor flag of /proc/cpuinfo, or the "
					 "kernel's name (WSL)";
	probing->info->virtualization = name;
}

/* Microsoft's kernel for WSL 2 ("5.15.153.1-microsoft-standard-WSL2"), and what WSL 1 says. */
static bool is_wsl(const struct probing *probing)
{
	return probing->info->kernel && strcasestr(probing->info->kernel, "microsoft");
}

static void identify_firmware(struct probing *probing)
{
	static const char vendor_path[] = "sys/class/dmi/id/sys_vendor", key[] = "host.cloud";
	int error;
	const char *vendor = clean_line(probing, vendor_path, &error);
	const char *product = clean_line(probing, "sys/class/dmi/id/product_name", &error);
	const char *tag = clean_line(probing, "sys/class/dmi/id/chassis_asset_tag", &error);
	const char *virtualization = "none", *cloud = NULL;
	/* Read even if the firmware's names will decide: a snapshot keeps what is read. */
	if (has_hypervisor_flag(probing))
		virtualization = "vm";
	if (is_wsl(probing))
		virtualization = "wsl";
	const struct firmware_row *row = find_firmware(vendor, product);
	if (row) {
		virtualization = row->virtualization;
		cloud = row->cloud;
	}
	if (tag && strcmp(tag, azure_asset_tag) == 0)
		cloud = "azure";
	identity_put_virtualization(probing, virtualization, product);
	if (cloud)
		put_text(probing, key, cloud, vendor_path, vendor);
	else
		put_missing(probing, key, FACT_ABSENT, UNIT_TEXT, vendor_path, NULL);
}

static const char *hash_identity(struct probing *probing, const char *name)
{
	const char *id;
	size_t length;
	struct sha256 hash;
	unsigned char digest[SHA256_BYTES];
	static const char salt[] = "headroom fingerprint 1";
	if (source_read_bytes(probing->source, "etc/machine-id", &id, &length) != 0)
		length = 0;
	sha256_init(&hash);
	sha256_add(&hash, salt, sizeof salt);
	sha256_add(&hash, id, length);
	if (name)
		sha256_add(&hash, name, strlen(name));
	sha256_finish(&hash, digest);
	char *text = arena_alloc(probing->arena, FINGERPRINT_CHARS + 1);
	return hex_encode(digest, FINGERPRINT_CHARS / 2, text);
}

static void identify_time(struct probing *probing)
{
	static const char path[] = "proc/uptime", key[] = "host.uptime";
	char *text;
	uint64_t seconds;
	int error = probing_read_text(probing, path, &text);
	if (error) {
		put_errno(probing, key, UNIT_SECONDS, path, error);
		return;
	}
	const char *cursor = text;
	bool number = parse_u64(&cursor, &seconds) && seconds < UINT32_MAX;
	if (number && (*cursor == '.' || *cursor == ' '))
		put_number(probing, key, (double)seconds, UNIT_SECONDS, path, text);
	else
		put_malformed(probing, key, UNIT_SECONDS, path, text, "not a number of seconds");
}

/* The page size that a snapshot names; 0: it names none. */
static uint64_t kept_page_size(struct probing *probing)
{
	const char *text = probing_origin(probing, "page_bytes");
	uint64_t bytes;
	if (!text || !parse_whole(text, &bytes))
		return 0;
	if (bytes < PAGE_BYTES_USUAL || bytes > PAGE_BYTES_MAX)
		return 0;
	return bytes;
}

static void identify_page_size(struct probing *probing)
{
	static const char key[] = "memory.page_bytes", where[] = "getconf PAGESIZE";
	uint64_t bytes;
	if (probing->live)
		bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	else
		bytes = kept_page_size(probing);
	bool known = bytes > 0;
	if (!known)
		bytes = PAGE_BYTES_USUAL;
	struct fact *fact =
			facts_put_number(probing->facts, key, NULL, (double)bytes, UNIT_BYTES, where);
	fact->read_at = probing->read_at;
	if (known)
		return;
	fact->origin = ORIGIN_CONSTANT;
	fact->note = "the snapshot does not say; nearly every kernel has 4 KiB";
}

/* The tick rate that a snapshot names; 0: it names none. */
static uint64_t kept_ticks(struct probing *probing)
{
	const char *text = probing_origin(probing, "hz");
	uint64_t ticks;
	if (!text || !parse_whole(text, &ticks))
		return 0;
	if (ticks < TICKS_LEAST || ticks > TICKS_MOST)
		return 0;
	return ticks;
}

/* The coarse clock advances with the tick (kernel/time/posix-timers.c), so that its resolution is
 * one. 0: not known. */
static uint64_t live_ticks(void)
{
	static const double second_ns = 1e9;
	struct timespec step;
	if (clock_getres(CLOCK_MONOTONIC_COARSE, &step) != 0)
		return 0;
	if (step.tv_sec > 0 || step.tv_nsec <= 0)
		return 0;
	double ticks = round(second_ns / (double)step.tv_nsec);
	if (ticks < TICKS_LEAST || ticks > TICKS_MOST)
		return 0;
	return (uint64_t)ticks;
}

static void identify_ticks(struct probing *probing)
{
	static const char key[] = "kernel.hz", where[] = "clock_getres(CLOCK_MONOTONIC_COARSE)";
	uint64_t ticks;
	if (probing->live)
		ticks = live_ticks();
	else
		ticks = kept_ticks(probing);
	if (ticks == 0) {
		facts_put_missing(probing->facts,
				key,
				NULL,
				FACT_SKIPPED,
				UNIT_COUNT,
				where,
				"not known: assumed to be 100");
		return;
	}
	struct fact *fact =
			facts_put_number(probing->facts, key, NULL, (double)ticks, UNIT_COUNT, where);
	fact->read_at = probing->read_at;
}

static void identity_run(struct probing *probing)
{
	struct host_info *info = probing->info;
	if (!probing->live) {
		info->created = probing_origin(probing, "created");
		probing->read_at = info->created;
	}
	identify_kernel(probing);
	identify_system(probing);
	info->name = identity_put_line(probing, "host.name", "proc/sys/kernel/hostname");
	info->boot_id = identity_put_line(probing, "host.boot_id", "proc/sys/kernel/random/boot_id");
	identify_processors(probing);
	identify_firmware(probing);
	identify_time(probing);
	identify_page_size(probing);
	identify_ticks(probing);
	info->fingerprint = probing_origin(probing, "fingerprint");
	if (!info->fingerprint)
		info->fingerprint = hash_identity(probing, info->name);
}

const struct probe probe_identity = {.name = "identity", .run = identity_run};
