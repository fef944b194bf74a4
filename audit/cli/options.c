/* The option table and its reader. It knows names and types, not what an option does. */
#include "audit/cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "base/suggest.h"

#define ON(command)    (1u << COMMAND_##command)
#define GATE           ON(GATE)
#define FIX            ON(FIX)
#define HOST_COMMANDS  (FIX | ON(AUDIT) | ON(SIZE) | ON(CALIBRATE) | ON(EXPLAIN) | ON(FACTS))
#define MODEL_COMMANDS (FIX | ON(AUDIT) | ON(SIZE) | ON(EXPLAIN) | GATE)
#define EVERY_COMMAND  ((1u << COMMANDS) - 1)
#define AT(member)     offsetof(struct options, member)

static const char *const color_choices[] = {"auto", "always", "never", NULL};
static const char *const certify_choices[] = {"on", "off", "strict", NULL};
static const char *const switch_choices[] = {"on", "off", NULL};

const struct option_row option_rows[] = {
		{.name = "output",
				.letter = 'o',
				.argument = "FILE",
				.kind = OPTION_LIST,
				.offset = AT(outputs),
				.commands = ON(AUDIT) | ON(SIZE) | ON(CALIBRATE) | ON(FACTS) | ON(REPORT) |
						ON(HISTORY) | GATE | FIX,
				.help = "write FILE by its extension, FORMAT:FILE, or FORMAT"},
		{.name = "facts",
				.argument = "PATH",
				.kind = OPTION_TEXT,
				.offset = AT(facts_path),
				.commands = HOST_COMMANDS,
				.help = "a facts file or snapshot directory, not this host"},
		{.name = "pid",
				.argument = "N",
				.kind = OPTION_NUMBER,
				.offset = AT(pid),
				.commands = HOST_COMMANDS | ON(WATCH),
				.help = "limits as this process has them"},
		{.name = "config",
				.argument = "FILE",
				.kind = OPTION_TEXT,
				.offset = AT(config_path),
				.commands = GATE,
				.help = "settings (default: headroom.json, if it is there)"},
		{.name = "force",
				.kind = OPTION_SWITCH,
				.offset = AT(force),
				.commands = GATE,
				.help = "run it whatever the verdict; the report says so"},
		{.name = "wait",
				.argument = "60s",
				.kind = OPTION_NUMBER,
				.unit = UNIT_SECONDS,
				.offset = AT(wait_s),
				.commands = GATE,
				.help = "wait so long for the last run's TIME_WAIT to end"},
		{.name = "fix-soft",
				.kind = OPTION_SWITCH,
				.offset = AT(fix_soft),
				.commands = GATE,
				.help = "raise its soft limit of open files as far as needed"},
		{.name = "certify",
				.argument = "WHEN",
				.kind = OPTION_CHOICE,
				.offset = AT(certify),
				.choices = certify_choices,
				.commands = GATE,
				.help = "on, off, or strict: then not certified is exit 123"},
		{.name = "learn",
				.kind = OPTION_SWITCH,
				.offset = AT(learn),
				.commands = GATE,
				.help = "keep what the run taught in workload.lock.json"},
		{.name = "interval",
				.argument = "1s",
				.kind = OPTION_NUMBER,
				.unit = UNIT_SECONDS,
				.offset = AT(interval_s),
				.commands = GATE | ON(WATCH),
				.help = "time from sample to sample"},
		{.name = "once",
				.kind = OPTION_SWITCH,
				.offset = AT(once),
				.commands = ON(WATCH),
				.help = "one look, then end"},
		{.name = "json",
				.kind = OPTION_SWITCH,
				.offset = AT(json),
				.commands = ON(WATCH),
				.help = "one line of JSON per sample"},
		{.name = "prometheus",
				.argument = "FILE",
				.kind = OPTION_TEXT,
				.offset = AT(prometheus_path),
				.commands = ON(WATCH),
				.help = "keep FILE up to date for the textfile collector"},
		{.name = "container",
				.argument = "NAME",
				.kind = OPTION_TEXT,
				.offset = AT(container),
				.commands = HOST_COMMANDS,
				.help = "limits as this container has them (Docker, Podman)"},
		{.name = "set",
				.argument = "KEY=VALUE",
				.kind = OPTION_LIST,
				.offset = AT(sets),
				.commands = HOST_COMMANDS | GATE | ON(WATCH),
				.help = "take this fact as given (repeatable)"},
		{.name = "max-use",
				.argument = "75%",
				.kind = OPTION_NUMBER,
				.unit = UNIT_RATIO,
				.offset = AT(max_use),
				.commands = MODEL_COMMANDS | ON(WATCH),
				.help = "how much of a limit the plan may use"},
		{.name = "ignore",
				.argument = "ID,...",
				.kind = OPTION_COMMAS,
				.offset = AT(ignores),
				.commands = MODEL_COMMANDS,
				.help = "limits that do not count; shown in every report"},
		{.name = "waivers",
				.argument = "FILE",
				.kind = OPTION_TEXT,
				.offset = AT(waivers_path),
				.commands = MODEL_COMMANDS,
				.help = "the same with justification and expiry (JSON)"},
		{.name = "pessimistic",
				.kind = OPTION_SWITCH,
				.offset = AT(pessimistic),
				.commands = MODEL_COMMANDS,
				.help = "charge every close to this host"},
		{.name = "planning-constants",
				.argument = "off",
				.kind = OPTION_CHOICE,
				.offset = AT(planning_constants),
				.choices = switch_choices,
				.commands = MODEL_COMMANDS,
				.help = "judge by the kernel's numbers alone"},
		{.name = "calibrate",
				.kind = OPTION_SWITCH,
				.offset = AT(calibrate),
				.commands = ON(AUDIT) | ON(SIZE) | GATE,
				.help = "push this kernel first, in a private namespace"},
		{.name = "no-inspect",
				.kind = OPTION_SWITCH,
				.offset = AT(no_inspect),
				.commands = ON(WORKLOAD) | GATE,
				.help = "do not ask the tool (k6 inspect) about its plan"},
		{.name = "full",
				.kind = OPTION_SWITCH,
				.offset = AT(full),
				.commands = ON(CALIBRATE),
				.help = "the long forms: churn waits for a TIME_WAIT to end"},
		{.name = "overflow",
				.kind = OPTION_SWITCH,
				.offset = AT(overflow),
				.commands = ON(CALIBRATE),
				.help = "fill conntrack one too far: the host's log shows it"},
		{.name = "published",
				.argument = "ADDR:PORT",
				.kind = OPTION_TEXT,
				.offset = AT(published),
				.commands = ON(CALIBRATE),
				.help = "conntrack: also a container's port, or auto"},
		{.name = "time",
				.argument = "10s",
				.kind = OPTION_NUMBER,
				.unit = UNIT_SECONDS,
				.offset = AT(seconds),
				.commands = ON(CALIBRATE),
				.help = "the most that one calibrator may take"},
		{.name = "memory",
				.argument = "4GiB",
				.kind = OPTION_NUMBER,
				.unit = UNIT_BYTES,
				.offset = AT(memory_bytes),
				.commands = ON(CALIBRATE),
				.help = "kernel memory it may take (quarter of the free)"},
		{.name = "all",
				.kind = OPTION_SWITCH,
				.offset = AT(all),
				.commands = ON(AUDIT) | ON(REPORT) | ON(SIZE) | ON(CALIBRATE) | ON(FACTS) |
						ON(HISTORY) | GATE | ON(WATCH) | FIX,
				.help = "show every limit, fix and finding"},
		{.name = "template",
				.argument = "DIR",
				.kind = OPTION_TEXT,
				.offset = AT(template_dir),
				.commands = ON(AUDIT) | ON(REPORT) | GATE,
				.help = "your own report.html, css, theme.json, logo"},
		{.name = "emit",
				.argument = "KIND,...",
				.kind = OPTION_COMMAS,
				.offset = AT(emits),
				.commands = FIX | ON(SIZE),
				.help = "a file of this kind, to -o FILE or standard output"},
		{.name = "dir",
				.argument = "DIR",
				.kind = OPTION_TEXT,
				.offset = AT(directory),
				.commands = FIX | ON(SIZE),
				.help = "where several emitted files go"},
		{.name = "unit",
				.argument = "NAME",
				.kind = OPTION_TEXT,
				.offset = AT(unit),
				.commands = HOST_COMMANDS,
				.help = "limits as this systemd unit has them"},
		{.name = "apply",
				.kind = OPTION_SWITCH,
				.offset = AT(apply),
				.commands = FIX,
				.help = "show the changes, ask, make them, read back"},
		{.name = "dry-run",
				.kind = OPTION_SWITCH,
				.offset = AT(dry_run),
				.commands = FIX | ON(ATTACH),
				.help = "show what would be done, and do nothing"},
		{.name = "yes",
				.kind = OPTION_SWITCH,
				.offset = AT(yes),
				.commands = FIX,
				.help = "do not ask"},
		{.name = "undo",
				.kind = OPTION_SWITCH,
				.offset = AT(undo),
				.commands = FIX,
				.help = "put back what --apply found"},
		{.name = "force",
				.kind = OPTION_SWITCH,
				.offset = AT(force),
				.commands = FIX,
				.help = "also what was changed by others since"},
		{.name = "verify",
				.kind = OPTION_SWITCH,
				.offset = AT(verify),
				.commands = FIX,
				.help = "is it in place? exit 0, or 3: it differs"},
		{.name = "root",
				.argument = "DIR",
				.kind = OPTION_TEXT,
				.offset = AT(root),
				.commands = FIX,
				.help = "files below DIR (an image), live values untouched"},
		{.name = "snapshot",
				.argument = "DIR",
				.kind = OPTION_TEXT,
				.offset = AT(snapshot_dir),
				.commands = ON(FACTS),
				.help = "keep the raw files in DIR, to be audited elsewhere"},
		{.name = "keys",
				.kind = OPTION_SWITCH,
				.offset = AT(keys),
				.commands = ON(FACTS),
				.help = "every known key: unit, meaning, where it is read"},
		{.name = "against",
				.argument = "AUDIT",
				.kind = OPTION_TEXT,
				.offset = AT(against),
				.commands = ON(AUDIT),
				.help = "what changed since: last, a number, a file"},
		{.name = "keep",
				.argument = "N",
				.kind = OPTION_TEXT,
				.offset = AT(keep),
				.commands = ON(HISTORY),
				.help = "prune: the newest N stay"},
		{.name = "older-than",
				.argument = "90d",
				.kind = OPTION_TEXT,
				.offset = AT(older_than),
				.commands = ON(HISTORY),
				.help = "prune: what is older goes"},
		{.name = "comment",
				.kind = OPTION_SWITCH,
				.offset = AT(comment),
				.commands = ON(ATTACH),
				.help = "with the summary of the audit.json among the files"},
		{.name = "url",
				.argument = "URL",
				.kind = OPTION_TEXT,
				.offset = AT(url),
				.commands = ON(ATTACH),
				.help = "address of the ticket system"},
		{.name = "token-file",
				.argument = "FILE",
				.kind = OPTION_TEXT,
				.offset = AT(token_file),
				.commands = ON(ATTACH),
				.help = "the secret, or USER:PASSWORD; mode 600"},
		{.name = "insecure",
				.kind = OPTION_SWITCH,
				.offset = AT(insecure),
				.commands = ON(ATTACH),
				.help = "allow http:// (TLS is verified always)"},
		{.name = "catalogue",
				.argument = "FILE",
				.kind = OPTION_TEXT,
				.offset = AT(catalogue),
				.commands = ON(SIZE),
				.help = "VM types with their prices (docs/catalogue.md)"},
		{.name = "rules",
				.argument = "DIR",
				.kind = OPTION_LIST,
				.offset = AT(rules_dirs),
				.commands = EVERY_COMMAND &
						~(ON(HELP) | ON(VERSION) | ON(REPORT) | ON(HISTORY) | ON(ATTACH)),
				.help = "more rules (repeatable)"},
		{.name = "color",
				.argument = "WHEN",
				.kind = OPTION_CHOICE,
				.offset = AT(color),
				.choices = color_choices,
				.commands = EVERY_COMMAND,
				.help = "auto, always or never"},
		{.name = "quiet",
				.letter = 'q',
				.kind = OPTION_SWITCH,
				.offset = AT(quiet),
				.commands = EVERY_COMMAND,
				.help = "the last line only"},
		{.name = "no-history",
				.kind = OPTION_SWITCH,
				.offset = AT(no_history),
				.commands = EVERY_COMMAND,
				.help = "keep nothing of this run"},
		{.name = "help",
				.letter = 'h',
				.kind = OPTION_SWITCH,
				.offset = AT(help),
				.commands = EVERY_COMMAND,
				.help = "this text"},
		{.name = "man",
				.kind = OPTION_SWITCH,
				.offset = AT(man),
				.commands = ON(HELP),
				.hidden = true,
				.help = "print the manual page"},
		{.name = "bash",
				.kind = OPTION_SWITCH,
				.offset = AT(bash),
				.commands = ON(HELP),
				.hidden = true,
				.help = "print the bash completion"},
};
const size_t option_rows_count = COUNT_OF(option_rows);
_Static_assert(COUNT_OF(option_rows) <= 64, "struct options.given has a bit for each");

