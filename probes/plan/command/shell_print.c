/* echo, printf, cat, seq, pwd, nproc and their like: small programs whose output is known by their
 * words. */
#include "probes/plan/command/shell_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum {
	SEQUENCE_MAX = 4096
};

static bool prints_by(const struct shell_command *command, const char *name)
{
	return command->words.count && !strcmp(command->words.items[0], name);
}

/* \n, \t, \\ and what printf turns %s into; anything else is not known. */
static bool unescape(struct text *out, const char *text)
{
	for (; *text; text++) {
		static const char from[] = "nt\\\"'", to[] = "\n\t\\\"'";
		const char *escape = NULL;
		if (*text == '\\' && text[1]) {
			escape = strchr(from, text[1]);
		}
		if (*text == '\\' && !escape) {
			return false;
		}
		if (escape) {
			text_add_bytes(out, &to[escape - from], 1);
			text++;
		} else {
			text_add_bytes(out, text, 1);
		}
	}
	return true;
}

/* "-n", "-e", "-neE" */
static bool is_echo_option(const char *word)
{
	return word[0] == '-' && word[1] && strspn(word, "-neE") == strlen(word);
}

static bool print_echo(const struct shell_command *command, struct text *out)
{
	size_t i = 1;
	bool newline = true, good = true;
	for (; i < command->words.count && is_echo_option(command->words.items[i]); i++) {
		newline &= !strchr(command->words.items[i], 'n');
	}
	for (bool first = true; i < command->words.count && good; i++, first = false) {
		if (!first) {
			text_add(out, " ");
		}
		good = unescape(out, command->words.items[i]);
	}
	if (newline) {
		text_add(out, "\n");
	}
	return good;
}

/* What stands before a "%" of a format; false: an escape that is not known. */
static bool print_plain(struct text *out, const char *from, size_t length)
{
	struct text piece = {0};
	text_add_bytes(&piece, from, length);
	bool good = !piece.length || unescape(out, piece.data);
	text_release(&piece);
	return good;
}

/* The format is used again until the arguments are gone. */
static bool print_format(const struct shell_command *command, struct text *out)
{
	const struct name_list *words = &command->words;
	size_t first = 1 + !strcmp(shell_word_at(command, 1), "--"), next = first + 1;
	const char *format = shell_word_at(command, first);
	do {
		size_t before = next;
		for (const char *at = format; *at;) {
			size_t plain = strcspn(at, "%");
			bool good = print_plain(out, at, plain);
			at += plain;
			if (!good || (*at && !strchr("sd%", at[1])) || (*at && !at[1])) {
				return false;
			}
			if (*at && at[1] == '%') {
				text_add(out, "%");
			} else if (*at && next < words->count) {
				text_add(out, words->items[next++]);
			}
			at += *at ? 2 : 0;
		}
		if (next == before) {
			break;
		}
	} while (next < words->count);
	return true;
}

static struct plan_command at_directory(const struct peel *peel,
		const struct shell_command *command)
{
	struct plan_command here = *peel->command;
	if (!command->cwd) {
		return here;
	}
	here.vantage.cwd = command->cwd;
	if (command->cwd[0] != '/' && peel->command->vantage.cwd) {
		here.vantage.cwd = arena_printf(peel->context->arena,
				"%s/%s",
				peel->command->vantage.cwd,
				command->cwd);
	}
	return here;
}

static bool print_file(const struct peel *peel,
		const struct plan_command *here,
		const char *path,
		struct text *out,
		struct error *err)
{
	const char *bytes;
	size_t length;
	if (!plan_file(peel->context, here, path, "cat", &bytes, &length, err)) {
		return false;
	}
	peel->budget->bytes += length;
	if (peel->budget->bytes > WRAPPERS_BYTES_MAX) {
		return false;
	}
	text_add_bytes(out, bytes, length);
	return true;
}

static bool print_cat(const struct peel *peel,
		const struct shell_command *command,
		struct text *out,
		struct error *err)
{
	const struct plan_command here = at_directory(peel, command);
	bool good = command->words.count > 1 || command->input || command->input_path;
	for (size_t i = 1; good && i < command->words.count; i++) {
		const char *word = command->words.items[i];
		if (!strcmp(word, "-") && command->input) {
			text_add(out, command->input);
		} else {
			good = word[0] != '-' && print_file(peel, &here, word, out, err);
		}
	}
	if (command->words.count > 1) {
		return good;
	}
	if (command->input) {
		text_add(out, command->input);
	} else if (good) {
		good = print_file(peel, &here, command->input_path, out, err);
	}
	return good;
}

