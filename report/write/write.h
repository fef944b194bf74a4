/* The writers of the core. Each appends its view of one audit document to a buffer. They print
 * nothing, read no environment and never fail; a missing value is shown as "–" or left out.
 * headroom-helper writes HTML, PDF and PNG. */
#ifndef HEADROOM_REPORT_WRITE_WRITE_H
#define HEADROOM_REPORT_WRITE_WRITE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

/* What depends on where the text goes. Only the terminal view uses it. */
struct write_options {
	struct arena *arena;
	bool color;                 /* SGR colors */
	bool ascii;                 /* the terminal does not speak UTF-8 */
	bool past;                  /* an earlier run, whose present use may have changed since */
	size_t width;               /* columns of the terminal; 0: not known */
	bool all;                   /* every limit, finding and assumption */
	const char *const *presets; /* names of presets, NULL-terminated; NULL: do not show them */
};

typedef void write_fn(const cJSON *document, const struct write_options *options, struct text *out);

write_fn write_now;      /* what is full or nearly full now, in at most three lines; may be empty */
write_fn write_terminal; /* 80 columns at most, but commands as wide as the terminal; the last line
                            is for grep */
write_fn write_markdown; /* GitHub-flavored */
write_fn write_junit;    /* for Jenkins and GitLab */
write_fn write_github;   /* workflow annotations, ::error … */
write_fn write_json;     /* the document itself */

/* Writes JUnit for a gate without a document: one failed case with the message. */
void write_junit_not_run(struct arena *arena,
		const char *created,
		const char *message,
		struct text *out);

/* Writes the measurements of a document that has them (headroom.calibration/1, headroom.audit/2) as
 * a table. */
write_fn write_calibration;

/* Writes who asked, and the notes below a badge, of a document that has them (headroom.fix/1,
 * headroom.size/1). */
write_fn write_basis;

/* Writes what changed, for a document that has "drift". */
write_fn write_drift;
/* For headroom.history/1: the list of audits, and the audits of one host and plan as bars. */
write_fn write_history, write_trend;
/* For one look of headroom watch (headroom.watch/1): a table of at most 80 columns, and metrics in
 * Prometheus's text format for the textfile collector. */
write_fn write_watch, write_watch_prometheus;

/* As metrics: the facts of a host (headroom.facts), and an audit or a gate. */
write_fn write_facts_prometheus, write_audit_prometheus;

/* Writes why something fails (headroom.why/1), the cause first. */
write_fn write_why;
/* Writes only its last line: "headroom: WHY ephemeral-ports 100% destination=10.0.0.5:80". */
write_fn write_why_line;

/* For documents with a page in report/answer/: headroom.size/1, history/1, drift/1, why/1,
 * lint/1. */
write_fn write_answer_markdown;
/* The same in a few lines of plain text: question, answer, command line. */
write_fn write_answer_summary;

/* For the listeners of a repository (headroom.lint/1): terminal, its last line, JUnit with a case
 * for each file, annotations with file and line, SARIF 2.1.0. */
write_fn write_lint, write_lint_line, write_lint_junit, write_lint_github, write_lint_sarif;

/* For many hosts (headroom.fleet/1): terminal, and its last line. */
write_fn write_fleet, write_fleet_line;
/* JUnit with a case for each host, Markdown, and metrics for Prometheus. */
write_fn write_fleet_junit, write_fleet_markdown, write_fleet_metrics;

/* Writes the answer in a few lines of plain text: badge, headline, plan, host, notes, the first
 * change or what to do after a run, the last line. */
write_fn write_summary;

/* Writes the last line of the terminal view with its newline: "headroom: FAIL ephemeral-ports 106%
 * safe=10587". */
void write_summary_line(const cJSON *document, struct arena *arena, struct text *out);
/* Write "headroom: SIZE hosts=2 per_host=25000 …" for headroom.size/1, and "headroom: FIX steps=2
 * fits=yes …" for headroom.fix/1. */
write_fn write_size_line, write_fix_line;

#endif
