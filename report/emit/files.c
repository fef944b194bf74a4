/* Configuration files: sysctl.d, modules-load.d, limits.d, systemd, Erlang, launchd. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/emit/emit.h"

static void nothing(struct arena *arena, const char *prefix, const char *what, struct text *out)
{
	emit_comment(arena, out, prefix, arena_printf(arena, "Nothing to set: %s.", what));
}

void emit_sysctl_lines(const struct fix_values *values, struct text *out)
{
	for (size_t i = 0; i < values->sysctl_count; i++)
		text_addf(out, "%s = %s\n", values->sysctls[i].key, values->sysctls[i].to);
}

void emit_sysctl(struct arena *arena, const struct fix_values *values, struct text *out)
{
	emit_header(arena,
			values,
			"# ",
			"kernel settings",
			FIX_SYSCTL_PATH,
			values->sysctl_count ? "delete the file, then:" : "delete the file",
			out);
	if (values->sysctl_count)
		emit_comment(arena, out, "# ", "Takes effect with: sysctl --system");
	if (values->conntrack)
		emit_comment(arena,
				out,
				"# ",
				"Needs the module nf_conntrack loaded first, or its lines are lost at "
				"boot: " FIX_MODULES_PATH " (--emit modules-load)");
	text_add(out, "\n");
	if (!values->sysctl_count)
		nothing(arena, "# ", "the plan needs no kernel setting that this host does not have", out);
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		emit_comment(arena,
				out,
				"# ",
				arena_printf(arena,
						"%s; was %s",
						emit_plain(arena, sysctl->title),
						!sysctl->from           ? "not known"
								: *sysctl->from ? sysctl->from
												: "empty"));
		text_addf(out, "%s = %s\n", sysctl->key, sysctl->to);
	}
}

void emit_modules(struct arena *arena, const struct fix_values *values, struct text *out)
{
	emit_header(arena,
			values,
			"# ",
			"kernel modules that must be there before sysctl.d is applied",
			FIX_MODULES_PATH,
			"delete the file; the module stays until the next boot",
			out);
	text_add(out, "\n");
	if (values->conntrack)
		text_add(out, "nf_conntrack\n");
	else
		nothing(arena, "# ", "none of the values needs a module", out);
}

/* "*     soft nofile 21000", and the hard limit where it changes. */
static void limits_line(struct text *out,
		const struct name_list *logins,
		const char *item,
		double soft,
		double hard)
{
	static const char *everybody[] = {"*", "root"}; /* "*" is not root: pam_limits(8) */
	struct name_list domains = {.items = everybody, .count = COUNT_OF(everybody)};
	char number[FIX_VALUES_LIMIT_MAX];
	if (logins->count > 0)
		domains = *logins;
	for (size_t i = 0; i < domains.count && !isnan(soft); i++) {
		const char *domain = domains.items[i];
		text_addf(out, "%-5s soft %s %s\n", domain, item, fix_values_limit(number, soft));
		if (!isnan(hard))
			text_addf(out, "%-5s hard %s %s\n", domain, item, fix_values_limit(number, hard));
	}
}

void emit_limits_lines(const struct fix_values *values, struct text *out)
{
	double hard = NAN;
	if (values->hard_changes)
		hard = values->nofile_hard;
	const struct name_list *logins = &values->logins;
	limits_line(out, logins, "nofile", values->nofile_soft, hard);
	limits_line(out, logins, "nproc", values->nproc_soft, values->nproc_hard);
}

void emit_limits(struct arena *arena, const struct fix_values *values, struct text *out)
{
	emit_header(arena,
			values,
			"# ",
			"limits of login sessions",
			FIX_LIMITS_PATH,
			"delete the file and log in again",
			out);
	emit_comment(arena,
			out,
			"# ",
			"Takes effect at the next login. Services do not pass through PAM: --emit systemd. "
			"A line that names a user, in any file, wins over \"*\".");
	text_add(out, "\n");
	if (!fix_values_have_nofile(values) && isnan(values->nproc_soft))
		nothing(arena, "# ", "the limits of the user are enough", out);
	emit_limits_lines(values, out);
}

static const char *erlang_flags(struct arena *arena, const struct fix_values *values)
{
	const char *ports = isnan(values->erlang_ports)
			? ""
			: arena_printf(arena, "+Q %.0f", values->erlang_ports);
	const char *processes = isnan(values->erlang_processes)
			? ""
			: arena_printf(arena, "+P %.0f", values->erlang_processes);
	return arena_printf(arena, "%s%s%s", ports, *ports && *processes ? " " : "", processes);
}

static void service_threads(const struct fix_values *values, struct text *out)
{
	char soft[FIX_VALUES_LIMIT_MAX], hard[FIX_VALUES_LIMIT_MAX];
	if (!isnan(values->tasks_max))
		text_addf(out, "TasksMax=%s\n", fix_values_limit(soft, values->tasks_max));
	if (isnan(values->nproc_soft))
		return;
	fix_values_limit(soft, values->nproc_soft);
	if (isnan(values->nproc_hard))
		text_addf(out, "LimitNPROC=%s\n", soft);
	else
		text_addf(out, "LimitNPROC=%s:%s\n", soft, fix_values_limit(hard, values->nproc_hard));
}

