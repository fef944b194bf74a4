/* headroom attach: puts reports into a ticket, once. Requests are in ticket*.c. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "audit/cli/options.h"
#include "audit/cli/screen.h"
#include "audit/document/request.h"
#include "audit/output/output.h"
#include "audit/ticket/ticket.h"
#include "base/array.h"
#include "base/hash.h"
#include "base/os/clock.h"
#include "base/os/file.h"
#include "base/os/json.h"
#include "report/document/open.h"
#include "report/document/request.h"
#include "report/document/view.h"
#include "report/write/write.h"

enum {
	TRIES = 4,
	WAIT_SECONDS_MAX = 60
};
static const double time_limit_s = 60;
/* Ticket systems take 5 to 1,024 MiB; reports have a tenth of one. */
static const double file_bytes_max = 256.0 * 1024 * 1024;

struct attach {
	const struct run *run;
	struct ticket ticket;
	struct ticket_file files[TICKET_FILES_MAX];
	size_t count;
	const char *from;    /* the document that names the ticket; NULL: the command line does */
	const char *comment; /* or NULL */
	bool looked;         /* it is known what the ticket had before */
	bool wrote;          /* something was sent that changes the ticket */
	bool comment_unsure; /* whether it was written */
	double limit_s;      /* for all of it */
	struct text said;    /* standard output */
};

static const struct {
	const char *extension, *type;
} types[] = {
		{".html", "text/html"},
		{".pdf", "application/pdf"},
		{".json", "application/json"},
		{".xml", "application/xml"},
		{".md", "text/markdown"},
		{".txt", "text/plain"},
		{".log", "text/plain"},
		{".png", "image/png"},
		{".csv", "text/csv"},
		{".prom", "text/plain"},
};

static const char *type_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; dot && i < COUNT_OF(types); i++)
		if (!strcmp(dot, types[i].extension))
			return types[i].type;
	return "application/octet-stream";
}

static bool hash_file(const char *path, int fd, char out[SHA256_HEX_MAX], struct error *err)
{
	unsigned char buffer[65536], digest[SHA256_BYTES];
	struct sha256 hash;
	ssize_t length;
	sha256_init(&hash);
	while ((length = read(fd, buffer, sizeof buffer)) > 0)
		sha256_add(&hash, buffer, (size_t)length);
	if (length < 0)
		return error_set(err, "cannot read %.200s: %s", path, strerror(errno));
	sha256_finish(&hash, digest);
	(void)hex_encode(digest, sizeof digest, out);
	return true;
}

/* "report.pdf" → "report-1a2b3c4d.pdf". Names go into headers, URLs and pages: what could act there
 * becomes "_". */
static const char *marked_name(struct arena *arena, const char *path, const char *hash)
{
	const char *slash = strrchr(path, '/');
	char *stem = arena_strdup(arena, slash ? slash + 1 : path);
	for (char *at = stem; *at; at++)
		if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f ||
				strchr("\"\\/<>|:*?;%&#'`$", *at))
			*at = '_';
	const char *dot = strrchr(stem, '.');
	int length = (int)strlen(stem);
	if (dot && dot > stem)
		length = (int)(dot - stem);
	return arena_printf(arena,
			"%.*s-%.8s%.20s",
			length > 80 ? 80 : length,
			stem,
			hash,
			stem + length);
}

static bool attach_add_file(struct attach *attach, const char *path, struct error *err)
{
	struct arena *arena = attach->run->arena;
	struct ticket_file *file = &attach->files[attach->count];
	struct stat status;
	char hash[SHA256_HEX_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &status) < 0)
		return error_set(err, "cannot read %.200s: %s", path, strerror(errno));
	*file = (struct ticket_file){
			.path = path,
			.fd = fd,
			.bytes = (double)status.st_size,
			.type = type_of(path),
	};
	attach->count++;
	if (!S_ISREG(status.st_mode))
		return error_set(err, "%.200s is not a regular file", path);
	if (!status.st_size)
		return error_set(err, "%.200s is empty, so there is nothing to attach", path);
	if (file->bytes > file_bytes_max)
		return error_set(err,
				"%.200s is larger than 256 MiB, more than any ticket system accepts",
				path);
	if (!hash_file(path, fd, hash, err))
		return false;
	file->name = marked_name(arena, path, hash);
	return true;
}