/* seq LAST, seq FIRST LAST, seq FIRST STEP LAST: whole numbers. */
static bool print_sequence(const struct shell_command *command, struct text *out)
{
	long long numbers[3] = {1, 1, 1};
	size_t count = command->words.count - 1;
	if (count < 1 || count > 3) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const char *word = command->words.items[i + 1];
		char *end;
		numbers[i] = strtoll(word, &end, 10);
		if (end == word || *end || strlen(word) > 9) {
			return false;
		}
	}
	long long first = 1, step = 1, last = numbers[count - 1];
	if (count > 1) {
		first = numbers[0];
	}
	if (count == 3) {
		step = numbers[1];
	}
	if (!step || (last - first) / step >= SEQUENCE_MAX) {
		return false;
	}
	for (long long i = first; (i <= last || step < 0) && (i >= last || step > 0); i += step) {
		text_addf(out, "%lld\n", i);
	}
	return true;
}

/* --- of $(…) -------------------------------------------------------------------------------- */

static bool print_directory(struct peel *peel,
		const struct shell_command *command,
		struct text *out)
{
	const struct plan_command here = at_directory(peel, command);
	const char *cwd = here.vantage.cwd, *home = peel->context->cwd;
	if (!home) {
		home = ".";
	}
	if (cwd && cwd[0] == '/') {
		text_add(out, cwd);
	} else if (cwd) {
		text_addf(out, "%s/%s", home, cwd);
	} else if (!peel->command->vantage.container) {
		text_add(out, home);
	}
	return out->length;
}

/* nproc [--all] [--ignore=N] */
static bool print_processors(struct peel *peel,
		const struct shell_command *command,
		struct text *out)
{
	double count = peel->command->vantage.processors;
	const char *last = command->words.items[command->words.count - 1];
	if (text_begins_with(last, "--ignore=")) {
		count -= strtod(last + 9, NULL);
	}
	if (!strcmp(last, "--all")) {
		count = peel->context->processors;
	}
	if (isnan(count) || count < -1e6 || count > 1e6) {
		return false;
	}
	text_addf(out, "%.0f", fmax(count, 1));
	return true;
}

static bool print_getconf(struct peel *peel, const struct shell_command *command, struct text *out)
{
	return !strcmp(shell_word_at(command, 1), "_NPROCESSORS_ONLN") &&
			print_processors(peel, command, out);
}

static bool print_base(struct peel *peel, const struct shell_command *command, struct text *out)
{
	const char *path = shell_word_at(command, 1);
	const char *slash = strrchr(path, '/');
	const char *base = path, *end = shell_word_at(command, 2);
	if (slash) {
		base = slash + 1;
	}
	(void)peel;
	if (!*base || command->words.count > 3) {
		return false;
	}
	size_t length = strlen(base);
	if (text_ends_with(base, end)) {
		length -= strlen(end);
	}
	text_add_bytes(out, base, length);
	return true;
}

static bool print_parent(struct peel *peel, const struct shell_command *command, struct text *out)
{
	const char *path = shell_word_at(command, 1);
	const char *slash = strrchr(path, '/');
	(void)peel;
	if (!slash) {
		text_add(out, ".");
	} else {
		text_add_bytes(out, path, (size_t)(slash - path) + (slash == path));
	}
	return *path;
}

/* realpath X, readlink -f X: links are not followed. */
static bool print_path(struct peel *peel, const struct shell_command *command, struct text *out)
{
	const char *path = command->words.items[command->words.count - 1];
	if (command->words.count < 2 || path[0] == '-') {
		return false;
	}
	if (path[0] == '/') {
		text_add(out, path);
		return true;
	}
	if (!print_directory(peel, command, out)) {
		return false;
	}
	text_addf(out, "/%s", path);
	return true;
}

/* command -v k6, which k6: the same program under its own name. */
static bool print_program(struct peel *peel, const struct shell_command *command, struct text *out)
{
	const char *name = command->words.items[command->words.count - 1];
	(void)peel;
	text_add(out, name);
	return command->words.count > 1 && name[0] != '-';
}

