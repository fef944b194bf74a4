/* The queues of the plan's listener as derived facts. */
#include "model/queues/queues.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/queues/listeners.h"
#include "model/queues/spread.h"

static const char command[] = "ss -tln";

static const char *const queues_names[] = {
		"listener.capacity",
		"listener.capacity_best",
		"listener.capacity_worst",
		"listener.queues",
		"listener.queues_best",
		"listener.queues_worst",
		"listener.taken",
		"listener.taken_best",
		"listener.taken_worst",
};

bool queues_type(const char *name, enum unit *ret_unit)
{
	for (size_t i = 0; i < COUNT_OF(queues_names); i++) {
		if (strcmp(name, queues_names[i]) != 0)
			continue;
		*ret_unit = UNIT_COUNT;
		return true;
	}
	return false;
}

/* What the queues of one address hold, what waits in them, and how many there are to spread over.
 */
struct queue {
	double capacity, taken, queues;
};

struct queue_bounds {
	struct queue best, worst;
	const char *why; /* they differ */
};

static double left_in(const struct queue *queue)
{
	return queue->capacity - queue->taken;
}

/* What is known of a listener; NAN: it is not. */
struct listener_view {
	double sockets, backlog, queue;
	double holds, waiting, room; /* of all its sockets */
	bool interfaces_differ;
	bool unread; /* not all of it is known */
};

static double number_of(const struct facts *facts, const char *key, const char *instance)
{
	const struct fact *fact = facts_get(facts, key, instance);
	if (!fact || fact->status != FACT_KNOWN)
		return (double)NAN;
	return fact->number;
}

static double number_or(const struct facts *facts,
		const char *key,
		const char *instance,
		double otherwise)
{
	double number = number_of(facts, key, instance);
	if (isnan(number))
		return otherwise;
	return number;
}

/* A backlog that a fix raises is that of each socket. */
static bool is_proposed(const struct facts *facts, const char *instance)
{
	const struct fact *fact = facts_get(facts, "listener.backlog", instance);
	return fact && fact->origin == ORIGIN_PROPOSED;
}

/* What 0.1 did not read, and what a lone socket does not have, is absent. */
static bool is_unread(const struct facts *facts, const char *instance)
{
	static const char *const keys[] = {
			"listener.sockets",
			"listener.queue",
			"listener.waiting",
			"listener.holds",
			"listener.room",
	};
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		enum fact_status status = facts_status(facts, keys[i], instance);
		if (status != FACT_KNOWN && status != FACT_ABSENT)
			return true;
	}
	return false;
}

static struct listener_view view_of(const struct facts *facts, const char *instance)
{
	struct listener_view view;
	view.sockets = fmax(1, number_or(facts, "listener.sockets", instance, 1));
	view.backlog = number_of(facts, "listener.backlog", instance);
	view.queue = number_or(facts, "listener.queue", instance, 0);
	view.holds = view.sockets * (view.backlog + 1);
	view.waiting = number_or(facts, "listener.waiting", instance, view.sockets * view.queue);
	view.room = fmax(0, view.backlog + 1 - view.queue);
	view.interfaces_differ = number_of(facts, "listener.interfaces_differ", instance) > 0;
	view.unread = is_unread(facts, instance);
	if (is_proposed(facts, instance))
		return view;
	view.holds = number_or(facts, "listener.holds", instance, view.holds);
	view.room = number_or(facts, "listener.room", instance, view.room);
	return view;
}

static const char backlog_why[] = "its backlog could not be read (run ss -tln as root to see it)";
static const char unread_why[] = "the facts do not list all listeners and their queues";

/* One that is full, and one that always has room. */
static struct queue_bounds any_queue(void)
{
	struct queue_bounds bounds = {
			.best = {.capacity = INFINITY, .taken = 0, .queues = INFINITY},
			.worst = {.capacity = 0, .taken = 1, .queues = 1},
			.why = unread_why,
	};
	return bounds;
}

static struct queue_bounds bounds_of_listener(struct arena *arena,
		const struct facts *facts,
		const char *instance)
{
	struct listener_view view = view_of(facts, instance);
	struct queue_bounds bounds = {.best = {view.holds, view.waiting, view.sockets}};
	double room = view.room;
	if (view.unread)
		return any_queue();
	if (isnan(view.backlog)) {
		bounds.best.capacity = INFINITY;
		bounds.worst = (struct queue){1, view.waiting, 1};
		bounds.why = backlog_why;
		return bounds;
	}
	if (!view.interfaces_differ)
		room = spread_at_worst(view.sockets, view.room);
	bounds.worst = bounds.best;
	bounds.worst.queues = 1;
	if (view.sockets > 1)
		bounds.worst.capacity = fmin(view.holds, view.waiting + room);
	bounds.why = arena_printf(arena,
			"%.0f sockets share %s, and a hash spreads connections over them",
			view.sockets,
			instance);
	return bounds;
}

static void put_number(struct facts *facts, const char *key, const char *instance, double number)
{
	facts_put_number(facts, key, instance, number, UNIT_COUNT, command)->origin = ORIGIN_DERIVED;
}

static void put_skipped(struct facts *facts,
		const char *key,
		const char *instance,
		const char *note)
{
	struct fact *fact;
	fact = facts_put_missing(facts, key, instance, FACT_SKIPPED, UNIT_COUNT, command, note);
	fact->origin = ORIGIN_DERIVED;
}

struct bounded {
	const char *key, *key_best, *key_worst;
	double best, worst;
};

