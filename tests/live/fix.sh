#!/bin/sh
# headroom fix --apply, --undo and --verify on real kernel settings: in a private network and mount namespace with a
# copy of /etc, so that nothing of this machine changes. Applied and undone, killed at every step that changes
# something, with a read-only /etc, with a kernel that refuses. What counts: settings and files, byte for byte.
# Usage: tests/live/fix.sh BUILD_DIR (root; strace for the kills)
set -u
build=${1:-build}
H=${HEADROOM:-$PWD/$build/headroom}
# shellcheck disable=SC1091 # its own lines are checked by themselves
. tests/live/tap.sh
needs "fix on live settings" -n -m
if [ "${HEADROOM_FIX_INSIDE:-}" != yes ]; then
	HEADROOM_FIX_INSIDE=yes exec unshare -n -m --propagation private "$0" "$build"
fi
export HEADROOM_HISTORY=off
same() { # same TITLE FILE FILE
	difference=$(diff "$2" "$3" 2>&1)
	result "$1" $? "$difference"
}
exits() { # exits TITLE STATUS COMMAND…
	title=$1 want=$2
	shift 2
	"$@" >"$work/out" 2>"$work/err" </dev/null
	got=$?
	[ "$got" -eq "$want" ]
	result "$title" $? "exit $got, not $want: $(cat "$work/out" "$work/err")"
}
says() { # says TITLE PATTERN: of what ran last
	grep -qE "$2" "$work/out" "$work/err"
	result "$1" $? "$(cat "$work/out" "$work/err")"
}

# --- the playground: its own files, its own settings; what is not the namespace's own is read-only -------------------
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
listener=
end() {
	[ -z "$listener" ] || kill "$listener" 2>/dev/null
	cd /
	umount -l "$work" 2>/dev/null
	rmdir "$work" 2>/dev/null
}
trap end EXIT
mkdir "$work/lib"
cp -a /etc "$work/etc"
mount --bind "$work/etc" /etc
mount --bind "$work/lib" /var/lib
for part in fs kernel vm; do
	mount --bind "/proc/sys/$part" "/proc/sys/$part" && mount -o remount,ro,bind "/proc/sys/$part"
done
ip link set lo up
mkdir -p /etc/sysctl.d
echo 'net.core.somaxconn = 4096' >/etc/sysctl.d/99-zz-headroom.conf # an earlier file of that name, with odd attributes
chmod 604 /etc/sysctl.d/99-zz-headroom.conf
chown 12:34 /etc/sysctl.d/99-zz-headroom.conf
touch -d '2001-02-03 04:05:06.789' /etc/sysctl.d/99-zz-headroom.conf
python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 20001)); s.listen(); time.sleep(900)' &
listener=$!
until ss -Hltn | grep -q :20001; do sleep 0.1; done

state() {
	find /proc/sys/net -type f -readable ! -name '*count' ! -name stable_secret ! -name flush -print0 | LC_ALL=C sort -z |
		xargs -0 tail -v -n +1 2>&1
	find /etc /var/lib -printf '%p %y %m %U %G %l\n' | LC_ALL=C sort
	find /etc /var/lib -type f -printf '%p %T@\n' | LC_ALL=C sort
	find /etc /var/lib -type f -exec sha256sum {} + | LC_ALL=C sort
}
# As on a machine, whatever this test runs in.
machine="--set host.container=none --set vantage.netns.initial=true"
# shellcheck disable=SC2086 # words
plan() {
	"$H" fix ws-client --connections 30000 --lifetime 60s --unit load-gen $machine "$@"
}
# shellcheck disable=SC2086 # words
bigger() {
	"$H" fix ws-client --connections 45000 --lifetime 60s --unit load-gen $machine "$@"
}
state >"$work/before"

# --- applied, verified, undone -------------------------------------------------------------------------------------
exits "a dry run" 0 plan --apply --dry-run
says "shows live values" '^live  net.ipv4.ip_local_port_range'
state >"$work/now"
same "and changes nothing" "$work/before" "$work/now"
exits "without a terminal and --yes nothing is done" 2 plan --apply
says "with the reason" 'no terminal to ask on'
state >"$work/now"
same "really nothing" "$work/before" "$work/now"
on_terminal() { # on_terminal ANSWER
	printf '%s\n' "$1" | script -qec "$H fix ws-client --connections 30000 --lifetime 60s $machine --apply" /dev/null >"$work/out" 2>&1
}
on_terminal n
state >"$work/now"
same "asked on a terminal, \"n\" is no" "$work/before" "$work/now"
says "it asked" 'Apply this'
on_terminal y
exits "\"y\" is yes" 0 "$H" fix --verify
"$H" fix --undo >/dev/null
state >"$work/now"
same "and undone" "$work/before" "$work/now"

