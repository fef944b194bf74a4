/* headroom.lint/1 as SARIF 2.1.0 (OASIS), as GitHub code scanning reads it. */
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/hash.h"
#include "base/os/json.h"
#include "report/document/member.h"
#include "report/document/view.h"
#include "report/write/lint_page.h"
#include "report/write/write.h"

struct sarif_rule {
	const char *id, *name, *shows, *help;
};

static const struct sarif_rule sarif_rules[] = {
		{"ephemeral-listener",
				"EphemeralListener",
				"A listener's port lies inside the range of outgoing ports",
				"The kernel gives any free port of this range to outgoing connections. If one has "
				"the "
				"port when the listener starts, bind fails with EADDRINUSE. Reserve the port with "
				"net.ipv4.ip_local_reserved_ports before the listener starts, or take one below "
				"the "
				"range."},
		{"sysctl-without-effect",
				"SysctlWithoutEffect",
				"A kernel setting that has no effect where it is",
				"A container takes only namespaced settings, and an image takes none."},
		{"limit-without-effect",
				"LimitWithoutEffect",
				"A limit that has no effect where it is",
				"ulimit applies to its shell and what that starts; limits.conf is read at a "
				"login."},
};

static cJSON *sarif_put_message(cJSON *object, const char *name, const char *text)
{
	cJSON *message = member_object(object, name);
	(void)cJSON_AddStringToObject(message, "text", text);
	return message;
}

static void sarif_put_rules(cJSON *driver)
{
	cJSON *rules = member_array(driver, "rules");
	for (size_t i = 0; i < COUNT_OF(sarif_rules); i++) {
		const struct sarif_rule *from = &sarif_rules[i];
		cJSON *rule = cJSON_CreateObject();
		(void)cJSON_AddStringToObject(rule, "id", from->id);
		(void)cJSON_AddStringToObject(rule, "name", from->name);
		(void)sarif_put_message(rule, "shortDescription", from->shows);
		(void)sarif_put_message(rule, "fullDescription", from->help);
		(void)sarif_put_message(rule, "help", from->help);
		cJSON *configuration = member_object(rule, "defaultConfiguration");
		(void)cJSON_AddStringToObject(configuration, "level", "warning");
		(void)cJSON_AddItemToArray(rules, rule);
	}
}

static int rule_index(const char *id)
{
	for (size_t i = 0; i < COUNT_OF(sarif_rules); i++) {
		if (strcmp(sarif_rules[i].id, id) == 0)
			return (int)i;
	}
	return -1;
}

/* A path as a URI: what is not plain in it is written as %XX (RFC 3986). */
static const char *uri_of(struct arena *arena, const char *path)
{
	struct text out = {0};
	for (; *path; path++) {
		if (ascii_is_name(*path) || strchr("/.-~", *path))
			text_add_bytes(&out, path, 1);
		else
			text_addf(&out, "%%%02X", (unsigned)(unsigned char)*path);
	}
	return text_take(arena, &out);
}

static void put_location(struct arena *arena, cJSON *result, const cJSON *finding)
{
	cJSON *locations = member_array(result, "locations");
	cJSON *location = cJSON_CreateObject();
	cJSON *physical = member_object(location, "physicalLocation");
	cJSON *artifact = member_object(physical, "artifactLocation");
	(void)cJSON_AddStringToObject(artifact, "uri", uri_of(arena, view_raw(finding, "file")));
	cJSON *region = member_object(physical, "region");
	member_number(region, "startLine", view_number(finding, "line"));
	(void)cJSON_AddItemToArray(locations, location);
}

/* What stays the same when lines above it come and go. */
static void put_fingerprint(struct arena *arena, cJSON *result, const cJSON *finding)
{
	char hash[SHA256_HEX_MAX];
	const char *same = arena_printf(arena,
			"%s\n%s\n%s\n%s",
			view_raw(finding, "rule"),
			view_raw(finding, "file"),
			view_raw(finding, "ports"),
			view_raw(finding, "what"));
	cJSON *fingerprints = member_object(result, "partialFingerprints");
	(void)cJSON_AddStringToObject(fingerprints,
			"headroomLint/v1",
			sha256_hex(same, strlen(same), hash));
}

static const char *sarif_message(struct arena *arena, const cJSON *finding, bool allowed)
{
	if (allowed)
		return "allowed in its line (headroom: allow)";
	return lint_message(arena, finding);
}

static void put_result(struct arena *arena, cJSON *results, const cJSON *finding, bool allowed)
{
	cJSON *result = cJSON_CreateObject();
	const char *id = view_raw(finding, "rule");
	const char *level = view_raw(finding, "level");
	if (!*level)
		level = "note";
	(void)cJSON_AddStringToObject(result, "ruleId", id);
	member_number(result, "ruleIndex", rule_index(id));
	(void)cJSON_AddStringToObject(result, "level", level);
	(void)sarif_put_message(result, "message", sarif_message(arena, finding, allowed));
	put_location(arena, result, finding);
	put_fingerprint(arena, result, finding);
	if (allowed) {
		cJSON *suppression = cJSON_CreateObject();
		(void)cJSON_AddStringToObject(suppression, "kind", "inSource");
		(void)cJSON_AddItemToArray(member_array(result, "suppressions"), suppression);
	}
	(void)cJSON_AddItemToArray(results, result);
}

static cJSON *sarif_run(struct arena *arena, const cJSON *document)
{
	cJSON *run = cJSON_CreateObject();
	cJSON *driver = member_object(member_object(run, "tool"), "driver");
	const cJSON *finding;
	(void)cJSON_AddStringToObject(driver, "name", "headroom lint");
	(void)cJSON_AddStringToObject(driver,
			"informationUri",
			"https://docs.kernel.org/networking/ip-sysctl.html");
	sarif_put_rules(driver);
	cJSON *results = member_array(run, "results");
	cJSON_ArrayForEach(finding, view_array(document, "findings"))
		put_result(arena, results, finding, false);
	cJSON_ArrayForEach(finding, view_array(document, "allowed"))
		put_result(arena, results, finding, true);
	(void)cJSON_AddStringToObject(run, "columnKind", "utf16CodeUnits");
	return run;
}

void write_lint_sarif(const cJSON *document, const struct write_options *options, struct text *out)
{
	__attribute__((cleanup(json_close_tree))) cJSON *log = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	(void)cJSON_AddStringToObject(log, "version", "2.1.0");
	cJSON *runs = member_array(log, "runs");
	(void)cJSON_AddItemToArray(runs, sarif_run(options->arena, document));
	write_json(log, options, out);
}
