/* Values of names, and the texts that hold them. */
#include "probes/plan/data/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum {
	TEXT_CHARS = 100,
	NAME_BYTES_MAX = 60
};

static const char *program_of(const struct data *data)
{
	const char *word = data->command->words[0], *slash = strrchr(word, '/');
	if (slash)
		word = slash + 1;
	return text_clean(data->context->arena, word, strlen(word), TEXT_CHARS);
}

static struct value count_or_unknown(double number)
{
	if (isnan(number))
		return value_unknown(NULL);
	return value_number(number, UNIT_COUNT);
}

static double usable_processors(const struct data *data)
{
	double own = data->command->vantage.processors;
	if (isnan(own))
		own = data->context->processors;
	return own;
}

/* What a wrapper sets counts, else what the host gives. */
static double open_files(double wrapped, double host)
{
	if (isnan(wrapped))
		return host;
	return wrapped;
}

static double wrapped_soft_limit(const struct data *data)
{
	const struct plan_vantage *vantage = &data->command->vantage;
	if (vantage->nofile_raised)
		return open_files(vantage->nofile_hard, data->context->nofile_hard);
	return open_files(vantage->nofile_soft, data->context->nofile_soft);
}

static bool to_this_host(const struct data *data)
{
	return workload_any_loopback(&data->plan->workload, W_DESTINATIONS) ||
			workload_any_loopback(data->context->given, W_DESTINATIONS);
}

static struct value own_value(const struct data *data, enum tool_own own)
{
	switch (own) {
	case OWN_PROCESSORS:
		return count_or_unknown(usable_processors(data));
	case OWN_NOFILE_SOFT:
		return count_or_unknown(wrapped_soft_limit(data));
	case OWN_NOFILE_HARD:
		return count_or_unknown(
				open_files(data->command->vantage.nofile_hard, data->context->nofile_hard));
	case OWN_TLS:
		return value_bool(data->plan->tls);
	case OWN_LOOPBACK:
		return value_bool(to_this_host(data));
	case OWN_KEPT:
		return value_bool(data->kept);
	default:
		return value_text(program_of(data));
	}
}

static struct value given_value(const struct data *data, enum workload_field field)
{
	const struct workload_value *value = &data->context->given->values[field];
	if (!value->set)
		return value_unknown(NULL);
	if (value->text)
		return value_text(value->text);
	return value_number(value->number, workload_rows[field].unit);
}

/* As how many an item counts. */
static double worth_of(const char *const *worth, const char *item, size_t length)
{
	for (; worth && worth[0]; worth += 2) {
		if (strlen(worth[0]) != length)
			continue;
		if (!strncasecmp(worth[0], item, length))
			return strtod(worth[1], NULL);
	}
	return 1;
}

static double items_of(const char *text, const char *const *worth)
{
	double count = 0;
	size_t length;
	for (const char *at = text; at && *at; at += length) {
		at += *at == ',';
		length = strcspn(at, ",");
		if (length > 0)
			count += worth_of(worth, at, length);
	}
	return count;
}

static const char *scheme_of(const struct data *data, const char *text)
{
	const char *slashes = NULL;
	if (text)
		slashes = strstr(text, "://");
	if (!slashes)
		return "";
	return arena_copy(data->context->arena, text, (size_t)(slashes - text));
}

/* "host:port" of a URL as two; NULL: it is none. */
static const char *host_of(const struct data *data, const char *text, const char **ret_port)
{
	struct error ignored;
	const char *target = NULL;
	if (text)
		target = plan_url_target(data->context->arena, text, &ignored);
	if (!target)
		return NULL;
	const char *colon = strrchr(target, ':');
	*ret_port = colon + 1;
	return arena_copy(data->context->arena, target, (size_t)(colon - target));
}

/* Does the text itself, or its scheme, name a port? */
static bool names_port(const char *text)
{
	if (strstr(text, "://"))
		return true;
	const char *end = strrchr(text, ']');
	return strchr(end ? end : text, ':');
}

static bool has_path(const char *text)
{
	const char *slashes = strstr(text, "://");
	if (slashes)
		text = slashes + strlen("://");
	return strchr(text, '/');
}

/* Parts of a URL. */
static struct value url_value(const struct data *data, const char *text, enum term_part part)
{
	const char *port;
	if (part == PART_SCHEME)
		return value_text(scheme_of(data, text));
	if (part == PART_HAS_PATH)
		return value_bool(text && has_path(text));
	const char *host = host_of(data, text, &port);
	if (!host)
		return value_unknown(NULL);
	if (part == PART_HOST)
		return value_text(host);
	if (!names_port(text))
		return value_unknown(NULL);
	return value_number(strtod(port, NULL), UNIT_COUNT);
}

static struct value part_value(const struct data *data,
		const struct data_term *term,
		enum term_part part)
{
	switch (part) {
	case PART_GIVEN:
		return value_bool(term->given);
	case PART_COUNT:
		return value_number((double)term->count, UNIT_COUNT);
	case PART_ITEMS:
		return value_number(items_of(term->text, term->worth), UNIT_COUNT);
	case PART_FIRST:
		if (!term->text)
			return value_unknown(NULL);
		return value_text(arena_copy(data->context->arena, term->text, strcspn(term->text, ",")));
	case PART_PATH:
		return value_bool(term->text && term->text[0] == '/');
	case PART_PLACE:
		return value_number((double)term->place, UNIT_COUNT);
	case PART_SCHEME:
	case PART_HOST:
	case PART_PORT:
	case PART_HAS_PATH:
		return url_value(data, term->text, part);
	case PART_SHOWN:
		if (!term->shown)
			return value_text("");
		return value_text(term->shown);
	default:
		return term->value;
	}
}

