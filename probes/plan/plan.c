/* What readers use to fill a plan. Reads no command line and judges nothing. */
#include "probes/plan/plan.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "model/load/destination.h"

/* A plan counts in whole numbers; a rate times a time need not be one. */
static double whole_count(double count)
{
	return ceil(count - 1e-9) + 0.0; /* 0, not -0 */
}

void plan_number(struct plan *plan,
		enum workload_field field,
		double number,
		enum confidence confidence,
		const char *from)
{
	if (workload_rows[field].unit == UNIT_COUNT)
		number = whole_count(number);
	plan->workload.values[field] = (struct workload_value){.set = true,
			.number = number,
			.confidence = confidence,
			.from = from};
}

void plan_own_nofile(struct plan *plan, const char *setting, double value, const char *from)
{
	plan_number(plan, W_NOFILE, value, CONFIDENCE_EXACT, from);
	plan->workload.values[W_NOFILE].setting = setting;
}

void plan_choice(struct plan *plan,
		enum workload_field field,
		const char *choice,
		enum confidence confidence,
		const char *from)
{
	plan->workload.values[field] = (struct workload_value){.set = true,
			.text = choice,
			.confidence = confidence,
			.from = from};
}

bool plan_destinations(struct plan *plan,
		const char **items,
		size_t count,
		enum confidence confidence,
		const char *from,
		struct error *err)
{
	struct workload_value value = {.set = true, .confidence = confidence, .from = from};
	for (size_t i = 0; i < count; i++)
		if (!workload_check_entry(W_DESTINATIONS, items[i], err))
			return false;
	workload_set_list(plan->arena, &value, items, count);
	plan->workload.values[W_DESTINATIONS] = value;
	return true;
}

static const char *scheme_port(const char *scheme, size_t length)
{
	static const struct {
		const char *scheme, *port;
	} ports[] = {
			{"http", "80"},
			{"https", "443"},
			{"ws", "80"},
			{"wss", "443"},
			{"h2c", "80"},
			{"h2", "443"},
			{"grpc", "80"},
			{"grpcs", "443"},
			{"redis", "6379"},
			{"rediss", "6379"},
	};
	for (size_t i = 0; i < COUNT_OF(ports); i++)
		if (strlen(ports[i].scheme) == length && !strncasecmp(ports[i].scheme, scheme, length))
			return ports[i].port;
	return NULL;
}

bool plan_url_is_tls(const char *url)
{
	static const char *const schemes[] = {"https://", "wss://", "h2://", "grpcs://", "rediss://"};
	for (size_t i = 0; i < COUNT_OF(schemes); i++)
		if (!strncasecmp(url, schemes[i], strlen(schemes[i])))
			return true;
	return false;
}

const char *plan_url_target(struct arena *arena, const char *url, struct error *err)
{
	const char *shown = url, *slashes = strstr(url, "://");
	const char *port = slashes ? scheme_port(url, (size_t)(slashes - url)) : "80";
	const char *host = slashes ? slashes + 3 : url;
	size_t length = strcspn(host, "/?#");
	const char *at = memchr(host, '@', length);
	for (const char *next; at && (next = memchr(at + 1, '@', length - (size_t)(at + 1 - host)));)
		at = next;
	if (at) { /* userinfo: never kept */
		length -= (size_t)(at + 1 - host);
		host = at + 1;
		shown = host;
	}
	if (!port || !length)
		shown = text_clean(arena, shown, at ? length : strlen(url), 100);
	if (!port) {
		(void)error_set(err, "\"%s\": unknown scheme; write http, https, ws, wss or grpc", shown);
		return NULL;
	}
	if (!length) {
		(void)error_set(err, "\"%s\" is not a URL with a host, such as http://10.0.0.5/", shown);
		return NULL;
	}
	char *target = arena_copy(arena, host, length);
	const char *bracket = strchr(target, ']'), *colon = strrchr(bracket ? bracket : target, ':');
	if (colon && !colon[1])
		target[colon - target] = '\0', colon = NULL;
	if (!colon)
		target = arena_printf(arena, "%s:%s", target, port);
	return destination_check(target, err) ? target : NULL;
}

bool plan_url(struct plan *plan, const char *url, const char *from, struct error *err)
{
	const char **items = arena_alloc(plan->arena, sizeof *items);
	items[0] = plan_url_target(plan->arena, url, err);
	plan->tls = plan_url_is_tls(url);
	return items[0] && plan_destinations(plan, items, 1, CONFIDENCE_EXACT, from, err);
}

