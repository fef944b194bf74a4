#include "audit/explain/setting.h"

#include <ctype.h>
#include <string.h>

#include "audit/explain/fill.h"
#include "base/array.h"
#include "base/ascii.h"
#include "model/system.h"

enum {
	SETTING_CHARS = 120,
	SETTING_PART = 6 /* bytes of the shortest part of a key that means it */
};

/* What people write, and the beginning of the keys that it means. */
static const struct setting_alias {
	const char *word, *keys, *term;
} setting_aliases[] = {
		{
				"nofile",
				"limits.nofile.",
				"nofile",
		},
		{
				"ulimit",
				"limits.nofile.",
				"nofile",
		},
		{
				"ulimit -n",
				"limits.nofile.",
				"nofile",
		},
		{
				"rlimit_nofile",
				"limits.nofile.",
				"nofile",
		},
		{
				"limitnofile",
				"limits.nofile.",
				"nofile",
		},
		{
				"nproc",
				"limits.nproc.",
				"nproc",
		},
		{
				"ulimit -u",
				"limits.nproc.",
				"nproc",
		},
		{
				"limitnproc",
				"limits.nproc.",
				"nproc",
		},
		{
				"pids.max",
				"cgroup.pids.max",
				"TasksMax",
		},
		{
				"tasksmax",
				"cgroup.pids.max",
				"TasksMax",
		},
		{
				"+q",
				"erlang.port_limit",
				"+Q",
		},
		{
				"+p",
				"erlang.process_limit",
				"+P",
		},
};

/* What to look for: keys of facts, and words in the texts of rules. */
struct setting {
	const struct explanation *e;
	const char *shown; /* as it was typed */
	struct name_list keys;
	struct name_list terms;
};

static bool setting_letter(char c)
{
	return c == '_' || isalnum((unsigned char)c);
}

/* Is `term` in the text, and not as a part of a longer name? */
static bool setting_in_text(const char *text, const char *term)
{
	const size_t length = strlen(term);
	if (!text)
		return false;
	const char *at = text;
	while ((at = strstr(at, term))) {
		bool begins = at == text || !setting_letter(at[-1]);
		if (begins && !setting_letter(at[length]))
			return true;
		at++;
	}
	return false;
}

static bool setting_named_in(const struct setting *setting, const char *text)
{
	for (size_t i = 0; i < setting->terms.count; i++) {
		if (setting_in_text(text, setting->terms.items[i]))
			return true;
	}
	return false;
}

static bool setting_has_key(const struct setting *setting, const char *key)
{
	for (size_t i = 0; key && i < setting->keys.count; i++) {
		if (strcmp(setting->keys.items[i], key) == 0)
			return true;
	}
	return false;
}

static bool setting_key_among(const struct setting *setting, const struct rule_text_list *keys)
{
	for (size_t i = 0; i < keys->count; i++) {
		if (setting_has_key(setting, keys->items[i]))
			return true;
	}
	return false;
}

static bool setting_in_formula(const struct setting *setting, const struct expr *formula)
{
	struct text text = {0};
	if (!formula)
		return false;
	expr_print(formula, false, &text);
	bool found = false;
	for (size_t i = 0; i < setting->keys.count && !found; i++)
		found = setting_in_text(text_string(&text), setting->keys.items[i]);
	text_release(&text);
	return found;
}

static bool setting_of_limit(const struct setting *setting, const struct limit_rule *limit)
{
	if (setting_in_formula(setting, limit->demand))
		return true;
	if (setting_in_formula(setting, limit->capacity))
		return true;
	if (setting_named_in(setting, limit->error_text))
		return true;
	for (size_t i = 0; i < limit->let_count; i++) {
		const struct expr *formula = limit->lets[i].expr;
		if (setting_in_formula(setting, formula))
			return true;
	}
	return false;
}

