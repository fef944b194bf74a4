/* Turns changes of kernel settings into the contents of files below /proc/sys. Where a file has
 * three numbers the audit has a fact for each, and the file is put together again here. */
#include "audit/fix/kernel_values.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/fix/well_formed.h"
#include "base/array.h"
#include "base/text.h"
#include "report/document/view.h"

enum {
	PARTS = 3
};

struct three_numbers {
	const char *key;
	const char *parts[PARTS];
};

/* Documentation/networking/ip-sysctl.rst */
static const struct three_numbers three_numbers[] = {
		{"net.ipv4.tcp_mem", {"min", "pressure", "max"}},
		{"net.ipv4.tcp_rmem", {"min", "default", "max"}},
		{"net.ipv4.tcp_wmem", {"min", "default", "max"}},
};

bool kernel_values_has(const char *key)
{
	/* Directories of /proc/sys, and "kern" of macOS. */
	static const char *const tops[] =
			{"abi", "debug", "dev", "fs", "kern", "kernel", "net", "user", "vm"};
	size_t length = strcspn(key, ".");
	if (!key[length])
		return false;
	for (size_t i = 0; i < COUNT_OF(tops); i++) {
		if (strlen(tops[i]) == length && !strncmp(key, tops[i], length))
			return true;
	}
	return false;
}

/* Drops blanks at both ends and turns each run of blanks and tabs into one blank. */
static const char *kernel_values_squeeze(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, text), *to = out;
	for (; *text; text++) {
		if (!isspace((unsigned char)*text))
			*to++ = *text;
		else if (to > out && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out;
}

const char *kernel_values_text(struct arena *arena, const cJSON *node, const char *member)
{
	double number = view_number(node, member);
	if (isfinite(number)) {
		char out[NUMBER_TEXT_MAX];
		return arena_strdup(arena, text_plain_number(out, number));
	}
	const cJSON *value = view_get(node, member);
	if (isinf(number) || !cJSON_IsString(value))
		return NULL;
	const char *text = kernel_values_squeeze(arena, value->valuestring);
	if (!well_formed_value(text))
		return NULL;
	return text;
}

/* The value that the host has; NULL: not known. */
static const char *kernel_value_now(struct arena *arena, const cJSON *audit, const char *key)
{
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(audit, "facts")) {
		if (!strcmp(view_raw(fact, "key"), key) && !*view_raw(fact, "instance"))
			return kernel_values_text(arena, fact, "value");
	}
	return NULL;
}

/* The file that this fact is one number of, and which; NULL: the fact is a whole file. */
static const struct three_numbers *find_three(const char *key, size_t *ret_part)
{
	for (size_t i = 0; i < COUNT_OF(three_numbers); i++) {
		size_t length = strlen(three_numbers[i].key);
		if (strncmp(key, three_numbers[i].key, length) != 0 || key[length] != '.')
			continue;
		for (size_t part = 0; part < PARTS; part++) {
			*ret_part = part;
			if (!strcmp(key + length + 1, three_numbers[i].parts[part]))
				return &three_numbers[i];
		}
	}
	return NULL;
}

static const char *join(struct arena *arena, const char *const numbers[PARTS])
{
	return arena_printf(arena, "%s %s %s", numbers[0], numbers[1], numbers[2]);
}

/* The file as the host has it. NULL: one of its numbers is not known. */
static const char *three_now(struct arena *arena,
		const cJSON *audit,
		const struct three_numbers *file)
{
	const char *numbers[PARTS];
	for (size_t i = 0; i < PARTS; i++) {
		const char *key = arena_printf(arena, "%s.%s", file->key, file->parts[i]);
		numbers[i] = kernel_value_now(arena, audit, key);
		if (!numbers[i])
			return NULL;
	}
	return join(arena, numbers);
}

