/* Finds which layer sets a limit for a process: the kernel, its network namespace, a systemd unit,
 * a container engine, a pod's node, the login or the program itself. */
#ifndef HEADROOM_MODEL_LAYER_LAYER_H
#define HEADROOM_MODEL_LAYER_LAYER_H

#include "base/arena.h"
#include "model/layer/holder.h"

struct judgement;

/* The kind of setting that a fact or a field of the plan is. */
enum subject {
	SUBJECT_FILES,   /* RLIMIT_NOFILE */
	SUBJECT_THREADS, /* RLIMIT_NPROC */
	SUBJECT_GROUP,   /* a limit of a control group */
	SUBJECT_NETWORK, /* a sysctl that each network namespace has separately */
	SUBJECT_KERNEL,  /* a sysctl of the whole machine */
	SUBJECT_QUEUE,   /* the backlog that a program passes to listen() */
	SUBJECT_PROGRAM, /* a table inside a language runtime */
	SUBJECT_NAT,     /* a firewall rule */
	SUBJECT_CLOUD,
	SUBJECT_PLAN, /* the load test itself */
	SUBJECTS
};

enum layer_kind {
	LAYER_KERNEL,
	LAYER_NETWORK,
	LAYER_UNIT,
	LAYER_ENGINE,
	LAYER_POD,
	LAYER_RUNTIME, /* a node's container runtime, for limits that a pod has no field for */
	LAYER_LOGIN,
	LAYER_LAUNCHD,
	LAYER_GROUP,
	LAYER_PROGRAM,
	LAYER_FIREWALL,
	LAYER_CLOUD,
	LAYER_PLAN,
	LAYERS
};

struct layer {
	enum layer_kind kind;
	const char *name; /* of the unit, container, user, group or process; NULL: it has no name */
	const char *text; /* "the systemd unit web.service" */
	bool here;        /* a container that this program runs in too */
};

/* Returns what kind of setting a fact's key, or a field of the plan that a fix changes, belongs
 * to. */
enum subject subject_of(const char *key, bool darwin);

struct layer layer_of(struct arena *arena,
		const struct limit_holder *holder,
		const struct facts *facts,
		enum subject subject);

/* Returns the layer that sets the capacity of the judged limit. */
struct layer layer_of_limit(struct arena *arena,
		const struct limit_holder *holder,
		const struct facts *facts,
		const struct judgement *judgement);

const char *layer_kind_name(enum layer_kind kind); /* "systemd-unit" */

#endif
