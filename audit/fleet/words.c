/* What the command line of headroom fleet says: PLAN, then sources. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/fleet/fleet.h"
#include "audit/fleet/source.h"
#include "audit/run/plan_file.h"
#include "base/os/json.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"

static const double usual_max_age_s = 86400;

static bool words_exists(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0;
}

/* Is it a JSON file that is a plan? Anything else of that name is facts, or to be named as what it
 * is not. */
static bool is_plan_document(const char *path)
{
	struct error ignored = {0};
	__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, &ignored);
	if (!json)
		return false;
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(json_root(json), "schema");
	return cJSON_IsString(schema) && workload_schema_is_read(schema->valuestring);
}

/* Is the first word a plan? *ret_ambiguous: it may be one, or a source. */
static bool is_plan_word(const struct fleet_run *fleet, const char *word, bool *ret_ambiguous)
{
	bool preset = rule_extras_preset(&fleet->pipeline.extras, word) != NULL;
	*ret_ambiguous = preset && words_exists(word);
	if (preset)
		return true;
	if (fleet_source_is_plain(word))
		return false;
	if (text_ends_with(word, ".json"))
		return is_plan_document(word);
	return plan_file_is_named(word);
}

static bool words_no_plan(const struct fleet_run *fleet, const char *word, struct error *err)
{
	const struct options *options = fleet->run->options;
	if (options->child.count || options->workload_flags || options->load_count)
		return true;
	if (word && !words_exists(word) && strcmp(word, "-") != 0)
		return error_set(err,
				"%.100s is neither a preset nor a file; for a list of presets: headroom help "
				"workload",
				word);
	return error_set(err,
			"fleet needs a plan before its sources: headroom fleet ws-client --connections 100k "
			"facts/");
}

/* Takes the plan off the words. */
static bool take_plan(struct fleet_run *fleet, size_t *ret_first, struct error *err)
{
	const struct options *options = fleet->run->options;
	const char *word = options->arguments.count ? options->arguments.items[0] : NULL;
	bool ambiguous = false;
	*ret_first = 0;
	fleet->plan_name = NULL;
	if (!word || options->child.count || !is_plan_word(fleet, word, &ambiguous))
		return words_no_plan(fleet, word, err);
	if (ambiguous)
		return error_set(err,
				"%.100s is both a preset and a file here; write ./%.100s for the file, or rename "
				"the file to use the preset",
				word,
				word);
	fleet->plan_name = word;
	*ret_first = 1;
	return true;
}

static bool words_take_sources(struct fleet_run *fleet, size_t first, struct error *err)
{
	const struct name_list *words = &fleet->run->options->arguments;
	bool input = false;
	if (first >= words->count)
		return error_set(err,
				"fleet needs a source: a directory or tar file with a document for each host, or - "
				"for standard input; see headroom fleet --help");
	fleet->source_count = words->count - first;
	fleet->sources = arena_alloc(fleet->run->arena, fleet->source_count * sizeof *fleet->sources);
	for (size_t i = 0; i < fleet->source_count; i++) {
		struct fleet_source *source = &fleet->sources[i];
		if (!fleet_source_named(fleet->run->arena, words->items[first + i], source, err))
			return false;
		if (input && source->fd == STDIN_FILENO)
			return error_set(err, "standard input (-) can be given only once");
		input |= source->fd == STDIN_FILENO;
	}
	return true;
}

/* A run whose plan nobody but the command line describes, and whose facts are those of no machine
 * here. */
static const struct run *run_of(const struct run *run)
{
	struct options *options = arena_alloc(run->arena, sizeof *options);
	struct run *copy = arena_alloc(run->arena, sizeof *copy);
	*options = *run->options;
	options->is_described = false;
	options->described_name = NULL;
	options->no_config = true;
	options->facts_path = "the fleet";
	if (!(options->max_age_s > 0))
		options->max_age_s = usual_max_age_s;
	*copy = *run;
	copy->options = options;
	return copy;
}

static bool words_read_plan(struct fleet_run *fleet, struct error *err)
{
	bool given;
	return pipeline_read_plan(&fleet->pipeline, fleet->plan_name, &fleet->plan, &given, err);
}

static bool read_hosts(struct fleet_run *fleet, struct error *err)
{
	const char *path = fleet->run->options->fleet.hosts;
	fleet->hosts = fleet_hosts_new(fleet->run->arena);
	fleet->expected = path != NULL;
	return !path || fleet_hosts_read(fleet->hosts, path, err);
}

/* A role in front of a source is known only once the source was read. */
static bool must_look_first(const struct fleet_run *fleet)
{
	for (size_t i = 0; i < fleet->source_count; i++)
		if (fleet->sources[i].role != FLEET_UNSAID)
			return true;
	return !fleet->expected || fleet_by_capacity(fleet);
}

bool fleet_open(struct fleet_run *fleet, struct error *err)
{
	size_t first;
	fleet->run = run_of(fleet->run);
	fleet->traits = trait_sets_new(fleet->run->arena);
	fleet->reading = (struct fleet_reading){
			.options = fleet->run->options,
			.keys = quick_keys_new(fleet->run->arena),
	};
	if (!pipeline_open_rules(fleet->run, &fleet->pipeline, err) || !take_plan(fleet, &first, err) ||
			!words_take_sources(fleet, first, err) || !read_hosts(fleet, err) ||
			!words_read_plan(fleet, err))
		return false;
	fleet->looks_first = must_look_first(fleet);
	for (size_t i = 0; i < fleet->source_count && fleet->looks_first; i++)
		if (!fleet_source_keep(&fleet->sources[i], err))
			return false;
	return true;
}

void fleet_close(struct fleet_run *fleet)
{
	if (fleet->traits)
		trait_sets_free(fleet->traits);
	if (fleet->hosts)
		fleet_hosts_free(fleet->hosts);
	fleet_memo_free(fleet->memo);
	for (size_t i = 0; i < fleet->source_count; i++)
		if (fleet->sources[i].fd > STDERR_FILENO)
			(void)close(fleet->sources[i].fd);
	pipeline_close(&fleet->pipeline);
}
