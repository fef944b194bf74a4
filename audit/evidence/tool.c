#include "audit/evidence/tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/os/open.h"
#include "base/os/spawn.h"

enum {
	TOOL_ARGUMENTS_MAX = 16,
	TOOL_FILES_MAX = 4,
	TOOL_SAID_MAX = 64 * 1024,
	TOOL_SIGNATURE_MAX = 64 * 1024,
	TOOL_SAID_CHARS = 300
};

static const char ssh_keygen[] = "ssh-keygen";
static const char ssh_namespace[] = "headroom";

/* One start of a tool. -1: this program's own descriptor. */
struct tool_call {
	struct arena *arena;
	char *argv[TOOL_ARGUMENTS_MAX];
	size_t arguments;
	int files[TOOL_FILES_MAX]; /* that it finds below /proc/self/fd */
	size_t file_count;
	int input, output, messages;
};

static struct tool_call tool_call_new(struct arena *arena)
{
	return (struct tool_call){
			.arena = arena,
			.input = -1,
			.output = -1,
			.messages = -1,
	};
}

static void tool_add(struct tool_call *call, const char *word)
{
	if (call->arguments + 1 < TOOL_ARGUMENTS_MAX)
		call->argv[call->arguments++] = arena_strdup(call->arena, word);
}

static void tool_add_words(struct tool_call *call, const char *const *words)
{
	for (; *words; words++)
		tool_add(call, *words);
}

/* An option and the file behind a descriptor. */
static void tool_add_file(struct tool_call *call, const char *option, int fd)
{
	tool_add(call, option);
	tool_add(call, arena_printf(call->arena, "/proc/self/fd/%d", fd));
	call->files[call->file_count++] = fd;
}

static int tool_spawn(struct tool_call *call, pid_t *ret_pid)
{
	struct spawn how = {
			.program = call->argv[0],
			.argv = call->argv,
			.input = call->input,
			.output = call->output,
			.errors = call->messages,
			.files = call->files,
			.file_count = call->file_count,
			.search = true,
	};
	return spawn_start(&how, ret_pid);
}

static const char *tool_package(const char *tool)
{
	if (strcmp(tool, ssh_keygen) == 0)
		return "openssh-client";
	return tool;
}

