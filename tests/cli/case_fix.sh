# headroom fix: the list, the files, and --apply, --undo, --verify below another root (live values: tests/live/fix.sh).
# shellcheck shell=sh disable=SC2016,SC2174
. tests/cli/lib.sh
export SOURCE_DATE_EPOCH=1700000000
kinds="sysctl modules-load limits systemd docker docker-daemon kubernetes erlang erlang-env macos cloud-init startup-script
	ansible shell k6-operator locust-kubernetes kubelet ecs"
debian() {
	"$H" fix ws-client --connections 15000 --lifetime 60s --facts "$hosts/debian-default" "$@"
}
# Every kind has something to set: a proxy of Erlang behind NAT on a narrow host.
wide() {
	"$H" fix ws-client --connections 60000 --lifetime 60s --facts "$hosts/docker-publish" --nat masquerade "$@"
}

check "the list" 0 'tcp_tw_reuse: 2 → 1' '' debian
check "each step says how to undo it" 0 'undo +sysctl -w net.ipv4.tcp_tw_reuse=2' '' debian
check "who shares it" 0 'affects +every process of this network namespace' '' debian
check "what has to be restarted" 0 'restart +the program' '' debian
debian >list.txt
same "80 columns" "" "$(LC_ALL=C.UTF-8 grep -nE '.{81,}' list.txt)"
check "as JSON" 0 '"schema":' '' debian -o json
same "the values, merged" '[{"key":"net.ipv4.tcp_tw_reuse","from":"2","to":"1"}]' \
	"$(debian -o json | jq -c .settings.sysctls)"
check "nothing to fix" 0 'Nothing to fix' '' "$H" fix ws-client --connections 100 --facts "$hosts/debian-default"
check "a plan is needed" 2 '' 'fix needs a plan' "$H" fix
check "an audit that was made" 0 'PASS' '' "$H" audit ws-client --connections 100 --facts "$hosts/debian-default" -o kept.json -q
check "is read" 0 'Nothing to fix' '' "$H" fix kept.json
check "but takes no flags" 2 '' 'is a finished audit; leave out workload flags' "$H" fix kept.json --connections 5
cp kept.json kept
check "a file without .json in its name" 0 'Nothing to fix' '' "$H" fix ./kept
check "an audit from a pipe" 0 'Nothing to fix' '' sh -c "'$H' fix - <kept.json"
check "what changes the host comes before what changes the test" 0 'safe up to +758 connections, 758 new/s; next limit: process-fds' '' \
	"$H" fix hold-churn --facts "$hosts/debian-default"
check "a load without a rate" 0 'safe up to +100,490 connections; the plan fits' '' \
	"$H" fix --role server --connections 100000 --facts "$hosts/debian-default"

# --- a file is an audit document or a workload -------------------------------------------------------------------
echo '{"schema": "headroom.workload/1", "role": "client", "connections": 100, "lifetime_s": 60}' >plan.json
jq 'del(.schema)' plan.json >bare-plan.json
check "a workload in a file" 0 '100 connections' '' "$H" fix ./plan.json --facts "$hosts/debian-default"
check "one that names no schema" 0 '100 connections' '' "$H" fix bare-plan.json --facts "$hosts/debian-default"
check "one from a pipe" 0 '100 connections' '' sh -c "'$H' fix - --facts '$hosts/debian-default' <plan.json"
jq '.conections = 5' plan.json >wrong-plan.json
check "a workload with a mistake" 2 '' '^headroom: wrong-plan.json:[0-9]+:[0-9]+: unknown member "conections"' "$H" fix wrong-plan.json
echo '{"schema":"headroom.facts/1"}' >facts.json
check "another document" 2 '' 'facts.json is neither an audit document nor a workload: its schema is "headroom.facts/1"' \
	"$H" fix facts.json
echo '{"a":1}' >other.json
check "no document at all" 2 '' 'other.json is neither an audit document .* nor a workload: .*unknown member "a"' "$H" fix other.json

