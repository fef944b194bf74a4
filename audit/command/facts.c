/* headroom facts: what the host says, as a table, as JSON, as metrics, or as a snapshot of the raw
 * files. */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/cli/screen.h"
#include "audit/cli/version.h"
#include "audit/output/output.h"
#include "audit/run/pipeline.h"
#include "audit/vantage/find.h"
#include "base/array.h"
#include "base/os/json_print.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/keys.h"
#include "probes/host/snapshot.h"
#include "report/write/columns.h"

enum {
	WIDTH = 80,
	KEY_COLUMNS = 46,
	FACTS_FORMATS = FORMATS_TEXT_JSON | 1 << FORMAT_PROMETHEUS
};

struct listing {
	const struct facts *facts;
	const struct host_info *host;
	struct write_options look;
};

static const char *facts_name_of(struct arena *arena, const struct fact *fact)
{
	const char *instance = text_clean(arena, fact->instance, strlen(fact->instance), 60);
	return *instance ? arena_printf(arena, "%s[%s]", fact->key, instance) : fact->key;
}

/* They name something and count nothing, so no comma stands in them. */
static const char *const identifiers[] = {
		"listener.port",
		"net.inet.ip.portrange.first",
		"net.inet.ip.portrange.last",
		"net.ipv4.ip_unprivileged_port_start",
		"vantage.pid",
		"vantage.uid",
};

static bool is_identifier(const struct fact *fact)
{
	for (size_t i = 0; i < COUNT_OF(identifiers); i++)
		if (!strcmp(identifiers[i], fact->key))
			return true;
	return false;
}

/* "Malformed" would read as if headroom were broken. */
static const char *facts_status_of(const struct fact *fact)
{
	if (fact->status == FACT_MALFORMED)
		return "not known";
	return fact_status_name(fact->status);
}

static const char *facts_value_of(struct arena *arena, const struct fact *fact)
{
	char figure[NUMBER_TEXT_MAX];
	if (fact->status != FACT_KNOWN) {
		const char *note = fact->note ? text_clean(arena, fact->note, strlen(fact->note), 120) : "";
		return arena_printf(arena, "(%s%s%s)", facts_status_of(fact), *note ? ": " : "", note);
	}
	if (fact->unit == UNIT_TEXT)
		return fact->text && *fact->text ? text_clean(arena, fact->text, strlen(fact->text), 400)
										 : "\"\"";
	if (is_identifier(fact))
		return arena_printf(arena, "%.0f", fact->number);
	return arena_strdup(arena, text_number(figure, fact->number, fact->unit));
}

static const char *facts_fold(const struct listing *listing, const char *text)
{
	return listing->look.ascii ? columns_to_ascii(listing->look.arena, text) : text;
}

static void add_where(const struct listing *listing, const struct fact *fact, struct text *out)
{
	struct arena *arena = listing->look.arena;
	struct text line = {0};
	if (fact->where)
		text_addf(&line, "from %s", text_clean(arena, fact->where, strlen(fact->where), 200));
	if (fact->where && fact->line)
		text_addf(&line, ":%d", fact->line);
	if (fact->set_by)
		text_addf(&line, "; set by %s", text_clean(arena, fact->set_by, strlen(fact->set_by), 200));
	if (fact->status == FACT_KNOWN && fact->note)
		text_addf(&line, "; %s", text_clean(arena, fact->note, strlen(fact->note), 200));
	if (line.length)
		columns_wrap(out, "      ", "      ", facts_fold(listing, line.data), WIDTH);
	text_release(&line);
}

static void facts_add_fact(const struct listing *listing, const struct fact *fact, struct text *out)
{
	const char *name = facts_fold(listing, facts_name_of(listing->look.arena, fact));
	const char *value = facts_fold(listing, facts_value_of(listing->look.arena, fact));
	struct text first = {0}, rest = {0};
	text_add(&first, "  ");
	if (columns_of(name) < KEY_COLUMNS - 1)
		columns_left(&first, name, KEY_COLUMNS);
	else
		text_addf(&first, "%s ", name);
	if (columns_of(first.data) + 12 > WIDTH) {
		columns_wrap(out, "  ", "    ", name, WIDTH);
		text_clear(&first);
		text_add(&first, "      ");
	}
	while (rest.length < columns_of(first.data))
		text_add(&rest, " ");
	columns_wrap(out, first.data, rest.data, value, WIDTH);
	if (listing->look.all)
		add_where(listing, fact, out);
	text_release(&first);
	text_release(&rest);
}

