/* What a provider gives to a machine, and what the plan says of it. */
#include "model/load/egress.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/unit.h"

/* An option of the provider. */
struct option {
	const char *name;
	enum unit unit;
	size_t at; /* of its number in struct egress */
};

static const struct option options[] = {
		{"ips=", UNIT_COUNT, offsetof(struct egress, ips)},
		{"ports=", UNIT_COUNT, offsetof(struct egress, ports)},
		{"vms=", UNIT_COUNT, offsetof(struct egress, vms)},
		{"hold=", UNIT_SECONDS, offsetof(struct egress, hold_s)},
};

bool egress_row(const char *text, double *ret_vms, double *ret_ports)
{
	unsigned vms, ports;
	char rest;
	if (sscanf(text, "%6u %6u%c", &vms, &ports, &rest) != 2 || vms == 0 || ports == 0)
		return false;
	*ret_vms = vms;
	*ret_ports = ports;
	return true;
}

static bool option_read(struct egress *egress,
		const char *flag,
		const char *text,
		struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		const struct option *option = &options[i];
		if (!text_begins_with(text, option->name))
			continue;
		double *number = (double *)(void *)((char *)egress + option->at);
		return unit_parse(text + strlen(option->name), option->unit, number, err);
	}
	return error_set(err,
			"--egress %.60s: after the provider only :ips=N, :ports=N, :vms=N and :hold=T are "
			"understood",
			flag);
}

static bool is_by_machine(const struct egress_rule *rule)
{
	return !isnan(rule->ports) || rule->ports_by_vms.count > 0;
}

static bool check_ips(const struct egress *egress, const char *flag, struct error *err)
{
	const struct egress_rule *rule = egress->rule;
	bool given = egress->ips != rule->default_ips;
	if (given && is_by_machine(rule))
		return error_set(err,
				"--egress %.60s: its ports are given to each machine, not to an address; give "
				":ports=N",
				flag);
	bool too_many = rule->max_ips > 0 && egress->ips > rule->max_ips;
	if (egress->ips < 1 || too_many)
		return error_set(err, "--egress %.60s: 1 to %g addresses", flag, rule->max_ips);
	return true;
}

static bool check_ports(const struct egress *egress, const char *flag, struct error *err)
{
	const struct egress_rule *rule = egress->rule;
	if (isnan(egress->ports))
		return true;
	if (!(rule->max_ports > 0))
		return error_set(err,
				"--egress %.60s: it gives no ports to single machines; only :ips=N changes their "
				"number",
				flag);
	if (egress->ports < 1 || egress->ports > rule->max_ports)
		return error_set(err, "--egress %.60s: 1 to %g ports", flag, rule->max_ports);
	return true;
}

static bool check_vms(const struct egress *egress, const char *flag, struct error *err)
{
	const struct rule_text_list *table = &egress->rule->ports_by_vms;
	double most = 0, ports;
	if (isnan(egress->vms))
		return true;
	if (table->count == 0)
		return error_set(err,
				"--egress %.60s: its ports do not depend on the number of machines",
				flag);
	(void)egress_row(table->items[table->count - 1], &most, &ports);
	if (egress->vms < 1 || egress->vms > most)
		return error_set(err, "--egress %.60s: 1 to %g machines", flag, most);
	return true;
}

static bool check_hold(const struct egress *egress, const char *flag, struct error *err)
{
	if (isnan(egress->hold_s) || egress->hold_s >= 0)
		return true;
	return error_set(err, "--egress %.60s: a time cannot be negative", flag);
}

static bool check_options(const struct egress *egress, const char *flag, struct error *err)
{
	return check_ips(egress, flag, err) && check_ports(egress, flag, err) &&
			check_vms(egress, flag, err) && check_hold(egress, flag, err);
}

static bool options_read(struct arena *arena,
		struct egress *egress,
		const char *flag,
		const char *text,
		struct error *err)
{
	while (*text == ':') {
		size_t length = strcspn(++text, ":");
		const char *one = arena_copy(arena, text, length);
		if (!option_read(egress, flag, one, err))
			return false;
		text += length;
	}
	return check_options(egress, flag, err);
}

bool egress_read(struct arena *arena,
		const struct rules *rules,
		const char *text,
		struct egress *ret_egress,
		struct error *err)
{
	*ret_egress = (struct egress){.rule = NULL};
	if (!text || !strcmp(text, "none"))
		return true;
	size_t length = strcspn(text, ":");
	const char *id = arena_copy(arena, text, length);
	const struct egress_rule *rule = rules_egress(rules, id);
	if (!rule)
		return error_set(err,
				"--egress %.60s: unknown provider (for a list: headroom rules list)",
				id);
	*ret_egress = (struct egress){
			.rule = rule,
			.ips = rule->default_ips,
			.ports = (double)NAN,
			.vms = (double)NAN,
			.hold_s = (double)NAN,
	};
	return options_read(arena, ret_egress, text, text + length, err);
}

/* By the table; the smallest pool where nobody said how many machines there are. */
static double ports_of_pool(const struct egress *egress)
{
	const struct rule_text_list *table = &egress->rule->ports_by_vms;
	double vms = 0, ports = (double)NAN;
	for (size_t i = 0; i < table->count; i++) {
		(void)egress_row(table->items[i], &vms, &ports);
		if (isnan(egress->vms) || egress->vms <= vms)
			break;
	}
	return ports;
}

double egress_ports(const struct egress *egress)
{
	const struct egress_rule *rule = egress->rule;
	if (!isnan(egress->ports))
		return egress->ports;
	if (rule->ports_by_vms.count > 0)
		return ports_of_pool(egress);
	if (!isnan(rule->ports))
		return rule->ports;
	return rule->ports_per_ip * egress->ips;
}

double egress_hold(const struct egress *egress, bool reset)
{
	if (!isnan(egress->hold_s))
		return egress->hold_s;
	if (reset && !isnan(egress->rule->reset_hold_s))
		return egress->rule->reset_hold_s;
	return egress->rule->hold_s;
}
