#include <errno.h>
#include <string.h>
#include <time.h>

#include "audit/evidence/evidence.h"
#include "audit/evidence/statement.h"
#include "audit/evidence/tool.h"
#include "base/os/clock.h"
#include "base/os/file.h"
#include "base/os/json.h"
#include "base/os/open.h"
#include "report/document/badge.h"
#include "report/document/view.h"

enum {
	STATEMENT_BYTES_MAX = 8 * 1024 * 1024, /* with the names of all hosts */
	SIGNATURE_BYTES_MAX = 64 * 1024
};

struct verifying {
	struct arena *arena;
	struct subject_place place; /* of the first file */
	const char *statement;      /* its name */
	const char *said;           /* by the tool, of a good signature */
	struct json *json;          /* the statement */
	struct json *document;
	struct subjects subjects;
	const char *result;
	enum evidence_reason reason;
	struct text *out;
};

static void verifying_close(const struct verifying *verifying)
{
	file_close_fd(&verifying->place.directory);
	json_free(verifying->json);
	json_free(verifying->document);
}

/* false; why goes on. The first reason counts. */
static bool verifying_denied(struct verifying *verifying, enum evidence_reason reason)
{
	if (verifying->reason == EVIDENCE_GOOD)
		verifying->reason = reason;
	return false;
}

static bool verifying_read(struct verifying *verifying,
		const char *name,
		size_t most,
		struct text *out,
		struct error *err)
{
	const char *why;
	int directory = verifying->place.directory;
	__attribute__((cleanup(file_close_fd))) int fd = open_below(directory, name, &why);
	if (fd < 0)
		(void)error_set(err, "%.200s: %s", name, why);
	else if (!file_read_all(fd, most, out))
		(void)error_set(err, "%.200s: %s", name, strerror(errno));
	else
		return true;
	return verifying_denied(verifying, EVIDENCE_MISSING);
}

/* Nothing of the statement is looked at before its signature is known to be good. */
static bool verifying_signature(struct verifying *verifying,
		const struct evidence_key *key,
		const char *identity,
		struct error *err)
{
	__attribute__((cleanup(text_release))) struct text bytes = {0};
	__attribute__((cleanup(text_release))) struct text signature = {0};
	struct arena *arena = verifying->arena;
	const char *ending = evidence_key_ending(key);
	const char *name = arena_printf(arena, "%s%s", verifying->statement, ending);
	if (!verifying_read(verifying, verifying->statement, STATEMENT_BYTES_MAX, &bytes, err))
		return false;
	if (!verifying_read(verifying, name, SIGNATURE_BYTES_MAX, &signature, err))
		return false;
	if (!evidence_signature_is_whole(key, &signature)) {
		(void)error_set(err, "%.200s is not a file as %s writes it", name, evidence_key_tool(key));
		return verifying_denied(verifying, EVIDENCE_SIGNATURE);
	}
	const char **said = &verifying->said;
	if (!evidence_tool_verify(arena, key, identity, &bytes, &signature, said, err))
		return verifying_denied(verifying, EVIDENCE_SIGNATURE);
	const char *text = text_string(&bytes);
	verifying->json = json_read(verifying->statement, text, bytes.length, err);
	if (!verifying->json)
		return verifying_denied(verifying, EVIDENCE_STATEMENT);
	if (statement_read(verifying->json, &verifying->subjects, &verifying->result, err))
		return true;
	return verifying_denied(verifying, EVIDENCE_STATEMENT);
}

static bool verifying_subject(struct verifying *verifying,
		const struct signed_file *subject,
		struct error *err)
{
	char digest[SHA256_HEX_MAX];
	const char *name = subject->name;
	if (!subject_digest(verifying->place.directory, name, digest, err))
		return verifying_denied(verifying, EVIDENCE_MISSING);
	if (strcmp(digest, subject->digest) == 0)
		return true;
	(void)error_set(err, "%.200s has changed since it was signed", name);
	return verifying_denied(verifying, EVIDENCE_CHANGED);
}

/* Each is said: who has several files wants to know which. */
static bool verifying_subjects(struct verifying *verifying, struct error *err)
{
	bool good = true;
	for (size_t i = 0; i < verifying->subjects.count; i++) {
		const struct signed_file *subject = &verifying->subjects.items[i];
		const char *name = text_clean(verifying->arena, subject->name, strlen(subject->name), 0);
		struct error why = {0};
		if (verifying_subject(verifying, subject, &why)) {
			text_addf(verifying->out, "%s: unchanged since it was signed\n", name);
			continue;
		}
		if (good)
			*err = why;
		else
			text_addf(verifying->out, "%s\n", why.text);
		good = false;
	}
	return good;
}