static bool setting_of_fix(const struct setting *setting, const struct fix_rule *fix)
{
	if (fix->kind == FIX_FACT && setting_has_key(setting, fix->target))
		return true;
	if (setting_key_among(setting, &fix->also))
		return true;
	if (setting_named_in(setting, fix->command))
		return true;
	if (setting_named_in(setting, fix->say))
		return true;
	const char **pair = fix->persistent;
	while (pair && pair[0] && pair[1]) {
		if (setting_named_in(setting, pair[1]))
			return true;
		pair += 2;
	}
	return false;
}

static bool setting_of_myth(const struct setting *setting, const struct myth_rule *myth)
{
	if (setting_has_key(setting, myth->fact))
		return true;
	if (setting_named_in(setting, myth->title))
		return true;
	return setting_named_in(setting, myth->text);
}

/* A row of a list: "tw-reuse: Let new connections reuse ports in TIME_WAIT". */
static void setting_add_name(const struct explanation *e,
		const char **label,
		const char *id,
		const char *title)
{
	const struct explain_filling filling = {e->look.arena, e->facts, NULL};
	title = explain_fill(&filling, title);
	const char *line = id;
	if (strcmp(id, title) != 0)
		line = arena_printf(e->look.arena, "%s: %s", id, title);
	explain_add(e, *label, line);
	*label = "";
}

static void setting_add_limits(const struct setting *setting, bool decided)
{
	const struct rules *rules = &setting->e->pipeline->rules;
	const char *label = "used by";
	if (decided)
		label = "decides";
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *limit = &rules->limits[i];
		bool held = setting_key_among(setting, &limit->held);
		if (held == decided && (held || setting_of_limit(setting, limit)))
			setting_add_name(setting->e, &label, limit->id, limit_phrase(limit));
	}
}

/* Those of another system are left out. */
static void setting_add_fixes(const struct setting *setting)
{
	const struct rules *rules = &setting->e->pipeline->rules;
	const char *label = "changes";
	for (size_t i = 0; i < rules->fix_count; i++) {
		const struct fix_rule *fix = &rules->fixes[i];
		if (setting_of_fix(setting, fix) && fix_is_of_system(fix, setting->e->facts))
			setting_add_name(setting->e, &label, fix->id, fix->title);
	}
}

static void setting_add_myths(const struct setting *setting)
{
	const struct rules *rules = &setting->e->pipeline->rules;
	const char *label = "see also";
	for (size_t i = 0; i < rules->myth_count; i++) {
		const struct myth_rule *myth = &rules->myths[i];
		if (setting_of_myth(setting, myth))
			setting_add_name(setting->e, &label, myth->id, myth->title);
	}
}

static bool setting_is_used(const struct setting *setting)
{
	const struct rules *rules = &setting->e->pipeline->rules;
	for (size_t i = 0; i < rules->limit_count; i++) {
		if (setting_of_limit(setting, &rules->limits[i]))
			return true;
	}
	for (size_t i = 0; i < rules->fix_count; i++) {
		if (setting_of_fix(setting, &rules->fixes[i]))
			return true;
	}
	for (size_t i = 0; i < rules->myth_count; i++) {
		if (setting_of_myth(setting, &rules->myths[i]))
			return true;
	}
	return false;
}

static const char *setting_place(struct arena *arena, const struct fact *fact)
{
	if (!fact->where)
		return "";
	const char *where = text_clean(arena, fact->where, strlen(fact->where), SETTING_CHARS);
	if (fact->line)
		return arena_printf(arena, "%s:%d", where, fact->line);
	return where;
}

static void setting_add_value(const struct explanation *e, const char *key, bool several)
{
	struct arena *arena = e->look.arena;
	const struct fact *fact = facts_get(e->facts, key, "");
	const char *value = explain_fact(arena, fact);
	if (!fact) {
		value = arena_printf(arena, "%s: not read on this host", key);
		explain_add(e, "value", value);
		return;
	}
	if (!value) {
		const char *note = fact->note;
		value = fact_status_name(fact->status);
		if (fact->status == FACT_ABSENT)
			value = "not on this host";
		if (note)
			value = arena_printf(arena, "%s, %s", value, note);
	}
	if (!*value)
		value = "empty";
	const char *line = value;
	if (several)
		line = arena_printf(arena, "%s = %s", key, value);
	const char *place = setting_place(arena, fact);
	if (*place)
		line = arena_printf(arena, "%s (from %s)", line, place);
	explain_add(e, "value", line);
	const char *boot = arena_printf(arena, "boot.%s", key);
	if (fact->set_by && !facts_get(e->facts, boot, ""))
		explain_add(e, "", arena_printf(arena, "set by %s", fact->set_by));
}

