/* What runs: shell, startup script, cloud-init, Ansible. The shell never lowers a value that it
 * finds. */
#include <math.h>
#include <string.h>

#include "report/emit/emit.h"

/* Reading and writing one value; every script has them. */
static const char base_functions[] =
		"status=0\n"
		"path_of() { printf '/proc/sys/%s' \"$(printf %s \"$1\" | tr . /)\"; }\n"
		"value_of() { tr '\\t' ' ' <\"$(path_of \"$1\")\"; }\n"
		"put() { # put KEY VALUE: writes it and reads it back\n"
		"\told=$(value_of \"$1\") || { status=1; return; }\n"
		"\t[ \"$old\" = \"$2\" ] && { echo \"$1 = $2 already\"; return; }\n"
		"\tif printf '%s\\n' \"$2\" >\"$(path_of \"$1\")\" && [ \"$(value_of \"$1\")\" = \"$2\" ]; "
		"then\n"
		"\t\techo \"$1: ${old:-empty} -> $2\"\n"
		"\telse\n"
		"\t\techo \"headroom: $1 did not take $2\" >&2\n"
		"\t\tstatus=1\n"
		"\tfi\n"
		"}\n";
static const char raise_function[] =
		"raise() { # raise KEY NUMBER...: never lowers one\n"
		"\tkey=$1 new=\n"
		"\tshift\n"
		"\tfor number in $(value_of \"$key\"); do\n"
		"\t\tif [ $# -gt 0 ] && [ \"$1\" -gt \"$number\" ]; then number=$1; fi\n"
		"\t\tnew=\"$new${new:+ }$number\"\n"
		"\t\t[ $# -eq 0 ] || shift\n"
		"\tdone\n"
		"\tput \"$key\" \"$new\"\n"
		"}\n";
static const char widen_function[] = "widen() { # widen KEY LOW HIGH: never narrows\n"
									 "\tkey=$1 low=$2 high=$3\n"
									 "\told=$(value_of \"$key\")\n"
									 "\t[ \"${old% *}\" -ge \"$low\" ] || low=${old% *}\n"
									 "\t[ \"${old#* }\" -le \"$high\" ] || high=${old#* }\n"
									 "\tput \"$key\" \"$low $high\"\n"
									 "}\n";
static const char add_function[] =
		"add() { # add KEY PORTS: to those reserved already\n"
		"\told=$(value_of \"$1\")\n"
		"\tprintf '%s\\n' \"$old${old:+,}$2\" >\"$(path_of \"$1\")\" || status=1\n"
		"\techo \"$1: ${old:-empty} -> $(value_of \"$1\")\"\n"
		"}\n";

static bool uses(const struct fix_values *values, enum sysctl_change change)
{
	for (size_t i = 0; i < values->sysctl_count; i++)
		if (values->sysctls[i].change == change)
			return true;
	return false;
}

static void add_calls(struct arena *arena, const struct fix_values *values, struct text *out)
{
	if (values->conntrack)
		text_add(out, "modprobe nf_conntrack || status=1\n");
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		const char *to = sysctl->to;
		emit_comment(arena, out, "# ", emit_plain(arena, sysctl->title));
		if (sysctl->change == CHANGE_RAISE || sysctl->change == CHANGE_WIDEN)
			text_addf(out,
					"%s %s %s\n",
					sysctl->change == CHANGE_RAISE ? "raise" : "widen",
					sysctl->key,
					to);
		else if (sysctl->change == CHANGE_SET || *to)
			text_addf(out,
					"%s %s '%s'\n",
					sysctl->change == CHANGE_ADD ? "add" : "put",
					sysctl->key,
					to);
	}
}

/* What differs in the words of a script for a Mac. */
struct script_words {
	const char *rights, *hard_limit, *undo;
};

static struct script_words words_for(const struct fix_values *values)
{
	if (values->darwin)
		return (struct script_words){
				.rights = "As root.",
				.hard_limit = "as root",
				.undo = "leave the shell that it started, and restart the Mac for its sysctls",
		};
	return (struct script_words){
			.rights = "As root. Values that are better already are left alone.",
			.hard_limit = "with CAP_SYS_RESOURCE",
			.undo = "leave the shell that it started",
	};
}

/* sysctl(8) of macOS prints what was and what is, and fails where the kernel refuses. */
static void add_macos(const struct fix_values *values, struct text *out)
{
	text_add(out, "status=0\n");
	for (size_t i = 0; i < values->macos.count; i++)
		text_addf(out, "/usr/sbin/sysctl -w '%s' || status=1\n", values->macos.items[i]);
}

