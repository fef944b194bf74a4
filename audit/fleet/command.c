/* The command of each host, where the plan was read from one. */
#include "audit/fleet/fleet.h"
#include "base/shell.h"
#include "probes/plan/command/mask.h"

void fleet_prepare_commands(struct fleet_run *fleet)
{
	const struct name_list *words = &fleet->run->options->child;
	if (words->count == 0 || !fleet->split)
		return;
	fleet->commands =
			fleet_commands_new(fleet->run->arena, fleet->split, words, &fleet->commands_why);
}

/* What may be a secret is not in a report: such a line has to be filled in. */
static const char *shown_line(struct arena *arena, const struct name_list *words)
{
	const struct name_list masked = mask_command(arena, words->items, words->count);
	const struct command_words command = {.words = masked};
	return shell_line(arena, &command);
}

const char *fleet_command_line(struct arena *arena,
		const struct fleet_run *fleet,
		const struct fleet_record *record,
		const char **ret_why)
{
	struct name_list words;
	*ret_why = NULL;
	if (!fleet->commands || record->state == HOST_DUPLICATE)
		return NULL;
	if (!fleet_command_of(arena, fleet->commands, record->place, &words, ret_why))
		return NULL;
	return shown_line(arena, &words);
}
