/* The sysctl-like limits: everything that keys.c says is read from one file. */
#include "probes/host/facts/sysctl.h"

#include <string.h>

#include "base/portset.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"

bool sysctl_parse_range(const char *text, unsigned *ret_first, unsigned *ret_last)
{
	uint64_t first, last;
	text += strspn(text, " \t\n");
	if (!parse_u64(&text, &first))
		return false;
	size_t gap = strspn(text, " \t");
	if (*text == '-')
		gap = 1;
	text += gap;
	if (gap == 0 || !parse_u64(&text, &last) || text[strspn(text, " \t\n")])
		return false;
	if (first > last || last > 65535)
		return false;
	*ret_first = (unsigned)first;
	*ret_last = (unsigned)last;
	return true;
}

static bool parse_ports(struct arena *arena, const char *raw, struct reading *ret_value)
{
	struct portset *set = arena_alloc(arena, sizeof *set);
	struct error err;
	struct text text = {0};
	if (!portset_parse(raw, set, &err))
		return false;
	portset_print(set, &text);
	*ret_value = (struct reading){
			.text = arena_copy(arena, text.data ? text.data : "", text.length)};
	text_release(&text);
	return true;
}

/* tcp_mem, tcp_rmem, tcp_wmem and file-nr hold three numbers each; a file with fewer or more is not
 * one. */
static bool has_three(const char *text)
{
	uint64_t ignored;
	return parse_field(text, 2, &ignored) && !parse_field(text, 3, &ignored);
}

static bool sysctl_parse_number(const struct known_key *key,
		const char *raw,
		struct reading *ret_value)
{
	uint64_t whole;
	double number;
	bool fields = key->read == READ_FIELD;
	bool read = fields ? has_three(raw) && parse_field(raw, key->field, &whole)
					   : parse_whole(raw, &whole);
	if (!read || !parse_to_double(whole, key->read == READ_HUGE, &number))
		return false;
	if (key->read == READ_MILLISECONDS)
		number /= 1000;
	*ret_value = (struct reading){.number = number};
	return true;
}

bool sysctl_parse(struct arena *arena,
		const struct known_key *key,
		const char *raw,
		struct reading *ret_value,
		const char **ret_problem)
{
	unsigned first, last;
	switch (key->read) {
	case READ_RANGE:
		*ret_problem = "two ports were expected, the first not above the second: \"32768 60999\"";
		if (!sysctl_parse_range(raw, &first, &last))
			return false;
		*ret_value = (struct reading){.text = arena_printf(arena, "%u %u", first, last)};
		return true;
	case READ_PORTS:
		*ret_problem = "a list of ports was expected: \"8080,9000-9100\"";
		return parse_ports(arena, raw, ret_value);
	case READ_FIELD:
		*ret_problem = "three whole numbers between blanks were expected";
		return sysctl_parse_number(key, raw, ret_value);
	case READ_NUMBER:
	case READ_HUGE:
	case READ_MILLISECONDS:
	case READ_BY_PROBE:
		break;
	}
	*ret_problem = "a whole number was expected";
	return sysctl_parse_number(key, raw, ret_value);
}

/* Why a file that is not there is missing. */
static void put_absent(struct probing *probing, const struct known_key *key, const char *path)
{
	if (key->global && probing->child_netns)
		put_missing(probing,
				key->key,
				NULL,
				FACT_NOT_VISIBLE,
				key->unit,
				path,
				"global; a child network namespace does not show it");
	else
		put_missing(probing, key->key, NULL, FACT_ABSENT, key->unit, path, NULL);
}

static void sysctl_put_value(struct probing *probing,
		const struct known_key *key,
		const char *path,
		const char *raw)
{
	struct reading value;
	const char *problem;
	if (!sysctl_parse(probing->arena, key, raw, &value, &problem))
		put_malformed(probing, key->key, NULL, key->unit, path, raw, problem);
	else if (value.text)
		put_text(probing, key->key, NULL, value.text, path, raw);
	else
		put_number(probing, key->key, NULL, value.number, key->unit, path, raw);
}

static void sysctl_run(struct probing *probing)
{
	const char *last_path = "";
	char *text = NULL;
	int error = 0;
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *key = keys_at(i);
		if (key->read == READ_BY_PROBE)
			continue;
		const char *path = keys_path(probing->arena, key);
		if (probing->netns_denied && strncmp(path, "proc/sys/net/", 13) == 0) {
			put_missing(probing,
					key->key,
					NULL,
					FACT_DENIED,
					key->unit,
					path,
					"the network namespace of the vantage process could not be entered");
			continue;
		}
		if (!text || strcmp(path, last_path) != 0)
			error = read_text(probing, path, &text);
		last_path = path;
		if (status_from_errno(error) == FACT_ABSENT && error != 0)
			put_absent(probing, key, path);
		else if (error || !text)
			put_errno(probing, key->key, NULL, key->unit, path, error);
		else
			sysctl_put_value(probing, key, path, text);
	}
	const char *range = facts_text(probing->facts, "net.ipv4.ip_local_port_range");
	if (range)
		(void)sysctl_parse_range(range, &probing->port_low, &probing->port_high);
}

const struct probe probe_sysctl = {.name = "sysctl", .run = sysctl_run};
