#include "audit/command/completions.h"

#include <string.h>

#include "audit/cli/option_table.h"
#include "audit/cli/options.h"
#include "audit/command/words.h"

/* An option of a command, be it a row of the option table or a flag of the plan. */
struct entry {
	const char *name;
	char letter;          /* or 0 */
	const char *argument; /* NULL: takes none */
	const char *const *choices;
	const char *help;
};

typedef void entry_fn(const struct entry *entry, struct text *out);

static const char *argument_of(const struct workload_row *row)
{
	return row->kind == FIELD_CHOICE ? "WORD" : "N";
}

static void each_flag(entry_fn *add, struct text *out)
{
	char flag[64];
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		const struct workload_row *row = &workload_rows[i];
		struct entry entry = {
				.name = workload_flag((enum workload_field)i, flag),
				.argument = argument_of(row),
				.choices = row->choices,
				.help = row->help,
		};
		add(&entry, out);
		entry.name = row->short_flag;
		if (entry.name)
			add(&entry, out);
	}
}

static struct entry entry_of(const struct option_row *row)
{
	return (struct entry){
			.name = row->name,
			.letter = row->letter,
			.argument = row->argument,
			.choices = row->choices,
			.help = row->help,
	};
}

static void each_option(enum command_id command, entry_fn *add, struct text *out)
{
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		struct entry entry = entry_of(row);
		if (option_applies(row, command) && !row->hidden)
			add(&entry, out);
	}
	if (command_rows[command].takes_workload)
		each_flag(add, out);
}

static void add_joined(struct text *out, const char *const *words)
{
	const char *between = "";
	for (; *words; words++) {
		text_addf(out, "%s%s", between, *words);
		between = " ";
	}
}

static void add_commands(struct text *out, const char *between)
{
	text_add(out, command_rows[0].name);
	for (size_t i = 1; i < COMMANDS; i++)
		text_addf(out, "%s%s", between, command_rows[i].name);
}

/* Fixed words have blanks between them, or are a name of the program: "list show diff". */
static bool is_kind(const char *words)
{
	return !strchr(words, ' ');
}

/* --- bash ------------------------------------------------------------------------------------- */

static const char bash_head[] =
		"# bash completion for headroom; made by `headroom help --bash`\n"
		"_headroom()\n"
		"{\n"
		"\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
		"\tlocal words= kind= command= i\n"
		"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		"\t\tcase ${COMP_WORDS[i]} in\n"
		"\t\t--) kind=files ;;\n"
		"\t\t";

static const char bash_before[] = ") command=${command:-${COMP_WORDS[i]}} ;;\n"
								  "\t\tesac\n"
								  "\tdone\n"
								  "\tcase $before in\n";

static const char bash_command[] = "\tesac\n"
								   "\tif [ -z \"$words$kind\" ] && [ -z \"$command\" ]; then\n"
								   "\t\twords=\"";

static const char bash_options[] = "\"\n"
								   "\telif [ -z \"$words$kind\" ] && [[ $word == -* ]]; then\n"
								   "\t\tcase $command in\n";

static const char bash_arguments[] = "\t\tesac\n"
									 "\telif [ -z \"$words$kind\" ]; then\n"
									 "\t\tcase $command in\n";

static const char bash_tail[] = "\t\tesac\n"
								"\tfi\n"
								"\tcase $kind in\n"
								"\t'' | files | directories) ;;\n"
								"\t*) words=$(headroom help --words=\"$kind\" 2>/dev/null) ;;\n"
								"\tesac\n"
								"\tmapfile -t COMPREPLY < <(\n"
								"\t\tcompgen -W \"$words\" -- \"$word\"\n"
								"\t\tcase $kind in\n"
								"\t\tfiles | presets | formats) compgen -f -- \"$word\" ;;\n"
								"\t\tdirectories) compgen -d -- \"$word\" ;;\n"
								"\t\tesac\n"
								"\t)\n"
								"}\n"
								"complete -o filenames -F _headroom headroom\n";

static void bash_words(struct text *out, const char *words)
{
	if (is_kind(words))
		text_addf(out, "kind=%s ;;\n", words);
	else
		text_addf(out, "words=\"%s\" ;;\n", words);
}

