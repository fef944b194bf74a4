/* getaddrinfo(3) has no time limit and looks into the namespaces of its own process, so each name
 * is asked for by a child process of its own. */
#include "probes/host/target/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/address.h"
#include "base/array.h"
#include "base/os/clock.h"
#include "base/text.h"
#include "model/load/destination.h"

enum {
	ANSWER_MAX = 4096,
	AT_ONCE = 64
};

static const double resolve_most_s = 0.5;

/* What a child says: a letter, then the addresses ('+') or the reason why there are none ('-'). */
struct question {
	struct resolved_name *name;
	pid_t child;
	int fd; /* -1: answered, or never asked */
	char answer[ANSWER_MAX];
	size_t length;
};

/* --- The child --- */

static bool resolve_enter_one(int pid, const char *kind)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, kind);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && setns(fd, 0) == 0;
}

/* The namespaces of a rootless container may be entered by way of its user namespace. */
static bool resolve_enter(int pid)
{
	char own[64], other[64], path[64];
	if (pid == 0)
		return true;
	(void)snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
	ssize_t a = readlink("/proc/self/ns/user", own, sizeof own);
	ssize_t b = readlink(path, other, sizeof other);
	bool same_user = a == b && a > 0 && memcmp(own, other, (size_t)a) == 0;
	if (!same_user && b > 0)
		(void)resolve_enter_one(pid, "user");
	return resolve_enter_one(pid, "net") && resolve_enter_one(pid, "mnt");
}

static void resolve_write(int fd, const char *text)
{
	size_t length = strlen(text);
	(void)!write(fd, text, length);
}

static const char *resolve_print(const struct addrinfo *item, char text[INET6_ADDRSTRLEN])
{
	const struct sockaddr_in *four = (const void *)item->ai_addr;
	const struct sockaddr_in6 *six = (const void *)item->ai_addr;
	if (item->ai_family == AF_INET)
		return inet_ntop(AF_INET, &four->sin_addr, text, INET6_ADDRSTRLEN);
	if (item->ai_family == AF_INET6)
		return inet_ntop(AF_INET6, &six->sin6_addr, text, INET6_ADDRSTRLEN);
	return NULL;
}

static void resolve_answer(int pid, const char *name, int fd)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	if (!resolve_enter(pid)) {
		resolve_write(fd, "-the namespaces of the process cannot be entered");
		return;
	}
	int error = getaddrinfo(name, NULL, &hints, &list);
	if (error != 0) {
		resolve_write(fd, "-");
		resolve_write(fd, gai_strerror(error));
		return;
	}
	resolve_write(fd, "+");
	for (const struct addrinfo *item = list; item; item = item->ai_next) {
		char text[INET6_ADDRSTRLEN];
		if (!resolve_print(item, text))
			continue;
		resolve_write(fd, text);
		resolve_write(fd, " ");
	}
}

/* --- The parent --- */

static void question_ask(struct question *question, int pid)
{
	int ends[2];
	question->fd = -1;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	question->child = fork();
	if (question->child == 0) {
		resolve_answer(pid, question->name->name, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	if (question->child < 0)
		close(ends[0]);
	else
		question->fd = ends[0];
}

static void question_end(struct question *question)
{
	close(question->fd);
	question->fd = -1;
	(void)kill(question->child, SIGKILL);
	(void)waitpid(question->child, NULL, 0);
}

/* More of the answer. */
static void question_read(struct question *question)
{
	size_t room = sizeof question->answer - 1 - question->length;
	ssize_t got = 0;
	if (room > 0)
		got = read(question->fd, question->answer + question->length, room);
	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		question_end(question);
		return;
	}
	question->length += (size_t)got;
}

/* Waits for the answers of a wave; false: the time is over. */
static bool wave_wait(struct question *wave, size_t count, double until_s)
{
	struct pollfd polls[AT_ONCE];
	size_t open = 0;
	for (size_t i = 0; i < count; i++) {
		polls[i] = (struct pollfd){.fd = wave[i].fd, .events = POLLIN};
		open += wave[i].fd >= 0;
	}
	double left_s = until_s - clock_now_s();
	if (open == 0 || left_s <= 0)
		return false;
	if (poll(polls, count, (int)(left_s * 1000) + 1) < 0 && errno != EINTR)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (wave[i].fd >= 0 && polls[i].revents != 0)
			question_read(&wave[i]);
	}
	return true;
}

