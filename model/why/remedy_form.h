/* A remedy, whom it is for, and the parts that all of them are made of. */
#ifndef HEADROOM_MODEL_WHY_REMEDY_FORM_H
#define HEADROOM_MODEL_WHY_REMEDY_FORM_H

#include "model/change.h"
#include "model/layer/holder.h"
#include "model/text/fix_text.h"

enum remedy_reach {
	REMEDY_NOW,    /* the commands are all there is to do */
	REMEDY_RELOAD, /* … then the program is to be reloaded */
	REMEDY_RESTART /* nothing reaches the program that runs: it is to be started anew */
};

enum {
	LASTING_MAX = 2
};

/* Where it is to be written, so that it stays: a kind of the rules ("sysctl.d", "systemd",
 * "limits.d", "docker", "modules-load.d"), and what. */
struct lasting {
	const char *kind, *text;
};

struct remedy {
	const struct fix_rule *fix;
	const char *title;
	enum remedy_reach reach;
	bool sure;                 /* it is known that the program uses it */
	struct name_list commands; /* to be pasted as they are, one per line */
	const char *note;          /* sentences: why it helps, what else is to be done; or NULL */
	struct lasting lasting[LASTING_MAX]; /* the ways that reach this holder at its next start */
	size_t lasting_count;
	const char *undo; /* a command; NULL: there is none */
	const char *risk; /* of the rule; NULL: it says nothing */
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
/* Of the facts, "10.0.0.1>10.0.0.2:80"; "": there is none. */
const char *remedy_instance(const struct remedy_question *q);
struct trial_fix remedy_trial(const struct remedy_question *q, const struct fix_rule *fix);
/* How much there should be of it. */
double remedy_wanted(const struct remedy_question *q);
/* A value of the fix near the wanted one (change_reach); false: it does not apply, or helps
 * nothing. */
bool remedy_value(const struct remedy_question *q,
		const struct fix_rule *fix,
		double wanted,
		double *ret_value);
/* Does the fix raise what is full? A limit may be the lowest of several. */
bool remedy_raises(const struct remedy_question *q, const struct fix_rule *fix);
/* Is it a service of systemd, which has limits and can be started anew? A session is none. */
bool remedy_has_unit(const struct remedy_question *q);

/* "docker", "podman", "kubernetes": what made the container that it runs in; NULL: none did. */
const char *remedy_engine(const struct remedy_question *q);

/* The rule's texts with this value. */
struct fix_texts remedy_texts(const struct remedy_question *q,
		const struct fix_rule *fix,
		double value);
const char *remedy_plain(const struct remedy_question *q, double value);

struct remedy remedy_new(const struct fix_rule *fix, const struct fix_texts *texts);
void remedy_command(const struct remedy_question *q, struct remedy *remedy, const char *command);
/* One more sentence; NULL: none. */
void remedy_note(struct arena *arena, struct remedy *remedy, const char *sentence);
void remedy_lasts(struct remedy *remedy, const char *kind, const char *text);
void remedy_add(struct remedy_answer *answer, const struct remedy *remedy);

#endif