void emit_systemd_lines(struct arena *arena, const struct fix_values *values, struct text *out)
{
	char soft[FIX_VALUES_LIMIT_MAX], hard[FIX_VALUES_LIMIT_MAX];
	if (fix_values_have_nofile(values) && !isnan(values->nofile_hard) &&
			values->nofile_hard > values->nofile_soft)
		text_addf(out,
				"LimitNOFILE=%s:%s\n",
				fix_values_limit(soft, values->nofile_soft),
				fix_values_limit(hard, values->nofile_hard));
	else if (fix_values_have_nofile(values))
		text_addf(out, "LimitNOFILE=%s\n", fix_values_limit(soft, values->nofile_soft));
	service_threads(values, out);
	if (fix_values_have_erlang(
				values)) /* read last by erl, so that it wins over the release's own flags */
		text_addf(out, "Environment=\"ERL_ZFLAGS=%s\"\n", erlang_flags(arena, values));
}

void emit_systemd(struct arena *arena, const struct fix_values *values, struct text *out)
{
	const char *unit = values->unit;
	if (!unit)
		unit = values->held_unit;
	if (!unit)
		unit = "UNIT.service";
	emit_header(arena,
			values,
			"# ",
			"limits of a service, a systemd drop-in",
			arena_printf(arena, "/etc/systemd/system/%s.d/headroom.conf", unit),
			arena_printf(arena,
					"delete the file, then: systemctl daemon-reload; systemctl restart %s",
					unit),
			out);
	emit_comment(arena,
			out,
			"# ",
			arena_printf(arena,
					"Takes effect with: systemctl daemon-reload; systemctl restart %s",
					unit));
	text_add(out, "\n[Service]\n");
	emit_systemd_lines(arena, values, out);
	if (!fix_values_have_nofile(values) && !fix_values_have_erlang(values) &&
			!fix_values_have_threads(values))
		nothing(arena, "# ", "a service needs no higher limit", out);
}

void emit_erlang(struct arena *arena, const struct fix_values *values, struct text *out)
{
	emit_header(arena,
			values,
			"# ",
			"flags of the Erlang VM, to add to the release's vm.args (erl -args_file)",
			NULL,
			"delete the lines and start the node again",
			out);
	text_add(out, "\n");
	if (!isnan(values->erlang_ports))
		text_addf(out, "+Q %.0f\n", values->erlang_ports);
	if (!isnan(values->erlang_processes))
		text_addf(out, "+P %.0f\n", values->erlang_processes);
	if (!fix_values_have_erlang(values))
		nothing(arena, "# ", "the VM's tables are large enough, or the plan is not Erlang's", out);
}

void emit_erlang_env(struct arena *arena, const struct fix_values *values, struct text *out)
{
	emit_header(arena,
			values,
			"# ",
			"environment of the Erlang VM",
			NULL,
			"delete the line and start the node again",
			out);
	emit_comment(arena,
			out,
			"# ",
			"For EnvironmentFile= of systemd, or a shell: set -a; . ./erlang.env. erl reads "
			"ERL_ZFLAGS last: it wins over the command line.");
	text_add(out, "\n");
	if (fix_values_have_erlang(values))
		text_addf(out, "ERL_ZFLAGS=\"%s\"\n", erlang_flags(arena, values));
	else
		nothing(arena, "# ", "the VM's tables are large enough, or the plan is not Erlang's", out);
}

/* Within an XML comment no two hyphens may follow each other. */
static void add_xml_comment(struct arena *arena, const char *text, struct text *out)
{
	char *copy = arena_strdup(arena, text);
	for (char *p = copy; *p; p++)
		*p = p[0] == '-' && p[1] == '-' ? '_' : *p;
	text_addf(out, "<!--\n%s-->\n", copy);
}

static const char *macos_script(struct arena *arena, const struct fix_values *values)
{
	char soft[FIX_VALUES_LIMIT_MAX], hard[FIX_VALUES_LIMIT_MAX];
	struct text out = {0};
	for (size_t i = 0; i < values->macos.count; i++)
		text_addf(&out, "%s/usr/sbin/sysctl -w %s", out.length ? "; " : "", values->macos.items[i]);
	if (fix_values_have_nofile(values)) {
		const char *most = isnan(values->nofile_hard) || isinf(values->nofile_hard)
				? "unlimited"
				: fix_values_limit(hard, values->nofile_hard);
		text_addf(&out,
				"%s/bin/launchctl limit maxfiles %s %s",
				out.length ? "; " : "",
				fix_values_limit(soft, values->nofile_soft),
				most);
	}
	const char *copy = arena_strdup(arena, out.data ? out.data : "/usr/bin/true");
	text_release(&out);
	return copy;
}

void emit_macos(struct arena *arena, const struct fix_values *values, struct text *out)
{
	struct text head = {0};
	emit_header(arena,
			values,
			"  ",
			"values of a Mac, set at each start, for launchd",
			"/Library/LaunchDaemons/headroom.plist (owner root:wheel)",
			"launchctl unload the file, delete it, restart the Mac",
			&head);
	emit_comment(arena, &head, "  ", "Live: launchctl load /Library/LaunchDaemons/headroom.plist");
	if (!values->darwin)
		nothing(arena,
				"  ",
				"the host judged is not a Mac; take a snapshot of the Mac and judge that",
				&head);
	else if (!values->macos.count && !fix_values_have_nofile(values))
		nothing(arena, "  ", "the plan needs no value that this Mac does not have", &head);
	text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	add_xml_comment(arena, head.data, out);
	text_release(&head);
	text_add(out,
			"<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
			"\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<dict>\n"
			"\t<key>Label</key>\n\t<string>headroom</string>\n\t<key>RunAtLoad</key>\n\t<true/>\n"
			"\t<key>ProgramArguments</key>\n\t<array>\n\t\t<string>/bin/sh</"
			"string>\n\t\t<string>-c</string>\n");
	text_addf(out,
			"\t\t<string>%s</string>\n\t</array>\n</dict>\n</plist>\n",
			values->darwin ? macos_script(arena, values) : "/usr/bin/true");
}
