/* What a load test's own command line says about the test: a workload whose every value carries its
 * confidence and origin, what the reader found remarkable, and what it could not derive. Readers
 * derive and never run the test; all they need from outside (files, environment, helper programs)
 * comes through struct plan_context. */
#ifndef HEADROOM_PROBES_PLAN_PLAN_H
#define HEADROOM_PROBES_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "model/load/workload.h"
#include "model/result.h"
#include "model/rule.h"

enum {
	PLAN_ANSWERS_MAX = 4,
	PLAN_FILE_MAX = 16 * 1024 * 1024
};
/* A number that the plan needs and the command does not say; any of the fields answers it. */
struct plan_question {
	enum workload_field fields[PLAN_ANSWERS_MAX];
	size_t count;
	const char *why; /* a clause after "because": "vegeta holds as many connections as requests are
	                    in flight" */
};

/* Where the tool will run, according to the wrappers around it. Unknown: zero, NAN or NULL. */
struct plan_vantage {
	double nofile_soft,
			nofile_hard;     /* prlimit, ulimit -n, docker --ulimit; INFINITY for unlimited */
	bool nofile_raised;      /* ulimit -n hard: the soft limit is the hard one */
	const char *nofile_from; /* "prlimit --nofile=4096" */
	double most_seconds;     /* timeout(1) ends it then */
	const char *most_from;
	double processors; /* that it may run on: taskset, docker --cpuset-cpus; threads of some tools
	                      follow from it */
	double cpu_quota;  /* CPUs' worth of time: docker --cpus. Go since 1.25 starts that many
	                      threads; nginx, HAProxy and wrk look at `processors` alone */
	bool container;    /* docker run, podman run */
	const char *engine, *image, *network; /* "docker", "grafana/k6", "host" | "bridge" | … */
	bool image_by_name;         /* that it starts this tool is concluded from the image's name */
	struct name_list sysctls;   /* "net.ipv4.ip_local_port_range=1024 65000", from --sysctl */
	struct name_list published; /* "8080:80", from -p */
	struct name_list mounts;    /* "/here:/there", from -v and --mount type=bind */
	double copies;              /* containers of this kind that are started; 0: not said */
	double pids, memory_bytes;  /* --pids-limit, --memory */
	const char *cwd;            /* sh -c 'cd DIR && …', docker -w: where relative names start */
};

/* A file that a script writes before its load test reads it. */
struct plan_written {
	const char *path;
	const char *text; /* NULL: not known before it runs */
};

/* One simple command, wrappers taken off. */
struct plan_command {
	const char *const *words; /* words[0] is the program as written; NULL after the last */
	size_t count;
	struct name_list
			environment; /* "NAME=VALUE" set on the line, by env, by docker -e; the last wins */
	struct name_list passed_on; /* names whose values a shell elsewhere has: docker -e NAME */
	const char *input;          /* the text that a pipeline or here-string gives it, or NULL */
	const char *input_path;     /* "< FILE", or NULL */
	bool input_here;            /* the shell outside the container opens that file */
	bool input_unknown;         /* it reads from a program whose output is not known */
	struct name_list outputs;   /* files that a shell's text sends its standard output to, or that
	                               of what stands behind it in a pipeline */
	struct plan_vantage vantage;
	/* Of a script: */
	const struct plan_written *written;
	size_t written_count;
	const struct plan_command *runs; /* all that it runs, one after another; this is the first */
	size_t run_count;                /* 0: no script, or one run */
	bool repeats;                    /* in a loop whose number of turns is not known */
	double pause_s;                  /* of the script, right before this run; 0: none is known */
	bool at_once;                    /* it begins while the run before it still lasts */
	const char *beside;              /* a server that it starts on this host as well, or NULL */
	struct name_list started;        /* before the run, in the background; not known, or not here */
};

struct plan {
	const char *tool; /* "wrk2": as reports name it */
	struct workload workload;
	struct finding *findings;
	size_t finding_count, finding_capacity;
	struct plan_question *questions;
	size_t question_count, question_capacity;
	struct plan_vantage vantage;
	bool tls;  /* all connections are encrypted */
	bool idle; /* where it could not be read: the command makes no load */
	struct arena *arena;
	/* Loads beside it: runs of a script that go elsewhere. Their findings are the plan's, too. */
	struct plan *others;
	size_t other_count;
};

/* What readers may ask of the world. audit/ fills it; tests inject their own. Every callback may be
 * NULL: then the thing asked for does not exist. */
