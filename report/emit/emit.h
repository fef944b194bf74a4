/* Writes fixes as files for other programs: sysctl.d, limits.d, a pod, a playbook, a script and
 * others, with one table row per kind. Every file begins with its purpose, its origin and how to
 * undo it; if nothing is needed, the file says so. The output depends only on these values. Opens
 * no files. */
#ifndef HEADROOM_REPORT_EMIT_EMIT_H
#define HEADROOM_REPORT_EMIT_EMIT_H

#include "base/text.h"
#include "report/emit/fix_values.h"

struct emit_kind {
	const char *name;  /* value of --emit */
	const char *file;  /* name of the file with --dir */
	const char *title; /* what the file is */
	bool script;       /* to be run, so made executable */
	bool mac;          /* useful on a Mac; false: read by Linux only */
	unsigned has;      /* the sorts of changes that it can set: bits of enum fix_part */
	unsigned tells;    /* sorts that it does not set, and names in comments of its own */
	bool json;         /* has no comments */
	bool (*needed)(const struct fix_values *values);
	void (*write)(struct arena *arena, const struct fix_values *values, struct text *out);
};

/* Writes the file, with a header that says what of the plan it does not have. */
void emit_kind_write(struct arena *arena,
		const struct emit_kind *kind,
		const struct fix_values *values,
		struct text *out);
/* The changes of the plan that a file of this kind does not set, each with the kind that sets it:
 * "net.ipv4.tcp_tw_reuse = 1 (--emit sysctl)". */
void emit_kind_missing(struct arena *arena,
		const struct emit_kind *kind,
		const struct fix_values *values,
		struct name_list *ret_missing);

extern const struct emit_kind emit_kinds[];
extern const size_t emit_kinds_count;
const struct emit_kind *emit_kind_find(const char *name);
/* Returns a clause that says why a file of this kind has no effect on the process: a Mac does not
 * read sysctl.d; services and containers do not read limits.d. NULL: it has an effect. */
const char *emit_kind_idle(const struct emit_kind *kind, const struct fix_values *values);

/* --- shared by the emitters ------------------------------------------------------------------ */

typedef void emit_fn(struct arena *arena, const struct fix_values *values, struct text *out);
emit_fn emit_sysctl, emit_modules, emit_limits, emit_systemd, emit_docker, emit_docker_daemon,
		emit_kubernetes, emit_erlang, emit_erlang_env, emit_macos, emit_cloud_init, emit_terraform,
		emit_terraform_variables, emit_startup, emit_ansible, emit_shell, emit_k6_operator,
		emit_locust_kubernetes, emit_kubelet, emit_ecs, emit_prometheus_rules;

/* Returns true if metrics show at least one limit of the plan. */
bool emit_has_alerts(const struct fix_values *values);

/* Returns true if a cluster can count the hosts that the plan needs (up to 2,147,483,647). */
bool clusters_can_count(const struct fix_values *values);

/* Write Ansible variables for the hosts of this group, and the playbooks that set and undo them.
 * The playbooks serve all such groups, which are children of the group headroom. */
void emit_ansible_group(struct arena *arena,
		const struct fix_values *values,
		const char *group,
		struct text *out);
extern const char emit_ansible_groups_fix[], emit_ansible_groups_undo[];

/* The files that keep the values on a host, in the order in which they take effect. */
struct emit_part {
	const char *path, *content;
};
enum {
	EMIT_PARTS_MAX = 3
};
size_t emit_parts(struct arena *arena,
		const struct fix_values *values,
		struct emit_part parts[EMIT_PARTS_MAX]);

/* Append only the effective lines, without a header, for files inside files. */
void emit_sysctl_lines(const struct fix_values *values, struct text *out);
void emit_limits_lines(const struct fix_values *values, struct text *out);
void emit_systemd_lines(struct arena *arena, const struct fix_values *values, struct text *out);

/* Returns printable ASCII without backslashes, quotes and line ends: safe in comments of every
 * format. */
const char *emit_plain(struct arena *arena, const char *text);
/* Appends comment lines of at most 78 columns. */
void emit_comment(struct arena *arena, struct text *out, const char *prefix, const char *text);
/* Appends the head of a file. `path`: where the file belongs, or NULL. `undo`: how to undo its
 * effect; if it ends with a colon, commands with the old kernel settings follow, one per line. */
void emit_header(struct arena *arena,
		const struct fix_values *values,
		const char *prefix,
		const char *title,
		const char *path,
		const char *undo,
		struct text *out);
/* The changes that are of none of these sorts (bits of enum fix_part). */
void emit_missing(struct arena *arena,
		const struct fix_values *values,
		unsigned parts,
		struct name_list *ret_missing);
/* The sorts of changes in files that keep the values on a host (emit_parts). */
enum {
	EMIT_HOST_PARTS = PART_POD_SYSCTL | PART_HOST_SYSCTL | PART_FILES | PART_USER_THREADS
};
/* Appends a JSON string, which is also valid YAML. */
void emit_quoted(struct arena *arena, struct text *out, const char *text);
/* Appends every line of `text` with `indent` in front. */
void emit_indented(struct text *out, const char *indent, const char *text);

#endif
