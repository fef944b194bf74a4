/* Rules as the model sees them: limits, fixes, myths, egress providers, texts of logs and their
 * causes. Data only; audit/rules/rules.c reads the JSON. All strings and formulas live in the arena
 * of the rule set. */
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

/* The values that a missing fact can have at worst and at best for the limit, and why. Each may be
 * NULL. */
struct rule_bound {
	const char *fact;
	const struct expr *worst, *best;
	const char *because;
	bool assume_worst; /* use the worst value and list it as an assumption */
};

/* The value of a fact that is absent (not: denied). NULL: the limit then does not apply. */
struct rule_absent {
	const char *fact;
	const struct expr *value;
	const char *because;
};

struct rule_source {
	const char *title, *url; /* may be NULL, for a kernel file or a section of an RFC */
};

/* What to observe of a limit while something runs: formulas over the observations of
 * model/watch/observation.h and the names of the rule. */
struct rule_observed {
	const struct expr *used; /* NULL: the limit cannot be watched */
	const struct expr *own;  /* the part that belongs to the command; NULL: not known */
	/* The capacity to show, or NULL for the rule's capacity. Needed if the capacity is observed too
	 * (the limit of the process with the most files), or if the rule's capacity is only what is
	 * left for a plan. */
	const struct expr *capacity;
	const char *refused; /* an observation that counts refusals because the limit was full; NULL:
	                        none */
};

/* How much of a limit is in use now: formulas over facts of the host that no plan changes. A limit
 * with several scopes (a user, a control group, the host) has one for each. */
struct rule_now {
	/* A fact, each instance of which has a separate use; NULL: there is one use. */
	const char *each;
	const struct expr *when;     /* counts only if this is true; NULL: always */
	const struct expr *used;     /* NULL: the host does not show it */
	const struct expr *capacity; /* NULL: as in `observed`, or else as in the rule */
	const struct expr *sure;     /* if this is not true, one look is not enough to call it full */
	const char *refused;         /* a fact that counts refusals since boot; NULL: none */
	const char *by; /* name of the instance: "{instance}", "user {vantage.user}"; NULL: none */
};

/* A text for one of several cases: the name of one of the limits that a rule combines, or why a
 * limit does not apply. */
struct rule_name {
	const struct expr *when; /* the text counts if this is true; NULL: always */
	const char *text;        /* such as "pids.max of {cgroup.pids.group}" (model/text/template.h) */
};

