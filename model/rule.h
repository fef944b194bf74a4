/* Rules as the model sees them: limits, fixes, myths, egress providers, texts of logs and what they
 * come from. Data only; the JSON reader is audit/rules/rules.c. All strings and formulas live in
 * the arena of the rule set. */
#ifndef HEADROOM_MODEL_RULE_H
#define HEADROOM_MODEL_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/expr/expr.h"
#include "model/tool/own_rate.h"
#include "model/tool/tool.h"

enum scope {
	SCOPE_PROCESS,
	SCOPE_LISTENER,
	SCOPE_DESTINATION,
	SCOPE_NAMESPACE,
	SCOPE_HOST,
	SCOPE_SHARED,
	SCOPE_BEAM
};
enum severity {
	SEVERITY_HARD,
	SEVERITY_ADVISORY
};

/* What a missing fact can be at worst and at best (for the limit's status), and why. Each may be
 * NULL. */
struct rule_bound {
	const char *fact;
	const struct expr *worst, *best;
	const char *because;
	bool assume_worst; /* judge with the worst value and list it as an assumption */
};

/* Value of a fact that is absent (not: denied). value NULL: the limit does not apply then. */
struct rule_absent {
	const char *fact;
	const struct expr *value;
	const char *because;
};

struct rule_source {
	const char *title, *url; /* url may be NULL: a kernel file, an RFC section */
};

/* What is seen of a limit while something runs: formulas over the observations of
 * model/watch/observation.h and the names of the rule. */
struct rule_observed {
	const struct expr *used; /* NULL: the limit is not watched */
	const struct expr *own;  /* the part of it that is the command's; or NULL */
	/* The capacity to show, if it differs from the rule's capacity: it is observed as well (the
	 * limit of the process with the most files), or the rule's capacity is only what is left
	 * for a plan. Or NULL. */
	const struct expr *capacity;
	const char *refused; /* an observation: counts what was refused because it was full; or NULL */
};

/* How much of a limit is in use now: formulas over the facts of the host, which no plan changes. A
 * limit that several scopes share (a user, a control group, the host) has one for each. */
struct rule_now {
	const char *each;            /* a fact: one use for each of its instances; NULL: one */
	const struct expr *when;     /* it counts where this is so; NULL: everywhere */
	const struct expr *used;     /* NULL: the host does not show it */
	const struct expr *capacity; /* NULL: what `observed`, or else the rule, says */
	const struct expr *sure;     /* unless this is so, one look does not say that it is full */
	const char *refused;         /* a fact: what was refused since boot; NULL: nothing counts it */
	const char *by; /* names the instance: "{instance}", "user {vantage.user}"; or NULL */
};

/* Which of the limits that a rule joins it is. */
struct rule_name {
	const struct expr *when; /* it is this one where that is so; NULL: where it comes to it */
	const char *text;        /* "pids.max of {cgroup.pids.group}" (model/text/template.h) */
};

struct limit_rule {
	const char *id, *title, *unit; /* title: of a row or a column; unit: plural noun, "ports" */
	const char *phrase;            /* its name within a sentence; NULL: its title (limit_phrase) */
	const char *gloss;             /* what readers may know it as, "ulimit -n"; or NULL */
	enum unit quantity;            /* how its numbers are shown: count, bytes, … */
	enum scope scope;
	/* Facts that set the capacity: whoever sets them sets the limit. The first that equals the
	 * capacity counts, else the first. */
	struct rule_text_list held;
	enum severity severity;
	const struct expr
			*hard_if; /* an advisory limit that turns hard (syn-backlog without cookies), or NULL */
	const char *consequence; /* refuse | drop | degrade */
	const struct expr *applies;
	const char *otherwise; /* why it does not apply, shown */
	struct rule_let *lets;
	size_t let_count;
	const struct expr *demand, *capacity;
	/* The share of the capacity that a plan may use; NULL: the one asked for (75%). */
	const struct expr *target;
	struct rule_observed observed;
	struct rule_now *nows;
	size_t now_count;
	struct rule_name *names; /* the first one that applies and can be filled counts */
	size_t name_count;
	const char *now_hidden; /* why no host shows how much is in use, if no host does */
	const struct expr
			*planning_demand; /* a planning constant's demand, or NULL; the larger one counts */
	const char *planning_note;
	/* A demand within the capacity only if everything goes as well as it can: where it is above, a
	 * warning with this note. Or NULL. */
	const struct expr *strained;
	const char *strained_note;
	/* The demand if the kernel does at once what it may do later; `demand` is the highest
	 * possible demand. A note tells both, in the rule's own words. Or NULL. */
	const struct expr *at_least;
	const char *at_least_note;
	struct rule_bound *bounds;
	size_t bound_count;
	struct rule_absent *absents;
	size_t absent_count;
	/* The value that is assumed for a global setting that the network namespace hides. Without
	 * it, every container would have an unknown limit. It is listed as an assumption. */
	struct rule_absent *hiddens;
	size_t hidden_count;
	const char *why; /* one or two sentences */
	/* Completes "Do not start this test: …": "it needs {need} open files, and the process may open
	 * {have}"; {limit} is the limit of `names` that it is, else "this host". */
	const char *breaks_as;
	const char *error_text;         /* literal text people see when it is hit */
	struct rule_text_list counters; /* fact keys that show it was hit */
	struct rule_source *sources;
	size_t source_count;
	struct rule_text_list fixes; /* fix ids, in the order to try */
	const char *calibrated_by;
	bool divides;       /* more hosts help */
	const char *origin; /* "built in" or the file it came from */
};

