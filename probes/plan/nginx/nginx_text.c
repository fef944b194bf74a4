/* nginx's configuration: words, directives and blocks, and the files that it includes. Sources:
 * nginx src/core/ngx_conf_file.c (ngx_conf_read_token(), ngx_conf_include()). */
#include <fnmatch.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/nginx/nginx.h"

enum {
	WORDS_MAX = 64,
	FILES_MAX = 2000,
	INCLUDES_DEEP = 16,
	BYTES_MAX = 64 << 20
};

const char *nginx_where(const struct nginx *n, const struct nginx_place *place)
{
	return arena_printf(n->arena, "%s:%zu", place->path, place->line);
}

bool nginx_refuse(struct nginx *n, const struct nginx_place *place, const char *what)
{
	return error_set(n->err, "%s:%zu: %s", place->path, place->line, what);
}

static void skip_blanks(struct nginx_place *place)
{
	for (; place->at < place->end; place->at++) {
		if (*place->at == '#')
			while (place->at < place->end && *place->at != '\n')
				place->at++;
		if (place->at >= place->end || !strchr(" \t\r\n", *place->at))
			return;
		place->line += *place->at == '\n';
	}
}

static bool ends_word(const char *at, char quote)
{
	if (quote)
		return *at == quote;
	return strchr(" \t\r\n;", *at) || (*at == '{' && at[-1] != '$');
}

/* One word, quoted or not; '\0' as *ret_end after the end of the file. */
static bool nginx_next_word(struct nginx *n,
		struct nginx_place *place,
		const char **ret_word,
		char *ret_end)
{
	*ret_word = NULL;
	*ret_end = '\0';
	skip_blanks(place);
	if (place->at >= place->end)
		return true;
	if (strchr(";{}", *place->at)) {
		*ret_end = *place->at++;
		return true;
	}
	const char *start = place->at;
	bool quoted = *start == '"' || *start == '\'';
	char quote = '\0';
	if (quoted)
		quote = *start;
	for (place->at += quoted; place->at < place->end; place->at++) {
		if (ends_word(place->at, quote))
			break;
		place->line += *place->at == '\n';
		place->at += *place->at == '\\' && place->at + 1 < place->end;
	}
	if (place->at > place->end)
		place->at = place->end;
	if (quoted && place->at == place->end)
		return nginx_refuse(n, place, "a quoted text has no closing quote");
	*ret_word = arena_copy(n->arena, start + quoted, (size_t)(place->at - start) - quoted);
	place->at += quoted;
	return true;
}

/* Past a text in quotes, as Lua writes it. */
static void skip_quoted(struct nginx_place *place)
{
	char quote = *place->at++;
	for (; place->at < place->end && *place->at != quote && *place->at != '\n'; place->at++)
		place->at += *place->at == '\\' && place->at + 1 < place->end;
}

/* Lua and the like hold text that is not nginx's own. */
static bool skip_block(struct nginx *n, struct nginx_place *place)
{
	for (size_t depth = 1; place->at < place->end; place->at++) {
		if (text_begins_with(place->at, "--"))
			while (place->at < place->end && *place->at != '\n')
				place->at++;
		if (place->at < place->end && strchr("\"'", *place->at))
			skip_quoted(place);
		if (place->at >= place->end)
			break;
		place->line += *place->at == '\n';
		depth += *place->at == '{';
		depth -= *place->at == '}';
		if (!depth) {
			place->at++;
			return true;
		}
	}
	return nginx_refuse(n, place, "a block has no closing brace");
}

static void take_words(struct nginx *n, const struct nginx_place *place, const char *const *words)
{
	n->place = place;
	n->words = words;
	n->name = words[0];
	n->value = words[1];
}

static bool open_block(struct nginx *n, struct nginx_place *place, const char *const *words)
{
	if (!words[0])
		return nginx_refuse(n, place, "\"{\" without a name");
	if (strstr(words[0], "_by_lua_block"))
		return skip_block(n, place);
	take_words(n, place, words);
	return nginx_open_block(n);
}

static bool close_block(struct nginx *n,
		const struct nginx_place *place,
		size_t count,
		size_t floor)
{
	if (count || n->depth == floor)
		return nginx_refuse(n, place, "unexpected \"}\"");
	/* The tree is read through const pointers, but only this reader makes it. */
	n->block = (struct nginx_block *)n->block->parent;
	n->depth--;
	return true;
}

static bool on_include(struct nginx *n, const struct nginx_place *place, const char *pattern);