static bool data_lookup(void *context, const char *name, struct value *ret_value)
{
	const struct data *data = context;
	const struct tool_name found = tool_name_find(data->reading, name, data->let_count);
	switch (found.kind) {
	case NAME_OPTION:
		*ret_value = part_value(data, &data->options[found.index], found.part);
		return true;
	case NAME_WORD:
		*ret_value = part_value(data, &data->words[found.index], found.part);
		return true;
	case NAME_LET:
		*ret_value = data->lets[found.index];
		return true;
	case NAME_SOURCE:
		*ret_value = data->source[found.index];
		return true;
	case NAME_OWN:
		*ret_value = own_value(data, (enum tool_own)found.index);
		return true;
	case NAME_GIVEN:
		*ret_value = given_value(data, (enum workload_field)found.index);
		return true;
	default:
		return false;
	}
}

struct value data_value(const struct data *data, const struct expr *expr)
{
	struct data *context = (struct data *)data; /* expr_env has no const; it is only read */
	const struct expr_env env = {.lookup = data_lookup, .context = context};
	return expr_eval(expr, &env);
}

bool data_holds(const struct data *data, const struct expr *when)
{
	if (!when)
		return true;
	struct value value = data_value(data, when);
	return value.kind == VALUE_BOOL && value.number != 0;
}

const struct data_term *data_term_of(const struct data *data, const char *name)
{
	const struct tool_name found = tool_name_find(data->reading, name, data->let_count);
	if (found.kind == NAME_OPTION)
		return &data->options[found.index];
	if (found.kind == NAME_WORD)
		return &data->words[found.index];
	return NULL;
}

static void fill_in(const struct data *data, struct text *out, const char *name)
{
	char number[NUMBER_TEXT_MAX];
	struct value value = value_unknown(NULL);
	(void)data_lookup((void *)(size_t)data, name, &value);
	if (value.kind == VALUE_TEXT)
		text_add(out, text_clean(data->context->arena, value.text, strlen(value.text), TEXT_CHARS));
	else if (value.kind == VALUE_NUMBER)
		text_add(out, text_plain_number(number, value.number));
	else if (value.kind == VALUE_BOOL)
		text_add(out, text_number(number, value.number, UNIT_BOOL));
	else
		text_add(out, "?");
}

const char *data_text(const struct data *data, const char *text)
{
	char name[NAME_BYTES_MAX];
	struct text out = {0};
	if (!text || !strchr(text, '{'))
		return text;
	for (const char *at = text; *at;) {
		size_t plain = strcspn(at, "{"), length = 0;
		text_add_bytes(&out, at, plain);
		at += plain;
		if (*at == '{')
			length = strcspn(at + 1, "}");
		if (length == 0 || length >= sizeof name)
			break;
		memcpy(name, at + 1, length);
		name[length] = '\0';
		fill_in(data, &out, name);
		at += length + 2;
	}
	return text_take(data->context->arena, &out);
}

/* --- where a number comes from --- */

struct origin {
	const struct data *data;
	struct name_list given; /* options of the command, flags of the user */
	const char *usual;      /* the first default */
	unsigned long seen;     /* terms of "let" that were looked into */
};

static void add_flag(struct origin *origin, enum workload_field field)
{
	const struct data *data = origin->data;
	struct arena *arena = data->context->arena;
	char flag[64];
	if (!data->context->given->values[field].set)
		return;
	(void)workload_flag(field, flag);
	name_list_add_once(arena, &origin->given, arena_printf(arena, "--%s", flag));
}

static void add_option_origin(struct origin *origin, const struct data_term *term)
{
	if (!term || !term->shown)
		return;
	if (term->given)
		name_list_add_once(origin->data->context->arena, &origin->given, term->shown);
	else if (!origin->usual)
		origin->usual = term->shown;
}

static void add_origin(void *context, const char *name, bool word)
{
	struct origin *origin = context;
	const struct data *data = origin->data;
	const struct tool_name found = tool_name_find(data->reading, name, data->let_count);
	const unsigned long bit = 1UL << (found.index & 63);
	(void)word;
	if (found.kind == NAME_GIVEN)
		add_flag(origin, (enum workload_field)found.index);
	else if (found.kind != NAME_LET)
		add_option_origin(origin, data_term_of(data, name));
	else if (!(origin->seen & bit)) {
		origin->seen |= bit;
		expr_names(data->reading->lets[found.index].expr, add_origin, origin);
	}
}

const char *data_origin(const struct data *data, const struct expr *expr)
{
	struct origin origin = {.data = data};
	struct text all = {0};
	if (expr)
		expr_names(expr, add_origin, &origin);
	for (size_t i = 0; i < origin.given.count; i++) {
		if (i > 0)
			text_add(&all, ", ");
		text_add(&all, origin.given.items[i]);
	}
	if (all.length)
		return text_take(data->context->arena, &all);
	if (origin.usual)
		return origin.usual;
	return data->tool->title;
}
