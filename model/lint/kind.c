#include "model/lint/kind.h"

#include <string.h>

#include "model/lint/names.h"
#include "model/lint/slice.h"

/* Trees that others wrote, or that were built: nobody mends a port there. */
bool lint_skips_directory(const char *name)
{
	static const char *const skipped[] = {".git",
			".hg",
			".svn",
			"node_modules",
			"bower_components",
			"jspm_packages",
			"vendor",
			"third_party",
			"third-party",
			"external",
			"site-packages",
			"dist-packages",
			".venv",
			"venv",
			"virtualenv",
			"__pycache__",
			".tox",
			".nox",
			".mypy_cache",
			".pytest_cache",
			".terraform",
			".gradle",
			".m2",
			".cargo",
			".yarn",
			".pnpm-store",
			".next",
			".nuxt",
			".svelte-kit",
			".cache",
			"Pods",
			"Carthage",
			"DerivedData",
			"_build",
			"deps",
			"target",
			"coverage",
			NULL};
	return slice_in(slice_of(name), skipped);
}

struct name_kind {
	const char *name;
	enum lint_kind kind;
};

static const struct name_kind whole_names[] = {
		{"Makefile", LINT_MAKE},
		{"makefile", LINT_MAKE},
		{"GNUmakefile", LINT_MAKE},
		{"justfile", LINT_MAKE},
		{"Justfile", LINT_MAKE},
		{".justfile", LINT_MAKE},
		{"Procfile", LINT_SHELL},
		{"Jenkinsfile", LINT_SHELL},
		{"Vagrantfile", LINT_SOURCE},
		{"Caddyfile", LINT_SETTINGS},
		{"limits.conf", LINT_LIMITS},
		{"sysctl.conf", LINT_SYSCTL_D},
		{"devcontainer.json", LINT_JSON},
		{"package-lock.json", LINT_NONE},
		{"npm-shrinkwrap.json", LINT_NONE},
		{"composer.lock", LINT_NONE},
		{"pnpm-lock.yaml", LINT_NONE},
		{"pnpm-lock.yml", LINT_NONE},
		{"Cargo.lock", LINT_NONE},
		{"poetry.lock", LINT_NONE},
		{"uv.lock", LINT_NONE},
		{"pubspec.lock", LINT_NONE},
		{"mkdocs.yml", LINT_NONE},
		{"tsconfig.json", LINT_NONE},
		{"Package.resolved", LINT_NONE},
		{NULL, LINT_NONE},
};

static const struct name_kind endings[] = {
		{".lock", LINT_NONE},
		{".lock.yml", LINT_NONE},
		{".lock.yaml", LINT_NONE},
		{".lock.json", LINT_NONE},
		{".min.js", LINT_NONE},
		{".d.ts", LINT_NONE},
		{".pb.go", LINT_NONE},
		{"_pb2.py", LINT_NONE},
		{".env", LINT_ENV},
		{".yml", LINT_YAML},
		{".yaml", LINT_YAML},
		{".json", LINT_JSON},
		{".jsonc", LINT_JSON},
		{".json5", LINT_JSON},
		{".toml", LINT_SETTINGS},
		{".ini", LINT_SETTINGS},
		{".cfg", LINT_SETTINGS},
		{".cnf", LINT_SETTINGS},
		{".conf", LINT_SETTINGS},
		{".properties", LINT_SETTINGS},
		{".hcl", LINT_SETTINGS},
		{".nomad", LINT_SETTINGS},
		{"_config", LINT_SETTINGS},
		{".sh", LINT_SHELL},
		{".bash", LINT_SHELL},
		{".bats", LINT_SHELL},
		{".zsh", LINT_SHELL},
		{".mk", LINT_MAKE},
		{".dockerfile", LINT_IMAGE},
		{".Dockerfile", LINT_IMAGE},
		{".service", LINT_UNIT},
		{".socket", LINT_UNIT},
		{".container", LINT_UNIT},
		{".pod", LINT_UNIT},
		{".go", LINT_SOURCE},
		{".py", LINT_SOURCE},
		{".rb", LINT_SOURCE},
		{".c", LINT_SOURCE},
		{".h", LINT_SOURCE},
		{".cc", LINT_SOURCE},
		{".cpp", LINT_SOURCE},
		{".cxx", LINT_SOURCE},
		{".hpp", LINT_SOURCE},
		{".java", LINT_SOURCE},
		{".kt", LINT_SOURCE},
		{".kts", LINT_SOURCE},
		{".scala", LINT_SOURCE},
		{".groovy", LINT_SOURCE},
		{".js", LINT_SOURCE},
		{".mjs", LINT_SOURCE},
		{".cjs", LINT_SOURCE},
		{".jsx", LINT_SOURCE},
		{".ts", LINT_SOURCE},
		{".mts", LINT_SOURCE},
		{".cts", LINT_SOURCE},
		{".tsx", LINT_SOURCE},
		{".rs", LINT_SOURCE},
		{".ex", LINT_SOURCE},
		{".exs", LINT_SOURCE},
		{".erl", LINT_SOURCE},
		{".cs", LINT_SOURCE},
		{".php", LINT_SOURCE},
		{".swift", LINT_SOURCE},
		{".pl", LINT_SOURCE},
		{".t", LINT_SOURCE},
		{".lua", LINT_SOURCE},
		{".zig", LINT_SOURCE},
		{".nim", LINT_SOURCE},
		{".dart", LINT_SOURCE},
		{NULL, LINT_NONE},
};

