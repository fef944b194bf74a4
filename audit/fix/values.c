/* Takes the values from the changes of the ladder (fixes[].facts), as the model wrote them. A later
 * fix of the same setting replaces an earlier one: it starts from what the earlier one leaves. */
#include "audit/fix/values.h"

#include <math.h>
#include <string.h>

#include "audit/cli/version.h"
#include "audit/fix/alerts.h"
#include "audit/fix/kernel_values.h"
#include "audit/fix/logins.h"
#include "audit/fix/well_formed.h"
#include "base/array.h"
#include "base/text.h"
#include "model/system.h"
#include "report/document/view.h"

struct values_reader {
	struct arena *arena;
	const cJSON *audit, *fix;
	struct fix_values *values;
};

static double values_fact_number(const cJSON *audit, const char *key)
{
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(audit, "facts")) {
		if (!strcmp(view_raw(fact, "key"), key) && !*view_raw(fact, "instance"))
			return view_number(fact, "value");
	}
	return NAN;
}

static void add_elsewhere(struct values_reader *reader, const char *text)
{
	name_list_add_once(reader->arena, &reader->values->elsewhere, text);
}

/* --- limits of a process, and of the Erlang VM
 * ------------------------------------------------------------------------------------ */

/* fmax takes the number where the other side is NAN (not known, or not changed so far). The hard
 * limit is never lowered. */
static bool raise_soft(struct fix_values *values, double to)
{
	values->nofile_soft = fmax(values->nofile_soft, to);
	values->nofile_hard = fmax(values->nofile_hard, values->nofile_hard_from);
	return true;
}

static bool raise_both(struct fix_values *values, double to)
{
	values->nofile_soft = fmax(values->nofile_soft, to);
	values->nofile_hard = fmax(fmax(values->nofile_hard, to), values->nofile_hard_from);
	if (isnan(values->nofile_hard_from) || values->nofile_hard > values->nofile_hard_from)
		values->hard_changes = true;
	return true;
}

static bool raise_tasks(struct fix_values *values, double to)
{
	values->tasks_max = fmax(values->tasks_max, to);
	return true;
}

static bool raise_user_soft(struct fix_values *values, double to)
{
	values->nproc_soft = fmax(values->nproc_soft, to);
	return true;
}

static bool raise_user_hard(struct fix_values *values, double to)
{
	values->nproc_hard = fmax(values->nproc_hard, to);
	return raise_user_soft(values, to);
}

static bool raise_erlang_ports(struct fix_values *values, double to)
{
	if (isinf(to))
		return false;
	values->erlang_ports = fmax(values->erlang_ports, to);
	return true;
}

static bool raise_erlang_processes(struct fix_values *values, double to)
{
	if (isinf(to))
		return false;
	values->erlang_processes = fmax(values->erlang_processes, to);
	return true;
}

/* Facts and members of the plan that are limits of a process, and what raises them. */
static const struct limit_change {
	const char *key;
	bool (*raise)(struct fix_values *values, double to);
	enum fix_part part;
} limit_changes[] = {
		{"limits.nofile.soft", raise_soft, PART_FILES},
		{"limits.nofile.hard", raise_both, PART_FILES},
		{"nofile", raise_both, PART_FILES},
		{"beam.nofile.soft", raise_both, PART_FILES},
		{"erlang.max_fds", raise_both, PART_FILES},
		{"erlang_ports", raise_erlang_ports, PART_ERLANG},
		{"erlang.port_limit", raise_erlang_ports, PART_ERLANG},
		{"beam.port_limit", raise_erlang_ports, PART_ERLANG},
		{"erlang.process_limit", raise_erlang_processes, PART_ERLANG},
		{"beam.process_limit", raise_erlang_processes, PART_ERLANG},
		{"cgroup.pids.max", raise_tasks, PART_TASKS},
		{"limits.nproc.soft", raise_user_soft, PART_USER_THREADS},
		{"limits.nproc.hard", raise_user_hard, PART_USER_THREADS},
};

