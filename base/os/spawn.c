#include "base/os/spawn.h"

#include <signal.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

typedef int spawn_function(pid_t *ret_pid,
		const char *program,
		const posix_spawn_file_actions_t *actions,
		const posix_spawnattr_t *attributes,
		char *const *argv,
		char *const *environment);

/* A descriptor that gets its own number stays open: only close-on-exec goes then
 * (posix_spawn_file_actions_adddup2(3)). */
static int spawn_pass(posix_spawn_file_actions_t *actions, int fd, int as)
{
	if (fd < 0)
		return 0;
	return posix_spawn_file_actions_adddup2(actions, fd, as);
}

static int spawn_files(const struct spawn *how, posix_spawn_file_actions_t *actions)
{
	int broken = 0;
	if (how->directory)
		broken |= posix_spawn_file_actions_addchdir_np(actions, how->directory);
	broken |= spawn_pass(actions, how->input, STDIN_FILENO);
	broken |= spawn_pass(actions, how->output, STDOUT_FILENO);
	broken |= spawn_pass(actions, how->errors, STDERR_FILENO);
	for (size_t i = 0; i < how->file_count; i++)
		broken |= spawn_pass(actions, how->files[i], how->files[i]);
	return broken;
}

static int spawn_attributes(const struct spawn *how, posix_spawnattr_t *attributes)
{
	short flags = POSIX_SPAWN_SETSIGDEF;
	sigset_t defaults;
	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGPIPE);
	if (how->group)
		flags |= POSIX_SPAWN_SETPGROUP;
	int broken = posix_spawnattr_setsigdefault(attributes, &defaults);
	broken |= posix_spawnattr_setpgroup(attributes, 0);
	broken |= posix_spawnattr_setflags(attributes, flags);
	return broken;
}

int spawn_start(const struct spawn *how, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	spawn_function *start = posix_spawn;
	char *const *environment = how->environment;
	if (how->search)
		start = posix_spawnp;
	if (!environment)
		environment = environ;
	int broken = posix_spawn_file_actions_init(&actions);
	broken |= posix_spawnattr_init(&attributes);
	broken |= spawn_files(how, &actions);
	broken |= spawn_attributes(how, &attributes);
	if (!broken)
		broken = start(ret_pid, how->program, &actions, &attributes, how->argv, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attributes);
	return broken;
}
