/* A locustfile as text, with the local modules that it imports: its classes, the names it assigns,
 * and how its users connect. It is never run. So the results of computations are unknown, and what
 * is found is likely, not certain. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_SCRIPT_H
#define HEADROOM_PROBES_PLAN_LOCUST_SCRIPT_H

#include "base/list.h"
#include "probes/plan/locust/python.h"
#include "probes/plan/plan.h"

enum {
	LOCUST_NONE = -1 /* no class, no function */
};

/* What a statement shows about connections. */
enum locust_fact {
	FACT_REQUEST,      /* a request of the user's own session, which keeps its connection */
	FACT_CALL,         /* requests.get(…): a session, and so a connection, for this call */
	FACT_URLOPEN,      /* urllib: the same, and the server is asked to close */
	FACT_SESSION_EACH, /* a session is made inside a task */
	FACT_SHARED,       /* a session is made once, for all users */
	FACT_CLIENT_CLOSE, /* self.client.close(), or an answer that is not read: stream=True */
	FACT_CLOSE_HEADER, /* Connection: close among headers */
	FACT_SPAWN,        /* greenlets or threads inside a user */
	FACT_CLIENT,       /* a client that is not HTTP: grpc, websocket … */
	FACT_SIDE_CLIENT   /* a database client beside the requests */
};

struct locust_note {
	enum locust_fact fact;
	int class, function;     /* where it is; LOCUST_NONE: outside of any */
	double rounds;           /* of the loops around it; NAN: not known */
	bool task;               /* its function is a task */
	size_t file, start, end; /* the arguments of the call, if it is one */
	const char *name;        /* "requests.get", "grpc" */
	const char *where;       /* "locustfile.py:12" */
};

struct locust_class {
	const char *name, *where;
	struct name_list bases;  /* as imported: "locust.HttpUser", or the bare name */
	int outer;               /* the class around it */
	size_t file, start, end; /* its body */
	bool visible;            /* one of the names that Locust looks through */
	int kind;                /* enum locust_kind, once users.c has found it */
};

struct locust_name {
	const char *name;
	int class, function;
	size_t file, start, end; /* what is assigned */
	const char *where;
};

struct locust_alias {
	const char *name, *target; /* np → numpy; Session → requests.Session */
	size_t file;
};

struct locust_file {
	const char *path, *directory; /* "" where it has none */
	struct python python;
	bool root; /* -f names it */
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
	struct name_list options, switches;  /* that its add_argument() declares, "--name" */
	const char *declares_at;             /* options are declared whose names are not written out */
	const char *plugins_at;              /* a plug-in is imported, which may declare some */
	const struct locust_note *limit_set; /* resource.setrlimit(…), or NULL */
	const char *cut_at;                  /* a file that is too large, or one of too many */
	int functions;
	struct name_list tried; /* modules that were looked for */
	size_t budget;          /* steps that evaluations may still take */
	const char *missing;    /* a variable that a text needs, and that is not set */
};

/* Reads one file and what it imports from beside it; `path` as the tool sees it. Begin with a
 * zeroed script whose context, command, plan and arena are set. False with err where the file
 * itself cannot be read. */
bool locust_script_read(struct locust_script *script,
		const char *path,
		const char *named_by,
		struct error *err);

/* The statements of one file (statements.c), and the calls of one statement (calls.c). */
void locust_read_statements(struct locust_script *script, size_t file);
struct locust_place {
	size_t file;
	int class, function;
	bool task;
	double rounds;
	const char *function_name; /* NULL: outside any */
};
void locust_read_calls(struct locust_script *script,
		const struct locust_place *place,
		size_t start,
		size_t end);
/* Reads a module if it lies beside the file that imports it, or below the locustfile's directory.
 */
void locust_read_module(struct locust_script *script, size_t file, const char *module);
/* How often `for … in range(N)` goes round, its "for" at that token; NAN: not known. */
double locust_rounds(struct locust_script *script, const struct locust_place *place, size_t at);
/* Notes what an import brings. */
void locust_note_import(struct locust_script *script,
		const struct locust_place *place,
		const char *module,
		size_t token);

/* "locustfile.py:12" */
const char *locust_where(const struct locust_script *script, size_t file, size_t token);

/* The dotted name that ends at the token `last`, as it was imported: np.zeros gives numpy.zeros.
 * The text is in the arena; it begins with "." if something other than a name comes before it.
 * *ret_start is its first token. */
const char *locust_dotted(struct locust_script *script,
		size_t file,
		size_t last,
		size_t *ret_start);

/* The part after the last dot. */
const char *locust_last_part(const char *dotted);

/* A text (value.c): what is known of it from its beginning. */
struct locust_text {
	const char *text;
	bool open; /* more may follow, which is not known */
};
struct locust_text locust_text_of(struct locust_script *script, const struct locust_name *at);
/* A number, NAN where it is not known. */
double locust_number_of(struct locust_script *script, const struct locust_name *at);
/* The value last assigned to the name, seen from a class and a function; NULL: none is. */
const struct locust_name *locust_lookup(const struct locust_script *script,
		const char *name,
		int class,
		int function);
/* The class's own or inherited attribute; NULL: none. */
const struct locust_name *locust_attribute(const struct locust_script *script,
		int class,
		const char *name);
/* The class of that name, LOCUST_NONE: not in these files. */
int locust_class_named(const struct locust_script *script, const char *name);

#endif
