/* Reads what was said with --ticket, --requested-by and --valid-for. */
#include "report/document/request.h"

#include <string.h>

#include "base/os/clock.h"
#include "report/document/member.h"
#include "report/document/view.h"

const char *document_ticket(struct arena *arena, const cJSON *document)
{
	return view_text(arena, document, "request.ticket", TICKET_CHARS);
}

/* "2026-12-14", or "2026-12-14 02:00 UTC" where that may be less than a day; "" where there is no
 * such moment. Views of an audit do not say when it was made. */
static const char *request_end(struct arena *arena, const cJSON *document)
{
	const double day_s = 86400;
	char text[CLOCK_TEXT_MAX];
	const char *said = view_raw(document, "request.valid_until");
	const char *made = view_raw(document, "created");
	time_t created, end;
	if (!clock_parse(said, &end))
		return "";
	(void)clock_utc(end, text);
	const char *hour = text + strlen("2026-12-14T");
	double valid_s = 0;
	if (clock_parse(made, &created))
		valid_s = difftime(end, created);
	if (valid_s >= day_s)
		return arena_printf(arena, "%.10s", text);
	return arena_printf(arena, "%.10s %.5s UTC", text, hour);
}

static void request_add(struct text *line, const char *label, const char *text)
{
	if (!*text)
		return;
	if (line->length)
		text_add(line, " · ");
	text_addf(line, "%s %s", label, text);
}

/* A ticket about a failure is no change. */
static const char *request_ticket_word(const cJSON *document)
{
	bool why = strcmp(view_raw(document, "schema"), "headroom.why/1") == 0;
	if (why)
		return "ticket";
	return "change";
}

const char *document_request_text(struct arena *arena, const cJSON *document)
{
	struct text line = {0};
	const char *by = view_text(arena, document, "request.requested_by", REQUESTED_BY_CHARS);
	const char *ticket = document_ticket(arena, document);
	const char *end = request_end(arena, document);
	request_add(&line, request_ticket_word(document), ticket);
	request_add(&line, "requested by", by);
	request_add(&line, "valid until", end);
	return text_take(arena, &line);
}

void document_put_request(const cJSON *audit, cJSON *object)
{
	if (view_object(audit, "request"))
		member_copy(object, "request", audit, "request");
}
