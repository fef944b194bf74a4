/* Reads the operators of a page (ISO 32000-1, 7.8.2 and Annex A) only as far as to know where
 * marked content begins and ends, and whether something is drawn between. */
#include "report/pdf/finish_content.h"

#include <string.h>

#include "base/array.h"

enum {
	DEPTH_MAX = 64
};

struct content {
	const char *bytes;
	size_t size;
	struct text *out;
	size_t at;      /* of the next token */
	size_t operand; /* where the operands of the next operator begin */
	size_t copied;  /* so far is in out */
	size_t depth;   /* of marked content */
	bool in_text;
	bool draws, writes; /* since the last marked content */
	bool broken;        /* a string has no end */
};

static bool content_is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static bool content_is_delimiter(char c)
{
	return c != '\0' && strchr("()<>[]{}/%", c);
}

static bool content_is_regular(char c)
{
	if (content_is_space(c))
		return false;
	return !content_is_delimiter(c);
}

static bool content_more(const struct content *content)
{
	return content->at < content->size;
}

static char content_byte(const struct content *content)
{
	return content->bytes[content->at];
}

static void skip_comment(struct content *content)
{
	while (content_more(content) && content_byte(content) != '\n')
		content->at++;
}

/* Parentheses are balanced; a backslash keeps the next byte from counting. */
static void skip_string(struct content *content)
{
	size_t open = 0;
	while (content_more(content)) {
		char c = content_byte(content);
		content->at++;
		if (c == '\\')
			content->at++;
		if (c == '(')
			open++;
		if (c == ')')
			open--;
		if (open == 0)
			return;
	}
	content->broken = true;
}

static void skip_hex(struct content *content)
{
	while (content_more(content) && content_byte(content) != '>')
		content->at++;
	if (!content_more(content))
		content->broken = true;
}

static void skip_regular(struct content *content)
{
	while (content_more(content) && content_is_regular(content_byte(content)))
		content->at++;
}

/* Of a name, a string, an array, a dictionary: its beginning, or all of it. */
static void skip_delimited(struct content *content)
{
	char c = content_byte(content);
	if (c == '(') {
		skip_string(content);
		return;
	}
	if (c == '%') {
		skip_comment(content);
		return;
	}
	content->at++;
	if (c == '/')
		skip_regular(content);
	if (c == '<' && content_more(content) && content_byte(content) != '<')
		skip_hex(content);
}

/* An operator, or "" at the end. Its operands are passed over. */
static struct text_part {
	const char *at;
	size_t length;
} next_operator(struct content *content)
{
	bool first = true;
	while (content_more(content)) {
		char c = content_byte(content);
		size_t start = content->at;
		if (content_is_space(c)) {
			content->at++;
			continue;
		}
		if (first)
			content->operand = start;
		first = false;
		if (content_is_delimiter(c)) {
			skip_delimited(content);
			continue;
		}
		skip_regular(content);
		if (!strchr("+-.0123456789", c))
			return (struct text_part){content->bytes + start, content->at - start};
	}
	content->at = content->size;
	if (first)
		content->operand = content->size;
	return (struct text_part){"", 0};
}

static bool part_is(struct text_part part, const char *word)
{
	return strlen(word) == part.length && memcmp(part.at, word, part.length) == 0;
}

static bool part_is_of(struct text_part part, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (part_is(part, words[i]))
			return true;
	return false;
}

static void content_note(struct content *content, struct text_part part)
{
	static const char *const draw[] = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do"};
	static const char *const write[] = {"Tj", "TJ", "'", "\""};
	content->draws |= part_is_of(part, draw, COUNT_OF(draw));
	content->writes |= part_is_of(part, write, COUNT_OF(write));
	if (part_is(part, "BT"))
		content->in_text = true;
	if (part_is(part, "ET"))
		content->in_text = false;
}

/* Copies what stands before `end`. Words outside the structure are of the page's head and foot, or
 * a head of a table that was on an earlier page. */
static void content_close(struct content *content, size_t end)
{
	bool marks = content->draws || content->writes;
	const char *start = content->bytes + content->copied;
	if (content->writes)
		text_add(content->out, "/Artifact << /Type /Pagination >> BDC\n");
	else if (content->draws)
		text_add(content->out, "/Artifact BMC\n");
	text_add_bytes(content->out, start, end - content->copied);
	if (marks)
		text_add(content->out, "\nEMC\n");
	content->copied = end;
	content->draws = content->writes = false;
}

static bool content_begin(struct content *content)
{
	if (content->depth == 0 && content->in_text)
		return false;
	if (content->depth == 0)
		content_close(content, content->operand);
	content->depth++;
	return content->depth < DEPTH_MAX;
}

static bool content_end(struct content *content)
{
	if (content->depth == 0)
		return false;
	content->depth--;
	if (content->depth > 0)
		return true;
	text_add_bytes(content->out, content->bytes + content->copied, content->at - content->copied);
	text_add(content->out, "\n");
	content->copied = content->at;
	content->draws = content->writes = false;
	return !content->in_text;
}

static bool content_take(struct content *content, struct text_part part)
{
	static const char *const begins[] = {"BMC", "BDC"};
	if (part_is(part, "BI")) /* its bytes may look like operators */
		return false;
	if (part_is_of(part, begins, COUNT_OF(begins)))
		return content_begin(content);
	if (part_is(part, "EMC"))
		return content_end(content);
	content_note(content, part);
	return true;
}

bool finish_content(const char *bytes, size_t size, struct text *out, struct error *err)
{
	struct content content = {
			.bytes = bytes,
			.size = size,
			.out = out,
	};
	bool good = true;
	struct text_part part = next_operator(&content);
	while (good && part.length > 0) {
		good = content_take(&content, part);
		part = next_operator(&content);
	}
	if (content.depth > 0 || content.in_text || content.broken)
		good = false;
	if (!good)
		return error_fail(err, "the PDF's content is not marked as cairo does it");
	content_close(&content, size);
	return true;
}
