/* A row for each kind. */
#include "audit/command/answers.h"

#include <string.h>

#include "audit/size/size.h"
#include "base/array.h"
#include "report/document/view.h"
#include "report/write/write.h"

const struct output_kind answer_kind_size = {
		.formats = FORMATS_PAGE | 1 << FORMAT_PNG,
		.text = size_text,
		.line = write_size_line,
};

const struct output_kind answer_kind_history = {
		.formats = FORMATS_PAGE,
		.text = write_history,
		.line = write_history,
};

const struct output_kind answer_kind_trend = {
		.formats = FORMATS_PAGE | 1 << FORMAT_PNG,
		.text = write_trend,
		.line = write_trend,
};

const struct output_kind answer_kind_drift = {
		.formats = FORMATS_PAGE,
		.text = write_drift,
		.line = write_drift,
};

const struct output_kind answer_kind_why = {
		.formats = FORMATS_PAGE,
		.text = write_why,
		.line = write_why_line,
};

const struct output_kind answer_kind_lint = {
		.formats = FORMATS_PAGE | 1 << FORMAT_JUNIT | 1 << FORMAT_GITHUB | 1 << FORMAT_SARIF,
		.text = write_lint,
		.line = write_lint_line,
		.more =
				{
						[FORMAT_JUNIT] = write_lint_junit,
						[FORMAT_GITHUB] = write_lint_github,
						[FORMAT_SARIF] = write_lint_sarif,
				},
};

static const struct {
	const char *schema;
	const struct output_kind *kind;
} answer_rows[] = {
		{"headroom.size/1", &answer_kind_size},
		{"headroom.history/1", &answer_kind_history},
		{"headroom.drift/1", &answer_kind_drift},
		{"headroom.why/1", &answer_kind_why},
		{"headroom.lint/1", &answer_kind_lint},
};

const struct output_kind *answer_kind_of(const cJSON *document)
{
	const char *schema = view_raw(document, "schema");
	if (view_true(document, "trend"))
		return &answer_kind_trend;
	for (size_t i = 0; i < COUNT_OF(answer_rows); i++) {
		if (strcmp(answer_rows[i].schema, schema) == 0)
			return answer_rows[i].kind;
	}
	return NULL;
}
