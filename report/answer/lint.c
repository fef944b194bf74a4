/* headroom.lint/1: what was found in a repository, and what mends it. */
#include <math.h>
#include <string.h>

#include "report/answer/kinds.h"
#include "report/document/view.h"
#include "report/write/lint_page.h"

static double lint_found(const struct answer *a)
{
	return (double)view_count(a->root, "findings");
}

static const char *lint_number(const struct answer *a, const char *path)
{
	double number = answer_number(a, path);
	return answer_count(a, number);
}

static const char *lint_range(const struct answer *a)
{
	const char *title = answer_of(a, "machine.title");
	double first = answer_number(a, "machine.first");
	double last = answer_number(a, "machine.last");
	return answer_printf(a, "%s: outgoing connections use ports %.0f-%.0f", title, first, last);
}

static void lint_head(const struct answer *a)
{
	double found = lint_found(a);
	const char *verdict = "pass";
	const char *word = "NOTHING FOUND";
	const char *headline = lint_headline(a->arena, a->root);
	const char *race = answer_of(a, "race");
	if (found > 0) {
		verdict = "fail";
		word = answer_printf(a, "%s FOUND", answer_count(a, found));
	}
	answer_head(a, "Check of a repository", "Can these listeners lose their ports?");
	answer_note(a, lint_range(a));
	answer_badge(a, word, "LINT", verdict);
	answer_is(a, answer_printf(a, "%s.", headline));
	if (found > 0 && *race)
		answer_also(a, answer_printf(a, "Why: %s.", race));
}

static void lint_tiles(const struct answer *a)
{
	double ports = (double)lint_count_ports(a->root);
	double others = lint_found(a) - ports;
	double files = answer_number(a, "files.read");
	const char *read = answer_plural(a, files, "file");
	const char *seen = lint_number(a, "files.seen");
	const char *left = lint_number(a, "files.not_read");
	const char *of = answer_printf(a, "of %s; could not be read: %s", seen, left);
	const char *listeners = answer_count(a, ports);
	const char *settings = answer_count(a, others);
	answer_tile(a, "Listeners in the range", listeners, "an outgoing connection may be first");
	answer_tile(a, "Settings without effect", settings, "where they are");
	answer_tile(a, "Read", read, of);
}

/* --- what to do ------------------------------------------------------------------------------ */

static void lint_fix(const struct answer *a)
{
	const cJSON *cure = view_get(a->root, "cure");
	if (*view_raw(cure, "") == '\0')
		return;
	cJSON *part = answer_part(a, "fix", "Fix once");
	cJSON *step = answer_step(a, part, "Keep these ports out of the range");
	answer_step_text(step, "When", "before the services start, on each machine that runs them");
	answer_step_line(a, step, "Command", cure);
	step = answer_step(a, part, "Or take ports below the range");
	const char *below = answer_count(a, answer_number(a, "machine.first"));
	answer_step_text(step,
			"Ports",
			answer_printf(a, "below %s, in each place that is named", below));
}

/* --- findings -------------------------------------------------------------------------------- */

static const char *lint_certain(const cJSON *finding)
{
	if (strcmp(view_raw(finding, "level"), "note") == 0)
		return "likely";
	return "certain";
}

static void lint_finding(const struct answer *a, cJSON *part, const cJSON *finding)
{
	static const char *const paths[] = {
			"ports",
			"what",
			"says",
			"instead",
			NULL,
	};
	const char *place = lint_place(a->arena, finding);
	cJSON *row = answer_row_of(a, part, place, finding, paths);
	answer_cell(part, row, lint_certain(finding));
}

static void lint_findings(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Place", ""},
			{"Port", ""},
			{"What", ""},
			{"Found", ""},
			{"Instead", ""},
			{"How sure", ""},
			{NULL, NULL},
	};
	const cJSON *finding;
	if (lint_found(a) < 1)
		return;
	cJSON *part = answer_part(a, "findings", "Findings");
	answer_table(part, "File and line of each", columns);
	cJSON_ArrayForEach(finding, answer_list(a, "findings"))
		lint_finding(a, part, finding);
}

/* --- what is not reported -------------------------------------------------------------------- */

static const char *const lint_ports[] = {
		"ports",
		NULL,
};
static const char *const lint_ports_and_what[] = {
		"ports",
		"what",
		NULL,
};
static const char *const lint_reason[] = {
		"why",
		NULL,
};

static void lint_kept_out(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Place", ""},
			{"Port", ""},
			{"Kept out of the range by", ""},
			{NULL, NULL},
	};
	const cJSON *item;
	if (view_count(a->root, "kept_out") == 0)
		return;
	cJSON *part = answer_part(a, "kept", "Kept out by the repository itself");
	answer_table(part, "These listeners need nothing", columns);
	cJSON_ArrayForEach(item, answer_list(a, "kept_out")) {
		const cJSON *keeper = view_get(item, "by");
		const char *place = lint_place(a->arena, item);
		const char *by = lint_place(a->arena, keeper);
		cJSON *row = answer_row_of(a, part, place, item, lint_ports);
		answer_cell(part, row, by);
	}
}

static void lint_allowed(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Place", ""},
			{"Port", ""},
			{"What", ""},
			{NULL, NULL},
	};
	const cJSON *item;
	if (view_count(a->root, "allowed") == 0)
		return;
	cJSON *part = answer_part(a, "allowed", "Not reported");
	answer_table(part, "Lines that say headroom: allow", columns);
	cJSON_ArrayForEach(item, answer_list(a, "allowed")) {
		const char *place = lint_place(a->arena, item);
		(void)answer_row_of(a, part, place, item, lint_ports_and_what);
	}
}

static void lint_unread(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"File", ""},
			{"Why", ""},
			{NULL, NULL},
	};
	if (view_count(a->root, "files.problems") == 0)
		return;
	cJSON *part = answer_part(a, "unread", "Not read");
	answer_table(part, "The first of them", columns);
	answer_rows(a, part, answer_list(a, "files.problems"), "path", lint_reason);
}

static void lint_trust(const struct answer *a)
{
	cJSON *part = answer_part(a, "trust", "How far to trust this");
	const cJSON *sources = answer_list(a, "machine.sources");
	const char *known = "read on this host now";
	const char *dated = answer_of(a, "machine.dated");
	const char *reserved = answer_of(a, "machine.reserved");
	if (*dated && view_true(a->root, "machine.captured"))
		known = answer_printf(a, "captured from such a machine, %s", dated);
	else if (*dated)
		known = answer_printf(a, "documented, not read from such a machine; of %s", dated);
	answer_fact(part, "Range", lint_range(a));
	answer_fact(part, "Known", known);
	answer_fact(part, "Never handed out", reserved);
	answer_fact(part, "Note", answer_of(a, "machine.note"));
	answer_facts(a, part, "Source", sources);
	answer_text(part,
			"Files are read, nothing is run. A listener that no file names is not found.");
}

void answer_lint(const struct answer *a)
{
	lint_head(a);
	lint_tiles(a);
	lint_fix(a);
	lint_findings(a);
	lint_kept_out(a);
	lint_allowed(a);
	lint_unread(a);
	lint_trust(a);
}
