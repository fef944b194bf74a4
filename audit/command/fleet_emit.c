/* Three files: an inventory with a group for each class that fails, a playbook, and one that undoes
 * it. Names of hosts came from anywhere: one that is no plain name is left out and said. */
#include "audit/command/fleet_emit.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/cli/screen.h"
#include "audit/fix/emit_files.h"
#include "audit/fix/values.h"
#include "audit/output/target.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/emit/emit.h"

struct fleet_playbooks {
	const struct run *run;
	const cJSON *document;
	struct text inventory, fix, undo;
	size_t classes, left_out, without;
};

bool fleet_emit_check(const struct options *options, struct error *err)
{
	if (options->emits.count == 0)
		return true;
	if (options->emits.count > 1 || strcmp(options->emits.items[0], "ansible") != 0)
		return error_set(err,
				"--emit: fleet writes ansible; fix writes the other kinds for one host");
	if (options->directory)
		return true;
	return error_set(err, "--emit ansible writes several files: --dir DIR");
}

static bool is_plain_host(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t length = strspn(name, plain);
	return length > 0 && name[length] == '\0' && name[0] != '-';
}

static void add_group(struct fleet_playbooks *books, const char *class, const char *group)
{
	const cJSON *host;
	text_addf(&books->inventory, "[%s]\n", group);
	cJSON_ArrayForEach(host, view_array(books->document, "hosts")) {
		const char *name = view_raw(host, "name");
		if (strcmp(view_raw(host, "class"), class) != 0)
			continue;
		if (is_plain_host(name))
			text_addf(&books->inventory, "%s\n", name);
		else
			books->left_out++;
	}
	text_add(&books->inventory, "\n");
}

static bool add_class(struct fleet_playbooks *books, const cJSON *class, struct error *err)
{
	struct arena *arena = books->run->arena;
	const cJSON *audit = view_object(class, "audit");
	const char *name = view_raw(class, "name");
	const char *group = arena_printf(arena, "headroom_%s", name);
	const char *date;
	struct fix_values values;
	if (!audit) {
		books->without++;
		return true;
	}
	if (!emit_files_date(arena, books->document, &date, err) ||
			!fix_values_from(arena, audit, NULL, date, &values, err))
		return false;
	add_group(books, name, group);
	emit_header(arena, &values, "# ", group, NULL, "undo.yml", &books->fix);
	emit_ansible_play(arena, &values, group, &books->fix);
	emit_ansible_undo(arena, &values, group, &books->undo);
	books->classes++;
	return true;
}

static bool write_book(const struct fleet_playbooks *books,
		const char *name,
		const struct text *text,
		struct error *err)
{
	struct arena *arena = books->run->arena;
	const char *path = arena_printf(arena, "%s/%s", books->run->options->directory, name);
	struct target target;
	if (!target_open(arena, path, &target, err))
		return false;
	bool ok = target_write(&target, text_string(text), text->length, err);
	ok = ok && target_commit(arena, &target, err);
	if (!ok)
		target_discard(&target);
	else if (!books->run->options->quiet)
		screen_say("wrote %s", path);
	return ok;
}

static bool write_books(const struct fleet_playbooks *books, struct error *err)
{
	const char *directory = books->run->options->directory;
	if (mkdir(directory, 0777) != 0 && errno != EEXIST)
		return error_set(err, "--dir %.300s: %s", directory, strerror(errno));
	return write_book(books, "headroom.ini", &books->inventory, err) &&
			write_book(books, "fix.yml", &books->fix, err) &&
			write_book(books, "undo.yml", &books->undo, err);
}

static void say_rest(const struct fleet_playbooks *books)
{
	if (books->left_out > 0)
		screen_say("%zu hosts are in no group: their names are no names for an inventory",
				books->left_out);
	if (books->without > 0)
		screen_say("%zu failing classes have no fix here: more than 64 fail", books->without);
}

bool fleet_emit(const struct run *run, const cJSON *document, struct error *err)
{
	struct fleet_playbooks books = {.run = run, .document = document};
	const cJSON *class;
	bool good = true;
	if (run->options->emits.count == 0)
		return true;
	text_add(&books.inventory,
			"# headroom fleet: the classes that fail. ansible-playbook -i headroom.ini "
			"fix.yml\n\n");
	text_add(&books.fix, "---\n");
	text_add(&books.undo, "---\n");
	cJSON_ArrayForEach(class, view_array(document, "classes"))
		if (good && document_verdict(class) == VERDICT_FAIL)
			good = add_class(&books, class, err);
	if (books.classes == 0) {
		text_add(&books.fix, "[] # nothing to set: no class fails\n");
		text_add(&books.undo, "[] # nothing to undo\n");
	}
	good = good && write_books(&books, err);
	if (good)
		say_rest(&books);
	text_release(&books.inventory);
	text_release(&books.fix);
	text_release(&books.undo);
	return good;
}
