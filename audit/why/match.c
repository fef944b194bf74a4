/* From log lines, and the lines of the kernel's log, to causes: the table of texts (rules/why). */
#include <string.h>
#include <unistd.h>

#include "audit/why/why.h"
#include "base/os/file.h"
#include "model/why/lines.h"
#include "model/why/subject.h"
#include "probes/host/kernel_log.h"

enum {
	DESTINATIONS_ASKED = 16,
	LINK_CHARS = 64,
	GROUPS_CHARS = 4096
};

static const double kernel_log_s = 3600;

static void add_looks(struct arena *arena,
		const struct rule_text_list *looks,
		const struct why_line *line,
		struct name_list *list)
{
	for (size_t i = 0; i < looks->count; i++) {
		const char *filled = why_fill(arena, looks->items[i], line);
		if (filled)
			name_list_append(arena, list, filled);
	}
}

static struct why_named named_of(struct arena *arena, const struct why_found *found)
{
	const struct cause_rule *cause = found->cause;
	const struct why_line *line = found->line;
	const struct text_rule *text = line->text;
	bool first = found->place == 0;
	struct why_named named = {
			.line = line,
			.seen = WHY_POSSIBLE,
	};
	if (first)
		add_looks(arena, &text->look, line, &named.look_at);
	if (first && text->note)
		named.says = why_fill(arena, text->note, line);
	if (!cause) {
		named.id = found->limit->id;
		return named;
	}
	named.id = cause->id;
	named.title = cause->title;
	if (!named.says)
		named.says = why_fill(arena, cause->text, line);
	if (named.look_at.count == 0)
		add_looks(arena, &cause->look, line, &named.look_at);
	return named;
}

void why_name(struct arena *arena,
		const struct why_table *table,
		const struct why_lines *lines,
		struct why_named **ret_named,
		size_t *ret_count)
{
	struct why_founds founds;
	why_find(arena, table, lines->text, lines->low, lines->high, &founds);
	size_t room = founds.count + 1;
	struct why_named *named = arena_alloc(arena, room * sizeof *named);
	for (size_t i = 0; i < founds.count; i++)
		named[i] = named_of(arena, &founds.items[i]);
	*ret_named = named;
	*ret_count = founds.count;
}

/* Where the line's connection goes, if it says host and port. */
static void note_destination(struct arena *arena,
		struct name_list *list,
		const struct why_place *to)
{
	const char *form = "%s:%u";
	if (!to->host)
		return;
	if (to->port == 0)
		return;
	if (list->count == DESTINATIONS_ASKED)
		return;
	if (strchr(to->host, ':'))
		form = "[%s]:%u";
	const char *name = arena_printf(arena, form, to->host, to->port);
	name_list_add_once(arena, list, name);
}

static void note_host(struct arena *arena, struct name_list *list, const struct why_place *place)
{
	if (place->host && list->count < DESTINATIONS_ASKED)
		name_list_add_once(arena, list, place->host);
}

static unsigned range_end(const struct why_case *in_case, const char *key)
{
	const struct facts *facts = in_case->looks[0].situation->facts;
	double port = facts_number(facts, key);
	if (port > 0)
		return (unsigned)port;
	return 0;
}

static void match_text(struct why_case *in_case, const struct why_table *table)
{
	struct why_asked *asked = &in_case->asked;
	struct arena *arena = in_case->pipeline->run->arena;
	const struct why_lines lines = {
			.text = asked->text,
			.low = range_end(in_case, "ports.low"),
			.high = range_end(in_case, "ports.high"),
	};
	why_name(arena, table, &lines, &asked->named, &asked->named_count);
	for (size_t i = 0; i < asked->named_count; i++) {
		const struct why_named *named = &asked->named[i];
		const struct why_line *line = named->line;
		note_destination(arena, &asked->to, &line->to);
		note_host(arena, &asked->hosts, &line->to);
		note_host(arena, &asked->hosts, &line->local);
	}
}

/* --- the kernel's log ----------------------------------------------------------------------- */

/* Are both about the same control group or listener, or about none? */
static bool names_the_same(struct arena *arena, const char *one, const char *other)
{
	struct why_subject first, second;
	bool has_first = why_subject_in(arena, one, &first);
	bool has_second = why_subject_in(arena, other, &second);
	if (!has_first || !has_second)
		return has_first == has_second;
	return strcmp(first.name, second.name) == 0;
}

/* The latest line counts: they come in the order of time. Each control group and each listener has
 * its own. */
