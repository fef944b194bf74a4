/* The members of the audit document, for checking templates (docs/audit-document.md is the
 * contract). Types are not checked: a formatter shows a value that it cannot use as plain text. */
#include <string.h>

#include "base/array.h"
#include "report/render/path.h"

struct shape {
	const char *path;    /* names joined by dots; arrays count as their elements; "*" is any key */
	const char *members; /* separated by blanks; "*": any */
};

#define LOAD "scale connections open_rate_per_s at_most without"
#define JUDGED                                                                                 \
	"id title phrase gloss status over severity consequence scope instance planning_constant " \
	"planning_fails "                                                                          \
	"demand after "                                                                            \
	"kernel_demand capacity unit quantity utilization max_safe_scale max_safe max_safe_after " \
	"target_crossed_at_s "                                                                     \
	"exhausted_at_s at_s demand_formula demand_substituted demand_words capacity_formula "     \
	"capacity_substituted capacity_words "                                                     \
	"facts held_by no_change "                                                                 \
	"assumed reason unread why error_text counters sources divides ignored waived calibrated " \
	"loads "
#define FACT                                                                            \
	"key instance value unit status origin where line raw raw_hex read_at set_by note " \
	"was "
#define COMPARED \
	"id created verdict headline binding max_safe at_most tool host workload hypothetical"
#define SOURCE "title url"
#define UNREAD "key instance path status note set way_out"
#define SET    "key instance unit was from to"