bool option_applies(const struct option_row *row, enum command_id command)
{
	return row->commands >> command & 1;
}

/* The reader's place in the arguments. */
struct reader {
	struct arena *arena;
	enum command_id command;
	int argc, at;
	char *const *argv;
	struct options *options;
};

static bool set_commas(struct arena *arena,
		struct name_list *list,
		const char *shown,
		const char *text,
		struct error *err)
{
	char *rest = arena_strdup(arena, text);
	for (char *item; (item = strsep(&rest, ","));) {
		if (!*item)
			return error_set(err, "%s: \"%.200s\" has an empty name; write ID,ID", shown, text);
		name_list_append(arena, list, item);
	}
	return true;
}

static bool options_set_choice(const struct option_row *row,
		const char *shown,
		const char *text,
		const char **member,
		struct error *err)
{
	struct text all = {0};
	for (const char *const *choice = row->choices; *choice; choice++) {
		if (!strcmp(*choice, text)) {
			*member = *choice;
			text_release(&all);
			return true;
		}
		text_addf(&all, "%s%s", all.length ? ", " : "", *choice);
	}
	(void)error_set(err, "%s: \"%.100s\" is none of: %s", shown, text, all.data);
	text_release(&all);
	return false;
}

struct number_range {
	enum unit unit;
	double most;
	const char *text;
};