static const char *shown(struct arena *arena, double number)
{
	char text[NUMBER_TEXT_MAX];
	return arena_strdup(arena, text_number(text, number, UNIT_COUNT));
}

static void put_bounded(struct facts *facts,
		const char *instance,
		const struct bounded *number,
		const char *why)
{
	put_number(facts, number->key_best, instance, number->best);
	put_number(facts, number->key_worst, instance, number->worst);
	if (number->best == number->worst) {
		put_number(facts, number->key, instance, number->best);
		return;
	}
	const char *note = arena_printf(facts->arena,
			"%s at best, %s at worst: %s",
			shown(facts->arena, number->best),
			shown(facts->arena, number->worst),
			why);
	put_skipped(facts, number->key, instance, note);
}

static void put_queue(struct facts *facts, const char *instance, const struct queue_bounds *bounds)
{
	const struct bounded capacity = {
			"listener.capacity",
			"listener.capacity_best",
			"listener.capacity_worst",
			bounds->best.capacity,
			bounds->worst.capacity,
	};
	const struct bounded taken = {
			"listener.taken",
			"listener.taken_best",
			"listener.taken_worst",
			bounds->best.taken,
			bounds->worst.taken,
	};
	const struct bounded queues = {
			"listener.queues",
			"listener.queues_best",
			"listener.queues_worst",
			bounds->best.queues,
			bounds->worst.queues,
	};
	put_bounded(facts, instance, &capacity, bounds->why);
	put_bounded(facts, instance, &queues, bounds->why);
	put_bounded(facts, instance, &taken, bounds->why);
}

/* The one with the least room at worst, and the one with the most at best: their capacity is what
 * is left. */
static struct queue_bounds bounds_of_any(struct facts *facts, const struct name_list *list)
{
	struct queue_bounds any = bounds_of_listener(facts->arena, facts, list->items[0]);
	const char *least = list->items[0], *most = list->items[0];
	for (size_t i = 1; i < list->count; i++) {
		struct queue_bounds one = bounds_of_listener(facts->arena, facts, list->items[i]);
		if (left_in(&one.worst) < left_in(&any.worst)) {
			any.worst = one.worst;
			least = list->items[i];
		}
		if (left_in(&one.best) > left_in(&any.best)) {
			any.best = one.best;
			most = list->items[i];
		}
	}
	any.worst.capacity = left_in(&any.worst);
	any.best.capacity = left_in(&any.best);
	any.worst.taken = any.best.taken = 0;
	any.why = arena_printf(facts->arena,
			"the plan's listener may be any of %zu, from %s to %s (say --to ADDRESS:PORT, or "
			"--pid)",
			list->count,
			least,
			most);
	return any;
}

static void put_no_listener(struct facts *facts)
{
	static const char key[] = "listener.capacity_worst",
					  note[] = "the plan's listener was not found on this host";
	struct fact *fact;
	fact = facts_put_missing(facts, key, "", FACT_ABSENT, UNIT_COUNT, command, note);
	fact->origin = ORIGIN_DERIVED;
}

void queues_derive(struct facts *facts, const struct workload *workload)
{
	struct name_list list;
	enum listener_choice choice = listeners_of_plan(facts->arena, facts, workload, &list);
	struct queue_bounds bounds;
	put_no_listener(facts);
	if (choice == LISTENERS_ONE_OF)
		bounds = bounds_of_any(facts, &list);
	if (choice == LISTENERS_UNSEEN)
		bounds = any_queue();
	if (choice == LISTENERS_ONE_OF || choice == LISTENERS_UNSEEN)
		put_queue(facts, "", &bounds);
	for (size_t i = 0; choice == LISTENERS_KNOWN && i < list.count; i++) {
		bounds = bounds_of_listener(facts->arena, facts, list.items[i]);
		put_queue(facts, list.items[i], &bounds);
	}
	facts_sort(facts);
}

/* The smallest backlog of those that may be meant; NAN: none is known. */
static double smallest_backlog(const struct facts *facts,
		const struct name_list *list,
		const char **ret_instance)
{
	double smallest = (double)NAN;
	for (size_t i = 0; i < list->count; i++) {
		double backlog = number_of(facts, "listener.backlog", list->items[i]);
		if (isnan(backlog) || backlog >= smallest)
			continue;
		smallest = backlog;
		*ret_instance = list->items[i];
	}
	return smallest;
}

static void change_assumption(struct arena *arena,
		const struct workload_value *value,
		struct assumption *assumptions,
		size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(assumptions[i].field, workload_rows[W_BACKLOG].name) != 0)
			continue;
		assumptions[i].value = shown(arena, value->number);
		assumptions[i].source = value->from;
	}
}

void queues_complete(struct arena *arena,
		const struct facts *facts,
		struct workload *workload,
		struct assumption *assumptions,
		size_t count)
{
	struct workload_value *backlog = &workload->values[W_BACKLOG];
	struct name_list list;
	const char *instance = NULL;
	if (!backlog->set || !isnan(workload_backlog_of(workload->values[W_RUNTIME].text)))
		return;
	enum listener_choice choice = listeners_of_plan(arena, facts, workload, &list);
	if (choice == LISTENERS_NONE || choice == LISTENERS_UNSEEN)
		return;
	double smallest = smallest_backlog(facts, &list, &instance);
	if (!instance)
		return;
	backlog->number = smallest;
	backlog->from = arena_printf(arena, "the backlog of %s", instance);
	if (choice == LISTENERS_ONE_OF)
		backlog->from = "the smallest of the listeners here";
	change_assumption(arena, backlog, assumptions, count);
}
