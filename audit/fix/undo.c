/* Takes --apply back, and looks whether everything is still as --apply left it. */
#include <assert.h>
#include <string.h>

#include "audit/fix/apply.h"
#include "audit/fix/sysctl.h"

/* Below another root no live value is read: this kernel is not the one that the journal is about.
 */
static void look_at_setting(const struct apply *apply,
		const struct entry *entry,
		struct content *ret_now,
		enum entry_state *ret_state)
{
	struct error why;
	*ret_state = STATE_LIVE;
	if (!apply->live)
		return;
	const char *now = sysctl_live_read(apply->arena, entry->name, &why);
	*ret_state = STATE_GONE;
	if (!now)
		return;
	*ret_now = (struct content){.exists = true, .bytes = now, .length = strlen(now)};
	*ret_state = entry_state_of(entry, ret_now);
}

static bool undo_look(const struct apply *apply,
		const struct entry *entry,
		struct content *ret_now,
		enum entry_state *ret_state,
		struct error *err)
{
	*ret_now = (struct content){.bytes = ""};
	if (entry->kind == ENTRY_SYSCTL) {
		look_at_setting(apply, entry, ret_now, ret_state);
		return true;
	}
	if (!file_below_root_read(apply->root, apply->arena, entry->name, ret_now, err))
		return false;
	*ret_state = entry_state_of(entry, ret_now);
	return true;
}

/* How an entry differs from what headroom wrote. */
static const char *undo_shown(struct arena *arena,
		const struct entry *entry,
		const struct content *now)
{
	if (entry->kind == ENTRY_FILE && now->exists)
		return "has different contents";
	if (entry->kind == ENTRY_FILE)
		return "was deleted";
	const char *value = text_clean(arena, now->bytes, now->length, 80);
	return arena_printf(arena,
			"is \"%s\", but headroom had set \"%s\"",
			value,
			entry_newest(entry));
}

/* Names what has a value that was neither there before headroom nor written by it. */
static bool find_foreign(const struct apply *apply,
		struct text *said,
		bool *ret_foreign,
		struct error *err)
{
	*ret_foreign = false;
	for (size_t i = 0; i < apply->journal.count; i++) {
		const struct entry *entry = &apply->journal.items[i];
		struct content now;
		enum entry_state state;
		if (entry->kind == ENTRY_DIRECTORY)
			continue;
		if (!undo_look(apply, entry, &now, &state, err))
			return false;
		if (state != STATE_FOREIGN)
			continue;
		*ret_foreign = true;
		text_addf(said,
				"%s has been changed by someone else since: it %s\n",
				entry->name,
				undo_shown(apply->arena, entry, &now));
	}
	return true;
}

static bool put_setting_back(const struct apply *apply,
		const struct entry *entry,
		const struct content *now,
		struct text *said,
		struct error *err)
{
	const char *before = entry->before.bytes;
	if (!sysctl_live_write(apply->arena, entry->name, before, err))
		return false;
	if (!*before)
		before = "(empty)";
	text_addf(said, "%s: %s -> %s\n", entry->name, now->bytes, before);
	return true;
}

static bool put_file_back(const struct apply *apply,
		const struct entry *entry,
		struct text *said,
		struct error *err)
{
	if (!file_below_root_restore(apply->root, apply->arena, entry->name, &entry->before, err))
		return false;
	text_addf(said, "%s: ", entry->name);
	if (entry->before.exists)
		text_add(said, "as it was\n");
	else
		text_add(said, "deleted\n");
	return true;
}

/* What is put back has been looked at once before, by find_foreign: somebody may have changed it
 * since then. */
static bool put_entry_back(const struct apply *apply,
		const struct entry *entry,
		bool force,
		struct text *said,
		struct error *err)
{
	struct content now;
	enum entry_state state;
	if (!undo_look(apply, entry, &now, &state, err))
		return false;
	if (entry->kind == ENTRY_FILE)
		file_below_root_clear(apply->root, apply->arena, entry->name);
	switch (state) {
	case STATE_BEFORE:
		return true;
	case STATE_GONE:
		text_addf(said, "%s no longer exists, so there is nothing to restore\n", entry->name);
		return true;
	case STATE_LIVE:
		text_addf(said, "%s is a live value, which --root does not change\n", entry->name);
		return true;
	case STATE_FOREIGN:
		if (!force)
			return error_fail(err,
					"%s was changed by someone else just now; run the command again",
					entry->name);
		break;
	case STATE_AFTER:
		break;
	}
	if (entry->kind == ENTRY_SYSCTL)
		return put_setting_back(apply, entry, &now, said, err);
	return put_file_back(apply, entry, said, err);
}

static bool put_back(const struct apply *apply,
		const struct entry *entry,
		bool force,
		struct text *said,
		struct error *err)
{
	if (entry->kind != ENTRY_DIRECTORY)
		return put_entry_back(apply, entry, force, said, err);
	directory_below_root_remove(apply->root, apply->arena, entry->name);
	return true;
}

bool apply_undo(struct apply *apply,
		bool force,
		struct text *said,
		bool *ret_foreign,
		struct error *err)
{
	assert(apply->lock >= 0);
	if (!find_foreign(apply, said, ret_foreign, err))
		return false;
	if (*ret_foreign && !force)
		return true;
	*ret_foreign = false;
	for (size_t i = apply->journal.count; i-- > 0;) {
		if (!put_back(apply, &apply->journal.items[i], force, said, err))
			return false;
	}
	apply->journal.exists = false;
	return journal_remove(apply->root, apply->arena, err);
}

bool apply_verify(const struct apply *apply, struct text *said, bool *ret_same, struct error *err)
{
	*ret_same = true;
	for (size_t i = 0; i < apply->journal.count; i++) {
		const struct entry *entry = &apply->journal.items[i];
		const char *newest = entry_newest(entry), *difference = "is not there";
		struct content now;
		enum entry_state state;
		if (entry->kind == ENTRY_DIRECTORY)
			continue;
		if (!undo_look(apply, entry, &now, &state, err))
			return false;
		if (state == STATE_LIVE || (now.exists && content_has(&now, newest, strlen(newest))))
			continue;
		*ret_same = false;
		if (state != STATE_GONE)
			difference = undo_shown(apply->arena, entry, &now);
		text_addf(said, "%s %s\n", entry->name, difference);
	}
	return true;
}