static const struct limit_change *find_limit(const char *key)
{
	for (size_t i = 0; i < COUNT_OF(limit_changes); i++) {
		if (!strcmp(limit_changes[i].key, key))
			return &limit_changes[i];
	}
	return NULL;
}

static void read_limit(struct values_reader *reader,
		const struct limit_change *limit,
		const cJSON *change)
{
	double to = view_number(change, "to");
	bool good = well_formed_amount(to) || to == INFINITY;
	if (!good || !limit->raise(reader->values, to))
		add_elsewhere(reader, "a limit in the document is not well-formed");
}

/* --- kernel settings
 * ------------------------------------------------------------------------------------ */

/* Has the fix a persistent form of this kind? */
static bool has_form(const struct values_reader *reader, const char *kind)
{
	const cJSON *forms = view_object(reader->fix, "persistent");
	return cJSON_IsString(cJSON_GetObjectItemCaseSensitive(forms, kind));
}

static void read_kernel(struct values_reader *reader, const cJSON *change)
{
	if (!kernel_values_add(reader->arena, reader->audit, reader->fix, change, reader->values))
		add_elsewhere(reader, "a kernel setting in the document is not well-formed");
}

/* A container with the right to it, or a network namespace beside the first, sets them now; what
 * makes it has to set them again. */
static bool is_set_inside(const struct values_reader *reader, const char *key)
{
	const char *command = view_raw(reader->fix, "command");
	return kernel_values_has(key) && text_begins_with(command, "sysctl -w ");
}

static void read_inside(struct values_reader *reader, const cJSON *change)
{
	struct fix_values *inside = reader->values->inside;
	if (!kernel_values_add(reader->arena, reader->audit, reader->fix, change, inside)) {
		add_elsewhere(reader, "a kernel setting in the document is not well-formed");
		return;
	}
	const char *title = view_text(reader->arena, reader->fix, "title", 200);
	name_list_add_once(reader->arena, &reader->values->kept_elsewhere, title);
}

/* macOS sets the low end of its two port ranges by two names. */
static const char *const macos_low_ports[] = {
		"net.inet.ip.portrange.first",
		"net.inet.ip.portrange.hifirst",
};

/* The fact is in seconds, the sysctl in milliseconds. */
static const char *macos_value(struct arena *arena, const char *key, const cJSON *change)
{
	char out[NUMBER_TEXT_MAX];
	double seconds = view_number(change, "to");
	if (strcmp(key, "net.inet.tcp.msl") != 0 || !isfinite(seconds))
		return kernel_values_text(arena, change, "to");
	return arena_strdup(arena, text_plain_number(out, seconds * 1000));
}

static void add_macos(struct values_reader *reader, const char *key, const cJSON *change)
{
	const char *to = macos_value(reader->arena, key, change);
	if (!to || !well_formed_key(key) || strpbrk(to, " ,:")) {
		add_elsewhere(reader, "a kernel setting in the document is not well-formed");
		return;
	}
	const char *line = arena_printf(reader->arena, "%s=%s", key, to);
	name_list_add_once(reader->arena, &reader->values->macos, line);
}

static bool read_macos(struct values_reader *reader, const cJSON *change)
{
	if (kernel_values_has(change->string)) {
		add_macos(reader, change->string, change);
		return true;
	}
	if (strcmp(change->string, "ports.low") != 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(macos_low_ports); i++)
		add_macos(reader, macos_low_ports[i], change);
	return true;
}

/* --- one fix
 * ------------------------------------------------------------------------------------ */

/* The program's own file says how many files it opens: none of ours changes that. */
static bool is_in_own_file(const struct values_reader *reader, const cJSON *change)
{
	if (strcmp(change->string, "nofile") != 0)
		return false;
	return strcmp(view_raw(reader->fix, "held_by.layer"), "program") == 0;
}

/* false: the change is not a setting of a host. */
static bool read_change(struct values_reader *reader, const cJSON *change)
{
	const struct limit_change *limit = find_limit(change->string);
	if (is_in_own_file(reader, change))
		return false;
	if (limit) {
		read_limit(reader, limit, change);
		return true;
	}
	if (has_form(reader, "macos"))
		return read_macos(reader, change);
	if (!has_form(reader, "sysctl.d") && is_set_inside(reader, change->string)) {
		read_inside(reader, change);
		return true;
	}
	if (!has_form(reader, "sysctl.d") || !kernel_values_has(change->string))
		return false;
	read_kernel(reader, change);
	return true;
}