/* The last row is for the other units: PID_MAX_LIMIT, include/linux/threads.h. */
static const struct number_range number_ranges[] = {
		{UNIT_RATIO, 1, "more than 0% and at most 100%"},
		{UNIT_SECONDS, 3600, "more than 0 s and at most 1 h"},
		{UNIT_BYTES, 1125899906842624.0, "more than 0 and at most 1 PiB, as in 4GiB"},
		{UNIT_COUNT, 4194304, "a process id"},
};

static const struct number_range *range_of(enum unit unit)
{
	size_t i = 0;
	while (i + 1 < COUNT_OF(number_ranges) && number_ranges[i].unit != unit)
		i++;
	return &number_ranges[i];
}

static bool options_set_number(const struct option_row *row,
		const char *shown,
		const char *text,
		double *member,
		struct error *err)
{
	struct error why = {0};
	if (!unit_parse(text, row->unit, member, &why))
		return error_set(err, "%s: %s", shown, why.text);
	const struct number_range *range = range_of(row->unit);
	if (!(*member > 0) || *member > range->most)
		return error_set(err, "%s: \"%.100s\" is out of range; give %s", shown, text, range->text);
	return true;
}

static bool set_option(const struct reader *reader,
		const struct option_row *row,
		const char *shown,
		const char *text,
		struct error *err)
{
	void *member = (char *)reader->options + row->offset;
	reader->options->given |= UINT64_C(1) << (row - option_rows);
	switch (row->kind) {
	case OPTION_SWITCH:
		*(bool *)member = true;
		return true;
	case OPTION_TEXT:
		*(const char **)member = text;
		return *text ? true
					 : error_set(err, "%s needs a %s, not an empty text", shown, row->argument);
	case OPTION_CHOICE:
		return options_set_choice(row, shown, text, member, err);
	case OPTION_LIST:
		name_list_append(reader->arena, member, text);
		return *text ? true
					 : error_set(err, "%s needs a %s, not an empty text", shown, row->argument);
	case OPTION_COMMAS:
		return set_commas(reader->arena, member, shown, text, err);
	case OPTION_NUMBER:
		return options_set_number(row, shown, text, member, err);
	}
	return true;
}

