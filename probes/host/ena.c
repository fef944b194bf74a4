/* How many more connections the cloud tracks for this machine: Amazon's network driver (ena) counts
 * them among its ethtool statistics. No other driver is asked for more than its name. In a snapshot
 * the statistics are kept in the file "ena.statistics". */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <math.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	STATISTICS_MAX = 4096
};

static const char driver_name[] = "ena";
static const char kept_path[] = "ena.statistics";
static const char ena_where[] = "ethtool -S";

/* A statistic, and the fact that it becomes: the least of all interfaces, or their sum. */
static const struct {
	const char *name, *key;
	bool sum;
} ena_rows[] = {
		{"conntrack_allowance_available", "cloud.conntrack_available", false},
		{"conntrack_allowance_exceeded", "cloud.conntrack_exceeded", true},
};

/* The driver of an interface is asked by its name. 0 or an errno. */
static int ethtool(int socket, const char *interface, void *command)
{
	struct ifreq request = {.ifr_data = command};
	if (strlen(interface) >= sizeof request.ifr_name)
		return EINVAL;
	strcpy(request.ifr_name, interface);
	if (ioctl(socket, SIOCETHTOOL, &request) != 0)
		return errno;
	return 0;
}

/* Adds "NAME VALUE" lines of the statistics that matter here. */
static void add_statistics(struct text *out,
		const struct ethtool_gstrings *names,
		const struct ethtool_stats *values)
{
	for (unsigned i = 0; i < names->len && i < values->n_stats; i++) {
		char name[ETH_GSTRING_LEN + 1] = "";
		memcpy(name, names->data + (size_t)i * ETH_GSTRING_LEN, ETH_GSTRING_LEN);
		for (size_t k = 0; k < COUNT_OF(ena_rows); k++) {
			if (!strcmp(name, ena_rows[k].name))
				text_addf(out, "%s %llu\n", name, (unsigned long long)values->data[i]);
		}
	}
}

/* Drivers write as many names and values as they have: asked for by the number that they said. */
static void read_statistics(int socket, const char *interface, unsigned count, struct text *out)
{
	struct ethtool_gstrings *names;
	struct ethtool_stats *values;
	names = memory_get(sizeof *names + (size_t)count * ETH_GSTRING_LEN);
	values = memory_get(sizeof *values + (size_t)count * sizeof *values->data);
	*names = (struct ethtool_gstrings){ETHTOOL_GSTRINGS, ETH_SS_STATS, count};
	*values = (struct ethtool_stats){ETHTOOL_GSTATS, count};
	bool good = ethtool(socket, interface, names) == 0 && ethtool(socket, interface, values) == 0;
	if (good && names->len <= count && values->n_stats <= count)
		add_statistics(out, names, values);
	free(names);
	free(values);
}

static void read_interface(int socket, const char *interface, struct text *out)
{
	struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
	if (ethtool(socket, interface, &driver) != 0)
		return;
	bool ena = strncmp(driver.driver, driver_name, sizeof driver.driver) == 0;
	if (ena && driver.n_stats > 0 && driver.n_stats <= STATISTICS_MAX)
		read_statistics(socket, interface, driver.n_stats, out);
}

/* "  eth0: 1 2 3 …", after two lines of titles. */
static void read_interfaces(struct probing *probing, int socket, struct text *out)
{
	char *text;
	if (probing_read_text(probing, "proc/net/dev", &text) != 0)
		return;
	for (char *line; (line = parse_line(&text)) != NULL;) {
		char *colon = strchr(line, ':');
		if (!colon)
			continue;
		*colon = '\0';
		read_interface(socket, parse_trim(line), out);
	}
}

/* The number of this statistic in a line; false: it is another line. */
static bool statistic_read(const char *line, const char *name, double *ret)
{
	uint64_t number;
	size_t length = strlen(name);
	if (strncmp(line, name, length) != 0)
		return false;
	if (line[length] != ' ')
		return false;
	if (!parse_field(line + length, 0, &number))
		return false;
	return parse_to_double(number, false, ret);
}

static void put_statistic(struct probing *probing, const char *text, size_t row)
{
	const char *key = ena_rows[row].key;
	double sum = 0;
	double least = INFINITY;
	while (*text) {
		double value;
		if (statistic_read(text, ena_rows[row].name, &value)) {
			sum += value;
			least = fmin(least, value);
		}
		text = parse_next_line(text);
	}
	if (isinf(least)) {
		put_missing(probing, key, FACT_ABSENT, UNIT_COUNT, ena_where, NULL);
		return;
	}
	if (ena_rows[row].sum)
		least = sum;
	facts_put_number(probing->facts, key, NULL, least, UNIT_COUNT, ena_where);
}

static void put_statistics(struct probing *probing, const char *text)
{
	for (size_t i = 0; i < COUNT_OF(ena_rows); i++)
		put_statistic(probing, text, i);
}

static void put_skipped(struct probing *probing, enum fact_status status)
{
	for (size_t i = 0; i < COUNT_OF(ena_rows); i++)
		put_missing(probing, ena_rows[i].key, status, UNIT_COUNT, ena_where, NULL);
}

static void ena_read_live(struct probing *probing)
{
	struct text out = {0};
	int own = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (own < 0) {
		put_skipped(probing, FACT_SKIPPED);
		return;
	}
	read_interfaces(probing, own, &out);
	(void)close(own);
	const char *text = text_string(&out);
	put_statistics(probing, text);
	if (*text)
		source_keep(probing->source, kept_path, text, strlen(text));
	else
		source_keep_error(probing->source, kept_path, ENOENT);
	text_release(&out);
}

static void ena_run(struct probing *probing)
{
	char *text;
	if (probing->live) {
		ena_read_live(probing);
		return;
	}
	int error = probing_read_text(probing, kept_path, &text);
	if (error == 0)
		put_statistics(probing, text);
	else
		put_skipped(probing, put_status_of(error));
}

const struct probe probe_ena = {.name = "ena", .run = ena_run};
