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

static const char *const charge_titles[CHARGES] = {
		[CHARGE_LIMIT] = "a limit of this host was reached",
		[CHARGE_STARVED] = "the command waited for a CPU",
		[CHARGE_SHORT] = "the load was smaller than planned",
		[CHARGE_ERRORS] = "the tool itself reported errors, or too low a rate",
		[CHARGE_UNSEEN] = "headroom could not see the load",
		[CHARGE_TIMED_OUT] = "--time-limit ended the run",
};

const char *charge_name(enum charge_kind kind)
{
	if (kind >= CHARGES)
		return NULL;
	return charge_names[kind];
}

const char *charge_title(enum charge_kind kind)
{
	if (kind >= CHARGES)
		return NULL;
	return charge_titles[kind];
}

int charge_applies(const struct charge *charge)
{
	if (charge->sentence)
		return 1;
	if (charge->check.known)
		return 0;
	return -1;
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
