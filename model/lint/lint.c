#include "model/lint/lint.h"

const struct lint_file *lint_file_of(const struct lint_scan *scan)
{
	return &scan->found->files[scan->file];
}

void lint_add_at(struct lint_scan *scan,
		size_t file,
		size_t line,
		struct lint_range ports,
		const char *what)
{
	struct lint_found *found = scan->found;
	if (scan->what)
		what = scan->what;
	found->listeners = arena_grow(found->arena,
			found->listeners,
			found->listener_count,
			&found->listener_capacity,
			sizeof *found->listeners);
	found->listeners[found->listener_count++] = (struct lint_listener){
			.ports = ports,
			.file = file,
			.line = line,
			.what = what,
			.likely = scan->likely,
			.start = scan->start,
			.job = scan->job,
			.step = scan->step,
			.os = scan->os,
	};
}

void lint_add(struct lint_scan *scan, size_t line, struct lint_range ports, const char *what)
{
	lint_add_at(scan, scan->file, line, ports, what);
}

void lint_add_useless(struct lint_scan *scan, struct lint_useless useless)
{
	struct lint_found *found = scan->found;
	found->useless = arena_grow(found->arena,
			found->useless,
			found->useless_count,
			&found->useless_capacity,
			sizeof *found->useless);
	useless.file = scan->file;
	found->useless[found->useless_count++] = useless;
}

void lint_begin_job(struct lint_scan *scan, const char *name)
{
	struct lint_found *found = scan->found;
	found->jobs = arena_grow(found->arena,
			found->jobs,
			found->job_count,
			&found->job_capacity,
			sizeof *found->jobs);
	found->jobs[found->job_count++] = (struct lint_job){.file = scan->file, .name = name};
	scan->job = found->job_count;
	scan->step = 0;
}

void lint_end_job(struct lint_scan *scan)
{
	scan->job = 0;
	scan->step = 0;
	scan->os = NULL;
	scan->start = LINT_STARTS_ANY;
}
