/* The known fact keys: name, unit, meaning, and where each is read. The table is what headroom
 * facts --keys prints, the check for --set and facts files, and the list of sysctls to read. */
#ifndef HEADROOM_PROBES_HOST_FACTS_KEYS_H
#define HEADROOM_PROBES_HOST_FACTS_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

enum key_read {
	READ_BY_PROBE,     /* a probe reads it; `path` only says where */
	READ_NUMBER,       /* the file contains one number */
	READ_HUGE,         /* the same; from 2^62 on it means no limit */
	READ_FIELD,        /* number `field` (from 0) of several */
	READ_MILLISECONDS, /* one number in milliseconds; the fact is in seconds */
	READ_RANGE,        /* two numbers, kept as text "32768 60999" */
	READ_PORTS         /* a port list, kept as text "8080,9000-9100" */
};

struct known_key {
	const char *key;
	enum unit unit;
	enum key_read read;
	bool global;    /* hidden from a child network namespace */
	bool positive;  /* 0 is not a possible value */
	bool instances; /* one value for each instance; `means` says of what */
	int field;
	const char *path; /* NULL: /proc/sys/ and the key with slashes instead of dots */
	const char *means;
};

size_t keys_count(void);
const struct known_key *keys_at(size_t index);
/* Returns NULL for an unknown key. The key of a sysctl with "boot." in front is known too: its
 * value after the next boot. */
const struct known_key *keys_find(const char *key);
/* Returns the known key closest to a mistyped one, or NULL. */
const char *keys_suggest(const char *key);
/* Returns true if `name` is a file with several keys ("net.ipv4.tcp_mem"): the *ret_count keys from
 * *ret_first on. */
bool keys_group(const char *name, size_t *ret_first, size_t *ret_count);
/* Returns the source path of a key ("proc/sys/…"), or NULL if its probe names no path. */
const char *keys_path(struct arena *arena, const struct known_key *key);
/* Returns the sysctl whose file contains this key: net.ipv4.tcp_mem for net.ipv4.tcp_mem.max. The
 * key must not be read by a probe. */
const char *keys_sysctl(struct arena *arena, const struct known_key *key);

#endif
