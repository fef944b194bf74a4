/* Help texts from the tables. They teach by example; no option is described anywhere else. */
#include "audit/command/help_pages.h"

#include <string.h>

#include "audit/cli/option_table.h"
#include "audit/cli/options.h"
#include "audit/cli/version.h"
#include "audit/rules/built_in.h"
#include "audit/rules/presets.h"
#include "base/array.h"
#include "base/ascii.h"
#include "report/write/columns.h"

enum {
	SCREEN_COLUMNS = 80,
	COMMAND_COLUMNS = 11,
	OPTION_COLUMNS = 28,
	PRESET_COLUMNS = 23,
	FIELD_COLUMNS = 33
};

struct command_group {
	enum command_id first;
	const char *title;
};

/* Each group ends where the next begins. */
static const struct command_group command_groups[] = {
		{COMMAND_AUDIT, "Before a load test"},
		{COMMAND_WHY, "When something fails"},
		{COMMAND_WORKLOAD, "Input"},
		{COMMAND_REPORT, "Results"},
		{COMMAND_RULES, "About headroom"},
};

struct field_group {
	enum workload_field first;
	const char *title;
};

/* Each group ends where the next begins. */
static const struct field_group field_groups[] = {
		{W_NAME, "Plan"},
		{W_CONNECTIONS, "Load: any two of connections, new-conns and lifetime give the third"},
		{W_REQUESTS, "Requests"},
		{W_DESTINATIONS, "Addresses"},
		{W_CLOSER, "How connections begin and end"},
		{W_PROCESSES, "The program"},
		{W_STAGES, "Shape of the test"},
		{W_UP_CONNECTIONS, "A proxy's other side"},
};

static const char *const argument_words[] = {
		[UNIT_COUNT] = "N",
		[UNIT_BYTES] = "BYTES",
		[UNIT_SECONDS] = "TIME",
		[UNIT_PER_S] = "N/s",
		[UNIT_RATIO] = "PERCENT",
		[UNIT_BOOL] = "",
		[UNIT_VERSION] = "VERSION",
		[UNIT_TEXT] = "TEXT",
};

/* A column for the name, and the text beside it, in as many lines as it takes. */
static void add_padded(struct text *out, const char *name, size_t columns, const char *help)
{
	struct text first = {0}, rest = {0};
	text_addf(&first, "  %s ", name);
	while (first.length < columns)
		text_add(&first, " ");
	while (rest.length < columns)
		text_add(&rest, " ");
	columns_wrap(out, text_string(&first), text_string(&rest), help, SCREEN_COLUMNS);
	text_release(&first);
	text_release(&rest);
}

static void add_option(const struct option_row *row, struct text *out)
{
	struct text left = {0};
	if (row->letter)
		text_addf(&left, "-%c, ", row->letter);
	text_addf(&left, "--%s", row->name);
	if (row->argument)
		text_addf(&left, " %s", row->argument);
	add_padded(out, text_string(&left), OPTION_COLUMNS, row->help);
	text_release(&left);
}

static const char short_head[] =
		"headroom tells you before a load test whether this host will survive it, which\n"
		"limit breaks first, at what load, and how to fix it.\n\n";

/* A newcomer needs no other page for a first verdict. */
static const char short_tail[] =
		"\nStart here\n"
		"  headroom audit                                      what this host can carry\n"
		"  headroom audit ws-client --connections 15000        a verdict and the changes\n"
		"  headroom gate -- wrk -c400 -d60s http://10.0.0.5/   run it only if it fits\n"
		"  headroom size ws-client --connections 200k          which machines to order\n"
		"  headroom why \"connect: cannot assign requested address\"\n"
		"\nheadroom COMMAND --help shows options and examples.\n";

