/* Artillery's script: configuration in layers, scenarios as the sockets of their users, phases as
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

/* A place to look an entry up in; the first that has it wins. */
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
	const char *path;            /* of the script, for origins */
	const char *environment;     /* -e, or NULL */
	const struct tree_node *set; /* the variables of --variables, or NULL */
	struct artillery_layer layers[ARTILLERY_LAYERS];
	size_t layer_count;
	struct name_list hosts;
	double latency_s; /* NAN: not said */
	double timeout_s; /* after which a request is given up */
	/* What the scenarios say. */
	bool any_http, any_websocket, any_polling;
	const char *other_engine, *other_at; /* an engine that is not known */
	const char *close_at;                /* a header asks the server to close */
	const char *unknown_at;              /* a think time or loop that is decided while it runs */
	double session_s;                    /* mean time that a user takes */
	double requests;                     /* mean number of them */
	struct opening *events;
	size_t event_count;
};

/* script.c: replaces "{{ $processEnvironment.NAME }}" and the script's own plain variables by their
 * values; NULL if the text has another variable. */
const char *artillery_expanded(const struct artillery *a, const char *text);
const struct tree_node *artillery_lookup(const struct artillery *a,
		const char *name,
		const char *inner,
		const struct document **ret_document);
/* The number of an entry; *ret is left alone where there is none. What a variable decides is an
 * error that says what to do. */
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

/* session.c: reads the scenarios, or the one of that name. */
bool artillery_read_scenarios(struct artillery *a, const char *only);

/* phases.c: the stages of the plan. `solo`: one user. */
bool artillery_set_phases(struct artillery *a, bool solo);

#endif
