#include "audit/fix/entry.h"

#include <string.h>

const char *entry_newest(const struct entry *entry)
{
	if (!entry->after_count)
		return "";
	return entry->after[entry->after_count - 1];
}

bool content_has(const struct content *content, const char *bytes, size_t length)
{
	return content->length == length && !memcmp(content->bytes, bytes, length);
}

static bool is_ours(const struct entry *entry, const struct content *now)
{
	if (!now->exists)
		return false;
	for (size_t i = 0; i < entry->after_count; i++) {
		if (content_has(now, entry->after[i], strlen(entry->after[i])))
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
	if (!content_has(now, before->bytes, before->length))
		return false;
	if (entry->kind == ENTRY_SYSCTL)
		return true;
	return now->mode == before->mode && now->uid == before->uid && now->gid == before->gid;
}

enum entry_state entry_state_of(const struct entry *entry, const struct content *now)
{
	if (is_before(entry, now))
		return STATE_BEFORE;
	if (is_ours(entry, now))
		return STATE_AFTER;
	return STATE_FOREIGN;
}
