/* What a load test's command line says about the test: a workload whose values all have a
 * confidence and an origin, remarkable findings, and what could not be derived. Readers never run
 * the test. Everything they need from outside (files, environment, helper programs) comes through
 * struct plan_context. */
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
/* A number that the plan needs and the command does not give. Any one of the fields answers it. */
struct plan_question {
	enum workload_field fields[PLAN_ANSWERS_MAX];
	size_t count;
	const char *why; /* a clause for after "because": "vegeta holds as many connections as requests
	                    are in flight" */
};

/* Where the tool will run, according to the wrappers around it. Unknown values are 0, NAN or
 * NULL. */
struct plan_vantage {
	/* From prlimit, ulimit -n or docker --ulimit; INFINITY: unlimited. */
	double nofile_soft, nofile_hard;
	bool nofile_raised;      /* ulimit -n hard: raises the soft limit to the hard one */
	const char *nofile_from; /* "prlimit --nofile=4096" */
	double most_seconds;     /* timeout(1) ends the tool after this many seconds */
	const char *most_from;
	double processors; /* number it may run on (taskset, docker --cpuset-cpus), which decides the
	                      threads of some tools */
	double cpu_quota;  /* CPU time in CPUs (docker --cpus). Go since 1.25 starts that many threads;
	                      nginx, HAProxy and wrk use only `processors` */
	bool container;    /* docker run, podman run */
	const char *engine, *image, *network; /* "docker", "grafana/k6", "host" | "bridge" | … */
	bool image_by_name;         /* the image's name is the only sign that it starts this tool */
	struct name_list sysctls;   /* "net.ipv4.ip_local_port_range=1024 65000", from --sysctl */
	struct name_list published; /* "8080:80", from -p */
	struct name_list mounts;    /* "/here:/there", from -v and --mount type=bind */
	double copies;              /* how many containers of this kind are started; 0: not given */
	double pids, memory_bytes;  /* --pids-limit, --memory */
	const char *cwd;            /* directory of relative names: sh -c 'cd DIR && …', docker -w */
};

/* A file that a script writes before its load test reads it. */
struct plan_written {
	const char *path;
	const char *text; /* NULL: not known before the script runs */
};

/* One simple command, without its wrappers. */
struct plan_command {
	const char *const *words; /* NULL-terminated; words[0] is the program as written */
	size_t count;
	/* "NAME=VALUE" from the line, from env, from docker -e; the last one counts. */
	struct name_list environment;
	struct name_list passed_on; /* names whose values a shell elsewhere sets: docker -e NAME */
	const char *input;          /* text from a pipeline or here-string; NULL: none */
	const char *input_path;     /* the FILE of "< FILE"; NULL: none */
	bool input_here;            /* the shell outside of the container opens that file */
	bool input_unknown;         /* its input comes from a program with unknown output */
	struct name_list outputs; /* files for its standard output, or for that of the command after it
	                             in a pipeline */
	struct plan_vantage vantage;
	/* Only for a script: */
	const struct plan_written *written;
	size_t written_count;
	const struct plan_command *runs; /* all its runs, one after another; this is the first */
	size_t run_count;                /* 0: no script, or a single run */
	bool repeats;                    /* in a loop with an unknown number of rounds */
	double pause_s;     /* seconds that the script pauses right before this run; 0: not known */
	bool at_once;       /* begins while the previous run still lasts */
	const char *beside; /* a server that the script also starts on this host; NULL: none */
	/* Started in the background before the run, and not known or not here. */
	struct name_list started;
};

struct plan {
	const char *tool; /* its name in reports: "wrk2" */
	struct workload workload;
	struct finding *findings;
	size_t finding_count, finding_capacity;
	struct plan_question *questions;
	size_t question_count, question_capacity;
	struct plan_vantage vantage;
	bool tls;  /* all connections are encrypted */
	bool idle; /* if it could not be read: the command makes no load */
	struct arena *arena;
	/* Further loads: runs of a script that have other destinations. Their findings are in this
	 * plan. */
	struct plan *others;
	size_t other_count;
};

/* What readers may use from outside. audit/ fills it, tests replace it. Every callback may be NULL,
 * which means that nothing is there. */
struct plan_context {
	struct arena *arena;
	void *host;                      /* passed to the callbacks */
	const struct rules *rules;       /* rules of tools; NULL: the built-in ones */
	const struct workload *given;    /* the user's flags, which override the plan; never NULL */
	double processors;               /* online processors where the tool will run; NAN: unknown */
	double nofile_soft, nofile_hard; /* limits that the tool will start with; NAN: unknown */
	const char *cwd;                 /* absolute directory of relative names; NULL: not known */
	bool no_run;                     /* --no-inspect: run no helper programs */
	/* A clause about a program that `run` did not start because somebody else may have put it there
	 * (find.h); NULL: none. Set by `run`. */
	const char **refused;
	/* The tool will run on another machine. Files that the command names are read here; what the
	 * tool would find by itself (its environment, files in /etc and the home directory, programs)
	 * is not. */
	bool elsewhere;
	/* Reads a whole file of at most PLAN_FILE_MAX bytes into the arena, NUL-terminated. false with
	 * err, which names the path. */
	bool (*read_file)(const struct plan_context *context,
			const char *path,
			const char **ret_bytes,
			size_t *ret_length,
			struct error *err);
	bool (*file_exists)(const struct plan_context *context, const char *path);
	/* Gives the sorted names in a directory, without "." and "..". Returns false if it is not a
	 * directory or cannot be read. */
	bool (*list)(const struct plan_context *context, const char *path, struct name_list *ret_names);
	/* Returns a variable, or NULL if it is not set. Variables cannot be listed. */
	const char *(*environment)(const struct plan_context *context, const char *name);
	/* Runs a program of the tool that prints what it would do (`k6 inspect`, `nginx -v`). argv[0]
	 * is looked up in PATH, `environment` (NULL-terminated NAME=VALUE) is added, cwd may be NULL.
	 * Gives standard output, and standard error if `both`, at most PLAN_FILE_MAX bytes. *ret_found
	 * is false if there is no such program. false with err. */
	bool (*run)(const struct plan_context *context,
			const char *const *argv,
			const char *const *environment,
			const char *cwd,
			bool both,
			const char **ret_output,
			bool *ret_found,
			struct error *err);
	/* Converts XML or YAML ("xml", "yaml") to the JSON of report/helper/tree/tree.h. false with
	 * err, which begins with `shown`. */
	bool (*tree)(const struct plan_context *context,
			const char *format,
			const char *bytes,
			size_t length,
			const char *shown,
			const char **ret_json,
			size_t *ret_length,
			struct error *err);
};

