/* headroom fix: lists the fixes of a plan, writes them as files (--emit), or makes and undoes them
 * on this host (--apply, --undo). */
#include "audit/cli/foreign.h"
#include "audit/command/apply.h"
#include "audit/fix/emit_files.h"
#include "audit/fix/list.h"
#include "audit/output/view.h"
#include "base/list.h"
#include "base/os/json.h"

static bool fix_list(const struct run *run,
		const struct fix_run *fix,
		int *ret_exit,
		struct error *err)
{
	const struct name_list *names = &run->options->outputs;
	struct outputs outputs;
	if (!outputs_parse(run->arena, names, FORMATS_TEXT_JSON, &outputs, err))
		return false;
	const cJSON *audit = fix->audit;
	__attribute__((cleanup(json_close_tree))) cJSON *document = fix_document(audit, &fix->values);
	bool written = output_view_files(run, &outputs, document, fix_text);
	write_fn *view = fix_text;
	if (run->options->quiet)
		view = write_fix_line;
	if (!outputs.to_stdout && !output_view_show(run, document, view, err))
		return false;
	enum verdict verdict = document_verdict_after_fixes(audit);
	*ret_exit = EXIT_BROKEN;
	if (written)
		*ret_exit = verdict_exit(verdict);
	return true;
}

static bool fix_check_mode(const struct options *options, struct error *err)
{
	bool apply = options->fix.apply;
	bool undo = options->fix.undo;
	bool verify = options->fix.verify;
	bool emit = options->emits.count > 0;
	bool writes = options->outputs.count > 0;
	const struct name_list *words = &options->arguments;
	if (apply + undo + verify + emit > 1)
		return error_set(err,
				"--emit, --apply, --undo and --verify cannot be combined; give one of them");
	if (words->count > 1)
		return error_set(err,
				"\"%.60s\" and \"%.60s\" are two loads; write + between them",
				words->items[0],
				words->items[1]);
	if (options->dry_run && (undo || verify || emit))
		return error_set(err,
				"--dry-run works with --apply, or without --undo, --verify and --emit");
	if (options->directory && !emit)
		return error_set(err, "--dir needs --emit, as in --emit sysctl,limits --dir out");
	if (options->fix.root && (options->facts_path || options->pid > 0 || options->container))
		return error_set(err,
				"--root reads the files of the image; leave out --facts, --pid and --container");
	if (writes && (apply || undo || verify))
		return error_set(err,
				"-o cannot be combined with --apply, --undo or --verify; for the values: headroom "
				"fix ... --dry-run -o json");
	if (emit)
		return emit_files_check(options, err);
	return true;
}

static bool fix_names_a_plan(const struct options *options)
{
	if (options->arguments.count)
		return true;
	if (options->child.count)
		return true;
	return options->load_count > 0 || options->workload_flags > 0;
}

static bool fix_plan(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	__attribute__((cleanup(fix_close))) struct fix_run fix = {0};
	if (!fix_judge(run, &fix, err))
		return false;
	if (!options->quiet)
		foreign_say_left(run->arena, run->foreign);
	if (options->emits.count)
		return emit_files_write(run, &fix.values, err);
	if (options->fix.apply)
		return fix_apply(run, &fix, ret_exit, err);
	if (options->fix.verify)
		return fix_verify(run, &fix, ret_exit, err);
	return fix_list(run, &fix, ret_exit, err);
}

bool command_fix(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	if (!fix_check_mode(options, err))
		return false;
	if (options->fix.undo)
		return fix_undo(run, ret_exit, err);
	if (options->fix.verify && !fix_names_a_plan(options))
		return fix_verify_journal(run, ret_exit, err);
	return fix_plan(run, ret_exit, err);
}
