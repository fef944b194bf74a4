/* Counts, the evidence that fits, the list of sources, the command line as a shell takes it. */
#include "report/render/page.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/answer/answer.h"
#include "report/chart/words.h"
#include "report/document/command_line.h"
#include "report/document/open.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/fleet/page_fleet.h"
#include "report/render/format.h"
#include "report/render/island.h"
#include "report/render/page_front.h"

const char *page_load_text(struct arena *arena, const cJSON *root, const cJSON *load)
{
	struct formatted value = {.arena = arena, .node = load, .root = root, .argument = ""};
	return format_find("load", 4)->format(&value);
}

void page_add_sample(cJSON *row, const char *name, const cJSON *values, int index)
{
	cJSON *value = cJSON_Duplicate(cJSON_GetArrayItem(values, index), true);
	if (!value)
		value = cJSON_CreateNull();
	cJSON_AddItemToObject(row, name, value);
}

int page_sample_step(int size, int most)
{
	int step = (size + most - 2) / (most - 1);
	if (step < 1)
		step = 1;
	return step;
}

static void page_add_text(cJSON *object, const char *name, const char *text)
{
	cJSON_AddItemToObject(object, name, cJSON_CreateString(text));
}

/* A plan that is given by rates is shown on an axis of rates. */
static const char *basis(const cJSON *root)
{
	const cJSON *stage;
	cJSON_ArrayForEach(stage, view_array(root, "workload.stages"))
		if (cJSON_IsNumber(view_get(stage, "open_rate_per_s")))
			return "rate";
	return view_number(root, "plan.connections") > 0 ||
					!(view_number(root, "plan.open_rate_per_s") > 0)
			? "connections"
			: "rate";
}

/* What the plan does not use, what it does not say whether it uses, and what of the rest only
 * warns.
 */
static void add_idle_counts(const cJSON *root, cJSON *counts)
{
	const cJSON *limit;
	int idle = 0, unsaid = 0, advisory = 0;
	cJSON_ArrayForEach(limit, view_array(root, "resources")) {
		idle += document_is_idle(limit);
		unsaid += document_is_unsaid(limit);
		bool applies = document_status(limit) != STATUS_NOT_APPLICABLE;
		advisory += applies && strcmp(view_raw(limit, "severity"), "advisory") == 0;
	}
	cJSON_AddNumberToObject(counts, "idle", idle);
	cJSON_AddNumberToObject(counts, "unsaid", unsaid);
	cJSON_AddNumberToObject(counts, "advisory", advisory);
}

static void add_counts(const cJSON *root, cJSON *counts)
{
	const cJSON *fix;
	int others = 0;
	cJSON_ArrayForEach(fix, view_array(root, "fixes"))
		others += !view_true(fix, "in_ladder");
	cJSON_AddNumberToObject(counts, "other_fixes", others);
	const cJSON *item;
	int calibrated = 0, moved = 0, unhelped = 0;
	cJSON_ArrayForEach(item, view_array(root, "resources")) {
		calibrated += view_object(item, "calibrated") != NULL;
		unhelped += *view_raw(item, "no_change") != '\0';
	}
	cJSON_AddNumberToObject(counts, "unhelped", unhelped);
	cJSON_ArrayForEach(item, view_array(root, "drift.facts"))
		moved += view_true(item, "moved");
	cJSON_AddNumberToObject(counts, "calibrated", calibrated);
	cJSON_AddNumberToObject(counts, "moved", moved);
	cJSON_AddNumberToObject(counts, "not_moved", (double)view_count(root, "drift.facts") - moved);
	static const struct {
		enum status status;
		const char *name;
	} rows[] = {{STATUS_FAIL, "fail"},
			{STATUS_WARN, "warn"},
			{STATUS_PASS, "pass"},
			{STATUS_UNKNOWN, "unknown"},
			{STATUS_NOT_APPLICABLE, "not_applicable"}};
	add_idle_counts(root, counts);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const cJSON *resource;
		int count = 0;
		cJSON_ArrayForEach(resource, view_array(root, "resources"))
			count += document_status(resource) == rows[i].status;
		cJSON_AddNumberToObject(counts, rows[i].name, count);
	}
}

/* --- evidence ------------------------------------------------------------------------------- */

