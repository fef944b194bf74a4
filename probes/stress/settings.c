/* Copies settings into the sandbox. It writes below /proc/sys/net only after the worker has left
 * the host's network; the caller sees to that. */
#include "probes/stress/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/portset.h"

enum {
	VALUE_MAX = 16384,
	PORT_LAST = 65535
};

struct setting {
	const char *key;      /* of the fact, and the file below /proc/sys with slashes for dots */
	const char *parts[3]; /* the file has several numbers, each a fact KEY.PART */
	double scale;         /* file value = fact * scale; 0 is 1 */
	bool ports;           /* a list of ports: "" is a value */
};

#define CONNTRACK "net.netfilter.nf_conntrack_"

/* Writing order matters: the range may not begin below ip_unprivileged_port_start, which
 * settings_copy lowers first (net/ipv4/sysctl_net_ipv4.c). */
static const struct setting settings[SETTINGS] = {
		[SETTING_SOMAXCONN] = {.key = "net.core.somaxconn"},
		[SETTING_PORT_RANGE] = {.key = "net.ipv4.ip_local_port_range"},
		[SETTING_PORT_START] = {.key = "net.ipv4.ip_unprivileged_port_start"},
		[SETTING_RESERVED_PORTS] = {.key = "net.ipv4.ip_local_reserved_ports", .ports = true},
		[SETTING_AUTOBIND_REUSE] = {.key = "net.ipv4.ip_autobind_reuse"},
		[SETTING_PORT_STEP] = {.key = "net.ipv4.ip_local_port_step_width"},
		[SETTING_TW_REUSE] = {.key = "net.ipv4.tcp_tw_reuse"},
		[SETTING_TW_REUSE_DELAY] = {.key = "net.ipv4.tcp_tw_reuse_delay", .scale = 1000},
		[SETTING_FIN_TIMEOUT] = {.key = "net.ipv4.tcp_fin_timeout"},
		[SETTING_TW_TIMEOUT] = {.key = "net.ipv4.tcp_tw_timeout"},
		[SETTING_MAX_TW_BUCKETS] = {.key = "net.ipv4.tcp_max_tw_buckets"},
		[SETTING_TIMESTAMPS] = {.key = "net.ipv4.tcp_timestamps"},
		[SETTING_MAX_SYN_BACKLOG] = {.key = "net.ipv4.tcp_max_syn_backlog"},
		[SETTING_SYNCOOKIES] = {.key = "net.ipv4.tcp_syncookies"},
		[SETTING_ABORT_ON_OVERFLOW] = {.key = "net.ipv4.tcp_abort_on_overflow"},
		[SETTING_RMEM] = {.key = "net.ipv4.tcp_rmem", .parts = {"min", "default", "max"}},
		[SETTING_WMEM] = {.key = "net.ipv4.tcp_wmem", .parts = {"min", "default", "max"}},
		[SETTING_CT_TIME_WAIT] = {.key = CONNTRACK "tcp_timeout_time_wait"},
		[SETTING_CT_CLOSE] = {.key = CONNTRACK "tcp_timeout_close"},
		[SETTING_CT_ESTABLISHED] = {.key = CONNTRACK "tcp_timeout_established"},
		[SETTING_CT_FIN_WAIT] = {.key = CONNTRACK "tcp_timeout_fin_wait"},
		[SETTING_CT_CLOSE_WAIT] = {.key = CONNTRACK "tcp_timeout_close_wait"},
		[SETTING_CT_LAST_ACK] = {.key = CONNTRACK "tcp_timeout_last_ack"},
		[SETTING_CT_SYN_SENT] = {.key = CONNTRACK "tcp_timeout_syn_sent"},
		[SETTING_CT_SYN_RECV] = {.key = CONNTRACK "tcp_timeout_syn_recv"},
		[SETTING_CT_UDP] = {.key = CONNTRACK "udp_timeout"},
		[SETTING_CT_UDP_STREAM] = {.key = CONNTRACK "udp_timeout_stream"},
};

const char *setting_key(enum setting_id id)
{
	return settings[id].key;
}

int setting_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;
	if (fd < 0)
		return errno;
	size_t length = strlen(value);
	/* An empty list is written as a newline: a write of no bytes changes nothing. */
	if (write(fd, length ? value : "\n", length ? length : 1) < 0)
		error = errno;
	close(fd);
	return error;
}