/* For readers: sets a number. `from` is its origin, short and literal ("-c 400", "k6 inspect:
 * maxVUs"). Texts are kept by reference, so they must be literals or in the arena. A later call
 * replaces. Counts are rounded up. */
void plan_number(struct plan *plan,
		enum workload_field field,
		double number,
		enum confidence confidence,
		const char *from);
/* Sets the open files to a setting in the program's configuration file, which overrides the limit
 * that the program starts with. */
void plan_own_nofile(struct plan *plan, const char *setting, double value, const char *from);
void plan_choice(struct plan *plan,
		enum workload_field field,
		const char *choice,
		enum confidence confidence,
		const char *from);
/* Sets named destinations: "HOST:PORT" as destination_check() accepts them. false with err, which
 * names a bad one. */
bool plan_destinations(struct plan *plan,
		const char **items,
		size_t count,
		enum confidence confidence,
		const char *from,
		struct error *err);
/* plan_url sets one destination from a URL ("http://h/", "h:8080", "grpc://[::1]:50051"), with the
 * port of its scheme if it names none. plan_url_target only returns it as "host:port" in the arena.
 * false or NULL with err. */
bool plan_url(struct plan *plan, const char *url, const char *from, struct error *err);
/* Returns true if the scheme means an encrypted connection; plan_url sets plan->tls by it. */
bool plan_url_is_tls(const char *url);
const char *plan_url_target(struct arena *arena, const char *url, struct error *err);
/* Adds a stage; either connections or the rate is NAN. Readers that add stages set neither
 * W_CONNECTIONS nor W_OPEN_RATE. */
void plan_stage(struct plan *plan,
		double duration_s,
		double connections,
		double open_rate_per_s,
		enum confidence confidence,
		const char *from);
/* Asks for any one of the fields, which WORKLOAD_FIELDS ends, unless the user's flags or the plan
 * already answer. */
void plan_ask(struct plan *plan, const struct plan_context *context, const char *why, ...);
/* Adds a finding of one or two sentences: id "plan-…", severity note or warning; where may be
 * NULL. */
void plan_find(struct plan *plan,
		const char *id,
		const char *severity,
		const char *where,
		const char *text);

/* Returns the number that the user gave, or NAN. */
double plan_given(const struct plan_context *context, enum workload_field field);
/* Returns true if what a tool finds by itself where it runs can be seen from here: not for a
 * container or another machine. */
bool plan_sees_host(const struct plan_context *context, const struct plan_command *command);
/* Returns an environment variable as the tool will see it, from the command line or else from
 * headroom's environment; NULL: not set. For a container or another machine only the line
 * counts. */
const char *plan_environment(const struct plan_context *context,
		const struct plan_command *command,
		const char *name);
/* Adds, once, the finding that this variable in the plan counts as not set. */
void plan_find_variable(struct plan *plan, const char *name);
/* Like plan_environment, for a variable that the plan itself names: adds a finding if the value of
 * this shell does not count. */
const char *plan_variable(const struct plan_context *context,
		const struct plan_command *command,
		const char *name,
		struct plan *plan);
/* Returns the variable HEADROOM_NAME, which is for headroom itself no matter where the tool
 * runs. */
const char *plan_own_setting(const struct plan_context *context,
		const struct plan_command *command,
		const char *name);
/* Gives the tool's standard input; *ret_text is NULL if it is not known before the run. false with
 * err. */
bool plan_input(const struct plan_context *context,
		const struct plan_command *command,
		const char **ret_text,
		struct error *err);
/* Gives the names in a directory of the plan, found like the files of plan_file(). Returns false if
 * it is not a directory or cannot be read. */
bool plan_names(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		struct name_list *ret_names);
/* Returns the path at which a file that the command names can be found from here, considering its
 * directory and the mounts of a container. NULL: the file is inside the container. */
const char *plan_path(const struct plan_context *context,
		const struct plan_command *command,
		const char *path);
/* Returns what the script has written so far to this path (as plan_path() gives it), or NULL. */
const struct plan_written *plan_find_written(const struct plan_command *command, const char *path);
/* Returns true if plan_file() would find the file. */
bool plan_file_exists(const struct plan_context *context,
		const struct plan_command *command,
		const char *path);
/* Reads a file of the plan, relative to where the tool will run. Returns false with err if it does
 * not exist, naming it and what names it (`named_by`: "-targets"), or if it is inside a
 * container. */
bool plan_file(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		const char *named_by,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err);

#endif
