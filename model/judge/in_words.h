/* The formulas of a judged limit, said in words. */
#ifndef HEADROOM_MODEL_JUDGE_IN_WORDS_H
#define HEADROOM_MODEL_JUDGE_IN_WORDS_H

#include "model/judge/judge.h"

/* Returns "10 of the program itself + 15,000 connections = 15,010 files": the formula with the
 * numbers that count here and its result. NULL: a value is not known, or there is only the number.
 * In the arena of the situation. */
const char *judge_in_words(const struct judge *judge, const struct expr *formula, double result);

/* Adds what this kernel was measured to allow to the texts of the capacity. */
void judge_add_measured(const struct judge *judge, struct judgement *judgement);

#endif