void plan_stage(struct plan *plan,
		double duration_s,
		double connections,
		double open_rate_per_s,
		enum confidence confidence,
		const char *from)
{
	struct workload *w = &plan->workload;
	struct workload_stage *stages = arena_alloc(plan->arena, (w->stage_count + 1) * sizeof *stages);
	if (w->stage_count)
		memcpy(stages, w->stages, w->stage_count * sizeof *stages);
	const struct workload_stage stage = {duration_s, whole_count(connections), open_rate_per_s};
	stages[w->stage_count++] = stage;
	w->stages = stages;
	w->values[W_STAGES] =
			(struct workload_value){.set = true, .confidence = confidence, .from = from};
}

/* What the plan or the user said already is no question. */
static bool answered(const struct plan *plan,
		const struct plan_context *context,
		enum workload_field field)
{
	return plan->workload.values[field].set || context->given->values[field].set;
}

void plan_ask(struct plan *plan, const struct plan_context *context, const char *why, ...)
{
	struct plan_question question = {.why = why};
	bool known = false;
	va_list fields;
	va_start(fields, why);
	for (int field; (field = va_arg(fields, int)) != WORKLOAD_FIELDS &&
			question.count < PLAN_ANSWERS_MAX;) {
		question.fields[question.count++] = (enum workload_field)field;
		known |= answered(plan, context, (enum workload_field)field);
	}
	va_end(fields);
	if (known)
		return;
	plan->questions = arena_grow(plan->arena,
			plan->questions,
			plan->question_count,
			&plan->question_capacity,
			sizeof question);
	plan->questions[plan->question_count++] = question;
}

void plan_find(struct plan *plan,
		const char *id,
		const char *severity,
		const char *where,
		const char *text)
{
	plan->findings = arena_grow(plan->arena,
			plan->findings,
			plan->finding_count,
			&plan->finding_capacity,
			sizeof *plan->findings);
	plan->findings[plan->finding_count++] =
			(struct finding){.id = id, .severity = severity, .text = text, .where = where};
}

double plan_given(const struct plan_context *context, enum workload_field field)
{
	const struct workload_value *value = &context->given->values[field];
	return value->set && !value->text ? value->number : NAN;
}

bool plan_sees_host(const struct plan_context *context, const struct plan_command *command)
{
	return !context->elsewhere && !command->vantage.container;
}

/* Set in front of the command, by env or by docker -e; NULL: not there. */
static const char *set_on_line(const struct plan_command *command, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = command->environment.count; i-- > 0;) {
		const char *item = command->environment.items[i];
		if (!strncmp(item, name, length) && item[length] == '=')
			return item + length + 1;
	}
	return NULL;
}

const char *plan_environment(const struct plan_context *context,
		const struct plan_command *command,
		const char *name)
{
	const char *value = set_on_line(command, name);
	if (value || !plan_sees_host(context, command) || !context->environment)
		return value;
	return context->environment(context, name);
}

void plan_find_variable(struct plan *plan, const char *name)
{
	static const char id[] = "plan-variable";
	const char *shown = text_clean(plan->arena, name, strlen(name), 60);
	for (size_t i = 0; i < plan->finding_count; i++) {
		const struct finding *finding = &plan->findings[i];
		if (!strcmp(finding->id, id) && !strcmp(finding->where, shown))
			return;
	}
	const char *text = arena_printf(plan->arena,
			"%s is treated as unset: the plan is for another host, so this shell's "
			"variables are ignored. Write %s=VALUE in the command.",
			shown,
			shown);
	plan_find(plan, id, "warning", shown, text);
}

const char *plan_variable(const struct plan_context *context,
		const struct plan_command *command,
		const char *name,
		struct plan *plan)
{
	const char *value = plan_environment(context, command, name);
	if (!value && context->elsewhere)
		plan_find_variable(plan, name);
	return value;
}

const char *plan_own_setting(const struct plan_context *context,
		const struct plan_command *command,
		const char *name)
{
	const char *value = set_on_line(command, name);
	if (value || command->vantage.container || !context->environment)
		return value;
	return context->environment(context, name);
}

