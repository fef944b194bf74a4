/* Reads the ladder's persistent forms ("net.core.somaxconn = 4096", "LimitNOFILE=21000", "+Q
 * 65536"), which rules give, into values. Later fixes of one key replace earlier ones: they are at
 * least as large. */
#include "audit/fix/values.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/cli/version.h"
#include "base/array.h"
#include "base/list.h"
#include "base/text.h"
#include "report/document/view.h"

struct reading {
	struct arena *arena;
	const cJSON *audit, *fix;
	struct fix_values *values;
};

static bool only(const char *text, const char *more)
{
	for (; *text; text++)
		if (!(*text >= 'a' && *text <= 'z') && !(*text >= 'A' && *text <= 'Z') &&
				!(*text >= '0' && *text <= '9') && !strchr(more, *text))
			return false;
	return true;
}

static bool is_key(const char *key)
{
	return *key && *key != '.' && *key != '-' && !strstr(key, "..") && strlen(key) < 100 &&
			only(key, "._-");
}

static bool is_value(const char *value)
{
	return strlen(value) < 4000 && only(value, " ,.:_-");
}

/* Blanks at the ends away, runs of them and tabs to one blank. */
static char *values_squeeze(struct arena *arena, const char *text, size_t length)
{
	char *out = arena_copy(arena, text, length), *to = out;
	for (const char *from = out; *from; from++) {
		bool blank = isspace((unsigned char)*from);
		if (!blank || (to > out && to[-1] != ' '))
			*to++ = blank ? ' ' : *from;
	}
	if (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out;
}

static const cJSON *values_find_fact(const cJSON *audit, const char *key)
{
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(audit, "facts"))
		if (!strcmp(view_raw(fact, "key"), key) && !*view_raw(fact, "instance"))
			return fact;
	return NULL;
}

static const char *number_of(struct arena *arena, const cJSON *fact)
{
	double value = fact ? view_number(fact, "value") : NAN;
	char out[NUMBER_TEXT_MAX];
	return isfinite(value) ? arena_strdup(arena, text_plain_number(out, value)) : NULL;
}

/* The value in force, as its file under /proc/sys has it; NULL: not known. */
static const char *value_now(const struct reading *r, const char *key)
{
	const cJSON *fact = values_find_fact(r->audit, key);
	if (!strcmp(key, "net.ipv4.tcp_mem")) {
		const char *least = number_of(r->arena, values_find_fact(r->audit, "net.ipv4.tcp_mem.min"));
		const char *middle = number_of(r->arena,
				values_find_fact(r->audit, "net.ipv4.tcp_mem.pressure"));
		const char *most = number_of(r->arena, values_find_fact(r->audit, "net.ipv4.tcp_mem.max"));
		return least && middle && most ? arena_printf(r->arena, "%s %s %s", least, middle, most)
									   : NULL;
	}
	if (fact && !strcmp(view_raw(fact, "unit"), "text") &&
			cJSON_IsString(view_get(fact, "value"))) {
		const char *text = view_raw(fact, "value");
		text = values_squeeze(r->arena, text, strlen(text));
		return is_value(text) ? text : NULL;
	}
	return number_of(r->arena, fact);
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 19;
}

static enum sysctl_change change_of(const struct fix_values_sysctl *sysctl)
{
	const char *key = sysctl->key;
	if (!strcmp(key, "net.ipv4.ip_local_port_range"))
		return CHANGE_WIDEN;
	if (!strcmp(key, "net.ipv4.ip_local_reserved_ports"))
		return CHANGE_ADD;
	if (!strcmp(key, "net.ipv4.tcp_mem"))
		return CHANGE_RAISE;
	/* tcp_tw_reuse is a mode, not an amount. */
	bool amount = strcmp(key, "net.ipv4.tcp_tw_reuse") != 0;
	return amount && sysctl->from && is_number(sysctl->from) && is_number(sysctl->to) &&
					strtod(sysctl->to, NULL) > strtod(sysctl->from, NULL)
			? CHANGE_RAISE
			: CHANGE_SET;
}

static void add_sysctl(struct reading *r, const char *key, const char *value)
{
	struct fix_values *values = r->values;
	struct fix_values_sysctl sysctl = {.key = key, .to = value, .from = value_now(r, key)};
	sysctl.title = view_text(r->arena, r->fix, "title", 200);
	sysctl.fix = view_text(r->arena, r->fix, "id", 60);
	sysctl.change = change_of(&sysctl);
	values->conntrack |= !strncmp(key, "net.netfilter.nf_conntrack_", 27);
	for (size_t i = 0; i < values->sysctl_count; i++)
		if (!strcmp(values->sysctls[i].key, key)) {
			values->sysctls[i] = sysctl;
			return;
		}
	if (sysctl.from && !strcmp(sysctl.from, value))
		return;
	values->sysctls = arena_grow(r->arena,
			values->sysctls,
			values->sysctl_count,
			&values->sysctl_capacity,
			sizeof sysctl);
	values->sysctls[values->sysctl_count++] = sysctl;
}

static void read_sysctl(struct reading *r, const char *line)
{
	const char *equals = strchr(line, '=');
	if (!equals)
		return;
	const char *key = values_squeeze(r->arena, line, (size_t)(equals - line));
	const char *value = values_squeeze(r->arena, equals + 1, strlen(equals + 1));
	if (is_key(key) && is_value(value))
		add_sysctl(r, key, value);
	else
		name_list_add_once(r->arena,
				&r->values->elsewhere,
				"a kernel setting of the document that is not well-formed");
}

/* "21000" "infinity"; NAN: neither. */
static double values_limit_of(const char *text, size_t length)
{
	if (length == 8 && !memcmp(text, "infinity", 8))
		return INFINITY;
	return length && length < 16 && strspn(text, "0123456789") >= length ? strtod(text, NULL) : NAN;
}

