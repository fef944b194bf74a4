/* The ticket systems, one row each. Requests as documented by each (Jira REST API v2, ServiceNow
 * Attachment and Table API, Redmine REST API, RT REST2, GitLab API v4, GitHub REST API); tried
 * against a real Redmine and a real RT (tests/live), the others against a server that speaks and
 * misspeaks their protocol. */
#include <string.h>

#include "audit/ticket/call.h"
#include "audit/ticket/servicenow.h"
#include "base/array.h"
#include "base/text.h"
#include "report/document/view.h"

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const char json_type[] = "Content-Type: application/json",
				  accept_json[] = "Accept: application/json";

static bool all_of(const char *text, const char *allowed)
{
	return *text && strspn(text, allowed) == strlen(text) && strlen(text) <= 200;
}

static const char *systems_printed(struct arena *arena, cJSON *object)
{
	char *text = cJSON_PrintUnformatted(object);
	const char *copy = arena_strdup(arena, text ? text : "");
	cJSON_free(text);
	cJSON_Delete(object);
	return copy;
}

/* Where a system lists what a ticket has. */
struct listing {
	const char *url;
	const char *list, *member; /* the array's path ("": the answer itself), and the text of an
	                              element to look at */
	bool inside;               /* the name stands somewhere in that text */
	const char *page; /* what is put before the number of a page, or NULL: all come at once */
	size_t page_items;
	bool offset; /* pages are told by their first item, from 0; else counted from 1 */
};

enum {
	PAGES_MAX = 100
};

static void mark_there(const struct listing *listing,
		const cJSON *array,
		struct ticket_file *files,
		size_t count)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, array)
		for (size_t i = 0; i < count; i++) {
			const char *text = view_raw(item, listing->member);
			files[i].there |= listing->inside ? strstr(text, files[i].name) != NULL
											  : !strcmp(text, files[i].name);
		}
}

/* One page; *ret_items: how many it has. An answer that is none, such as a log-in page, is not an
 * empty list. */
static bool systems_look_at(struct ticket *ticket,
		const struct listing *listing,
		const char *url,
		struct ticket_file *files,
		size_t count,
		size_t *ret_items,
		struct error *err)
{
	struct http_request request = {.method = "GET",
			.url = url,
			.headers = {accept_json},
			.header_count = 1};
	cJSON *json;
	*ret_items = 0;
	if (!ticket_call(ticket, &request, &json, err))
		return false;
	if (!json && !ticket->dry)
		return error_fail(err,
				"%s: the answer of %s is not a list of attachments (not JSON, or too long); is the "
				"address right, or is it that of a log-in page?",
				ticket->shown,
				ticket->base);
	const cJSON *array = *listing->list ? view_array(json, listing->list) : json;
	mark_there(listing, array, files, count);
	*ret_items = (size_t)cJSON_GetArraySize(array);
	cJSON_Delete(json);
	return true;
}

static bool look_in(struct ticket *ticket,
		const struct listing *listing,
		struct ticket_file *files,
		size_t count,
		struct error *err)
{
	size_t items = listing->page_items;
	for (size_t page = 0;
			page < PAGES_MAX && (!page || (listing->page && items >= listing->page_items));
			page++) {
		size_t number = listing->offset ? page * listing->page_items : page + 1;
		const char *url = page
				? arena_printf(ticket->arena, "%s%s%zu", listing->url, listing->page, number)
				: listing->url;
		if (!systems_look_at(ticket, listing, url, files, count, &items, err))
			return false;
	}
	return true;
}

static bool send_json(struct ticket *ticket,
		const char *method,
		const char *url,
		cJSON *body,
		cJSON **ret_json,
		struct error *err)
{
	struct http_request request = {.method = method,
			.url = url,
			.headers = {json_type, accept_json},
			.header_count = 2,
			.body = systems_printed(ticket->arena, body)};
	return ticket_call(ticket, &request, ret_json, err);
}

static bool send_text(struct ticket *ticket,
		const char *method,
		const char *url,
		const char *member,
		const char *text,
		struct error *err)
{
	cJSON *body = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(body, member, text);
	return send_json(ticket, method, url, body, NULL, err);
}

static struct http_request form_of(const struct ticket_file *file,
		const char *url,
		const char *part)
{
	return (struct http_request){.method = "POST",
			.url = url,
			.headers = {accept_json},
			.header_count = 1,
			.parts = {{.name = part, .type = file->type, .filename = file->name, .fd = file->fd}},
			.part_count = 1,
			.body_shown = file->path};
}

static bool number_alone(struct ticket *ticket, const char *text)
{
	ticket->number = text;
	return all_of(text, DIGITS);
}

