/* The options, one row each. The reader, --help, the manual page and the completion all use these
 * rows. */
#ifndef HEADROOM_AUDIT_CLI_OPTION_TABLE_H
#define HEADROOM_AUDIT_CLI_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/cli/command.h"
#include "base/unit.h"

enum option_kind {
	OPTION_SWITCH, /* bool */
	OPTION_TEXT,   /* const char * */
	OPTION_CHOICE, /* const char *, one of `choices` */
	OPTION_LIST,   /* struct name_list, may be repeated */
	OPTION_COMMAS, /* struct name_list, may be repeated; each value may be a list with commas */
	OPTION_NUMBER  /* double, in `unit`, greater than 0 unless may_be_none is set */
};

/* The headings under which help lists them, in the same order for every command. */
enum option_group {
	GROUP_PLAN,
	GROUP_HOST,
	GROUP_LIMITS,
	GROUP_RUN,
	GROUP_CHANGES,
	GROUP_TICKET,
	GROUP_KEYS,
	GROUP_OUTPUT,
	GROUP_GENERAL,
	OPTION_GROUPS
};

/* Which settings headroom.json in the current directory may change. That file may come from a
 * checkout and is not trusted: it may describe the plan and make a verdict stricter, but never
 * better. */
enum option_checkout {
	CHECKOUT_NEVER,
	CHECKOUT_MAY,       /* any value */
	CHECKOUT_LOWERS,    /* a number that is not above the default */
	CHECKOUT_RAISES,    /* a number that is not below the default */
	CHECKOUT_NOT_OFF,   /* any choice but "off" */
	CHECKOUT_BELOW_HERE /* files below the current directory */
};

struct option_row {
	const char *name; /* long name, without "--" */
	enum option_group group;
	char letter;          /* short name, or 0 */
	const char *argument; /* as --help shows it; NULL: takes none */
	enum option_kind kind;
	enum unit unit;   /* of OPTION_NUMBER */
	bool is_long;     /* of OPTION_NUMBER in seconds: years are allowed */
	bool may_be_none; /* of OPTION_NUMBER: 0 is allowed */
	size_t chars_max; /* of OPTION_TEXT that documents show as one line; 0: any text */
	size_t offset;    /* of its member in struct options */
	const char *const *choices;
	unsigned commands;  /* bit 1 << command_id of each command that takes it */
	unsigned pointless; /* of these, the commands for which it has no use: help leaves it out */
	enum option_checkout checkout;
	bool hidden;      /* for building only, not in --help */
	bool minor;       /* --help names it in its last line; the manual page describes it */
	bool one_way;     /* a switch without a --no- form, because that name means something else */
	const char *help; /* one line */
};

extern const struct option_row option_rows[];
extern const size_t option_rows_count;
extern const char *const option_groups[OPTION_GROUPS]; /* titles of the groups */

/* Returns true if this command accepts the option. */
bool option_applies(const struct option_row *row, enum command_id command);

#endif