/* The exit status, or -1 with err: it could not be run. */
static int tool_run(struct tool_call *call, struct error *err)
{
	const char *name = call->argv[0];
	int status;
	pid_t pid;
	int broken = tool_spawn(call, &pid);
	if (broken == ENOENT) {
		(void)error_fail(err,
				"%s is not installed, so nothing was signed or verified; install the Debian "
				"package %s",
				name,
				tool_package(name));
		return -1;
	}
	if (broken) {
		(void)error_fail(err, "cannot start %s: %s", name, strerror(broken));
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	(void)error_fail(err, "%s: killed by signal %d", name, WTERMSIG(status));
	return -1;
}

/* A file without a name that holds the bytes; -1 with err. */
static int tool_memory(const struct text *bytes, struct error *err)
{
	int fd = memfd_create("headroom", MFD_CLOEXEC);
	if (fd < 0) {
		(void)error_fail(err, "cannot create a file in memory: %s", strerror(errno));
		return -1;
	}
	bool written = file_write_all(fd, text_string(bytes), bytes->length);
	if (written && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	(void)error_fail(err, "cannot create a file in memory: %s", strerror(errno));
	(void)close(fd);
	return -1;
}

static int tool_empty(struct error *err)
{
	const struct text none = {0};
	return tool_memory(&none, err);
}

static void tool_read(int fd, size_t most, struct text *out)
{
	(void)lseek(fd, 0, SEEK_SET);
	(void)file_read_all(fd, most, out);
}

/* Its last line, fit to show. */
static const char *tool_said(struct arena *arena, int fd)
{
	struct text said = {0};
	tool_read(fd, TOOL_SAID_MAX, &said);
	while (said.length && strchr("\r\n", said.data[said.length - 1]))
		said.data[--said.length] = '\0';
	const char *text = text_string(&said);
	const char *line = strrchr(text, '\n');
	if (line)
		text = line + 1;
	text = text_clean(arena, text, strlen(text), TOOL_SAID_CHARS);
	text_release(&said);
	return text;
}

/* --- signing
 * ------------------------------------------------------------------------------------ */

/* A path that begins with "-" is no option. A key of ssh-agent has none: "". */
static const char *tool_path(struct arena *arena, const char *path)
{
	if (!path)
		return "";
	if (*path == '-')
		return arena_printf(arena, "./%s", path);
	return path;
}

static void tool_sign_by_ssh(struct tool_call *call,
		const struct evidence_key *key,
		int public,
		int message,
		int signature)
{
	const char *const words[] = {ssh_keygen, "-q", "-Y", "sign", "-n", ssh_namespace, NULL};
	tool_add_words(call, words);
	if (public >= 0) {
		tool_add_file(call, "-f", public);
	} else {
		tool_add(call, "-f");
		tool_add(call, tool_path(call->arena, key->path));
	}
	call->input = message;
	call->output = signature;
}

static void tool_sign_by_minisign(struct tool_call *call,
		const struct evidence_key *key,
		const char *comment,
		int message,
		int signature)
{
	const char *const words[] = {
			evidence_key_tool(key),
			"-S",
			"-s",
			tool_path(call->arena, key->path),
			"-t",
			comment,
			NULL,
	};
	tool_add_words(call, words);
	tool_add_file(call, "-m", message);
	tool_add_file(call, "-x", signature);
	call->output = STDERR_FILENO;
}

/* ssh-keygen finds the other half of a public key in ssh-agent. */
static int tool_public(const struct evidence_key *key, struct error *err)
{
	struct text line = {0};
	text_addf(&line, "%s\n", key->public);
	int fd = tool_memory(&line, err);
	text_release(&line);
	return fd;
}

bool evidence_tool_sign(struct arena *arena,
		const struct evidence_key *key,
		const struct text *bytes,
		const char *comment,
		struct text *ret_signature,
		struct error *err)
{
	struct tool_call call = tool_call_new(arena);
	__attribute__((cleanup(file_close_fd))) int message = tool_memory(bytes, err);
	if (message < 0)
		return false;
	__attribute__((cleanup(file_close_fd))) int signature = tool_empty(err);
	if (signature < 0)
		return false;
	__attribute__((cleanup(file_close_fd))) int public = -1;
	if (!key->path && (public = tool_public(key, err)) < 0)
		return false;
	if (evidence_key_is_minisign(key))
		tool_sign_by_minisign(&call, key, comment, message, signature);
	else
		tool_sign_by_ssh(&call, key, public, message, signature);
	int status = tool_run(&call, err);
	if (status < 0)
		return false;
	tool_read(signature, TOOL_SIGNATURE_MAX, ret_signature);
	if (status == 0 && ret_signature->length)
		return true;
	return error_fail(err,
			"%s could not sign with %.200s (exit %d); nothing was written",
			call.argv[0],
			key->path ? key->path : "the key of ssh-agent",
			status);
}

/* --- verifying
 * ------------------------------------------------------------------------------------ */

/* What a check needs, each a file in memory. */
struct tool_check {
	struct arena *arena;
	int message, signature, allowed, said;
};

static void tool_check_close(const struct tool_check *check)
{
	file_close_fd(&check->message);
	file_close_fd(&check->signature);
	file_close_fd(&check->allowed);
	file_close_fd(&check->said);
}

/* A public key allows its owner to sign, whoever that is. */
static int tool_allowed_of(const struct evidence_key *key, const char *identity, struct error *err)
{
	struct text line = {0};
	text_addf(&line, "%s namespaces=\"%s\" %s\n", identity, ssh_namespace, key->public);
	int fd = tool_memory(&line, err);
	text_release(&line);
	return fd;
}

static int tool_open_key(const struct evidence_key *key, struct error *err)
{
	const char *why;
	int fd = open_regular(key->path, &why);
	if (fd < 0)
		(void)error_fail(err, "%.200s: %s", key->path, why);
	return fd;
}

static int tool_check_run(struct tool_check *check, struct tool_call *call, struct error *err)
{
	file_close_fd(&check->said);
	check->said = tool_empty(err);
	if (check->said < 0)
		return -1;
	call->output = check->said;
	call->messages = check->said;
	return tool_run(call, err);
}

/* Whom the list of allowed signers names for this signature; NULL with err: nobody. */
static const char *tool_signer(struct tool_check *check, struct error *err)
{
	static const char *const words[] = {
			ssh_keygen,
			"-Y",
			"find-principals",
			"-n",
			ssh_namespace,
			NULL,
	};
	struct tool_call call = tool_call_new(check->arena);
	tool_add_words(&call, words);
	tool_add_file(&call, "-f", check->allowed);
	tool_add_file(&call, "-s", check->signature);
	int status = tool_check_run(check, &call, err);
	if (status < 0)
		return NULL;
	const char *said = tool_said(check->arena, check->said);
	if (status == 0 && *said)
		return said;
	(void)error_set(err, "the signature is not by an allowed signer: %s", said);
	return NULL;
}

static bool tool_verify_by_ssh(struct tool_check *check,
		const char *identity,
		const char **ret_said,
		struct error *err)
{
	const char *const words[] = {
			ssh_keygen,
			"-Y",
			"verify",
			"-n",
			ssh_namespace,
			"-I",
			identity,
			NULL,
	};
	struct tool_call call = tool_call_new(check->arena);
	tool_add_words(&call, words);
	tool_add_file(&call, "-f", check->allowed);
	tool_add_file(&call, "-s", check->signature);
	call.input = check->message;
	int status = tool_check_run(check, &call, err);
	if (status < 0)
		return false;
	*ret_said = tool_said(check->arena, check->said);
	if (status == 0)
		return true;
	return error_set(err, "the signature is not valid: %s", *ret_said);
}

static bool tool_verify_by_minisign(struct tool_check *check,
		const char **ret_said,
		struct error *err)
{
	struct tool_call call = tool_call_new(check->arena);
	tool_add(&call, "minisign");
	tool_add(&call, "-V");
	tool_add_file(&call, "-p", check->allowed);
	tool_add_file(&call, "-m", check->message);
	tool_add_file(&call, "-x", check->signature);
	int status = tool_check_run(check, &call, err);
	if (status < 0)
		return false;
	*ret_said = tool_said(check->arena, check->said);
	if (status == 0)
		return true;
	return error_set(err, "the signature is not valid: %s", *ret_said);
}

static bool tool_check_by(struct tool_check *check,
		const struct evidence_key *key,
		const char *identity,
		const char **ret_said,
		struct error *err)
{
	if (evidence_key_is_minisign(key))
		return tool_verify_by_minisign(check, ret_said, err);
	if (!identity)
		identity = tool_signer(check, err);
	return identity && tool_verify_by_ssh(check, identity, ret_said, err);
}

bool evidence_tool_verify(struct arena *arena,
		const struct evidence_key *key,
		const char *identity,
		const struct text *bytes,
		const struct text *signature,
		const char **ret_said,
		struct error *err)
{
	__attribute__((cleanup(tool_check_close))) struct tool_check check = {arena, -1, -1, -1, -1};
	if (key->kind == KEY_SSH_PUBLIC && !identity)
		identity = "signer";
	if ((check.message = tool_memory(bytes, err)) < 0)
		return false;
	if ((check.signature = tool_memory(signature, err)) < 0)
		return false;
	if (key->kind == KEY_SSH_PUBLIC)
		check.allowed = tool_allowed_of(key, identity, err);
	else
		check.allowed = tool_open_key(key, err);
	if (check.allowed < 0)
		return false;
	return tool_check_by(&check, key, identity, ret_said, err);
}

/* --- ssh-agent
 * ------------------------------------------------------------------------------------ */

bool evidence_tool_agent(struct arena *arena, struct evidence_key *ret_key)
{
	struct error ignored = {0};
	struct text said = {0};
	struct tool_call call = tool_call_new(arena);
	*ret_key = (struct evidence_key){.kind = KEY_SSH_PUBLIC};
	if (!getenv("SSH_AUTH_SOCK"))
		return false;
	__attribute__((cleanup(file_close_fd))) int list = tool_empty(&ignored);
	__attribute__((cleanup(file_close_fd))) int messages = tool_empty(&ignored);
	if (list < 0 || messages < 0)
		return false;
	tool_add(&call, "ssh-add");
	tool_add(&call, "-L");
	call.output = list;
	call.messages = messages;
	if (tool_run(&call, &ignored) == 0)
		tool_read(list, TOOL_SAID_MAX, &said);
	const char *text = text_string(&said);
	ret_key->public = arena_copy(arena, text, strcspn(text, "\r\n"));
	text_release(&said);
	return *ret_key->public;
}
