/* Who closes first, where the plan does not say it for certain. Over a network the tool's figures
 * count. Over loopback a close is a matter of scheduling: none or all of them may be the client's.
 */
#include "model/closes/closer.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static bool has_role(const struct workload *workload, const char *role)
{
	const char *own = workload->values[W_ROLE].text;
	return own && strcmp(own, role) == 0;
}

/* Is this host the client of these connections? */
static bool is_client(const struct workload *workload, bool upstream)
{
	if (has_role(workload, "proxy"))
		return upstream;
	return !has_role(workload, "server");
}

static bool over_loopback(const struct workload *workload, bool upstream)
{
	enum workload_field to = W_DESTINATIONS;
	if (upstream && has_role(workload, "proxy"))
		to = W_UP_DESTINATIONS;
	return has_role(workload, "both") || workload_any_loopback(workload, to);
}

static const struct workload_value *closer_value(const struct workload *workload, bool upstream)
{
	if (upstream && has_role(workload, "proxy"))
		return &workload->values[W_UP_CLOSER];
	return &workload->values[W_CLOSER];
}

static bool is_likely(const struct workload_value *closer)
{
	return !closer->assumed && closer->confidence != CONFIDENCE_EXACT;
}

static bool is_stated(const struct workload_value *value)
{
	return value->set && !value->assumed;
}

static struct closer_shares shares_of_all(enum closer_basis basis, double share)
{
	return (struct closer_shares){.basis = basis, .usual = share, .highest = share};
}

/* Figures of the tool; where not even those of any tool are known, all closes count. */
static struct closer_shares shares_of_tool(const struct rules *rules,
		const struct workload *workload)
{
	const struct tool_rule *tool = rules_tool(rules, workload->values[W_TOOL].text);
	struct closer_shares shares = shares_of_all(CLOSER_MEASURED, 1);
	if (!tool)
		return shares;
	shares.tool = tool;
	shares.usual = tool->client_closes.usual;
	shares.highest = tool->client_closes.highest;
	return shares;
}

struct closer_shares closer_shares_of(const struct rules *rules,
		const struct workload *workload,
		bool upstream)
{
	const struct workload_value *closer = closer_value(workload, upstream);
	const struct workload_value *stated = &workload->values[W_CLIENT_CLOSES];
	bool client = is_client(workload, upstream);
	const char *this_side = "server";
	if (client)
		this_side = "client";
	if (!closer->text || strcmp(closer->text, "reset") == 0)
		return shares_of_all(CLOSER_CERTAIN, 0);
	if (strcmp(closer->text, this_side) == 0)
		return shares_of_all(CLOSER_CERTAIN, 1);
	if (client && is_stated(stated))
		return shares_of_all(CLOSER_STATED, stated->number);
	if (!is_likely(closer))
		return shares_of_all(CLOSER_CERTAIN, 0);
	if (!client) /* a server keeps TIME_WAIT of all closes that may be its own */
		return shares_of_all(CLOSER_CERTAIN, 1);
	if (over_loopback(workload, upstream))
		return shares_of_all(CLOSER_LOOPBACK, 1);
	return shares_of_tool(rules, workload);
}

static const char *source_of(struct arena *arena, const struct closer_shares *shares, bool all)
{
	const struct tool_rule *tool = shares->tool;
	if (all)
		return "--pessimistic: all of them";
	if (shares->basis == CLOSER_LOOPBACK)
		return "over loopback either side may close first, so all of them count (worst "
			   "case)";
	if (!tool)
		return "no tool is known, so all of them count";
	return arena_printf(arena, "usual for %s: %s", tool->title, tool->client_closes.measured);
}

static void add_assumption(struct arena *arena,
		struct assumption one,
		struct assumption **assumptions,
		size_t *count)
{
	struct assumption *more = arena_alloc(arena, (*count + 1) * sizeof *more);
	if (*count)
		memcpy(more, *assumptions, *count * sizeof *more);
	more[(*count)++] = one;
	*assumptions = more;
}

void closer_complete(struct arena *arena,
		const struct rules *rules,
		bool all,
		struct workload *workload,
		struct assumption **assumptions,
		size_t *count)
{
	struct workload_value *value = &workload->values[W_CLIENT_CLOSES];
	bool upstream = has_role(workload, "proxy");
	struct closer_shares shares = closer_shares_of(rules, workload, upstream);
	bool open = shares.basis == CLOSER_MEASURED || shares.basis == CLOSER_LOOPBACK;
	char shown[NUMBER_TEXT_MAX];
	if (value->set || !open)
		return;
	double share = shares.usual;
	if (all)
		share = 1;
	const char *source = source_of(arena, &shares, all);
	*value = (struct workload_value){.set = true,
			.number = share,
			.from = source,
			.assumed = true,
			.confidence = CONFIDENCE_ESTIMATE};
	text_number(shown, share, UNIT_RATIO);
	const struct assumption one = {
			.field = workload_rows[W_CLIENT_CLOSES].name,
			.value = arena_strdup(arena, shown),
			.source = source,
	};
	add_assumption(arena, one, assumptions, count);
}
