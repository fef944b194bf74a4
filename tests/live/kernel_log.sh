#!/bin/bash
# Calibrators leave no line in the kernel's log, which is the host's whatever the namespace: only conntrack --overflow
# does, and says so. Others write to that log at the same time, so lines are told apart by the process that caused
# them (tracepoint printk:console, which follows children).
#
# Usage: tests/live/kernel_log.sh BUILD_DIR [all]       all: with what takes more than a few seconds
set -u
build=$(cd "${1:-build}" && pwd) || exit 1
export HEADROOM_HISTORY=off
if [ "${3:-}" = inside ]; then
	trace=$4
	: >"$trace/trace"
	echo 1 >"$trace/options/event-fork" && echo $$ >"$trace/set_event_pid" && echo 1 >"$trace/events/printk/console/enable" || exit 1
	shift 4
	"$@" >"$trace_out" 2>&1
	code=$?
	echo 0 >"$trace/events/printk/console/enable"
	grep -v '^#' "$trace/trace"
	exit $code
fi
if [ -z "${trace_root:-}" ]; then
	if [ "$(id -u)" -ne 0 ] || ! unshare -nm true 2>/dev/null; then
		echo "ok - kernel log # SKIP needs root and the right to make namespaces"
		exit 77
	fi
	trace_root=$(mktemp -d)
	export trace_root
	unshare -m "$0" "$build" "${2:-}"
	code=$?
	rmdir "$trace_root"
	exit $code
fi
mount -t tracefs tracefs "$trace_root" 2>/dev/null
[ -e "$trace_root/events/printk/console/enable" ] || {
	echo "ok - kernel log # SKIP this kernel does not trace its log"
	exit 77
}
trace=$trace_root/instances/headroom-$$
mkdir "$trace" || exit 77
trace_out=$(mktemp)
export trace_out
trap 'rmdir "$trace"; rm -f "$trace_out"' EXIT

odd="echo 40000 40600 >/proc/sys/net/ipv4/ip_local_port_range"
top="echo 65001 65535 >/proc/sys/net/ipv4/ip_local_port_range"
without="echo 0 >/proc/sys/net/ipv4/tcp_syncookies; echo 64 >/proc/sys/net/ipv4/tcp_max_syn_backlog"
with="echo 1 >/proc/sys/net/ipv4/tcp_syncookies"
always="echo 2 >/proc/sys/net/ipv4/tcp_syncookies"

# silent SETTINGS CALIBRATE_ARGUMENT…: its result must be there, and no line in the log
silent() {
	local lines settings=$1
	shift
	# shellcheck disable=SC2016 # that shell expands them
	lines=$(unshare -n sh -c 'ip link set lo up; eval "$0"; exec "$@"' "$settings" "$0" "$build" x inside "$trace" \
		"$build/headroom" calibrate "$@")
	local code=$?
	# Setting up an odd range for the test itself is told by the shell that does it.
	lines=$(grep -v ' sh-' <<<"$lines")
	if [ "$code" -eq 0 ] && [ -z "$lines" ]; then
		echo "ok - $* is silent ($settings)"
	else
		echo "not ok - $* is silent ($settings): exit $code, ${lines:-$(tail -n 3 "$trace_out")}"
	fi
}
for settings in "$with" "$without" "$always"; do
	silent "$settings" accept --backlog 100
	silent "$settings" accept --backlog 0
done
silent "$odd" ports accept memory --backlog 100
silent "$top" ports
if [ "${2:-}" = all ]; then
	silent "$odd" ports fds accept churn conntrack memory
	silent "$without" ports fds accept churn conntrack memory
	silent "$with" ports fds accept churn conntrack memory
	silent "$with" conntrack
fi
# The one that is allowed to, which also shows that lines are found. All else of it is as without the flag.
# The kernel writes ten such lines in five seconds, of all namespaces together (net.core.message_cost): others' may have
# been those, so where there is none it is asked for again.
overflows() { unshare -n sh -c 'ip link set lo up; exec "$@"' sh "$0" "$build" x inside "$trace" "$build/headroom" calibrate conntrack --overflow; }
lines=$(overflows)
for _ in 1 2 3 4; do
	[ -z "$lines" ] || break
	sleep 6
	lines=$(overflows)
done
if grep -q 'table full' <<<"$lines" && ! grep -qv 'table full' <<<"$lines" && grep -q 'will log' "$trace_out"; then
	echo "ok - conntrack --overflow writes a line, and says so"
else
	echo "not ok - conntrack --overflow writes a line, and says so: ${lines:-no line}; $(head -n 2 "$trace_out")"
fi
