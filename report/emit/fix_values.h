/* The values to set so that a plan fits, for the emitters: values, not texts. audit/fix/values.c
 * takes them from the audit document, and accepts only well-formed keys and values. Computes
 * nothing. */
#ifndef HEADROOM_REPORT_EMIT_FIX_VALUES_H
#define HEADROOM_REPORT_EMIT_FIX_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

/* How a sysctl changes, for scripts on a host whose values may already be better. */
enum sysctl_change {
	CHANGE_SET,   /* this value, whatever is there */
	CHANGE_RAISE, /* one number or three: each the larger of both */
	CHANGE_WIDEN, /* a port range: the lower low, the higher high */
	CHANGE_ADD    /* a list of ports: both lists */
};

struct fix_values_sysctl {
	const char *key, *to;
	const char *from;  /* NULL: not known */
	const char *title; /* of the fix */
	const char *fix;   /* its id */
	enum sysctl_change change;
};

/* A limit that the plan uses, for alerts. Texts are clean, "" where nothing is known. */
struct fix_alert {
	const char *limit; /* its id: letters, digits and "-" */
	const char *title;
	const char *unit;                   /* " ports" */
	const char *demand, *capacity_text; /* as people read them */
	double capacity;                    /* NAN: not known */
	const char *fix, *undo;             /* commands, a line each */
	const char *source;                 /* https://… */
};

struct fix_values {
	const char *plan, *host, *tool, *date; /* as they came: clean before showing */
	bool darwin;                           /* the host judged is a Mac */
	const char *unit;                      /* NAME.service, checked; NULL: none named */
	const char *held_unit; /* the service that sets the limits of the process; or NULL */
	bool no_login;         /* a service of systemd, or the container that this program is in, holds
	                          them: limits.d does not reach it */
	bool of_user_unit;     /* that service belongs to the systemd of a user */
	const char *held_user; /* the user whose login sets them, checked; NULL: unknown */
	/* The users for lines of limits.d; empty: everybody, and root. */
	struct name_list logins;
	bool host_network;                 /* a container that shares the host's: no --sysctl net.* */
	bool contained;                    /* an engine sets the values, not this host */
	struct fix_values_sysctl *sysctls; /* in the order in which they must be set */
	size_t sysctl_count, sysctl_capacity;
	/* Of the container or network namespace that this program is in: only its kernel settings
	 * count. They can be set now, and no file in there keeps them. NULL: none. */
	struct fix_values *inside;
	struct name_list kept_elsewhere;           /* the fixes that have them */
	double nofile_soft, nofile_hard;           /* NAN: no change; hard may be what it is already */
	double nofile_soft_from, nofile_hard_from; /* NAN: not known */
	bool hard_changes;
	double tasks_max;                      /* threads of the control group; NAN: no change */
	double nproc_soft, nproc_hard;         /* threads of the user; NAN: no change */
	double erlang_ports, erlang_processes; /* +Q, +P; NAN: no change */
	struct name_list macos;                /* NAME=VALUE */
	bool conntrack;                        /* nf_conntrack has to be loaded before the sysctls */
	const char *machine;                   /* VM type to order (headroom size); NULL: not known */
	double machines;                       /* how many; NAN: not known */
	double vcpus, machine_bytes;           /* of that type; 0: not known */
	bool fargate;                          /* it is one of AWS Fargate */
	double memory_bytes;                   /* what one machine's part needs; 0: not known */
	bool memory_counted;                   /* with that of the program */
	struct name_list command;              /* the load test's words, secrets masked; or none */
	const char *at_least;       /* why these are the lowest numbers; NULL: no reason is given */
	struct name_list elsewhere; /* fixes that are not a setting of a host */
	struct name_list in_files;  /* fixes that only files for systemd, containers and logins make */
	struct fix_alert *alerts;   /* none, if no host was judged */
	size_t alert_count;
	double target;         /* the part of a limit that the plan may use */
	struct name_list then; /* what must restart, be opened again or be logged in anew */
};

/* A limit as configuration files write it: "21000" or "infinity". */
enum {
	FIX_VALUES_LIMIT_MAX = 32
};
const char *fix_values_limit(char out[FIX_VALUES_LIMIT_MAX], double value);

bool fix_values_have_sysctls(const struct fix_values *values);
bool fix_values_have_nofile(const struct fix_values *values);
bool fix_values_have_threads(const struct fix_values *values);
bool fix_values_have_erlang(const struct fix_values *values);

/* Where the files belong. 99-zz: sysctl.d and limits.d are applied in the order of their names, and
 * Debian's 99-sysctl.conf must not come later. */
#define FIX_SYSCTL_PATH  "/etc/sysctl.d/99-zz-headroom.conf"
#define FIX_LIMITS_PATH  "/etc/security/limits.d/99-zz-headroom.conf"
#define FIX_MODULES_PATH "/etc/modules-load.d/headroom.conf"

#endif
