/* What is found, in words. */
#include "audit/why/words.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/document/view.h"
#include "report/write/now.h"

enum {
	SAID_CHARS = 200
};

static struct now_limit now_limit(const struct why_cause *cause)
{
	return (struct now_limit){
			.title = cause->rule->title,
			.quantity = cause->rule->quantity,
			.to = cause->rule->scope == SCOPE_DESTINATION,
			.now = cause->now,
	};
}

static bool is_counted(const struct present *now)
{
	return !isnan(now->used) && !isnan(now->capacity);
}

/* "TcpExt.ListenOverflows" of "netstat.TcpExt.ListenOverflows": as nstat and other tools call it.
 */
static const char *counter_name(const char *key)
{
	static const char table[] = "netstat.TcpExt.";
	if (text_begins_with(key, table))
		return key + strlen(table);
	return key;
}

/* "ListenOverflows grew by 12 in 0.2 s", "conntrack.drop is 41,248 since boot" */
static void add_hit(struct arena *arena, struct text *out, const struct why_hit *hit)
{
	static const char grew[] = "%s grew by %s in %.3g s";
	const char *name = counter_name(hit->key);
	const char *figure = NULL;
	if (out->length > 0)
		text_add(out, ", ");
	if (hit->between > 0) {
		figure = view_figure_of(arena, hit->between, UNIT_COUNT);
		text_addf(out, grew, name, figure, hit->apart_s);
		return;
	}
	figure = view_figure_of(arena, hit->since_boot, UNIT_COUNT);
	text_addf(out, "%s is %s since boot", name, figure);
}

static const char *hits_say(struct arena *arena, const struct why_cause *cause)
{
	struct text out = {0};
	for (size_t i = 0; i < cause->hit_count; i++)
		add_hit(arena, &out, &cause->hits[i]);
	return text_take(arena, &out);
}

/* Is the one that a line names the one whose use is told? */
static bool is_about_now(const struct why_cause *cause)
{
	const char *by = cause->now.by;
	const char *named = cause->about->now.by;
	if (!by)
		return false;
	return strcmp(by, named) == 0;
}

/* "(twice in the last hour, and the same of 6 others)" */
static void say_times(struct text *out, const struct why_said *said)
{
	static const char hour[] = "in the last hour";
	const char *also = "";
	if (said->lines == 1 && said->others == 0)
		return;
	text_add(out, " (");
	if (said->lines == 2)
		text_addf(out, "twice %s", hour);
	if (said->lines > 2)
		text_addf(out, "%zu times %s", said->lines, hour);
	if (said->lines > 1 && said->others > 0)
		text_add(out, "; ");
	if (said->lines == 1)
		also = " in the last hour";
	if (said->others == 1)
		text_addf(out, "it said the same of another one%s", also);
	if (said->others > 1)
		text_addf(out, "it said the same of %zu others%s", said->others, also);
	text_add(out, ")");
}

/* "The kernel's log said 12 min ago: … (twice in the last hour)." Of another one than the sentence
 * before is about, that is said first. */
static void say_said(struct arena *arena, struct text *out, const struct why_cause *cause)
{
	const struct why_said *said = cause->said;
	const struct why_about *about = cause->about;
	size_t length = strlen(said->text);
	while (length > 0 && strchr(". ", said->text[length - 1]))
		length--;
	double minutes = said->age_s / 60;
	const char *text = text_clean(arena, said->text, length, SAID_CHARS);
	const char *age = view_figure_of(arena, said->age_s, UNIT_SECONDS);
	if (minutes >= 2)
		age = arena_printf(arena, "%.0f min", minutes);
	if (about && !about->asked && !cause->apart && !is_about_now(cause))
		text_addf(out, " Of %s, the kernel's log said %s ago: %s", about->name, age, text);
	else
		text_addf(out, " The kernel's log said %s ago: %s", age, text);
	say_times(out, said);
	text_add(out, ".");
}

/* "vm.max_map_count", where the capacity is one setting; NULL: it is more than that. */
static const char *capacity_name(struct arena *arena, const struct limit_rule *rule)
{
	struct text text = {0};
	expr_print(rule->capacity, true, &text);
	const char *name = text_take(arena, &text);
	bool plain = strchr(name, '.') && !strpbrk(name, " (");
	if (!plain)
		return NULL;
	return name;
}

/* What is in use is not known; how much there is may be. */
static void say_unknown(struct arena *arena, struct text *out, const struct why_cause *cause)
{
	const struct limit_rule *rule = cause->rule;
	const struct present *now = &cause->now;
	const char *name = capacity_name(arena, rule);
	text_add(out, rule->title);
	text_add(out, ": how much is in use is not known here");
	if (!isnan(now->capacity) && name) {
		const char *capacity = view_figure_of(arena, now->capacity, rule->quantity);
		text_addf(out, ", of %s (%s)", capacity, name);
	}
	if (now->reason)
		text_addf(out, ": %s", now->reason);
	text_add(out, ".");
}