/* What the next boot or login sets, by one fact. */
static bool setting_add_later(const struct explanation *e, const char *label, const char *key)
{
	struct arena *arena = e->look.arena;
	const struct fact *later = facts_get(e->facts, key, "");
	const char *value = explain_fact(arena, later);
	if (!value)
		return false;
	const char *place = setting_place(arena, later);
	const char *line = arena_printf(arena, "%s sets %s", place, value);
	if (later->note)
		line = arena_printf(arena, "%s: %s", line, later->note);
	explain_add(e, label, line);
	return true;
}

/* Facts are also what was counted or found; these are what somebody sets. */
static bool setting_is_key(const char *key)
{
	static const char *const begins[] = {"net.", "fs.", "kernel.", "vm.", "kern.", "limits."};
	for (size_t i = 0; i < COUNT_OF(begins); i++) {
		if (text_begins_with(key, begins[i]))
			return true;
	}
	return false;
}

/* The files that set it: of a limit also the unit's and systemd's. */
static void setting_add_boot(const struct explanation *e, const char *key)
{
	static const char limits[] = "limits.";
	struct arena *arena = e->look.arena;
	const char *boot = arena_printf(arena, "boot.%s", key);
	if (text_begins_with(key, limits)) {
		const char *rest = key + strlen(limits);
		setting_add_later(e, "at login", boot);
		setting_add_later(e, "its unit", arena_printf(arena, "boot.unit.%s", rest));
		setting_add_later(e, "services", arena_printf(arena, "boot.systemd.default_%s", rest));
		return;
	}
	bool set = setting_add_later(e, "at boot", boot);
	const struct fact *lost = facts_get(e->facts, "boot.overridden", key);
	if (lost && lost->text)
		explain_add(e, "", arena_printf(arena, "overrides: %s", lost->text));
	bool absent = facts_status(e->facts, boot, "") == FACT_ABSENT;
	if (!set && absent && setting_is_key(key))
		explain_add(e, "at boot", "no file that headroom read sets it");
}

static void setting_show(const struct setting *setting)
{
	const struct explanation *e = setting->e;
	struct arena *arena = e->look.arena;
	const char *name = setting->shown;
	if (setting->keys.count == 1)
		name = setting->keys.items[0];
	name = text_clean(arena, name, strlen(name), SETTING_CHARS);
	text_addf(e->out, "%s (setting)\n\n", name);
	for (size_t i = 0; i < setting->keys.count; i++) {
		setting_add_value(e, setting->keys.items[i], setting->keys.count > 1);
		setting_add_boot(e, setting->keys.items[i]);
	}
	setting_add_limits(setting, true);
	setting_add_limits(setting, false);
	setting_add_fixes(setting);
	setting_add_myths(setting);
}

/* "net.core.somaxconn" for all the ways to write it. */
static const char *setting_key_of(struct arena *arena, const char *word)
{
	static const char *const folders[] = {"/proc/sys/", "proc/sys/", "sys/"};
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		if (text_begins_with(word, folders[i])) {
			word += strlen(folders[i]);
			break;
		}
	}
	char *key = arena_strdup(arena, word);
	for (char *at = key; *at; at++) {
		*at = ascii_lower(*at);
		if (*at == '/')
			*at = '.';
	}
	return key;
}

static const struct setting_alias *setting_alias_of(const char *word)
{
	for (size_t i = 0; i < COUNT_OF(setting_aliases); i++) {
		if (strcmp(setting_aliases[i].word, word) == 0)
			return &setting_aliases[i];
	}
	return NULL;
}