void help_short(struct text *out)
{
	const size_t groups = COUNT_OF(command_groups);
	text_add(out, short_head);
	for (size_t group = 0; group < groups; group++) {
		size_t end = COMMANDS;
		if (group + 1 < groups)
			end = command_groups[group + 1].first;
		text_addf(out, "%s\n", command_groups[group].title);
		for (size_t i = command_groups[group].first; i < end; i++)
			add_padded(out, command_rows[i].name, COMMAND_COLUMNS + 2, command_rows[i].summary);
	}
	text_add(out, short_tail);
}

static bool is_useful(const struct option_row *row, enum command_id command)
{
	return option_applies(row, command) && !(row->pointless >> command & 1);
}

static bool is_shown(const struct option_row *row, enum command_id command)
{
	return is_useful(row, command) && !row->hidden;
}

/* "Also: --no-config, --color WHEN, …": what the manual page describes. */
static void add_minor(enum command_id command, struct text *out)
{
	struct text names = {0};
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (!row->minor || !is_shown(row, command))
			continue;
		if (names.length)
			text_add(&names, ", ");
		text_addf(&names, "--%s", row->name);
		if (row->argument)
			text_addf(&names, " %s", row->argument);
	}
	if (names.length) {
		columns_wrap(out, "  More, see man: ", "        ", text_string(&names), SCREEN_COLUMNS);
	}
	text_release(&names);
}

static void add_group(enum option_group group, enum command_id command, struct text *out)
{
	struct text options = {0};
	if (group == GROUP_PLAN && command_rows[command].takes_workload)
		add_padded(&options,
				"--connections N ...",
				OPTION_COLUMNS,
				"the load (all plan flags: headroom help workload)");
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (row->group == group && is_shown(row, command) && !row->minor)
			add_option(row, &options);
	}
	if (group == GROUP_GENERAL)
		add_minor(command, &options);
	if (options.length)
		text_addf(out, "%s\n%s", option_groups[group], options.data);
	text_release(&options);
}

/* One line of `text` after the other, each wrapped. */
static void add_paragraphs(const char *text, struct text *out)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		struct text line = {0};
		text_add_bytes(&line, text, length);
		columns_wrap(out, "", "", text_string(&line), SCREEN_COLUMNS);
		text_release(&line);
		text += length + (text[length] == '\n');
	}
}

/* A summary on its own. */
static void add_sentence(const char *summary, struct text *out)
{
	text_addf(out, "%c%s.", ascii_upper(summary[0]), summary + 1);
}

void help_command(enum command_id command, struct text *out)
{
	const struct command_row *row = &command_rows[command];
	add_sentence(row->summary, out);
	text_addf(out, "\n\nUsage: headroom %s%s%s\n", row->name, *row->usage ? " " : "", row->usage);
	add_paragraphs(row->about, out);
	text_addf(out, "\nExamples\n%s\n", row->examples);
	for (size_t i = 0; i < OPTION_GROUPS; i++)
		add_group((enum option_group)i, command, out);
}

/* "client|server|proxy|both", or the word of its unit. */
static void add_field_argument(const struct workload_row *row, struct text *out)
{
	if (row->kind == FIELD_CHOICE) {
		for (const char *const *choice = row->choices; *choice; choice++)
			text_addf(out, "%s%s", choice == row->choices ? "" : "|", *choice);
		return;
	}
	text_add(out, row->kind == FIELD_LIST ? "N|LIST" : argument_words[row->unit]);
}

static void add_field(enum workload_field field, struct text *out)
{
	const struct workload_row *row = &workload_rows[field];
	struct text left = {0};
	char flag[64];
	const char *name = workload_flag(field, flag);
	text_addf(&left, "--%s ", row->short_flag ? row->short_flag : name);
	add_field_argument(row, &left);
	if (row->short_flag)
		text_addf(&left, " (--%s)", name);
	if (left.length + 3 > FIELD_COLUMNS) {
		text_addf(out, "  %s\n", left.data);
		text_clear(&left);
	}
	add_padded(out, text_string(&left), FIELD_COLUMNS, row->help);
	text_release(&left);
}

