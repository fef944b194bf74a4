/* headroom fleet: one plan, many hosts. */
#ifndef HEADROOM_AUDIT_FLEET_FLEET_H
#define HEADROOM_AUDIT_FLEET_FLEET_H

#include <cjson/cJSON.h>
#include <signal.h>

#include "audit/fleet/hosts.h"
#include "audit/fleet/item.h"
#include "audit/fleet/memo.h"
#include "audit/fleet/read.h"
#include "audit/fleet/traits.h"
#include "audit/run/pipeline.h"
#include "model/fleet/command.h"
#include "model/fleet/majority.h"
#include "model/fleet/path.h"
#include "model/fleet/split.h"
#include "report/document/member.h"

enum {
	FLEET_PROBLEMS_MAX = 50,
	FLEET_AUDITS_MAX =
			64 /* classes whose whole audit is kept, of those that fail and of the rest */
};

/* One limit of a judged host. */
struct judged_limit {
	unsigned char status; /* enum status */
	bool counts;          /* for the verdict */
	float use;            /* NAN: not known, or not applicable */
};

/* What is kept of one host, or of several with the same facts and the same share. */
struct judged {
	enum verdict verdict;
	const char *binding; /* id of the limit that decides; NULL: none */
	double use;          /* of that limit; NAN: not known */
	struct load_point plan, safe;
	bool at_most;        /* `safe` is an upper bound, because a limit is not known */
	double egress_scale; /* the part of the share that fits through one NAT; NAN: no such limit */
	size_t hypothetical;
	struct trait_set *traits;
	struct judged_limit *limits; /* in the order of the rules */
	struct present_use *present;
	size_t present_count;
};

struct fleet_problem {
	const char *where, *why;
	bool ends;
};

struct fleet_run {
	const struct run *run;
	struct pipeline pipeline; /* without a host */
	struct fleet_reading reading;
	const char *plan_name; /* as on the command line, or NULL */
	struct loads plan;
	struct fleet_source *sources;
	size_t source_count;
	struct fleet_hosts *hosts;
	bool expected;                      /* --hosts lists the hosts that should answer */
	struct fleet_record **judged_hosts; /* the hosts that get a share, in order */
	size_t judged_count;
	struct fleet_split *split;
	struct fleet_commands *commands; /* of the plan's command; NULL: none can be made */
	const char *commands_why;        /* why the plan has none, a clause; NULL: no command */
	bool shares_egress;              /* all hosts go out through one NAT */
	struct trait_sets *traits;
	struct fleet_memo *memo;
	struct fleet_problem problems[FLEET_PROBLEMS_MAX];
	size_t problem_count;        /* may exceed FLEET_PROBLEMS_MAX; only that many are kept */
	bool ended_in_error;         /* a source ended with an error */
	struct name_list unexpected; /* hosts that answered and that --hosts does not name */
	size_t unexpected_count;
	size_t documents; /* read so far */
	size_t audits_of_failing, audits_of_others;
	struct fleet_classes classes;
	/* For each host that gets a share: the index of its class in classes (classes.count: none), and
	 * the next host of the class (SIZE_MAX: none). For each class: its first host. */
	size_t *class_of, *next_of_class, *first_of_class;
	bool looks_first; /* all sources are read twice */
	enum fleet_way way;
	bool stopped; /* by a signal */
	const volatile sig_atomic_t *stop;
};

/* Reads plan, sources and hosts from the command line. false with err. */
bool fleet_open(struct fleet_run *fleet, struct error *err);
void fleet_close(struct fleet_run *fleet);

/* Without --hosts: finds out which hosts there are. */
bool fleet_discover(struct fleet_run *fleet, struct error *err);
/* Among hosts with the same fingerprint only the newest counts; marks the others as duplicates. */
void fleet_mark_duplicates(struct fleet_run *fleet);
bool fleet_divide(struct fleet_run *fleet, struct error *err);
void fleet_prepare_commands(struct fleet_run *fleet);
/* Returns the command line with which this host runs its share, in the arena. NULL if it runs none;
 * *ret_why may then say why. */
const char *fleet_command_line(struct arena *arena,
		const struct fleet_run *fleet,
		const struct fleet_record *record,
		const char **ret_why);
bool fleet_judge_all(struct fleet_run *fleet, struct error *err);
void fleet_classify(struct fleet_run *fleet);

/* Returns the name of a host, from its document or from the place of the document; NULL if neither
 * has one. */
const char *fleet_name_of(struct arena *arena,
		const char *of_document,
		const struct fleet_item *item);
/* Returns the host with this name; NULL if --hosts does not list it. */
struct fleet_record *fleet_find_host(const struct fleet_run *fleet,
		struct arena *arena,
		const char *of_document,
		const struct fleet_item *item);

/* Returns true if a document with the time `as_of` is older than that of the record. */
bool fleet_is_older(const struct fleet_record *record, const char *as_of);
void fleet_add_problem(struct fleet_run *fleet, const char *where, const char *why, bool ends);

struct fleet_counts {
	size_t answered, passed, failed, unknown, missing, stale, duplicate, broken, standing_by;
};
struct fleet_counts fleet_count(const struct fleet_run *fleet);
bool fleet_exceeds_egress(const struct fleet_run *fleet);
enum verdict fleet_verdict(const struct fleet_run *fleet);

void fleet_put_classes(const struct fleet_run *fleet, const struct members *put, cJSON *document);

/* Returns true if --split capacity was given. */
bool fleet_by_capacity(const struct fleet_run *fleet);
/* Stores in each host's record how much of the plan it can carry. */
void fleet_measure_capacities(struct fleet_run *fleet);
/* Clears the results, so that the plan can be divided by capacity and judged again. */
void fleet_judge_anew(struct fleet_run *fleet);
struct fleet_host fleet_host_of(const struct fleet_record *record);
/* Adds "split", and "instead": the shares by capacity if only they make the plan fit, else null. */
void fleet_put_split(const struct fleet_run *fleet, struct arena *arena, cJSON *document);

/* Makes headroom.fleet/1 (docs/fleet.schema.json). Delete it before the arena is freed. */
cJSON *fleet_document(const struct fleet_run *fleet);

/* Shows the progress, if standard error is a terminal. */
void fleet_progress(const struct fleet_run *fleet, const char *doing);
void fleet_progress_end(void);

#endif