static bool statement(struct nginx *n, const struct nginx_place *place, const char *const *words)
{
	if (strcmp(words[0], "include") == 0)
		return on_include(n, place, words[1]);
	take_words(n, place, words);
	return nginx_directive(n);
}

static bool read_statements(struct nginx *n, struct nginx_place *place)
{
	const char *words[WORDS_MAX + 1];
	size_t count = 0, floor = n->depth;
	for (;;) {
		const char *word;
		char end;
		if (!nginx_next_word(n, place, &word, &end))
			return false;
		if (word) {
			if (count < WORDS_MAX)
				words[count++] = word;
			continue;
		}
		words[count] = NULL;
		if (end == '\0')
			return (count == 0 && n->depth == floor) ||
					nginx_refuse(n, place, "the file ends inside a block or directive");
		if (end == ';' && count && !statement(n, place, words))
			return false;
		if (end == '{' && !open_block(n, place, words))
			return false;
		if (end == '}' && !close_block(n, place, count, floor))
			return false;
		count = 0;
	}
}

const char *nginx_full_path(const struct nginx *n, const char *path)
{
	if (*path == '/' || !n->prefix)
		return path;
	return arena_printf(n->arena, "%s/%s", n->prefix, path);
}

/* Files that come with nginx and hold nothing that decides a plan: types of files, parameters of
 * FastCGI and the like, character sets, modules to load. */
static bool decides_nothing(const char *path)
{
	static const char *const names[] = {"mime.types",
			"fastcgi_params",
			"fastcgi.conf",
			"uwsgi_params",
			"scgi_params",
			"koi-utf",
			"koi-win",
			"win-utf",
			"options-ssl-nginx.conf"}; /* certbot's: how TLS is spoken */
	const char *slash = strrchr(path, '/'), *name = path;
	if (slash)
		name = slash + 1;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return strstr(path, "/modules-enabled/") || strstr(path, "/nginx/modules/");
}

/* What cannot be read: nothing to say of a list of types; of anything else, that it may decide. */
static void on_unread(struct nginx *n, const struct nginx_place *place, const char *path)
{
	const char *where = nginx_where(n, place);
	const char *shown = text_clean(n->arena, path, strlen(path), 100);
	if (!decides_nothing(path)) {
		name_list_append(n->arena, &n->unread, arena_printf(n->arena, "%s: %s", where, shown));
		return;
	}
	plan_find(n->plan,
			"plan-nginx-include",
			"note",
			where,
			arena_printf(n->arena,
					"%s was not read. A file of this name contains file types, parameters or "
					"modules, which change nothing in this plan.",
					shown));
}

static bool in_container(const struct nginx *n)
{
	return n->command->vantage.container;
}

/* Templates of the official image become files of conf.d when it starts. */
static bool has_templates(const struct nginx *n)
{
	const struct name_list *mounts = &n->command->vantage.mounts;
	for (size_t i = 0; i < mounts->count; i++)
		if (strstr(mounts->items[i], ":/etc/nginx/templates"))
			return true;
	return false;
}

/* Every image of nginx has this file beside its nginx.conf: one server that serves files. */
static bool is_of_image(const struct nginx *n, const char *pattern)
{
	const char *image = n->command->vantage.image;
	if (!in_container(n) || !image || strcmp(pattern, "/etc/nginx/conf.d/*.conf") != 0)
		return false;
	const char *slash = strrchr(image, '/'), *name = image;
	if (slash)
		name = slash + 1;
	size_t length = strcspn(name, ":@");
	bool plain = length == strlen("nginx") && text_begins_with(name, "nginx");
	return (plain || text_begins_with(name, "nginx-unprivileged")) && !has_templates(n);
}

static bool read_default_server(struct nginx *n, const struct nginx_place *place)
{
	plan_find(n->plan,
			"plan-nginx-include",
			"note",
			nginx_where(n, place),
			"headroom assumes that /etc/nginx/conf.d is unchanged in the image: one server on "
			"port 80 that serves files. If yours contains more, mount it there (-v).");
	return nginx_read_text(n, "conf.d/default.conf of the image", "server { listen 80; }");
}

/* Files of a pattern that mounts put into the container, one by one. */
static bool read_mounted(struct nginx *n,
		const struct nginx_place *place,
		const char *pattern,
		bool *ret_any)
{
	const struct name_list *mounts = &n->command->vantage.mounts;
	*ret_any = false;
	for (size_t i = 0; i < mounts->count; i++) {
		const char *colon = strchr(mounts->items[i], ':');
		if (!colon)
			continue;
		const char *inside = arena_copy(n->arena, colon + 1, strcspn(colon + 1, ":"));
		if (fnmatch(pattern, inside, FNM_PERIOD | FNM_PATHNAME) != 0)
			continue;
		*ret_any = true;
		if (!nginx_read_path(n, inside, nginx_where(n, place)))
			return false;
	}
	return true;
}