# --- fix refuses what report refuses, with the same words --------------------------------------------------------
jq '.verdict = "maybe"' kept.json >refused-verdict.json
jq '.schema = "headroom.audit/3"' kept.json >refused-schema.json
jq 'del(.created)' kept.json >refused-member.json
jq '.resources[0] = 7' kept.json >refused-limit.json
head -c 2000 kept.json >refused-cut.json
for file in refused-*.json; do
	"$H" report "$file" >out 2>want
	same "$file: report refuses" 2 $?
	for command in "fix $file" "fix ./$file" "fix $file --verify" "fix $file --emit sysctl" "history diff $file $file"; do
		# shellcheck disable=SC2086
		"$H" $command >out 2>err
		same "$command: exit" 2 $?
		same "$command: says the same" "$(cat want)" "$(sed 's|: \./|: |' err)"
		same "$command: prints nothing" "" "$(cat out)"
	done
	"$H" audit ws-client --connections 100 --facts "$hosts/debian-default" --against "$file" >out 2>err
	same "--against $file: exit" 2 $?
	same "--against $file: says the same" "$(sed "s|^headroom: |&--against $file: |" want)" "$(cat err)"
done
for file in refused-verdict.json refused-schema.json refused-limit.json; do
	"$H" report "$file" >out 2>want
	"$H" attach jira:OPS-1 "$file" --comment --dry-run --url https://jira.example.org >out 2>err
	same "attach $file --comment: exit" 2 $?
	same "attach $file --comment: says the same" "$(cat want)" "$(cat err)"
done

# --- an audit without a workload has no plan to fix -------------------------------------------------------------
none=$top/tests/report/none-audit.json
check "no plan: report" 0 '^headroom: AUDIT' '' "$H" report "$none"
check "no plan: fix" 0 '^This audit had no workload, so there is nothing to fix' '' "$H" fix "$none"
check "no plan: fix --verify" 0 '^This audit had no workload, so there is nothing to verify' '' "$H" fix "$none" --verify

# --- files -----------------------------------------------------------------------------------------------------
check "no such kind" 2 '' 'one of: sysctl' debian --emit sysctls
check "several kinds need a directory" 2 '' '--dir DIR' debian --emit sysctl,limits
for kind in $kinds; do
	debian --emit "$kind" >"first.$kind" 2>err || not_ok "emit $kind" "exit $?" "$(cat err)"
	debian --emit "$kind" >"second.$kind"
	if cmp -s "first.$kind" "second.$kind"; then ok "$kind: the same each time"; else not_ok "$kind: the same each time"; fi
	for word in 'ws-client' 2023-11-14 'headroom [0-9]' '[Uu]ndo'; do
		grep -qE "$word" "first.$kind" || not_ok "$kind: header" "no $word" "$(head -n 8 "first.$kind")"
	done
	same "$kind: plain ASCII" "" "$(LC_ALL=C grep -nP '[^\x09\x20-\x7e]' "first.$kind")"
	"$H" fix ws-client --connections 10 --facts "$hosts/debian-default" --emit "$kind" >"none.$kind" 2>err ||
		not_ok "emit $kind without need" "$(cat err)"
	check "$kind: says that nothing is needed" 0 '[Nn]othing to (set|undo)' '' cat "none.$kind"
done
# A file that has only part of the changes says which it lacks, and where they are.
part() { "$H" fix ws-client --connections 15000 --facts "$hosts/debian-default" --emit "$@"; }
same "settings without limits" "# Not complete. The plan also needs:|#   open files per process: 21000 (--emit limits)" \
	"$(part sysctl | grep -A1 '^# Not complete' | paste -sd '|')"
same "limits without settings" "# Not complete. The plan also needs:|#   net.ipv4.tcp_tw_reuse = 1 (--emit sysctl)" \
	"$(part limits | grep -A1 '^# Not complete' | paste -sd '|')"
same "restarts of what is in the file alone" "# Then restart: the program, after a new login|" \
	"$(part limits | grep 'Then restart')|$(part sysctl | grep -e 'Then restart' -e login)"
same "a service has its limits in its unit" "#   open files per process: 21000 (--emit systemd)" \
	"$(part sysctl --unit web | grep 'open files per process')"
same "complete: nothing is said" "" "$(part cloud-init | grep 'Not complete')$(part shell | grep 'Not complete')"
check "JSON says it beside the file" 0 '"default-ulimits"' 'net.ipv4.tcp_tw_reuse = 1 [(]--emit sysctl[)]' part docker-daemon
for kind in $kinds; do
	case $kind in prometheus-rules | terraform-variables | macos | k6-operator | locust-kubernetes) continue ;; esac
	part "$kind" >some 2>&1
	same "$kind: no change is left out without a word" "yes yes" \
		"$(grep -q 'tcp_tw_reuse' some && echo yes) $(grep -q '21000' some && echo yes)"