/* "A/B", "A/B/C": no part empty, "." or "..". */
static bool is_project(const char *text)
{
	size_t parts = 0;
	for (const char *at = text;; at++, parts++) {
		size_t length = strcspn(at, "/");
		if (!length || (length == 1 && *at == '.') || (length == 2 && text_begins_with(at, "..")))
			return false;
		at += length;
		if (!*at)
			return parts >= 1;
	}
}

/* "A/B#N" → container "A/B", number "N". */
static bool project_and_number(struct ticket *ticket, const char *text)
{
	const char *hash = strrchr(text, '#');
	if (!hash)
		return false;
	ticket->container = arena_copy(ticket->arena, text, (size_t)(hash - text));
	ticket->number = hash + 1;
	return all_of(ticket->container, DIGITS LOWER UPPER "-_./") && is_project(ticket->container) &&
			all_of(ticket->number, DIGITS);
}

/* --- Jira
 * ------------------------------------------------------------------------------------------
 */

static bool jira_parse(struct ticket *ticket, const char *text)
{
	const char *dash = strrchr(text, '-');
	ticket->number = text;
	return dash && dash > text && strchr(UPPER, *text) && all_of(text, DIGITS UPPER "_-") &&
			all_of(dash + 1, DIGITS);
}

static const char *jira_url(const struct ticket *ticket, const char *rest)
{
	return arena_printf(ticket->arena,
			"%s/rest/api/2/issue/%s%s",
			ticket->base,
			ticket->number,
			rest);
}

static bool jira_look(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		struct error *err)
{
	const struct listing listing = {.url = jira_url(ticket, "?fields=attachment"),
			.list = "fields.attachment",
			.member = "filename"};
	return look_in(ticket, &listing, files, count, err);
}

static bool jira_upload(struct ticket *ticket, struct ticket_file *file, struct error *err)
{
	struct http_request request = form_of(file, jira_url(ticket, "/attachments"), "file");
	request.headers[request.header_count++] = "X-Atlassian-Token: no-check";
	return ticket_call(ticket, &request, NULL, err);
}

static bool jira_finish(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		const char *comment,
		struct error *err)
{
	(void)files;
	(void)count;
	return !comment ||
			send_text(ticket, "POST", jira_url(ticket, "/comment"), "body", comment, err);
}

/* --- ServiceNow
 * ------------------------------------------------------------------------------------------
 */

static bool servicenow_look(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		struct error *err)
{
	if (!servicenow_find(ticket, err))
		return false;
	const char *url = arena_printf(ticket->arena,
			"%s/api/now/attachment?sysparm_query=table_sys_id%%3D%s"
			"&sysparm_limit=500",
			ticket->base,
			ticket->number);
	const struct listing listing = {.url = url,
			.list = "result",
			.member = "file_name",
			.page = "&sysparm_offset=",
			.page_items = 500,
			.offset = true};
	return look_in(ticket, &listing, files, count, err);
}

static bool servicenow_upload(struct ticket *ticket, struct ticket_file *file, struct error *err)
{
	struct http_request request = {
			.method = "POST",
			.body_fd = file->fd,
			.body_shown = file->path,
			.url = arena_printf(ticket->arena,
					"%s/api/now/attachment/file?table_name=%s&table_sys_id=%s&file_name=%s",
					ticket->base,
					ticket->container,
					ticket->number,
					http_escape(ticket->arena, file->name)),
			.headers = {arena_printf(ticket->arena, "Content-Type: %s", file->type), accept_json},
			.header_count = 2,
	};
	return ticket_call(ticket, &request, NULL, err);
}

static bool servicenow_finish(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		const char *comment,
		struct error *err)
{
	const char *url = arena_printf(ticket->arena,
			"%s/api/now/table/%s/%s",
			ticket->base,
			ticket->container,
			ticket->number);
	(void)files;
	(void)count;
	return !comment || send_text(ticket, "PATCH", url, "work_notes", comment, err);
}

/* --- Redmine
 * ------------------------------------------------------------------------------------------
 */

static const char *redmine_url(const struct ticket *ticket, const char *rest)
{
	return arena_printf(ticket->arena, "%s/issues/%s.json%s", ticket->base, ticket->number, rest);
}

static bool redmine_look(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		struct error *err)
{
	const struct listing listing = {.url = redmine_url(ticket, "?include=attachments"),
			.list = "issue.attachments",
			.member = "filename"};
	return look_in(ticket, &listing, files, count, err);
}

