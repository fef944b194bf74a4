/* A remedy, what it is for, and the functions that all remedies are made with. */
#ifndef HEADROOM_MODEL_WHY_REMEDY_FORM_H
#define HEADROOM_MODEL_WHY_REMEDY_FORM_H

#include "model/change.h"
#include "model/layer/form.h"

enum remedy_reach {
	REMEDY_NOW,    /* running the commands is enough */
	REMEDY_RELOAD, /* … and then the program must be reloaded */
	REMEDY_RESTART /* the running program cannot be changed and must be restarted */
};

struct remedy {
	const struct fix_rule *fix;
	const char *title;
	enum remedy_reach reach;
	bool sure; /* it is known that the program uses the new value */
	/* Commands to paste, and commands that undo them. */
	struct shell_script commands, undo;
	const char *note; /* sentences: why it helps, what else to do; NULL: none */
	/* Files that take effect at the next start. */
	struct form_file files[FORM_FILES_MAX];
	size_t file_count;
	const char *risk; /* from the rule; NULL: none */
};

struct remedy_question {
	struct arena *arena;
	const struct rules *rules;
	const struct state *state; /* the usual plan on this host, with the limits of the holder */
	const struct model_options *options;
	const struct limit_rule *limit;
	const struct present *now;
	const struct limit_holder *holder;
};

enum {
	REMEDIES_MAX = 8
};

/* The remedies found so far. */
struct remedy_answer {
	const struct remedy_question *q;
	struct remedy *remedies; /* room for REMEDIES_MAX */
	size_t count;
};

const struct facts *remedy_facts(const struct remedy_question *q);
/* Returns the instance as the facts call it, such as "10.0.0.1>10.0.0.2:80", or "". */
const char *remedy_instance(const struct remedy_question *q);
struct trial_fix remedy_trial(const struct remedy_question *q, const struct fix_rule *fix);
/* Returns the capacity that the limit should have. */
double remedy_wanted(const struct remedy_question *q);
/* Gives a value of the fix close to the wanted one (change_reach). Returns false if the fix does
 * not apply or does not help. */
bool remedy_value(const struct remedy_question *q,
		const struct fix_rule *fix,
		double wanted,
		double *ret_value);
/* Returns true if the fix is for this address family ("IPv4" or "IPv6"), or if the limit has no
 * families. */
bool remedy_is_of_family(const char *by, const struct fix_rule *fix);
/* Returns true if the fix raises the value that is full; a limit may be the lowest of several. */
bool remedy_raises(const struct remedy_question *q, const struct fix_rule *fix);
/* A fix of the rule with this value: its texts, and the form of the layer that sets the limit
 * (model/layer/). */
struct remedy_fix {
	const struct remedy_question *q;
	const struct fix_rule *rule;
	struct fix_change change;
	struct fix_texts texts;
	struct form_question form;
};

void remedy_fix_of(const struct remedy_question *q,
		const struct fix_rule *rule,
		double value,
		struct remedy_fix *ret_fix);
const char *remedy_plain(const struct remedy_question *q, double value);

/* Returns the remedy without commands, files and note. */
struct remedy remedy_new(const struct remedy_fix *fix);
/* Takes over the form's commands, its undo commands and the files that make the value permanent. If
 * the form has no commands, takes over its sentence instead. Commands with placeholders are left
 * out, because they cannot be pasted. */
void remedy_take_form(const struct remedy_fix *fix,
		const struct fix_form *form,
		struct remedy *remedy);
/* Appends commands. */
void remedy_add_script(const struct remedy_question *q,
		struct remedy *remedy,
		const struct shell_script *script);
/* Appends a sentence to the note; NULL appends nothing. */
void remedy_note(struct arena *arena, struct remedy *remedy, const char *sentence);
void remedy_add(struct remedy_answer *answer, const struct remedy *remedy);

#endif