static void add_live(struct arena *arena, const struct fix_values *values, struct text *out)
{
	if (values->darwin) {
		add_macos(values, out);
		return;
	}
	if (!values->sysctl_count) {
		text_add(out, "status=0\n");
		return;
	}
	text_add(out, base_functions);
	if (uses(values, CHANGE_RAISE))
		text_add(out, raise_function);
	if (uses(values, CHANGE_WIDEN))
		text_add(out, widen_function);
	if (uses(values, CHANGE_ADD))
		text_add(out, add_function);
	text_add(out, "\n");
	add_calls(arena, values, out);
}

static void add_ulimit(const struct fix_values *values, struct text *out)
{
	char soft[FIX_VALUES_LIMIT_MAX], hard[FIX_VALUES_LIMIT_MAX];
	if (!fix_values_have_nofile(values))
		return;
	const char *most = fix_values_limit(hard, values->nofile_hard),
			   *want = fix_values_limit(soft, values->nofile_soft);
	if (values->hard_changes && isfinite(values->nofile_hard))
		text_addf(out,
				"# The hard limit: only %s.\n"
				"[ \"$(ulimit -Hn)\" = unlimited ] || [ \"$(ulimit -Hn)\" -ge %s ] || ulimit -Hn "
				"%s || status=1\n",
				words_for(values).hard_limit,
				most,
				most);
	if (isfinite(values->nofile_soft))
		text_addf(out,
				"[ \"$(ulimit -Sn)\" = unlimited ] || [ \"$(ulimit -Sn)\" -ge %s ] || ulimit -Sn "
				"%s || status=1\n",
				want,
				want);
	else
		text_add(out, "ulimit -Sn \"$(ulimit -Hn)\" || status=1\n");
}

static void script_begin(struct arena *arena,
		const struct fix_values *values,
		const char *title,
		const char *undo,
		struct text *out)
{
	text_add(out, "#!/bin/sh\n");
	emit_header(arena,
			values,
			"# ",
			title,
			NULL,
			values->sysctl_count ? arena_printf(arena, "%s, then:", undo) : undo,
			out);
	emit_comment(arena, out, "# ", words_for(values).rights);
	text_add(out, "# shellcheck disable=SC3045\nset -u\n");
	if (!values->sysctl_count && !values->macos.count && !fix_values_have_nofile(values))
		text_add(out, "# Nothing to set: the plan needs no value that this host does not have.\n");
}

void emit_shell(struct arena *arena, const struct fix_values *values, struct text *out)
{
	script_begin(arena, values, "live values, then the program", words_for(values).undo, out);
	emit_comment(arena,
			out,
			"# ",
			"Use: sh headroom.sh COMMAND... runs COMMAND with these values and limits. "
			"Nothing stays after a boot.");
	add_live(arena, values, out);
	add_ulimit(values, out);
	text_add(out,
			"if [ $# -gt 0 ]; then\n\t[ \"$status\" -eq 0 ] || exit 1\n\texec \"$@\"\nfi\nexit "
			"\"$status\"\n");
}

static void add_here(struct text *out, const char *path, const char *lines)
{
	text_addf(out,
			"mkdir -p %.*s && cat >%s <<'HEADROOM_END' || status=1\n%sHEADROOM_END\n",
			(int)(strrchr(path, '/') - path),
			path,
			path,
			lines);
}

void emit_startup(struct arena *arena, const struct fix_values *values, struct text *out)
{
	script_begin(arena,
			values,
			"script that a machine runs at each start",
			fix_values_have_nofile(values) ? "take the script away, delete " FIX_LIMITS_PATH
										   : "take the script away",
			out);
	emit_comment(arena,
			out,
			"# ",
			"User data of EC2, startup-script of GCE, custom data of Azure.");
	add_live(arena, values, out);
	struct text lines = {0};
	emit_limits_lines(values, &lines);
	if (lines.length > 0) {
		text_add(out, "# Limits of the next login; services: --emit systemd\n");
		add_here(out, FIX_LIMITS_PATH, lines.data);
	}
	text_release(&lines);
	text_add(out, "exit \"$status\"\n");
}