/* The argument of an option: what follows '=', or the next word. */
static const char *take_argument(struct reader *reader,
		const char *attached,
		const char *shown,
		const char *what,
		struct error *err)
{
	if (attached)
		return attached;
	if (reader->at + 1 < reader->argc)
		return reader->argv[++reader->at];
	(void)error_set(err, "%s needs an argument: %s %s", shown, shown, what);
	return NULL;
}

static enum workload_field find_field(const char *name)
{
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		char flag[64];
		const struct workload_row *row = &workload_rows[i];
		if (!strcmp(workload_flag((enum workload_field)i, flag), name) ||
				(row->short_flag && !strcmp(row->short_flag, name)))
			return (enum workload_field)i;
	}
	return WORKLOAD_FIELDS;
}

static bool set_field(struct reader *reader,
		enum workload_field field,
		const char *shown,
		const char *attached,
		struct error *err)
{
	struct error why = {0};
	const char *text =
			take_argument(reader, attached, shown, "VALUE (headroom help workload)", err);
	if (!text)
		return false;
	reader->options->workload_flags++;
	if (workload_set(reader->arena, &reader->options->workload, field, text, shown, &why))
		return true;
	return error_set(err, "%s: %s", shown, why.text);
}

/* "; did you mean --x?" among everything this command takes. */
static bool unknown_option(const struct reader *reader, const char *name, struct error *err)
{
	const char *command = command_rows[reader->command].name;
	const char *names[WORKLOAD_FIELDS * 2 + 64] = {NULL};
	char flags[WORKLOAD_FIELDS][64];
	size_t count = 0;
	for (size_t i = 0; i < option_rows_count; i++) {
		if (option_applies(&option_rows[i], reader->command) && !option_rows[i].hidden)
			names[count++] = option_rows[i].name;
	}
	for (size_t i = 0; command_rows[reader->command].takes_workload && i < WORKLOAD_FIELDS; i++) {
		names[count++] = workload_flag((enum workload_field)i, flags[i]);
		if (workload_rows[i].short_flag)
			names[count++] = workload_rows[i].short_flag;
	}
	names[count] = NULL;
	char question[SUGGEST_MAX];
	const char *near = suggest_name(name, names);
	return error_set(err,
			"unknown option --%.100s%s (headroom %s --help lists them)",
			name,
			suggest_question_about(question, "--", near),
			command);
}