static const struct shape shapes[] = {
		{"",
				"schema tool created command_line host workload workload_title loads assumptions "
				"target_utilization request "
				"planning_constants verdict headline coverage warnings plan binding max_safe "
				"at_most decides "
				"breaks hosts_needed "
				"sizing history changed_by "
				"resources ladder fixes timeline map calibration findings waivers ignored holds "
				"first_changes "
				"as_of max_age_s too_old hypothetical given unread run "
				"hit_since_boot facts "
				"rules foreign history drift gate digest page"},
		{"tool", "version commit"},
		{"request", "ticket requested_by valid_until"},
		{"host",
				"name fingerprint kernel os cpus memory_bytes virtualization container vantage "
				"boot_id user pid"},
		{"workload", "*"},
		{"workload.*", "*"},
		{"workload.*.*", "*"}, /* the members of one of its loads */
		{"loads", "load title command plan max_safe breaks per_host"},
		{"loads.plan", LOAD},
		{"loads.max_safe", LOAD},
		{"loads.breaks", LOAD},
		{"loads.per_host", LOAD},
		{"assumptions", "field value source load"},
		{"coverage", "judged total not_visible not_judged estimated"},
		{"coverage.estimated", "id title unit needed available rate rate_of per_core text"},
		{"plan", LOAD},
		{"binding", "resource instance title phrase"},
		{"max_safe", LOAD},
		{"at_most", "limits max_safe hosts"},
		{"at_most.max_safe", LOAD},
		{"decides", "key instance unit pass_least pass_most"},
		{"breaks", "resource at_s " LOAD},
		{"hosts_needed", "now after_fixes groups without"},
		{"hosts_needed.groups", "name share now after_fixes"},
		{"sizing", "load now after_fixes"},
		{"sizing.load", LOAD},
		{"resources", JUDGED "instances"},
		{"resources.max_safe", LOAD},
		{"resources.max_safe_after", LOAD},
		{"resources.after", "status demand capacity utilization"},
		{"resources.loads", "load demand quantity"},
		{"resources.held_by", "layer name text here"},
		{"resources.instances.loads", "load demand quantity"},
		{"resources.unread", UNREAD},
		{"resources.counters", "*"},
		{"resources.sources", SOURCE},
		{"resources.calibrated", "what quantity predicted measured used"},
		{"resources.instances", JUDGED},
		{"resources.instances.max_safe", LOAD},
		{"resources.instances.unread", UNREAD},
		{"resources.instances.counters", "*"},
		{"resources.instances.sources", SOURCE},
		{"ladder", "fix title resource max_safe next_binding fits"},
		{"ladder.max_safe", LOAD},
		{"fixes",
				"id title resource load in_ladder advisory facts gain command persistent restart "
				"shared_with undo risk note held_by changes_test commands say files undo_commands "
				"undo_say sources"},
		{"fixes.held_by", "layer name text here"},
		{"fixes.commands", "words fill line"},
		{"fixes.undo_commands", "words fill line"},
		{"fixes.files", "kind path lines"},
		{"fixes.facts", "*"},
		{"fixes.facts.*", "from to"},
		{"fixes.gain", "before after next fits enough"},
		{"fixes.gain.before", LOAD},
		{"fixes.gain.after", LOAD},
		{"fixes.persistent", "*"},
		{"fixes.sources", SOURCE},
		{"timeline", "step_s t series end loads"},
		{"timeline.loads", "load live time_wait opens_per_s"},
		{"timeline.end", "at_s live time_wait hold_s confidence"},
		{"timeline.series", "live time_wait opens_per_s use"},
		{"timeline.series.use", "*"},
		{"calibration",
				"id title unit predicted measured difference tolerance agrees reached stopped_by "
				"rate_per_s deciles "
				"duration_s samples comparable reason not_copied planning_constant milestones "
				"prediction"},
		{"calibration.milestones", "connections reached_s rate_per_s"},
		{"calibration.samples", "t_s count"},
		{"findings", "id severity text where sources"},
		{"findings.sources", SOURCE},
		{"waivers", "id justification by expires expired"},
		{"hypothetical", SET},
		{"given", SET},
		{"unread", UNREAD},
		{"run", "verdict reason exit headline_before"},
		{"facts.was", "status value"},
		{"holds",
				"id title description max_safe at_most binds binds_title breaks after_fixes "
				"after_binds after_binds_title fix_commands"},
		{"holds.max_safe", LOAD},
		{"holds.at_most", "limits max_safe hosts"},
		{"holds.at_most.max_safe", LOAD},
		{"holds.breaks", "resource at_s " LOAD},
		{"holds.after_fixes", LOAD},
		{"first_changes",
				"id title resource in_ladder advisory facts gain command persistent restart "
				"shared_with undo risk note held_by changes_test commands say files undo_commands "
				"undo_say sources safe"},
		{"first_changes.files", "kind path lines"},
		{"hit_since_boot", "counter value meaning resource"},
		{"facts", FACT},
		{"rules", "version limits fixes myths"},
		{"foreign", "kind path digest taken left"},
		{"history", "id created host workload verdict binding use max_safe because"},
		{"history.max_safe", LOAD},
		{"drift", "from to plan limits facts restless of_one_version rules_changed same"},
		{"drift.from", COMPARED},
		{"drift.to", COMPARED},
		{"drift.from.max_safe", LOAD},
		{"drift.to.max_safe", LOAD},
		{"drift.from.binding", "resource instance title"},
		{"drift.to.binding", "resource instance title"},
		{"drift.from.tool", "version commit"},
		{"drift.to.tool", "version commit"},
		{"drift.from.at_most", "limits max_safe hosts"},
		{"drift.from.at_most.max_safe", LOAD},
		{"drift.to.at_most", "limits max_safe hosts"},
		{"drift.to.at_most.max_safe", LOAD},
		{"drift.plan", "field from to"},
		{"drift.limits", "id title quantity from to because"},
		{"drift.limits.from", "status over demand capacity utilization"},
		{"drift.limits.to", "status over demand capacity utilization"},
		{"drift.facts", "key instance unit from to moved"},
		{"gate",
				"ran command reason forced child_status child_signal timed_out run_s waited_s "
				"soft_nofile baseline certified bottleneck sentence differs charges checks "
				"result learnt observed"},
		{"gate.learnt", "*"},
		{"gate.baseline", "against found id created host new known fixed run"},
		{"gate.baseline.new", "id title instance status utilization before"},
		{"gate.baseline.known", "id title instance status utilization before"},
		{"gate.baseline.fixed", "id title instance status utilization before"},
		{"gate.result",
				"tool from not_read part cause unsure text requests errors errors_ratio "
				"connections_lost connections_lost_ratio dropped dropped_ratio rate_per_s "
				"asked_rate_per_s rate_ratio"},
		{"gate.charges", "reason limit sentence fix figures"},
		{"gate.charges.figures", "id value unit"},
		{"gate.checks", "reason title applies limit measured threshold unit seen allowed"},
		{"gate.soft_nofile", "from to"},
		{"gate.observed",
				"interval_s every_s rare samples sampler_cpu_ratio compared limits remarks "
				"counters "
				"destinations timeline"},
		{"gate.observed.compared", "id title unit predicted seen difference at_least"},
		{"gate.observed.limits",
				"id title unit used own capacity utilization at_s connections reached"},
		{"gate.observed.remarks", "id lost text"},
		{"gate.observed.counters", "*"},
		{"gate.observed.destinations", "to live time_wait at_s"},
		{"gate.observed.timeline", "t series"},
		{"gate.observed.timeline.series",
				"live accepted time_wait connecting opens_per_s fds conntrack accept_queue "
				"retransmits_per_s cpu_cores use"},
		{"gate.observed.timeline.series.use", "*"},
		{"digest", "workload facts rules"},
		/* What report/render/page.c adds. */
		{"page",
				"badge notes safe hosts template command_line basis counts after evidence sources "
				"request island_omits list_max charts front assumed unsaid idle findings read_at"},
		{"page.front",
				"head id open_for question answer tags why break after tiles decide decisions "
				"unhelped note "
				"worth ways decides trust valid again again_how many crowded"},
		{"page.front.tiles", "name strong text"},
		{"page.front.decisions",
				"number change effect affects risk note after next wide do undo undo_then "
				"commands undo_commands"},
		{"page.front.decisions.commands", "words fill line"},
		{"page.front.decisions.undo_commands", "words fill line"},
		{"page.front.unhelped", "title text"},
		{"page.front.worth", "number use why"},
		{"page.front.ways", "what file why way"},
		{"page.counts",
				"fail warn pass unknown not_applicable idle unsaid advisory facts evidence "
				"left_out "
				"other_fixes "
				"unhelped "
				"calibrated moved not_moved evidence_html "
				"left_out_html"},
		{"page.badge", "waived word text verdict"},
		{"page.notes", "label text"},
		{"page.safe", LOAD},
		{"page.after", "changes next_binding max_safe"},
		{"page.after.max_safe", LOAD},
		{"page.evidence", FACT "anchor only"},
		{"page.sources", SOURCE " before"},
		{"page.assumed", "load name flag value why"},
		{"page.unsaid", "titles reason"},
		{"page.idle", "titles reason"},
		{"page.findings", "id severity text where sources alike"},
		{"page.findings.sources", SOURCE},
		{"page.charts", "headroom roles map drift time run ports calibration sizing history"},
		{"page.charts.headroom", "finding plan shown more more_briefly rows"},
		{"page.charts.headroom.rows",
				JUDGED "instances multiple multiple_after best says_now "
					   "says_after says_briefly needs need allows aside hypothetical "
					   "tightest"},
		{"page.charts.headroom.rows.max_safe", LOAD},
		{"page.charts.headroom.rows.max_safe_after", LOAD},
		{"page.charts.headroom.rows.after", "status demand capacity utilization"},
		{"page.charts.headroom.rows.loads", "load demand quantity"},
		{"page.charts.headroom.rows.unread", UNREAD},
		{"map", "reason connections open_rate_per_s plan now after"},
		{"map.plan", "column row"},
		{"map.now", "*"},
		{"map.after", "*"},
		{"page.charts.roles", "finding rows"},
		{"page.charts.roles.rows", "title limits now after says_now says_after"},
		{"page.charts.map", "finding columns plan grids"},
		{"page.charts.map.columns", "count brief"},
		{"page.charts.map.plan", "name column row"},
		{"page.charts.map.grids", "title rows"},
		{"page.charts.map.grids.rows", "rate brief cells"},
		{"page.charts.map.grids.rows.cells", "kind fails says limit"},
		{"page.charts.drift", "finding plan rows"},
		{"page.charts.drift.rows",
				"id title status utilization cause needs multiple multiple_after says_now "
				"says_briefly says_after"},
		{"page.charts.time", "finding rows lines broken"},
		{"page.charts.time.lines", "id title utilization at_s"},
		{"page.charts.time.broken", "id title at_s live"},
		{"page.charts.time.rows", "t live time_wait opens_per_s uses"},
		{"page.charts.run", "finding lines rows connections reached planned"},
		{"page.charts.run.lines", "id title utilization at_s"},
		{"page.charts.run.connections", "predicted seen series"},
		{"page.charts.run.reached", "id title at_s"},
		{"page.charts.run.planned", "id title utilization"},
		{"page.charts.run.rows", "t live time_wait opens_per_s use"},
		{"page.charts.calibration", "finding rows"},
		{"page.charts.calibration.rows",
				"id title unit predicted measured ratio agrees says_predicted says_predicted_whole "
				"says_measured"},
		{"page.charts.ports", "finding rows"},
		{"page.charts.ports.rows", "title first last note"},
		{"page.charts.sizing", "finding rows now after_fixes"},
		{"page.charts.sizing.now", "carries reach"},
		{"page.charts.sizing.after_fixes", "carries reach"},
		{"page.charts.sizing.rows", "load now after_fixes"},
		{"page.charts.sizing.rows.load", LOAD},
		{"page.charts.history", "finding rows"},
		{"page.charts.history.rows",
				"created verdict binding max_safe changed because step says_step"},
		{"page.charts.history.rows.max_safe", LOAD},
};

