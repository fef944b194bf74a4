/* Derived facts. Port arithmetic is here because sets do not fit a formula. */
#include "model/derive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum {
	NODEPORT_FIRST = 30000,
	NODEPORT_LAST = 32767
}; /* kube-apiserver --service-node-port-range default */

static const char range_key[] = "net.ipv4.ip_local_port_range";
static const char reserved_key[] = "net.ipv4.ip_local_reserved_ports";

static void derive_put(struct facts *facts,
		const char *key,
		double number,
		enum unit unit,
		const char *where)
{
	facts_put(facts,
			(struct fact){.key = key,
					.instance = "",
					.status = FACT_KNOWN,
					.origin = ORIGIN_DERIVED,
					.unit = unit,
					.number = number,
					.where = where});
}

static bool port_number(double value)
{
	return value >= 1 && value <= 65535 && value == floor(value);
}

bool derive_range(const struct facts *facts, unsigned *ret_low, unsigned *ret_high)
{
	const char *text = facts_text(facts, range_key);
	double low, high;
	char rest;
	if (text) {
		unsigned first, last;
		if (sscanf(text, " %5u %5u %c", &first, &last, &rest) != 2)
			return false;
		low = first;
		high = last;
	} else { /* macOS: XNU bsd/netinet/in_pcb.c */
		low = facts_number(facts, "net.inet.ip.portrange.first");
		high = facts_number(facts, "net.inet.ip.portrange.last");
	}
	if (!port_number(low) || !port_number(high) || low > high)
		return false;
	*ret_low = (unsigned)low;
	*ret_high = (unsigned)high;
	return true;
}

bool derive_ports_of(const struct facts *facts, const char *key, struct portset *ret_set)
{
	struct error err;
	const char *text = facts_text(facts, key);
	memset(ret_set, 0, sizeof *ret_set);
	if (facts_status(facts, key, "") == FACT_ABSENT)
		return true;
	return text && portset_parse(text, ret_set, &err);
}

static const struct {
	const char *name;
	enum unit unit;
} derived_names[] = {
		{"ports.low", UNIT_COUNT},
		{"ports.high", UNIT_COUNT},
		{"ports.width", UNIT_COUNT},
		{"ports.odd_width", UNIT_BOOL},
		{"ports.reserved_in_range", UNIT_COUNT},
		{"ports.blocked_in_range", UNIT_COUNT},
		{"ports.usable", UNIT_COUNT},
		{"ports.listeners_in_range", UNIT_COUNT},
		{"ports.udp_blocked_in_range", UNIT_COUNT},
		{"ports.node_ports_open", UNIT_COUNT},
		{"ports.node_ports_listened", UNIT_TEXT},
		{"ports.listeners_list", UNIT_TEXT},
		{"tcp.time_wait_s", UNIT_SECONDS},
		{"tcp.fin_wait2_s", UNIT_SECONDS}, /* by the platform rules, and how much later they end: */
		{"tcp.time_wait_slack_s", UNIT_SECONDS},
		{"tcp.fin_wait2_slack_s", UNIT_SECONDS},
};

bool derive_type(const char *name, enum unit *ret_unit)
{
	for (size_t i = 0; i < COUNT_OF(derived_names); i++)
		if (!strcmp(name, derived_names[i].name)) {
			*ret_unit = derived_names[i].unit;
			return true;
		}
	return false;
}

static void derive_put_unknown(struct facts *facts,
		const char *name,
		enum fact_status status,
		const char *where,
		const char *note)
{
	enum unit unit = UNIT_COUNT;
	(void)derive_type(name, &unit);
	struct fact *fact = facts_put_missing(facts, name, "", status, unit, where, note);
	fact->origin = ORIGIN_DERIVED;
}

/* `name` follows from `cause`, which is not known. */
static void derive_put_missing(struct facts *facts,
		const char *name,
		const char *cause,
		const char *note)
{
	enum fact_status status = facts_status(facts, cause, "");
	const struct fact *fact = facts_get(facts, cause, "");
	if (status == FACT_KNOWN)
		status = FACT_MALFORMED;
	if (!note && fact)
		note = fact->note;
	derive_put_unknown(facts, name, status, cause, note);
}

