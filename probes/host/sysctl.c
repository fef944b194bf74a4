/* The live sysctls: all keys of which the table of keys says that they are read from a file. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/facts/keys.h"
#include "probes/host/facts/sysctl.h"
#include "probes/host/put.h"

/* The file that was read last: the keys of one file follow each other in the table. */
struct sysctl_file {
	const char *path;
	char *text; /* NULL: it could not be read */
	int error;
};

static void sysctl_put_absent(struct probing *probing,
		const struct known_key *key,
		const char *path)
{
	enum fact_status status = FACT_ABSENT;
	const char *note = NULL;
	if (key->global && probing->child_netns) {
		status = FACT_NOT_VISIBLE;
		note = "global; a child network namespace does not show it";
	}
	if (key->global && probing->netns_unknown) {
		status = FACT_SKIPPED;
		note = "global; the network namespace may hide it";
	}
	put_missing(probing, key->key, status, key->unit, path, note);
}

static void sysctl_put_denied(struct probing *probing,
		const struct known_key *key,
		const char *path)
{
	static const char note[] = "the network namespace of the vantage process could not be entered";
	put_missing(probing, key->key, FACT_DENIED, key->unit, path, note);
}

static void sysctl_put_value(struct probing *probing,
		const struct known_key *key,
		const char *path,
		const char *raw)
{
	struct reading value;
	const char *problem;
	if (sysctl_parse(probing->arena, key, raw, &value, &problem))
		put_value(probing, key->key, &value, key->unit, path, raw);
	else
		put_malformed(probing, key->key, key->unit, path, raw, problem);
}

/* The path belongs to a network namespace that could not be entered. */
static bool is_denied(const struct probing *probing, const char *path)
{
	return probing->netns_denied && text_begins_with(path, "proc/sys/net/");
}

static void sysctl_read(struct probing *probing, const char *path, struct sysctl_file *file)
{
	bool again = file->text && strcmp(path, file->path) == 0;
	file->path = path;
	if (!again)
		file->error = probing_read_text(probing, path, &file->text);
}

static void sysctl_put_key(struct probing *probing,
		const struct known_key *key,
		struct sysctl_file *file)
{
	const char *path = keys_path(probing->arena, key);
	assert(path);
	if (is_denied(probing, path)) {
		sysctl_put_denied(probing, key, path);
		return;
	}
	sysctl_read(probing, path, file);
	if (file->text)
		sysctl_put_value(probing, key, path, file->text);
	else if (put_status_of(file->error) == FACT_ABSENT)
		sysctl_put_absent(probing, key, path);
	else
		put_errno(probing, key->key, key->unit, path, file->error);
}

static void sysctl_run(struct probing *probing)
{
	struct sysctl_file file = {.path = ""};
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *key = keys_at(i);
		if (key->read != READ_BY_PROBE)
			sysctl_put_key(probing, key, &file);
	}
	const char *range = facts_text(probing->facts, "net.ipv4.ip_local_port_range");
	if (range)
		(void)sysctl_parse_range(range, &probing->port_low, &probing->port_high);
}

const struct probe probe_sysctl = {.name = "sysctl", .run = sysctl_run};
