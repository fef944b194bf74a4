/* The table of the model's own names. */
#include "model/own_names.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "model/pools/families.h"
#include "model/tracking/untracked.h"

static const double unknown_number = (double)NAN;

/* Who asks. */
struct asking {
	const struct situation *s;
	const struct load *load;
};

struct own_name {
	const char *name;
	enum unit unit;
	double (*number)(const struct asking *asking); /* NAN: unknown */
};

static double own_to_loopback(const struct asking *asking)
{
	return workload_to_loopback(asking->load->workload);
}

static struct plan_families families_of(const struct asking *asking)
{
	const struct load *load = asking->load;
	return plan_families_of(asking->s->arena, load->facts, load->workload);
}

static double own_to_ipv4(const struct asking *asking)
{
	return families_of(asking).ipv4;
}

static double own_to_ipv6(const struct asking *asking)
{
	return families_of(asking).ipv6;
}

static struct plan_families possible_of(const struct asking *asking)
{
	const struct load *load = asking->load;
	return plan_families_possible(asking->s->arena, load->facts, load->workload);
}

static double own_uses_ipv4(const struct asking *asking)
{
	return possible_of(asking).ipv4;
}

static double own_uses_ipv6(const struct asking *asking)
{
	return possible_of(asking).ipv6;
}

static double own_untracked_ipv4(const struct asking *asking)
{
	return untracked_plan(asking->load->facts, asking->load->workload).ipv4;
}

static double own_untracked_ipv6(const struct asking *asking)
{
	return untracked_plan(asking->load->facts, asking->load->workload).ipv6;
}

static double own_staged(const struct asking *asking)
{
	return asking->load->down.staged;
}

static double own_planning_constants(const struct asking *asking)
{
	return asking->s->options->planning_constants;
}

static double own_target(const struct asking *asking)
{
	return asking->s->options->target;
}

static double own_egress_given(const struct asking *asking)
{
	return asking->load->egress.rule != NULL;
}

static double own_egress_ips(const struct asking *asking)
{
	if (!asking->load->egress.rule)
		return unknown_number;
	return asking->load->egress.ips;
}

static double own_egress_ports(const struct asking *asking)
{
	if (!asking->load->egress.rule)
		return unknown_number;
	return egress_ports(&asking->load->egress);
}

static double own_egress_hold(const struct asking *asking)
{
	if (!asking->load->egress.rule)
		return unknown_number;
	return egress_hold(&asking->load->egress, false);
}

static double own_egress_reset_hold(const struct asking *asking)
{
	if (!asking->load->egress.rule)
		return unknown_number;
	return egress_hold(&asking->load->egress, true);
}

static double own_egress_idle(const struct asking *asking)
{
	if (!asking->load->egress.rule)
		return unknown_number;
	return asking->load->egress.rule->idle_s;
}

/* The provider gives ports by the number of machines, and nobody said how many there are. */
static double own_egress_assumed(const struct asking *asking)
{
	const struct egress *egress = &asking->load->egress;
	if (!egress->rule || egress->rule->ports_by_vms.count == 0)
		return false;
	return isnan(egress->vms) && isnan(egress->ports);
}

/* workload.nofile is "soft", "hard" or a number; only the number has this name. */
static double own_nofile_count(const struct asking *asking)
{
	const struct workload_value *nofile = &asking->load->workload->values[W_NOFILE];
	if (!nofile->set || nofile->text)
		return unknown_number;
	return nofile->number;
}

/* Nothing says how many come: the plan has as many as there can be. */
static double own_connections_at_most(const struct asking *asking)
{
	const struct workload_value *connections = &asking->load->workload->values[W_CONNECTIONS];
	return connections->set && connections->confidence == CONFIDENCE_BOUND;
}

/* Unknown until a comparable measurement of this quantity is given. */
static double measured_number(const struct situation *s, const char *quantity)
{
	for (size_t i = 0; i < s->options->measurement_count; i++) {
		const struct measurement *m = &s->options->measurements[i];
		bool usable = m->comparable && m->quantity && !isnan(m->measured);
		if (usable && !strcmp(m->quantity, quantity))
			return m->measured;
	}
	return unknown_number;
}

static double own_measured_entries(const struct asking *asking)
{
	return measured_number(asking->s, "entries_per_connection");
}

static double own_measured_bytes(const struct asking *asking)
{
	return measured_number(asking->s, "connection_bytes");
}

static const struct own_name own_names[] = {
		{"to_loopback", UNIT_BOOL, own_to_loopback},
		{"to_ipv4", UNIT_BOOL, own_to_ipv4},
		{"to_ipv6", UNIT_BOOL, own_to_ipv6},
		{"uses_ipv4", UNIT_BOOL, own_uses_ipv4},
		{"uses_ipv6", UNIT_BOOL, own_uses_ipv6},
		{"untracked_ipv4", UNIT_BOOL, own_untracked_ipv4},
		{"untracked_ipv6", UNIT_BOOL, own_untracked_ipv6},
		{"staged", UNIT_BOOL, own_staged},
		{"planning_constants", UNIT_BOOL, own_planning_constants},
		{"target_utilization", UNIT_RATIO, own_target},
		{"egress.given", UNIT_BOOL, own_egress_given},
		{"egress.ips", UNIT_COUNT, own_egress_ips},
		{"egress.ports", UNIT_COUNT, own_egress_ports},
		{"egress.pool_assumed", UNIT_BOOL, own_egress_assumed},
		{"egress.hold_s", UNIT_SECONDS, own_egress_hold},
		{"egress.reset_hold_s", UNIT_SECONDS, own_egress_reset_hold},
		{"egress.idle_s", UNIT_SECONDS, own_egress_idle},
		{"workload.nofile_count", UNIT_COUNT, own_nofile_count},
		{"workload.connections_at_most", UNIT_BOOL, own_connections_at_most},
		{"measured.entries_per_connection", UNIT_COUNT, own_measured_entries},
		{"measured.connection_bytes", UNIT_BYTES, own_measured_bytes},
};

static const struct own_name *own_name_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(own_names); i++)
		if (*name == *own_names[i].name && !strcmp(name, own_names[i].name))
			return &own_names[i];
	return NULL;
}

bool own_name_value(const struct situation *situation,
		const struct load *load,
		const char *name,
		struct value *ret_value)
{
	const struct asking asking = {situation, load};
	const struct own_name *row = own_name_find(name);
	if (!row)
		return false;
	double number = row->number(&asking);
	if (isnan(number))
		*ret_value = value_unknown(name);
	else if (row->unit == UNIT_BOOL)
		*ret_value = value_bool(number != 0);
	else
		*ret_value = value_number(number, row->unit);
	return true;
}

bool own_name_unit(const char *name, enum unit *ret_unit)
{
	const struct own_name *row = own_name_find(name);
	if (!row)
		return false;
	*ret_unit = row->unit;
	return true;
}
