/* The vantage point by name: a systemd unit or a container, instead of a process id. Finds its
 * process and what its configuration says; changes nothing, asks no server but the container
 * engine's own socket. */
#ifndef HEADROOM_AUDIT_VANTAGE_VANTAGE_H
#define HEADROOM_AUDIT_VANTAGE_VANTAGE_H

#include "audit/cli/options.h"
#include "audit/vantage/find.h"
#include "model/fact.h"
#include "model/result.h"

/* Where --unit or --container is given: sets options->pid (if it runs) and options->vantage. */
bool vantage_resolve(struct arena *arena, struct options *options, struct error *err);

/* Puts what is only configured into the facts. */
bool vantage_facts(const struct vantage *vantage, struct facts *facts, struct error *err);

/* How the host's own values differ from those that the process has, and what the configuration says
 * that is not in force. Reads the host a second time. Findings live in the arena. */
bool vantage_findings(struct arena *arena,
		const struct vantage *vantage,
		const struct facts *facts,
		const char *facts_path,
		struct finding **ret_findings,
		size_t *ret_count,
		struct error *err);

/* The nat that follows for a workload without one; NULL: none. */
const char *vantage_nat(const struct vantage *vantage, const struct workload *workload);

#endif
