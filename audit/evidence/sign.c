#include <string.h>

#include "audit/evidence/evidence.h"
#include "audit/evidence/statement.h"
#include "audit/evidence/tool.h"
#include "audit/output/target.h"
#include "base/os/file.h"
#include "base/os/json.h"
#include "base/os/json_print.h"
#include "report/document/badge.h"

enum {
	KEY_SHOWN_MAX = 120
};

struct signing {
	struct arena *arena;
	struct subject_place place; /* of the document */
	struct json *json;          /* the document */
	struct subjects subjects;
};

static void signing_close(const struct signing *signing)
{
	file_close_fd(&signing->place.directory);
	json_free(signing->json);
}

static void signing_add(struct signing *signing, const char *name, const char *digest)
{
	struct signed_file *subject = &signing->subjects.items[signing->subjects.count++];
	subject->name = name;
	memcpy(subject->digest, digest, SHA256_HEX_MAX);
}

/* Is it a document of a host or a fleet? *ret_json: if so. What is no JSON is an attachment. */
static bool signing_try(struct signing *signing, const char *path, bool *ret_found)
{
	struct error ignored = {0};
	struct subject_place place;
	*ret_found = false;
	if (!text_ends_with(path, ".json") || text_ends_with(path, STATEMENT_ENDING))
		return true;
	if (!subject_place_open(signing->arena, path, &place, &ignored))
		return true;
	struct json *json = json_read_below(place.directory, place.name, &ignored);
	*ret_found = json && statement_can(json_root(json));
	if (*ret_found && !signing->json) {
		signing->json = json;
		signing->place = place;
		return true;
	}
	json_free(json);
	file_close_fd(&place.directory);
	return !*ret_found;
}

static bool signing_find_document(struct signing *signing,
		const struct name_list *files,
		struct error *err)
{
	bool found;
	for (size_t i = 0; i < files->count; i++) {
		if (!signing_try(signing, files->items[i], &found))
			return error_set(err,
					"%.200s and %.200s are both audits: sign each by itself",
					signing->place.path,
					files->items[i]);
	}
	if (!signing->json)
		return error_set(err,
				"%.200s: not an audit: name the JSON document of headroom audit, gate or fleet, "
				"then the files that go with it",
				files->items[0]);
	if (!statement_check(signing->json, signing->place.path, err))
		return false;
	char digest[SHA256_HEX_MAX];
	(void)json_digest(signing->json, digest);
	signing_add(signing, signing->place.name, digest);
	return true;
}

static bool signing_check_place(const struct signing *signing,
		const struct subject_place *place,
		struct error *err)
{
	if (!subject_is_name(place->name))
		return error_set(err, "%.200s is not a plain file name", place->path);
	if (subject_same_directory(place, &signing->place))
		return true;
	return error_set(err,
			"%.200s is not in the same directory as %.200s; move all files that are signed "
			"together into one directory",
			place->path,
			signing->place.path);
}

static bool signing_add_file(struct signing *signing, const char *path, struct error *err)
{
	struct subject_place place;
	char digest[SHA256_HEX_MAX];
	if (!subject_place_open(signing->arena, path, &place, err))
		return false;
	__attribute__((cleanup(file_close_fd))) int directory = place.directory;
	if (!signing_check_place(signing, &place, err))
		return false;
	if (subject_find(&signing->subjects, place.name))
		return true;
	if (signing->subjects.count == SUBJECTS_MAX)
		return error_set(err, "at most %d files can be signed together", SUBJECTS_MAX);
	if (!subject_digest(directory, place.name, digest, err))
		return false;
	signing_add(signing, place.name, digest);
	return true;
}

static bool signing_write(struct arena *arena,
		const char *path,
		const struct text *bytes,
		struct error *err)
{
	struct target target;
	if (!target_open(arena, path, &target, err))
		return false;
	if (target_write(&target, text_string(bytes), bytes->length, err))
		return target_commit(arena, &target, err);
	target_discard(&target);
	return false;
}

static void signing_say(const struct signing *signing,
		const struct evidence_key *key,
		const char *statement,
		const char *signature,
		struct text *out)
{
	const cJSON *document = json_root(signing->json);
	const char *result = statement_result(signing->arena, document);
	const char *badge = badge_text(signing->arena, document);
	const char *shown = "";
	if (key->public)
		shown = text_clean(signing->arena, key->public, strlen(key->public), KEY_SHOWN_MAX);
	for (size_t i = 0; i < signing->subjects.count; i++) {
		const struct signed_file *subject = &signing->subjects.items[i];
		text_addf(out, "%s  %s\n", subject->digest, subject->name);
	}
	text_addf(out, "The statement says %s (%s): %s\n", result, badge, statement);
	if (!key->path)
		text_addf(out, "Signed with the first key of ssh-agent: %s\n", shown);
	text_addf(out, "Signature: %s\n", signature);
	text_addf(out, "headroom: SIGNED result=%s files=%zu\n", result, signing->subjects.count);
}

/* The signature is made before anything is written. */
static bool signing_finish(const struct signing *signing,
		const struct evidence_key *key,
		struct text *out,
		struct error *err)
{
	struct arena *arena = signing->arena;
	const cJSON *document = json_root(signing->json);
	const char *path = arena_printf(arena, "%s%s", signing->place.path, STATEMENT_ENDING);
	const char *ending = evidence_key_ending(key);
	const char *signature_path = arena_printf(arena, "%s%s", path, ending);
	const char *comment = arena_printf(arena, "headroom: %s", signing->place.name);
	__attribute__((cleanup(text_release))) struct text bytes = {0};
	__attribute__((cleanup(text_release))) struct text signature = {0};
	__attribute__((cleanup(json_close_tree))) cJSON *statement = NULL;
	statement = statement_new(arena, document, &signing->subjects);
	json_print_lines(statement, &bytes);
	text_add(&bytes, "\n");
	if (!evidence_tool_sign(arena, key, &bytes, comment, &signature, err))
		return false;
	if (!signing_write(arena, path, &bytes, err))
		return false;
	if (!signing_write(arena, signature_path, &signature, err))
		return false;
	signing_say(signing, key, path, signature_path, out);
	return true;
}

bool evidence_sign(struct arena *arena,
		const struct name_list *files,
		const struct evidence_key *key,
		struct text *out,
		struct error *err)
{
	__attribute__((cleanup(signing_close))) struct signing signing = {
			.arena = arena,
			.place = {.directory = -1},
	};
	if (!signing_find_document(&signing, files, err))
		return false;
	for (size_t i = 0; i < files->count; i++) {
		if (!signing_add_file(&signing, files->items[i], err))
			return false;
	}
	return signing_finish(&signing, key, out, err);
}