/* "/a" and "./b": "/a/b". */
static const char *join(struct arena *arena, const char *directory, const char *name)
{
	size_t length = strlen(directory);
	while (length && directory[length - 1] == '/')
		length--;
	while (length > 1 && directory[length - 1] == '.' && directory[length - 2] == '/')
		length -= 2;
	while (name[0] == '.' && name[1] == '/')
		name += 1 + strspn(name + 1, "/");
	return arena_printf(arena, "%.*s/%s", (int)length, directory, name);
}

/* Where a container's file is out here, by the mount that is nearest to it; else NULL. */
static const char *mounted(const struct plan_context *context,
		const struct plan_command *command,
		const char *path)
{
	const char *found = NULL;
	size_t longest = 0;
	for (size_t i = 0; i < command->vantage.mounts.count; i++) {
		const char *mount = command->vantage.mounts.items[i], *colon = strchr(mount, ':');
		size_t length = colon ? strcspn(colon + 1, ":") : 0;
		while (length && colon[length] == '/')
			length--;
		if (!colon || length < longest || strncmp(path, colon + 1, length) != 0)
			continue;
		const char *rest = path + length;
		if (*rest && *rest != '/')
			continue;
		longest = length;
		found = arena_copy(context->arena, mount, (size_t)(colon - mount));
		if (*rest)
			found = join(context->arena, found, rest + strspn(rest, "/"));
	}
	return found;
}

/* Without what leads from the current directory to itself. */
static const char *from_here(const struct plan_context *context, const char *path)
{
	size_t length = 0;
	if (context->cwd)
		length = strlen(context->cwd);
	if (length > 1 && !strncmp(path, context->cwd, length) && path[length] == '/')
		path += length + strspn(path + length, "/");
	while (path[0] == '.' && path[1] == '/')
		path += 1 + strspn(path + 1, "/");
	return path;
}

const char *plan_path(const struct plan_context *context,
		const struct plan_command *command,
		const char *path)
{
	const char *cwd = command->vantage.cwd;
	if (path[0] != '/' && cwd)
		path = join(context->arena, cwd, path);
	if (command->vantage.container)
		path = mounted(context, command, path);
	if (!path)
		return NULL;
	return from_here(context, path);
}

const struct plan_written *plan_find_written(const struct plan_command *command, const char *path)
{
	for (size_t i = command->written_count; i-- > 0;)
		if (!strcmp(command->written[i].path, path))
			return &command->written[i];
	return NULL;
}

/* A file out here, or what the script will have written there. */
static bool read_outside(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		const char *named_by,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	const struct plan_written *written = plan_find_written(command, path);
	struct error why = {0};
	if (written && !written->text)
		return error_set(err,
				"%s: the script itself writes %.200s, so what it will contain is not "
				"known before the run",
				named_by,
				text_clean(context->arena, path, strlen(path), 200));
	if (written) {
		*ret_bytes = written->text;
		*ret_length = strlen(written->text);
		return true;
	}
	if (!context->read_file)
		return error_set(err, "%s: %.200s cannot be read here", named_by, path);
	if (context->read_file(context, path, ret_bytes, ret_length, &why))
		return true;
	return error_set(err, "%s: %s", named_by, why.text);
}

bool plan_input(const struct plan_context *context,
		const struct plan_command *command,
		const char **ret_text,
		struct error *err)
{
	static const char name[] = "standard input";
	const char *path = command->input_path;
	size_t length;
	*ret_text = command->input;
	if (command->input || command->input_unknown || !path)
		return true;
	if (command->input_here)
		return read_outside(context, command, path, name, ret_text, &length, err);
	return plan_file(context, command, path, name, ret_text, &length, err);
}

bool plan_names(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		struct name_list *ret_names)
{
	path = plan_path(context, command, path);
	return path && context->list && context->list(context, path, ret_names);
}

bool plan_file_exists(const struct plan_context *context,
		const struct plan_command *command,
		const char *path)
{
	const char *here = plan_path(context, command, path);
	return here && context->file_exists && context->file_exists(context, here);
}

bool plan_file(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		const char *named_by,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	const char *here = plan_path(context, command, path);
	if (here)
		return read_outside(context, command, here, named_by, ret_bytes, ret_length, err);
	return error_set(err,
			"%s: %.200s is a file inside the container, which headroom does not read; "
			"mount it (-v FILE:%.200s), or give the plan's numbers as flags (headroom "
			"help workload)",
			named_by,
			text_clean(context->arena, path, strlen(path), 200),
			text_clean(context->arena, path, strlen(path), 200));
}
