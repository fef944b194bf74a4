/* A line may name one of those that a limit has: a control group, a listener, a family of
 * addresses. Then that one is looked at, not the fullest of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/why/why.h"
#include "base/array.h"
#include "base/os/file.h"
#include "base/text.h"
#include "model/present.h"
#include "model/why/subject.h"
#include "probes/host/sockets/endpoint.h"

enum {
	GROUP_VALUE_CHARS = 32,
	INSTANCES_ASKED = 16
};

/* A limit that a line names one of. */
struct namer {
	const struct why_case *in_case;
	struct arena *arena;
	const struct limit_rule *rule;
	const struct why_subject *subject;
	struct why_about about;
};

static const struct present not_seen = {
		.used = (double)NAN,
		.capacity = (double)NAN,
		.refused = (double)NAN,
};

/* --- instances of the facts ----------------------------------------------------------------- */

/* The one that is called so now; false: its use is not known. */
static bool take_instance(struct namer *n, const char *by)
{
	struct present found[INSTANCES_ASKED] = {0};
	const struct why_look *last = why_last_look(n->in_case);
	size_t count = present_instances(last->situation, n->rule, INSTANCES_ASKED, found);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(found[i].by, by) != 0)
			continue;
		n->about.now = found[i];
		return true;
	}
	return false;
}

/* --- listeners ------------------------------------------------------------------------------ */

static bool is_subject(const struct namer *n, const struct fact *listener)
{
	struct endpoint named, here;
	const unsigned port = n->subject->port;
	if (port > 0 && listener->status != FACT_KNOWN)
		return false;
	if (port > 0)
		return listener->number == port;
	if (!endpoint_parse(n->subject->name, &named))
		return false;
	if (!endpoint_parse(listener->instance, &here))
		return false;
	return endpoint_is_same(&named, &here);
}

static void find_listeners(const struct namer *n, struct name_list *ret_listeners)
{
	static const char key[] = "listener.port";
	const struct facts *facts = why_last_look(n->in_case)->situation->facts;
	size_t first, count = facts_instances(facts, key, &first);
	for (size_t i = first; i < first + count; i++) {
		const struct fact *listener = facts->items[i];
		if (is_subject(n, listener))
			name_list_append(n->arena, ret_listeners, listener->instance);
	}
}

static const char *no_listener(const struct namer *n)
{
	const struct facts *facts = why_last_look(n->in_case)->situation->facts;
	if (facts_list_state(facts, "listener.port") != LIST_COMPLETE)
		return "whether anything listens there is not known";
	return "nothing listens there now in the network namespace that headroom looked at";
}

static void about_listener(struct namer *n)
{
	struct name_list listeners = {0};
	const struct why_case *in_case = n->in_case;
	find_listeners(n, &listeners);
	n->about.name = n->subject->name;
	if (listeners.count == 0) {
		n->about.note = no_listener(n);
		return;
	}
	const struct why_look *last = why_last_look(in_case);
	n->about.name = listeners.items[0];
	n->about.now = present_towards(last->situation, n->rule, &listeners);
	n->about.before = present_towards(in_case->looks[0].situation, n->rule, &listeners);
}

/* --- control groups ------------------------------------------------------------------------- */

/* NAN: there is no such file, or no limit in it. */
static double group_number(struct arena *arena, const char *group, const char *file)
{
	static const char *const roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/pids"};
	char value[GROUP_VALUE_CHARS];
	for (size_t i = 0; i < COUNT_OF(roots); i++) {
		const char *path = arena_printf(arena, "%s%s/%s", roots[i], group, file);
		const char *text = file_text(path, value, sizeof value);
		char *end;
		double number = strtod(text, &end);
		if (end != text)
			return number;
	}
	return (double)NAN;
}

static bool read_group(struct namer *n, const char *group)
{
	double most = group_number(n->arena, group, "pids.max");
	double used = group_number(n->arena, group, "pids.current");
	double target = n->in_case->pipeline->model.target;
	if (!why_is_live(n->in_case))
		return false;
	if (!(most >= 0))
		return false;
	if (!(used >= 0))
		return false;
	struct present *now = &n->about.now;
	now->used = used;
	now->capacity = most;
	now->state = PRESENT_FREE;
	double ratio = present_ratio(now);
	if (ratio >= target)
		now->state = PRESENT_NEAR;
	if (ratio >= 1)
		now->state = PRESENT_FULL;
	now->by = n->about.name;
	return true;
}

/* In the facts a group of cgroup v1 stands below its controller. */
static bool find_group(struct namer *n, const char *group)
{
	const char *second = arena_printf(n->arena, "control group /pids%s", group);
	n->about.name = arena_printf(n->arena, "control group %s", group);
	if (take_instance(n, n->about.name))
		return true;
	if (take_instance(n, second))
		return true;
	return read_group(n, group);
}