/* What follows the option, where that is known. */
static void bash_argument(const struct entry *entry, struct text *out)
{
	const char *words = words_of_option(entry->name);
	if (!entry->choices && !words)
		return;
	text_add(out, "\t");
	if (entry->letter)
		text_addf(out, "-%c | ", entry->letter);
	text_addf(out, "--%s) ", entry->name);
	if (!entry->choices) {
		bash_words(out, words);
		return;
	}
	text_add(out, "words=\"");
	add_joined(out, entry->choices);
	text_add(out, "\" ;;\n");
}

static void bash_option(const struct entry *entry, struct text *out)
{
	text_addf(out, " --%s", entry->name);
}

void completion_bash(struct text *out)
{
	text_add(out, bash_head);
	add_commands(out, " | ");
	text_add(out, bash_before);
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct entry entry = entry_of(&option_rows[i]);
		bash_argument(&entry, out);
	}
	each_flag(bash_argument, out);
	text_add(out, bash_command);
	add_commands(out, " ");
	text_add(out, bash_options);
	for (size_t i = 0; i < COMMANDS; i++) {
		text_addf(out, "\t\t%s) words=\"", command_rows[i].name);
		each_option((enum command_id)i, bash_option, out);
		text_add(out, "\" ;;\n");
	}
	text_add(out, bash_arguments);
	for (size_t i = 0; i < COMMANDS; i++) {
		text_addf(out, "\t\t%s) ", command_rows[i].name);
		bash_words(out, words_of_command((enum command_id)i));
	}
	text_add(out, bash_tail);
}

/* --- zsh -------------------------------------------------------------------------------------- */

static const char zsh_head[] = "#compdef headroom\n"
							   "# zsh completion for headroom; made by `headroom help --zsh`\n"
							   "_headroom_words()\n"
							   "{\n"
							   "\tlocal -a found\n"
							   "\tif [[ $1 = presets ]]; then\n"
							   "\t\tfound=(${(f)\"$(headroom help --words=preset-titles "
							   "2>/dev/null)\"})\n"
							   "\t\tfound=(${found//:/\\\\:})\n"
							   "\t\tfound=(\"${(@)found/$'\\t'/:}\")\n"
							   "\t\t_describe preset found\n"
							   "\t\t_files\n"
							   "\t\treturn\n"
							   "\tfi\n"
							   "\tfound=(${(f)\"$(headroom help --words=$1 2>/dev/null)\"})\n"
							   "\tcompadd -a found\n"
							   "\tcase $1 in formats) _files ;; esac\n"
							   "}\n"
							   "_headroom()\n"
							   "{\n"
							   "\tlocal curcontext=$curcontext state line\n"
							   "\tlocal -a commands\n"
							   "\tcommands=(\n";

static const char zsh_commands[] = "\t)\n"
								   "\t_arguments -C '1: :->command' '*:: :->words'\n"
								   "\tcase $state in\n"
								   "\tcommand) _describe command commands ;;\n"
								   "\twords)\n"
								   "\t\tcase $words[1] in\n";

static const char zsh_tail[] = "\t\tesac\n"
							   "\t\t;;\n"
							   "\tesac\n"
							   "}\n"
							   "_headroom \"$@\"\n";

/* Between single quotes; brackets and colons mean something to _arguments. */
static void zsh_quoted(struct text *out, const char *words)
{
	for (; *words; words++) {
		if (strchr("[]:", *words))
			text_add(out, "\\");
		if (*words == '\'')
			text_add(out, "'\\'");
		text_add_bytes(out, words, 1);
	}
}

static void zsh_action(struct text *out, const char *words)
{
	if (strcmp(words, "files") == 0)
		text_add(out, "_files");
	else if (strcmp(words, "directories") == 0)
		text_add(out, "_files -/");
	else if (is_kind(words))
		text_addf(out, "{_headroom_words %s}", words);
	else
		text_addf(out, "(%s)", words);
}

static void zsh_argument(const struct entry *entry, struct text *out)
{
	const char *words = words_of_option(entry->name);
	text_add(out, ":");
	zsh_quoted(out, entry->argument);
	text_add(out, ":");
	if (words)
		zsh_action(out, words);
	if (!entry->choices)
		return;
	text_add(out, "(");
	add_joined(out, entry->choices);
	text_add(out, ")");
}

static void zsh_one(const struct entry *entry,
		const char *dashes,
		const char *name,
		struct text *out)
{
	text_addf(out, " \\\n\t\t\t'*%s%s[", dashes, name);
	zsh_quoted(out, entry->help);
	text_add(out, "]");
	if (entry->argument)
		zsh_argument(entry, out);
	text_add(out, "'");
}

