/* Ansible for many hosts: what each group of hosts gets are variables of that group, and the tasks
 * are the same for all. Values are tagged !unsafe: Ansible looks for no templates in them. */
#include <string.h>

#include "report/emit/emit.h"

#define PLAY_HEAD(name)       \
	"- name: " name "\n"      \
	"  hosts: headroom\n"     \
	"  become: true\n"        \
	"  gather_facts: false\n" \
	"  tasks:\n"
#define LABEL(member)       \
	"      loop_control:\n" \
	"        label: \"{{ item." member " }}\"\n"

const char emit_ansible_groups_fix[] =
		"---\n"
		"# headroom fleet: the values of each class are in group_vars/. Undo: undo.yml\n"
		"# Needs the collections ansible.posix and community.general.\n" PLAY_HEAD(
				"Values for a load test, from headroom") "    - name: Connection tracking is there "
														 "before its settings\n"
														 "      community.general.modprobe:\n"
														 "        name: \"{{ item }}\"\n"
														 "        state: present\n"
														 "      loop: \"{{ headroom_modules }}\"\n"
														 "    - name: Files that keep limits and "
														 "modules\n"
														 "      ansible.builtin.copy:\n"
														 "        dest: \"{{ item.path }}\"\n"
														 "        mode: \"0644\"\n"
														 "        content: \"{{ item.content }}\"\n"
														 "      loop: \"{{ headroom_files "
														 "}}\"\n" LABEL(
																 "path") "    - name: Kernel "
																		 "settings, now and at "
																		 "each boot\n"
																		 "      "
																		 "ansible.posix.sysctl:\n"
																		 "        name: \"{{ "
																		 "item.name }}\"\n"
																		 "        value: \"{{ "
																		 "item.value }}\"\n"
																		 "        "
																		 "sysctl_file:"
																		 " " FIX_SYSCTL_PATH "\n"
																		 "        sysctl_set: "
																		 "true\n"
																		 "        state: present\n"
																		 "        reload: false\n"
																		 "      loop: \"{{ "
																		 "headroom_sysctls "
																		 "}}\"\n" LABEL("name");

const char emit_ansible_groups_undo[] = "---\n" PLAY_HEAD(
		"The values from before headroom") "    - name: Put back kernel settings\n"
										   "      ansible.builtin.command:\n"
										   "        argv: [sysctl, -w, \"{{ item.name }}={{ "
										   "item.before }}\"]\n"
										   "      loop: \"{{ headroom_sysctls | "
										   "selectattr('before', 'defined') | list }}\"\n" LABEL(
												   "name") "    - name: Remove the file of kernel "
														   "settings\n"
														   "      ansible.builtin.file:\n"
														   "        path: " FIX_SYSCTL_PATH "\n"
														   "        state: absent\n"
														   "      when: headroom_sysctls | length "
														   "> 0\n"
														   "    - name: Remove the other files\n"
														   "      ansible.builtin.file:\n"
														   "        path: \"{{ item.path }}\"\n"
														   "        state: absent\n"
														   "      loop: \"{{ headroom_files "
														   "}}\"\n" LABEL("path");

static void add_unsafe(struct arena *arena, struct text *out, const char *name, const char *value)
{
	text_addf(out, "    %s: !unsafe ", name);
	emit_quoted(arena, out, value);
	text_add(out, "\n");
}

static void add_files(struct arena *arena, const struct fix_values *values, struct text *out)
{
	struct emit_part parts[EMIT_PARTS_MAX];
	size_t count = emit_parts(arena, values, parts), written = 0;
	text_add(out, "headroom_files:");
	for (size_t i = 0; i < count; i++) {
		/* That one is written with the settings themselves. */
		if (strcmp(parts[i].path, FIX_SYSCTL_PATH) == 0)
			continue;
		text_addf(out, "\n  - path: %s\n    content: !unsafe |\n", parts[i].path);
		const char *content = arena_printf(arena, "# headroom fix\n%s", parts[i].content);
		emit_indented(out, "      ", content);
		written++;
	}
	if (written == 0)
		text_add(out, " []\n");
}

static void add_sysctls(struct arena *arena, const struct fix_values *values, struct text *out)
{
	text_add(out, "headroom_sysctls:");
	if (values->sysctl_count == 0)
		text_add(out, " []");
	text_add(out, "\n");
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		emit_comment(arena, out, "  # ", sysctl->title);
		text_addf(out, "  - name: %s\n", sysctl->key);
		add_unsafe(arena, out, "value", sysctl->to);
		if (sysctl->from)
			add_unsafe(arena, out, "before", sysctl->from);
	}
}

void emit_ansible_group(struct arena *arena,
		const struct fix_values *values,
		const char *group,
		struct text *out)
{
	struct fix_values of_group = *values;
	of_group.parts_here = EMIT_HOST_PARTS;
	text_add(out, "---\n");
	emit_header(arena, &of_group, "# ", group, NULL, "undo.yml", out);
	text_add(out, "headroom_modules: [");
	if (values->conntrack)
		text_add(out, "nf_conntrack");
	text_add(out, "]\n");
	add_files(arena, values, out);
	add_sysctls(arena, values, out);
}
