/* An inventory with a group for each class that fails, what each gets as group variables, a
 * playbook that sets it, and one that undoes it. Names of hosts came from anywhere: one that is no
 * plain name is left out and said. */
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
	struct text inventory, children;
	size_t left_out, without;
};

bool fleet_emit_check(const struct options *options, struct error *err)
{
	if (options->emits.count == 0)
		return true;
	if (options->emits.count > 1 || strcmp(options->emits.items[0], "ansible") != 0)
		return error_set(err,
				"--emit: fleet writes ansible only; for one host, headroom fix --emit writes the "
				"other kinds");
	if (options->directory)
		return true;
	return error_set(err, "--emit ansible writes several files; name a directory: --dir DIR");
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

/* A directory of those files; that it is there already is fine. */
static bool make_directory(const char *path, struct error *err)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return true;
	return error_set(err, "--dir %.300s: %s", path, strerror(errno));
}

static bool write_book(const struct fleet_playbooks *books,
		const char *name,
		const char *text,
		struct error *err)
{
	struct arena *arena = books->run->arena;
	const char *path = arena_printf(arena, "%s/%s", books->run->options->directory, name);
	struct target target;
	if (!target_open(arena, path, &target, err))
		return false;
	bool ok = target_write(&target, text, strlen(text), err);
	ok = ok && target_commit(arena, &target, err);
	if (!ok)
		target_discard(&target);
	else if (!books->run->options->quiet)
		screen_say("wrote %s", path);
	return ok;
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
	text_addf(&books->children, "%s\n", group);
	struct text variables = {0};
	emit_ansible_group(arena, &values, group, &variables);
	bool good = write_book(books,
			arena_printf(arena, "group_vars/%s.yml", group),
			text_string(&variables),
			err);
	text_release(&variables);
	return good;
}

static bool write_books(struct fleet_playbooks *books, struct error *err)
{
	text_addf(&books->inventory, "[headroom:children]\n%s", text_string(&books->children));
	return write_book(books, "headroom.ini", text_string(&books->inventory), err) &&
			write_book(books, "fix.yml", emit_ansible_groups_fix, err) &&
			write_book(books, "undo.yml", emit_ansible_groups_undo, err);
}

static void say_rest(const struct fleet_playbooks *books)
{
	if (books->left_out > 0)
		screen_say("%zu hosts are in no group, because an inventory cannot contain their names",
				books->left_out);
	if (books->without > 0)
		screen_say("%zu failing classes are left out: changes are written for 64 classes at most",
				books->without);
}

bool fleet_emit(const struct run *run, const cJSON *document, struct error *err)
{
	struct fleet_playbooks books = {.run = run, .document = document};
	const char *directory = run->options->directory;
	const cJSON *class;
	if (run->options->emits.count == 0)
		return true;
	bool good = make_directory(directory, err) &&
			make_directory(arena_printf(run->arena, "%s/group_vars", directory), err);
	text_add(&books.inventory,
			"# headroom fleet: the classes that fail. ansible-playbook -i headroom.ini "
			"fix.yml\n\n");
	cJSON_ArrayForEach(class, view_array(document, "classes"))
		if (good && document_verdict(class) == VERDICT_FAIL)
			good = add_class(&books, class, err);
	good = good && write_books(&books, err);
	if (good)
		say_rest(&books);
	text_release(&books.inventory);
	text_release(&books.children);
	return good;
}
