/* The values with which a plan fits, for the emitters. audit/fix/values.c takes them from the audit
 * document and accepts only well-formed keys and values. Computes nothing. */
#ifndef HEADROOM_REPORT_EMIT_FIX_VALUES_H
#define HEADROOM_REPORT_EMIT_FIX_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

/* How a script changes a sysctl on a host whose value may already be better. */
enum sysctl_change {
	CHANGE_SET,   /* sets this value in any case */
	CHANGE_RAISE, /* one number or three: keeps the larger one of each */
	CHANGE_WIDEN, /* a port range: keeps the lower low and the higher high */
	CHANGE_ADD    /* a list of ports: merges both lists */
};

struct fix_values_sysctl {
	const char *key, *to;
	const char *from;  /* NULL: not known */
	const char *title; /* title of the fix */
	const char *fix;   /* id of the fix */
	enum sysctl_change change;
};

/* A limit that the plan uses, for alerts. Texts are clean; "" if nothing is known. */
struct fix_alert {
	const char *limit; /* its id: letters, digits and "-" */
	const char *title;
	const char *unit;                   /* with a blank before it: " ports" */
	const char *demand, *capacity_text; /* formatted for people */
	double capacity;                    /* NAN: not known */
	const char *fix, *undo;             /* commands, one per line */
	const char *source;                 /* https://… */
};

/* What a change of the plan sets; a file has changes of some of these sorts. */
enum fix_part {
	PART_POD_SYSCTL = 1,  /* kernel settings that a container has of its own */
	PART_HOST_SYSCTL = 2, /* the others */
	PART_FILES = 4,       /* open files of a process */
	PART_TASKS = 8,       /* threads of a control group */
	PART_USER_THREADS = 16,
	PART_ERLANG = 32,
	PART_MACOS = 64
};

/* What has to be restarted after a change, and what that change sets: bits of enum fix_part. */
struct fix_restart {
	const char *text;
	unsigned parts;
	bool at_login; /* a login sets the limit: it has the text where it is set in a shell */
};

struct fix_values {
	const char *plan, *host, *tool, *date; /* not cleaned yet: clean them before showing */
	bool darwin;                           /* the host judged is a Mac */
	const char *unit;                      /* NAME.service, checked; NULL: no unit is named */
	const char *held_unit; /* the service that sets the limits of the process; NULL: none */
	bool no_login; /* a systemd service or this program's container sets them, so limits.d does not
	                  reach it */
	bool of_user_unit;     /* that service belongs to a user's systemd */
	const char *held_user; /* the user whose login sets the limits, checked; NULL: unknown */
	/* The users to name in limits.d; empty: everybody, including root. */
	struct name_list logins;
	bool host_network; /* a container that shares the host's network: no --sysctl net.* */
	bool contained;    /* a container engine sets the values, not this host */
	struct fix_values_sysctl *sysctls; /* in the order in which they must be set */
	size_t sysctl_count, sysctl_capacity;
	/* The kernel settings of the container or network namespace that this program is in. They can
	 * be set now, but no file in there keeps them. NULL: none. */
	struct fix_values *inside;
	struct name_list kept_elsewhere; /* titles of the fixes with such settings */
	double nofile_soft, nofile_hard; /* NAN: no change; the hard limit may be the current one */
	double nofile_soft_from, nofile_hard_from; /* NAN: not known */
	bool hard_changes;
	double tasks_max;                      /* threads of the control group; NAN: no change */
	double nproc_soft, nproc_hard;         /* threads of the user; NAN: no change */
	double erlang_ports, erlang_processes; /* Erlang's +Q and +P; NAN: no change */
	struct name_list macos;                /* texts of the form NAME=VALUE */
	bool conntrack;              /* nf_conntrack must be loaded before the sysctls are set */
	const char *machine;         /* VM type to order (headroom size); NULL: not known */
	double machines;             /* how many of them; NAN: not known */
	double vcpus, machine_bytes; /* of that VM type; 0: not known */
	bool fargate;                /* the VM type is one of AWS Fargate */
	double memory_bytes;         /* memory for one machine's part of the plan; 0: not known */
	bool memory_counted;         /* including the memory of the program */
	struct name_list command; /* words of the load test's command, secrets masked; may be empty */
	const char *at_least;     /* why these are the lowest possible numbers; NULL: no reason given */
	struct name_list elsewhere; /* fixes that are not settings of a host */
	struct name_list in_files;  /* fixes that need files for systemd, containers or logins */
	struct fix_alert *alerts;   /* none if no host was judged */
	size_t alert_count;
	double target;                /* the part of a limit that the plan may use */
	struct name_list then;        /* what must be restarted, opened again or logged in again */
	struct fix_restart *restarts; /* the same, for each change */
	size_t restart_count, restart_capacity;
	/* Of the file that is written: the sorts of changes that it has, and those that it tells of in
	 * comments of its own. Bits of enum fix_part. */
	unsigned parts_here, parts_told;
};

/* Writes a limit as configuration files do: "21000" or "infinity". Returns out. */
enum {
	FIX_VALUES_LIMIT_MAX = 32
};
const char *fix_values_limit(char out[FIX_VALUES_LIMIT_MAX], double value);

bool fix_values_have_sysctls(const struct fix_values *values);
bool fix_values_have_nofile(const struct fix_values *values);
bool fix_values_have_threads(const struct fix_values *values);
bool fix_values_have_erlang(const struct fix_values *values);

/* Where the files belong. "99-zz" because sysctl.d and limits.d are applied in the order of their
 * names, and Debian's 99-sysctl.conf must not come later. */
#define FIX_SYSCTL_PATH  "/etc/sysctl.d/99-zz-headroom.conf"
#define FIX_LIMITS_PATH  "/etc/security/limits.d/99-zz-headroom.conf"
#define FIX_MODULES_PATH "/etc/modules-load.d/headroom.conf"

#endif