/* The file's text with one number replaced. */
static const char *three_with(struct arena *arena, const char *text, size_t part, const char *to)
{
	char *rest = arena_strdup(arena, text);
	const char *numbers[PARTS];
	for (size_t i = 0; i < PARTS; i++) {
		numbers[i] = strsep(&rest, " ");
		assert(numbers[i]); /* three_now or join wrote it */
	}
	numbers[part] = to;
	return join(arena, numbers);
}

static struct fix_values_sysctl *find_sysctl(const struct fix_values *values, const char *key)
{
	for (size_t i = 0; i < values->sysctl_count; i++) {
		if (!strcmp(values->sysctls[i].key, key))
			return &values->sysctls[i];
	}
	return NULL;
}

static bool is_whole_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

static enum sysctl_change change_of(const struct fix_values_sysctl *sysctl)
{
	if (!strcmp(sysctl->key, "net.ipv4.ip_local_port_range"))
		return CHANGE_WIDEN;
	if (!strcmp(sysctl->key, "net.ipv4.ip_local_reserved_ports"))
		return CHANGE_ADD;
	if (!strcmp(sysctl->key, "net.ipv4.tcp_tw_reuse"))
		return CHANGE_SET; /* a mode, not an amount */
	if (!sysctl->from || !is_whole_number(sysctl->from) || !is_whole_number(sysctl->to))
		return CHANGE_SET;
	if (strtod(sysctl->to, NULL) > strtod(sysctl->from, NULL))
		return CHANGE_RAISE;
	return CHANGE_SET;
}

static void put_sysctl(struct arena *arena,
		struct fix_values *values,
		const struct fix_values_sysctl *sysctl)
{
	struct fix_values_sysctl *earlier = find_sysctl(values, sysctl->key);
	if (earlier) {
		*earlier = *sysctl;
		return;
	}
	if (sysctl->from && !strcmp(sysctl->from, sysctl->to))
		return;
	values->sysctls = arena_grow(arena,
			values->sysctls,
			values->sysctl_count,
			&values->sysctl_capacity,
			sizeof *sysctl);
	values->sysctls[values->sysctl_count++] = *sysctl;
}

/* Makes one number of a file into the whole file: the other two as an earlier fix leaves them, else
 * as the host has them. */
static bool complete_three(struct arena *arena,
		const cJSON *audit,
		const struct fix_values *values,
		const struct three_numbers *file,
		size_t part,
		struct fix_values_sysctl *sysctl)
{
	const struct fix_values_sysctl *earlier = find_sysctl(values, file->key);
	sysctl->key = file->key;
	sysctl->from = three_now(arena, audit, file);
	const char *before = sysctl->from;
	if (earlier)
		before = earlier->to;
	if (!before)
		return false;
	sysctl->to = three_with(arena, before, part, sysctl->to);
	sysctl->change = CHANGE_RAISE;
	return true;
}

bool kernel_values_add(struct arena *arena,
		const cJSON *audit,
		const cJSON *fix,
		const cJSON *change,
		struct fix_values *values)
{
	size_t part;
	const struct three_numbers *file = find_three(change->string, &part);
	struct fix_values_sysctl sysctl = {
			.key = change->string,
			.to = kernel_values_text(arena, change, "to"),
			.title = view_text(arena, fix, "title", 200),
			.fix = view_text(arena, fix, "id", 60),
	};
	if (!sysctl.to || !well_formed_key(sysctl.key))
		return false;
	sysctl.key = arena_strdup(arena, sysctl.key); /* the document may go before the values */
	if (file) {
		if (!complete_three(arena, audit, values, file, part, &sysctl))
			return false;
	} else {
		sysctl.from = kernel_value_now(arena, audit, sysctl.key);
		sysctl.change = change_of(&sysctl);
	}
	if (text_begins_with(sysctl.key, "net.netfilter.nf_conntrack_"))
		values->conntrack = true;
	put_sysctl(arena, values, &sysctl);
	return true;
}
