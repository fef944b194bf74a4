/* Fixes as files for other programs: sysctl.d, limits.d, a pod, a playbook, a script and others.
 * One row per kind. Every file begins with its purpose, its origin and how to undo it; if nothing
 * is needed, the file says so. The output depends on these values only. Opens nothing. */
#ifndef HEADROOM_REPORT_EMIT_EMIT_H
#define HEADROOM_REPORT_EMIT_EMIT_H

#include "base/text.h"
#include "report/emit/fix_values.h"

struct emit_kind {
	const char *name;  /* of --emit */
	const char *file;  /* its name with --dir */
	const char *title; /* what the file is */
	bool script;       /* to be run: executable */
	bool mac;          /* fits a Mac; the others hold what Linux reads */
	bool (*needed)(const struct fix_values *values);
	void (*write)(struct arena *arena, const struct fix_values *values, struct text *out);
};

extern const struct emit_kind emit_kinds[];
extern const size_t emit_kinds_count;
const struct emit_kind *emit_kind_find(const char *name);
/* Why a file of this kind has no effect on the process: a Mac does not read sysctl.d, a service
 * and a container do not read limits.d. A clause; NULL: it has an effect. */
const char *emit_kind_idle(const struct emit_kind *kind, const struct fix_values *values);

/* --- shared by the emitters
 * ------------------------------------------------------------------------------------ */

typedef void emit_fn(struct arena *arena, const struct fix_values *values, struct text *out);
emit_fn emit_sysctl, emit_modules, emit_limits, emit_systemd, emit_docker, emit_docker_daemon,
		emit_kubernetes, emit_erlang, emit_erlang_env, emit_macos, emit_cloud_init, emit_terraform,
		emit_terraform_variables, emit_startup, emit_ansible, emit_shell, emit_k6_operator,
		emit_locust_kubernetes, emit_kubelet, emit_ecs, emit_prometheus_rules;

/* Whether metrics show any limit of the plan. */
bool emit_has_alerts(const struct fix_values *values);

/* Whether the counts of a cluster are this large. */
bool clusters_can_count(const struct fix_values *values);

/* What a host of this group gets, as the variables of a group of Ansible; the playbooks that set it
 * and take it back, for all such groups, which are children of the group headroom. */
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

/* The lines that count, without a header, for files within files. */
void emit_sysctl_lines(const struct fix_values *values, struct text *out);
void emit_limits_lines(const struct fix_values *values, struct text *out);
void emit_systemd_lines(struct arena *arena, const struct fix_values *values, struct text *out);

/* Printable ASCII without backslash, quotes and line ends: safe in a comment of every format here.
 */
const char *emit_plain(struct arena *arena, const char *text);
/* A comment line or several, no wider than 78 columns. */
void emit_comment(struct arena *arena, struct text *out, const char *prefix, const char *text);
/* What every file begins with. `path`: where it belongs, or NULL. `undo`: how its effect is taken
 * back; where it ends with a colon, commands with the old kernel settings follow, a line each. */
void emit_header(struct arena *arena,
		const struct fix_values *values,
		const char *prefix,
		const char *title,
		const char *path,
		const char *undo,
		struct text *out);
/* A JSON string, which YAML reads alike. */
void emit_quoted(struct arena *arena, struct text *out, const char *text);
/* Every line of `text` behind `indent`. */
void emit_indented(struct text *out, const char *indent, const char *text);

#endif
