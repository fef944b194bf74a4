/* Looks at namespaces, and at what the plan's command makes. */
#include "audit/run/holder.h"

#include <linux/capability.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/vantage/vantage.h"
#include "base/os/file.h"
#include "base/text.h"

enum {
	LINK_MAX = 64
};

/* 0: not known. */
static ino_t namespace_of(int pid, const char *kind)
{
	char path[LINK_MAX];
	struct stat status;
	(void)snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, kind);
	if (stat(path, &status) != 0)
		return 0;
	return status.st_ino;
}

bool holder_differs_in(int pid, const char *kind)
{
	const ino_t there = namespace_of(pid, kind);
	const ino_t here = namespace_of(getpid(), kind);
	if (there == 0 || here == 0)
		return false;
	return there != here;
}

/* The kernel keeps who logged in, for all that a login starts. Without such a file it is not known;
 * the first process is never one of those. */
static bool is_of_no_login(int pid)
{
	static const unsigned long unset = 4294967295;
	char path[LINK_MAX];
	char text[LINK_MAX];
	(void)snprintf(path, sizeof path, "/proc/%d/loginuid", pid);
	const char *user = file_text(path, text, sizeof text);
	if (pid == 1)
		return true;
	return *user && strtoul(user, NULL, 10) == unset;
}

/* A process that runs, seen from here. */
static void add_running(const struct holder_question *q, struct limit_holder *holder)
{
	const struct options *options = q->options;
	holder->pid = (int)options->pid;
	holder->container_name = options->container;
	holder->other_network = holder_differs_in(holder->pid, "net");
	holder->no_login = is_of_no_login(holder->pid);
	if (!holder_differs_in(holder->pid, "mnt"))
		return;
	holder->container = holder->within;
	holder->within = NULL;
	holder->host_network = holder->container && !holder->other_network;
	const struct program_rule *program = NULL;
	if (holder->program)
		program = rules_program(q->rules, holder->program);
	holder->nofile_reaches = program && program->nofile == PICKS_UP_YES;
}

/* A container by its name, or a unit, that does not run. */
static void add_configured(const struct holder_question *q, struct limit_holder *holder)
{
	const struct options *options = q->options;
	const struct vantage *vantage = options->vantage;
	if (!options->container)
		return;
	holder->container = vantage->planned.container;
	holder->within = NULL;
	holder->planned = !strcmp(options->container, "new");
	holder->configured = holder->planned;
	holder->node = vantage->node;
	if (!holder->planned)
		holder->container_name = options->container;
	holder->other_network = vantage->own_network;
	holder->host_network = vantage->network && !strcmp(vantage->network, "host");
}

/* The container that the command starts. */
static void add_planned(const struct holder_question *q, struct limit_holder *holder)
{
	const struct plan_vantage *v = &q->plan->vantage;
	*holder = (struct limit_holder){
			.container = v->engine,
			.planned = true,
			.root = true, /* of most images */
			.host_network = v->network && !strcmp(v->network, "host"),
			.command = q->options->child,
	};
}

/* The right to raise a hard limit: what this program cannot get, sudo does not get from here. */
static bool is_out_of_reach(void)
{
	int bounded = prctl(PR_CAPBSET_READ, CAP_SYS_RESOURCE);
	return bounded == 0;
}

static void add_rights(struct limit_holder *holder)
{
	if (is_out_of_reach())
		holder->cannot_raise = true;
}

struct limit_holder run_holder(const struct holder_question *q)
{
	const struct options *options = q->options;
	struct limit_holder holder = holder_of_facts(q->facts);
	if (q->plan && q->plan->vantage.container)
		add_planned(q, &holder);
	else if (options->vantage && options->pid <= 0)
		add_configured(q, &holder);
	else if (options->pid > 0 && !options->facts_path)
		add_running(q, &holder);
	else if (!options->facts_path && !options->fix.root)
		add_rights(&holder);
	bool live = !options->facts_path && !options->fix.root;
	bool own_network = !holder.planned && !holder.container && !holder.other_network;
	if (live && own_network)
		holder.writes_network = access("/proc/sys/net/ipv4/ip_local_port_range", W_OK) == 0;
	holder.unit_named = options->unit && !options->facts_path;
	return holder;
}