/* The group that forked is named; the limit may be that of one above it, as that of a pod. */
static void about_group(struct namer *n)
{
	const char *group = n->subject->name;
	size_t length = strlen(group);
	struct why_about fullest = {.now = not_seen};
	while (length > 1) {
		const char *above = arena_copy(n->arena, group, length);
		bool found = find_group(n, above);
		double ratio = present_ratio(&n->about.now);
		double most = present_ratio(&fullest.now);
		if (found && !(ratio <= most))
			fullest = n->about;
		n->about.now = not_seen;
		while (length > 1 && group[--length] != '/')
			continue;
	}
	n->about.foreign = true;
	n->about.name = arena_printf(n->arena, "control group %s", group);
	n->about.note = "its pids.max, or that of a group above it, is not among the facts";
	if (why_is_live(n->in_case))
		n->about.note = "its pids.max, or that of a group above it, can no longer be seen here";
	if (!fullest.name)
		return;
	n->about.name = fullest.name;
	n->about.now = fullest.now;
	n->about.note = NULL;
}

/* --- each limit ----------------------------------------------------------------------------- */

static void about_family(struct namer *n)
{
	n->about.name = n->subject->name;
	n->about.note = "how much is in use is not known here";
	if (take_instance(n, n->about.name))
		n->about.note = NULL;
}

static bool is_of_limit(const struct why_subject *subject, const struct limit_rule *rule)
{
	switch (subject->kind) {
	case WHY_OF_GROUP:
		return strcmp(rule->id, "threads") == 0;
	case WHY_OF_LISTENER:
		return rule->scope == SCOPE_LISTENER;
	case WHY_OF_FAMILY:
		return strcmp(rule->id, "neighbour-table") == 0;
	}
	return false;
}

static void (*const about_each[])(struct namer *n) = {
		[WHY_OF_GROUP] = about_group,
		[WHY_OF_LISTENER] = about_listener,
		[WHY_OF_FAMILY] = about_family,
};

static bool about_limit(const struct why_case *in_case,
		const struct limit_rule *rule,
		const char *text,
		struct why_about *ret_about)
{
	struct why_subject subject;
	struct arena *arena = in_case->pipeline->run->arena;
	if (!text)
		return false;
	if (!why_subject_in(arena, text, &subject))
		return false;
	if (!is_of_limit(&subject, rule))
		return false;
	struct namer n = {
			.in_case = in_case,
			.arena = arena,
			.rule = rule,
			.subject = &subject,
			.about = {.id = rule->id, .said = subject.name, .now = not_seen, .before = not_seen},
	};
	about_each[subject.kind](&n);
	if (!n.about.now.by)
		n.about.now.by = n.about.name;
	*ret_about = n.about;
	return true;
}

/* The latest line of the kernel's log; NULL: it says nothing of this limit. */
static const char *latest_said(const struct why_kernel *kernel, const char *id)
{
	const char *text = NULL;
	for (size_t i = 0; i < kernel->count; i++) {
		if (strcmp(kernel->said[i].id, id) == 0)
			text = kernel->said[i].text;
	}
	return text;
}

/* What the log says of another one than the text is no evidence. */
static void drop_others(struct why_case *in_case, const struct why_about *about)
{
	struct arena *arena = in_case->pipeline->run->arena;
	struct why_kernel *kernel = &in_case->kernel;
	size_t kept = 0;
	for (size_t i = 0; i < kernel->count; i++) {
		struct why_said said = kernel->said[i];
		struct why_subject subject;
		bool of_limit = strcmp(said.id, about->id) == 0;
		bool names = why_subject_in(arena, said.text, &subject);
		if (of_limit && names && strcmp(subject.name, about->said) != 0)
			continue;
		if (of_limit)
			said.others = 0;
		kernel->said[kept++] = said;
	}
	kernel->count = kept;
}

void why_find_abouts(struct why_case *in_case)
{
	const struct rules *rules = &in_case->pipeline->rules;
	struct arena *arena = in_case->pipeline->run->arena;
	in_case->abouts = arena_alloc(arena, (rules->limit_count + 1) * sizeof *in_case->abouts);
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *rule = &rules->limits[i];
		struct why_about *about = &in_case->abouts[in_case->about_count];
		const char *said = latest_said(&in_case->kernel, rule->id);
		if (about_limit(in_case, rule, in_case->asked.text, about)) {
			about->asked = true;
			drop_others(in_case, about);
		} else if (!about_limit(in_case, rule, said, about))
			continue;
		in_case->about_count++;
	}
}
