/* What an image says of the machine that will boot it: what its files set, the kernel's own
 * defaults where they set nothing, and nothing of the machine that reads it. What a kernel computes
 * from the size of its machine is not known. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

/* A default that no size of a machine changes. */
struct kernel_default {
	const char *key;
	const char *value; /* as the file of the setting has it */
	double since;      /* that version of the kernel has it, as parse_kernel_version() gives it; 0:
	                    * all that are in use */
};

enum {
	LINUX_4_19 = 4019,
	LINUX_5_4 = 5004,
	USUAL_SOFT = 1024,
	KERNEL_HARD = 4096,
	SYSTEMD_HARD = 524288
};

/* net/ipv4/af_inet.c, tcp_ipv4.c, arp.c, ndisc.c, net/core/net_namespace.c, dev.c, fs/file.c,
 * fs/notify/inotify/inotify_user.c, mm/util.c: the initializers of these settings.
 * SOMAXCONN is 4096 since 5.4 and tcp_tw_reuse 2 since 4.19 (Documentation/networking/ip-sysctl).
 */
static const struct kernel_default kernel_defaults[] = {
		{"net.ipv4.ip_local_port_range", "32768 60999", 0},
		{"net.ipv4.ip_local_reserved_ports", "", 0},
		{"net.ipv4.ip_unprivileged_port_start", "1024", 0},
		{"net.ipv4.ip_autobind_reuse", "0", 0},
		{"net.ipv4.tcp_tw_reuse", "2", LINUX_4_19},
		{"net.ipv4.tcp_fin_timeout", "60", 0},
		{"net.ipv4.tcp_timestamps", "1", 0},
		{"net.ipv4.tcp_syncookies", "1", 0},
		{"net.ipv4.tcp_abort_on_overflow", "0", 0},
		{"net.core.somaxconn", "4096", LINUX_5_4},
		{"net.core.netdev_max_backlog", "1000", 0},
		{"net.ipv4.neigh.default.gc_thresh1", "128", 0},
		{"net.ipv4.neigh.default.gc_thresh2", "512", 0},
		{"net.ipv4.neigh.default.gc_thresh3", "1024", 0},
		{"net.ipv6.neigh.default.gc_thresh1", "128", 0},
		{"net.ipv6.neigh.default.gc_thresh2", "512", 0},
		{"net.ipv6.neigh.default.gc_thresh3", "1024", 0},
		{"fs.nr_open", "1048576", 0},
		{"fs.inotify.max_user_instances", "128", 0},
		{"vm.max_map_count", "65530", 0},
};

static const char by_kernel[] = "the image does not set it, so the kernel's default applies";
static const char by_systemd[] = "the image does not set it, so systemd's default applies";
static const char by_nobody[] =
		"the image does not set it, so the kernel's default for process 1 applies";
static const char runs_nothing[] =
		"nothing runs in an image; the plan counts the files that its program opens first";

static void put_default(struct probing *probing, const struct kernel_default *row)
{
	const struct known_key *known = keys_find(row->key);
	struct reading value;
	const char *problem;
	if (!sysctl_parse(probing->arena, known, row->value, &value, &problem))
		return;
	struct fact *fact = put_value(probing,
			row->key,
			&value,
			known->unit,
			keys_path(probing->arena, known),
			NULL);
	fact->where = NULL;
	fact->origin = ORIGIN_CONSTANT;
	fact->note = by_kernel;
}

static void put_constant(struct probing *probing, const char *key, double number, const char *note)
{
	struct fact *fact = facts_put_number(probing->facts, key, NULL, number, UNIT_COUNT, NULL);
	fact->origin = ORIGIN_CONSTANT;
	fact->note = note;
}

/* The release of the image's kernel; NULL: it has none, or several, of which the boot chooses. */
static const char *image_kernel(struct probing *probing, const char **ret_path)
{
	static const char *const directories[] = {"usr/lib/modules", "lib/modules"};
	const char *const *names;
	size_t count;
	for (size_t i = 0; i < COUNT_OF(directories); i++) {
		*ret_path = directories[i];
		if (source_list(probing->source, directories[i], &names, &count, NULL) == 0 && count == 1)
			return text_clean(probing->arena, names[0], strlen(names[0]), RAW_MAX);
	}
	return NULL;
}

/* The version of the kernel; 0: not known. */
static double put_kernel(struct probing *probing)
{
	const char *path;
	double version;
	const char *release = image_kernel(probing, &path);
	if (!release || !parse_kernel_version(release, &version))
		return 0;
	probing->info->kernel = release;
	put_text(probing, "kernel.release", release, path, NULL);
	put_number(probing, "kernel.version", version, UNIT_VERSION, path, release);
	return version;
}

/* The machine's size decides about the others. */
static void put_unknown(struct probing *probing)
{
	static const char note[] = "the image does not set it";
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *known = keys_at(i);
		if (known->read == READ_BY_PROBE)
			continue;
		const char *path = keys_path(probing->arena, known);
		put_missing(probing, known->key, FACT_SKIPPED, known->unit, path, note);
	}
}

static void put_name(struct probing *probing)
{
	char *text;
	if (probing_read_text(probing, "etc/hostname", &text) != 0)
		return;
	const char *name = text_clean(probing->arena, text, strcspn(text, "\n"), RAW_MAX);
	put_text(probing, "host.name", name, "etc/hostname", NULL);
	probing->info->name = name;
}