static bool options_read_long(struct reader *reader, const char *word, struct error *err)
{
	size_t length = strcspn(word, "=");
	const char *attached = word[length] ? word + length + 1 : NULL;
	const char *name = arena_copy(reader->arena, word, length);
	const char *shown = arena_printf(reader->arena, "--%s", name);
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (strcmp(row->name, name) != 0 || !option_applies(row, reader->command))
			continue;
		if (!row->argument && attached)
			return error_set(err, "%s takes no argument; leave \"=%.100s\" out", shown, attached);
		const char *text = row->argument
				? take_argument(reader, attached, shown, row->argument, err)
				: "";
		return text && set_option(reader, row, shown, text, err);
	}
	enum workload_field field = find_field(name);
	if (field != WORKLOAD_FIELDS && command_rows[reader->command].takes_workload)
		return set_field(reader, field, shown, attached, err);
	return unknown_option(reader, name, err);
}

static bool read_short(struct reader *reader, const char *letters, struct error *err)
{
	for (; *letters; letters++) {
		const struct option_row *row = NULL;
		for (size_t i = 0; i < option_rows_count && !row; i++) {
			if (option_rows[i].letter == *letters &&
					option_applies(&option_rows[i], reader->command))
				row = &option_rows[i];
		}
		const char shown[3] = {'-', *letters, '\0'};
		if (!row)
			return error_set(err,
					"unknown option %s (headroom %s --help lists them)",
					(unsigned char)*letters > ' ' && (unsigned char)*letters < 0x7f ? shown : "-?",
					command_rows[reader->command].name);
		if (!row->argument) {
			if (!set_option(reader, row, shown, "", err))
				return false;
			continue;
		}
		const char *text =
				take_argument(reader, letters[1] ? letters + 1 : NULL, shown, row->argument, err);
		return text && set_option(reader, row, shown, text, err);
	}
	return true;
}

