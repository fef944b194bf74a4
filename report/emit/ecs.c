/* A task definition of Amazon ECS. JSON has no comments and ECS refuses members that it does not
 * know: the header is labels of the container. */
#include <math.h>

#include "model/system.h"
#include "report/emit/emit.h"
#include "report/emit/pod_parts.h"

static const char undo_text[] = "deregister the task definition; nothing else is changed";
static const char tried_text[] =
		"checked against the API's model of RegisterTaskDefinition; not run on AWS";

/* fs.nr_open of the platform, which nobody can pass. */
static const double nofile_max = 1048576;
/* What the documentation of Fargate names. */
static const double fargate_documented = 65535;

static void ecs_label(struct arena *arena, struct text *out, const char *name, const char *text)
{
	if (!*text)
		return;
	text_add(out, ",\n        ");
	emit_quoted(arena, out, arena_printf(arena, "headroom.%s", name));
	text_add(out, ": ");
	emit_quoted(arena, out, text);
}

static double ecs_nofile(const struct fix_values *values)
{
	return fmin(values->nofile_soft, nofile_max);
}

static const char *ecs_nofile_text(struct arena *arena, const struct fix_values *values)
{
	if (!fix_values_have_nofile(values))
		return "";
	if (values->nofile_soft > nofile_max)
		return arena_printf(arena,
				"the plan needs %.0f open files, more than a container gets here: use more tasks",
				values->nofile_soft);
	if (values->fargate && values->nofile_soft > fargate_documented)
		return "Fargate documents 65535 open files; more was registered by others: look at ulimit "
			   "-n in the task";
	return "";
}

/* What no task definition sets. */
static const char *ecs_host_text(struct arena *arena, const struct fix_values *values)
{
	struct text all = {0};
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		if (sysctl_is_namespaced(sysctl->key))
			continue;
		if (all.length)
			text_add(&all, ", ");
		text_addf(&all, "%s = %s", sysctl->key, sysctl->to);
	}
	if (all.length == 0)
		return text_take(arena, &all);
	const char *where = "on the container instances (--emit cloud-init)";
	if (values->fargate)
		where = "Fargate has no way to set them";
	text_addf(&all, ": %s", where);
	return text_take(arena, &all);
}

static const char *ecs_count_text(struct arena *arena, const struct fix_values *values)
{
	if (!(values->machines >= 1))
		return "not known here: headroom size PLAN --emit ecs gives the number of tasks";
	return arena_printf(arena,
			"%.0f tasks: desiredCount of a service; run-task starts at most 10 at a time",
			values->machines);
}

static void ecs_labels(struct arena *arena, const struct fix_values *values, struct text *out)
{
	text_add(out, ",\n      \"dockerLabels\": {\n        \"headroom.plan\": ");
	emit_quoted(arena, out, values->plan);
	ecs_label(arena, out, "host", values->host);
	ecs_label(arena, out, "date", values->date);
	ecs_label(arena, out, "tool", values->tool);
	ecs_label(arena, out, "count", ecs_count_text(arena, values));
	if (values->at_least)
		ecs_label(arena, out, "at-least", values->at_least);
	ecs_label(arena, out, "nofile", ecs_nofile_text(arena, values));
	ecs_label(arena, out, "not-in-here", ecs_host_text(arena, values));
	if (!values->memory_counted && values->memory_bytes > 0)
		ecs_label(arena,
				out,
				"memory",
				"the connections' alone; what the program takes is not known");
	if (!values->sysctl_count && !fix_values_have_nofile(values))
		ecs_label(arena, out, "then", "nothing to set: a task needs no value that it lacks");
	ecs_label(arena, out, "tried", tried_text);
	ecs_label(arena, out, "undo", undo_text);
	text_add(out, "\n      }");
}

static void ecs_controls(struct arena *arena, const struct fix_values *values, struct text *out)
{
	bool any = false;
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		if (!sysctl_is_namespaced(sysctl->key))
			continue;
		text_add(out, any ? ",\n" : ",\n      \"systemControls\": [\n");
		any = true;
		text_add(out, "        { \"namespace\": ");
		emit_quoted(arena, out, sysctl->key);
		text_add(out, ", \"value\": ");
		emit_quoted(arena, out, sysctl->to);
		text_add(out, " }");
	}
	if (any)
		text_add(out, "\n      ]");
}

/* Fargate has the sizes of its types alone. */
static void ecs_size(const struct fix_values *values, struct text *out)
{
	if (values->fargate && values->vcpus > 0)
		text_addf(out,
				"  \"cpu\": \"%.0f\",\n  \"memory\": \"%.0f\",\n",
				values->vcpus * 1024,
				floor(values->machine_bytes / 1048576));
}

void emit_ecs(struct arena *arena, const struct fix_values *values, struct text *out)
{
	const char *launch = "EC2";
	if (values->fargate)
		launch = "FARGATE";
	text_add(out, "{\n  \"family\": \"headroom-load\",\n");
	text_addf(out, "  \"requiresCompatibilities\": [\"%s\"],\n", launch);
	text_add(out, "  \"networkMode\": \"awsvpc\",\n");
	ecs_size(values, out);
	text_add(out,
			"  \"containerDefinitions\": [\n    {\n      \"name\": \"load\",\n      \"image\": "
			"\"IMAGE\",\n      \"essential\": true");
	/* Without memory at the task, ECS asks for it here; 6 MiB is its least. */
	text_addf(out, ",\n      \"memoryReservation\": %.0f", fmax(pod_parts_memory_mib(values), 6));
	if (fix_values_have_nofile(values))
		text_addf(out,
				",\n      \"ulimits\": [\n        { \"name\": \"nofile\", \"softLimit\": %.0f, "
				"\"hardLimit\": %.0f }\n      ]",
				ecs_nofile(values),
				ecs_nofile(values));
	ecs_controls(arena, values, out);
	ecs_labels(arena, values, out);
	text_add(out, "\n    }\n  ]\n}\n");
}