struct plan_context {
	struct arena *arena;
	void *host;                      /* for the callbacks */
	const struct rules *rules;       /* tools that are read as data; NULL: the built-in ones */
	const struct workload *given;    /* the user's own flags, which override; never NULL */
	double processors;               /* online, where the tool will run; NAN: unknown */
	double nofile_soft, nofile_hard; /* that the tool will start with; NAN: unknown */
	const char *cwd;                 /* absolute: where relative names start; NULL: not known */
	bool no_run;                     /* --no-inspect: run no helper program */
	/* What `run` did not start because somebody else may have put it there (find.h): a clause, or
	 * NULL. Set by `run`. */
	const char **refused;
	/* The tool will run on another machine. What the command names is read here; what a tool finds
	 * by itself (its environment, files in /etc and in the home directory, programs) is not. */
	bool elsewhere;
	/* A whole file, at most PLAN_FILE_MAX bytes, NUL-terminated in the arena. err names the path.
	 */
	bool (*read_file)(const struct plan_context *context,
			const char *path,
			const char **ret_bytes,
			size_t *ret_length,
			struct error *err);
	bool (*file_exists)(const struct plan_context *context, const char *path);
	/* The names in a directory, sorted, without "." and ".."; false if it is not a directory or
	 * cannot be read. */
	bool (*list)(const struct plan_context *context, const char *path, struct name_list *ret_names);
	/* NULL: not set. Names only what a reader asks for; nothing is listed. */
	const char *(*environment)(const struct plan_context *context, const char *name);
	/* Runs a program of the tool's own that prints what it would do (`k6 inspect`, `nginx -v`):
	 * argv[0] is looked up in PATH, `environment` (NULL-terminated NAME=VALUE) is added, cwd may be
	 * NULL. Standard output, and standard error if `both`, at most PLAN_FILE_MAX bytes. *ret_found
	 * is false where there is no such program. */
	bool (*run)(const struct plan_context *context,
			const char *const *argv,
			const char *const *environment,
			const char *cwd,
			bool both,
			const char **ret_output,
			bool *ret_found,
			struct error *err);
	/* XML or YAML ("xml", "yaml") as the JSON of report/helper/tree/tree.h. `shown` begins errors.
	 */
	bool (*tree)(const struct plan_context *context,
			const char *format,
			const char *bytes,
			size_t length,
			const char *shown,
			const char **ret_json,
			size_t *ret_length,
			struct error *err);
};

/* For readers. `from`: where a value comes from, short and literal ("-c 400", "k6 inspect:
 * maxVUs"). Texts are kept by reference: literals, or in the arena. A later call replaces. Counts
 * are rounded up. */
void plan_number(struct plan *plan,
		enum workload_field field,
		double number,
		enum confidence confidence,
		const char *from);
/* Open files, as a setting of the program's own file says it: the limit that the program starts
 * with does not count then. */
void plan_own_nofile(struct plan *plan, const char *setting, double value, const char *from);
void plan_choice(struct plan *plan,
		enum workload_field field,
		const char *choice,
		enum confidence confidence,
		const char *from);
/* Destinations by name: "HOST:PORT" as destination_check() takes them. Names what cannot be one in
 * err. */
bool plan_destinations(struct plan *plan,
		const char **items,
		size_t count,
		enum confidence confidence,
		const char *from,
		struct error *err);
/* One destination out of a URL ("http://h/", "h:8080", "grpc://[::1]:50051"), with the scheme's own
 * port; and the same without setting anything: "host:port" in the arena. */
bool plan_url(struct plan *plan, const char *url, const char *from, struct error *err);
/* Does its scheme say that the connection is encrypted? plan_url sets plan->tls by it. */
bool plan_url_is_tls(const char *url);
const char *plan_url_target(struct arena *arena, const char *url, struct error *err);
/* Adds a stage; connections or rate NAN. Readers that stage their plan set neither W_CONNECTIONS
 * nor W_OPEN_RATE. */
void plan_stage(struct plan *plan,
		double duration_s,
		double connections,
		double open_rate_per_s,
		enum confidence confidence,
		const char *from);
/* Asks unless the user's flags or the plan already answer: any of the fields, ended by
 * WORKLOAD_FIELDS. */
void plan_ask(struct plan *plan, const struct plan_context *context, const char *why, ...);
/* A finding about the plan: id "plan-…", severity note | warning, one or two sentences; where may
 * be NULL. */
void plan_find(struct plan *plan,
		const char *id,
		const char *severity,
		const char *where,
		const char *text);

/* The user's own number, or NAN. */
double plan_given(const struct plan_context *context, enum workload_field field);
/* Is what a tool would find by itself where it runs to be seen from here? Not for a container, nor
 * for another machine. */
bool plan_sees_host(const struct plan_context *context, const struct plan_command *command);
/* An environment variable as the tool will see it: set on the command line, else headroom's own;
 * NULL: not set. In a container and on another machine only the line counts. */
const char *plan_environment(const struct plan_context *context,
		const struct plan_command *command,
		const char *name);
/* Says that this variable, which the plan names, counts as not set; once for each. */
void plan_find_variable(struct plan *plan, const char *name);
/* Like plan_environment, for a variable that the plan itself names: says so if this shell's value
 * does not count. */
const char *plan_variable(const struct plan_context *context,
		const struct plan_command *command,
		const char *name,
		struct plan *plan);
/* HEADROOM_NAME is a setting for headroom itself, no matter where the tool runs. */
const char *plan_own_setting(const struct plan_context *context,
		const struct plan_command *command,
		const char *name);
/* What it gets on standard input: NULL where that is not known before it runs. */
bool plan_input(const struct plan_context *context,
		const struct plan_command *command,
		const char **ret_text,
		struct error *err);
/* The names in a directory of the plan, found as plan_file() finds its files; false if it is not a
 * directory or cannot be read. */
bool plan_names(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		struct name_list *ret_names);
/* The path by which a file that the command names is found from here: directory, mounts of a
 * container. NULL: it is inside the container. */
const char *plan_path(const struct plan_context *context,
		const struct plan_command *command,
		const char *path);
/* The text that the script has written to the path so far, by plan_path(); NULL: none. */
const struct plan_written *plan_find_written(const struct plan_command *command, const char *path);
/* Is that file there, as plan_file() would look for it? */
bool plan_file_exists(const struct plan_context *context,
		const struct plan_command *command,
		const char *path);
/* A file of the plan, relative to where the tool will run. What is not there is an error that names
 * it and what names it ("-targets"). A container's files are not here: an error that says so. */
bool plan_file(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		const char *named_by,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err);

#endif