static bool is_cited(const cJSON *root, const char *key)
{
	const cJSON *resource, *name;
	cJSON_ArrayForEach(resource, view_array(root, "resources"))
		cJSON_ArrayForEach(name, view_array(resource, "facts"))
			if (document_status(resource) != STATUS_NOT_APPLICABLE &&
					strcmp(view_raw(name, ""), key) == 0)
				return true;
	return false;
}

static const char *anchor_of(struct arena *arena, const cJSON *key)
{
	struct formatted value = {.arena = arena, .node = key, .argument = ""};
	return arena_printf(arena, "fact-%s", format_find("anchor", 6)->format(&value));
}

struct evidence {
	struct arena *arena;
	const struct page_budget *budget;
	cJSON *list;
	const char *read_at; /* of most */
	size_t rows, bytes;
};

static size_t page_size_of(const cJSON *fact)
{
	size_t size = 0;
	const cJSON *member;
	cJSON_ArrayForEach(member, fact)
		size += 12 + (cJSON_IsString(member) ? strlen(member->valuestring) : 8);
	return size;
}

/* The file of a sysctl is its name below /proc/sys: that is said once. */
static bool is_sysctl_of_name(const cJSON *fact)
{
	static const char below[] = "/proc/sys/";
	const char *key = view_raw(fact, "key");
	const char *where = view_raw(fact, "where");
	if (!text_begins_with(where, below) || cJSON_IsNumber(view_get(fact, "line")))
		return false;
	where += sizeof below - 1;
	if (strlen(where) != strlen(key))
		return false;
	for (; *key; key++, where++)
		if (*key != *where && !(*key == '.' && *where == '/'))
			return false;
	return true;
}

static void add_evidence(struct evidence *evidence, const cJSON *fact)
{
	size_t size = page_size_of(fact);
	if (evidence->rows >= evidence->budget->rows ||
			evidence->bytes + size > evidence->budget->bytes)
		return;
	evidence->rows++;
	evidence->bytes += size;
	cJSON *copy = cJSON_Duplicate(fact, true);
	/* Most were read in one second: that is said once, not in every row. */
	if (strcmp(view_raw(fact, "read_at"), evidence->read_at) == 0)
		cJSON_DeleteItemFromObjectCaseSensitive(copy, "read_at");
	if (is_sysctl_of_name(fact))
		cJSON_ReplaceItemInObjectCaseSensitive(copy, "where", cJSON_CreateString("sysctl"));
	page_add_text(copy, "anchor", anchor_of(evidence->arena, view_get(fact, "key")));
	cJSON_AddItemToArray(evidence->list, copy);
}

/* Those that a limit cites. All others stand in the document. */
static void page_add_facts(struct arena *arena,
		const cJSON *root,
		const struct page_budget *budget,
		cJSON *page,
		cJSON *counts)
{
	struct evidence evidence = {.arena = arena,
			.budget = budget,
			.read_at = page_read_at(root),
			.list = cJSON_AddArrayToObject(page, "evidence")};
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(root, "facts"))
		if (is_cited(root, view_raw(fact, "key")))
			add_evidence(&evidence, fact);
	double total = (double)view_count(root, "facts");
	cJSON_AddNumberToObject(counts, "facts", total);
	cJSON_AddNumberToObject(counts, "evidence", (double)evidence.rows);
	cJSON_AddNumberToObject(counts, "left_out", total - (double)evidence.rows);
	/* The same for both outputs; templates may name them. */
	cJSON_AddNumberToObject(counts, "evidence_html", (double)evidence.rows);
	cJSON_AddNumberToObject(counts, "left_out_html", total - (double)evidence.rows);
}

/* --- the document inside the page ----------------------------------------------------------- */

/* What the data island leaves out, so that the page keeps to its size: first what is a drawing or
 * a table here, then what is long. */
static void add_island(const cJSON *root, const struct page_budget *budget, cJSON *page)
{
	static const char *const order[] = {"timeline",
			"map",
			"sizing",
			"facts",
			"drift",
			"history",
			"gate",
			"holds",
			"calibration",
			"waivers",
			"assumptions",
			"workload",
			"findings",
			"fixes",
			"resources"};
	cJSON *list = cJSON_AddArrayToObject(page, "island_omits");
	size_t bytes = island_size(root, NULL);
	for (size_t i = 0; i < COUNT_OF(order) && bytes > budget->island; i++) {
		if (!view_get(root, order[i]))
			continue;
		cJSON_AddItemToArray(list, cJSON_CreateString(order[i]));
		bytes -= island_size(root, order[i]);
	}
}

/* --- sources -------------------------------------------------------------------------------- */