/* A queue is full with one more than its backlog. */
static void say_backlog(struct arena *arena, struct text *out, const struct why_cause *cause)
{
	static const char one_more[] = " Its backlog is %s, and the kernel lets one more in.";
	if (cause->rules_out)
		return;
	if (isnan(cause->now.used))
		return;
	if (cause->now.capacity != cause->backlog + 1)
		return;
	const char *backlog = view_figure_of(arena, cause->backlog, UNIT_COUNT);
	text_addf(out, one_more, backlog);
}

/* What holds what runs here, where a line named a control group that does not. */
static void say_here(struct arena *arena, struct text *out, const struct why_cause *cause)
{
	static const char not_affected[] = "The limit of %s is not affected: %s of %s in use.";
	const struct present *here = &cause->here;
	const struct why_about *about = cause->about;
	const enum unit quantity = cause->rule->quantity;
	const char *whose = "this host";
	if (!cause->apart)
		return;
	if (!about->foreign)
		return;
	if (here->state != PRESENT_FREE)
		return;
	if (here->by && *here->by)
		whose = here->by;
	const char *used = view_figure_of(arena, here->used, quantity);
	const char *capacity = view_figure_of(arena, here->capacity, quantity);
	text_add(out, " ");
	text_addf(out, not_affected, whose, used, capacity);
}

/* The kernel counts what happens to all listeners of a network namespace together. */
static void say_hits(struct arena *arena, struct text *out, const struct why_cause *cause)
{
	const char *hits = hits_say(arena, cause);
	const char *whose = "";
	if (cause->rule->scope == SCOPE_LISTENER)
		whose = " (all listeners together)";
	text_addf(out, " %s%s.", hits, whose);
}

static const char *limit_says(struct arena *arena, const struct why_cause *cause)
{
	const struct now_limit limit = now_limit(cause);
	const struct present *now = &cause->now;
	const char *title = cause->rule->title;
	struct text out = {0};
	if (cause->rules_out)
		text_addf(&out, "%s: %s.", title, cause->rules_out);
	else if (!isnan(now->used))
		text_addf(&out, "%s.", now_sentence(arena, &limit));
	else if (cause->apart && cause->about->note)
		text_addf(&out, "%s of %s: %s.", title, cause->about->name, cause->about->note);
	else
		say_unknown(arena, &out, cause);
	say_backlog(arena, &out, cause);
	say_here(arena, &out, cause);
	if (cause->elsewhere.by)
		text_addf(&out, " But all of those to %s are in use.", cause->elsewhere.by);
	if (cause->hit_count > 0 && !cause->rules_out)
		say_hits(arena, &out, cause);
	if (cause->said)
		say_said(arena, &out, cause);
	return text_take(arena, &out);
}

const char *why_says(struct arena *arena, const struct why_cause *cause)
{
	if (cause->rule)
		return limit_says(arena, cause);
	const struct why_named *named = cause->named;
	const char *title = named->title;
	bool impossible = cause->strength == WHY_IMPOSSIBLE;
	if (impossible && named->shows)
		return arena_printf(arena, "%s: %s.", title, named->shows);
	if (named->says)
		return arena_printf(arena, "%s. %s", title, named->says);
	return arena_printf(arena, "%s.", title);
}

const char *why_room(struct arena *arena, const struct why_cause *cause)
{
	const struct present *now = &cause->now;
	const enum unit quantity = cause->rule->quantity;
	if (!is_counted(now))
		return "not known";
	if (isinf(now->capacity))
		return "no limit";
	double share = now->used / now->capacity;
	const char *ratio = view_figure_of(arena, share, UNIT_RATIO);
	const char *capacity = view_figure_of(arena, now->capacity, quantity);
	return arena_printf(arena, "%s of %s", ratio, capacity);
}

static bool is_named_cause(const struct why_asked *asked, const char *id)
{
	for (size_t i = 0; i < asked->named_count; i++) {
		if (strcmp(asked->named[i].id, id) == 0)
			return true;
	}
	return false;
}

/* What a host does not have is no gap in what was read. */
static bool lacks_alone(const struct why_case *in_case, const struct present *now)
{
	const struct why_look *last = why_last_look(in_case);
	const struct facts *facts = last->situation->facts;
	const struct name_list *missing = now->missing;
	if (!missing)
		return false;
	for (size_t i = 0; i < missing->count; i++) {
		const char *key = missing->items[i];
		if (facts_status(facts, key, "") != FACT_ABSENT)
			return false;
	}
	return true;
}

bool why_is_unread(const struct why_case *in_case,
		const struct limit_rule *rule,
		const struct present *now)
{
	const struct why_asked *asked = &in_case->asked;
	if (now->state != PRESENT_UNKNOWN || now->none)
		return false;
	if (lacks_alone(in_case, now))
		return false;
	if (asked->named_count > 0)
		return is_named_cause(asked, rule->id);
	return rule->severity == SEVERITY_HARD;
}

