/* Takes --apply back, and looks whether everything is still as --apply left it. */
#include <assert.h>
#include <string.h>

#include "audit/fix/apply.h"
#include "audit/fix/sysctl.h"

enum entry_state {
	STATE_BEFORE,  /* as it was before the first --apply */
	STATE_AFTER,   /* as headroom wrote it */
	STATE_FOREIGN, /* neither: someone else changed it since */
	STATE_GONE     /* this kernel does not have the setting any more */
};

static bool has_bytes(const struct content *content, const char *bytes, size_t length)
{
	return content->length == length && !memcmp(content->bytes, bytes, length);
}

static bool is_ours(const struct entry *entry, const struct content *now)
{
	if (!now->exists)
		return false;
	for (size_t i = 0; i < entry->after_count; i++) {
		if (has_bytes(now, entry->after[i], strlen(entry->after[i])))
			return true;
	}
	return false;
}

static bool is_before(const struct entry *entry, const struct content *now)
{
	const struct content *before = &entry->before;
	if (now->exists != before->exists)
		return false;
	if (!now->exists)
		return true;
	if (!has_bytes(now, before->bytes, before->length))
		return false;
	if (entry->kind == ENTRY_SYSCTL)
		return true;
	return now->mode == before->mode && now->uid == before->uid && now->gid == before->gid;
}

static enum entry_state state_of(const struct entry *entry, const struct content *now)
{
	if (is_before(entry, now))
		return STATE_BEFORE;
	if (is_ours(entry, now))
		return STATE_AFTER;
	return STATE_FOREIGN;
}

static bool undo_look(const struct apply *apply,
		const struct entry *entry,
		struct content *ret_now,
		enum entry_state *ret_state,
		struct error *err)
{
	struct error why;
	*ret_now = (struct content){.bytes = ""};
	*ret_state = STATE_GONE;
	if (entry->kind == ENTRY_SYSCTL) {
		const char *now = sysctl_live_read(apply->arena, entry->name, &why);
		if (!now)
			return true;
		*ret_now = (struct content){.exists = true, .bytes = now, .length = strlen(now)};
	} else if (!file_below_root_read(apply->root, apply->arena, entry->name, ret_now, err)) {
		return false;
	}
	*ret_state = state_of(entry, ret_now);
	return true;
}

/* How an entry differs from what headroom wrote. */
static const char *undo_shown(struct arena *arena,
		const struct entry *entry,
		const struct content *now)
{
	if (entry->kind == ENTRY_FILE && now->exists)
		return "has other contents";
	if (entry->kind == ENTRY_FILE)
		return "was deleted";
	const char *value = text_clean(arena, now->bytes, now->length, 80);
	return arena_printf(arena, "is \"%s\", headroom had set \"%s\"", value, entry_newest(entry));
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
				"%s was changed by somebody else since: it %s\n",
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

static bool put_back(const struct apply *apply,
		const struct entry *entry,
		struct text *said,
		struct error *err)
{
	struct content now;
	enum entry_state state;
	if (entry->kind == ENTRY_DIRECTORY) {
		directory_below_root_remove(apply->root, apply->arena, entry->name);
		return true;
	}
	if (!undo_look(apply, entry, &now, &state, err))
		return false;
	if (state == STATE_GONE) {
		text_addf(said, "%s is not there any more: nothing to put back\n", entry->name);
		return true;
	}
	if (entry->kind == ENTRY_FILE)
		file_below_root_clear(apply->root, apply->arena, entry->name);
	if (state == STATE_BEFORE)
		return true;
	if (entry->kind == ENTRY_SYSCTL)
		return put_setting_back(apply, entry, &now, said, err);
	return put_file_back(apply, entry, said, err);
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
		if (!put_back(apply, &apply->journal.items[i], said, err))
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
		if (now.exists && has_bytes(&now, newest, strlen(newest)))
			continue;
		*ret_same = false;
		if (state != STATE_GONE)
			difference = undo_shown(apply->arena, entry, &now);
		text_addf(said, "%s %s\n", entry->name, difference);
	}
	return true;
}
