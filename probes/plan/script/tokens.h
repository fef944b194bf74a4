/* A JavaScript or TypeScript file as tokens: names, numbers, strings, templates, regular
 * expressions and punctuation told apart, brackets paired. Nothing is run and no grammar is
 * checked: any bytes give tokens. A template is a pair of "`", with a string between each "${" and
 * "}". */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_TOKENS_H
#define HEADROOM_PROBES_PLAN_SCRIPT_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

enum {
	JS_TOKENS_MAX = 4 * 1000 * 1000
};

enum js_kind {
	JS_END,    /* the last token: empty */
	JS_NAME,   /* keywords, too */
	JS_NUMBER, /* as written */
	JS_STRING, /* the text between the quotes, or a part of a template; escapes as written */
	JS_REGEX,
	JS_PUNCT
};

struct js_token {
	enum js_kind kind;
	uint32_t start, length; /* bytes of the text */
	uint32_t line;          /* from 1 */
	uint32_t pair;          /* of a bracket: the other one; JS_END's index if there is none */
	uint32_t parent;        /* the bracket around it; its own index at the top */
};

struct js_tokens {
	const char *text;
	struct js_token *items;
	size_t count; /* with the last, JS_END */
	bool cut;     /* there were more than JS_TOKENS_MAX */
};

void js_tokens_read(struct arena *arena, const char *text, size_t length, struct js_tokens *ret);

/* Is token i written like this? Strings never are. Any i may be asked for. */
static inline bool js_is(const struct js_tokens *tokens, size_t i, const char *word)
{
	if (i >= tokens->count)
		return false;
	const struct js_token *token = &tokens->items[i];
	const char *text = tokens->text + token->start;
	if (!token->length || *text != *word)
		return false;
	if (token->kind != JS_NAME && token->kind != JS_PUNCT)
		return false;
	return strncmp(text, word, token->length) == 0 && word[token->length] == '\0';
}
/* Is it a single character of punctuation, one of these? */
static inline bool js_is_mark(const struct js_tokens *tokens, size_t i, const char *marks)
{
	if (i >= tokens->count)
		return false;
	const struct js_token *token = &tokens->items[i];
	if (token->kind != JS_PUNCT || token->length != 1)
		return false;
	return strchr(marks, tokens->text[token->start]) != NULL;
}
/* The bracket that belongs to the one at i; the end of the file if there is none. */
static inline size_t js_pair(const struct js_tokens *tokens, size_t i)
{
	return tokens->items[i].pair;
}
/* Are the tokens from i on written like these words, between which there is a blank? */
bool js_are(const struct js_tokens *tokens, size_t i, const char *words);
/* Is token i written like one of them? */
bool js_is_any(const struct js_tokens *tokens, size_t i, const char *words);
bool js_is_kind(const struct js_tokens *tokens, size_t i, enum js_kind kind);
/* A name that is no member of something: "a" in "a.b", not "b". */
bool js_is_free_name(const struct js_tokens *tokens, size_t i);
/* The bracket around token i; SIZE_MAX at the top of the file. */
size_t js_parent(const struct js_tokens *tokens, size_t i);
/* The token's text in the arena, of a string with its escapes read. */
const char *js_text(struct arena *arena, const struct js_tokens *tokens, size_t i);

#endif