/* What files can carry, and --apply does not set. */
static bool is_of_files(const struct values_reader *reader)
{
	const cJSON *facts = view_object(reader->fix, "facts");
	return cJSON_HasObjectItem(facts, "cgroup.pids.max") ||
			cJSON_HasObjectItem(facts, "limits.nproc.soft");
}

static bool bad_unit(const char *unit, struct error *err)
{
	return error_set(err,
			"--unit: \"%.100s\" is not the name of a systemd service, such as nginx or "
			"nginx.service",
			unit);
}

static bool check_unit(struct arena *arena,
		const char *unit,
		const char **ret_unit,
		struct error *err)
{
	static const char *const others[] = {".socket", ".scope", ".slice"};
	*ret_unit = unit;
	if (!unit)
		return true;
	if (!*unit || *unit == '.' || *unit == '-')
		return bad_unit(unit, err);
	if (strlen(unit) > 200 || !well_formed_only(unit, ":_.@-\\"))
		return bad_unit(unit, err);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (text_ends_with(unit, others[i]))
			return error_set(err, "--unit: only services have these limits, not \"%.100s\"", unit);
	}
	if (!text_ends_with(unit, ".service"))
		*ret_unit = arena_printf(arena, "%s.service", unit);
	return true;
}

static bool has_file_below(const cJSON *fix, const char *directory)
{
	const cJSON *file;
	cJSON_ArrayForEach(file, view_array(fix, "files")) {
		if (text_begins_with(view_raw(file, "path"), directory))
			return true;
	}
	return false;
}

/* The container that this program is in, too, has the limit. */
static void read_own_container(struct values_reader *reader)
{
	const cJSON *change;
	bool limits = false;
	cJSON_ArrayForEach(change, view_object(reader->fix, "facts"))
		limits |= find_limit(change->string) != NULL;
	if (!limits)
		return;
	reader->values->no_login = true;
	const char *title = view_text(reader->arena, reader->fix, "title", 200);
	name_list_add_once(reader->arena, &reader->values->in_files, title);
}

/* Whom the files have to reach. */
static void read_layer(struct values_reader *reader)
{
	static const char *const inside[] = {"container-engine", "container-runtime", "pod"};
	const char *layer = view_raw(reader->fix, "held_by.layer");
	const char *name = view_text(reader->arena, reader->fix, "held_by.name", 200);
	struct fix_values *values = reader->values;
	struct error ignored;
	bool here = view_true(reader->fix, "held_by.here");
	for (size_t i = 0; i < COUNT_OF(inside); i++) {
		if (strcmp(layer, inside[i]) != 0)
			continue;
		values->contained |= !here;
		if (here)
			read_own_container(reader);
	}
	if (strcmp(layer, "login") == 0 && fix_is_plain_login(name))
		values->held_user = name;
	if (strcmp(layer, "systemd-unit") != 0 || !text_ends_with(name, ".service"))
		return;
	values->no_login = true;
	values->of_user_unit = has_file_below(reader->fix, "/etc/systemd/user/");
	if (!check_unit(reader->arena, name, &values->held_unit, &ignored))
		values->held_unit = NULL;
	if (!values->held_unit)
		add_elsewhere(reader, "a limit of a service whose name is not plain: fix prints the way");
}

/* What a change of this fact sets. */
static unsigned part_of(const struct values_reader *reader, const char *key)
{
	const struct limit_change *limit = find_limit(key);
	if (limit)
		return limit->part;
	if (has_form(reader, "macos"))
		return PART_MACOS;
	if (!has_form(reader, "sysctl.d"))
		return 0;
	if (sysctl_is_namespaced(key))
		return PART_POD_SYSCTL;
	return PART_HOST_SYSCTL;
}

