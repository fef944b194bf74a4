/* Taking back, and looking whether everything is still in place. */
#include <string.h>

#include "audit/fix/apply.h"
#include "audit/fix/sysctl.h"

enum state {
	STATE_BEFORE,
	STATE_AFTER,
	STATE_FOREIGN,
	STATE_GONE
};

static bool is_ours(const struct entry *entry, const char *bytes, size_t length)
{
	for (size_t i = 0; i < entry->after_count; i++)
		if (strlen(entry->after[i]) == length && !memcmp(entry->after[i], bytes, length))
			return true;
	return false;
}

static bool is_before(const struct entry *entry, const struct content *now)
{
	const struct content *before = &entry->before;
	if (now->exists != before->exists)
		return false;
	return !now->exists ||
			(now->length == before->length && !memcmp(now->bytes, before->bytes, now->length) &&
					(entry->kind == ENTRY_SYSCTL ||
							(now->mode == before->mode && now->uid == before->uid &&
									now->gid == before->gid)));
}

static bool undo_look(struct apply *apply,
		const struct entry *entry,
		struct content *ret_now,
		enum state *ret_state,
		struct error *err)
{
	struct error why;
	*ret_now = (struct content){.bytes = ""};
	if (entry->kind == ENTRY_SYSCTL) {
		const char *now = sysctl_live_read(apply->arena, entry->name, &why);
		*ret_state = STATE_GONE;
		if (!now)
			return true;
		*ret_now = (struct content){.exists = true, .bytes = now, .length = strlen(now)};
	} else if (!file_below_root_read(apply->root, apply->arena, entry->name, ret_now, err)) {
		return false;
	}
	*ret_state = is_before(entry, ret_now)                                       ? STATE_BEFORE
			: ret_now->exists && is_ours(entry, ret_now->bytes, ret_now->length) ? STATE_AFTER
																				 : STATE_FOREIGN;
	return true;
}

static const char *undo_shown(struct apply *apply,
		const struct entry *entry,
		const struct content *now)
{
	if (entry->kind == ENTRY_FILE)
		return now->exists ? "has other contents" : "was deleted";
	return arena_printf(apply->arena,
			"is \"%s\", headroom had set \"%s\"",
			text_clean(apply->arena, now->bytes, now->length, 80),
			entry->after_count ? entry->after[entry->after_count - 1] : "");
}

/* Names what neither headroom nor the time before it knows. */
static bool find_foreign(struct apply *apply,
		struct text *said,
		bool *ret_foreign,
		struct error *err)
{
	*ret_foreign = false;
	for (size_t i = 0; i < apply->journal.count; i++) {
		const struct entry *entry = &apply->journal.items[i];
		struct content now;
		enum state state;
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
				undo_shown(apply, entry, &now));
	}
	return true;
}

static bool put_back(struct apply *apply,
		const struct entry *entry,
		struct text *said,
		struct error *err)
{
	struct content now;
	enum state state;
	if (entry->kind == ENTRY_DIRECTORY) {
		directory_below_root_remove(apply->root, apply->arena, entry->name);
		return true;
	}
	if (!undo_look(apply, entry, &now, &state, err))
		return false;
	if (state == STATE_GONE)
		text_addf(said, "%s is not there any more: nothing to put back\n", entry->name);
	if (state == STATE_GONE)
		return true;
	if (entry->kind == ENTRY_FILE)
		file_below_root_clear(apply->root, apply->arena, entry->name);
	if (state == STATE_BEFORE)
		return true;
	bool ok = entry->kind == ENTRY_SYSCTL
			? sysctl_live_write(apply->arena, entry->name, entry->before.bytes, err)
			: entry->before.exists
			? file_below_root_write(apply->root,
					  apply->arena,
					  entry->name,
					  &entry->before,
					  true,
					  err)
			: file_below_root_remove(apply->root, apply->arena, entry->name, err);
	if (ok && entry->kind == ENTRY_SYSCTL)
		text_addf(said,
				"%s: %s -> %s\n",
				entry->name,
				now.bytes,
				*entry->before.bytes ? entry->before.bytes : "(empty)");
	else if (ok)
		text_addf(said, "%s: %s\n", entry->name, entry->before.exists ? "as it was" : "deleted");
	return ok;
}

bool apply_undo(struct apply *apply,
		bool force,
		struct text *said,
		bool *ret_foreign,
		struct error *err)
{
	*ret_foreign = false;
	if (!find_foreign(apply, said, ret_foreign, err))
		return false;
	if (*ret_foreign && !force)
		return true;
	*ret_foreign = false;
	for (size_t i = apply->journal.count; i-- > 0;)
		if (!put_back(apply, &apply->journal.items[i], said, err))
			return false;
	apply->journal.exists = false;
	return journal_remove(apply->root, apply->arena, err);
}

bool apply_verify(struct apply *apply, struct text *said, bool *ret_same, struct error *err)
{
	*ret_same = true;
	for (size_t i = 0; i < apply->journal.count; i++) {
		const struct entry *entry = &apply->journal.items[i];
		struct content now;
		enum state state;
		if (entry->kind == ENTRY_DIRECTORY)
			continue;
		if (!undo_look(apply, entry, &now, &state, err))
			return false;
		const char *newest = entry->after_count ? entry->after[entry->after_count - 1] : "";
		bool same = now.exists && now.length == strlen(newest) &&
				!memcmp(now.bytes, newest, now.length);
		*ret_same &= same;
		if (!same)
			text_addf(said,
					"%s %s\n",
					entry->name,
					state == STATE_GONE ? "is not there" : undo_shown(apply, entry, &now));
	}
	return true;
}
