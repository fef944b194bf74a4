/* Fuzz target: what HTTP servers answer. The first line of the input names who is asked
 * ("container", or a ticket such as "jira:OPS-1"); answers follow, each begun by a line with its
 * status, "raw" if it is what headroom-http itself says. The last one is repeated. Whatever they
 * say: it ends, each refusal has a text, and that text does not have the secret. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "audit/helper/helper.h"
#include "audit/ticket/ticket.h"
#include "audit/vantage/find.h"
#include "report/document/view.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The linker puts it in the place of helper_http(), which would start headroom-http. */
__typeof__(helper_http) __wrap_helper_http;

#define SECRET "S3CRETxyz"

/* What is left to answer, for __wrap_helper_http alone. */
static char *script;

/* One answer of the script: from behind its first line to the next line that begins one. */
static char *next_answer(const char **ret_status)
{
	static const char mark[] = "\n--\n";
	char *answer = script, *end = strstr(script, mark);
	if (end) {
		*end = '\0';
		script = end + sizeof mark - 1;
	}
	*ret_status = answer;
	size_t line = strcspn(answer, "\n");
	if (!answer[line])
		return answer + line;
	answer[line] = '\0';
	return answer + line + 1;
}

static const char *as_json(struct arena *arena, const char *status, const char *body)
{
	cJSON *tree = cJSON_CreateObject();
	cJSON_AddNumberToObject(tree, "status", atoi(status));
	cJSON_AddStringToObject(tree, "body", body);
	char *printed = cJSON_PrintUnformatted(tree);
	const char *copy = arena_strdup(arena, printed);
	cJSON_free(printed);
	cJSON_Delete(tree);
	return copy;
}

static char answered_status[16], *answered_body;

bool __wrap_helper_http(struct arena *arena,
		const char *request,
		size_t length,
		const int *fds,
		size_t fd_count,
		const char *shown,
		const char **ret_json,
		size_t *ret_length,
		struct error *err)
{
	(void)shown;
	(void)err;
	demand(length == strlen(request) && fd_count <= HELPER_FILES_MAX, "a request", request);
	for (size_t i = 0; i < fd_count; i++)
		demand(fds[i] > 2, "a descriptor", request);
	if (script && *script) {
		const char *status;
		free(answered_body);
		answered_body = strdup(next_answer(&status));
		(void)snprintf(answered_status, sizeof answered_status, "%s", status);
	}
	*ret_json = answered_body ? answered_body : "";
	if (strcmp(answered_status, "raw") != 0)
		*ret_json = as_json(arena, answered_status, *ret_json);
	*ret_length = strlen(*ret_json);
	return true;
}

static void demand_refusal(const struct error *err)
{
	demand(*err->text != '\0', "refused without a word", "");
	demand(strstr(err->text, SECRET) == NULL, "the secret is repeated", err->text);
}

/* A socket that is there, so that an engine is asked. */
static void name_engine(void)
{
	static char named[200];
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	if (*named)
		return;
	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s/engine", scratch_directory());
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	demand(fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof at) == 0, "a socket", "");
	(void)close(fd);
	(void)snprintf(named, sizeof named, "unix://%s", at.sun_path);
	(void)setenv("DOCKER_HOST", named, 1);
}

/* An answer that says nothing of a process is no container that does not run. */
static void demand_process(struct arena *arena)
{
	const char *body = answered_body;
	cJSON *answer = cJSON_Parse(body);
	if (strcmp(answered_status, "raw") == 0)
		body = arena_strdup(arena, view_raw(answer, "body"));
	cJSON *said = cJSON_Parse(body);
	demand(view_number(said, "State.Pid") >= 0, "a container without State.Pid", body);
	cJSON_Delete(said);
	cJSON_Delete(answer);
}

static void ask_engine(struct arena *arena)
{
	struct vantage vantage = {0};
	struct error err = {0};
	int pid = -1;
	name_engine();
	if (!vantage_find_container(arena, "web", &vantage, &pid, &err)) {
		demand_refusal(&err);
		return;
	}
	demand(pid >= 0, "a process", "");
	demand_process(arena);
	for (size_t i = 0; i < vantage.configured_count; i++)
		demand(vantage.configured[i].value != NULL, "a value", vantage.configured[i].key);
}

static bool attach(struct ticket *ticket, struct ticket_file *file, struct error *err)
{
	const struct ticket_system *system = ticket->system;
	if (system->look && !system->look(ticket, file, 1, err))
		return false;
	if (system->upload && !file->there && !system->upload(ticket, file, err))
		return false;
	return system->finish(ticket, file, 1, "a comment", err);
}

static void ask_ticket(struct arena *arena, const char *target)
{
	struct ticket ticket = {0};
	struct error err = {0};
	struct ticket_file file = {.path = "r.pdf", .name = "r-1a2b3c4d.pdf", .type = "a/b"};
	if (!ticket_parse(arena, target, "https://tickets.example", false, &ticket, &err)) {
		demand(*err.text != '\0', "refused without a word", target);
		return;
	}
	if (strstr(target, SECRET))
		return;
	ticket.credential = (struct credential){.header = "Authorization: Bearer " SECRET,
			.secret = SECRET,
			.from = "--token-file"};
	file.fd = memfd_create("r.pdf", MFD_CLOEXEC);
	file.bytes = 3;
	if (!attach(&ticket, &file, &err))
		demand_refusal(&err);
	(void)close(file.fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	char *text = arena_copy(arena, (const char *)data, size);
	size_t line = strcspn(text, "\n");
	if (text[line]) {
		text[line] = '\0';
		script = text + line + 1;
		if (strcmp(text, "container") == 0)
			ask_engine(arena);
		else
			ask_ticket(arena, text);
	}
	script = NULL;
	arena_free(arena);
	return 0;
}