static void put_missing_range(struct facts *facts)
{
	static const char note[] = "the port range is not known";
	for (size_t i = 0; i < COUNT_OF(derived_names); i++) {
		const char *name = derived_names[i].name;
		if (text_begins_with(name, "ports."))
			derive_put_missing(facts, name, range_key, note);
	}
}

struct range {
	unsigned low, high;
};

/* Ports of two facts (`more` may be NULL) in the range that are not in `but`; missing if one is. */
static void put_blocked(struct facts *facts,
		struct range range,
		const char *name,
		const char *key,
		const char *more,
		const struct portset *but)
{
	struct portset set, others = {{0}};
	if (!derive_ports_of(facts, key, &set)) {
		derive_put_missing(facts, name, key, NULL);
		return;
	}
	if (more && !derive_ports_of(facts, more, &others)) {
		derive_put_missing(facts, name, more, NULL);
		return;
	}
	portset_union(&set, &others);
	portset_subtract(&set, but);
	derive_put(facts, name, portset_count(&set, range.low, range.high), UNIT_COUNT, key);
}

static void put_listeners(struct facts *facts, struct range range, const struct portset *reserved)
{
	struct portset listening, outside = {{0}};
	if (!derive_ports_of(facts, "ports.listening", &listening))
		return;
	if (range.low > 1)
		portset_add(&outside, 0, range.low - 1);
	if (range.high < 65535)
		portset_add(&outside, range.high + 1, 65535);
	portset_subtract(&listening, &outside);
	portset_subtract(&listening, reserved);
	struct text list = {0};
	portset_print(&listening, &list);
	derive_put(facts,
			"ports.listeners_in_range",
			portset_count(&listening, range.low, range.high),
			UNIT_COUNT,
			"ports.listening");
	struct fact *fact = facts_put_text(facts,
			"ports.listeners_list",
			"",
			text_take(facts->arena, &list),
			"ports.listening");
	fact->origin = ORIGIN_DERIVED;
}

/* The reserved ports in the range; none where they are not known. */
static void put_reserved(struct facts *facts, struct range range, struct portset *ret_reserved)
{
	static const char name[] = "ports.reserved_in_range";
	if (derive_ports_of(facts, reserved_key, ret_reserved)) {
		double count = portset_count(ret_reserved, range.low, range.high);
		derive_put(facts, name, count, UNIT_COUNT, reserved_key);
		return;
	}
	derive_put_missing(facts, name, reserved_key, NULL);
	memset(ret_reserved, 0, sizeof *ret_reserved);
}

/* On a Kubernetes node: the NodePorts that an outgoing connection can take. */
static void put_node_ports(struct facts *facts, struct range range, const struct portset *reserved)
{
	struct portset ports = {{0}};
	unsigned first = range.low, last = range.high;
	if (facts_number(facts, "kubernetes.node") != 1)
		return;
	if (first < NODEPORT_FIRST)
		first = NODEPORT_FIRST;
	if (last > NODEPORT_LAST)
		last = NODEPORT_LAST;
	if (first <= last)
		portset_add(&ports, first, last);
	portset_subtract(&ports, reserved);
	double count = portset_count(&ports, range.low, range.high);
	derive_put(facts, "ports.node_ports_open", count, UNIT_COUNT, "kubernetes.node");
}

/* Listeners of a Kubernetes node among the NodePorts: a Service may be given the same port. */
static void put_node_listeners(struct facts *facts)
{
	static const char name[] = "ports.node_ports_listened";
	struct portset listening, outside = {{0}};
	struct text list = {0};
	if (facts_number(facts, "kubernetes.node") != 1)
		return;
	if (!derive_ports_of(facts, "ports.listening", &listening))
		return;
	portset_add(&outside, 0, NODEPORT_FIRST - 1);
	portset_add(&outside, NODEPORT_LAST + 1, 65535);
	portset_subtract(&listening, &outside);
	portset_print(&listening, &list);
	const char *ports = text_take(facts->arena, &list);
	facts_put_text(facts, name, "", ports, "ports.listening")->origin = ORIGIN_DERIVED;
}