static void read_systemd(struct reading *r, const char *line)
{
	static const char name[] = "LimitNOFILE=";
	struct fix_values *values = r->values;
	if (strncmp(line, name, sizeof name - 1) != 0)
		return;
	const char *value = line + sizeof name - 1;
	size_t length = strcspn(value, ":");
	double soft = values_limit_of(value, length);
	double hard = value[length] ? values_limit_of(value + length + 1, strlen(value + length + 1))
								: soft;
	if (isnan(soft) || isnan(hard))
		return;
	values->nofile_soft = fmax(values->nofile_soft, soft); /* fmax: a number wins over NAN */
	values->nofile_hard = fmax(fmax(values->nofile_hard, hard),
			values->nofile_hard_from); /* never lower it */
	values->hard_changes |= isnan(values->nofile_hard_from) ||
			values->nofile_hard > values->nofile_hard_from;
}

static void read_erlang(struct reading *r, const char *line)
{
	double value = strlen(line) > 3 ? values_limit_of(line + 3, strlen(line + 3)) : NAN;
	if (!strncmp(line, "+Q ", 3))
		r->values->erlang_ports = fmax(r->values->erlang_ports, value);
	else if (!strncmp(line, "+P ", 3))
		r->values->erlang_processes = fmax(r->values->erlang_processes, value);
}

static void read_macos(struct reading *r, const char *line)
{
	if (only(line, "._-=") && strchr(line, '='))
		name_list_add_once(r->arena, &r->values->macos, line);
}

static void values_read_plan(struct reading *r, const char *line)
{
	(void)line;
	name_list_add_once(r->arena, &r->values->elsewhere, view_text(r->arena, r->fix, "title", 200));
}

static const struct {
	const char *kind;
	void (*read)(struct reading *r, const char *line);
} forms[] = {
		{"sysctl.d", read_sysctl},
		{"systemd", read_systemd},
		{"erlang", read_erlang},
		{"macos", read_macos},
		{"workload", values_read_plan},
};

static void read_fix(struct reading *r)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		const cJSON *text = cJSON_GetObjectItemCaseSensitive(view_object(r->fix, "persistent"),
				forms[i].kind);
		char *rest = cJSON_IsString(text) ? arena_strdup(r->arena, text->valuestring) : NULL;
		for (char *line; rest && (line = strsep(&rest, "\n"));)
			forms[i].read(r, values_squeeze(r->arena, line, strlen(line)));
	}
	const char *restart = view_text(r->arena, r->fix, "restart", 200);
	if (*restart && strncmp(restart, "nothing", 7) != 0)
		name_list_add_once(r->arena, &r->values->then, restart);
}

static bool check_unit(struct arena *arena,
		const char *unit,
		const char **ret_unit,
		struct error *err)
{
	static const char *const kinds[] = {".service", ".socket", ".scope", ".slice"};
	*ret_unit = NULL;
	if (!unit)
		return true;
	if (!*unit || *unit == '.' || *unit == '-' || strlen(unit) > 200 || !only(unit, ":_.@-"))
		return error_set(err,
				"--unit: \"%.100s\" is not a name of a systemd service, as in nginx or "
				"nginx.service",
				unit);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		size_t length = strlen(kinds[i]), all = strlen(unit);
		if (all > length && !strcmp(unit + all - length, kinds[i])) {
			*ret_unit = unit;
			return !i ||
					error_set(err, "--unit: only a service has these limits, not \"%.100s\"", unit);
		}
	}
	*ret_unit = arena_printf(arena, "%s.service", unit);
	return true;
}

/* Reserved ports before the range that makes them matter. */
static void values_order(struct fix_values *values)
{
	for (size_t i = 1; i < values->sysctl_count; i++) {
		struct fix_values_sysctl *at = &values->sysctls[i];
		if (at->change != CHANGE_ADD)
			continue;
		struct fix_values_sysctl reserved = *at;
		memmove(values->sysctls + 1, values->sysctls, i * sizeof reserved);
		values->sysctls[0] = reserved;
	}
}

bool fix_values_from(struct arena *arena,
		const cJSON *audit,
		const char *unit,
		const char *date,
		struct fix_values *ret_values,
		struct error *err)
{
	const cJSON *fix;
	struct reading r = {.arena = arena, .audit = audit, .values = ret_values};
	*ret_values = (struct fix_values){
			.plan = view_text(arena, audit, "workload_title", 200),
			.host = view_text(arena, audit, "host.name", 100),
			.tool = arena_printf(arena, "headroom %s (%s)", version_number(), version_commit()),
			.date = date,
			.nofile_soft = NAN,
			.nofile_hard = NAN,
			.erlang_ports = NAN,
			.erlang_processes = NAN,
			.nofile_soft_from = NAN,
			.nofile_hard_from = NAN,
	};
	const cJSON *system = values_find_fact(audit, "os.name"),
				*soft = values_find_fact(audit, "limits.nofile.soft");
	const cJSON *hard = values_find_fact(audit, "limits.nofile.hard");
	ret_values->darwin = system && !strcmp(view_raw(system, "value"), "darwin");
	ret_values->nofile_soft_from = soft ? view_number(soft, "value") : NAN;
	ret_values->nofile_hard_from = hard ? view_number(hard, "value") : NAN;
	if (!check_unit(arena, unit, &ret_values->unit, err))
		return false;
	cJSON_ArrayForEach(fix, view_array(audit, "fixes")) {
		r.fix = fix;
		if (view_true(fix, "in_ladder"))
			read_fix(&r);
	}
	values_order(ret_values);
	return true;
}
