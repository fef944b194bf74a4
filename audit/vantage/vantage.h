/* The vantage point by name: a systemd unit or a container instead of a PID. Finds its process and
 * its configuration; changes nothing, and asks no server except the container engine's socket. */
#ifndef HEADROOM_AUDIT_VANTAGE_VANTAGE_H
#define HEADROOM_AUDIT_VANTAGE_VANTAGE_H

#include "audit/cli/options.h"
#include "audit/vantage/find.h"
#include "model/fact.h"
#include "model/result.h"

/* With --unit or --container: sets options->vantage, and options->pid if it runs. false with
 * err. */
bool vantage_resolve(struct arena *arena, struct options *options, struct error *err);

/* Adds the values that come only from the configuration to the facts. false with err. */
bool vantage_facts(const struct vantage *vantage, struct facts *facts, struct error *err);

/* Gives findings, in the arena, about values of the host that differ from those of the process, and
 * about configuration that is not in effect. Reads the host a second time. false with err. */
bool vantage_findings(struct arena *arena,
		const struct vantage *vantage,
		const struct facts *facts,
		const char *facts_path,
		struct finding **ret_findings,
		size_t *ret_count,
		struct error *err);

/* Returns the value of `nat` for a workload that does not set it, or NULL. */
const char *vantage_nat(const struct vantage *vantage, const struct workload *workload);

#endif
