/* Wrappers, taken off one after the other. */
#include "probes/plan/wrappers.h"

#include <math.h>

bool wrappers_take_off(const struct plan_context *context, const char *const *argv, size_t count,
                       struct plan_command *ret_command, struct error *err)
{
	(void)context;
	if (!count || !*argv[0])
		return error_set(err, "no command after \"--\": headroom audit -- wrk -c 400 -t 12 http://10.0.0.5/");
	*ret_command = (struct plan_command){.words = argv, .count = count};
	ret_command->vantage = (struct plan_vantage){
		.nofile_soft = NAN, .nofile_hard = NAN, .processors = context->processors, .pids = NAN};
	return true;
}