static void note_said(struct arena *arena,
		struct why_kernel *kernel,
		const char *id,
		const struct kernel_line *line)
{
	struct why_said said = {
			.id = id,
			.text = line->text,
			.age_s = line->age_s,
			.lines = 1,
	};
	size_t kept = 0;
	for (size_t i = 0; i < kernel->count; i++) {
		const struct why_said *before = &kernel->said[i];
		bool same = strcmp(before->id, id) == 0;
		if (same && names_the_same(arena, before->text, said.text))
			said.lines += before->lines;
		else {
			said.others += same;
			kernel->said[kept++] = *before;
		}
	}
	kernel->count = kept;
	kernel->said = arena_grow(arena, kernel->said, kernel->count, &kernel->capacity, sizeof said);
	kernel->said[kernel->count++] = said;
}

/* "…in netns 4026532177, dropping packet": the number that follows the mark; NULL: there is none.
 */
static const char *behind(const char *text, const char *mark)
{
	const char *at = strstr(text, mark);
	if (!at)
		return NULL;
	return at + strlen(mark);
}

static const char *proc_path(const struct why_case *in_case, const char *file)
{
	double pid = in_case->pipeline->run->options->pid;
	struct arena *arena = in_case->pipeline->run->arena;
	if (pid > 0)
		return arena_printf(arena, "/proc/%.0f/%s", pid, file);
	return arena_printf(arena, "/proc/self/%s", file);
}

/* Is the network namespace that the line names ours? Unless it can be told, it is. */
static bool is_our_network(const struct why_case *in_case, const char *text)
{
	static const char digits[] = "0123456789";
	char target[LINK_CHARS] = "";
	const char *named = behind(text, " in netns ");
	if (!named)
		return true;
	const char *path = proc_path(in_case, "ns/net");
	if (readlink(path, target, sizeof target - 1) <= 0)
		return true;
	const char *own = behind(target, "net:[");
	size_t length = strspn(named, digits);
	if (!own || length == 0)
		return true;
	if (strspn(own, digits) != length)
		return false;
	return strncmp(named, own, length) == 0;
}

/* Is one of these groups ("0::/a/b", a line each) this one (":/a"), or one below it? */
static bool is_at_or_below(const char *groups, const char *group)
{
	const char *at = groups;
	size_t length = strlen(group);
	while ((at = strstr(at, group))) {
		at += length;
		if (strchr("/\n", *at)) /* also at the end */
			return true;
	}
	return false;
}

/* The same of the control group, for the process that was named. */
static bool is_our_group(const struct why_case *in_case, const char *text)
{
	char groups[GROUPS_CHARS];
	const struct run *run = in_case->pipeline->run;
	const char *named = behind(text, "pids controller in ");
	if (!named || !(run->options->pid > 0))
		return true;
	const char *path = proc_path(in_case, "cgroup");
	const char *own = file_text(path, groups, sizeof groups);
	size_t length = strcspn(named, " ");
	const char *group = arena_printf(run->arena, ":%.*s", (int)length, named);
	return *own == '\0' || is_at_or_below(own, group);
}

/* What the kernel itself writes: a text of its own, not the words of an error. */
static void match_kernel_line(struct why_case *in_case,
		const struct why_table *table,
		const struct kernel_line *line)
{
	struct why_line found;
	struct arena *arena = in_case->pipeline->run->arena;
	const char *said = line->text;
	if (!why_match_line(arena, table, said, strlen(said), &found))
		return;
	const struct text_rule *text = found.text;
	if (text->texts.count == 0 || text->causes.count == 0)
		return;
	if (!is_our_network(in_case, said))
		return;
	if (!is_our_group(in_case, said))
		return;
	const struct rules *rules = &in_case->pipeline->rules;
	const char *id = text->causes.items[0];
	if (rules_limit(rules, id))
		note_said(arena, &in_case->kernel, id, line);
}

static void match_kernel_log(struct why_case *in_case, const struct why_table *table)
{
	struct kernel_log log;
	struct arena *arena = in_case->pipeline->run->arena;
	kernel_log_read(arena, kernel_log_s, &log);
	in_case->kernel.error = log.error;
	for (size_t i = 0; i < log.count; i++) {
		const struct kernel_line *line = &log.lines[i];
		match_kernel_line(in_case, table, line);
	}
}

void why_match(struct why_case *in_case)
{
	const struct pipeline *pipeline = in_case->pipeline;
	struct arena *arena = pipeline->run->arena;
	const struct why_table *table = why_table_new(arena, &pipeline->rules);
	if (in_case->asked.text)
		match_text(in_case, table);
	if (why_is_live(in_case))
		match_kernel_log(in_case, table);
}
