/* The layer of a limit: that of the setting which is its capacity. */
#include <math.h>

#include "model/layer/layer.h"
#include "model/result.h"

/* A rule that names no fact. */
static enum subject subject_of_scope(enum scope scope)
{
	switch (scope) {
	case SCOPE_SHARED:
		return SUBJECT_CLOUD;
	case SCOPE_PROCESS:
	case SCOPE_BEAM:
		return SUBJECT_PROGRAM;
	case SCOPE_LISTENER:
		return SUBJECT_QUEUE;
	case SCOPE_DESTINATION:
	case SCOPE_NAMESPACE:
		return SUBJECT_NETWORK;
	case SCOPE_HOST:
		break;
	}
	return SUBJECT_KERNEL;
}

/* The first fact that has the value of the capacity; else the first that is known. */
static const char *deciding(const struct facts *facts, const struct judgement *j)
{
	const struct rule_text_list *held = &j->rule->held;
	const char *first = NULL;
	for (size_t i = 0; i < held->count; i++) {
		const char *key = held->items[i];
		const double value = facts_number(facts, key);
		if (fabs(value - j->capacity) < 0.5)
			return key;
		if (!first && !isnan(value))
			first = key;
	}
	if (!first && held->count > 0)
		return held->items[0];
	return first;
}

struct layer layer_of_limit(struct arena *arena,
		const struct limit_holder *holder,
		const struct facts *facts,
		const struct judgement *judgement)
{
	const char *key = deciding(facts, judgement);
	enum subject subject = subject_of_scope(judgement->rule->scope);
	if (key)
		subject = subject_of(key, holder->darwin);
	return layer_of(arena, holder, facts, subject);
}
