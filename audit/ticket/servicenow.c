/* People know the number of a change, the Attachment API wants its sys_id: the Table API of
 * ServiceNow has both. */
#include "audit/ticket/servicenow.h"

#include <string.h>

#include "audit/ticket/call.h"
#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"
#include "report/document/view.h"

enum {
	SYS_ID_CHARS = 32,
	NUMBER_CHARS_MAX = 40,
	TABLE_CHARS_MAX = 80
};

/* The numbers of a new instance. TASK is missing: it may be a record of any table that extends
 * task, and the API attaches to the table that it is told. */
static const struct {
	const char *prefix, *table;
} tables[] = {
		{"CHG", "change_request"},
		{"CTASK", "change_task"},
		{"INC", "incident"},
		{"PRB", "problem"},
		{"PTASK", "problem_task"},
		{"REQ", "sc_request"},
		{"RITM", "sc_req_item"},
		{"SCTASK", "sc_task"},
};

static const char *table_of(const char *number)
{
	size_t length = strcspn(number, "0123456789");
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		if (strlen(tables[i].prefix) == length && !strncmp(number, tables[i].prefix, length))
			return tables[i].table;
	return NULL;
}

static bool is_sys_id(const char *text)
{
	return strlen(text) == SYS_ID_CHARS && strspn(text, "0123456789abcdef") == SYS_ID_CHARS;
}

/* It goes into a query, where "^" and "=" would be operators. */
static bool is_record_number(const char *text)
{
	size_t length = strlen(text);
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	return length >= 2 && length <= NUMBER_CHARS_MAX && strspn(text, allowed) == length &&
			ascii_is_letter(*text) && ascii_is_digit(text[length - 1]);
}

static bool is_table(const char *text)
{
	size_t length = strlen(text);
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	return length > 0 && length <= TABLE_CHARS_MAX && strspn(text, allowed) == length;
}

bool servicenow_parse(struct ticket *ticket, const char *text)
{
	const char *slash = strchr(text, '/');
	ticket->number = text;
	ticket->container = table_of(text);
	if (slash) {
		ticket->number = slash + 1;
		ticket->container = arena_copy(ticket->arena, text, (size_t)(slash - text));
	}
	if (!ticket->container || !is_table(ticket->container))
		return false;
	ticket->by_number = !is_sys_id(ticket->number);
	return !ticket->by_number || is_record_number(ticket->number);
}

/* A condition that the server does not understand is left out of the query, and any record is the
 * answer then: that is why the number is looked at. */
static const char *only_record(const struct ticket *ticket, const cJSON *found, struct error *err)
{
	static const char none[] = "%s: no record of %s has the number %s, or the token may not see it";
	static const char several[] = "%s: several records of %s have the number %s; name one by its "
								  "sys_id: servicenow:%s/SYS_ID";
	static const char other[] = "%s: asked for %s of %s, the server returned another or an "
								"unreadable record; give the sys_id: servicenow:%s/SYS_ID";
	const char *shown = ticket->shown, *table = ticket->container, *number = ticket->number;
	const cJSON *record = cJSON_GetArrayItem(found, 0);
	const char *sys_id = view_raw(record, "sys_id");
	int count = cJSON_GetArraySize(found);
	if (count == 0)
		(void)error_fail(err, none, shown, table, number);
	else if (strcmp(view_raw(record, "number"), number) != 0 || !is_sys_id(sys_id))
		(void)error_fail(err, other, shown, number, table, table);
	else if (count > 1)
		(void)error_fail(err, several, shown, table, number, table);
	else
		return arena_strdup(ticket->arena, sys_id);
	return NULL;
}

static const char *record_of(const struct ticket *ticket, const cJSON *json, struct error *err)
{
	static const char no_list[] = "%s: the answer of %s is not a list of records (not JSON, or too "
								  "long); is the address right, or is it that of a log-in page?";
	const cJSON *found = view_array(json, "result");
	if (found)
		return only_record(ticket, found, err);
	(void)error_fail(err, no_list, ticket->shown, ticket->base);
	return NULL;
}

bool servicenow_find(struct ticket *ticket, struct error *err)
{
	struct http_request request = {.method = "GET",
			.url = arena_printf(ticket->arena,
					"%s/api/now/table/%s?sysparm_query=number%%3D%s"
					"&sysparm_fields=sys_id%%2Cnumber&sysparm_limit=2",
					ticket->base,
					ticket->container,
					ticket->number),
			.headers = {"Accept: application/json"},
			.header_count = 1};
	cJSON *json;
	if (!ticket->by_number)
		return true;
	if (!ticket_call(ticket, &request, &json, err))
		return false;
	const char *sys_id = "SYS_ID-OF-THE-ANSWER";
	if (!ticket->dry)
		sys_id = record_of(ticket, json, err);
	cJSON_Delete(json);
	if (!sys_id)
		return false;
	ticket->number = sys_id;
	ticket->by_number = false;
	return true;
}