static void put_usable(struct facts *facts, double width)
{
	static const char name[] = "ports.usable";
	double reserved = facts_number(facts, "ports.reserved_in_range");
	double usable = width - reserved - facts_number(facts, "ports.blocked_in_range");
	if (!isnan(usable)) {
		derive_put(facts, name, usable, UNIT_COUNT, range_key);
		return;
	}
	derive_put_unknown(facts, name, FACT_SKIPPED, range_key, "not all parts are known");
}

static void derive_ports(struct facts *facts)
{
	static const char blocked[] = "ports.blocked_in_range";
	static const char udp_blocked[] = "ports.udp_blocked_in_range";
	struct range range;
	struct portset reserved;
	if (!derive_range(facts, &range.low, &range.high)) {
		put_missing_range(facts);
		return;
	}
	double width = range.high - range.low + 1;
	derive_put(facts, "ports.low", range.low, UNIT_COUNT, range_key);
	derive_put(facts, "ports.high", range.high, UNIT_COUNT, range_key);
	derive_put(facts, "ports.width", width, UNIT_COUNT, range_key);
	derive_put(facts, "ports.odd_width", fmod(width, 2), UNIT_BOOL, range_key);
	put_reserved(facts, range, &reserved);
	put_blocked(facts, range, blocked, "ports.listening", "ports.bound", &reserved);
	put_blocked(facts, range, udp_blocked, "ports.udp_bound", NULL, &reserved);
	put_listeners(facts, range, &reserved);
	put_node_ports(facts, range, &reserved);
	put_node_listeners(facts);
	put_usable(facts, width);
}

void derive_reserved_now(const struct facts *facts, struct portset *ret_set)
{
	if (!derive_ports_of(facts, reserved_key, ret_set))
		memset(ret_set, 0, sizeof *ret_set);
}

static bool lookup_fact(void *context, const char *name, struct value *ret_value)
{
	const struct fact *fact = facts_get(context, name, "");
	bool known = fact && fact->status == FACT_KNOWN;
	if (!known) {
		*ret_value = value_unknown(name);
		ret_value->maybe = facts_status(context, name, "") != FACT_ABSENT;
		return true;
	}
	if (fact->unit == UNIT_TEXT)
		*ret_value = value_text(fact->text);
	else if (fact->unit == UNIT_BOOL)
		*ret_value = value_bool(fact->number != 0);
	else
		*ret_value = value_number(fact->number, fact->unit);
	return true;
}

static bool no_integral(void *context,
		const char *rate,
		double seconds,
		double *ret_sum,
		bool *ret_steady)
{
	(void)context, (void)rate, (void)seconds, (void)ret_sum, (void)ret_steady;
	return false;
}

static void derive_platform(struct facts *facts, const struct platform_rule *rule)
{
	struct expr_env env = {.lookup = lookup_fact, .integrate = no_integral, .context = facts};
	struct value applies = expr_eval(rule->applies, &env);
	if (applies.kind != VALUE_BOOL || applies.number == 0)
		return;
	for (size_t i = 0; i < rule->let_count; i++) {
		const struct rule_let *let = &rule->lets[i];
		const struct fact *present = facts_get(facts, let->name, "");
		if (present && present->origin != ORIGIN_DERIVED)
			continue; /* given or measured: it wins */
		struct value value = expr_eval(let->expr, &env);
		if (value.kind == VALUE_NUMBER || value.kind == VALUE_BOOL)
			derive_put(facts,
					let->name,
					value.number,
					value.kind == VALUE_BOOL ? UNIT_BOOL : value.unit,
					rule->id);
		else
			derive_put_missing(facts, let->name, value.missing, NULL);
	}
}

/* Ticks of the step in which Linux ends a timer of so many: the wheel rounds up, the coarser the
 * longer it runs (kernel/time/timer.c, LVL_START and LVL_GRAN). */