size_t emit_parts(struct arena *arena,
		const struct fix_values *values,
		struct emit_part parts[EMIT_PARTS_MAX])
{
	struct text sysctl = {0}, limits = {0};
	size_t count = 0;
	if (values->conntrack)
		parts[count++] = (struct emit_part){FIX_MODULES_PATH, "nf_conntrack\n"};
	emit_sysctl_lines(values, &sysctl);
	if (sysctl.length)
		parts[count++] = (struct emit_part){FIX_SYSCTL_PATH, arena_strdup(arena, sysctl.data)};
	emit_limits_lines(values, &limits);
	if (limits.length)
		parts[count++] = (struct emit_part){FIX_LIMITS_PATH, arena_strdup(arena, limits.data)};
	text_release(&sysctl);
	text_release(&limits);
	return count;
}

static const char *undo_parts(struct arena *arena, const struct emit_part *parts, size_t count)
{
	const char *undo = count ? "rm -f" : "there is nothing to undo";
	for (size_t i = 0; i < count; i++)
		undo = arena_printf(arena, "%s %s", undo, parts[i].path);
	return undo;
}

void emit_cloud_init(struct arena *arena, const struct fix_values *values, struct text *out)
{
	struct emit_part parts[EMIT_PARTS_MAX];
	size_t count = emit_parts(arena, values, parts);
	text_add(out, "#cloud-config\n");
	emit_header(arena,
			values,
			"# ",
			"user data of a new machine",
			NULL,
			arena_printf(arena, "%s, then restart the machine", undo_parts(arena, parts, count)),
			out);
	if (!count)
		text_add(out,
				"# Nothing to set: the plan needs no value that the machine judged does not have.\n"
				"# Where the new machine is not like it: headroom size PLAN --image ubuntu-24.04 "
				"--emit "
				"cloud-init\n"
				"{}\n");
	else
		text_add(out, "write_files:\n");
	for (size_t i = 0; i < count; i++) {
		text_addf(out, "  - path: %s\n    permissions: '0644'\n    content: |\n", parts[i].path);
		emit_indented(out, "      ", arena_printf(arena, "# headroom fix\n%s", parts[i].content));
	}
	if (values->sysctl_count) {
		text_add(out, "runcmd:\n");
		if (values->conntrack)
			text_add(out, "  - [modprobe, nf_conntrack]\n");
		text_add(out, "  - [sysctl, -p, " FIX_SYSCTL_PATH "]\n");
	}
}

/* The tasks of a play, and a word where there are none. */
static void ansible_tasks(struct arena *arena, const struct fix_values *values, struct text *out)
{
	struct emit_part parts[EMIT_PARTS_MAX];
	size_t count = emit_parts(arena, values, parts);
	text_add(out,
			count ? "  tasks:\n"
				  : "  # Nothing to set: the plan needs no value that this host does not have.\n"
					"  tasks: []\n");
	if (values->conntrack)
		text_add(out,
				"    - name: Connection tracking is there before its settings\n      "
				"community.general.modprobe:\n"
				"        name: nf_conntrack\n        state: present\n");
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(parts[i].path, FIX_SYSCTL_PATH))
			continue;
		text_addf(out,
				"    - name: Write %s\n      ansible.builtin.copy:\n        dest: %s\n        "
				"mode: \"0644\"\n"
				"        content: |\n",
				parts[i].path,
				parts[i].path);
		emit_indented(out,
				"          ",
				arena_printf(arena, "# headroom fix\n%s", parts[i].content));
	}
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		text_add(out, "    - name: ");
		emit_quoted(arena, out, sysctl->title);
		text_addf(out,
				"\n      ansible.posix.sysctl:\n        name: %s\n        value: ",
				sysctl->key);
		emit_quoted(arena, out, sysctl->to);
		text_add(out,
				"\n        sysctl_file: " FIX_SYSCTL_PATH
				"\n        sysctl_set: true\n        state: present\n"
				"        reload: false\n");
	}
}

void emit_ansible(struct arena *arena, const struct fix_values *values, struct text *out)
{
	struct emit_part parts[EMIT_PARTS_MAX];
	size_t count = emit_parts(arena, values, parts);
	const char *undo = undo_parts(arena, parts, count);
	text_add(out, "---\n");
	emit_header(arena,
			values,
			"# ",
			"playbook (needs the collections ansible.posix and community.general)",
			NULL,
			values->sysctl_count ? arena_printf(arena, "%s, then:", undo) : undo,
			out);
	text_add(out,
			"- name: Values for a load test, from headroom\n  hosts: all\n  become: true\n  "
			"gather_facts: false\n");
	ansible_tasks(arena, values, out);
}
