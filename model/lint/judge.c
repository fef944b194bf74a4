#include "model/lint/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

static const char allow_mark[] = "headroom: allow";

enum {
	CURES_MAX = 64,   /* further ones are not looked at */
	WIDTH_MAX = 5000, /* no listener has so many ports */
	LOOKS_MAX = 5000000
};

/* --- what keeps a port out of the range ------------------------------------------------------- */

struct question {
	const struct lint_found *found;
	const struct lint_listener *listener;
	const struct lint_system *system;
	unsigned port;
};

static bool comes_later(const struct lint_cure *a, const struct lint_cure *b)
{
	if (a->step != b->step)
		return a->step > b->step;
	return a->line > b->line;
}

/* Of one job (0: of the whole machine) the last one of its kind up to a step. */
static const struct lint_cure *last_cure(const struct question *q,
		size_t job,
		size_t step,
		bool moves)
{
	const struct lint_cure *last = NULL;
	for (size_t i = 0; i < q->found->cure_count && i < CURES_MAX; i++) {
		const struct lint_cure *cure = &q->found->cures[i];
		if (cure->job != job || cure->step > step || (cure->reserved == NULL) != moves)
			continue;
		/* Tests may run in the container that has it; what is published does not. */
		if (cure->in_container && q->listener->start != LINT_STARTS_TEST)
			continue;
		bool same_text = cure->step == step && cure->file == q->listener->file;
		if (job > 0 && same_text && cure->line > q->listener->line)
			continue;
		if (!last || comes_later(cure, last))
			last = cure;
	}
	return last;
}

/* What keeps the port out, if it starts in this step of this job. NULL: nothing. */
static const struct lint_cure *cure_in(const struct question *q, size_t job, size_t step)
{
	const struct lint_cure *range = last_cure(q, job, step, true);
	const struct lint_cure *reserved = last_cure(q, job, step, false);
	if (range && (q->port < range->range.first || q->port > range->range.last))
		return range;
	if (reserved && portset_has(reserved->reserved, q->port))
		return reserved;
	return NULL;
}

/* The step of a job that starts what this listener belongs to; 0: none does. */
static size_t starting_step(const struct question *q, const struct lint_job *job)
{
	if (q->listener->start == LINT_STARTS_COMPOSE)
		return job->compose;
	if (q->listener->start == LINT_STARTS_TEST)
		return job->tests;
	return 0;
}

/* A listener that stands in no job: every job that starts it has to keep its port. */
static const struct lint_cure *cure_of_jobs(const struct question *q)
{
	const struct lint_cure *by = NULL;
	bool started = false;
	for (size_t i = 0; i < q->found->job_count; i++) {
		size_t step = starting_step(q, &q->found->jobs[i]);
		if (step == 0)
			continue;
		started = true;
		by = cure_in(q, i + 1, step);
		if (!by)
			return NULL;
	}
	for (size_t i = 0; i < q->found->job_count && !started && !by; i++)
		by = cure_in(q, i + 1, SIZE_MAX);
	return by;
}

static const struct lint_cure *cure_of(const struct question *q)
{
	const struct lint_listener *listener = q->listener;
	/* A service is there before the first step. */
	if (listener->start == LINT_STARTS_SERVICE || listener->os)
		return NULL;
	const struct lint_cure *by = cure_in(q, 0, SIZE_MAX);
	if (by)
		return by;
	if (listener->job > 0)
		return cure_in(q, listener->job, listener->step);
	return cure_of_jobs(q);
}

/* --- lines ---------------------------------------------------------------------------------- */

static bool has_allow_mark(struct slice line)
{
	return slice_find(line, allow_mark) != NULL;
}

static bool is_remark(struct slice line)
{
	line = slice_trim(line);
	static const char *const marks[] = {"#", "//", ";", "/*", "--", NULL};
	return slice_begins_any(line, marks);
}

/* The mark counts on the line itself, and in a comment on the line above. */
static bool is_allowed(const struct lint_file *file, size_t number)
{
	struct slice rest = file->text;
	struct slice line;
	struct slice before = {NULL, 0};
	if (!slice_find(rest, allow_mark))
		return false;
	for (size_t i = 1; slice_line(&rest, &line); i++) {
		if (i == number)
			return has_allow_mark(line) || (is_remark(before) && has_allow_mark(before));
		before = line;
	}
	return false;
}

/* --- findings ------------------------------------------------------------------------------- */

struct findings {
	const struct lint_found *found;
	struct lint_finding *items;
	size_t count, capacity;
	size_t looks; /* for a cure: bounded, whatever the files say */
};