/* Is the use of every limit known that is worth it? */
static bool sees_all(const struct why_case *in_case)
{
	const struct rules *rules = &in_case->pipeline->rules;
	const struct why_look *last = why_last_look(in_case);
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *rule = &rules->limits[i];
		const struct present *now = &last->presents[i];
		if (why_is_unread(in_case, rule, now))
			return false;
	}
	return true;
}

/* What the evidence says, if it says anything. */
static const char *first_says(struct arena *arena, const struct why_case *in_case)
{
	const struct why_cause *first = in_case->answer.causes.items;
	const struct why_evidence *evidence = in_case->evidence;
	if (evidence->says)
		return evidence->says;
	return why_says(arena, first);
}

/* The fullest one is told, and is not called the cause. */
static const char *of_no_process(struct arena *arena, const struct why_cause *cause)
{
	static const char says[] = "%s: the text does not name the process. The fullest one now is %s, "
							   "with %s of %s in use.";
	const struct present *now = &cause->now;
	const enum unit quantity = cause->rule->quantity;
	return arena_printf(arena,
			says,
			cause->rule->title,
			now->by,
			view_figure_of(arena, now->used, quantity),
			view_figure_of(arena, now->capacity, quantity));
}

static const char *found_headline(struct arena *arena, const struct why_case *in_case)
{
	static const char then[] = "The text names this limit: it may have been full when the line was "
							   "written.";
	const struct why_cause *first = in_case->answer.causes.items;
	const struct why_evidence *evidence = in_case->evidence;
	const char *says = first_says(arena, in_case);
	if (evidence->says)
		return says;
	if (why_of_no_process(in_case, first))
		return of_no_process(arena, first);
	if (!first->rule || first->strength > WHY_POSSIBLE)
		return says;
	return arena_printf(arena, "%s %s", says, then);
}

/* Without a text, the others are those that were hit since boot. */
static const char *nothing_full(struct arena *arena,
		const struct why_case *in_case,
		const char *seen)
{
	size_t before = in_case->answer.also.count;
	const char *limits = "limits were";
	if (before == 0)
		return arena_printf(arena, "Nothing %s is full or nearly full.", seen);
	if (before == 1)
		limits = "limit was";
	return arena_printf(arena,
			"Nothing %s is full or nearly full now. Since boot, %zu %s hit.",
			seen,
			before,
			limits);
}

const char *why_headline(struct arena *arena, const struct why_case *in_case)
{
	const struct why_asked *asked = &in_case->asked;
	const struct why_causes *causes = &in_case->answer.causes;
	if (in_case->end == WHY_FOUND)
		return found_headline(arena, in_case);
	if (in_case->end == WHY_UNSEEN)
		return "Nothing on this host could be read, so no cause can be found.";
	if (causes->count > 0)
		return first_says(arena, in_case);
	const char *seen = "that is visible on this host";
	if (sees_all(in_case))
		seen = "on this host";
	if (asked->text)
		return arena_printf(arena,
				"headroom does not know this text, and nothing %s is full.",
				seen);
	return nothing_full(arena, in_case, seen);
}

/* "Raise the soft descriptor limit to {to}": the value comes with a plan. */
const char *why_fix_title(struct arena *arena,
		const struct facts *facts,
		const struct fix_rule *fix)
{
	static const char value[] = "{to}";
	static const char to_value[] = " to {to}";
	static const char a_backlog[] = "a backlog of {to}";
	const char *title = fix->title;
	const char *at = strstr(title, to_value);
	(void)facts;
	if (at) {
		size_t length = (size_t)(at - title);
		return arena_copy(arena, title, length);
	}
	at = strstr(title, a_backlog);
	if (at)
		return arena_printf(arena, "%.*sa longer backlog", (int)(at - title), title);
	at = strstr(title, value);
	if (!at)
		return title;
	const int before = (int)(at - title);
	const char *rest = at + strlen(value);
	return arena_printf(arena, "%.*smore%s", before, title, rest);
}

/* Those that say something about why they are there. */
static const struct state_word {
	enum tcp_state state;
	const char *word;
} state_words[] = {
		{STATE_ESTABLISHED, "established"},
		{STATE_TIME_WAIT, "in TIME_WAIT"},
		{STATE_SYN_SENT, "in SYN_SENT (no answer yet)"},
		{STATE_CLOSE_WAIT, "in CLOSE_WAIT (the program does not close them)"},
		{STATE_FIN_WAIT1, "in FIN_WAIT_1"},
		{STATE_FIN_WAIT2, "in FIN_WAIT_2 (the other side does not close)"},
		{STATE_LAST_ACK, "in LAST_ACK"},
};

void why_add_states(struct arena *arena, struct text *line, const size_t states[STATES])
{
	const char *joint = ": ";
	for (size_t i = 0; i < COUNT_OF(state_words); i++) {
		const struct state_word *row = &state_words[i];
		double count = (double)states[row->state];
		if (count == 0)
			continue;
		const char *figure = view_figure_of(arena, count, UNIT_COUNT);
		text_addf(line, "%s%s %s", joint, figure, row->word);
		joint = ", ";
	}
}
