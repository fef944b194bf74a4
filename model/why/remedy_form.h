/* A remedy, whom it is for, and the parts that all of them are made of. */
#ifndef HEADROOM_MODEL_WHY_REMEDY_FORM_H
#define HEADROOM_MODEL_WHY_REMEDY_FORM_H

#include "model/change.h"
#include "model/layer/form.h"

enum remedy_reach {
	REMEDY_NOW,    /* the commands are all there is to do */
	REMEDY_RELOAD, /* … then the program has to be reloaded */
	REMEDY_RESTART /* the running program cannot be changed: it has to be restarted */
};

struct remedy {
	const struct fix_rule *fix;
	const char *title;
	enum remedy_reach reach;
	bool sure; /* it is known that the program uses it */
	/* The commands to paste, and the commands that undo them. */
	struct shell_script commands, undo;
	const char *note; /* sentences: why it helps, what else has to be done; or NULL */
	/* What reaches this holder at its next start. */
	struct form_file files[FORM_FILES_MAX];
	size_t file_count;
	const char *risk; /* of the rule; NULL: none */
};

struct remedy_question {
	struct arena *arena;
	const struct rules *rules;
	const struct state *state; /* the usual plan on this host, as the holder sees it */
	const struct model_options *options;
	const struct limit_rule *limit;
	const struct present *now;
	const struct limit_holder *holder;
};

enum {
	REMEDIES_MAX = 8
};

/* Those found so far. */
struct remedy_answer {
	const struct remedy_question *q;
	struct remedy *remedies; /* room for REMEDIES_MAX */
	size_t count;
};

const struct facts *remedy_facts(const struct remedy_question *q);
/* The instance of the facts, such as "10.0.0.1>10.0.0.2:80", or "". */
const char *remedy_instance(const struct remedy_question *q);
struct trial_fix remedy_trial(const struct remedy_question *q, const struct fix_rule *fix);
/* How much there should be of it. */
double remedy_wanted(const struct remedy_question *q);
/* A value of the fix near the wanted one (change_reach). Returns false if the fix does not apply or
 * does not help. */
bool remedy_value(const struct remedy_question *q,
		const struct fix_rule *fix,
		double wanted,
		double *ret_value);
/* For a limit that each address family has ("IPv4", "IPv6"): is the fix for this family? True for
 * all other limits. */
bool remedy_is_of_family(const char *by, const struct fix_rule *fix);
/* Does the fix raise what is full? A limit may be the lowest of several. */
bool remedy_raises(const struct remedy_question *q, const struct fix_rule *fix);
/* The rule's fix with this value: its texts, and the form of the layer that sets the limit
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

/* Without a form. */
struct remedy remedy_new(const struct remedy_fix *fix);
/* Takes the commands of the form, the commands that undo them, and what makes the value permanent;
 * or its sentence, if the form has no commands. Commands with placeholders cannot be pasted: then
 * there are no commands. */
void remedy_take_form(const struct remedy_fix *fix,
		const struct fix_form *form,
		struct remedy *remedy);
/* More commands, after those that are there. */
void remedy_add_script(const struct remedy_question *q,
		struct remedy *remedy,
		const struct shell_script *script);
/* One more sentence; NULL: none. */
void remedy_note(struct arena *arena, struct remedy *remedy, const char *sentence);
void remedy_add(struct remedy_answer *answer, const struct remedy *remedy);

#endif