exits "applied" 0 plan --apply --yes
says "before and after" '^now '
[ "$(tr '\t' ' ' </proc/sys/net/ipv4/ip_local_port_range)" != "32768 60999" ] && [ "$(cat /proc/sys/net/ipv4/tcp_tw_reuse)" = 1 ]
result "the kernel has the values" $? "$(cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/tcp_tw_reuse)"
grep -q 20001 /proc/sys/net/ipv4/ip_local_reserved_ports
result "the listener's port is reserved" $? "$(cat /proc/sys/net/ipv4/ip_local_reserved_ports)"
low=$(cut -f1 /proc/sys/net/ipv4/ip_local_port_range)
[ "$("$H" facts --all 2>/dev/null | grep -c "boot.net.ipv4.ip_local_port_range.*$low")" = 1 ]
result "and will have them after a boot" $? "$("$H" facts --all | grep boot.net)"
[ "$(stat -c '%a %u %g' /etc/sysctl.d/99-zz-headroom.conf)" = "604 12 34" ]
result "an existing file keeps its attributes" $? "$(stat -c '%a %u %g' /etc/sysctl.d/99-zz-headroom.conf)"
exits "verify: in place" 0 "$H" fix --verify
# shellcheck disable=SC2086 # words
exits "verify of a plan that these settings are enough for" 0 "$H" fix ws-client --connections 30000 --lifetime 60s $machine \
	--set limits.nofile.soft=100000 --set limits.nofile.hard=100000 --verify
exits "verify of a plan that needs a new login" 3 plan --verify
exits "verify of one that needs more" 3 bigger --verify
state >"$work/applied"
exits "applied again" 0 plan --apply --yes
says "there is nothing to change" 'Nothing to change'
state >"$work/now"
same "applying is idempotent" "$work/applied" "$work/now"
exits "undone" 0 "$H" fix --undo
state >"$work/now"
same "settings and files are as they were" "$work/before" "$work/now"

# --- somebody else was here ----------------------------------------------------------------------------------------
plan --apply --yes >/dev/null 2>&1
echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse
state >"$work/changed"
exits "verify sees another's change" 3 "$H" fix --verify
exits "undo leaves it" 3 "$H" fix --undo
says "and says so" 'tcp_tw_reuse has been changed by someone else since'
state >"$work/now"
same "nothing was touched" "$work/changed" "$work/now"
exits "forced, it goes back" 0 "$H" fix --undo --force
state >"$work/now"
same "forced: as it was" "$work/before" "$work/now"
plan --apply --yes >/dev/null 2>&1
rm /etc/systemd/system/load-gen.service.d/headroom.conf
exits "a file that somebody deleted is not put back" 0 "$H" fix --undo
state >"$work/now"
same "as it was all the same" "$work/before" "$work/now"

# --- systemd -------------------------------------------------------------------------------------------------------
mkdir -p "$work/bin" /run/systemd/system
printf '#!/bin/sh\necho "$@" >>"%s"\n[ ! -e "%s" ]\n' "$work/asked" "$work/broken" >"$work/bin/systemctl"
chmod +x "$work/bin/systemctl"
(
	PATH=$work/bin:$PATH
	plan --apply --yes >"$work/out" 2>&1
	"$H" fix --undo >>"$work/out" 2>&1
	touch "$work/broken"
	plan --apply --yes >"$work/failed" 2>&1
	"$H" fix --undo >>"$work/failed" 2>&1
)
[ "$(grep -c '^daemon-reload$' "$work/asked")" -eq 4 ] && ! grep -q restart "$work/asked"
result "systemd reads its files again, after apply and after undo, and nothing is restarted" $? "$(cat "$work/asked")"
grep -q 'daemon-reload failed' "$work/failed"
result "a systemd that does not is named" $? "$(cat "$work/failed")"
rmdir /run/systemd/system
state >"$work/now"
same "and settings and files are as they were" "$work/before" "$work/now"
(
	unset SUDO_USER
	"$H" fix ws-client --connections 30000 --lifetime 60s --set host.container=none --apply --yes >"$work/out" 2>&1
)
grep -q '^root  soft nofile' /etc/security/limits.d/99-zz-headroom.conf && ! grep -q '^\*' /etc/security/limits.d/99-zz-headroom.conf
result "a login of root: a line of its own, none for everybody" $? "$(cat /etc/security/limits.d/99-zz-headroom.conf)"
"$H" fix --undo >/dev/null 2>&1
SUDO_USER=alice "$H" fix ws-client --connections 30000 --lifetime 60s --set host.container=none --apply --yes >"$work/out" 2>&1
grep -q '^alice soft nofile' /etc/security/limits.d/99-zz-headroom.conf
result "by sudo: one for who called it as well" $? "$(cat /etc/security/limits.d/99-zz-headroom.conf)"
"$H" fix --undo >/dev/null 2>&1

