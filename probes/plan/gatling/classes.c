/* Several simulations in one file: only the one that runs is read. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/gatling/gatling.h"

enum {
	HEAD_MAX = 500 /* characters from a class's name to its brace */
};

static const char word[] = "class ";

/* A class that is a simulation: its name, and where its body stands in braces. */
struct body {
	const char *name;
	size_t length;
	char *open, *close;
};

static bool in_class_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static char *closing_brace(char *open)
{
	size_t depth = 0;
	for (char *at = open; *at; at++) {
		depth += *at == '{';
		depth -= *at == '}';
		if (!depth)
			return at;
	}
	return NULL;
}

static bool derives(const char *from, const char *end)
{
	static const char base[] = "Simulation";
	for (; from + sizeof base - 1 <= end; from++)
		if (text_begins_with(from, base))
			return true;
	return false;
}

/* The next one from a place on; false: there is none. */
static bool next_simulation(char *from, struct body *ret)
{
	for (char *at = strstr(from, word); at; at = strstr(at + 1, word)) {
		char *name = at + sizeof word - 1;
		char *open = memchr(name, '{', strnlen(name, HEAD_MAX));
		if (!open)
			continue;
		ret->name = name;
		ret->length = 0;
		while (in_class_name(name[ret->length]))
			ret->length++;
		if (!ret->length || !derives(name + ret->length, open))
			continue;
		ret->open = open;
		ret->close = closing_brace(open);
		return ret->close != NULL;
	}
	return false;
}

static bool is_class(const struct body *body, const char *class)
{
	const char *dot = strrchr(class, '.');
	if (dot)
		class = dot + 1;
	return strlen(class) == body->length && !strncmp(body->name, class, body->length);
}

void gatling_only_class(struct gatling_text *text, const char *class)
{
	struct body body;
	bool there = false;
	for (char *at = text->code; next_simulation(at, &body); at = body.open)
		there |= is_class(&body, class);
	if (!there)
		return;
	for (char *at = text->code; next_simulation(at, &body); at = body.close) {
		if (is_class(&body, class))
			continue;
		for (char *blank = body.open; blank <= body.close; blank++)
			if (*blank != '\n')
				*blank = ' ';
	}
}