enum fix_kind {
	FIX_FACT,     /* raises (or sets) one fact */
	FIX_WORKLOAD, /* changes one field of the plan */
	FIX_HOSTS     /* more hosts */
};
enum rounding {
	ROUND_NONE,
	ROUND_1000,
	ROUND_POW2
};

struct fix_rule {
	const char *id, *title;
	enum fix_kind kind;
	const char *target; /* fact key (ports.low, net.core.somaxconn) or workload field */
	const struct expr *applies;
	bool set;                   /* a fixed value (`to`), not a bisected one */
	const struct expr *to;      /* the value to set; for a raised one its maximum (NULL: 2^53) */
	bool lower;                 /* smaller is better (ports.low, …) */
	struct rule_text_list also; /* facts that get the same value ("also" in JSON) */
	enum rounding rounding;
	/* With placeholders {from} {to} {range} {reserve} … (model/text/fix_text.h): */
	const char *command;     /* live commands: words of a shell; NULL: no command makes it */
	const char *say;         /* what people do, in words; or NULL */
	const char *word;        /* the plan's field gets this word; NULL: a number */
	bool test;               /* it changes the load test itself */
	const char **persistent; /* pairs kind, text ("sysctl.d", "net.core.somaxconn = {to}"),
	                            NULL-terminated */
	const char *restart, *shared_with, *undo, *risk, *note;
	struct rule_source *sources;
	size_t source_count;
};

struct myth_rule {
	const char *id, *title;
	const struct expr *when; /* fires when true */
	const char *fact;        /* the fact it is about: its provenance is shown; may be NULL */
	const char *text;        /* what is true instead; {value} and {name} of facts in braces */
	const char *severity;    /* note | warning */
	struct rule_source *sources;
	size_t source_count;
};

/* A cloud's outgoing NAT: --egress ID:ips=N. Ports are given to an address, or to each machine. */
struct egress_rule {
	const char *id, *title;
	double ports_per_ip, max_ips, default_ips;
	double ports;     /* of a machine; NAN: they are given to an address */
	double max_ports; /* that :ports=N may give to a machine; 0: none */
	/* Ports of one machine, by the size of the pool: rows as egress_row() reads them. */
	struct rule_text_list ports_by_vms;
	double hold_s, reset_hold_s; /* how long a close keeps a port; NAN: a reset as long */
	double idle_s;               /* what has been idle for so long is dropped; NAN: not known */
	const char *as_of;           /* when the figures were read; or NULL */
	struct rule_source *sources;
	size_t source_count;
};

/* Derived names of a platform ("tcp.time_wait_s" on darwin: 2 × MSL), added if `applies` is true.
 */
struct platform_rule {
	const char *id, *title;
	const struct expr *applies;
	struct rule_let *lets;
	size_t let_count;
};

/* If every request has its own connection and the server asks to close it, both sides may close at
 * once. Part of these connections then stays in TIME_WAIT on the client, too: measured over a
 * network with delay, against several servers. */
struct client_closes {
	double usual, highest; /* 0..1: the median of the measurements, and the largest */
	const char *measured;  /* a clause: with what, and what was seen; NULL: no figures */
};

/* A load generator or proxy: how its command line is read, and what was measured of it. The rule
 * with the id "any" is used for all tools without measured figures. */
struct tool_rule {
	const char *id, *title;
	struct client_closes client_closes;
	const char *own_limit; /* sentences: which processor or memory of the tool itself ends its load
	                          first, and how it uses more of them; NULL: nothing is known */
	struct tool_own_rate *own_rates;
	size_t own_rate_count;
	struct tool_reading reading;
	struct rule_source *sources;
	size_t source_count;
};

