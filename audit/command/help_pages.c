/* Help texts from the tables. They teach by example; no option is described anywhere else. */
#include "audit/command/help_pages.h"

#include <string.h>

#include "audit/cli/option_table.h"
#include "audit/cli/options.h"
#include "audit/cli/version.h"
#include "base/array.h"
#include "report/write/columns.h"

enum {
	OPTION_COLUMNS = 28,
	FIELD_COLUMNS = 33
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

static void add_padded(struct text *out, const char *left, const char *right)
{
	text_addf(out, "  %-*s%s\n", OPTION_COLUMNS - 2, left, right);
}

static void add_option(const struct option_row *row, struct text *out)
{
	struct text left = {0};
	if (row->letter)
		text_addf(&left, "-%c, ", row->letter);
	text_addf(&left,
			"--%s%s%s",
			row->name,
			row->argument ? " " : "",
			row->argument ? row->argument : "");
	add_padded(out, left.data, row->help);
	text_release(&left);
}

void help_short(struct text *out)
{
	text_add(out,
			"headroom: will this host survive the load test you are about to start?\n\n"
			"  headroom audit                                   what this host holds\n"
			"  headroom audit ws-client --connections 15000     a verdict, and the fix\n"
			"  headroom audit ./plan.json -o report.html        a report\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		text_addf(out, "  %-9s %s\n", command_rows[i].name, command_rows[i].summary);
	text_add(out, "\nheadroom COMMAND --help shows its options.\n");
}

static bool is_shown(const struct option_row *row, enum command_id command)
{
	return option_applies(row, command) && !row->hidden;
}

/* "Also: --no-config, --color WHEN, …": what the manual page describes. */
static void add_minor(enum command_id command, struct text *out)
{
	struct text names = {0};
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (!row->minor || !is_shown(row, command))
			continue;
		text_addf(&names, "--%s", row->name);
		if (row->argument)
			text_addf(&names, " %s", row->argument);
		text_add(&names, ", ");
	}
	text_add(&names, "--no-SWITCH (man headroom)");
	columns_wrap(out, "  Also: ", "        ", text_string(&names), 80);
	text_release(&names);
}

void help_command(enum command_id command, struct text *out)
{
	const struct command_row *row = &command_rows[command];
	text_addf(out,
			"Usage: headroom %s%s%s\n%s\n",
			row->name,
			*row->usage ? " " : "",
			row->usage,
			row->about);
	for (size_t i = 0; i < option_rows_count; i++) {
		if (is_shown(&option_rows[i], command) && !option_rows[i].minor)
			add_option(&option_rows[i], out);
	}
	add_minor(command, out);
	text_addf(out, "\n%s", row->examples);
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
	struct text left = {0}, right = {0};
	char flag[64];
	bool choices = row->kind == FIELD_CHOICE;
	text_addf(&left, "  --%s ", workload_flag(field, flag));
	if (!choices)
		add_field_argument(row, &left);
	if (row->short_flag)
		text_addf(&left, " (--%s)", row->short_flag);
	text_addf(&right, "%s%s", row->help, choices ? ": " : "");
	if (choices)
		add_field_argument(row, &right);
	while (left.length < FIELD_COLUMNS)
		text_add(&left, " ");
	columns_wrap(out, left.data, "                                 ", right.data, 80);
	text_release(&left);
	text_release(&right);
}

void help_workload(struct text *out)
{
	const size_t groups = COUNT_OF(field_groups);
	text_add(out,
			"A workload is what the load test asks of this host: a ready one, a file, or\n"
			"these flags, which override either. Several that run at once: A + B, each with\n"
			"its flags behind it; headroom audit ws-client --connections 9000 + ./api.json\n"
			"Numbers: 15k 1.5M, 4KiB 1GiB, 60s 5m 100ms, 250/s, 75%.\n");
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
	text_add(out, ".\nTaken by:");
	bool first = true;
	for (size_t i = 0; i < COMMANDS; i++) {
		if (!option_applies(row, (enum command_id)i))
			continue;
		text_addf(out, "%s %s", first ? "" : ",", command_rows[i].name);
		first = false;
	}
	text_add(out, ".\n");
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

static void man_command(const struct command_row *row, struct text *out)
{
	text_addf(out, ".SS headroom %s ", row->name);
	add_roff(out, row->usage);
	text_add(out, "\n");
	add_roff(out, row->summary);
	text_add(out, ".\n");
	add_roff(out, row->about);
	text_add(out, ".PP\n.nf\n");
	add_roff(out, row->examples);
	text_add(out, ".fi\n");
}

static const char man_tail[] =
		".SH OUTPUTS\n"
		"\\fB\\-o\\fR \\fIFILE\\fR picks the writer by extension: .json .html .pdf .png .xml "
		"(JUnit) .md .txt .prom .sarif.\n"
		"\\fB\\-o\\fR \\fIFORMAT:FILE\\fR forces one of text json html pdf png junit markdown "
		"github prometheus sarif.\n"
		"A bare format, or \\fIFORMAT:\\-\\fR, is standard output, which then carries nothing "
		"else.\n"
		"Files are written beside their target and renamed: a failed run leaves no half file.\n"
		".SH EXIT STATUS\n"
		".TP\n.B 0\npass (warnings allowed), or done\n"
		".TP\n.B 1\nheadroom itself failed: an output could not be written, no memory\n"
		".TP\n.B 2\nusage; a named input is missing, unreadable or bad\n"
		".TP\n.B 3\nverdict fail\n"
		".TP\n.B 4\nverdict unknown\n"
		".SH ENVIRONMENT\n"
		".TP\n.B NO_COLOR\nif set and not empty, no colors\n"
		".TP\n.B COLUMNS\nif exported, how wide the terminal view is (40 to 120 columns); "
		"otherwise the "
		"terminal says so, and without one it is 80\n"
		".TP\n.B GITHUB_STEP_SUMMARY\nwith \\fB\\-o github\\fR: the Markdown report is appended to "
		"this file\n"
		".TP\n.B LC_ALL, LC_CTYPE, LANG\nwithout UTF\\-8 in the first of them that is set, the "
		"terminal view is ASCII\n"
		".SH SEE ALSO\n.BR sysctl (8),\n.BR prlimit (1),\n.BR ss (8)\n";

void help_man(struct text *out)
{
	text_addf(out,
			".TH HEADROOM 1 \"\" \"headroom %s\" \"User Commands\"\n.SH NAME\n",
			version_number());
	text_add(out,
			"headroom \\- will this host survive the load test, what breaks first, and the "
			"fix\n.SH SYNOPSIS\n");
	for (size_t i = 0; i < COMMANDS; i++) {
		text_addf(out, "%s.B headroom %s\n", i ? ".br\n" : "", command_rows[i].name);
		add_roff(out, command_rows[i].usage);
		text_add(out, "\n");
	}
	text_add(out, ".SH COMMANDS\n");
	for (size_t i = 0; i < COMMANDS; i++)
		man_command(&command_rows[i], out);
	text_add(out,
			".SH OPTIONS\nThey may stand in front of the command, too. Each switch has an "
			"opposite, and the later of the two counts: "
			"\\fB\\-\\-no\\-force\\fR, \\fB\\-\\-history\\fR.\n");
	for (size_t i = 0; i < option_rows_count; i++) {
		if (!option_rows[i].hidden)
			man_option(&option_rows[i], out);
	}
	text_add(out,
			".SH WORKLOAD\nFlags of audit, size and explain; they override a ready workload or a "
			"file.\n");
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++)
		man_field((enum workload_field)i, out);
	text_add(out, man_tail);
}