static void image_run(struct probing *probing)
{
	static const char *const of_no_process[] = {
			"process.fds_open",
			"process.fds_below_soft",
			"process.fds_below_hard",
	};
	const struct host_options *options = probing->options;
	double version = put_kernel(probing);
	put_name(probing);
	put_unknown(probing);
	put_text(probing, "os.name", "linux", NULL, NULL)->origin = ORIGIN_CONSTANT;
	for (size_t i = 0; i < COUNT_OF(kernel_defaults); i++) {
		if (kernel_defaults[i].since <= version)
			put_default(probing, &kernel_defaults[i]);
	}
	for (size_t i = 0; i < COUNT_OF(of_no_process); i++)
		put_constant(probing, of_no_process[i], 0, runs_nothing);
	if (options->image_unit) {
		const char *unit = options->image_unit;
		if (!text_ends_with(unit, ".service"))
			unit = arena_printf(probing->arena, "%s.service", unit);
		put_text(probing, "vantage.unit", unit, NULL, NULL)->origin = ORIGIN_GIVEN;
	}
	probing->info->vantage = arena_printf(probing->arena,
			"the image %.300s as configured, not running",
			options->image);
}

const struct probe probe_image = {.name = "image", .run = image_run};

static bool has_systemd(struct probing *probing)
{
	return source_exists(probing->source, "usr/lib/systemd/systemd") ||
			source_exists(probing->source, "lib/systemd/systemd");
}

/* /etc/sysctl.conf without a link to it from sysctl.d: systemd-sysctl does not read it, something
 * else may. */
static bool is_doubtful(struct probing *probing, const struct fact *set)
{
	bool of_conf = set->where && strcmp(set->where, "/etc/sysctl.conf") == 0;
	return of_conf && set->note && has_systemd(probing);
}

/* What boot.KEY says is in force there. nf_conntrack's settings are none before its module is
 * loaded. */
static void take_boot(struct probing *probing, const struct known_key *known)
{
	const char *boot = arena_printf(probing->arena, "boot.%s", known->key);
	const struct fact *set = facts_get(probing->facts, boot, NULL);
	bool of_module = text_begins_with(known->key, "net.netfilter.nf_conntrack_");
	if (!set || (of_module && !(facts_number(probing->facts, "boot.modules.nf_conntrack") > 0)))
		return;
	if (is_doubtful(probing, set)) {
		put_missing(probing, known->key, FACT_SKIPPED, known->unit, "etc/sysctl.conf", set->note);
		return;
	}
	struct fact fact = *set;
	fact.key = known->key;
	facts_put(probing->facts, fact);
}

/* The limit of a service or of a login: the first of these facts that is known. false: none is. */
static bool take_limit(struct probing *probing, const char *key, const char *const *from)
{
	for (; *from; from++) {
		const struct fact *set = facts_get(probing->facts, *from, NULL);
		if (!set || set->status != FACT_KNOWN)
			continue;
		struct fact fact = *set;
		fact.key = key;
		facts_put(probing->facts, fact);
		return true;
	}
	return false;
}

/* systemd 240 and later: 1024:524288 (DefaultLimitNOFILE, systemd-system.conf(5)); the kernel gives
 * process 1 1024:4096 (INR_OPEN_CUR, INR_OPEN_MAX). */
static void take_limits(struct probing *probing)
{
	static const char *const soft_of_service[] = {"boot.unit.nofile.soft",
			"boot.systemd.default_nofile.soft",
			NULL};
	static const char *const hard_of_service[] = {"boot.unit.nofile.hard",
			"boot.systemd.default_nofile.hard",
			NULL};
	static const char *const soft_of_login[] = {"boot.limits.nofile.soft", NULL};
	static const char *const hard_of_login[] = {"boot.limits.nofile.hard", NULL};
	static const char soft_key[] = "limits.nofile.soft";
	static const char hard_key[] = "limits.nofile.hard";
	const char *const *soft_from = soft_of_login;
	const char *const *hard_from = hard_of_login;
	const char *note = by_nobody;
	double hard_most = KERNEL_HARD;
	if (has_systemd(probing)) {
		note = by_systemd;
		hard_most = SYSTEMD_HARD;
	}
	if (probing->options->image_unit) {
		soft_from = soft_of_service;
		hard_from = hard_of_service;
	}
	if (!take_limit(probing, soft_key, soft_from))
		put_constant(probing, soft_key, USUAL_SOFT, note);
	if (!take_limit(probing, hard_key, hard_from))
		put_constant(probing, hard_key, hard_most, note);
	/* pam_limits and systemd lower a soft limit to the hard one. */
	struct fact *soft = (struct fact *)facts_get(probing->facts, soft_key, NULL);
	double hard = facts_number(probing->facts, hard_key);
	soft->number = fmin(soft->number, hard);
}

/* Of files that were not read whole nothing is taken: what they say last may be what counts. */
static void forget_all(struct probing *probing)
{
	static const char *const limits[] = {"limits.nofile.soft", "limits.nofile.hard"};
	const char *path = probing->boot_unread;
	const char *note = arena_printf(probing->arena, "/%s was not read whole", path);
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *known = keys_at(i);
		if (known->read != READ_BY_PROBE)
			put_missing(probing, known->key, FACT_SKIPPED, known->unit, path, note);
	}
	for (size_t i = 0; i < COUNT_OF(limits); i++)
		put_missing(probing, limits[i], FACT_SKIPPED, UNIT_COUNT, path, note);
}

static void image_booted_run(struct probing *probing)
{
	if (probing->boot_unread) {
		forget_all(probing);
		return;
	}
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *known = keys_at(i);
		if (known->read != READ_BY_PROBE)
			take_boot(probing, known);
	}
	take_limits(probing);
	const char *range = facts_text(probing->facts, "net.ipv4.ip_local_port_range");
	if (range)
		(void)sysctl_parse_range(range, &probing->port_low, &probing->port_high);
}

const struct probe probe_image_booted = {.name = "image, booted", .run = image_booted_run};
