/* The witness blocks all signals. Asked over a pipe about a signal, it answers whether that signal
 * is pending for it. */
#include "audit/gate/group_witness.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void answer(int ask_fd, int answer_fd)
{
	const struct timespec now = {0, 0};
	unsigned char number;
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fd != ask_fd && fd != answer_fd)
			(void)close(fd);
	while (read(ask_fd, &number, 1) == 1) {
		sigset_t one;
		(void)sigemptyset(&one);
		(void)sigaddset(&one, number);
		unsigned char got = sigtimedwait(&one, NULL, &now) == number;
		if (write(answer_fd, &got, 1) != 1)
			break;
	}
	_exit(0);
}

static void close_pair(const int fds[2])
{
	(void)close(fds[0]);
	(void)close(fds[1]);
}

void group_witness_start(struct group_witness *ret_witness)
{
	int ask[2], answers[2];
	*ret_witness = (struct group_witness){0};
	if (pipe2(ask, O_CLOEXEC) != 0)
		return;
	if (pipe2(answers, O_CLOEXEC) != 0) {
		close_pair(ask);
		return;
	}
	int pid = fork();
	if (pid == 0) {
		(void)close(ask[1]);
		answer(ask[0], answers[1]);
	}
	(void)close(ask[0]);
	(void)close(answers[1]);
	*ret_witness = (struct group_witness){pid > 0 ? pid : 0, ask[1], answers[0]};
}

void group_witness_stop(struct group_witness *group_witness)
{
	if (!group_witness->pid)
		return;
	(void)close(group_witness->ask_fd);
	(void)close(group_witness->answer_fd);
	(void)waitpid(group_witness->pid, NULL, 0);
	group_witness->pid = 0;
}

bool group_witness_got(const struct group_witness *group_witness, int signal)
{
	/* kill(2) to a group goes through it one process after the other. */
	const struct timespec moment = {0, 5000000};
	unsigned char number = (unsigned char)signal, got = 0;
	if (!group_witness->pid)
		return false;
	(void)nanosleep(&moment, NULL);
	return write(group_witness->ask_fd, &number, 1) == 1 &&
			read(group_witness->answer_fd, &got, 1) == 1 && got;
}
