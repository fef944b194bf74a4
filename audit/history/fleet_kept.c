/* Most hosts of a fleet are nothing but members of their class, so a name is all that is kept of
 * them. The others keep what makes them different. */
#include "audit/history/fleet_kept.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "report/document/member.h"
#include "report/document/open.h"
#include "report/document/view.h"

static const char kept_schema[] = "headroom.fleet-kept/1";

bool fleet_is_kept_form(const cJSON *root)
{
	return strcmp(view_raw(root, "schema"), kept_schema) == 0;
}

static bool kept_is_named(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

/* Copies all members but these. */
static void copy_rest(cJSON *to, const cJSON *from, const char *const *without)
{
	const cJSON *member = NULL;
	if (cJSON_IsObject(from))
		member = from->child;
	for (; member; member = member->next) {
		if (kept_is_named(without, member->string))
			continue;
		cJSON *copy = cJSON_Duplicate(member, true);
		(void)member_item(to, member->string, copy);
	}
}

static void copy_these(cJSON *to, const cJSON *from, const char *const *names)
{
	for (; *names; names++) {
		const cJSON *member = view_get(from, *names);
		if (!member)
			continue;
		cJSON *copy = cJSON_Duplicate(member, true);
		(void)member_item(to, *names, copy);
	}
}

static void put_string(cJSON *object, const char *name, const char *text)
{
	(void)member_item(object, name, cJSON_CreateString(text));
}

/* --- which fleet it is --- */

static void hash_host(struct sha256 *hash, const cJSON *host)
{
	char weight[40];
	const char *name = view_raw(host, "name");
	const char *group = view_raw(host, "group");
	double number = view_number(host, "weight");
	int length = snprintf(weight, sizeof weight, "%.17g", number);
	sha256_add(hash, name, strlen(name) + 1);
	sha256_add(hash, weight, (size_t)length + 1);
	sha256_add(hash, group, strlen(group) + 1);
}

static void digest_hosts(const cJSON *document, char out[SHA256_HEX_MAX])
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	const cJSON *host;
	sha256_init(&hash);
	cJSON_ArrayForEach(host, view_array(document, "hosts"))
		hash_host(&hash, host);
	sha256_finish(&hash, digest);
	(void)hex_encode(digest, sizeof digest, out);
}

static void digest_plan(const cJSON *document, char out[SHA256_HEX_MAX])
{
	__attribute__((cleanup(text_release))) struct text printed = {0};
	const cJSON *plan = view_get(document, "workload");
	if (plan)
		json_print(plan, &printed);
	(void)sha256_hex(text_string(&printed), printed.length, out);
}

/* Without a hosts file, whoever answers is the fleet. */
static void put_identity(cJSON *kept, const cJSON *document)
{
	char plan[SHA256_HEX_MAX];
	char hosts[SHA256_HEX_MAX] = "any";
	char name[64];
	char print[2 * SHA256_HEX_MAX + 8];
	double count = view_number(document, "counts.hosts");
	const char *word = "hosts";
	if (count == 1)
		word = "host";
	digest_plan(document, plan);
	if (cJSON_IsNumber(view_get(document, "counts.expected")))
		digest_hosts(document, hosts);
	(void)snprintf(name, sizeof name, "%.0f %s", count, word);
	(void)snprintf(print, sizeof print, "fleet:%s:%s", plan, hosts);
	cJSON *host = member_object(kept, "host");
	put_string(host, "name", name);
	put_string(host, "fingerprint", print);
}

/* --- to keep --- */

/* A class of the document, and the list of its hosts in what is kept. */
struct kept_class {
	const cJSON *class;
	cJSON *members;
};

struct packing {
	struct kept_class *classes;
	size_t count;
	cJSON *others;
};

static void pack_class(struct packing *packing, cJSON *classes, const cJSON *class)
{
	static const char *const without[] = {
			"audit",
			"members",
			NULL,
	};
	cJSON *item = cJSON_CreateObject();
	copy_rest(item, class, without);
	packing->classes[packing->count++] = (struct kept_class){
			.class = class,
			.members = member_array(item, "members"),
	};
	(void)cJSON_AddItemToArray(classes, item);
}

static bool same_member(const cJSON *a, const cJSON *b, const char *name)
{
	return strcmp(view_raw(a, name), view_raw(b, name)) == 0;
}

/* Does its class say all that is kept of this host? */
static bool is_plain(const cJSON *host, const cJSON *class)
{
	const cJSON *group = view_get(host, "group");
	double weight = view_number(host, "weight");
	if (!cJSON_IsNull(group) || weight < 1 || weight > 1)
		return false;
	if (strcmp(view_raw(host, "state"), "judged") != 0)
		return false;
	return same_member(host, class, "verdict") && same_member(host, class, "role");
}