static bool attach_add_files(struct attach *attach, struct error *err)
{
	const struct name_list *words = &attach->run->options->arguments;
	size_t first = attach->from ? 0 : 1;
	if (words->count <= first)
		return error_set(err,
				"attach needs at least one file: headroom attach jira:OPS-123 report.pdf");
	if (words->count - first > TICKET_FILES_MAX)
		return error_set(err, "attach takes at most %d files at a time", TICKET_FILES_MAX);
	for (size_t i = first; i < words->count; i++)
		if (!attach_add_file(attach, words->items[i], err))
			return false;
	return true;
}

static bool is_markdown(const char *path)
{
	const char *dot = strrchr(path, '.');
	return dot && !strcmp(dot, ".md");
}

static const char *attach_read_text(struct arena *arena, const struct ticket_file *file)
{
	struct text text = {0};
	(void)lseek(file->fd, 0, SEEK_SET);
	(void)file_read_all(file->fd, SIZE_MAX, &text);
	return text_take(arena, &text);
}

/* The verdict of an audit document, or what another one answers, in a few lines; the whole page
 * where Markdown is understood. */
static const char *summary_of(struct arena *arena, const cJSON *document, bool markdown)
{
	struct text out = {0};
	const struct write_options options = {.arena = arena};
	if (markdown && document_is_answer(document))
		write_answer_markdown(document, &options, &out);
	else if (document_is_answer(document))
		write_answer_summary(document, &options, &out);
	else if (markdown)
		write_markdown(document, &options, &out);
	else
		write_summary(document, &options, &out);
	return text_take(arena, &out);
}

static bool has_summary(const cJSON *root)
{
	return document_is_audit(root) || document_is_answer(root);
}

static bool attach_check(const struct json *json, const char *path, struct error *err)
{
	if (document_is_answer(json_root(json)))
		return document_check_answer(json_root(json), path, err);
	return document_check(json, path, err);
}

/* The summary of the first file that is an audit document or another one of headroom; NULL where
 * none is. A document that report would refuse is an error here, too. */
static bool comment_of_audit(struct attach *attach, bool markdown, struct error *err)
{
	for (size_t i = 0; i < attach->count && !attach->comment; i++) {
		const char *path = attach->files[i].path;
		struct error ignored = {0};
		if (strcmp(attach->files[i].type, "application/json") != 0)
			continue;
		__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, &ignored);
		if (!json || !has_summary(json_root(json)))
			continue;
		if (!attach_check(json, path, err))
			return false;
		attach->comment = summary_of(attach->run->arena, json_root(json), markdown);
	}
	return true;
}

/* From the first Markdown file where that is understood, else from the first audit document. */
static bool comment_of(struct attach *attach, struct error *err)
{
	bool markdown = attach->ticket.system->markdown;
	for (size_t i = 0; markdown && i < attach->count; i++) {
		if (!is_markdown(attach->files[i].path))
			continue;
		attach->comment = attach_read_text(attach->run->arena, &attach->files[i]);
		return true;
	}
	return comment_of_audit(attach, markdown, err);
}

static bool lacks_comment(const struct ticket_system *system, bool only, struct error *err)
{
	static const char needed[] =
			"%s needs a document of headroom (as of headroom audit -o audit.json)%s "
			"among the files, because its summary becomes the comment";
	const char *why = "--comment";
	const char *otherwise = "";
	if (only)
		why = "GitHub accepts comments only, no attachments. headroom attach";
	if (system->markdown)
		otherwise = " or a Markdown file";
	return error_set(err, needed, why, otherwise);
}

/* A later run finds its own comment by this mark. */
static void mark_comment(struct attach *attach)
{
	const char *name = attach->files[0].name;
	attach->comment =
			arena_printf(attach->run->arena, "%s\n<!-- headroom %s -->\n", attach->comment, name);
}

static bool check_comment(const char *comment,
		const struct ticket_system *system,
		struct error *err)
{
	static const char not_text[] =
			"the comment is not UTF-8 text; use another Markdown file, or a document of headroom";
	size_t length = strlen(comment);
	size_t most = system->comment_bytes_max;
	if (!text_is_utf8(comment, length))
		return error_set(err, not_text);
	if (most == 0 || length <= most)
		return true;
	return error_set(err,
			"the comment has %zu bytes, but %s accepts at most %zu",
			length,
			system->name,
			most);
}

static bool prepare_comment(struct attach *attach, struct error *err)
{
	const struct ticket_system *system = attach->ticket.system;
	bool only = !system->upload;
	if (!only && !attach->run->options->attach.comment)
		return true;
	if (!comment_of(attach, err))
		return false;
	if (!attach->comment)
		return lacks_comment(system, only, err);
	if (only)
		mark_comment(attach);
	return check_comment(attach->comment, system, err);
}

