/* The names of the reasons, and their order. */
#include "model/watch/charge.h"

static const char *const charge_names[CHARGES] = {
		[CHARGE_LIMIT] = "limit",
		[CHARGE_STARVED] = "starved",
		[CHARGE_SHORT] = "short",
		[CHARGE_ERRORS] = "errors",
		[CHARGE_UNSEEN] = "unseen",
		[CHARGE_TIMED_OUT] = "timed-out",
};

const char *charge_name(enum charge_kind kind)
{
	if (kind >= CHARGES)
		return NULL;
	return charge_names[kind];
}

void charge_add(struct charge *charge, const char *id, double value, enum unit unit)
{
	if (charge->figure_count < CHARGE_FIGURES)
		charge->figures[charge->figure_count++] = (struct charge_figure){id, value, unit};
}

enum charge_kind charges_first(const struct charge charges[CHARGES])
{
	for (size_t i = 0; i < CHARGES; i++)
		if (charges[i].sentence)
			return (enum charge_kind)i;
	return CHARGES;
}