static void zsh_option(const struct entry *entry, struct text *out)
{
	const char letter[] = {entry->letter, '\0'};
	if (entry->letter)
		zsh_one(entry, "-", letter, out);
	zsh_one(entry, "--", entry->name, out);
}

void completion_zsh(struct text *out)
{
	text_add(out, zsh_head);
	for (size_t i = 0; i < COMMANDS; i++) {
		text_addf(out, "\t\t'%s:", command_rows[i].name);
		zsh_quoted(out, command_rows[i].summary);
		text_add(out, "'\n");
	}
	text_add(out, zsh_commands);
	for (size_t i = 0; i < COMMANDS; i++) {
		text_addf(out, "\t\t%s)\n\t\t\t_arguments", command_rows[i].name);
		each_option((enum command_id)i, zsh_option, out);
		text_add(out, " \\\n\t\t\t'*: :");
		zsh_action(out, words_of_command((enum command_id)i));
		text_add(out, "'\n\t\t\t;;\n");
	}
	text_add(out, zsh_tail);
}

/* --- fish ------------------------------------------------------------------------------------- */

static void fish_quoted(struct text *out, const char *words)
{
	text_add(out, "'");
	for (; *words; words++) {
		if (strchr("'\\", *words))
			text_add(out, "\\");
		text_add_bytes(out, words, 1);
	}
	text_add(out, "'");
}

/* Files are offered beside the words of these kinds. */
static bool fish_offers_files(const char *words)
{
	return strcmp(words, "presets") == 0 || strcmp(words, "formats") == 0;
}

static void fish_words(struct text *out, const char *words)
{
	if (strcmp(words, "files") == 0) {
		text_add(out, " -F");
		return;
	}
	text_add(out, fish_offers_files(words) ? " -F -a '" : " -f -a '");
	if (strcmp(words, "directories") == 0)
		text_add(out, "(__fish_complete_directories)");
	else if (strcmp(words, "presets") == 0)
		text_add(out, "(headroom help --words=preset-titles 2>/dev/null)");
	else if (is_kind(words))
		text_addf(out, "(headroom help --words=%s 2>/dev/null)", words);
	else
		text_add(out, words);
	text_add(out, "'");
}

static void fish_argument(const struct entry *entry, struct text *out)
{
	const char *words = words_of_option(entry->name);
	text_add(out, " -r");
	if (words)
		fish_words(out, words);
	if (!entry->choices)
		return;
	text_add(out, " -f -a '");
	add_joined(out, entry->choices);
	text_add(out, "'");
}

static void fish_option(const struct entry *entry, struct text *out)
{
	text_addf(out, " -l %s", entry->name);
	if (entry->letter)
		text_addf(out, " -s %c", entry->letter);
	if (entry->argument)
		fish_argument(entry, out);
	text_add(out, " -d ");
	fish_quoted(out, entry->help);
	text_add(out, "\n");
}

static void fish_seen(struct text *out)
{
	text_add(out, "complete -c headroom -n '__fish_seen_subcommand_from");
}

static void fish_row(const struct option_row *row, struct text *out)
{
	const struct entry entry = entry_of(row);
	fish_seen(out);
	for (size_t i = 0; i < COMMANDS; i++) {
		if (option_applies(row, (enum command_id)i))
			text_addf(out, " %s", command_rows[i].name);
	}
	text_add(out, "'");
	fish_option(&entry, out);
}

static void fish_flag(const struct entry *entry, struct text *out)
{
	fish_seen(out);
	for (size_t i = 0; i < COMMANDS; i++) {
		if (command_rows[i].takes_workload)
			text_addf(out, " %s", command_rows[i].name);
	}
	text_add(out, "'");
	fish_option(entry, out);
}

void completion_fish(struct text *out)
{
	text_add(out, "# fish completion for headroom; made by `headroom help --fish`\n");
	for (size_t i = 0; i < COMMANDS; i++) {
		text_addf(out,
				"complete -c headroom -n __fish_use_subcommand -f -a %s -d ",
				command_rows[i].name);
		fish_quoted(out, command_rows[i].summary);
		text_add(out, "\n");
		text_addf(out,
				"complete -c headroom -n '__fish_seen_subcommand_from %s'",
				command_rows[i].name);
		fish_words(out, words_of_command((enum command_id)i));
		text_add(out, "\n");
	}
	for (size_t i = 0; i < option_rows_count; i++) {
		if (!option_rows[i].hidden)
			fish_row(&option_rows[i], out);
	}
	each_flag(fish_flag, out);
}