struct limit_rule {
	const char *id, *title, *unit; /* title: for a row or a column; unit: a plural noun, "ports" */
	const char *phrase;            /* its name within a sentence; NULL: the title (limit_phrase) */
	const char *gloss;             /* the name readers may know it by, "ulimit -n"; NULL: none */
	enum unit quantity;            /* the kind of its numbers: count, bytes, … */
	enum scope scope;
	/* Facts that set the capacity: whatever sets the fact sets the limit. The first one equal to
	 * the capacity counts; if none is, the first. */
	struct rule_text_list held;
	enum severity severity;
	const struct expr *hard_if; /* makes an advisory limit hard (syn-backlog without cookies); NULL:
	                               nothing does */
	const char *consequence;    /* refuse | drop | degrade */
	const struct expr *applies;
	const char *otherwise; /* why it does not apply, as shown to the reader */
	/* The same for a limit with several reasons: the first that is true counts, then `otherwise`.
	 */
	struct rule_name *reasons;
	size_t reason_count;
	struct rule_let *lets;
	size_t let_count;
	const struct expr *demand, *capacity;
	/* NULL-terminated pairs of a name and what follows its number where a formula is said in words
	 * ("base", "of the program itself"); NULL: none. */
	const char **words;
	/* The part of the capacity that a plan may use; NULL: the target of the audit (75%). */
	const struct expr *target;
	struct rule_observed observed;
	struct rule_now *nows;
	size_t now_count;
	struct rule_name *names; /* the first that is true and can be filled in counts */
	size_t name_count;
	const char *now_hidden;             /* why its use cannot be read on any host; NULL: it can */
	const struct expr *planning_demand; /* the demand by a planning rule, of which and `demand` the
	                                       larger counts; NULL: none */
	const char *planning_note;
	/* A demand that exceeds the capacity unless everything goes well: then this note is a warning.
	 * NULL: none. */
	const struct expr *strained;
	const char *strained_note;
	/* The demand if the kernel does at once what it may do later, while `demand` is the highest
	 * possible. A note of the rule tells both. NULL: none. */
	const struct expr *at_least;
	const char *at_least_note;
	struct rule_bound *bounds;
	size_t bound_count;
	struct rule_absent *absents;
	size_t absent_count;
	/* The value to assume for a global setting that the network namespace hides, listed as an
	 * assumption. Without it every container would have an unknown limit. */
	struct rule_absent *hiddens;
	size_t hidden_count;
	/* The formulas in words, for headroom explain without a plan; NULL: the formula itself. */
	const char *demand_in_words, *capacity_in_words;
	struct rule_text_list legend; /* what names of the formulas mean: "hold: how long …" */
	const char *why;              /* one or two sentences */
	/* Completes "Do not start this test: …" with "it needs {need} open files, and the process may
	 * open {have}". {limit} is the name from `names`, or else "this host". */
	const char *breaks_as;
	const char *error_text;         /* the literal error message when the limit is hit */
	struct rule_text_list counters; /* keys of facts that show it was hit */
	struct rule_source *sources;
	size_t source_count;
	struct rule_text_list fixes; /* ids of fixes, in the order to try */
	const char *calibrated_by;
	bool divides;       /* more hosts help */
	const char *origin; /* "built in", or the file it came from */
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
	const char *target; /* a fact (ports.low, net.core.somaxconn) or a field of the workload */
	const struct expr *applies;
	bool set;              /* sets the fixed value `to`; false: the value is searched for */
	const struct expr *to; /* the value to set, or the highest value to search up to (NULL: 2^53) */
	bool lower;            /* lower values help (ports.low, …) */
	struct rule_text_list also; /* facts that get the same value */
	enum rounding rounding;
	/* Texts with placeholders such as {from} {to} {range} {reserve} (model/text/fix_text.h): */
	const char *command;     /* commands for now, in shell syntax; NULL: no command can do it */
	const char *say;         /* what to do, in words; NULL: nothing to say */
	const char *word;        /* the word to put into the plan's field; NULL: it gets a number */
	bool test;               /* changes the load test itself */
	const char **persistent; /* pairs of kind and text ("sysctl.d", "net.core.somaxconn = {to}"),
	                            NULL-terminated */
	const char *restart, *shared_with, *undo, *risk, *note;
	struct rule_source *sources;
	size_t source_count;
};

struct myth_rule {
	const char *id, *title;
	const struct expr *when; /* the myth concerns the plan if this is true */
	const char *fact;        /* the fact whose source is shown with it; NULL: none */
	const char *text;        /* what is true instead; may contain {value} and {name} of facts */
	const char *severity;    /* note | warning */
	struct rule_source *sources;
	size_t source_count;
};

/* A cloud's NAT for outgoing connections: --egress ID:ips=N. Its ports belong to an address, or to
 * each machine. */
struct egress_rule {
	const char *id, *title;
	double ports_per_ip, max_ips, default_ips;
	double ports;     /* per machine; NAN: ports belong to an address */
	double max_ports; /* the most that :ports=N may give a machine; 0: none */
	/* Ports per machine by the size of the pool, as rows for egress_row(). */
	struct rule_text_list ports_by_vms;
	double hold_s, reset_hold_s; /* seconds that a closed or reset connection keeps its port;
	                                reset_hold_s NAN: as long as hold_s */
	double idle_s;     /* seconds after which an idle connection is dropped; NAN: not known */
	const char *as_of; /* date of the figures; NULL: not known */
	struct rule_source *sources;
	size_t source_count;
};

/* Facts derived on a platform (tcp.time_wait_s on darwin: 2 × MSL), added if `applies` is true. */
struct platform_rule {
	const char *id, *title;
	const struct expr *applies;
	struct rule_let *lets;
	size_t let_count;
};

/* If every request has a separate connection and the server asks to close it, both sides may close
 * at once. Some of these connections then stay in TIME_WAIT on the client as well. The figures were
 * measured over a network with delay, against several servers. */
struct client_closes {
	double usual, highest; /* 0 to 1: median and maximum of the measurements */
	const char *measured;  /* a clause: the setup and the result; NULL: no figures */
};

/* A load generator or proxy: how to read its command line, and what was measured. The rule with the
 * id "any" stands in for tools without measured figures. */
