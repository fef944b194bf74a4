/* A JavaScript or TypeScript file as tokens: names, numbers, strings, templates, regular
 * expressions and punctuation, with brackets paired. Nothing is run and no grammar is checked: any
 * bytes give tokens. A template is a pair of "`" with strings around each "${" and "}". */
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
	JS_END,    /* the last token, which is empty */
	JS_NAME,   /* including keywords */
	JS_NUMBER, /* as written */
	JS_STRING, /* text between the quotes, or part of a template; escapes stay as written */
	JS_REGEX,
	JS_PUNCT
};

struct js_token {
	enum js_kind kind;
	uint32_t start, length; /* bytes of the text */
	uint32_t line;          /* from 1 */
	uint32_t pair;          /* for a bracket: its partner; index of JS_END if it has none */
	uint32_t parent;        /* the enclosing bracket; at the top its own index */
};

struct js_tokens {
	const char *text;
	struct js_token *items;
	size_t count; /* including JS_END */
	bool cut;     /* the file has more than JS_TOKENS_MAX */
};

void js_tokens_read(struct arena *arena, const char *text, size_t length, struct js_tokens *ret);

/* Returns true if token i is written like this; never for a string. Any i is allowed. */
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
/* Returns true if token i is one of these punctuation characters. */
static inline bool js_is_mark(const struct js_tokens *tokens, size_t i, const char *marks)
{
	if (i >= tokens->count)
		return false;
	const struct js_token *token = &tokens->items[i];
	if (token->kind != JS_PUNCT || token->length != 1)
		return false;
	return strchr(marks, tokens->text[token->start]) != NULL;
}
/* Returns the partner of the bracket at i, or the end of the file if it has none. */
static inline size_t js_pair(const struct js_tokens *tokens, size_t i)
{
	return tokens->items[i].pair;
}
/* Returns true if the tokens from i on are these words, which blanks separate. */
bool js_are(const struct js_tokens *tokens, size_t i, const char *words);
/* Returns true if token i is one of these words. */
bool js_is_any(const struct js_tokens *tokens, size_t i, const char *words);
bool js_is_kind(const struct js_tokens *tokens, size_t i, enum js_kind kind);
/* Returns true if token i is a name, but not of a member: "a" in "a.b", not "b". */
bool js_is_free_name(const struct js_tokens *tokens, size_t i);
/* Returns the bracket around token i, or SIZE_MAX at the top of the file. */
size_t js_parent(const struct js_tokens *tokens, size_t i);
/* Returns the token's text in the arena; escapes of a string are resolved. */
const char *js_text(struct arena *arena, const struct js_tokens *tokens, size_t i);

#endif
