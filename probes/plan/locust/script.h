/* A locustfile as text, with the local modules that it imports: its classes, the names it assigns,
 * and how its users connect. It is never run, so computed values are unknown, and findings are
 * likely, not certain. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_SCRIPT_H
#define HEADROOM_PROBES_PLAN_LOCUST_SCRIPT_H

#include "base/list.h"
#include "probes/plan/locust/python.h"
#include "probes/plan/plan.h"

enum {
	LOCUST_NONE = -1 /* no class or function */
};

/* What a statement reveals about connections. */
enum locust_fact {
	FACT_REQUEST,      /* a request in the user's session, which keeps its connection */
	FACT_CALL,         /* requests.get(…): a session, and so a connection, for each call */
	FACT_URLOPEN,      /* urllib: the same, and the server is asked to close */
	FACT_SESSION_EACH, /* a task creates a session */
	FACT_SHARED,       /* one session is created for all users */
	FACT_CLIENT_CLOSE, /* self.client.close(), or an unread answer: stream=True */
	FACT_CLOSE_HEADER, /* Connection: close among headers */
	FACT_SPAWN,        /* a user starts greenlets or threads */
	FACT_CLIENT,       /* a client without HTTP: grpc, websocket … */
	FACT_SIDE_CLIENT   /* a database client in addition to the requests */
};

struct locust_note {
	enum locust_fact fact;
	int class, function;     /* where it is; LOCUST_NONE: outside */
	double rounds;           /* rounds of the loops around it; NAN: not known */
	bool task;               /* its function is a task */
	size_t file, start, end; /* tokens of the call's arguments, if it is a call */
	const char *name;        /* "requests.get", "grpc" */
	const char *where;       /* "locustfile.py:12" */
};

struct locust_class {
	const char *name, *where;
	struct name_list bases;  /* as imported: "locust.HttpUser", or a bare name */
	int outer;               /* index of the class around it */
	size_t file, start, end; /* tokens of its body */
	bool visible;            /* Locust looks through this name */
	int kind;                /* enum locust_kind, set by users.c */
};

struct locust_name {
	const char *name;
	int class, function;
	size_t file, start, end; /* tokens of the assigned value */
	const char *where;
};

struct locust_alias {
	const char *name, *target; /* np → numpy; Session → requests.Session */
	size_t file;
};

struct locust_file {
	const char *path, *directory; /* directory: "" if it has none */
	struct python python;
	bool root; /* named by -f */
};

struct locust_script {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct locust_file *files;
	size_t file_count, file_capacity;
	struct locust_class *classes;
	size_t class_count, class_capacity;
	struct locust_name *names;
	size_t name_count, name_capacity;
	struct locust_alias *aliases;
	size_t alias_count, alias_capacity;
	struct locust_note *notes;
	size_t note_count, note_capacity;
	struct name_list options, switches; /* options that add_argument() declares: "--name" */
	const char *declares_at; /* where options are declared with names that are not literal; NULL:
	                            nowhere */
	/* Where a plug-in is imported, which may declare options; NULL: nowhere. */
	const char *plugins_at;
	const struct locust_note *limit_set; /* resource.setrlimit(…); NULL: none */
	const char *cut_at;                  /* a file that is too large, or one too many; NULL: none */
	int functions;
	struct name_list tried; /* names of modules looked for */
	size_t budget;          /* steps left for evaluations */
	const char *missing;    /* a variable that a text needs and that is not set; NULL: none */
};

/* Reads one file and its local imports; `path` is as the tool sees it. Begin with a zeroed script
 * and set context, command, plan and arena. Returns false with err if the file itself cannot be
 * read. */
bool locust_script_read(struct locust_script *script,
		const char *path,
		const char *named_by,
		struct error *err);

/* Read the statements of one file (statements.c), and the calls of one statement (calls.c). */
void locust_read_statements(struct locust_script *script, size_t file);
struct locust_place {
	size_t file;
	int class, function;
	bool task;
	double rounds;
	const char *function_name; /* NULL: outside any function */
};
void locust_read_calls(struct locust_script *script,
		const struct locust_place *place,
		size_t start,
		size_t end);
/* Reads a module if it is next to the importing file or below the locustfile's directory. */
void locust_read_module(struct locust_script *script, size_t file, const char *module);
/* Returns the rounds of `for … in range(N)` with its "for" at this token; NAN: not known. */
double locust_rounds(struct locust_script *script, const struct locust_place *place, size_t at);
/* Records the names that an import defines. */
void locust_note_import(struct locust_script *script,
		const struct locust_place *place,
		const char *module,
		size_t token);

/* Returns the place of a token: "locustfile.py:12". */
const char *locust_where(const struct locust_script *script, size_t file, size_t token);

/* Returns the dotted name that ends at the token `last`, as imported: np.zeros gives numpy.zeros.
 * It is in the arena, and begins with "." if something other than a name precedes it. *ret_start is
 * its first token. */
const char *locust_dotted(struct locust_script *script,
		size_t file,
		size_t last,
		size_t *ret_start);

/* Returns the part after the last dot. */
const char *locust_last_part(const char *dotted);

/* The known beginning of a text (value.c). */
struct locust_text {
	const char *text;
	bool open; /* more may follow */
};
struct locust_text locust_text_of(struct locust_script *script, const struct locust_name *at);
/* Returns a number, or NAN if it is not known. */
double locust_number_of(struct locust_script *script, const struct locust_name *at);
/* Returns the last value assigned to the name as seen from a class and a function, or NULL. */
const struct locust_name *locust_lookup(const struct locust_script *script,
		const char *name,
		int class,
		int function);
/* Returns an attribute of the class, possibly inherited, or NULL. */
const struct locust_name *locust_attribute(const struct locust_script *script,
		int class,
		const char *name);
/* Returns the class with this name, or LOCUST_NONE if it is not in these files. */
int locust_class_named(const struct locust_script *script, const char *name);

#endif
