/* What of a plan's changes a file does not have, and which kind of file has it. */
#include <math.h>

#include "model/system.h"
#include "report/emit/emit.h"

struct missing {
	struct arena *arena;
	const struct fix_values *values;
	unsigned parts; /* that are not missing */
	struct name_list *list;
};

static const char *kind_of_files(const struct fix_values *values)
{
	if (values->darwin)
		return "macos";
	if (values->unit || values->held_unit)
		return "systemd";
	if (values->contained || values->no_login)
		return "docker";
	return "limits";
}

/* A container has these of its own. */
static const char *kind_of_pod_sysctls(const struct fix_values *values)
{
	if (values->contained && !values->host_network)
		return "docker";
	return "sysctl";
}

static const char *kind_of_tasks(const struct fix_values *values)
{
	if (values->unit || values->held_unit)
		return "systemd";
	if (values->contained || values->no_login)
		return "docker";
	return "systemd";
}

static const char *kind_of_threads(const struct fix_values *values)
{
	if (values->unit || values->held_unit)
		return "systemd";
	return "limits";
}

/* The kind that reaches the process. */
static const char *kind_of_part(const struct fix_values *values, enum fix_part part)
{
	switch (part) {
	case PART_POD_SYSCTL:
		return kind_of_pod_sysctls(values);
	case PART_FILES:
		return kind_of_files(values);
	case PART_TASKS:
		return kind_of_tasks(values);
	case PART_USER_THREADS:
		return kind_of_threads(values);
	case PART_ERLANG:
		return "erlang";
	case PART_MACOS:
		return "macos";
	case PART_HOST_SYSCTL:
		break;
	}
	return "sysctl";
}

static void missing_add(const struct missing *missing, enum fix_part part, const char *what)
{
	struct arena *arena = missing->arena;
	const char *kind = kind_of_part(missing->values, part);
	if (missing->parts & part)
		return;
	const char *line = arena_printf(arena, "%s (--emit %s)", emit_plain(arena, what), kind);
	name_list_append(arena, missing->list, line);
}

static void missing_number(const struct missing *missing,
		enum fix_part part,
		const char *what,
		double number)
{
	char out[FIX_VALUES_LIMIT_MAX];
	if (isnan(number))
		return;
	const char *text = fix_values_limit(out, number);
	missing_add(missing, part, arena_printf(missing->arena, "%s: %s", what, text));
}

static void missing_sysctls(const struct missing *missing)
{
	for (size_t i = 0; i < missing->values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &missing->values->sysctls[i];
		const char *line = arena_printf(missing->arena, "%s = %s", sysctl->key, sysctl->to);
		enum fix_part part = PART_HOST_SYSCTL;
		if (sysctl_is_namespaced(sysctl->key))
			part = PART_POD_SYSCTL;
		missing_add(missing, part, line);
	}
}

/* Changes that no file makes. */
static void missing_titles(const struct missing *missing, const struct name_list *titles)
{
	static const char nowhere[] = "%s (in no file: run this without --emit)";
	for (size_t i = 0; i < titles->count; i++) {
		const char *title = emit_plain(missing->arena, titles->items[i]);
		name_list_append(missing->arena,
				missing->list,
				arena_printf(missing->arena, nowhere, title));
	}
}

void emit_missing(struct arena *arena,
		const struct fix_values *values,
		unsigned parts,
		struct name_list *ret_missing)
{
	const struct missing missing = {arena, values, parts, ret_missing};
	missing_sysctls(&missing);
	missing_number(&missing, PART_FILES, "open files per process", values->nofile_soft);
	missing_number(&missing, PART_TASKS, "threads of the control group", values->tasks_max);
	missing_number(&missing, PART_USER_THREADS, "threads of the user", values->nproc_soft);
	missing_number(&missing, PART_ERLANG, "ports of the Erlang VM", values->erlang_ports);
	missing_number(&missing, PART_ERLANG, "processes of the Erlang VM", values->erlang_processes);
	for (size_t i = 0; i < values->macos.count; i++)
		missing_add(&missing, PART_MACOS, values->macos.items[i]);
	missing_titles(&missing, &values->elsewhere);
	missing_titles(&missing, &values->kept_elsewhere);
}

/* In the network of the host, a container has no kernel settings of its own. */
static unsigned parts_of_kind(const struct emit_kind *kind, const struct fix_values *values)
{
	bool container = kind->has & PART_POD_SYSCTL && !(kind->has & PART_HOST_SYSCTL);
	if (container && values->host_network)
		return kind->has & ~(unsigned)PART_POD_SYSCTL;
	return kind->has;
}

void emit_kind_missing(struct arena *arena,
		const struct emit_kind *kind,
		const struct fix_values *values,
		struct name_list *ret_missing)
{
	emit_missing(arena, values, parts_of_kind(kind, values), ret_missing);
}

void emit_kind_write(struct arena *arena,
		const struct emit_kind *kind,
		const struct fix_values *values,
		struct text *out)
{
	struct fix_values of_kind = *values;
	of_kind.parts_here = parts_of_kind(kind, values);
	of_kind.parts_told = kind->tells;
	kind->write(arena, &of_kind, out);
}