static bool redmine_upload(struct ticket *ticket, struct ticket_file *file, struct error *err)
{
	struct http_request request = {
			.method = "POST",
			.body_fd = file->fd,
			.body_shown = file->path,
			.url = arena_printf(ticket->arena,
					"%s/uploads.json?filename=%s",
					ticket->base,
					http_escape(ticket->arena, file->name)),
			.headers = {"Content-Type: application/octet-stream", accept_json},
			.header_count = 2, /* others: 406 */
	};
	cJSON *json;
	if (!ticket_call(ticket, &request, &json, err))
		return false;
	const char *token = view_raw(json, "upload.token");
	file->token = arena_strdup(ticket->arena, ticket->dry ? "TOKEN-OF-THE-ANSWER" : token);
	cJSON_Delete(json);
	return *file->token ? true
						: error_fail(err,
								  "%s: the server accepted %s but returned no token for it",
								  ticket->shown,
								  file->path);
}

static bool redmine_finish(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		const char *comment,
		struct error *err)
{
	cJSON *body = cJSON_CreateObject(), *issue = cJSON_AddObjectToObject(body, "issue");
	cJSON *uploads = cJSON_AddArrayToObject(issue, "uploads");
	if (comment)
		(void)cJSON_AddStringToObject(issue, "notes", comment);
	for (size_t i = 0; i < count; i++) {
		if (!files[i].token)
			continue;
		cJSON *upload = cJSON_CreateObject();
		(void)cJSON_AddItemToArray(uploads, upload);
		(void)cJSON_AddStringToObject(upload, "token", files[i].token);
		(void)cJSON_AddStringToObject(upload, "filename", files[i].name);
		(void)cJSON_AddStringToObject(upload, "content_type", files[i].type);
	}
	return send_json(ticket, "PUT", redmine_url(ticket, ""), body, NULL, err);
}

/* --- Request Tracker
 * -------------------------------------------------------------------------------------------- */

static bool rt_look(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		struct error *err)
{
	const char *url = arena_printf(ticket->arena,
			"%s/REST/2.0/ticket/%s/attachments?fields=Filename&per_page=100",
			ticket->base,
			ticket->number);
	const struct listing listing = {.url = url,
			.list = "items",
			.member = "Filename",
			.page = "&page=",
			.page_items = 100};
	return look_in(ticket, &listing, files, count, err);
}

/* One comment per file: RT knows no attachment without one. */
static bool rt_comment(struct ticket *ticket,
		const char *text,
		const struct ticket_file *file,
		struct error *err)
{
	cJSON *json = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(json, "Subject", "headroom");
	(void)cJSON_AddStringToObject(json, "Content", text);
	(void)cJSON_AddStringToObject(json, "ContentType", "text/plain");
	struct http_request request = {
			.method = "POST",
			.headers = {accept_json},
			.header_count = 1,
			.url = arena_printf(ticket->arena,
					"%s/REST/2.0/ticket/%s/comment",
					ticket->base,
					ticket->number),
			.parts = {{.name = "JSON",
					.type = "application/json",
					.data = systems_printed(ticket->arena, json)}},
			.part_count = 1,
			.body_shown = file ? file->path : NULL,
	};
	if (file)
		request.parts[request.part_count++] = (struct http_part){.name = "Attachments",
				.type = file->type,
				.filename = file->name,
				.fd = file->fd};
	return ticket_call(ticket, &request, NULL, err);
}

static bool rt_upload(struct ticket *ticket, struct ticket_file *file, struct error *err)
{
	return rt_comment(ticket, file->name, file, err);
}

static bool rt_finish(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		const char *comment,
		struct error *err)
{
	(void)files;
	(void)count;
	return !comment || rt_comment(ticket, comment, NULL, err);
}

/* --- GitLab
 * ------------------------------------------------------------------------------------------
 */

static const char *gitlab_url(const struct ticket *ticket, const char *rest)
{
	return arena_printf(ticket->arena,
			"%s/api/v4/projects/%s%s",
			ticket->base,
			http_escape(ticket->arena, ticket->container),
			rest);
}

static const char *gitlab_notes(const struct ticket *ticket, const char *rest)
{
	return gitlab_url(ticket,
			arena_printf(ticket->arena, "/issues/%s/notes%s", ticket->number, rest));
}

/* Uploads cannot be listed; the notes that link to them can, newest first. Thirty fit into one
 * answer of 4 MiB. */
static bool gitlab_look(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		struct error *err)
{
	const struct listing listing = {.url = gitlab_notes(ticket, "?per_page=30&order_by=created_at"),
			.list = "",
			.member = "body",
			.inside = true,
			.page = "&page=",
			.page_items = 30};
	return look_in(ticket, &listing, files, count, err);
}