void options_init(struct options *ret_options)
{
	*ret_options = (struct options){.color = "auto",
			.planning_constants = "on",
			.max_use = 0.75,
			.certify = "on"};
}

bool options_set(struct arena *arena,
		enum command_id command,
		const char *name,
		const char *text,
		const char *shown,
		struct options *options,
		struct error *err)
{
	const struct reader reader = {.arena = arena, .command = command, .options = options};
	for (size_t i = 0; i < option_rows_count; i++)
		if (!strcmp(option_rows[i].name, name) && option_applies(&option_rows[i], command))
			return set_option(&reader, &option_rows[i], shown, text, err);
	return error_set(err,
			"%s: headroom %s has no option --%.60s",
			shown,
			command_rows[command].name,
			name);
}

void options_merge(struct options *under, const struct options *over)
{
	static const size_t sizes[] = {
			[OPTION_SWITCH] = sizeof(bool),
			[OPTION_TEXT] = sizeof(char *),
			[OPTION_CHOICE] = sizeof(char *),
			[OPTION_LIST] = sizeof(struct name_list),
			[OPTION_COMMAS] = sizeof(struct name_list),
			[OPTION_NUMBER] = sizeof(double),
	};
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (over->given >> i & 1)
			memcpy((char *)under + row->offset, (const char *)over + row->offset, sizes[row->kind]);
	}
	under->given |= over->given;
	if (over->workload_flags) {
		workload_merge(&under->workload, &over->workload);
		under->workload_flags += over->workload_flags;
	}
	if (over->arguments.count)
		under->arguments = over->arguments;
	if (over->child.count)
		under->child = over->child;
}

bool options_parse(struct arena *arena,
		enum command_id command,
		int argc,
		char *const *argv,
		struct options *ret_options,
		struct error *err)
{
	options_init(ret_options);
	struct reader reader = {arena, command, argc, 0, argv, ret_options};
	for (; reader.at < argc; reader.at++) {
		const char *word = argv[reader.at];
		if (!strcmp(word, "--"))
			break;
		if (word[0] != '-' || !word[1])
			name_list_append(arena, &ret_options->arguments, word);
		else if (!(word[1] == '-' ? options_read_long(&reader, word + 2, err)
								  : read_short(&reader, word + 1, err)))
			return false;
	}
	for (reader.at++; reader.at < argc; reader.at++)
		name_list_append(arena,
				command_rows[command].takes_command ? &ret_options->child : &ret_options->arguments,
				argv[reader.at]);
	return true;
}
