/* The writers of the core: each adds its view of one audit document to a buffer. They print
 * nothing, read no environment and never fail; a missing value is shown as "–" or left out.
 * headroom-helper writes HTML, PDF and PNG. */
#ifndef HEADROOM_REPORT_WRITE_WRITE_H
#define HEADROOM_REPORT_WRITE_WRITE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

/* What depends on where the text goes; only the terminal view looks at it. */
struct write_options {
	struct arena *arena;
	bool color;                 /* SGR colors */
	bool ascii;                 /* the terminal does not speak UTF-8 */
	bool past;                  /* of an earlier run: its present use may have changed since */
	size_t width;               /* columns of the terminal; 0: not known */
	bool all;                   /* every limit, finding and assumption */
	const char *const *presets; /* names of ready workloads, NULL-terminated; NULL: not shown */
};

typedef void write_fn(const cJSON *document, const struct write_options *options, struct text *out);

write_fn write_now;      /* what is full or nearly full now, at most three lines; or nothing */
write_fn write_terminal; /* 80 columns at most, commands as wide as the terminal; the last line is
                            for a log grep */
write_fn write_markdown; /* GitHub-flavored */
write_fn write_junit;    /* as Jenkins and GitLab read it */
write_fn write_github;   /* workflow annotations, ::error … */
write_fn write_json;     /* the document itself */

/* JUnit of a gate without a document: one failed case with the message. */
void write_junit_not_run(struct arena *arena,
		const char *created,
		const char *message,
		struct text *out);

/* The measurements of a document that has them (headroom.calibration/1, headroom.audit/2), as a
 * table. */
write_fn write_calibration;

/* Badge and notes, of a document that has them (headroom.fix/1, headroom.size/1). */
write_fn write_basis;

/* What changed, of a document that has "drift". */
write_fn write_drift;
/* headroom.history/1: the list of audits; those of one host and plan as bars. */
write_fn write_history, write_trend;
/* One look of headroom watch (headroom.watch/1). The table is at most 80 columns wide; metrics are
 * in the text exposition format of Prometheus, as the textfile collector reads it. */
write_fn write_watch, write_watch_prometheus;

/* The facts of a host (headroom.facts), and an audit or a gate, as metrics. */
write_fn write_facts_prometheus, write_audit_prometheus;

/* Why something fails (headroom.why/1), the cause first. */
write_fn write_why;
/* Its last line alone, "headroom: WHY ephemeral-ports 100% destination=10.0.0.5:80". */
write_fn write_why_line;

/* Documents with a page in report/answer/: headroom.size/1, history/1, drift/1, why/1, lint/1. */
write_fn write_answer_markdown;
/* The same as plain text in a few lines: question, answer, and the command line. */
write_fn write_answer_summary;

/* Listeners of a repository (headroom.lint/1): on a terminal, its last line, JUnit with a case for
 * each file, annotations with file and line, and SARIF 2.1.0. */
write_fn write_lint, write_lint_line, write_lint_junit, write_lint_github, write_lint_sarif;

/* Many hosts (headroom.fleet/1): on a terminal, and its last line alone. */
write_fn write_fleet, write_fleet_line;
/* JUnit with a case for each host, Markdown, and metrics of Prometheus. */
write_fn write_fleet_junit, write_fleet_markdown, write_fleet_metrics;

/* The answer as plain text in a few lines: badge, headline, plan, host, notes, the first fix or
 * what to do after a run, the last line. */
write_fn write_summary;

/* "headroom: FAIL ephemeral-ports 106% safe=10587": the last line of the terminal view, with
 * newline. */
void write_summary_line(const cJSON *document, struct arena *arena, struct text *out);
/* "headroom: SIZE hosts=2 per_host=25000 …", "headroom: FIX steps=2 fits=yes …", of headroom.size/1
 * and headroom.fix/1. */
write_fn write_size_line, write_fix_line;

#endif