static const char facts_states[] = "absent: this host has no such thing; skipped: it was not read; "
								   "not known: it was read, but not understood";

static void facts_add_table(const struct listing *listing, struct text *out)
{
	struct arena *arena = listing->look.arena;
	const char *vantage = listing->host->vantage ? listing->host->vantage : "";
	const char *name = listing->host->name ? listing->host->name : "this host";
	size_t known = 0;
	for (size_t i = 0; i < listing->facts->count; i++) {
		facts_add_fact(listing, listing->facts->items[i], out);
		known += listing->facts->items[i]->status == FACT_KNOWN;
	}
	const char *end = arena_printf(arena,
			"%s, %s: %zu facts, %zu known%s",
			text_clean(arena, name, strlen(name), 60),
			text_clean(arena, vantage, strlen(vantage), 160),
			listing->facts->count,
			known,
			listing->look.all ? "" : "; --all shows the source of each");
	text_add(out, "\n");
	columns_wrap(out, "  ", "  ", facts_fold(listing, end), WIDTH);
	columns_wrap(out, "  ", "  ", facts_states, WIDTH);
}

static void facts_render(void *context, enum format format, struct text *out)
{
	const struct listing *listing = context;
	if (format == FORMAT_TEXT) {
		facts_add_table(listing, out);
		return;
	}
	cJSON *document = facts_to_json(listing->facts, listing->host, version_number());
	if (format == FORMAT_PROMETHEUS) {
		write_facts_prometheus(document, &listing->look, out);
	} else {
		json_print_lines(document, out);
		text_add(out, "\n");
	}
	cJSON_Delete(document);
}

static bool snapshot(const struct run *run, struct error *err)
{
	const struct host_options host = pipeline_host_options(run->options, DETAIL_ALL);
	if (host.planned)
		return error_set(err,
				"--snapshot needs a running process, but %s does not run; save its configured "
				"limits with -o host.json",
				run->options->vantage->shown);
	if (!snapshot_take(run->options->facts.snapshot_dir, &host, err))
		return false;
	screen_say("snapshot saved in %.500s; to audit it: headroom audit --facts %.500s",
			run->options->facts.snapshot_dir,
			run->options->facts.snapshot_dir);
	return true;
}

static bool facts_show(const struct listing *listing, struct error *err)
{
	struct text text = {0};
	facts_add_table(listing, &text);
	return output_text(&text, err);
}

/* The keys that are known, whatever this host says: what --set takes. */
static bool show_keys(struct arena *arena, struct error *err)
{
	struct text text = {0};
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *key = keys_at(i);
		text_addf(&text,
				"%s%s  (%s)\n",
				key->key,
				key->instances ? "[INSTANCE]" : "",
				unit_name(key->unit));
		const char *path = keys_path(arena, key);
		columns_wrap(&text,
				"    ",
				"    ",
				path ? arena_printf(arena, "%s; /%s", key->means, path) : key->means,
				WIDTH);
	}
	return output_text(&text, err);
}

bool command_facts(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	struct outputs outputs;
	if (options->arguments.count)
		return error_set(err,
				"facts takes no argument \"%.100s\"; to write a file: -o FILE.json, to read one: "
				"--facts PATH",
				options->arguments.items[0]);
	if (!outputs_parse(run->arena, &options->outputs, FACTS_FORMATS, &outputs, err))
		return false;
	if (options->facts.keys)
		return show_keys(run->arena, err);
	if (options->facts.snapshot_dir && (options->facts_path || options->sets.count))
		return error_set(err, "--snapshot saves what this host says; leave out --facts and --set");
	if (options->facts.snapshot_dir && !snapshot(run, err))
		return false;
	if (options->facts.snapshot_dir && !outputs.count)
		return true;
	struct host_info host;
	enum host_detail detail = DETAIL_NAMES;
	if (outputs.count > 0)
		detail = DETAIL_FILE;
	struct facts *facts = pipeline_facts(run, detail, &host, err);
	if (!facts)
		return false;
	struct listing listing = {facts, &host, screen_file_options(run->arena, options)};
	const struct output_source source = {facts_render, &listing};
	*ret_exit = outputs_write(run->arena, &outputs, &source) ? EXIT_PASS : EXIT_BROKEN;
	listing.look = screen_options(run->arena, options);
	return outputs.count || facts_show(&listing, err);
}