/* Of fleet.html: docs/fleet.schema.json, and what report/render/fleet/page_fleet.c adds. */
static const struct shape fleet_shapes[] = {
		{"fleet",
				"schema tool created command_line verdict headline binding use counts max_age_s "
				"target_utilization source_error stopped as_of as_of_last workload workload_title "
				"shares path split instead limits classes hosts unexpected problems problem_count "
				"digest rules "
				"request page"},
		{"fleet.tool", "version commit"},
		{"fleet.request", "ticket requested_by valid_until"},
		{"fleet.binding", "resource title"},
		{"fleet.counts",
				"hosts expected answered passed failed unknown missing stale duplicate broken "
				"standing_by unexpected"},
		{"fleet.workload", "*"},
		{"fleet.workload.*", "*"},
		{"fleet.workload.*.*", "*"},
		{"fleet.problems", "where why ends"},
		{"fleet.digest", "workload facts rules"},
		{"fleet.rules", "version limits fixes myths"},
		{"fleet.page",
				"badge title answers tiles charts columns classes rest decisions "
				"more_decisions instead "
				"trust "
				"hosts commands settings command_line request template"},
		{"fleet.page.badge", "word text verdict"},
		{"fleet.page.answers", "text"},
		{"fleet.page.tiles", "name strong text"},
		{"fleet.page.charts", "ends"},
		{"fleet.page.charts.ends", "finding rows"},
		{"fleet.page.charts.ends.rows",
				"title each limit now after unknown narrowest narrowest_after fails"},
		{"fleet.page.columns", "title"},
		{"fleet.page.classes", "name hosts verdict status cells differs"},
		{"fleet.page.classes.cells", "label class text"},
		{"fleet.page.rest", "hosts text"},
		{"fleet.page.decisions", "class hosts change commands effect risk undo after"},
		{"fleet.page.hosts", "name state class why"},
		{"fleet.page.commands", "hosts command why"},
		{"fleet.page.settings", "name hosts rows"},
		{"fleet.page.settings.rows", "key value"},
};

