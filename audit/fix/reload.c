/* systemctl daemon-reload. Nothing is started anew: when that may happen, a person says. */
#include "audit/fix/reload.h"

#include <unistd.h>

#include "audit/fix/own_file.h"
#include "probes/plan/command/find.h"
#include "probes/plan/command/run.h"

enum {
	RELOAD_SECONDS_MAX = 30,
	RELOAD_BYTES_MAX = 64 * 1024
};

bool reload_is_due(const struct apply *apply)
{
	const struct journal *journal = &apply->journal;
	/* sd_booted(3) */
	if (!apply->live || access("/run/systemd/system", F_OK) < 0)
		return false;
	for (size_t i = 0; i < journal->count; i++) {
		const struct entry *entry = &journal->items[i];
		if (entry->kind == ENTRY_FILE && own_file_is_drop_in(entry->name))
			return true;
	}
	return false;
}

static bool reload_now(struct arena *arena)
{
	static const char *const arguments[] = {"systemctl", "daemon-reload", NULL};
	const char *why;
	struct run_result result = {0};
	const struct run_request request = {
			.program = find_program(arena, "systemctl", &why),
			.arguments = arguments,
			.seconds_max = RELOAD_SECONDS_MAX,
			.bytes_max = RELOAD_BYTES_MAX,
	};
	if (!request.program)
		return false;
	run_program(&request, &result);
	text_release(&result.output);
	text_release(&result.errors);
	return result.end == RUN_EXITED && result.status == 0;
}

void reload_systemd(const struct apply *apply, struct text *said)
{
	if (reload_now(apply->arena))
		text_add(said, "systemctl daemon-reload: done\n");
	else
		text_add(said,
				"systemctl daemon-reload failed; run it yourself, or the drop-in will have no "
				"effect at the next start\n");
}
