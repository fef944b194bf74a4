/* Which layer sets a limit for a process: the kernel, its network namespace, a systemd unit, a
 * container engine, a pod's node, the login, the program itself. */
#ifndef HEADROOM_MODEL_LAYER_LAYER_H
#define HEADROOM_MODEL_LAYER_LAYER_H

#include "base/arena.h"
#include "model/layer/holder.h"

struct judgement;

/* What kind of setting a fact or a member of the plan is. */
enum subject {
	SUBJECT_FILES,   /* RLIMIT_NOFILE */
	SUBJECT_THREADS, /* RLIMIT_NPROC */
	SUBJECT_GROUP,   /* a control group */
	SUBJECT_NETWORK, /* a sysctl that each network namespace has for itself */
	SUBJECT_KERNEL,  /* one of the whole machine */
	SUBJECT_QUEUE,   /* what a program asks for in listen() */
	SUBJECT_PROGRAM, /* a runtime's own table */
	SUBJECT_NAT,     /* a firewall's rule */
	SUBJECT_CLOUD,
	SUBJECT_PLAN, /* the load test */
	SUBJECTS
};

enum layer_kind {
	LAYER_KERNEL,
	LAYER_NETWORK,
	LAYER_UNIT,
	LAYER_ENGINE,
	LAYER_POD,
	LAYER_RUNTIME, /* the container runtime of a node: pods have no field for it */
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
	const char *name; /* of the unit, container, user, group, process; NULL: it has none */
	const char *text; /* "the systemd unit web.service" */
	bool here;        /* a container, and this program runs in it, too */
};

/* The subject of a fact's key, or of a field of the plan that a fix changes. */
enum subject subject_of(const char *key, bool darwin);

struct layer layer_of(struct arena *arena,
		const struct limit_holder *holder,
		const struct facts *facts,
		enum subject subject);

/* Which layer sets the capacity that a limit is judged by. */
struct layer layer_of_limit(struct arena *arena,
		const struct limit_holder *holder,
		const struct facts *facts,
		const struct judgement *judgement);

const char *layer_kind_name(enum layer_kind kind); /* "systemd-unit" */

#endif
