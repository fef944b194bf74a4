/* The process whose limits count, and its surroundings: a unit, a container, a network
 * namespace. */
#ifndef HEADROOM_MODEL_LAYER_HOLDER_H
#define HEADROOM_MODEL_LAYER_HOLDER_H

#include "base/list.h"
#include "model/fact.h"

/* What is known about the node that will create a container. */
struct node_settings {
	const char *runtime;  /* "containerd", "crio", "dockerd", "podman"; NULL: not known */
	const char *files_by; /* the file that sets the limit of open files; NULL: inherited from the
	                         runtime */
	struct name_list allowed; /* sysctls that the kubelet allows pods to set beyond the safe ones:
	                             "net.core.*" */
};

struct limit_holder {
	int pid;             /* 0: not known, or this program's own shell */
	const char *program; /* as /proc/PID/comm says; NULL: not known */
	const char *user;    /* NULL: not known */
	const char *unit;    /* systemd unit; NULL: it runs in none */
	/* "docker", "podman" or "kubernetes": it runs in a container that this program is outside of.
	 * NULL: it runs in no container, or in the same one as this program. */
	const char *container;
	const char *container_name; /* NULL: not known */
	const char *within;         /* like container, if this program runs in that container too */
	bool other_network;         /* its network namespace is not that of this program */

	/* The rest is known only to an audit. */
	bool root;       /* its user is root */
	bool of_user;    /* the unit belongs to a user's own systemd */
	bool planned;    /* the container does not exist yet: it will be created for the plan */
	bool configured; /* the limits are those configured for the container, not the host's */
	struct node_settings node;
	bool host_network;    /* the container uses the network namespace of its host */
	bool child_network;   /* this program itself runs in a child network namespace */
	bool darwin;          /* macOS */
	bool writes_network;  /* this program may set the sysctls of its network namespace */
	bool unit_named;      /* the user named the unit, so its systemd can be reached, even inside a
	                         container */
	bool no_login;        /* it runs, and no login started it: limits.d has no effect on it */
	bool cannot_raise;    /* not even root may raise a hard limit there */
	bool nofile_reaches;  /* the running program would use a higher limit of open files */
	const char *start_in; /* the unit to start in, if systemd-run created it */
	/* The command that creates the container ("docker" "run" …) if it is a plain one, else
	 * empty. */
	struct name_list command;
};

/* Returns what the facts alone say; an audit adds what it knows about the process and the plan. */
struct limit_holder holder_of_facts(const struct facts *facts);

/* Returns the engine of the container that the process runs in, or NULL if it runs in none. */
const char *holder_engine(const struct limit_holder *holder);
/* Returns true if it runs in a systemd service, which has limits and can be restarted. */
bool holder_has_service(const struct limit_holder *holder);

#endif
