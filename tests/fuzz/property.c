/* The properties, found by other means than the code that is to keep them. */
#include "tests/fuzz/property.h"

#include <libxml/parser.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void demand(bool truth, const char *what, const char *text)
{
	if (truth)
		return;
	(void)fprintf(stderr, "property broken: %s\n%.4000s\n", what, text ? text : "");
	abort();
}

/* Unicode's control, bidirectional and line-separating characters. */
static bool is_harmful(uint32_t point, bool colored)
{
	if (point < 0x20)
		return point != '\n' && point != '\t' && !(colored && point == 0x1b);
	if (point >= 0x7f && point < 0xa0)
		return true;
	if (point == 0x61c || point == 0xfeff)
		return true;
	return (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
			(point >= 0x2060 && point <= 0x206f);
}

static void demand_characters(const char *what, const struct text *text, bool colored)
{
	for (size_t at = 0; at < text->length;) {
		uint32_t point;
		size_t length = utf8_decode(text->data + at, text->length - at, &point);
		demand(length > 0, what, "bytes that are not UTF-8");
		if (is_harmful(point, colored))
			demand(false, what, text->data + (at > 100 ? at - 100 : 0));
		at += length;
	}
}

/* GitHub acts on a line that begins with "::" once blanks are trimmed, the others on any place. */
void demand_no_command(const char *what, const char *text)
{
	static regex_t github, others;
	static bool ready;
	if (!ready) {
		ready = regcomp(&github, "^[[:space:]]*::[a-z-]+([[:space:]]|::)", REG_EXTENDED) == 0 &&
				regcomp(&others, "##[A-Za-z]*\\[", REG_EXTENDED) == 0;
		demand(ready, "the pattern is right", "");
	}
	demand(regexec(&others, text, 0, NULL, 0) != 0, what, text);
	while (*text) {
		char line[400];
		size_t length = strcspn(text, "\n");
		(void)snprintf(line, sizeof line, "%.*s", (int)length, text);
		if (regexec(&github, line, 0, NULL, 0) == 0)
			demand(strstr(line, " title=headroom") != NULL, what, line);
		text += length + (text[length] == '\n');
	}
}

void demand_harmless(const char *what, const struct text *text, bool colored)
{
	demand_characters(what, text, colored);
	demand_no_command(what, text_string(text));
}

static void say_nothing(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

void demand_xml(const char *what, const struct text *text)
{
	xmlSetGenericErrorFunc(NULL, say_nothing);
	int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE;
	xmlDoc *doc = xmlReadMemory(text_string(text), (int)text->length, "out.xml", NULL, options);
	demand(doc != NULL, what, text_string(text));
	xmlFreeDoc(doc);
}
