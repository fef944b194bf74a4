/* The known fact keys: name, unit, meaning, and where each is read. The table is what
 * headroom facts --keys prints, what --set and facts files are checked against, and the list of the
 * sysctls to read. */
#ifndef HEADROOM_PROBES_HOST_FACTS_KEYS_H
#define HEADROOM_PROBES_HOST_FACTS_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

enum key_read {
	READ_BY_PROBE,     /* a probe reads it; `path` only says where */
	READ_NUMBER,       /* the file is one number */
	READ_HUGE,         /* the same; from 2^62 on it means no limit */
	READ_FIELD,        /* number `field` (from 0) of several */
	READ_MILLISECONDS, /* one number in ms; the fact is in seconds */
	READ_RANGE,        /* two numbers, kept as text "32768 60999" */
	READ_PORTS         /* a port list, kept as text "8080,9000-9100" */
};

struct known_key {
	const char *key;
	enum unit unit;
	enum key_read read;
	bool global;    /* hidden from a child network namespace */
	bool positive;  /* nothing has 0 of it */
	bool instances; /* one value for each instance; `means` says of what */
	int field;
	const char *path; /* NULL: /proc/sys/ and the key with slashes for dots */
	const char *means;
};

size_t keys_count(void);
const struct known_key *keys_at(size_t index);
/* NULL if unknown. "boot." in front of a sysctl's key is known too: the value after the next boot.
 */
const struct known_key *keys_find(const char *key);
/* The known key nearest to a mistyped one, or NULL. */
const char *keys_suggest(const char *key);
/* True if `name` is the file of several keys ("net.ipv4.tcp_mem"). Their rows follow each other:
 * *ret_count of them from *ret_first on. */
bool keys_group(const char *name, size_t *ret_first, size_t *ret_count);
/* The source path of a key ("proc/sys/…"). NULL: it is read by a probe that names no path. */
const char *keys_path(struct arena *arena, const struct known_key *key);
/* The name of the sysctl whose file contains this key: net.ipv4.tcp_mem for net.ipv4.tcp_mem.max.
 * The key must not be one that is read by a probe. */
const char *keys_sysctl(struct arena *arena, const struct known_key *key);

#endif