/* Where files are a comment, that is known by the name of the first. */
static size_t marked_files(const struct attach *attach)
{
	if (attach->ticket.system->upload)
		return attach->count;
	return 1;
}

/* What the ticket has, and, the first time, what it had before this run. */
static bool attach_look(struct attach *attach, struct error *err)
{
	struct ticket *ticket = &attach->ticket;
	const struct ticket_system *system = ticket->system;
	if (system->look && !system->look(ticket, attach->files, attach->count, err))
		return false;
	for (size_t i = 0; i < attach->count && !attach->looked; i++)
		attach->files[i].before = attach->files[i].there;
	for (size_t i = 0; i < attach->count && system->look; i++)
		attach->files[i].unsure = false;
	attach->looked = true;
	return true;
}

static bool attach_upload(struct attach *attach, struct ticket_file *file, struct error *err)
{
	struct ticket *ticket = &attach->ticket;
	attach->wrote = true;
	bool good = ticket->system->upload(ticket, file, err);
	file->there = good && !file->token;
	file->unsure = !good && ticket->unsure;
	return good;
}

/* Files that were only uploaded before come into the ticket with this. */
static bool attach_finish(struct attach *attach, struct error *err)
{
	struct ticket *ticket = &attach->ticket;
	attach->wrote = true;
	bool good = ticket->system->finish(ticket, attach->files, attach->count, attach->comment, err);
	for (size_t i = 0; i < attach->count; i++) {
		struct ticket_file *file = &attach->files[i];
		if (file->token)
			file->unsure = !good && ticket->unsure;
	}
	attach->comment_unsure = !good && ticket->unsure;
	return good;
}

/* Nothing was missing before, or all came with one request whose answer was lost. */
static bool attach_is_done(const struct attach *attach)
{
	bool came_before = true, is_there = true, comes_at_once = !attach->ticket.system->upload;
	for (size_t i = 0; i < marked_files(attach); i++) {
		came_before = came_before && attach->files[i].before;
		is_there = is_there && attach->files[i].there;
		comes_at_once = comes_at_once || attach->files[i].token;
	}
	return came_before || (is_there && comes_at_once);
}

/* Everything that is still to be done; a second call does only what the first did not. */
static bool attach_once(struct attach *attach, struct error *err)
{
	struct ticket *ticket = &attach->ticket;
	const struct ticket_system *system = ticket->system;
	if (!attach_look(attach, err))
		return false;
	if (attach_is_done(attach))
		return true;
	for (size_t i = 0; system->upload && i < attach->count; i++)
		if (!attach->files[i].there && !attach->files[i].token &&
				!attach_upload(attach, &attach->files[i], err))
			return false;
	return attach_finish(attach, err);
}

/* false: the time would be over before the next try. */
static bool wait_before(struct ticket *ticket, int tried, const struct error *why)
{
	double seconds = ticket->wait_s;
	if (isnan(seconds))
		seconds = 0.5 * (double)(1 << tried);
	if (seconds > WAIT_SECONDS_MAX)
		seconds = WAIT_SECONDS_MAX;
	ticket->late = clock_now_s() + seconds >= ticket->until_s;
	if (ticket->late)
		return false;
	screen_say("%s; trying again in %g s", why->text, seconds);
	struct timespec pause = {.tv_sec = (time_t)seconds,
			.tv_nsec = (long)((seconds - floor(seconds)) * 1e9)};
	while (nanosleep(&pause, &pause) < 0 && errno == EINTR)
		;
	return true;
}

/* What came before the end of the time stays in the error: it says whose fault it is. */
static bool attach_late(const struct attach *attach, struct error *err)
{
	const struct error why = *err;
	const char *so_far = "";
	char limit[NUMBER_TEXT_MAX];
	(void)text_number(limit, attach->limit_s, UNIT_SECONDS);
	if (!attach->wrote)
		so_far = "; nothing was attached";
	return error_fail(err,
			"%.700s; not finished within %s (--time-limit)%s",
			why.text,
			limit,
			so_far);
}

static bool attach_all(struct attach *attach, struct error *err)
{
	for (int tried = 0;; tried++) {
		*err = (struct error){.kind = ERROR_NONE};
		if (attach_once(attach, err))
			return true;
		if (attach->ticket.late)
			return attach_late(attach, err);
		if (!attach->ticket.again || tried + 1 == TRIES)
			return false;
		if (!wait_before(&attach->ticket, tried, err))
			return attach_late(attach, err);
	}
}