enum {
	LETTERS = 26,
	FLEET_CLASSES_MAX = 1000000 /* as many as hosts */
};

/* Class A is the first, and so on: names follow the order. */
static size_t class_place(const char *name)
{
	size_t place = 0;
	for (; *name >= 'A' && *name <= 'Z'; name++) {
		if (place > FLEET_CLASSES_MAX)
			return 0;
		size_t letter = (size_t)(*name - 'A') + 1;
		place = place * LETTERS + letter;
	}
	return place;
}

static const struct kept_class *class_of_host(const struct packing *packing, const cJSON *host)
{
	const char *name = view_raw(host, "class");
	size_t place = class_place(name);
	if (place == 0 || place > packing->count)
		return NULL;
	const struct kept_class *found = &packing->classes[place - 1];
	if (strcmp(view_raw(found->class, "name"), name) != 0)
		return NULL;
	return found;
}

static void pack_host(const struct packing *packing, const cJSON *host)
{
	static const char *const members[] = {
			"name",
			"role",
			"group",
			"weight",
			"state",
			"verdict",
			"class",
			"same_as",
			NULL,
	};
	const struct kept_class *found = class_of_host(packing, host);
	if (found && is_plain(host, found->class)) {
		cJSON *name = cJSON_CreateString(view_raw(host, "name"));
		(void)cJSON_AddItemToArray(found->members, name);
		return;
	}
	cJSON *item = cJSON_CreateObject();
	copy_these(item, host, members);
	(void)cJSON_AddItemToArray(packing->others, item);
}

cJSON *fleet_kept_pack(struct arena *arena, const cJSON *document)
{
	static const char *const without[] = {
			"schema",
			"shares",
			"classes",
			"hosts",
			"host",
			"drift",
			"kept",
			NULL,
	};
	const cJSON *item;
	size_t count = view_count(document, "classes");
	cJSON *kept = cJSON_CreateObject();
	put_string(kept, "schema", kept_schema);
	put_identity(kept, document);
	copy_rest(kept, document, without);
	cJSON *classes = member_array(kept, "classes");
	struct packing packing = {
			.classes = arena_alloc(arena, (count + 1) * sizeof(struct kept_class)),
			.others = member_array(kept, "others"),
	};
	cJSON_ArrayForEach(item, view_array(document, "classes"))
		pack_class(&packing, classes, item);
	cJSON_ArrayForEach(item, view_array(document, "hosts"))
		pack_host(&packing, item);
	return kept;
}

/* --- to show --- */

static void unpack_member(cJSON *hosts, const cJSON *class, const cJSON *name)
{
	static const char *const members[] = {
			"role",
			"verdict",
			NULL,
	};
	if (!cJSON_IsString(name))
		return;
	cJSON *host = cJSON_CreateObject();
	put_string(host, "name", name->valuestring);
	copy_these(host, class, members);
	member_null(host, "group");
	member_number(host, "weight", 1);
	put_string(host, "state", "judged");
	put_string(host, "class", view_raw(class, "name"));
	(void)cJSON_AddItemToArray(hosts, host);
}

static void unpack_class(cJSON *classes, cJSON *hosts, const cJSON *class)
{
	static const char *const without[] = {
			"members",
			"audit",
			NULL,
	};
	const cJSON *name;
	cJSON *item = cJSON_CreateObject();
	copy_rest(item, class, without);
	member_null(item, "audit");
	(void)cJSON_AddItemToArray(classes, item);
	cJSON_ArrayForEach(name, view_array(class, "members"))
		unpack_member(hosts, class, name);
}

cJSON *fleet_kept_unpack(const cJSON *kept, const char *name, struct error *err)
{
	static const char *const without[] = {
			"schema",
			"classes",
			"others",
			"host",
			"hosts",
			"shares",
			"drift",
			"kept",
			NULL,
	};
	const cJSON *item;
	cJSON *document = cJSON_CreateObject();
	put_string(document, "schema", "headroom.fleet/1");
	copy_rest(document, kept, without);
	member_bool(document, "kept", true);
	(void)member_array(document, "shares");
	member_null(document, "drift");
	cJSON *classes = member_array(document, "classes");
	cJSON *hosts = member_array(document, "hosts");
	cJSON_ArrayForEach(item, view_array(kept, "classes"))
		unpack_class(classes, hosts, item);
	cJSON_ArrayForEach(item, view_array(kept, "others")) {
		cJSON *host = cJSON_Duplicate(item, true);
		(void)cJSON_AddItemToArray(hosts, host);
	}
	if (document_check_fleet(document, name, err))
		return document;
	cJSON_Delete(document);
	return NULL;
}
