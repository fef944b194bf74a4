/* Settings that each network namespace has separately, and how the sandbox gets those of the
 * target. A new namespace has the kernel's defaults, so a setting that is not copied may differ
 * from the host's. */
#ifndef HEADROOM_PROBES_STRESS_SETTINGS_H
#define HEADROOM_PROBES_STRESS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/fact.h"

enum setting_id {
	SETTING_SOMAXCONN,
	SETTING_PORT_START,
	SETTING_PORT_RANGE,
	SETTING_RESERVED_PORTS,
	SETTING_AUTOBIND_REUSE,
	SETTING_PORT_STEP,
	SETTING_TW_REUSE,
	SETTING_TW_REUSE_DELAY,
	SETTING_FIN_TIMEOUT,
	SETTING_TW_TIMEOUT,
	SETTING_MAX_TW_BUCKETS,
	SETTING_TIMESTAMPS,
	SETTING_MAX_SYN_BACKLOG,
	SETTING_SYNCOOKIES,
	SETTING_ABORT_ON_OVERFLOW,
	SETTING_RMEM,
	SETTING_WMEM,
	SETTING_CT_TIME_WAIT,
	SETTING_CT_CLOSE,
	SETTING_CT_ESTABLISHED,
	SETTING_CT_FIN_WAIT,
	SETTING_CT_CLOSE_WAIT,
	SETTING_CT_LAST_ACK,
	SETTING_CT_SYN_SENT,
	SETTING_CT_SYN_RECV,
	SETTING_CT_UDP,
	SETTING_CT_UDP_STREAM,
	SETTINGS
};

#define SETTING(id) (1UL << SETTING_##id)

const char *setting_key(enum setting_id id);

/* Writes the values of all facts into the current namespace and reads them back. Returns, as bits 1
 * << id, the settings that differ or that the facts do not know. */
unsigned long settings_copy(const struct facts *facts);
/* Writes one setting of the sandbox. Returns 0 or an errno. */
int setting_write(const char *path, const char *value);
/* Reads the first line of a file, without blanks at its ends. Returns 0 or an errno. */
int setting_read(const char *path, char *out, size_t size);

#endif
