/* Which VM type a plan needs: judges the plan on each type of a catalogue, with the settings of the
 * host that is judged, and the values that depend on a machine's size as the kernel would compute
 * them there. */
#ifndef HEADROOM_AUDIT_SIZE_MACHINE_H
#define HEADROOM_AUDIT_SIZE_MACHINE_H

#include "audit/run/pipeline.h"
#include "audit/size/catalogue.h"

/* One type, judged. */
struct machine_fit {
	const struct machine_type *type;
	double hosts; /* after the fixes, all groups; NAN: more of them do not help, or not known */
	double alone; /* the same without dividing the plan into its groups */
	double hosts_for_cores; /* of them, what the processors ask for; 1 where that is not known */
	const char *binds; /* the limit, within a sentence, that asks for more than one host; NULL */
	double holds; /* the part of the plan that one machine can carry, with the values set; NAN */
	double cost;  /* hosts × price, or × vCPUs without prices; NAN */
};

struct machine_choice {
	const struct machine_fit *single; /* the smallest that suffices alone; or NULL */
	const struct machine_fit
			*smaller; /* the next smaller one of its provider, which does not (without a single one:
	                   * the largest of all); NULL: none smaller */
	const struct machine_fit *split; /* the cheapest number of any type; NULL: none */
};

struct machine_sizing {
	struct catalogue catalogue;
	struct machine_fit *fits; /* as the catalogue's types */
	double cores;             /* the kernel's part of the plan, at the target; NAN: not measured */
	double opens_per_core_s;  /* measured; NAN */
};

bool machine_judge(const struct pipeline *pipeline,
		const struct loads *plan,
		const char *catalogue_path,
		struct machine_sizing *ret_sizing,
		struct error *err);

/* Hosts after the fixes, those of all groups; NAN: more do not help, or it is not known. */
double machine_hosts(const struct result *result);

/* Corrects the number of hosts of this type to the number found when the plan was divided. */
void machine_correct(struct machine_sizing *sizing, const struct machine_fit *fit, double hosts);

/* The choice within one provider (NULL: among all). */
struct machine_choice machine_choose(const struct machine_sizing *sizing, const char *provider);

/* Puts a type's size into the facts: its memory and CPUs, and what the kernel derives from them at
 * boot. */
void machine_facts(const struct machine_type *type, struct facts *facts);

#endif
