#include "report/emit/pod_parts.h"

#include <math.h>
#include <string.h>

#include "model/system.h"
#include "report/emit/emit.h"

void pod_parts_of_host(struct arena *arena, const struct fix_values *values, struct text *out)
{
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		if (sysctl_is_namespaced(sysctl->key) && !values->host_network)
			continue;
		emit_comment(arena,
				out,
				"# ",
				arena_printf(arena,
						"On the host, not in a container: %s = %s (--emit sysctl)",
						sysctl->key,
						sysctl->to));
	}
}

const char *pod_parts_ulimit(struct arena *arena, const struct fix_values *values)
{
	char soft[FIX_VALUES_LIMIT_MAX], hard[FIX_VALUES_LIMIT_MAX];
	double most = fmax(values->nofile_hard, values->nofile_soft);
	const char *least = "-1", *largest = "-1";
	if (!isinf(values->nofile_soft))
		least = fix_values_limit(soft, values->nofile_soft);
	if (!isinf(most))
		largest = fix_values_limit(hard, most);
	return arena_printf(arena, "%s:%s", least, largest);
}

bool pod_parts_is_unsafe(const struct fix_values_sysctl *sysctl)
{
	return sysctl_is_namespaced(sysctl->key) && !sysctl_is_safe_of_pods(sysctl->key);
}

static const char *unsafe_keys(struct arena *arena, const struct fix_values *values)
{
	struct text all = {0};
	for (size_t i = 0; i < values->sysctl_count; i++) {
		if (!pod_parts_is_unsafe(&values->sysctls[i]))
			continue;
		if (all.length)
			text_add(&all, ",");
		text_add(&all, values->sysctls[i].key);
	}
	return text_take(arena, &all);
}

void pod_parts_of_node(struct arena *arena, const struct fix_values *values, struct text *out)
{
	const char *unsafe = unsafe_keys(arena, values);
	if (*unsafe)
		emit_comment(arena,
				out,
				"# ",
				arena_printf(arena,
						"Unsafe to Kubernetes; the kubelet has to allow them (--emit kubelet): "
						"--allowed-unsafe-sysctls=%s",
						unsafe));
	if (fix_values_have_nofile(values))
		emit_comment(arena,
				out,
				"# ",
				arena_printf(arena,
						"A pod has no field for descriptors: the container runtime's LimitNOFILE "
						"(%s) or 'ulimit -n' in the container's command sets them.",
						pod_parts_ulimit(arena, values)));
	if (isfinite(values->tasks_max))
		emit_comment(arena,
				out,
				"# ",
				arena_printf(arena,
						"Nor for threads: podPidsLimit of the kubelet, %.0f or more (--emit "
						"kubelet).",
						values->tasks_max));
	pod_parts_of_host(arena, values, out);
}

bool pod_parts_sysctls(struct arena *arena,
		const struct fix_values *values,
		const char *indent,
		struct text *out)
{
	bool any = false;
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		const char *kind = "safe";
		if (!sysctl_is_namespaced(sysctl->key))
			continue;
		if (!any)
			text_addf(out, "%ssecurityContext:\n%s  sysctls:\n", indent, indent);
		any = true;
		if (pod_parts_is_unsafe(sysctl))
			kind = "unsafe";
		text_addf(out, "%s    - name: %s   # %s\n", indent, sysctl->key, kind);
		text_addf(out, "%s      value: ", indent);
		emit_quoted(arena, out, sysctl->to);
		text_add(out, "\n");
	}
	return any;
}

double pod_parts_memory_mib(const struct fix_values *values)
{
	double bytes = values->memory_bytes;
	if (!(bytes > 0) || !isfinite(bytes))
		return 0;
	return ceil(bytes / 1048576);
}

/* --- the load test's own command
 * ------------------------------------------------------------------------------------ */

static bool pod_has_suffix(const char *word, const char *const *suffixes)
{
	for (; *suffixes; suffixes++)
		if (text_ends_with(word, *suffixes))
			return true;
	return false;
}

/* Which of the options that are dropped is this: "-f" and "-f=X" are. NULL: none. */
static const char *pod_dropped(const char *word, const char *const *drop)
{
	for (; *drop; drop++) {
		size_t length = strcspn(*drop, " ");
		if (strncmp(word, *drop, length) == 0 && (!word[length] || word[length] == '='))
			return *drop;
	}
	return NULL;
}

static bool pod_is_plain(const char *word)
{
	static const char plain[] =
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+";
	return *word && strspn(word, plain) == strlen(word);
}

static const char *pod_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return path;
	return slash + 1;
}

struct pod_command pod_parts_command(struct arena *arena,
		const struct fix_values *values,
		const char *const *drop,
		const char *const *suffixes)
{
	struct pod_command command = {.plain = true};
	const struct name_list *words = &values->command;
	for (size_t i = 1; i < words->count; i++) {
		const char *word = words->items[i];
		const char *dropped = pod_dropped(word, drop);
		if (!command.file && pod_has_suffix(word, suffixes)) {
			const char *equals = strchr(word, '=');
			if (equals)
				word = equals + 1;
			command.file = pod_file_name(word);
			continue;
		}
		/* A blank in the table: the next word is its value, which may be the file. */
		bool apart = dropped && strchr(dropped, ' ') && !strchr(word, '=');
		if (apart && i + 1 < words->count && !pod_has_suffix(words->items[i + 1], suffixes))
			i++;
		if (dropped)
			continue;
		command.plain &= pod_is_plain(word);
		name_list_append(arena, &command.rest, word);
	}
	if (command.file && !pod_is_plain(command.file))
		command.file = NULL;
	return command;
}
