/* headroom report says of an older document what was not said when it was made. */
#include "audit/document/request.h"

#include <time.h>

#include "audit/cli/screen.h"
#include "base/os/clock.h"
#include "report/document/member.h"
#include "report/document/view.h"

bool request_given(const struct options *options)
{
	const struct request_options *request = &options->request;
	return request->ticket || request->requested_by || request->valid_for_s > 0;
}

/* From the moment of the audit on, never from that of a later report. Years have four digits. */
static const char *valid_until(struct arena *arena, const cJSON *document, double valid_for_s)
{
	static const char last[] = "9999-12-31T23:59:59Z";
	char text[CLOCK_TEXT_MAX];
	time_t created, latest;
	if (!clock_parse(view_raw(document, "created"), &created) || !clock_parse(last, &latest))
		return NULL;
	if (valid_for_s >= difftime(latest, created))
		return last;
	return arena_strdup(arena, clock_utc(created + (time_t)valid_for_s, text));
}

/* Another document's member may be of any type: then it has none. */
static cJSON *request_object(cJSON *document)
{
	cJSON *request = cJSON_GetObjectItemCaseSensitive(document, "request");
	if (cJSON_IsObject(request))
		return request;
	cJSON_DeleteItemFromObjectCaseSensitive(document, "request");
	request = member_object(document, "request");
	member_null(request, "ticket");
	member_null(request, "requested_by");
	member_null(request, "valid_until");
	return request;
}

static void request_replace(struct arena *arena, cJSON *request, const char *name, const char *text)
{
	const struct members put = {.arena = arena};
	if (!text)
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(request, name);
	member_text(&put, request, name, text);
}

void request_put(struct arena *arena, cJSON *document, const struct options *options)
{
	const struct request_options *said = &options->request;
	if (!request_given(options))
		return;
	cJSON *request = request_object(document);
	request_replace(arena, request, "ticket", said->ticket);
	request_replace(arena, request, "requested_by", said->requested_by);
	if (said->valid_for_s > 0)
		request_replace(arena,
				request,
				"valid_until",
				valid_until(arena, document, said->valid_for_s));
}

void request_warn(struct arena *arena, const cJSON *document, const char *name)
{
	const char *until = view_text(arena, document, "request.valid_until", 0);
	char run[CLOCK_TEXT_MAX];
	time_t end, now;
	if (!clock_parse(until, &end) || !clock_parse(clock_utc_run(run), &now))
		return;
	if (difftime(now, end) > 0)
		screen_say("warning: %s was valid only until %s; audit the host again", name, until);
}