static bool gitlab_upload(struct ticket *ticket, struct ticket_file *file, struct error *err)
{
	struct http_request request = form_of(file, gitlab_url(ticket, "/uploads"), "file");
	cJSON *json;
	if (!ticket_call(ticket, &request, &json, err))
		return false;
	file->token = arena_strdup(ticket->arena,
			ticket->dry ? "MARKDOWN-OF-THE-ANSWER" : view_raw(json, "markdown"));
	cJSON_Delete(json);
	return *file->token ? true
						: error_fail(err,
								  "%s: the server accepted %s but returned no link to it",
								  ticket->shown,
								  file->path);
}

static bool gitlab_finish(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		const char *comment,
		struct error *err)
{
	struct text body = {0};
	text_addf(&body, "%s", comment ? comment : "headroom");
	for (size_t i = 0; i < count; i++)
		if (files[i].token)
			text_addf(&body, "\n\n%s", files[i].token);
	bool good = send_text(ticket, "POST", gitlab_notes(ticket, ""), "body", body.data, err);
	text_release(&body);
	return good;
}

/* --- GitHub
 * ------------------------------------------------------------------------------------------
 */

static const char *github_url(const struct ticket *ticket, const char *rest)
{
	return arena_printf(ticket->arena,
			"%s/repos/%s/issues/%s/comments%s",
			ticket->base,
			ticket->container,
			ticket->number,
			rest);
}

/* Its files are comments, known again by the mark that attach.c puts under them. */
static bool github_look(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		struct error *err)
{
	const struct listing listing = {.url = github_url(ticket, "?per_page=30"),
			.list = "",
			.member = "body",
			.inside = true,
			.page = "&page=",
			.page_items = 30};
	return look_in(ticket, &listing, files, count, err);
}

static bool github_finish(struct ticket *ticket,
		struct ticket_file *files,
		size_t count,
		const char *comment,
		struct error *err)
{
	(void)files;
	(void)count;
	return send_text(ticket, "POST", github_url(ticket, ""), "body", comment, err);
}

static const struct ticket_system systems[] = {
		{.name = "jira",
				.example = "jira:OPS-123",
				.url_envs = {"JIRA_BASE_URL"},
				.credential =
						{{"JIRA_API_TOKEN"}, {"Authorization: Bearer "}, "JIRA_USER_EMAIL", NULL},
				.parse = jira_parse,
				.look = jira_look,
				.upload = jira_upload,
				.finish = jira_finish,
				.comment_bytes_max = 32767},
		{.name = "servicenow",
				.example = "servicenow:CHG0030123 (or servicenow:TABLE/NUMBER, unless the number "
						   "begins with CHG, INC, PRB, REQ, RITM, CTASK, PTASK or SCTASK)",
				.url_envs = {"SERVICENOW_URL"},
				.credential = {{"SERVICENOW_TOKEN"},
						{"Authorization: Bearer "},
						"SERVICENOW_USER",
						"SERVICENOW_PASSWORD"},
				.parse = servicenow_parse,
				.look = servicenow_look,
				.upload = servicenow_upload,
				.finish = servicenow_finish},
		{.name = "redmine",
				.example = "redmine:123",
				.url_envs = {"REDMINE_URL"},
				.credential = {{"REDMINE_API_KEY"}, {"X-Redmine-API-Key: "}, NULL, NULL},
				.parse = number_alone,
				.look = redmine_look,
				.upload = redmine_upload,
				.finish = redmine_finish},
		{.name = "rt",
				.example = "rt:123",
				.url_envs = {"RT_URL"},
				.credential = {{"RT_TOKEN"}, {"Authorization: token "}, "RT_USER", "RT_PASSWORD"},
				.parse = number_alone,
				.look = rt_look,
				.upload = rt_upload,
				.finish = rt_finish},
		{.name = "gitlab",
				.example = "gitlab:group/project#12",
				.url_envs = {"GITLAB_URL", "CI_SERVER_URL"},
				.default_url = "https://gitlab.com",
				.credential = {{"GITLAB_TOKEN", "CI_JOB_TOKEN"},
						{"PRIVATE-TOKEN: ", "JOB-TOKEN: "},
						NULL,
						NULL},
				.parse = project_and_number,
				.look = gitlab_look,
				.upload = gitlab_upload,
				.finish = gitlab_finish,
				.markdown = true,
				.comment_bytes_max = 1000000},
		{.name = "github",
				.example = "github:owner/repository#12",
				.url_envs = {"GITHUB_API_URL"},
				.default_url = "https://api.github.com",
				.credential = {{"GITHUB_TOKEN", "GH_TOKEN"},
						{"Authorization: Bearer ", "Authorization: Bearer "},
						NULL,
						NULL},
				.parse = project_and_number,
				.look = github_look,
				.finish = github_finish,
				.markdown = true,
				.comment_bytes_max = 65536},
};

const struct ticket_system *ticket_systems(size_t *ret_count)
{
	*ret_count = COUNT_OF(systems);
	return systems;
}