static void add_presets(struct text *out)
{
	const struct rule_extras *extras = &built_in_extras;
	for (size_t i = 0; i < extras->preset_count; i++) {
		const struct workload_preset *preset = &extras->presets[i];
		if (!preset_is_internal(preset->id))
			add_padded(out, preset->id, PRESET_COLUMNS, preset->title);
	}
}

void help_workload(struct text *out)
{
	const size_t groups = COUNT_OF(field_groups);
	text_add(out,
			"A plan describes the load: a preset, a plan file, or the flags below, which\n"
			"override both (to print one: headroom workload --help). Join loads that run at\n"
			"once with +, each before its own flags:\n"
			"  headroom audit ws-client --connections 9000 + http-churn --rps 2000\n"
			"Numbers: 15k 1.5M, 4KiB 1GiB, 60s 5m 100ms, 250/s, 75%.\n");
	text_add(out, "\nPresets (the numbers of one: headroom explain PRESET)\n");
	add_presets(out);
	for (size_t group = 0; group < groups; group++) {
		size_t end = group + 1 < groups ? (size_t)field_groups[group + 1].first : WORKLOAD_FIELDS;
		text_addf(out, "\n%s\n", field_groups[group].title);
		for (size_t field = field_groups[group].first; field < end; field++)
			add_field((enum workload_field)field, out);
	}
}

/* Text for man(7): backslashes doubled, no line may begin with a control character. */
static void add_roff(struct text *out, const char *text)
{
	bool line_begins = true;
	for (const char *at = text; *at; at++) {
		if (line_begins && (*at == '.' || *at == '\''))
			text_add(out, "\\&");
		if (*at == '\\')
			text_add(out, "\\e");
		else if (*at == '-')
			text_add(out, "\\-");
		else
			text_add_bytes(out, at, 1);
		line_begins = *at == '\n';
	}
}

static void man_option(const struct option_row *row, struct text *out)
{
	text_add(out, ".TP\n\\fB");
	if (row->letter)
		text_addf(out, "\\-%c\\fR, \\fB", row->letter);
	text_add(out, "\\-\\-");
	add_roff(out, row->name);
	text_add(out, "\\fR");
	if (row->argument) {
		text_add(out, " \\fI");
		add_roff(out, row->argument);
		text_add(out, "\\fR");
	}
	text_add(out, "\n");
	add_roff(out, row->help);
	text_add(out, ".\nCommands:");
	bool first = true;
	for (size_t i = 0; i < COMMANDS; i++) {
		if (!is_useful(row, (enum command_id)i))
			continue;
		text_addf(out, "%s %s", first ? "" : ",", command_rows[i].name);
		first = false;
	}
	text_add(out, ".\n");
}

static void man_options(enum option_group group, struct text *out)
{
	text_addf(out, ".SS %s\n", option_groups[group]);
	for (size_t i = 0; i < option_rows_count; i++) {
		if (option_rows[i].group == group && !option_rows[i].hidden)
			man_option(&option_rows[i], out);
	}
}

static void man_field(enum workload_field field, struct text *out)
{
	char flag[64];
	const struct workload_row *row = &workload_rows[field];
	text_add(out, ".TP\n\\fB\\-\\-");
	add_roff(out, workload_flag(field, flag));
	text_add(out, "\\fR \\fI");
	add_field_argument(row, out);
	text_add(out, "\\fR");
	if (row->short_flag) {
		text_add(out, ", \\fB\\-\\-");
		add_roff(out, row->short_flag);
		text_add(out, "\\fR");
	}
	text_add(out, "\n");
	add_roff(out, row->help);
	text_add(out, ".\n");
}

static void man_paragraphs(const char *text, struct text *out)
{
	while (*text) {
		size_t length = strcspn(text, "\n") + 1;
		struct text line = {0};
		text_add_bytes(&line, text, length);
		text_add(out, ".PP\n");
		add_roff(out, text_string(&line));
		text_release(&line);
		text += length;
	}
}

