/* Artillery's script: its layers of configuration, its scenarios as sockets of users, its phases as
 * arrivals. Sources (2.0.34): packages/artillery/lib/core/{phases,runner,engine_http}.ts,
 * lib/util/prepare-test-execution-plan.ts, lib/platform/local. */
#ifndef HEADROOM_PROBES_PLAN_ARTILLERY_ARTILLERY_H
#define HEADROOM_PROBES_PLAN_ARTILLERY_ARTILLERY_H

#include "base/list.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/arrivals.h"

enum {
	ARTILLERY_LAYERS = 16,
	ARTILLERY_EVENTS_MAX = 2000
};

/* A layer of configuration. The first layer with an entry counts. */
struct artillery_layer {
	struct document document;
	const struct tree_node *root, *config;
};

struct artillery {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	const char *path;            /* path of the script, for origins */
	const char *environment;     /* -e; NULL: not given */
	const struct tree_node *set; /* the variables of --variables; NULL: none */
	struct artillery_layer layers[ARTILLERY_LAYERS];
	size_t layer_count;
	struct name_list hosts;
	double latency_s; /* NAN: not given */
	double timeout_s; /* seconds after which a request is given up */
	/* What the scenarios contain. */
	bool any_http, any_websocket, any_polling;
	const char *other_engine, *other_at; /* an unknown engine and its place; NULL: none */
	const char *close_at;   /* where a header asks the server to close; NULL: nowhere */
	const char *unknown_at; /* a think time or loop that is only known at run time; NULL: none */
	double session_s;       /* mean seconds that a user takes */
	double requests;        /* mean number of requests */
	struct opening *events;
	size_t event_count;
};

/* artillery_expanded replaces "{{ $processEnvironment.NAME }}" and plain variables of the script by
 * their values (script.c). Returns NULL if the text has another variable. */
const char *artillery_expanded(const struct artillery *a, const char *text);
const struct tree_node *artillery_lookup(const struct artillery *a,
		const char *name,
		const char *inner,
		const struct document **ret_document);
/* Reads the number of an entry; leaves *ret unchanged if there is none. Returns false with an error
 * that says what to do if a variable decides it. */
bool artillery_number(const struct artillery *a,
		const struct document *document,
		const struct tree_node *node,
		const char *name,
		const struct quantity_syntax *quantity,
		double *ret);
void artillery_add_host(struct artillery *a,
		const struct document *document,
		const struct tree_node *node,
		const char *url);
extern const struct quantity_syntax artillery_duration;

/* Reads the scenarios, or only the one with that name (session.c). false with an error. */
bool artillery_read_scenarios(struct artillery *a, const char *only);

/* Sets the stages of the plan (phases.c). `solo`: one user. false with an error. */
bool artillery_set_phases(struct artillery *a, bool solo);

#endif