static void read_restart(struct values_reader *reader)
{
	struct arena *arena = reader->arena;
	struct fix_values *values = reader->values;
	const char *text = view_text(arena, reader->fix, "restart", 200);
	if (!*text || text_begins_with(text, "nothing"))
		return;
	name_list_add_once(arena, &values->then, text);
	struct fix_restart restart = {.text = text};
	const cJSON *change;
	cJSON_ArrayForEach(change, view_object(reader->fix, "facts"))
		restart.parts |= part_of(reader, change->string);
	bool login = strcmp(view_raw(reader->fix, "held_by.layer"), "login") == 0;
	restart.at_login = login && restart.parts & (PART_FILES | PART_USER_THREADS);
	values->restarts = arena_grow(arena,
			values->restarts,
			values->restart_count,
			&values->restart_capacity,
			sizeof restart);
	values->restarts[values->restart_count++] = restart;
}

static void read_fix(struct values_reader *reader)
{
	read_layer(reader);
	bool any = false;
	const cJSON *change;
	cJSON_ArrayForEach(change, view_object(reader->fix, "facts"))
		any |= read_change(reader, change);
	const char *title = view_text(reader->arena, reader->fix, "title", 200);
	if (!any || has_form(reader, "workload"))
		add_elsewhere(reader, title);
	else if (is_of_files(reader))
		name_list_add_once(reader->arena, &reader->values->in_files, title);
	read_restart(reader);
}

/* --- all of them
 * ------------------------------------------------------------------------------------ */

/* Ports must be reserved before the range grows over them: those settings come first. */
static void reserved_ports_first(struct fix_values *values)
{
	for (size_t i = 1; i < values->sysctl_count; i++) {
		if (values->sysctls[i].change != CHANGE_ADD)
			continue;
		struct fix_values_sysctl reserved = values->sysctls[i];
		memmove(values->sysctls + 1, values->sysctls, i * sizeof reserved);
		values->sysctls[0] = reserved;
	}
}

static bool is_darwin(const cJSON *audit)
{
	const cJSON *fact = view_find(view_array(audit, "facts"), "key", "os.name");
	return !strcmp(view_raw(fact, "value"), "darwin");
}

/* Who holds this limit. */
static const char *layer_of(const cJSON *audit, const char *limit)
{
	return view_raw(view_find(view_array(audit, "resources"), "id", limit), "held_by.layer");
}

bool fix_values_from(struct arena *arena,
		const cJSON *audit,
		const char *unit,
		const char *date,
		struct fix_values *ret_values,
		struct error *err)
{
	struct values_reader reader = {.arena = arena, .audit = audit, .values = ret_values};
	*ret_values = (struct fix_values){
			.plan = view_text(arena, audit, "workload_title", 200),
			.host = view_text(arena, audit, "host.name", 100),
			.tool = arena_printf(arena, "headroom %s (%s)", version_number(), version_commit()),
			.date = date,
			.darwin = is_darwin(audit),
			.nofile_soft = NAN,
			.nofile_hard = NAN,
			.tasks_max = NAN,
			.nproc_soft = NAN,
			.nproc_hard = NAN,
			.erlang_ports = NAN,
			.erlang_processes = NAN,
			.nofile_soft_from = values_fact_number(audit, "limits.nofile.soft"),
			.nofile_hard_from = values_fact_number(audit, "limits.nofile.hard"),
	};
	ret_values->inside = arena_alloc(arena, sizeof *ret_values->inside);
	*ret_values->inside = (struct fix_values){0};
	if (!check_unit(arena, unit, &ret_values->unit, err))
		return false;
	cJSON_ArrayForEach(reader.fix, view_array(audit, "fixes")) {
		if (view_true(reader.fix, "in_ladder"))
			read_fix(&reader);
	}
	fix_alerts_from(arena, audit, ret_values);
	reserved_ports_first(ret_values);
	reserved_ports_first(ret_values->inside);
	const char *files = layer_of(audit, "process-fds"), *ports = layer_of(audit, "ephemeral-ports");
	ret_values->host_network = !strcmp(files, "container-engine") &&
			!strcmp(ports, "network-namespace");
	return true;
}