/* A new file: its name does not matter, and no other is called so. */
static bool print_temporary(struct peel *peel,
		const struct shell_command *command,
		struct text *out)
{
	(void)peel;
	text_addf(out, "/tmp/mktemp.%zu", command->at);
	return true;
}

static bool print_limit(struct peel *peel, const struct shell_command *command, struct text *out)
{
	(void)peel;
	text_add(out, "hard");
	return command->words.count == 2 && !strcmp(command->words.items[1], "-Hn");
}

static const struct {
	const char *name;
	bool (*print)(struct peel *peel, const struct shell_command *command, struct text *out);
} programs[] = {
		{"pwd", print_directory},
		{"nproc", print_processors},
		{"getconf", print_getconf},
		{"basename", print_base},
		{"dirname", print_parent},
		{"realpath", print_path},
		{"readlink", print_path},
		{"which", print_program},
		{"command", print_program},
		{"mktemp", print_temporary},
		{"ulimit", print_limit},
};

static bool print_command(struct peel *peel,
		const struct shell_command *command,
		struct text *out,
		struct error *err)
{
	if (prints_by(command, "echo")) {
		return print_echo(command, out);
	}
	if (prints_by(command, "printf")) {
		return print_format(command, out);
	}
	if (prints_by(command, "seq")) {
		return print_sequence(command, out);
	}
	return prints_by(command, "cat") && print_cat(peel, command, out, err);
}

const char *shell_written(struct peel *peel, const struct shell_command *command, struct error *err)
{
	struct text out = {0};
	bool known = print_command(peel, command, &out, err);
	peel->budget->bytes += out.length;
	const char *text = text_take(peel->context->arena, &out);
	if (!known || shell_is_open(text) || peel->budget->bytes > WRAPPERS_BYTES_MAX) {
		return NULL;
	}
	return text;
}

const char *shell_printed(struct peel *peel, const struct shell_command *commands, size_t count)
{
	const struct shell_command *last = &commands[count - 1];
	struct error ignored = {0};
	struct text out = {0};
	for (size_t i = 0; i < count; i++) {
		bool cd = prints_by(&commands[i], "cd");
		if (commands[i].join > SHELL_AND || (i + 1 < count && !cd) || commands[i].output_path) {
			return NULL;
		}
	}
	bool known = print_command(peel, last, &out, &ignored);
	for (size_t i = 0; !known && i < COUNT_OF(programs); i++) {
		if (!prints_by(last, programs[i].name)) {
			continue;
		}
		text_clear(&out);
		known = programs[i].print(peel, last, &out);
	}
	while (out.length && out.data[out.length - 1] == '\n') {
		out.data[--out.length] = '\0';
	}
	const char *text = text_take(peel->context->arena, &out);
	return known ? text : NULL;
}

/* --- files ---------------------------------------------------------------------------------- */

/* What >> leaves in a file that the script has written before. */
static const char *append_written(struct peel *peel,
		const struct plan_written *before,
		const char *text)
{
	if (!before || !before->text) {
		return NULL;
	}
	peel->budget->bytes += strlen(before->text) + strlen(text);
	if (peel->budget->bytes > WRAPPERS_BYTES_MAX) {
		return NULL;
	}
	return arena_printf(peel->context->arena, "%s%s", before->text, text);
}

void shell_keep_written(struct peel *peel, const struct shell_command *commands, size_t count)
{
	const struct shell_command *last = &commands[count - 1];
	struct plan_command *command = peel->command;
	struct error ignored = {0};
	const char *text = NULL, *path = last->output_path;
	if (prints_by(last, "tee") && last->words.count == 2) {
		path = last->words.items[1];
	}
	if (!path || shell_is_open(path) || text_begins_with(path, "/dev/")) {
		return;
	}
	bool tee = path != last->output_path && count == 2;
	if (count == 1) {
		text = shell_written(peel, last, &ignored);
	} else if (tee) {
		text = shell_written(peel, &commands[0], &ignored);
	}
	const struct plan_command here = at_directory(peel, last);
	path = plan_path(peel->context, &here, path);
	if (!path) { /* inside a container, where nothing of here is mounted */
		return;
	}
	const struct plan_written *before = plan_find_written(command, path);
	if (last->appends && text) {
		text = append_written(peel, before, text);
	}
	if (last->maybe || last->repeats) {
		text = NULL;
	}
	peel_written(peel, path, text);
}