/* A name may hold line ends, and a line of its own may be a command to whoever reads it. */
static const char *shown_path(const struct attach *attach, const struct ticket_file *file)
{
	size_t length = strlen(file->path);
	return text_clean(attach->run->arena, file->path, length, 0);
}

static void say_file(struct attach *attach, const struct ticket_file *file)
{
	char size[NUMBER_TEXT_MAX];
	const char *path = shown_path(attach, file);
	const char *shown = attach->ticket.shown;
	if (file->before) {
		text_addf(&attach->said, "%s: already attached to %s, as %s\n", path, shown, file->name);
		return;
	}
	(void)text_number(size, file->bytes, UNIT_BYTES);
	text_addf(&attach->said, "%s: attached to %s as %s (%s)\n", path, shown, file->name, size);
}

static const char unsure_text[] = "unknown, the server did not confirm it. Look at the ticket, or "
								  "run this again: files that are already attached are skipped";

static void say_unfinished_file(struct attach *attach, const struct ticket_file *file)
{
	const char *path = shown_path(attach, file), *shown = attach->ticket.shown;
	if (file->before || file->there) {
		say_file(attach, file);
		return;
	}
	if (file->unsure)
		text_addf(&attach->said, "%s: attached to %s? %s\n", path, shown, unsure_text);
	else if (file->token)
		text_addf(&attach->said, "%s: uploaded, but not attached to %s\n", path, shown);
	else
		text_addf(&attach->said, "%s: not attached to %s\n", path, shown);
}

/* After a failure: what is in the ticket all the same. */
static void say_unfinished(struct attach *attach)
{
	for (size_t i = 0; attach->ticket.system->upload && i < attach->count; i++)
		say_unfinished_file(attach, &attach->files[i]);
	const char *shown = attach->ticket.shown;
	if (attach->comment && attach->comment_unsure)
		text_addf(&attach->said,
				"%s: it is unknown whether the comment was written; the server did not confirm "
				"it\n",
				shown);
	else if (attach->comment)
		text_addf(&attach->said, "%s: comment not written\n", shown);
}

static const char *comment_outcome(bool any, bool comment_only)
{
	if (any)
		return "comment written";
	if (comment_only)
		return "the comment is there already";
	return "no comment written, because no new file was attached";
}

static void say_outcome(struct attach *attach)
{
	bool comment_only = !attach->ticket.system->upload;
	bool any = false;
	for (size_t i = 0; i < marked_files(attach); i++) {
		const struct ticket_file *file = &attach->files[i];
		any |= !file->before;
		if (!comment_only)
			say_file(attach, file);
	}
	if (!attach->comment)
		return;
	const char *shown = attach->ticket.shown;
	const char *outcome = comment_outcome(any, comment_only);
	text_addf(&attach->said, "%s: %s\n", shown, outcome);
}

/* Names of files, addresses and comments may hold what a terminal would act on. */
static bool print_said(struct attach *attach, struct error *err)
{
	struct text clean = {0};
	const char *at = text_string(&attach->said);
	while (*at) {
		size_t length = strcspn(at, "\n");
		text_addf(&clean, "%s\n", text_clean(attach->run->arena, at, length, 0));
		at += length + (at[length] == '\n');
	}
	bool good = output_stdout(text_string(&clean), clean.length, err);
	text_release(&clean);
	return good;
}

static bool attach_and_say(struct attach *attach, struct error *err)
{
	struct ticket *ticket = &attach->ticket;
	struct error unprinted = {0};
	ticket->until_s = clock_now_s() + attach->limit_s;
	bool good = attach_all(attach, err);
	if (good && !ticket->dry)
		say_outcome(attach);
	if (!good && attach->wrote)
		say_unfinished(attach);
	if (good)
		return print_said(attach, err);
	(void)print_said(attach, &unprinted);
	return false;
}

/* --- which ticket
 * ------------------------------------------------------------------------------------ */

/* What has no colon names no ticket: where there is such a file, the documents say which. */
static bool begins_with_file(const struct name_list *words)
{
	if (words->count == 0 || strchr(words->items[0], ':'))
		return false;
	return access(words->items[0], F_OK) == 0;
}

/* "" where it is no document of headroom, or names none. */
static const char *ticket_of_file(struct arena *arena, const char *path)
{
	struct error ignored = {0};
	if (strcmp(type_of(path), "application/json") != 0)
		return "";
	__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, &ignored);
	if (!json)
		return "";
	const cJSON *root = json_root(json);
	if (!has_summary(root) && !document_is_fleet(root))
		return "";
	return document_ticket(arena, root);
}