/* What makes a call fail, or a program complain, and is no limit of this host. */
enum cause_only {
	CAUSE_ANY,
	CAUSE_PORT_IN_RANGE /* only where the line names a port that outgoing connections may take */
};
struct cause_rule {
	const char *id, *title; /* title: what it is, "No program listens there" */
	enum cause_only only;
	const char *text; /* one sentence: why that gives this error */
	/* What to look at next: commands or phrases. In both texts {to} {host} {port} are those of
	 * the line; text in [[ ]] is left out if one of them is not known. */
	struct rule_text_list look;
	struct rule_source *sources;
	size_t source_count;
};

/* How programs write one thing: the error of a call ("EMFILE": "too many open files"), the call
 * that failed ("connect": "dial tcp"). */
enum word_sort {
	WORD_ERROR,
	WORD_CALL,
	WORD_NUMBER, /* what surrounds the number of an error: "errno #" */
	WORD_UNLESS  /* what makes a line no report of a failure: "to avoid" */
};
struct word_rule {
	const char *id, *title;
	enum word_sort sort;
	struct rule_text_list texts;   /* patterns: model/why/pattern.h */
	struct rule_text_list numbers; /* of an error, on all systems: "24", "10024" */
};

/* What a line of a log comes from. */
struct text_rule {
	const char *id, *title;
	const char *from;             /* program, language or system: "nginx" */
	struct rule_text_list texts;  /* patterns, any of them; none: the words decide */
	struct rule_text_list errors; /* words, any of them; none: whichever */
	struct rule_text_list calls;
	struct rule_text_list unless; /* patterns: with any of them it is something else */
	struct rule_text_list causes; /* limits and causes, the likeliest first */
	const char *note; /* what is so in this case only: "the setting is max_connections"; or NULL */
	struct rule_text_list look; /* instead of that of the first cause; or empty */
	struct rule_source *sources;
	size_t source_count;
};

/* Does a program that runs use it, if a limit is raised under it? */
enum picks_up {
	PICKS_UP_UNKNOWN,
	PICKS_UP_YES,
	PICKS_UP_NO
};

/* How a program listens again, so that a larger queue is in force. */
enum listens_again {
	LISTENS_UNKNOWN,
	LISTENS_RELOAD, /* as soon as it is reloaded */
	LISTENS_CHANGE, /* reloaded, after the number in its configuration has changed */
	LISTENS_RESTART /* only if it is started anew */
};

/* A program that many run, and what a change reaches in it without a restart. */
struct program_rule {
	const char *id, *title;
	struct rule_text_list names; /* as /proc/PID/comm has them; "name*": those that begin so */
	enum picks_up nofile;        /* a larger RLIMIT_NOFILE */
	const char *nofile_note;     /* a sentence: why not, or what else; or NULL */
	enum listens_again listens;
	const char *listens_note; /* a sentence: where its backlog is set; or NULL */
	const char *reload;       /* the command; NULL: no command works everywhere */
	struct rule_source *sources;
	size_t source_count;
};

struct rules {
	struct limit_rule *limits;
	size_t limit_count;
	struct fix_rule *fixes;
	size_t fix_count;
	struct myth_rule *myths;
	size_t myth_count;
	struct egress_rule *egress;
	size_t egress_count;
	struct platform_rule *platforms;
	size_t platform_count;
	struct tool_rule *tools;
	size_t tool_count;
	struct cause_rule *causes;
	size_t cause_count;
	struct word_rule *words;
	size_t word_count;
	struct text_rule *texts;
	size_t text_count;
	struct program_rule *programs;
	size_t program_count;
	const char *version; /* the first digits of the digest */
	const char *digest;  /* SHA-256 of the contents, hex */
};

/* "process", "listener", … */
const char *scope_name(enum scope scope);

/* The name of a limit within a sentence: "open files per process". */
const char *limit_phrase(const struct limit_rule *rule);

const struct limit_rule *rules_limit(const struct rules *rules, const char *id);
const struct fix_rule *rules_fix(const struct rules *rules, const char *id);
const struct cause_rule *rules_cause(const struct rules *rules, const char *id);
const struct word_rule *rules_word(const struct rules *rules, const char *id);
const struct egress_rule *rules_egress(const struct rules *rules, const char *id);
/* The rule of the tool with this id (may be NULL), or the rule "any" if the tool has no measured
 * figures. NULL if that does not exist either. */
const struct tool_rule *rules_tool(const struct rules *rules, const char *id);
/* The tool with this id, or NULL. */
const struct tool_rule *rules_tool_named(const struct rules *rules, const char *id);
/* The program that runs under this name (/proc/PID/comm, which is at most 15 characters long);
 * NULL: there is no rule for it. */
const struct program_rule *rules_program(const struct rules *rules, const char *comm);

#endif