static bool read_names(struct nginx *n,
		const struct nginx_place *place,
		const char *pattern,
		const char *directory,
		const struct name_list *names)
{
	const char *slash = strrchr(pattern, '/'), *name = pattern;
	if (slash)
		name = slash + 1;
	for (size_t i = 0; i < names->count; i++) {
		const char *path = arena_printf(n->arena, "%s/%s", directory, names->items[i]);
		if (fnmatch(name, names->items[i], FNM_PERIOD) == 0 &&
				!nginx_read_path(n, path, nginx_where(n, place)))
			return false;
	}
	return true;
}

/* Where a copy of nginx's directory would have this path: beside the file of -c. */
static const char *beside(const struct nginx *n, const char *path)
{
	static const char *const places[] = {"/etc/nginx/",
			"/usr/local/nginx/conf/",
			"/usr/local/etc/nginx/",
			"/usr/local/openresty/nginx/conf/"};
	const char *prefix = n->prefix;
	if (in_container(n))
		return path;
	if (!prefix)
		prefix = ".";
	for (size_t i = 0; i < COUNT_OF(places); i++)
		if (text_begins_with(path, places[i]))
			return arena_printf(n->arena, "%s/%s", prefix, path + strlen(places[i]));
	return path;
}

static const char *directory_of(const struct nginx *n, const char *pattern)
{
	const char *slash = strrchr(pattern, '/');
	if (!slash)
		return ".";
	return arena_copy(n->arena, pattern, (size_t)(slash - pattern));
}

/* A pattern, whose names are taken in order. One that fits nothing is no error (glob(3)); but where
 * its directory is not here, it may fit files on the host where nginx runs. */
static bool include_pattern(struct nginx *n, const struct nginx_place *place, const char *pattern)
{
	const char *directory = directory_of(n, pattern);
	const char *copy = beside(n, directory_of(n, pattern));
	bool mounted = false;
	struct name_list names;
	if (strpbrk(directory, "*?["))
		return nginx_refuse(n,
				place,
				"headroom does not read a pattern in a directory's name; give the numbers as "
				"flags");
	if (plan_names(n->context, n->command, directory, &names))
		return read_names(n, place, pattern, directory, &names);
	if (plan_names(n->context, n->command, copy, &names))
		return read_names(n, place, pattern, copy, &names);
	if (!read_mounted(n, place, pattern, &mounted))
		return false;
	if (mounted)
		return true;
	if (is_of_image(n, pattern))
		return read_default_server(n, place);
	on_unread(n, place, pattern);
	return true;
}

static bool on_include(struct nginx *n, const struct nginx_place *place, const char *pattern)
{
	if (!pattern)
		return nginx_refuse(n, place, "include needs a file");
	const char *path = nginx_full_path(n, pattern);
	if (n->context->elsewhere) /* never those of this machine */
		path = beside(n, path);
	if (++n->files > FILES_MAX)
		return nginx_refuse(n, place, "too many included files (does one include itself?)");
	if (strpbrk(path, "*?["))
		return include_pattern(n, place, path);
	if (nginx_read_path(n, path, nginx_where(n, place)))
		return true;
	bool tolerated = n->missing && (in_container(n) || decides_nothing(path));
	n->missing = false;
	if (!tolerated)
		return false;
	*n->err = (struct error){0};
	on_unread(n, place, path);
	return true;
}

bool nginx_read_text(struct nginx *n, const char *shown, const char *text)
{
	struct nginx_place place = {.path = shown, .at = text, .end = text + strlen(text), .line = 1};
	return read_statements(n, &place);
}

bool nginx_read_path(struct nginx *n, const char *path, const char *named_by)
{
	const char *bytes;
	size_t length;
	n->missing = false;
	if (n->nesting == INCLUDES_DEEP)
		return error_set(n->err,
				"%s: %s is included too deeply (does a file include itself?)",
				named_by,
				path);
	n->missing = !plan_file(n->context, n->command, path, named_by, &bytes, &length, n->err);
	if (n->missing)
		return false;
	n->bytes += length;
	if (n->bytes > BYTES_MAX)
		return error_set(n->err, "%s: more than %d MiB of configuration", path, BYTES_MAX >> 20);
	struct nginx_place place = {.path = path, .at = bytes, .end = bytes + length, .line = 1};
	n->nesting++;
	bool good = read_statements(n, &place);
	n->nesting--;
	return good;
}