static bool verifying_named(struct verifying *verifying, const char *path, struct error *err)
{
	struct subject_place place;
	if (!subject_place_open(verifying->arena, path, &place, err))
		return verifying_denied(verifying, EVIDENCE_MISSING);
	__attribute__((cleanup(file_close_fd))) int directory = place.directory;
	bool together = directory >= 0 && subject_same_directory(&place, &verifying->place);
	if (together && strcmp(place.name, verifying->statement) == 0)
		return true;
	if (together && subject_find(&verifying->subjects, place.name))
		return true;
	(void)error_set(err, "%.200s is not covered by the signature", path);
	return verifying_denied(verifying, EVIDENCE_UNCOVERED);
}

static bool verifying_files(struct verifying *verifying,
		const struct name_list *files,
		struct error *err)
{
	for (size_t i = 0; i < files->count; i++) {
		if (!verifying_named(verifying, files->items[i], err))
			return false;
	}
	return true;
}

/* The bytes that were read are those that were signed, and they say what the statement says. */
static bool verifying_document(struct verifying *verifying, struct error *err)
{
	const struct signed_file *subject = verifying->subjects.items;
	char digest[SHA256_HEX_MAX];
	verifying->document = json_read_below(verifying->place.directory, subject->name, err);
	if (!verifying->document)
		return verifying_denied(verifying, EVIDENCE_STATEMENT);
	if (strcmp(json_digest(verifying->document, digest), subject->digest) != 0) {
		(void)error_set(err, "%.200s has changed since it was signed", subject->name);
		return verifying_denied(verifying, EVIDENCE_CHANGED);
	}
	if (!statement_check(verifying->document, subject->name, err))
		return verifying_denied(verifying, EVIDENCE_STATEMENT);
	const cJSON *document = json_root(verifying->document);
	const char *result = statement_result(verifying->arena, document);
	if (strcmp(result, verifying->result) == 0)
		return true;
	(void)error_set(err,
			"the statement says %.20s, %.200s says %s",
			verifying->result,
			subject->name,
			result);
	return verifying_denied(verifying, EVIDENCE_RESULT);
}

static void verifying_say_validity(const struct verifying *verifying, const cJSON *document)
{
	const char *until = view_text(verifying->arena, document, "request.valid_until", 0);
	time_t end;
	if (!clock_parse(until, &end))
		return;
	if (time(NULL) > end)
		text_addf(verifying->out, "Expired: it was valid until %s\n", until);
	else
		text_addf(verifying->out, "Valid until %s\n", until);
}

static void verifying_say(const struct verifying *verifying)
{
	const cJSON *document = json_root(verifying->document);
	const char *badge = badge_text(verifying->arena, document);
	const char *created = view_text(verifying->arena, document, "created", 0);
	struct text *out = verifying->out;
	text_addf(out, "%s\n", verifying->said);
	text_addf(out, "Result %s (%s), created %s\n", verifying->result, badge, created);
	verifying_say_validity(verifying, document);
	text_addf(out,
			"headroom: VERIFIED result=%s files=%zu\n",
			verifying->result,
			verifying->subjects.count);
}

static const char *verifying_statement_of(struct arena *arena, const char *name)
{
	if (text_ends_with(name, STATEMENT_ENDING))
		return name;
	return arena_printf(arena, "%s%s", name, STATEMENT_ENDING);
}

static bool verifying_all(struct verifying *verifying,
		const struct name_list *files,
		const struct evidence_key *key,
		const char *identity,
		struct error *err)
{
	if (!verifying_signature(verifying, key, identity, err))
		return false;
	if (!verifying_subjects(verifying, err))
		return false;
	return verifying_files(verifying, files, err) && verifying_document(verifying, err);
}

static const char *const evidence_reasons[] = {
		[EVIDENCE_GOOD] = "",
		[EVIDENCE_MISSING] = "missing",
		[EVIDENCE_SIGNATURE] = "signature",
		[EVIDENCE_STATEMENT] = "statement",
		[EVIDENCE_CHANGED] = "changed",
		[EVIDENCE_UNCOVERED] = "uncovered",
		[EVIDENCE_RESULT] = "result",
};

bool evidence_verify(struct arena *arena,
		const struct name_list *files,
		const struct evidence_key *key,
		const char *identity,
		struct text *out,
		enum evidence_reason *ret_reason,
		struct error *err)
{
	__attribute__((cleanup(verifying_close))) struct verifying verifying = {
			.arena = arena,
			.out = out,
	};
	if (!subject_place_open(arena, files->items[0], &verifying.place, err))
		return false;
	verifying.statement = verifying_statement_of(arena, verifying.place.name);
	bool good = verifying_all(&verifying, files, key, identity, err);
	*ret_reason = verifying.reason;
	if (good) {
		verifying_say(&verifying);
		return true;
	}
	if (err->kind != ERROR_INPUT)
		return false;
	text_addf(out, "%s\n", text_clean(arena, err->text, strlen(err->text), 0));
	text_addf(out, "headroom: NOT-VERIFIED %s\n", evidence_reasons[verifying.reason]);
	return true;
}