static void add_finding(struct findings *findings, struct lint_finding finding)
{
	findings->items = arena_grow(findings->found->arena,
			findings->items,
			findings->count,
			&findings->capacity,
			sizeof *findings->items);
	if (is_allowed(&findings->found->files[finding.file], finding.line))
		finding.state = LINT_ALLOWED;
	findings->items[findings->count++] = finding;
}

static bool is_handed_out(const struct lint_system *system, unsigned port)
{
	return port >= system->range.first && port <= system->range.last &&
			!portset_has(&system->reserved, port);
}

/* What hands out ports where the listener starts: a step before may have moved the range. */
static struct lint_system system_at(const struct question *q)
{
	struct lint_system system = *q->system;
	const struct lint_listener *listener = q->listener;
	if (listener->job == 0 || listener->os || listener->start == LINT_STARTS_SERVICE)
		return system;
	const struct lint_cure *range = last_cure(q, listener->job, listener->step, true);
	if (!range)
		return system;
	if (range->range.first < system.range.first)
		system.range.first = range->range.first;
	if (range->range.last > system.range.last)
		system.range.last = range->range.last;
	return system;
}

static void judge_listener(struct findings *findings, const struct question *asked)
{
	struct question q = *asked;
	const struct lint_listener *listener = q.listener;
	const struct lint_cure *by = NULL;
	const struct lint_system system = system_at(asked);
	struct lint_range inside = {0, 0};
	struct lint_range kept = {0, 0};
	if (listener->ports.last - listener->ports.first > WIDTH_MAX)
		return;
	for (q.port = listener->ports.first; q.port <= listener->ports.last; q.port++) {
		if (!is_handed_out(&system, q.port))
			continue;
		const struct lint_cure *cure = NULL;
		if (q.found->cure_count > 0 && findings->looks++ < LOOKS_MAX)
			cure = cure_of(&q);
		struct lint_range *into = &inside;
		if (cure) {
			into = &kept;
			by = cure;
		}
		if (into->first == 0)
			into->first = q.port;
		into->last = q.port;
	}
	struct lint_finding finding = {
			.rule = LINT_PORT,
			.state = LINT_FOUND,
			.file = listener->file,
			.line = listener->line,
			.ports = inside,
			.what = listener->what,
			.os = listener->os,
			.likely = listener->likely,
			.is_service = listener->start == LINT_STARTS_SERVICE,
	};
	if (inside.first == 0 && by) {
		finding.state = LINT_KEPT;
		finding.ports = kept;
		finding.kept_file = by->file;
		finding.kept_line = by->line;
	}
	if (finding.ports.first > 0)
		add_finding(findings, finding);
}

static void judge_useless(struct findings *findings, const struct lint_useless *useless)
{
	struct lint_finding finding = {
			.rule = useless->rule,
			.state = LINT_FOUND,
			.file = useless->file,
			.line = useless->line,
			.what = useless->what,
			.says = useless->says,
			.instead = useless->instead,
	};
	add_finding(findings, finding);
}

/* limits.conf for a user whom only a service runs as. */
static void judge_limits(struct findings *findings)
{
	const struct lint_found *found = findings->found;
	for (size_t i = 0; i < found->limited_count; i++) {
		const struct lint_user *limited = &found->limited[i];
		for (size_t k = 0; k < found->unit_count; k++) {
			const struct lint_user *unit = &found->units[k];
			if (unit->has_nofile || !slice_same(unit->name, limited->name))
				continue;
			struct lint_useless useless = {
					.rule = LINT_ULIMIT,
					.file = limited->file,
					.line = limited->line,
					.what = "limits.conf",
					.says = "systemd services do not read limits.conf",
					.instead = arena_printf(found->arena,
							"LimitNOFILE= in %s",
							found->files[unit->file].path),
			};
			judge_useless(findings, &useless);
			break;
		}
	}
}

static int judge_compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare_findings(const void *left, const void *right)
{
	const struct lint_finding *a = left;
	const struct lint_finding *b = right;
	int order = judge_compare_numbers(a->file, b->file);
	if (order == 0)
		order = judge_compare_numbers(a->line, b->line);
	if (order == 0)
		order = judge_compare_numbers(a->rule, b->rule);
	if (order == 0)
		order = judge_compare_numbers(a->ports.first, b->ports.first);
	if (order == 0)
		order = judge_compare_numbers(a->state, b->state);
	return order;
}

static bool is_same_place(const struct lint_finding *a, const struct lint_finding *b)
{
	return a->file == b->file && a->line == b->line && a->rule == b->rule &&
			a->ports.first == b->ports.first;
}

/* Two readers may have seen one listener: it counts once, and what was found before what was kept.
 */
