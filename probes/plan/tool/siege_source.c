/* siege's configuration is read as siege finds it (4.0.7: src/init.c load_conf, src/main.c). */
#include "probes/plan/tool/siege_source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/targets.h"

/* What decides something: a file may hold much else, and passwords. */
static const char *const entries[] =
		{"concurrent", "time", "reps", "file", "url", "connection", "parser", "limit"};

static const char *text_of(const struct data *data, const char *name)
{
	const struct data_term *term = data_term_of(data, name);
	if (!term)
		return NULL;
	return term->text;
}

static bool begins_with_word(const char *text, const char *word)
{
	return text && !strncasecmp(text, word, strlen(word));
}

/* -R, $SIEGERC, ~/.siege/siege.conf, ~/.siegerc, the system's; the first there is. */
static const char *find_siegerc(const struct data *data)
{
	const struct plan_context *context = data->context;
	struct arena *arena = context->arena;
	const char *named = text_of(data, "rc");
	if (!named)
		named = plan_environment(context, data->command, "SIEGERC");
	if (named || !plan_sees_host(context, data->command) || !context->file_exists)
		return named;
	const char *home = plan_environment(context, data->command, "HOME");
	if (!home)
		home = "/nonexistent";
	const char *candidates[] = {arena_printf(arena, "%s/.siege/siege.conf", home),
			arena_printf(arena, "%s/.siegerc", home),
			"/etc/siege/siegerc",
			"/usr/local/etc/siegerc"};
	for (size_t i = 0; i < COUNT_OF(candidates); i++) {
		if (context->file_exists(context, candidates[i]))
			return candidates[i];
	}
	return NULL;
}

/* The last line of a name counts. */
static void put_entry(struct arena *arena,
		struct tree_node *root,
		const char *name,
		const char *value)
{
	for (size_t i = 0; i < COUNT_OF(entries); i++) {
		if (strcmp(entries[i], name) != 0)
			continue;
		struct tree_node *node = root->child;
		while (node && strcmp(node->name, name) != 0)
			node = node->next;
		if (node)
			node->text = value;
		else
			(void)tree_add(arena, root, TREE_SCALAR, entries[i], value, 0);
	}
}

/* "name = value", "name: value"; # begins a comment. */
static void read_rc_line(struct arena *arena, struct tree_node *root, char *text)
{
	text += strspn(text, " \t");
	char *end = text + strcspn(text, " \t=:");
	char *value = end + strspn(end, " \t=:");
	value[strcspn(value, "\r#")] = '\0';
	size_t length = strlen(value);
	while (length && strchr(" \t", value[length - 1]))
		value[--length] = '\0';
	*end = '\0';
	if (*text != '#' && *value)
		put_entry(arena, root, text, value);
}

bool siege_open_rc(struct data *data)
{
	struct arena *arena = data->context->arena;
	const char *path = find_siegerc(data), *bytes;
	size_t length;
	if (!path)
		return true;
	if (!plan_file(data->context,
				data->command,
				path,
				"siege's configuration",
				&bytes,
				&length,
				data->err))
		return false;
	struct tree_node *root = tree_add(arena, NULL, TREE_MAPPING, "", "", 0);
	for (const char *at = bytes; *at; at += *at == '\n') {
		size_t line = strcspn(at, "\n");
		read_rc_line(arena, root, arena_copy(arena, at, line));
		at += line;
	}
	struct document *settings = arena_alloc(arena, sizeof *settings);
	*settings = (struct document){.arena = arena, .path = path, .root = root};
	data->settings = settings;
	return true;
}

static bool read_urls(const struct data *data)
{
	const struct data_term *file = data_term_of(data, "file");
	const char *path = "/etc/siege/urls.txt", *text;
	size_t length;
	if (file && file->text)
		path = file->text;
	else if (text_of(data, "url"))
		return true;
	return plan_file(data->context,
				   data->command,
				   path,
				   "siege's URLs",
				   &text,
				   &length,
				   data->err) &&
			targets_read(data->plan, text, path, data->err);
}

static struct value reps_value(const char *reps)
{
	struct error why = {0};
	double number = 1;
	if (!reps)
		return value_unknown(NULL);
	if (strcmp(reps, "once") != 0 && !quantity_read(reps, &quantity_count, &number, &why))
		return value_unknown(NULL);
	return value_number(number, UNIT_COUNT);
}

static struct value limit_value(const struct data *data)
{
	const struct data_term *limit = data_term_of(data, "limit");
	if (!limit || !limit->given)
		return value_unknown(NULL);
	double number = strtod(limit->text, NULL);
	if (!(number >= 1)) /* siege then has none */
		number = INFINITY;
	return value_number(number, UNIT_COUNT);
}

bool siege_source(struct data *data, struct value ret_terms[SOURCE_TERMS_MAX])
{
	const struct data_term *shows = data_term_of(data, "config");
	const char *parser = text_of(data, "parser");
	bool parses = !parser || begins_with_word(parser, "true") || begins_with_word(parser, "on");
	bool keeps = begins_with_word(text_of(data, "connection"), "keep-alive");
	if (shows && shows->given)
		return true;
	ret_terms[0] = value_bool(!data->settings && data->context->elsewhere);
	ret_terms[1] = value_bool(keeps);
	ret_terms[2] = value_bool(parses);
	ret_terms[3] = limit_value(data);
	ret_terms[4] = reps_value(text_of(data, "reps"));
	return text_of(data, "word") || read_urls(data);
}