static void man_command(const struct command_row *row, struct text *out)
{
	struct text sentence = {0};
	text_addf(out, ".SS headroom %s ", row->name);
	add_roff(out, row->usage);
	text_add(out, "\n");
	add_sentence(row->summary, &sentence);
	add_roff(out, text_string(&sentence));
	text_release(&sentence);
	text_add(out, "\n");
	man_paragraphs(row->about, out);
	text_add(out, ".PP\n.nf\n");
	add_roff(out, row->examples);
	text_add(out, ".fi\n");
}

static const char man_tail[] =
		".SH OUTPUTS\n"
		"\\fB\\-o\\fR \\fIFILE\\fR chooses the format by extension: .json .html .pdf .png .xml "
		"(JUnit) .md .txt .prom .sarif.\n"
		"\\fB\\-o\\fR \\fIFORMAT:FILE\\fR names it: text json html pdf png junit markdown "
		"github prometheus sarif.\n"
		"A format alone, or \\fIFORMAT:\\-\\fR, writes to standard output, and nothing else is "
		"written there.\n"
		"Each file appears complete or not at all: a failed run leaves no half-written file.\n"
		".SH EXIT STATUS\n"
		".TP\n.B 0\npass (warnings included), or done\n"
		".TP\n.B 1\ninternal error: an output could not be written, or no memory is left\n"
		".TP\n.B 2\nusage error, or an input that is missing, unreadable or invalid\n"
		".TP\n.B 3\nverdict fail\n"
		".TP\n.B 4\nverdict unknown\n"
		".PP\n.B headroom gate\nexits as its command does; its own codes are 121 to 127, see "
		"there.\n"
		".SH ENVIRONMENT\n"
		".TP\n.B HEADROOM_\\fIOPTION\\fR\nsets an option of \\fBheadroom gate\\fR, as in "
		"HEADROOM_MAX_USE=60%; lists are separated by commas\n"
		".TP\n.B NO_COLOR\nif set and not empty, no colors\n"
		".TP\n.B COLUMNS\nif exported, the width of the terminal view (40 to 120 columns); "
		"otherwise the width of the terminal, or 80 without one\n"
		".TP\n.B GITHUB_STEP_SUMMARY\nwith \\fB\\-o github\\fR: the Markdown report is appended to "
		"this file\n"
		".TP\n.B LC_ALL, LC_CTYPE, LANG\nif the first of them that is set does not name UTF\\-8, "
		"the terminal view is ASCII\n"
		".SH SEE ALSO\n.BR sysctl (8),\n.BR prlimit (1),\n.BR ss (8),\n"
		".BR headroom\\-collect (1)\n";

void help_man(struct text *out)
{
	text_addf(out,
			".TH HEADROOM 1 \"\" \"headroom %s\" \"User Commands\"\n.SH NAME\n",
			version_number());
	text_add(out,
			"headroom \\- tells whether this host survives a load test, what breaks first, "
			"and what fixes it\n.SH SYNOPSIS\n");
	for (size_t i = 0; i < COMMANDS; i++) {
		text_addf(out, "%s.B headroom %s\n", i ? ".br\n" : "", command_rows[i].name);
		add_roff(out, command_rows[i].usage);
		text_add(out, "\n");
	}
	text_add(out, ".SH COMMANDS\n");
	for (size_t i = 0; i < COMMANDS; i++)
		man_command(&command_rows[i], out);
	text_add(out,
			".SH OPTIONS\nOptions may also precede the command. Each switch has an "
			"opposite, and the later of the two counts: "
			"\\fB\\-\\-no\\-force\\fR, \\fB\\-\\-history\\fR.\n");
	for (size_t i = 0; i < OPTION_GROUPS; i++)
		man_options((enum option_group)i, out);
	text_add(out,
			".SH PLAN\nThese flags describe the load. They override a preset or a plan "
			"file.\n");
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++)
		man_field((enum workload_field)i, out);
	text_add(out, man_tail);
}