struct tool_rule {
	const char *id, *title;
	struct client_closes client_closes;
	const char *own_limit; /* sentences: which processor or memory limit of the tool itself is hit
	                          first, and how to raise it; NULL: not known */
	struct tool_own_rate *own_rates;
	size_t own_rate_count;
	struct tool_reading reading;
	struct rule_source *sources;
	size_t source_count;
};

/* A cause of a failing call or an error message that is not a limit of this host. */
enum cause_only {
	CAUSE_ANY,
	CAUSE_PORT_IN_RANGE /* only if the line names a port that outgoing connections may use */
};
struct cause_rule {
	const char *id, *title; /* title: the cause, "No program listens there" */
	enum cause_only only;
	const char *text; /* one sentence: why it gives this error */
	/* What to look at next: commands or phrases. In these and in `text`, {to} {host} {port} come
	 * from the line; text in [[ ]] is left out if one of them is not known. */
	struct rule_text_list look;
	struct rule_source *sources;
	size_t source_count;
};

/* The spellings of one thing: the error of a call (EMFILE: "too many open files"), or the call that
 * failed (connect: "dial tcp"). */
enum word_sort {
	WORD_ERROR,
	WORD_CALL,
	WORD_NUMBER, /* the text around an error number: "errno #" */
	WORD_UNLESS  /* a text that shows that the line reports no failure: "to avoid" */
};
struct word_rule {
	const char *id, *title;
	enum word_sort sort;
	struct rule_text_list texts;   /* patterns (model/why/pattern.h) */
	struct rule_text_list numbers; /* numbers of an error, on all systems: "24", "10024" */
};

/* Tells what caused a line of a log. */
struct text_rule {
	const char *id, *title;
	const char *from;             /* the program, language or system that writes it: "nginx" */
	struct rule_text_list texts;  /* patterns, any of which matches; empty: only the words count */
	struct rule_text_list errors; /* ids of words, any of which matches; empty: any error */
	struct rule_text_list calls;
	struct rule_text_list unless; /* patterns, any of which rules it out */
	struct rule_text_list causes; /* ids of limits and causes, the likeliest first */
	/* A remark for this line only: "the setting is max_connections"; NULL: none. */
	const char *note;
	struct rule_text_list look; /* replaces `look` of the first cause; may be empty */
	struct rule_source *sources;
	size_t source_count;
};

/* Whether a running program uses a limit that is raised under it. */
enum picks_up {
	PICKS_UP_UNKNOWN,
	PICKS_UP_YES,
	PICKS_UP_NO
};

/* What makes a program call listen() again, which a longer queue needs. */
enum listens_again {
	LISTENS_UNKNOWN,
	LISTENS_RELOAD, /* a reload */
	LISTENS_CHANGE, /* a reload, if the number in its configuration has changed */
	LISTENS_RESTART /* only a restart */
};

/* A widely used program, and which changes reach it without a restart. */
struct program_rule {
	const char *id, *title;
	struct rule_text_list names; /* as in /proc/PID/comm; "name*" matches a beginning */
	enum picks_up nofile;        /* whether it uses a raised RLIMIT_NOFILE */
	const char *nofile_note;     /* a sentence: why not, or what else to do; NULL: none */
	enum listens_again listens;
	const char *listens_note; /* a sentence: where to set its backlog; NULL: none */
	const char *reload;       /* the reload command; NULL: none works everywhere */
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

/* Returns "process", "listener", … */
const char *scope_name(enum scope scope);

/* Returns the name of a limit within a sentence: "open files per process". */
const char *limit_phrase(const struct limit_rule *rule);

const struct limit_rule *rules_limit(const struct rules *rules, const char *id);
const struct fix_rule *rules_fix(const struct rules *rules, const char *id);
const struct cause_rule *rules_cause(const struct rules *rules, const char *id);
const struct word_rule *rules_word(const struct rules *rules, const char *id);
const struct egress_rule *rules_egress(const struct rules *rules, const char *id);
/* Returns the rule of the tool with this id (may be NULL), or the rule "any" if there is none or it
 * has no measured figures. NULL: there is no rule "any" either. */
const struct tool_rule *rules_tool(const struct rules *rules, const char *id);
/* Returns the tool with this id, or NULL. */
const struct tool_rule *rules_tool_named(const struct rules *rules, const char *id);
/* Returns the program with this name (as in /proc/PID/comm, at most 15 characters), or NULL if
 * there is no rule for it. */
const struct program_rule *rules_program(const struct rules *rules, const char *comm);

#endif