# --- within a container, or a network namespace of its own, that may set what it has of its own --------------------
inside() {
	"$H" fix ws-client --connections 30000 --lifetime 60s --set host.container=$container "$@"
}
for container in docker none; do
	exits "inside ($container): a dry run" 0 inside --apply --dry-run
	says "shows what can be set now" '^live  net.ipv4.ip_local_port_range'
	! grep -q '^file .*sysctl' "$work/out"
	result "and no file of sysctls, which nothing reads there" $? "$(cat "$work/out")"
	exits "inside ($container): applied" 0 inside --apply --yes
	says "with what keeps it" 'lost at restart, whatever creates this container or network namespace .*Widen the range of outgoing ports'
	[ "$(tr '\t' ' ' </proc/sys/net/ipv4/ip_local_port_range)" != "32768 60999" ] && [ "$(cat /proc/sys/net/ipv4/tcp_tw_reuse)" = 1 ]
	result "inside ($container): the kernel has the values" $? "$(cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/tcp_tw_reuse)"
	grep -q 20001 /proc/sys/net/ipv4/ip_local_reserved_ports
	result "inside ($container): the listener's port is reserved" $? "$(cat /proc/sys/net/ipv4/ip_local_reserved_ports)"
	exits "inside ($container): in place" 0 "$H" fix --verify
	exits "inside ($container): undone" 0 "$H" fix --undo
	state >"$work/now"
	same "inside ($container): as it was" "$work/before" "$work/now"
done
container=docker
mount --bind /proc/sys/net /proc/sys/net && mount -o remount,ro,bind /proc/sys/net
exits "a container that may set nothing" 0 inside --apply --yes
says "is made anew" 'Nothing to change on this host'
umount /proc/sys/net
state >"$work/now"
same "and nothing has changed there" "$work/before" "$work/now"

# --- failures ------------------------------------------------------------------------------------------------------
mount -o remount,ro,bind /etc
exits "a read-only /etc" 1 plan --apply --yes
says "is named" 'Read-only file system.*restored'
mount -o remount,rw,bind /etc
state >"$work/now"
same "nothing has changed" "$work/before" "$work/now"
echo 30000 >/proc/sys/net/ipv4/ip_unprivileged_port_start
state >"$work/refusing"
exits "a kernel that refuses" 1 plan --set net.ipv4.ip_unprivileged_port_start=1024 --apply --yes
says "is quoted" 'ip_local_port_range does not accept .*: Invalid argument.*restored'
state >"$work/now"
same "everything was put back" "$work/refusing" "$work/now"
echo 1024 >/proc/sys/net/ipv4/ip_unprivileged_port_start
mount --bind /proc/sys/net/ipv4/tcp_tw_reuse /proc/sys/net/ipv4/tcp_tw_reuse
mount -o remount,ro,bind /proc/sys/net/ipv4/tcp_tw_reuse
exits "a read-only setting" 1 plan --apply --yes
says "is named as well" 'tcp_tw_reuse does not accept'
umount /proc/sys/net/ipv4/tcp_tw_reuse
state >"$work/now"
same "all is back" "$work/before" "$work/now"

# --- killed --------------------------------------------------------------------------------------------------------
calls='?openat2,?write,?rename,?renameat,?renameat2,?mkdirat,?fsync,?fchmod,?fchown,?unlinkat,?utimensat,?flock,?rmdir'
# killed PREPARE NAME COMMAND…: at every call that may change something, then undone, then compared
killed() {
	prepare=$1 name=$2 step=0 bad=0
	shift 2
	while :; do
		step=$((step + 1))
		"$prepare"
		strace -f -qq -o /dev/null -e "trace=$calls" -e "inject=$calls:signal=SIGKILL:when=$step" "$@" >"$work/out" 2>&1 </dev/null
		code=$?
		[ "$code" -eq 137 ] || break
		"$H" fix --undo >"$work/out" 2>"$work/err" </dev/null || { bad=$((bad + 1)); cat "$work/out" "$work/err"; }
		state >"$work/now"
		cmp -s "$work/before" "$work/now" || { bad=$((bad + 1)); echo "# step $step:"; diff "$work/before" "$work/now" | head -n 5; }
		[ "$step" -lt 2000 ] || break
	done
	"$H" fix --undo >/dev/null 2>&1
	[ "$bad" -eq 0 ] && [ "$step" -gt 20 ] && [ "$code" -le 3 ]
	result "$name, at each of $((step - 1)) steps, then undone: byte for byte" $? "$bad differ, last exit $code"
	state >"$work/now"
	same "$name: and at the end" "$work/before" "$work/now"
}
fresh() { :; }
applied() { plan --apply --yes >/dev/null 2>&1; }
if ! strace -qq -o /dev/null -e inject=getppid:signal=SIGTERM:when=99 true 2>/dev/null; then
	skipped=$((skipped + 1))
	echo "ok - killed at every step # SKIP strace is missing or may not trace"
else
	common="--lifetime 60s --unit load-gen $machine --apply --yes"
	# shellcheck disable=SC2086
	killed fresh "apply killed" "$H" fix ws-client --connections 30000 $common
	# shellcheck disable=SC2086
	killed applied "a second apply killed" "$H" fix ws-client --connections 45000 $common
	killed applied "undo killed" "$H" fix --undo
fi

summary
