/* The command with which each host runs its share of a load test. The options that set the amount
 * of load are divided; all other words stay. Each word is one argument of the program; base/shell.h
 * makes a line of them. */
#ifndef HEADROOM_MODEL_FLEET_COMMAND_H
#define HEADROOM_MODEL_FLEET_COMMAND_H

#include "model/fleet/split.h"

struct fleet_commands;

/* Divides the command of the plan's last load, including what precedes the tool (env, docker run).
 * Returns NULL with *ret_why, a clause ("jmeter: no property says …"), if its options cannot be
 * divided. The arguments must live as long as the result. */
struct fleet_commands *fleet_commands_new(struct arena *arena,
		const struct fleet_split *split,
		const struct name_list *words,
		const char **ret_why);

/* The words of this host's command. Returns false if the host runs no part of the test (a proxy, a
 * server, a host without a share) or if the tool cannot run such a small part: *ret_why says so, or
 * is NULL. */
bool fleet_command_of(struct arena *arena,
		const struct fleet_commands *commands,
		size_t host,
		struct name_list *ret_words,
		const char **ret_why);

#endif
