/* Finds which VM type a plan needs: judges the plan on each type of a catalogue, with the settings
 * of the judged host, and with the values that the kernel derives from a machine's size. */
#ifndef HEADROOM_AUDIT_SIZE_MACHINE_H
#define HEADROOM_AUDIT_SIZE_MACHINE_H

#include "audit/run/pipeline.h"
#include "audit/size/catalogue.h"

/* One VM type, judged. */
struct machine_fit {
	const struct machine_type *type;
	double hosts; /* hosts after the fixes, for all groups; NAN: more hosts do not help, or not
	                 known */
	double alone; /* the same without dividing the plan into groups */
	double hosts_for_cores; /* of these, how many the processors need; 1: not known */
	const char *binds; /* name within a sentence of the limit that needs more than one host; NULL:
	                      none */
	double holds; /* part of the plan that one machine can carry after the fixes; NAN: not known */
	double cost;  /* hosts × price, or × vCPUs without prices; NAN: not known */
};

struct machine_choice {
	/* The smallest type of which one machine is enough; NULL: none. */
	const struct machine_fit *single;
	/* The next smaller type of its provider, which is not enough (if none is: the largest of all);
	 * NULL: none. */
	const struct machine_fit *smaller;
	const struct machine_fit *split; /* the cheapest number of machines of any type; NULL: none */
};

struct machine_sizing {
	struct catalogue catalogue;
	struct machine_fit *fits; /* one for each type of the catalogue */
	double cores; /* cores that the kernel needs for the plan, at the target; NAN: not measured */
	double opens_per_core_s; /* measured; NAN: not measured */
};

bool machine_judge(const struct pipeline *pipeline,
		const struct loads *plan,
		const char *catalogue_path,
		struct machine_sizing *ret_sizing,
		struct error *err);

/* Returns the hosts after the fixes, summed over all groups; NAN: more hosts do not help, or not
 * known. */
double machine_hosts(const struct result *result);

/* Corrects the number of hosts of this type to the number found when the plan was divided. */
void machine_correct(struct machine_sizing *sizing, const struct machine_fit *fit, double hosts);

/* Chooses within one provider; NULL: among all. */
struct machine_choice machine_choose(const struct machine_sizing *sizing, const char *provider);

/* Puts a type's size into the facts: its memory and CPUs, and what the kernel derives from them at
 * boot. */
void machine_facts(const struct machine_type *type, struct facts *facts);

#endif