done
check "all into a directory" 0 '' 'wrote all/pod.yaml' wide --emit "$(printf %s "$kinds" | tr -s ' \n\t' ,)" --dir all
same "as many files as kinds" 18 "$(find all -type f | wc -l)"
for script in first.docker first.shell first.startup-script none.docker none.shell none.startup-script all/*.sh; do
	check "$script: sh reads it" 0 '' '' sh -n "$script"
done
check "daemon.json is JSON" 0 '"nofile"' '' jq . first.docker-daemon
check "plist is XML" 0 '' '' xmllint --noout --nonet first.macos
check "the reserved ports go with the range, before it" 0 '' '' awk '/^net.ipv4.ip_local_reserved_ports = .*30000-32767/ { found = 1 }
	/^net.ipv4.ip_local_port_range = / { exit !found }' all/headroom-sysctl.conf

# Hostile names stay in their comment.
"$H" audit ws-client --connections 15000 --lifetime 60s --facts "$hosts/debian-default" -o json >audit.json
jq --arg name "$(printf 'evil"\nrm -rf / #{{ lookup() }} --> \302\205 \342\200\250$(id)\134')" \
	'.workload_title = $name | .host.name = $name | .fixes |= map(.title = $name | .restart = $name)' \
	audit.json >evil.json
for kind in $kinds; do
	check "$kind: from a hostile document" 0 '' 'wrote' "$H" fix evil.json --emit "$kind" -o "evil.$kind"
	same "$kind: plain ASCII from it" "" "$(LC_ALL=C grep -nP '[^\x09\x20-\x7e]' "evil.$kind")"
	same "$kind: a hostile name stays on its line" "" "$(grep -nE '^ *rm -rf|\{\{|\\$|\$\(id' "evil.$kind")"
done

# --- below another root ------------------------------------------------------------------------------------------
tree() { (cd root && find . -printf '%P %y %m %U %G %l\n' | sort && find . -type f -exec cat {} +); }
mkdir -p root/etc/sysctl.d root/etc/security/limits.d root/var/lib
echo 'net.core.somaxconn = 77' >root/etc/sysctl.d/99-zz-headroom.conf
chmod 640 root/etc/sysctl.d/99-zz-headroom.conf
here() {
	"$H" fix ws-client --connections 30000 --lifetime 60s --set limits.nofile.soft=1024 --set limits.nofile.hard=1048576 \
		--set net.ipv4.tcp_tw_reuse=2 --set "net.ipv4.ip_local_port_range=32768 60999" --root root "$@"
}
tree >before
here --apply --dry-run >out 2>err
same "a dry run changes nothing" "$(cat before)" "$(tree)"
check "it shows what it would do" 0 '^\+net.ipv4.tcp_tw_reuse = 1' '' cat out
check "without a terminal and --yes" 2 'tcp_tw_reuse' 'no terminal to ask on; add --yes' here --apply
same "nothing was changed" "$(cat before)" "$(tree)"
here --apply --yes --unit load-gen >out 2>err
check "applied" 0 '^net.ipv4.tcp_tw_reuse = 1' '' cat root/etc/sysctl.d/99-zz-headroom.conf
same "earlier lines stay" "net.core.somaxconn = 77" "$(grep somaxconn root/etc/sysctl.d/99-zz-headroom.conf)"
same "with their mode" 640 "$(stat -c %a root/etc/sysctl.d/99-zz-headroom.conf)"
check "the named service" 0 '^LimitNOFILE=' '' cat root/etc/systemd/system/load-gen.service.d/headroom.conf
check "no lines for logins, which never reach a service" 1 '' '' test -e root/etc/security/limits.d/99-zz-headroom.conf
check "verify" 0 'has changed since headroom applied it' '' "$H" fix --verify --root root
tree >applied
here --apply --yes --unit load-gen >out 2>err
same "applied twice is applied once" "$(cat applied)" "$(tree)"
echo x >>root/etc/systemd/system/load-gen.service.d/headroom.conf
check "verify sees a change" 3 'load-gen.service.d/headroom.conf has different contents' '' "$H" fix --verify --root root
check "undo does not overwrite it" 3 'changed by someone else' '' "$H" fix --undo --root root
check "unless forced" 0 'deleted' '' "$H" fix --undo --force --root root
same "everything is as it was" "$(cat before)" "$(tree)"
check "undone already" 0 'Nothing to undo' '' "$H" fix --undo --root root
check "nothing was applied" 2 '' 'applied nothing' "$H" fix --verify --root root

# The form of the layer that holds the limit: a service found by its control group, a login.
layer() { # layer FACT=VALUE PATH LINE
	here --set "$1" --apply --dry-run >out 2>err
	check "$1: a dry run shows it" 0 "^\\+$3" '' cat out
	here --set "$1" --apply --yes >out 2>err
	check "$1: is written" 0 "^$3" '' cat "root$2"
	check "$1: and nothing else for this limit" 0 '^1$' '' sh -c "grep -rlE 'nofile|LimitNOFILE' root/etc | wc -l"
	check "$1: verify" 0 'has changed since headroom applied it' '' "$H" fix --verify --root root
	check "$1: undone" 0 'deleted' '' "$H" fix --undo --root root
	same "$1: everything is as it was" "$(cat before)" "$(tree)"
}
limits=/etc/security/limits.d/99-zz-headroom.conf
layer vantage.unit=web.service /etc/systemd/system/web.service.d/headroom.conf 'LimitNOFILE=[0-9]+'
layer 'vantage.unit=a\x2db@c.service' '/etc/systemd/system/a\x2db@c.service.d/headroom.conf' 'LimitNOFILE=[0-9]+'
layer vantage.user=alice $limits 'alice soft nofile [0-9]+'
layer vantage.user=root $limits 'root  soft nofile [0-9]+'
layer 'vantage.user=@wheel' $limits '\* {5}soft nofile [0-9]+'
for name in '../../x.service' '-x.service' 'a b.service' "$(printf 'a\nb.service')" 'x/../y.service'; do
	here --set "vantage.unit=$name" --apply --yes >out 2>err
	check "$name: no file for its limits" 0 '^0$' '' sh -c "grep -rlE 'nofile|LimitNOFILE' root/etc root/x.service.d 2>/dev/null | wc -l"
	"$H" fix --undo --root root >/dev/null 2>&1
	same "$name: everything is as it was" "$(cat before)" "$(tree)"
done

ln -s /etc/passwd root/etc/security/limits.d/99-zz-headroom.conf
tree >before
check "a symbolic link is not followed" 1 '*' 'symbolic link' here --apply --yes
same "and nothing was changed" "$(cat before)" "$(tree)"
rm root/etc/security/limits.d/99-zz-headroom.conf
here --apply --yes >/dev/null 2>&1
sed -i 's/"\(name\)":\t*"[^"]*"/"\1": "\/root\/x"/' root/var/lib/headroom/fix/journal.json
check "a journal that names other files" 2 '' 'damaged' "$H" fix --undo --root root

# --- an image is what somebody else wrote ------------------------------------------------------------------------
# image KIND NAME [BEFORE]: one with a journal of one entry, as 0.1 wrote it (no digest)
image() {
	rm -rf image
	mkdir -p -m 755 image/var/lib image/etc
	mkdir -p -m 700 image/var/lib/headroom/fix
	jq -n --arg kind "$1" --arg name "$2" --arg before "$(printf %s "${3:-7}" | od -An -tx1 | tr -d ' \n')" \
		'{schema: "headroom.journal/1", plan: "", date: "", tool: "", entries: [{kind: $kind, name: $name, existed: true,
			before: $before, mode: 420, uid: 0, gid: 0, modified_s: 0, modified_ns: 0, after: []}]}' \
		>image/var/lib/headroom/fix/journal.json
	chmod 600 image/var/lib/headroom/fix/journal.json
}
in_image() { "$H" fix --root image "$@"; }
if unshare -n true 2>/dev/null; then
	image sysctl net.ipv4.tcp_fin_timeout 7
	check "undo of an image says that live values are left" 0 'tcp_fin_timeout is a live value, which --root does not change' '' \
		unshare -n sh -c "$H fix --undo --force --root image; test \$(cat /proc/sys/net/ipv4/tcp_fin_timeout) = 60"
	image sysctl net.ipv4.tcp_fin_timeout 7
	check "verify of an image looks at none" 0 'has changed since headroom applied it' '' in_image --verify
else
	skip "undo of an image writes no live value" "needs the right to make namespaces"
fi
for name in kernel.core_pattern kernel.modprobe net.ipv4.tcp_mem.max kernel.hostname fs.suid_dumpable x ..; do
	image sysctl "$name"
	check "an image cannot name the setting $name" 2 '' 'damaged' in_image --undo --force
done
for name in /etc/cron.d/evil /etc/passwd /etc/sysctl.d/x.conf /etc/../root/x /etc/systemd/system/x.service \
	/etc/systemd/system/x.d/headroom.conf /etc/systemd/system/.service.d/headroom.conf \
	/etc/systemd/system/x/../y.service.d/headroom.conf /etc/systemd/system/x.service.d/headroom.conf/y; do
	image file "$name"
	check "an image cannot name the file $name" 2 '' 'damaged' in_image --undo --force
	same "nothing is written: $name" "" "$(find image -type f ! -name journal.json)"
done
image file /etc/systemd/system/x@1.service.d/headroom.conf
mkdir -p image/etc/systemd/system/x@1.service.d
check "it can name what fix writes" 0 'as it was' '' in_image --undo --force
image directory /usr/lib
mkdir -p image/usr/lib
check "nor other directories" 2 '' 'damaged' in_image --undo --force
image sysctl net.core.somaxconn '1
2'
check "nor values of two lines" 2 '' 'damaged' in_image --undo --force
image file /etc/sysctl.d/99-zz-headroom.conf
chmod 666 image/var/lib/headroom/fix/journal.json
check "a journal that others may write" 2 '' 'not trusted.*mode 666' in_image --undo --force
chmod 600 image/var/lib/headroom/fix/journal.json
chmod 777 image/var/lib/headroom/fix
check "in a directory that others may write" 2 '' 'not trusted.*mode 777' in_image --undo --force
if [ "$(id -u)" = 0 ]; then
	chmod 700 image/var/lib/headroom/fix
	chown 2001 image/var/lib/headroom/fix/journal.json
	check "a journal of another user" 2 '' 'belongs to UID 2001' in_image --verify
	chown 0 image/var/lib/headroom/fix/journal.json
	chown 2001 image/var/lib/headroom
	check "below a directory of another user" 2 '' 'belongs to UID 2001' here --root image --apply --yes
fi

# --- what an administrator changed is not lost ---------------------------------------------------------------------
rm -rf root
mkdir -p root/etc/sysctl.d root/var/lib
own=root/etc/sysctl.d/99-zz-headroom.conf
here --connections 12000 --apply --yes >/dev/null 2>&1
printf '# ticket OPS-17: do not remove\nnet.ipv4.tcp_keepalive_time = 300\n' >>$own
cp $own admin
more() { here --connections 60000 "$@"; }
check "a later apply says that somebody was here" 3 '99-zz-headroom.conf \(changed by someone else.*--undo' '*' more --apply --yes
check "it keeps the setting" 0 'keepalive_time = 300' '' cat $own
check "undo" 0 'sysctl.d/99-zz-headroom.conf: as it was' '' "$H" fix --undo --root root
same "goes back to what somebody else left" "" "$(diff admin $own)"
here --apply --yes >/dev/null 2>&1
sed -i '0,/"[0-9a-f]\{40,\}"/ s/"2/"3/' root/var/lib/headroom/fix/journal.json
check "a journal with one wrong digit" 2 '' 'journal.json:1:1: the journal is damaged' "$H" fix --undo --root root

check "one thing at a time" 2 '' 'one of' here --apply --undo
check "not for another host" 2 '' '--facts' debian --apply --yes
check "a bad unit" 2 '' 'is not the name' debian --emit systemd --unit '../x'
mac() {
	"$H" fix --role client --connections 30000 --nofile soft --destinations 2 --facts "$hosts/macos.facts.json" "$@"
}
check "a Mac: its own names" 0 'launchctl limit maxfiles' '' mac
check "a Mac: the script has them" 0 "sysctl -w 'net.inet.ip.portrange.first=" '' mac --emit shell
mac --emit shell >mac.sh
same "a Mac: a script that sh reads" "" "$(sh -n mac.sh 2>&1)"
same "a Mac: nothing of Linux" "" "$(grep -E '/proc|ip_local|prlimit|CAP_' mac.sh)"
check "a Mac: a form of Linux is refused" 2 '' '--emit sysctl: this form is for Linux, and the host judged is a Mac' \
	mac --emit shell,sysctl --dir mac.files
same "a Mac: and nothing is written" "" "$(ls mac.files 2>/dev/null)"
check "a Mac: its kernel has its name" 0 'macbook .as of .*, Darwin 24' '' \
	"$H" audit ws-client --connections 100 --facts "$hosts/macos.facts.json"
check "only services" 2 '' 'only services' debian --emit systemd --unit x.slice
check "--dry-run with another mode" 2 '' 'works with --apply' debian --dry-run --undo
same "--dry-run alone is the list" "$(debian -o json)" "$(debian --dry-run -o json)"
clean "fix"
