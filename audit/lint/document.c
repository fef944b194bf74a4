/* headroom.lint/1: what was judged, where it stands, what cures it. */
#include <string.h>

#include "audit/document/document.h"
#include "audit/lint/lint.h"
#include "report/document/member.h"

static const char race[] =
		"an outgoing connection may take this port first; then bind fails with EADDRINUSE";

static const char *rule_id(enum lint_rule rule)
{
	static const char *const ids[LINT_RULES] = {
			[LINT_PORT] = "ephemeral-listener",
			[LINT_SYSCTL] = "sysctl-without-effect",
			[LINT_ULIMIT] = "limit-without-effect",
	};
	return ids[rule];
}

static const char *ports_text(struct arena *arena, const struct lint_range *ports)
{
	if (ports->first == ports->last)
		return arena_printf(arena, "%u", ports->first);
	return arena_printf(arena, "%u-%u", ports->first, ports->last);
}

static void put_line(const struct members *put,
		const struct lint_case *in_case,
		cJSON *item,
		const struct lint_finding *finding)
{
	const struct lint_file *files = in_case->found.files;
	member_text(put, item, "file", files[finding->file].path);
	member_number(item, "line", (double)finding->line);
}

static struct lint_range document_range_of(const struct lint_case *in_case,
		const struct lint_finding *finding)
{
	if (finding->os)
		return in_case->other.range;
	return in_case->machine.system.range;
}

static bool is_linux(const struct lint_case *in_case, const struct lint_finding *finding)
{
	return !finding->os && strcmp(in_case->machine.kind, "linux") == 0;
}

static const char *says_of_port(const struct lint_case *in_case, const struct lint_finding *finding)
{
	struct arena *arena = in_case->run->arena;
	struct lint_range range = document_range_of(in_case, finding);
	return arena_printf(arena,
			"port %s lies inside the range of outgoing ports (%u-%u): %s",
			ports_text(arena, &finding->ports),
			range.first,
			range.last,
			race);
}

/* One line. A service is there before a step can reserve its port, and only Linux reserves so. */
static const char *cure_of_port(const struct lint_case *in_case, const struct lint_finding *finding)
{
	struct arena *arena = in_case->run->arena;
	const char *ports = ports_text(arena, &finding->ports);
	unsigned first = document_range_of(in_case, finding).first;
	if (finding->is_service)
		return arena_printf(arena,
				"use a port below %u; services start before the first step, so no step can reserve "
				"this one",
				first);
	if (!is_linux(in_case, finding))
		return arena_printf(arena, "use a port below %u", first);
	return arena_printf(arena,
			"sysctl -w net.ipv4.ip_local_reserved_ports=%s before it starts, or use a port below "
			"%u",
			ports,
			first);
}

static const char *level_of_finding(const struct lint_finding *finding)
{
	if (finding->likely)
		return "note";
	return "warning";
}

static cJSON *document_put_place(const struct members *put,
		const struct lint_case *in_case,
		cJSON *array,
		const struct lint_finding *finding)
{
	cJSON *item = cJSON_CreateObject();
	const char *ports = NULL;
	if (finding->ports.first > 0)
		ports = ports_text(put->arena, &finding->ports);
	member_text(put, item, "rule", rule_id(finding->rule));
	put_line(put, in_case, item, finding);
	member_text(put, item, "ports", ports);
	member_text(put, item, "what", finding->what);
	(void)cJSON_AddItemToArray(array, item);
	return item;
}

static void put_finding(const struct members *put,
		const struct lint_case *in_case,
		cJSON *array,
		const struct lint_finding *finding)
{
	cJSON *item = document_put_place(put, in_case, array, finding);
	const char *says = finding->says;
	const char *instead = finding->instead;
	if (finding->rule == LINT_PORT) {
		says = says_of_port(in_case, finding);
		instead = cure_of_port(in_case, finding);
	}
	member_text(put, item, "level", level_of_finding(finding));
	member_text(put, item, "system", finding->os);
	member_bool(item, "service", finding->is_service);
	member_text(put, item, "says", says);
	member_text(put, item, "instead", instead);
}

