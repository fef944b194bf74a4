/* The process whose limits count, and what surrounds it: a unit, a container, a network namespace.
 */
#ifndef HEADROOM_MODEL_LAYER_HOLDER_H
#define HEADROOM_MODEL_LAYER_HOLDER_H

#include "base/list.h"
#include "model/fact.h"

/* What is known of the node that will make a container. */
struct node_settings {
	const char *runtime;      /* "containerd", "crio", "dockerd", "podman"; NULL: not known */
	const char *files_by;     /* the file that sets the limit of files; NULL: the runtime's own is
	                             inherited */
	struct name_list allowed; /* sysctls that the kubelet lets pods set besides the safe ones;
	                             "net.core.*" */
};

struct limit_holder {
	int pid;             /* 0: not known, or this program's own shell */
	const char *program; /* as /proc/PID/comm has it; NULL: not known */
	const char *user;    /* NULL: not known */
	const char *unit;    /* of systemd; NULL: it runs in none */
	/* "docker", "podman", "kubernetes": it runs in a container, as seen from outside of it. NULL:
	 * it does not, or this program runs in the same one. */
	const char *container;
	const char *container_name; /* NULL: not known */
	const char *within;         /* the same where this program runs in that container, too */
	bool other_network;         /* another network namespace than that of this program */

	/* What an audit knows besides. */
	bool root;       /* its user is root */
	bool of_user;    /* the unit belongs to a user's own systemd */
	bool planned;    /* the container does not run: it will be made for the plan */
	bool configured; /* the limits are those of that container, not of the host */
	struct node_settings node;
	bool host_network;   /* the container shares the network namespace of its host */
	bool child_network;  /* this program itself is in a network namespace that is not the first */
	bool darwin;         /* macOS */
	bool writes_network; /* this program may set the sysctls that belong to its network namespace */
	bool unit_named;     /* the unit was asked for: its systemd is here, also within a container */
	bool cannot_raise;   /* not even root has the right to raise a hard limit there */
	bool nofile_reaches; /* the program that runs uses a larger limit of files */
	const char *start_in; /* the unit, where it is one that systemd-run made */
	/* The command that makes the container, if it is a plain one: "docker" "run" …; else empty. */
	struct name_list command;
};

/* What the facts alone say; an audit adds what it knows of the process and the plan. */
struct limit_holder holder_of_facts(const struct facts *facts);

/* The engine of the container that it runs in; NULL: none. */
const char *holder_engine(const struct limit_holder *holder);
/* Does it run in a systemd service, which has limits and can be restarted? */
bool holder_has_service(const struct limit_holder *holder);

#endif