static void merge(struct findings *findings)
{
	size_t kept = 0;
	struct lint_finding *last = NULL;
	if (findings->count > 0)
		qsort(findings->items, findings->count, sizeof *findings->items, compare_findings);
	for (size_t i = 0; i < findings->count; i++) {
		const struct lint_finding *next = &findings->items[i];
		if (last && is_same_place(last, next)) {
			last->likely = last->likely && next->likely;
			continue;
		}
		last = &findings->items[kept++];
		*last = *next;
	}
	findings->count = kept;
}

/* What a reservation would save: not a port of another system, and not one of a service, which is
 * there before any step could reserve it. */
static void count_finding(struct lint_verdict *verdict, const struct lint_finding *finding)
{
	if (finding->state == LINT_KEPT)
		verdict->kept++;
	else if (finding->state == LINT_ALLOWED)
		verdict->allowed++;
	else
		verdict->found++;
	if (finding->state != LINT_FOUND || finding->rule != LINT_PORT)
		return;
	if (finding->os || finding->is_service)
		return;
	portset_add(&verdict->reserve, finding->ports.first, finding->ports.last);
	verdict->reserved++;
}

struct lint_verdict lint_judge(const struct lint_found *found,
		const struct lint_system *system,
		const struct lint_system *other)
{
	struct findings findings = {.found = found};
	struct lint_verdict verdict = {.reserve = system->reserved};
	for (size_t i = 0; i < found->listener_count; i++) {
		struct question q = {.found = found, .listener = &found->listeners[i], .system = system};
		if (q.listener->os)
			q.system = other;
		judge_listener(&findings, &q);
	}
	for (size_t i = 0; i < found->useless_count; i++)
		judge_useless(&findings, &found->useless[i]);
	judge_limits(&findings);
	merge(&findings);
	verdict.items = findings.items;
	verdict.count = findings.count;
	for (size_t i = 0; i < verdict.count; i++)
		count_finding(&verdict, &verdict.items[i]);
	return verdict;
}

/* --- a quick look ---------------------------------------------------------------------------- */

/* Is there a number of five digits (or four, where the range begins so low) in this range? Looks
 * at every fourth byte only: a longer run of digits cannot hide between two of them. */
static bool judge_has_port(struct slice text, struct lint_range range)
{
	for (size_t i = 3; i < text.length; i += 4) {
		if (!ascii_is_digit(text.at[i]) && text.at[i] != '_')
			continue;
		size_t from = i;
		size_t end = i;
		unsigned value = 0;
		while (from > 0 && (ascii_is_digit(text.at[from - 1]) || text.at[from - 1] == '_'))
			from--;
		while (end < text.length && (ascii_is_digit(text.at[end]) || text.at[end] == '_'))
			end++;
		for (size_t k = from; k < end && value <= 65535; k++) {
			if (text.at[k] != '_')
				value = value * 10 + (unsigned)(text.at[k] - '0');
		}
		if (value >= range.first && value <= range.last)
			return true;
		i = end - 1 - end % 4; /* the next look is at the first place behind it */
	}
	return false;
}

static bool is_ci(const char *path)
{
	static const char *const places[] = {".github/",
			".gitea/",
			".forgejo/",
			"gitlab-ci",
			".circleci/",
			"azure-pipelines",
			NULL};
	for (const char *const *place = places; *place; place++) {
		if (strstr(path, *place))
			return true;
	}
	return false;
}

static bool yaml_may_matter(const struct lint_file *file, struct lint_range other)
{
	if (is_ci(file->path) || judge_has_port(file->text, other))
		return true;
	/* The number may be in the .env beside it. */
	return slice_find(file->text, "ports") && slice_char(file->text, '$');
}

bool lint_may_matter(const struct lint_file *file, struct lint_range range, struct lint_range other)
{
	static const char *const words[] = {
			"sysctl",
			"ulimit",
			"ip_local_",
			"/etc/security/limits",
			NULL,
	};
	switch (file->kind) {
	case LINT_NONE:
		return false;
	case LINT_ENV:
	case LINT_SYSCTL_D:
	case LINT_LIMITS:
	case LINT_UNIT:
		return true;
	case LINT_JSON:
	case LINT_SETTINGS:
	case LINT_SOURCE:
		return judge_has_port(file->text, range);
	case LINT_YAML:
	case LINT_SHELL:
	case LINT_MAKE:
	case LINT_IMAGE:
		break;
	}
	if (judge_has_port(file->text, range) || slice_find_any(file->text, words))
		return true;
	return file->kind == LINT_YAML && yaml_may_matter(file, other);
}