/* Blanks become one space each; none at the ends. */
static void settings_squeeze(char *text)
{
	char *to = text;
	for (const char *from = text; *from; from++) {
		if (*from != ' ' && *from != '\t' && *from != '\n')
			*to++ = *from;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	while (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

int setting_read(const char *path, char *out, size_t size)
{
	int error = 0;
	if (file_read_path(path, out, size) < 0)
		error = errno;
	settings_squeeze(out);
	return error;
}

static void setting_path(const struct setting *setting, char out[128])
{
	(void)snprintf(out, 128, "/proc/sys/%s", setting->key);
	for (char *p = out + 10; *p; p++)
		if (*p == '.')
			*p = '/';
}

static bool settings_fact_value(const struct fact *fact, double scale, char *out, size_t size)
{
	if (!fact || fact->status != FACT_KNOWN)
		return false;
	if (fact->unit == UNIT_TEXT)
		return fact->text && snprintf(out, size, "%s", fact->text) < (int)size;
	return isfinite(fact->number) &&
			snprintf(out, size, "%.0f", fact->number * (scale > 0 ? scale : 1)) < (int)size;
}

/* What the target's file holds. false: not known. */
static bool target_value(const struct facts *facts,
		const struct setting *setting,
		char out[VALUE_MAX])
{
	const struct fact *fact = facts_get(facts, setting->key, "");
	if (!setting->parts[0]) {
		bool known = settings_fact_value(fact, setting->scale, out, VALUE_MAX);
		settings_squeeze(out);
		return known;
	}
	size_t length = 0;
	for (size_t i = 0; i < 3; i++) {
		char key[128], number[32];
		(void)snprintf(key, sizeof key, "%s.%s", setting->key, setting->parts[i]);
		if (!settings_fact_value(facts_get(facts, key, ""), 1, number, sizeof number))
			return false;
		length += (size_t)snprintf(out + length, VALUE_MAX - length, "%s%s", i ? " " : "", number);
	}
	return true;
}

static bool settings_same_value(const struct setting *setting, const char *a, const char *b)
{
	struct portset left, right;
	struct error err;
	if (!setting->ports)
		return strcmp(a, b) == 0;
	return portset_parse(a, &left, &err) && portset_parse(b, &right, &err) &&
			memcmp(&left, &right, sizeof left) == 0;
}

/* A range that begins and ends with ports of the same parity makes the kernel write a line to the
 * host's log (set_local_port_range() in net/ipv4/sysctl_net_ipv4.c). The sandbox gets one port
 * more, which is then reserved: the same ports are to be had. 0: the range is wanted as it is. */
static unsigned port_too_many(char range[VALUE_MAX])
{
	unsigned low, high;
	if (sscanf(range, "%5u %5u", &low, &high) != 2 || (high - low) % 2 != 0)
		return 0;
	if (high < PORT_LAST) {
		(void)snprintf(range, VALUE_MAX, "%u %u", low, high + 1);
		return high + 1;
	}
	if (low < 2)
		return 0;
	(void)snprintf(range, VALUE_MAX, "%u %u", low - 1, high);
	return low - 1;
}

static void add_port(char list[VALUE_MAX], unsigned port)
{
	size_t length = strlen(list);
	const char *comma = "";
	if (length > 0)
		comma = ",";
	(void)snprintf(list + length, VALUE_MAX - length, "%s%u", comma, port);
}

/* Where the target's value would make the kernel write to its log, another one that means the same.
 */
static void make_silent(const struct facts *facts, enum setting_id id, char wanted[VALUE_MAX])
{
	char range[VALUE_MAX] = "";
	if (id == SETTING_PORT_RANGE)
		(void)port_too_many(wanted);
	if (id != SETTING_RESERVED_PORTS || !target_value(facts, &settings[SETTING_PORT_RANGE], range))
		return;
	unsigned port = port_too_many(range);
	if (port > 0)
		add_port(wanted, port);
}

/* True if the sandbox now has the target's value. */
static bool copy_one(const struct facts *facts, enum setting_id id)
{
	const struct setting *setting = &settings[id];
	char path[128], wanted[VALUE_MAX] = "", found[VALUE_MAX];
	setting_path(setting, path);
	bool known = target_value(facts, setting, wanted);
	int error = setting_read(path, found, sizeof found);
	if (error == ENOENT)
		return !known; /* neither has it; else the target has what this kernel lacks */
	if (!known || error)
		return false;
	make_silent(facts, id, wanted);
	if (settings_same_value(setting, wanted, found))
		return true;
	(void)setting_write(path, wanted);
	return setting_read(path, found, sizeof found) == 0 &&
			settings_same_value(setting, wanted, found);
}

unsigned long settings_copy(const struct facts *facts)
{
	unsigned long failed = 0;
	(void)setting_write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_reserved_ports", "");
	for (enum setting_id id = 0; id < SETTINGS; id++)
		if (id != SETTING_PORT_START && !copy_one(facts, id))
			failed |= 1UL << id;
	if (!copy_one(facts, SETTING_PORT_START))
		failed |= SETTING(PORT_START);
	return failed;
}
