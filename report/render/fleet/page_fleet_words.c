/* Words and orders that the parts of a fleet's page share. */
#include "report/render/fleet/page_fleet_words.h"

#include <math.h>
#include <string.h>

#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	NAMES_MAX = 6
};

/* "93 clients", "4 hosts". */
const char *fleet_page_hosts(const struct page_say *f, double count, const char *role)
{
	if (*role == '\0' || strcmp(role, "both") == 0)
		role = "host";
	return page_say_plural(f, count, role);
}

/* --- the order of classes: what fails comes first --- */

int fleet_page_rank(const cJSON *class)
{
	enum verdict verdict = document_verdict(class);
	if (verdict == VERDICT_FAIL)
		return 0;
	if (verdict == VERDICT_UNKNOWN)
		return 1;
	return 2;
}

/* A list of references: in the document's order within a rank. */
const cJSON **fleet_page_classes(const struct page_say *f, size_t *ret_count)
{
	const cJSON *classes = view_array(f->root, "classes"), *class;
	size_t most = view_count(f->root, "classes"), count = 0;
	const cJSON **list = arena_alloc(f->arena, (most + 1) * sizeof(const cJSON *));
	for (int rank = 0; rank <= 2; rank++) {
		cJSON_ArrayForEach(class, classes) {
			if (fleet_page_rank(class) == rank)
				list[count++] = class;
		}
	}
	*ret_count = count;
	return list;
}

/* --- names of hosts --- */

/* "gen-012, gen-037 and 4 more" of those for which `of` is the value of `member`. */
const char *fleet_page_names(const struct page_say *f, const char *member, const char *of)
{
	const cJSON *host;
	const char *names = "";
	size_t count = 0;
	cJSON_ArrayForEach(host, view_array(f->root, "hosts")) {
		if (strcmp(view_raw(host, member), of) != 0)
			continue;
		count++;
		const char *name = page_say_said(f, host, "name");
		if (count == 1)
			names = name;
		else if (count <= NAMES_MAX)
			names = arena_printf(f->arena, "%s, %s", names, name);
	}
	if (count <= NAMES_MAX)
		return names;
	const char *rest = page_say_whole(f, (double)(count - NAMES_MAX));
	return arena_printf(f->arena, "%s and %s more", names, rest);
}

size_t fleet_page_count(const struct page_say *f, const char *state)
{
	const cJSON *host;
	size_t count = 0;
	cJSON_ArrayForEach(host, view_array(f->root, "hosts"))
		count += strcmp(view_raw(host, "state"), state) == 0;
	return count;
}

const char *fleet_page_reach(const struct page_say *f, const cJSON *reach, const char *at_most)
{
	double scale = view_number(reach, "scale");
	double live = page_say_number(f, "workload.connections");
	const char *most = "";
	if (!isfinite(scale))
		return "";
	if (view_true(reach, "at_most"))
		most = at_most;
	const char *share = page_say_share(f, scale, 1);
	if (!(live > 0))
		return arena_printf(f->arena, "%s%s", most, share);
	double whole = floor(scale * live + 1e-6);
	const char *count = page_say_whole(f, whole);
	return arena_printf(f->arena, "%s%s (%s)", most, count, share);
}
