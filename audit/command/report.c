/* headroom report: an audit document, read back strictly, in other formats. Judges nothing again.
 */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/output/publish.h"
#include "base/array.h"
#include "base/os/json.h"
#include "report/document/view.h"

static bool report_check_schema(const struct json *json, const char *path, struct error *err)
{
	const cJSON *root = json_root(json);
	const char *schema = view_raw(root, "schema");
	if (!strcmp(schema, "headroom.audit/1"))
		return true;
	if (!cJSON_IsObject(root) || !*schema)
		return error_set(err,
				"%s: not an audit document: it has no \"schema\": \"headroom.audit/1\"; "
				"headroom audit -o audit.json writes one",
				path);
	return error_set(err,
			"%s: its schema is \"%.60s\", this version reads headroom.audit/1",
			path,
			schema);
}

/* What every view needs. Where a member is of the wrong kind, its line is told. */
static bool check_members(const struct json *json, const char *path, struct error *err)
{
	static const struct member {
		const char *name, *kind;
		bool text;
	} members[] = {{"resources", "a list of limits", false},
			{"verdict", "pass, fail, unknown or none", true},
			{"created", "a time", true}};
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		const struct member *member = &members[i];
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(json_root(json), member->name);
		if (!value)
			return error_set(err,
					"%s: not a whole audit document: \"%s\" is missing",
					path,
					member->name);
		if (member->text ? !cJSON_IsString(value) || !*value->valuestring : !cJSON_IsArray(value))
			return json_error(json, value, err, "\"%s\" must be %s", member->name, member->kind);
	}
	const char *const verdicts[] = {"pass", "fail", "unknown", "none"};
	const cJSON *verdict = cJSON_GetObjectItemCaseSensitive(json_root(json), "verdict"), *resource;
	bool known = false;
	for (size_t i = 0; i < COUNT_OF(verdicts); i++)
		known |= !strcmp(verdicts[i], verdict->valuestring);
	if (!known)
		return json_error(json, verdict, err, "\"verdict\" must be pass, fail, unknown or none");
	cJSON_ArrayForEach(resource, view_array(json_root(json), "resources"))
		if (!cJSON_IsObject(resource))
			return json_error(json, resource, err, "\"resources\" must be a list of objects");
	return true;
}

bool command_report(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	struct outputs outputs;
	if (options->arguments.count != 1)
		return error_set(err,
				"report needs one audit document: headroom report audit.json -o report.html");
	if (!outputs_parse(run->arena, &options->outputs, FORMATS_ALL, &outputs, err))
		return false;
	if (!outputs_template(run->arena, &outputs, options->template_dir, err))
		return false;
	const char *path = options->arguments.items[0];
	__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, err);
	int verdict = EXIT_PASS;
	if (!json || !report_check_schema(json, path, err) || !check_members(json, path, err) ||
			!publish(run, json_root(json), &outputs, NULL, &verdict, err))
		return false;
	/* The verdict was given when the audit ran; writing it again is "done". */
	*ret_exit = verdict == EXIT_BROKEN ? EXIT_BROKEN : EXIT_PASS;
	return true;
}
