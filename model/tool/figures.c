/* The words for figures and forms of results. */
#include "model/tool/figures.h"

/* In the order of enum tool_figure. */
const char *const tool_figure_words[] = {
		"requests",
		"answers",
		"errors",
		"failures",
		"lost",
		"connections",
		"dropped",
		"rate",
		"answer-rate",
		"asked-rate",
		"seconds",
		NULL,
};

/* In the order of enum tool_form. */
const char *const tool_form_words[] = {
		"none",
		"jmeter",
		"vegeta",
		"locust",
		"k6",
		"hey",
		"oha",
		NULL,
};