/* Leaves out an address that was named before. */
static const char *distinct_addresses(struct arena *arena, const char *text)
{
	struct text kept = {0};
	while (*text) {
		size_t length = strcspn(text, " ");
		char *word = arena_copy(arena, text, length);
		const char *before = text_string(&kept);
		const char *padded = arena_printf(arena, " %s ", before);
		if (length > 0 && !strstr(padded, arena_printf(arena, " %s ", word))) {
			if (kept.length > 0)
				text_add(&kept, " ");
			text_add(&kept, word);
		}
		text += length;
		text += strspn(text, " ");
	}
	return text_take(arena, &kept);
}

static void question_take(struct arena *arena, struct question *question)
{
	struct resolved_name *name = question->name;
	const char *answer = question->answer;
	question->answer[question->length] = '\0';
	if (*answer == '+' && question->length > 1) {
		name->addresses = distinct_addresses(arena, answer + 1);
		return;
	}
	name->late = *answer != '-';
	name->why = "no answer within 0.5 s";
	if (*answer == '-')
		name->why = arena_strdup(arena, answer + 1);
}

static void wave_run(struct arena *arena,
		int pid,
		struct resolved_name *names,
		size_t count,
		double until_s)
{
	struct question *wave = arena_alloc(arena, count * sizeof *wave);
	for (size_t i = 0; i < count; i++) {
		wave[i].name = &names[i];
		question_ask(&wave[i], pid);
	}
	while (wave_wait(wave, count, until_s))
		continue;
	for (size_t i = 0; i < count; i++) {
		if (wave[i].fd >= 0)
			question_end(&wave[i]);
		question_take(arena, &wave[i]);
	}
}

void resolve_names(struct arena *arena, int pid, struct resolved_name *names, size_t count)
{
	double until_s = clock_now_s() + resolve_most_s;
	for (size_t i = 0; i < count; i++) {
		names[i].late = true;
		names[i].why = "no answer within 0.5 s";
	}
	for (size_t first = 0; first < count && first < RESOLVE_MAX; first += AT_ONCE) {
		size_t wave = count - first;
		if (wave > AT_ONCE)
			wave = AT_ONCE;
		wave_run(arena, pid, names + first, wave, until_s);
	}
}

/* --- A hosts file --- */

static void hosts_take_word(struct arena *arena,
		const char *address,
		const char *word,
		struct resolved_name *names,
		size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct resolved_name *name = &names[i];
		const char *before = "";
		if (!destination_same_name(name->name, word, strlen(word)))
			continue;
		if (name->addresses)
			before = name->addresses;
		name->addresses = distinct_addresses(arena, arena_printf(arena, "%s %s", before, address));
	}
}

/* "10.0.0.1 name other # comment" */
static void hosts_take_line(struct arena *arena,
		char *line,
		struct resolved_name *names,
		size_t count)
{
	static const char blanks[] = " \t\r";
	struct address ignored;
	char *rest = NULL;
	line[strcspn(line, "#")] = '\0';
	const char *address = strtok_r(line, blanks, &rest);
	if (!address || !address_parse_text(address, &ignored))
		return;
	const char *word = strtok_r(NULL, blanks, &rest);
	for (; word; word = strtok_r(NULL, blanks, &rest))
		hosts_take_word(arena, address, word, names, count);
}

void resolve_from_hosts(struct arena *arena,
		const char *text,
		struct resolved_name *names,
		size_t count)
{
	char *rest = NULL;
	char *line = strtok_r(arena_strdup(arena, text), "\n", &rest);
	for (; line; line = strtok_r(NULL, "\n", &rest))
		hosts_take_line(arena, line, names, count);
}
