/* Variables for Terraform: the VM type and number that headroom size chose, and the values a
 * machine of it needs, as they are and as user data. A configuration declares the
 * variables that it takes (docs/catalogue.md), or gets them declared. */
#include <math.h>

#include "base/array.h"
#include "report/emit/emit.h"

static void terraform_add_member(struct arena *arena,
		struct text *out,
		const char *name,
		const char *value)
{
	text_addf(out, ",\n  \"%s\": ", name);
	emit_quoted(arena, out, value);
}

/* Whole files, with their line ends (RFC 8259, 7); the emitters write ASCII. */
static void terraform_add_file(struct text *out, const char *name, const char *content)
{
	text_addf(out, ",\n  \"%s\": \"", name);
	for (const char *at = content; *at; at++) {
		unsigned char c = (unsigned char)*at;
		if (c == '"' || c == '\\')
			text_addf(out, "\\%c", c);
		else if (c == '\n')
			text_add(out, "\\n");
		else if (c < ' ')
			text_addf(out, "\\u%04x", c);
		else
			text_add_bytes(out, at, 1);
	}
	text_add(out, "\"");
}

static void add_sysctls(struct arena *arena, const struct fix_values *values, struct text *out)
{
	text_add(out, ",\n  \"headroom_sysctls\": {");
	for (size_t i = 0; i < values->sysctl_count; i++) {
		text_add(out, i ? ",\n    " : "\n    ");
		emit_quoted(arena, out, values->sysctls[i].key);
		text_add(out, ": ");
		emit_quoted(arena, out, values->sysctls[i].to);
	}
	text_add(out, values->sysctl_count ? "\n  }" : "}");
}

void emit_terraform(struct arena *arena, const struct fix_values *values, struct text *out)
{
	struct text data = {0}, about = {0};
	text_addf(&about,
			"headroom, %s, for: %s. Undo: order another type or image; the values live in the user "
			"data.",
			emit_plain(arena, values->date ? values->date : ""),
			emit_plain(arena, values->plan ? values->plan : ""));
	text_add(out, "{\n  \"headroom_about\": ");
	emit_quoted(arena, out, about.data);
	if (!values->machine)
		terraform_add_member(arena,
				out,
				"headroom_instance_type_note",
				"not chosen: name where it is ordered, headroom size PLAN --provider aws");
	else
		terraform_add_member(arena, out, "headroom_instance_type", values->machine);
	if (values->machines >= 1)
		text_addf(out, ",\n  \"headroom_instance_count\": %.0f", values->machines);
	if (values->at_least)
		terraform_add_file(out,
				"headroom_instance_count_note",
				arena_printf(arena, "At least so many: %s", values->at_least));
	if (values->nofile_soft >= 0 && isfinite(values->nofile_soft))
		text_addf(out, ",\n  \"headroom_nofile\": %.0f", values->nofile_soft);
	add_sysctls(arena, values, out);
	emit_cloud_init(arena, values, &data);
	terraform_add_file(out, "headroom_user_data", data.data);
	text_add(out, "\n}\n");
	text_release(&data);
	text_release(&about);
}

/* What the other file may set. All have a default: it leaves out what is not known. */
static const struct {
	const char *name, *type, *value, *about;
} variables[] = {
		{"headroom_about", "string", "\"\"", "The plan, and when it was judged"},
		{"headroom_instance_type", "string", "null", "Type to order; null: not chosen"},
		{"headroom_instance_type_note", "string", "\"\"", "Why no type is chosen"},
		{"headroom_instance_count", "number", "1", "Machines, at least"},
		{"headroom_instance_count_note", "string", "\"\"", "What the number does not count"},
		{"headroom_nofile", "number", "null", "Open files per process; null: no change"},
		{"headroom_sysctls", "map(string)", "{}", "Kernel settings of each machine"},
		{"headroom_user_data", "string", "\"\"", "cloud-init for each machine"},
};

void emit_terraform_variables(struct arena *arena,
		const struct fix_values *values,
		struct text *out)
{
	emit_header(arena,
			values,
			"# ",
			"variables for Terraform; headroom.auto.tfvars.json sets them",
			NULL,
			"delete both files",
			out);
	for (size_t i = 0; i < COUNT_OF(variables); i++) {
		text_addf(out, "\nvariable \"%s\" {\n", variables[i].name);
		text_addf(out, "  type        = %s\n", variables[i].type);
		text_addf(out, "  default     = %s\n", variables[i].value);
		text_addf(out, "  description = \"%s\"\n}\n", variables[i].about);
	}
}
