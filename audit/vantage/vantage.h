/* The vantage point by name: a systemd unit or a container, instead of a process id. Finds its
 * process and what its configuration says; changes nothing, asks no server but the container
 * engine's own socket. */
#ifndef HEADROOM_AUDIT_VANTAGE_VANTAGE_H
#define HEADROOM_AUDIT_VANTAGE_VANTAGE_H

#include "audit/cli/options.h"
#include "audit/vantage/find.h"
#include "model/fact.h"
#include "model/result.h"

/* With --unit or --container: sets options->vantage, and options->pid if it is running. */
bool vantage_resolve(struct arena *arena, struct options *options, struct error *err);

/* Adds values to the facts that come only from the configuration. */
bool vantage_facts(const struct vantage *vantage, struct facts *facts, struct error *err);

/* Findings about values of the host that differ from those of the process, and about configuration
 * that is not in effect. Reads the host a second time. The findings are in the arena. */
bool vantage_findings(struct arena *arena,
		const struct vantage *vantage,
		const struct facts *facts,
		const char *facts_path,
		struct finding **ret_findings,
		size_t *ret_count,
		struct error *err);

/* The value of `nat` that follows for a workload without one, or NULL. */
const char *vantage_nat(const struct vantage *vantage, const struct workload *workload);

#endif