static struct slice kind_base(struct slice path)
{
	const char *slash = slice_last_char(path, '/');
	if (!slash)
		return path;
	return slice_between(slash + 1, slice_end(path));
}

static bool is_image_file(struct slice name)
{
	static const char *const stems[] = {"Dockerfile", "Containerfile", "dockerfile", NULL};
	for (const char *const *stem = stems; *stem; stem++) {
		char next = slice_byte(name, strlen(*stem));
		if (slice_begins(name, *stem) && (next == '\0' || next == '.' || next == '-'))
			return true;
	}
	return false;
}

/* .env, .env.test, prod.env; a template of one has no values of its own. */
static bool is_env_file(struct slice name)
{
	return slice_is(name, ".env") || slice_begins(name, ".env.") || slice_is(name, ".envrc");
}

static bool path_below(struct slice path, const char *directory)
{
	return slice_begins(path, directory + 1) || slice_find(path, directory);
}

static const struct name_kind *ending_of(struct slice name)
{
	const struct name_kind *row = endings;
	while (row->name && !slice_ends(name, row->name))
		row++;
	return row;
}

enum lint_kind lint_kind_of(const char *path)
{
	struct slice whole = slice_of(path);
	struct slice name = kind_base(whole);
	for (const struct name_kind *row = whole_names; row->name; row++) {
		if (slice_is(name, row->name))
			return row->kind;
	}
	if (is_env_file(name))
		return LINT_ENV;
	if (is_image_file(name))
		return LINT_IMAGE;
	if (path_below(whole, "/limits.d/"))
		return LINT_LIMITS;
	if (path_below(whole, "/sysctl.d/"))
		return LINT_SYSCTL_D;
	if (slice_ends(name, ".conf") && name_has_word(name, "sysctl"))
		return LINT_SYSCTL_D;
	return ending_of(name)->kind;
}

static bool is_test_word(struct slice word)
{
	static const char *const words[] = {"test",
			"tests",
			"testing",
			"spec",
			"specs",
			"e2e",
			"it",
			"testdata",
			"fixtures",
			"conftest",
			"testutil",
			"testutils",
			"testlib",
			"sessiontest",
			"integration",
			"mock",
			"mocks",
			"benches",
			"bench",
			NULL};
	for (const char *const *known = words; *known; known++) {
		if (slice_is_folded(word, *known))
			return true;
	}
	return false;
}

bool lint_is_test(const char *path)
{
	struct slice rest = slice_of(path);
	struct slice word;
	while (name_next_word(&rest, &word)) {
		if (is_test_word(word))
			return true;
	}
	/* sessiontest, mytests: a directory named in one word. */
	return slice_find(slice_of(path), "test/") || slice_find(slice_of(path), "tests/");
}