static double wheel_step(double ticks)
{
	static const double first_level = 63, coarser = 8;
	double step = 1;
	while (ticks >= first_level * step)
		step *= coarser;
	return step;
}

/* How much later than it says the kernel ends a timer. */
static void derive_slack(struct facts *facts, const char *name, const char *timer)
{
	static const double usual_hz = 100; /* where it is not known */
	double hz = facts_number(facts, "kernel.hz");
	double seconds = facts_number(facts, timer);
	const char *system = facts_text(facts, "os.name");
	if (!(hz > 0))
		hz = usual_hz;
	if (!system || strcmp(system, "linux") != 0 || isnan(seconds))
		return;
	derive_put(facts, name, wheel_step(seconds * hz) / hz, UNIT_SECONDS, "kernel.hz");
}

/* Facts written by hand may not say which system they are of. */
static const char *system_of(const struct facts *facts)
{
	static const char *const of_macos[] = {
			"net.inet.ip.portrange.first",
			"net.inet.ip.portrange.last",
			"net.inet.tcp.msl",
			"kern.ipc.somaxconn",
			"kern.maxfiles",
	};
	for (size_t i = 0; i < COUNT_OF(of_macos); i++) {
		if (facts_status(facts, of_macos[i], "") == FACT_KNOWN)
			return "darwin";
	}
	return "linux";
}

static void default_system(struct facts *facts)
{
	if (facts_status(facts, "os.name", "") == FACT_KNOWN)
		return;
	struct fact *fact = facts_put_text(facts, "os.name", "", system_of(facts), NULL);
	fact->origin = ORIGIN_DERIVED;
	fact->note = "not given: told by the names of the other facts";
}

void derive_facts(struct facts *facts, const struct rules *rules)
{
	default_system(facts);
	derive_ports(facts);
	for (size_t i = 0; i < rules->platform_count; i++)
		derive_platform(facts, &rules->platforms[i]);
	derive_slack(facts, "tcp.time_wait_slack_s", "tcp.time_wait_s");
	derive_slack(facts, "tcp.fin_wait2_slack_s", "tcp.fin_wait2_s");
	facts_sort(facts);
}

void derive_reserved(const struct facts *facts,
		unsigned low,
		unsigned high,
		struct portset *ret_set)
{
	static const char *const keys[] = {"ports.listening", "ports.published"};
	struct portset more, inside = {{0}};
	(void)derive_ports_of(facts, reserved_key, ret_set);
	portset_add(&inside, low, high);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct portset outside = {{0}};
		if (!derive_ports_of(facts, keys[i], &more))
			continue;
		portset_add(&outside, 0, 65535);
		portset_subtract(&outside, &inside);
		portset_subtract(&more, &outside);
		portset_union(ret_set, &more);
	}
	if (facts_number(facts, "kubernetes.node") == 1)
		for (unsigned port = NODEPORT_FIRST; port <= NODEPORT_LAST; port++)
			if (port >= low && port <= high)
				portset_add(ret_set, port, port);
}

void derive_set_range(struct facts *facts, unsigned low, unsigned high)
{
	struct portset reserved;
	struct text list = {0};
	if (!facts_text(facts, range_key)) { /* macOS */
		facts_put_number(facts, "net.inet.ip.portrange.first", "", low, UNIT_COUNT, NULL)->origin =
				ORIGIN_PROPOSED;
		facts_put_number(facts, "net.inet.ip.portrange.last", "", high, UNIT_COUNT, NULL)->origin =
				ORIGIN_PROPOSED;
		return;
	}
	derive_reserved(facts, low, high, &reserved);
	portset_print(&reserved, &list);
	facts_put_text(facts, range_key, "", arena_printf(facts->arena, "%u %u", low, high), NULL)
			->origin = ORIGIN_PROPOSED;
	facts_put_text(facts, reserved_key, "", text_take(facts->arena, &list), NULL)->origin =
			ORIGIN_PROPOSED;
}
