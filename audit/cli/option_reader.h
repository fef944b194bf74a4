/* Fills struct options from the command line, or option by option from a settings file. */
#ifndef HEADROOM_AUDIT_CLI_OPTION_READER_H
#define HEADROOM_AUDIT_CLI_OPTION_READER_H

#include "audit/cli/options.h"
#include "base/error.h"

/* Sets all options to their defaults. */
void options_init(struct options *ret_options);
/* Returns the row of a long option name of this command, or NULL. It needs the command because two
 * commands may each have an option of the same name. */
const struct option_row *options_find(enum command_id command, const char *name);
/* Turns a switch on or off. */
void options_switch(struct options *options, const struct option_row *row, bool on);
/* Sets one option of this command from a text. `name`: its long name. false with err, which begins
 * with `shown`. */
bool options_set(struct arena *arena,
		enum command_id command,
		const char *name,
		const char *text,
		const char *shown,
		struct options *options,
		struct error *err);
/* Returns true if the option was given whose member has this offset in struct options. */
bool options_given(const struct options *options, size_t offset);
/* Options given in `over` replace those in `under`. Lists and arguments are replaced as a whole;
 * flags of the workload are replaced one by one. */
void options_merge(struct options *under, const struct options *over);

/* Reads the arguments after the command's name. false with err, which names the option and says
 * what to do. */
bool options_parse(struct arena *arena,
		enum command_id command,
		int argc,
		char *const *argv,
		struct options *ret_options,
		struct error *err);

#endif