static void put_kept(const struct members *put,
		const struct lint_case *in_case,
		cJSON *array,
		const struct lint_finding *finding)
{
	cJSON *item = document_put_place(put, in_case, array, finding);
	const struct lint_finding by = {
			.file = finding->kept_file,
			.line = finding->kept_line,
	};
	put_line(put, in_case, member_object(item, "by"), &by);
}

static void document_put_findings(const struct members *put,
		cJSON *document,
		const struct lint_case *in_case)
{
	const struct lint_verdict *verdict = &in_case->verdict;
	cJSON *found = member_array(document, "findings");
	cJSON *kept = member_array(document, "kept_out");
	cJSON *allowed = member_array(document, "allowed");
	for (size_t i = 0; i < verdict->count; i++) {
		const struct lint_finding *finding = &verdict->items[i];
		switch (finding->state) {
		case LINT_FOUND:
			put_finding(put, in_case, found, finding);
			break;
		case LINT_KEPT:
			put_kept(put, in_case, kept, finding);
			break;
		case LINT_ALLOWED:
			(void)document_put_place(put, in_case, allowed, finding);
			break;
		}
	}
}

static void put_machine(const struct members *put, cJSON *document, const struct lint_case *in_case)
{
	const struct lint_machine *machine = &in_case->machine;
	struct text reserved = {0};
	portset_print(&machine->system.reserved, &reserved);
	cJSON *item = member_object(document, "machine");
	member_text(put, item, "image", machine->name);
	member_text(put, item, "title", machine->title);
	member_text(put, item, "system", machine->kind);
	member_number(item, "first", machine->system.range.first);
	member_number(item, "last", machine->system.range.last);
	member_text(put, item, "reserved", text_take(put->arena, &reserved));
	member_text(put, item, "dated", machine->dated);
	member_bool(item, "captured", machine->captured || !machine->name);
	member_text(put, item, "note", machine->note);
	member_texts(put, item, "sources", machine->sources.items, machine->sources.count);
}

static void document_put_files(const struct members *put,
		cJSON *document,
		const struct lint_case *in_case)
{
	const struct lint_walk *walk = &in_case->walk;
	cJSON *files = member_object(document, "files");
	member_number(files, "seen", (double)walk->seen);
	member_number(files, "read", (double)walk->read);
	member_number(files, "links", (double)walk->links);
	member_number(files, "not_read", (double)walk->problem_count);
	cJSON *problems = member_array(files, "problems");
	for (size_t i = 0; i < walk->problem_count; i++) {
		if (i == LINT_PROBLEMS_MAX)
			break;
		const struct lint_problem *from = &walk->problems[i];
		cJSON *problem = cJSON_CreateObject();
		member_text(put, problem, "path", from->path);
		member_text(put, problem, "why", from->why);
		(void)cJSON_AddItemToArray(problems, problem);
	}
}

/* The one command that cures all that a reservation can. */
static const char *lint_cure_command(const struct lint_case *in_case)
{
	struct text list = {0};
	struct arena *arena = in_case->run->arena;
	const struct lint_verdict *verdict = &in_case->verdict;
	bool linux = strcmp(in_case->machine.kind, "linux") == 0;
	if (verdict->reserved == 0 || !linux)
		return NULL;
	portset_print(&verdict->reserve, &list);
	return arena_printf(arena,
			"sudo sysctl -w net.ipv4.ip_local_reserved_ports=%s",
			text_take(arena, &list));
}

cJSON *lint_document(const struct lint_case *in_case)
{
	const struct run *run = in_case->run;
	const struct members put = {run->arena, NULL};
	cJSON *document = cJSON_CreateObject();
	member_text(&put, document, "schema", "headroom.lint/1");
	document_made(&put, document, in_case->created, run->argv, run->argc);
	put_machine(&put, document, in_case);
	document_put_files(&put, document, in_case);
	document_put_findings(&put, document, in_case);
	member_text(&put, document, "race", race);
	member_text(&put, document, "cure", lint_cure_command(in_case));
	return document;
}