/* "tcp_mem" means net.ipv4.tcp_mem.pressure, too; "max" says too little. */
static bool setting_is_part(struct arena *arena, const char *key, const char *name)
{
	const char *parts = arena_printf(arena, ".%s.", key);
	if (strlen(name) < SETTING_PART)
		return false;
	if (text_ends_with(parts, arena_printf(arena, ".%s.", name)))
		return true;
	return strchr(name, '_') && strstr(parts, arena_printf(arena, ".%s.", name));
}

static void setting_try_key(struct setting *setting, const char *name, const char *key)
{
	const struct setting_alias *alias = setting_alias_of(name);
	bool same = strcmp(key, name) == 0;
	if (alias)
		same = text_begins_with(key, alias->keys) || strcmp(key, alias->keys) == 0;
	else if (!same)
		same = setting_is_part(setting->e->look.arena, key, name);
	if (same)
		name_list_add_once(setting->e->look.arena, &setting->keys, key);
}

static void setting_find_in_facts(struct setting *setting, const char *name)
{
	const struct facts *facts = setting->e->facts;
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = facts->items[i];
		if (*fact->instance)
			continue;
		if (setting_is_key(fact->key))
			setting_try_key(setting, name, fact->key);
	}
}

/* Those of macOS only if there is no other. */
static void setting_find_in_limit(struct setting *setting,
		const char *name,
		const struct limit_rule *limit)
{
	for (size_t i = 0; i < limit->held.count; i++) {
		const char *key = limit->held.items[i];
		bool mac = text_begins_with(key, "kern.");
		if (mac && setting->keys.count > 0)
			continue;
		setting_try_key(setting, name, key);
	}
}

static void setting_find_in_fix(struct setting *setting,
		const char *name,
		const struct fix_rule *fix)
{
	if (fix->kind != FIX_FACT || !setting_is_key(fix->target))
		return;
	if (strcmp(fix->target, name) == 0)
		setting_try_key(setting, name, fix->target);
}

/* The keys of the facts of this host, and those that limits and changes name. */
static void setting_find(struct setting *setting, const char *name)
{
	const struct rules *rules = &setting->e->pipeline->rules;
	setting_find_in_facts(setting, name);
	for (size_t i = 0; i < rules->limit_count; i++)
		setting_find_in_limit(setting, name, &rules->limits[i]);
	for (size_t i = 0; i < rules->fix_count; i++)
		setting_find_in_fix(setting, name, &rules->fixes[i]);
}

/* What the texts of rules call it: the key, and its last part unless that is a common word. */
static void setting_add_terms(struct setting *setting, const char *name)
{
	struct arena *arena = setting->e->look.arena;
	const struct setting_alias *alias = setting_alias_of(name);
	if (alias)
		name_list_add_once(arena, &setting->terms, alias->term);
	for (size_t i = 0; i < setting->keys.count; i++) {
		const char *key = setting->keys.items[i];
		const char *last = strrchr(key, '.');
		name_list_add_once(arena, &setting->terms, key);
		if (last && strchr(last, '_'))
			name_list_add_once(arena, &setting->terms, last + 1);
	}
}

bool explain_setting(const struct explanation *e, const char *word, bool also)
{
	struct arena *arena = e->look.arena;
	struct setting setting = {.e = e, .shown = word};
	if (!*word || strlen(word) > SETTING_CHARS)
		return false;
	const char *name = setting_key_of(arena, word);
	setting_find(&setting, name);
	if (setting.keys.count == 0)
		return false;
	if (also)
		text_add(e->out, "\n\n");
	setting_add_terms(&setting, name);
	setting_show(&setting);
	return true;
}

bool explain_mentioned(const struct explanation *e, const char *word)
{
	struct setting setting = {.e = e, .shown = word};
	bool sensible = strlen(word) <= SETTING_CHARS && strpbrk(word, "_+");
	if (!sensible || strpbrk(word, " \t\n"))
		return false;
	name_list_add_once(e->look.arena, &setting.terms, word);
	if (!setting_is_used(&setting))
		return false;
	setting_show(&setting);
	return true;
}