/* Of answer.html: what all its documents have, and what report/answer/ adds. */
static const struct shape answer_shapes[] = {
		{"answer", "schema tool created command_line workload_title verdict headline request page"},
		{"answer.tool", "version commit"},
		{"answer.request", "ticket requested_by valid_until"},
		{"answer.page",
				"kind question note badge answer answers tiles parts charts command_line request "
				"template"},
		{"answer.page.badge", "word kind verdict"},
		{"answer.page.answers", "text"},
		{"answer.page.tiles", "name strong text"},
		{"answer.page.parts", "id title chart texts caption columns rows left steps facts"},
		{"answer.page.parts.texts", "text"},
		{"answer.page.parts.columns", "title class"},
		{"answer.page.parts.rows", "name cells"},
		{"answer.page.parts.rows.cells", "label class text"},
		{"answer.page.parts.steps", "title blocks"},
		{"answer.page.parts.steps.blocks", "label text commands lines"},
		{"answer.page.parts.facts", "name value"},
		{"answer.page.charts", "headroom map history"},
		{"answer.page.charts.headroom", "finding plan marks"},
		{"answer.page.charts.map", "finding"},
		{"answer.page.charts.history", "finding"},
};

static bool is_word_of(const char *words, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = words; (at = strstr(at, name)) != NULL; at += length)
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return length > 0;
	return false;
}

/* What is no audit has shapes of its own, which begin with its name. */
static const struct shape_family {
	const char *root;
	const struct shape *rows;
	size_t count;
} shape_families[] = {
		{SHAPE_FLEET, fleet_shapes, COUNT_OF(fleet_shapes)},
		{SHAPE_ANSWER, answer_shapes, COUNT_OF(answer_shapes)},
		{"", shapes, COUNT_OF(shapes)},
};

/* The last family is that of everything else. */
static const struct shape_family *shape_family_of(const char *shape)
{
	const struct shape_family *family = shape_families;
	for (; *family->root; family++) {
		size_t length = strlen(family->root);
		if (strncmp(shape, family->root, length) != 0)
			continue;
		if (shape[length] == '\0' || shape[length] == '.')
			break;
	}
	return family;
}

const char *shape_root(const char *shape)
{
	return shape_family_of(shape)->root;
}

static bool rows_have(const struct shape *rows, size_t count, const char *path, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(rows[i].path, path) != 0)
			continue;
		return strcmp(rows[i].members, "*") == 0 || is_word_of(rows[i].members, name);
	}
	return false;
}

bool shape_has(const char *path, const char *name)
{
	const struct shape_family *family = shape_family_of(path);
	return rows_have(family->rows, family->count, path, name);
}
