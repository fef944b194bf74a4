#include "audit/lint/image.h"

#include <stdlib.h>
#include <string.h>

#include "audit/run/pipeline.h"
#include "audit/run/stock_image.h"
#include "base/os/json.h"
#include "base/text.h"
#include "report/document/view.h"

static const char range_fact[] = "net.ipv4.ip_local_port_range";
static const char reserved_fact[] = "net.ipv4.ip_local_reserved_ports";

/* --- values ----------------------------------------------------------------------------------- */

static bool read_range(struct lint_machine *machine, const char *text, struct error *err)
{
	char *end;
	unsigned long first = strtoul(text, &end, 10);
	unsigned long last = strtoul(end, &end, 10);
	end += strspn(end, " \t\n");
	if (first == 0 || last < first || last > 65535 || *end)
		return error_set(err,
				"%s: \"%.40s\" is not a port range; give two numbers, such as \"32768 60999\"",
				range_fact,
				text);
	machine->system.range = (struct lint_range){
			.first = (unsigned)first,
			.last = (unsigned)last,
	};
	return true;
}

static bool image_read_reserved(struct lint_machine *machine, const char *text, struct error *err)
{
	struct portset *reserved = &machine->system.reserved;
	*reserved = (struct portset){0};
	return portset_parse(text, reserved, err);
}

/* "net.ipv4.ip_local_port_range", also by its last name alone. */
static bool image_is_fact(const char *key, size_t length, const char *fact)
{
	const char *last = strrchr(fact, '.') + 1;
	if (strlen(fact) == length)
		return memcmp(key, fact, length) == 0;

	return strlen(last) == length && memcmp(key, last, length) == 0;
}

static bool image_apply_set(struct lint_machine *machine, const char *set, struct error *err)
{
	size_t length = strcspn(set, "=");
	const char *value = set + length;
	if (*value)
		value++;
	if (image_is_fact(set, length, range_fact))
		return read_range(machine, value, err);
	if (image_is_fact(set, length, reserved_fact))
		return image_read_reserved(machine, value, err);
	return error_set(err, "--set %.100s: lint uses only %s and %s", set, range_fact, reserved_fact);
}

static bool apply_sets(const struct run *run, struct lint_machine *machine, struct error *err)
{
	const struct name_list *sets = &run->options->sets;
	for (size_t i = 0; i < sets->count; i++) {
		if (!image_apply_set(machine, sets->items[i], err))
			return false;
	}
	if (machine->system.range.first == 0)
		return error_set(err,
				"the range of outgoing ports of %s is not known; name an image (--image "
				"ubuntu-24.04) or give the range (--set %s=\"32768 60999\")",
				machine->title,
				range_fact);
	return true;
}

/* --- images ----------------------------------------------------------------------------------- */

/* "kernel" of an image is a source of its file. */
static void take_sources(struct arena *arena,
		struct lint_machine *machine,
		const cJSON *root,
		const cJSON *image)
{
	const cJSON *item;
	const cJSON *known = view_object(root, "sources");
	cJSON_ArrayForEach(item, view_array(image, "sources")) {
		const char *id = item->valuestring;
		const cJSON *source = cJSON_GetObjectItemCaseSensitive(known, id);
		const char *what = view_text(arena, source, "what", 0);
		const char *url = view_text(arena, source, "url", 0);
		const char *text = arena_strdup(arena, what);
		if (*url)
			text = arena_printf(arena, "%s (%s)", what, url);
		name_list_append(arena, &machine->sources, text);
	}
}

static const char *text_or_null(struct arena *arena, const cJSON *node, const char *name)
{
	const char *text = view_text(arena, node, name, 0);
	if (!*text)
		return NULL;
	return text;
}

static const cJSON *image_fact_of(const cJSON *facts, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(facts, key);
}

static bool take_image(struct arena *arena,
		struct lint_machine *machine,
		const cJSON *root,
		const cJSON *image,
		struct error *err)
{
	const cJSON *facts = view_object(image, "facts");
	const cJSON *range = image_fact_of(facts, range_fact);
	const cJSON *reserved = image_fact_of(facts, reserved_fact);
	machine->name = view_text(arena, image, "name", 0);
	machine->title = view_text(arena, image, "title", 0);
	machine->kind = view_text(arena, image, "system", 0);
	machine->dated = view_text(arena, root, "dated", 0);
	machine->captured = view_true(image, "captured");
	machine->note = text_or_null(arena, image, "note");
	take_sources(arena, machine, root, image);
	if (cJSON_IsString(range) && !read_range(machine, range->valuestring, err))
		return false;
	return !cJSON_IsString(reserved) || image_read_reserved(machine, reserved->valuestring, err);
}

static bool find_image(struct arena *arena,
		const char *name,
		struct lint_machine *machine,
		struct error *err)
{
	const cJSON *image;
	__attribute__((cleanup(json_close))) struct json *json = NULL;
	json = stock_image_find(arena, name, &image, err);
	if (!json)
		return false;
	const cJSON *root = json_root(json);
	return take_image(arena, machine, root, image, err);
}

/* --- hosts ------------------------------------------------------------------------------------ */

static bool find_host(const struct run *run, struct lint_machine *machine, struct error *err)
{
	/* What --set says is read here: it may be all that is known. */
	struct options options = *run->options;
	struct run looking = *run;
	struct host_info info;
	options.sets = (struct name_list){0};
	looking.options = &options;
	struct facts *facts = pipeline_facts(&looking, DETAIL_AUDIT, &info, err);
	if (!facts)
		return false;
	machine->title = "this host";
	if (options.facts_path)
		machine->title = arena_printf(run->arena, "the host of %s", options.facts_path);
	machine->kind = "linux";
	const char *range = facts_text(facts, range_fact);
	const char *reserved = facts_text(facts, reserved_fact);
	if (range && !read_range(machine, range, err))
		return false;
	return !reserved || image_read_reserved(machine, reserved, err);
}

bool lint_machine_find(const struct run *run, struct lint_machine *ret, struct error *err)
{
	const char *image = run->options->image;
	*ret = (struct lint_machine){0};
	if (image && run->options->facts_path)
		return error_set(err, "--image and --facts cannot be combined; give one of them");
	bool found;
	if (image)
		found = find_image(run->arena, image, ret, err);
	else
		found = find_host(run, ret, err);
	return found && apply_sets(run, ret, err);
}

struct lint_system lint_other_system(void)
{
	/* The range of the IETF for such ports (RFC 6335), which both use. */
	return (struct lint_system){.range = {49152, 65535}};
}