/* Not a formula without an address, nor Apple's kernel for a host that runs another one. */
static bool page_cites(const cJSON *root, const cJSON *source)
{
	static const char apple[] = "XNU ";
	bool mac = text_begins_with(view_raw(root, "host.os"), "macOS");
	if (!mac && text_begins_with(view_raw(source, "title"), apple))
		return false;
	return *view_raw(source, "url") != '\0';
}

/* The same place, of which one title may say more: "f()" and "f(): a detail". */
static bool page_is_listed(const cJSON *list, const cJSON *source)
{
	const cJSON *known;
	cJSON_ArrayForEach(known, list) {
		bool place = strcmp(view_raw(known, "url"), view_raw(source, "url")) == 0;
		bool title = text_begins_with(view_raw(source, "title"), view_raw(known, "title"));
		if (place && title)
			return true;
	}
	return false;
}

static void page_add_sources(const cJSON *root, cJSON *list, const cJSON *sources)
{
	const cJSON *source;
	cJSON_ArrayForEach(source, sources) {
		bool wanted = page_cites(root, source) && !page_is_listed(list, source);
		if (!wanted)
			continue;
		cJSON *copy = cJSON_Duplicate(source, true);
		const char *before = "";
		if (list->child)
			before = " · ";
		page_add_text(copy, "before", before);
		cJSON_AddItemToArray(list, copy);
	}
}

static void collect_sources(const cJSON *root, cJSON *page)
{
	static const char *const holders[] = {"resources", "fixes", "findings"};
	cJSON *list = cJSON_AddArrayToObject(page, "sources");
	for (size_t i = 0; i < COUNT_OF(holders); i++) {
		const cJSON *holder;
		cJSON_ArrayForEach(holder, view_array(root, holders[i])) {
			if (document_status(holder) != STATUS_NOT_APPLICABLE)
				page_add_sources(root, list, view_array(holder, "sources"));
		}
	}
}

/* The top of the ladder: what all its changes together give. */
static void page_add_after(const cJSON *root, cJSON *page)
{
	int changes = (int)view_count(root, "ladder");
	const cJSON *last = changes ? cJSON_GetArrayItem(view_array(root, "ladder"), changes - 1)
								: NULL;
	if (!view_object(last, "max_safe"))
		return;
	cJSON *after = cJSON_AddObjectToObject(page, "after");
	cJSON_AddNumberToObject(after, "changes", changes);
	page_add_text(after, "next_binding", view_raw(last, "next_binding"));
	cJSON_AddItemToObject(after, "max_safe", cJSON_Duplicate(view_get(last, "max_safe"), true));
}

static bool page_is_whole(const cJSON *root, struct error *err)
{
	static const char name[] = "the input";
	if (document_is_fleet(root))
		return document_check_fleet(root, name, err);
	if (document_is_answer(root))
		return document_check_answer(root, name, err);
	return document_check_tree(root, name, err);
}

bool page_prepare(struct arena *arena,
		cJSON *root,
		cJSON *words,
		const struct page_budget *budget,
		struct error *err)
{
	if (!page_is_whole(root, err))
		return false;
	cJSON_DeleteItemFromObjectCaseSensitive(root, "page");
	cJSON *page = cJSON_AddObjectToObject(root, "page");
	if (!words)
		cJSON_AddItemToObject(page, "words", words_built_in());
	else
		cJSON_AddItemReferenceToObject(page, "words", words);
	page_add_text(page, "command_line", document_command_line(arena, root));
	page_add_text(page, "request", document_request_text(arena, root));
	if (document_is_fleet(root)) {
		page_fleet(arena, root, page);
		return true;
	}
	if (document_is_answer(root)) {
		answer_page(arena, root, budget->rows, page);
		page_answer(arena, root, page);
		return true;
	}
	page_add_text(page, "basis", basis(root));
	page_trust(arena, root, page);
	cJSON *counts = cJSON_AddObjectToObject(page, "counts");
	add_counts(root, counts);
	page_add_facts(arena, root, budget, page, counts);
	if (budget->rows < PAGE_ROWS_FEW)
		cJSON_AddNumberToObject(page, "list_max", (double)budget->rows);
	page_add_after(root, page);
	collect_sources(root, page);
	page_lists(arena, root, page);
	page_front(arena, root, page);
	page_charts(arena, root, page);
	page_front_room(root, page);
	add_island(root, budget, page);
	return true;
}