/* NULL with err: none of the files names a ticket, or two name different ones. */
static const char *ticket_of_files(struct attach *attach, struct error *err)
{
	const struct name_list *words = &attach->run->options->arguments;
	const char *ticket = NULL;
	for (size_t i = 0; i < words->count; i++) {
		const char *named = ticket_of_file(attach->run->arena, words->items[i]);
		if (!*named)
			continue;
		if (ticket && strcmp(ticket, named) != 0) {
			(void)error_set(err,
					"%.200s names %s, %.200s names %s; choose one and put it before the files",
					attach->from,
					ticket,
					words->items[i],
					named);
			return NULL;
		}
		ticket = named;
		attach->from = words->items[i];
	}
	if (!ticket)
		(void)error_set(err,
				"attach needs a ticket: headroom attach jira:OPS-123 %.200s (or give --ticket when "
				"you make the audit)",
				words->items[0]);
	return ticket;
}

/* A document may be somebody else's. The server is the user's own, or he names the ticket: a public
 * one would take the files into whatever project the document says. */
static bool check_server(const struct attach *attach, struct error *err)
{
	const struct ticket *ticket = &attach->ticket;
	const char *public = ticket->system->default_url;
	if (!attach->from || !public || strcmp(ticket->base, public) != 0)
		return true;
	return error_set(err,
			"%.200s names %s, which is on a public server; to confirm, put that ticket before the "
			"files",
			attach->from,
			ticket->shown);
}

static bool attach_parse(struct attach *attach, const char *target, struct error *err)
{
	const struct options *options = attach->run->options;
	struct error why = {0};
	bool good = ticket_parse(attach->run->arena,
			target,
			options->attach.url,
			options->attach.insecure,
			&attach->ticket,
			&why);
	if (!good && attach->from)
		return error_set(err, "the ticket of %.200s: %s", attach->from, why.text);
	if (!good)
		return error_set(err, "%s", why.text);
	return check_server(attach, err);
}

static bool find_ticket(struct attach *attach, struct error *err)
{
	const struct name_list *words = &attach->run->options->arguments;
	if (words->count == 0)
		return true;
	if (!begins_with_file(words))
		return attach_parse(attach, words->items[0], err);
	const char *target = ticket_of_files(attach, err);
	return target && attach_parse(attach, target, err);
}

/* A change board must not get what is no longer to be used without a word. */
static void attach_warn(const struct attach *attach)
{
	for (size_t i = 0; i < attach->count; i++) {
		const char *path = attach->files[i].path;
		struct error ignored = {0};
		if (strcmp(attach->files[i].type, "application/json") != 0)
			continue;
		__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, &ignored);
		if (!json)
			continue;
		const cJSON *root = json_root(json);
		if (has_summary(root) || document_is_fleet(root))
			request_warn(attach->run->arena, root, path);
	}
}

static bool run_attach(struct attach *attach, struct error *err)
{
	const struct options *options = attach->run->options;
	struct ticket *ticket = &attach->ticket;
	if (!find_ticket(attach, err))
		return false;
	if (!attach_add_files(attach, err) || !prepare_comment(attach, err))
		return false;
	attach_warn(attach);
	struct error why = {0};
	bool found = credential_find(attach->run->arena,
			&ticket->system->credential,
			ticket->base,
			options->attach.token_file,
			&ticket->credential,
			&why);
	if (!found && (!options->dry_run || options->attach.token_file))
		return error_set(err, "%s: %s", ticket->shown, why.text);
	if (!found)
		screen_say("warning: %s: %s. Without it, nothing can be attached", ticket->shown, why.text);
	if (options->dry_run)
		ticket->dry = &attach->said;
	return attach_and_say(attach, err);
}

bool command_attach(const struct run *run, int *ret_exit, struct error *err)
{
	struct attach attach = {.run = run, .limit_s = run->options->time_limit_s};
	if (!(attach.limit_s > 0))
		attach.limit_s = time_limit_s;
	bool ok = run_attach(&attach, err);
	for (size_t i = 0; i < attach.count; i++)
		(void)close(attach.files[i].fd);
	text_release(&attach.said);
	if (ok || !attach.ticket.late)
		return ok;
	screen_say("%s", err->text);
	*ret_exit = EXIT_GATE_TIMED_OUT;
	return true;
}
