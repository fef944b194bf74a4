#!/bin/bash
# The printed fix, applied in its layer, makes the plan fit: for each host of tests/hosts under plans in containers, in
# network namespaces of this kernel, in shells that start the program, in Podman (where it is installed), and as drop-ins
# that systemd-analyze reads (under a real systemd: real_fixes.py). Usage: tests/live/layers.sh BUILD_DIR (root)
set -u
build=${1:-build}
H=${HEADROOM:-$PWD/$build/headroom}
hosts=$PWD/tests/hosts
# shellcheck disable=SC1091 # its own lines are checked by themselves
. tests/live/tap.sh
needs "fixes in their layers" -n
export HEADROOM_HISTORY=off NO_COLOR=1
work=$(mktemp -d)
holder=
end() {
	[ -z "$holder" ] || kill "$holder" 2>/dev/null
	rm -rf "$work"
}
trap end EXIT
lines() { jq -r '[.fixes[] | select(.in_ladder)] | .[].commands[].line' "$1"; }
verdict() { jq -r .verdict "$1"; }

# --- a container that the plan makes: its last command is a plan that fits
for host in "$hosts"/*; do
	name=${host##*/}
	case $name in hostile | macos*) continue ;; esac
	for plan in "wrk -c 40000 -t 4 -d 30s http://10.0.0.5/" "wrk -c 30000 -t 4 -d 30s http://10.0.0.5/"; do
		# shellcheck disable=SC2086 # words
		"$H" audit --facts "$host" -o json -- docker run --rm --ulimit nofile=4096:4096 loadtool $plan >"$work/a.json" 2>"$work/err"
		last=$(jq -r '[.fixes[] | select(.in_ladder and (.commands | length) > 0)] | last.commands[0].line // ""' "$work/a.json")
		# What is left to the machine itself, and no option makes, is no question of the container.
		others=$(jq -r '[.fixes[] | select(.in_ladder and .held_by.layer != "container-engine")] | length' "$work/a.json")
		if [ -z "$last" ] || [ "$others" != 0 ]; then
			skip "container: $name, $plan" "$(jq -r '[.fixes[] | select(.in_ladder) | .id] | join(" ")' "$work/a.json" 2>/dev/null)"
			continue
		fi
		eval "\"\$H\" audit --facts \"\$host\" -o json -- $last" >"$work/b.json" 2>>"$work/err"
		[ "$(verdict "$work/b.json")" != fail ]
		result "container: $name, $plan" $? "$(verdict "$work/a.json") then $(verdict "$work/b.json"): $last $(cat "$work/err")"
	done
done

# --- a process in a network namespace of its own: entered, and the host's own setting stays
unshare -n sh -c 'ip link set lo up; exec sleep 300' &
holder=$!
until [ "$(readlink /proc/$holder/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
before=$(cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/tcp_tw_reuse)
plan_of() {
	case $1 in
	ports) echo "--role client --connections 30000 --to 10.0.0.5:80 --nofile 100000" ;;
	churn) echo "--role client --connections 200 --lifetime 0.2s --closer client --to 10.0.0.5:80 --nofile 100000" ;;
	queue) echo "--role server --connections 6000 --burst 6000 --backlog 16384 --nofile 100000" ;;
	esac
}
for plan in ports churn queue; do
	# shellcheck disable=SC2046 # words
	"$H" audit --pid "$holder" $(plan_of $plan) -o json >"$work/a.json" 2>"$work/err"
	lines "$work/a.json" >"$work/commands"
	sh "$work/commands" >/dev/null 2>>"$work/err"
	# shellcheck disable=SC2046 # words
	"$H" audit --pid "$holder" $(plan_of $plan) -o json >"$work/b.json" 2>>"$work/err"
	[ "$(verdict "$work/a.json")" = fail ] && [ "$(verdict "$work/b.json")" = pass ] && grep -q "^nsenter -t $holder -n" "$work/commands"
	result "network namespace: $plan" $? "$(verdict "$work/a.json") then $(verdict "$work/b.json"); $(cat "$work/commands" "$work/err")"
	jq -r '[.fixes[] | select(.in_ladder)] | reverse | .[].undo_commands[].line' "$work/a.json" >"$work/undo"
	sh "$work/undo" >/dev/null 2>>"$work/err"
done
[ "$before" = "$(cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/tcp_tw_reuse)" ]
result "the host keeps its own" $? "$before"
undone=$(nsenter -t "$holder" -n cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/core/somaxconn | tr -s '\t\n' '  ')
[ "$undone" = "32768 60999 4096 " ]
result "and undo gives the namespace its own again" $? "$undone"

# --- a shell: the commands, then the program from it; and the load itself, which failed before
cat >"$work/load.py" <<'END'
import socket, sys
count = int(sys.argv[1])
server = socket.create_server(("127.0.0.1", 0), backlog=4096)
kept = []
try:
    for _ in range(count):
        client = socket.create_connection(server.getsockname())
        kept += [client, server.accept()[0]]
except OSError as error:
    sys.exit(f"{len(kept) // 2} of {count}: {error}")
END
for count in 300 600 1500 3000; do
	plan="--role both --connections $count --to 127.0.0.1:9"
	(
		ulimit -Sn 256
		# shellcheck disable=SC2086 # words
		"$H" audit $plan -o json >"$work/a.json" 2>"$work/err"
		python3 "$work/load.py" "$count" >"$work/said" 2>&1 && exit 1
		grep -q 'Too many open files' "$work/said" || exit 2
		lines "$work/a.json" | grep -e '^ulimit' -e prlimit >"$work/commands"
		# shellcheck disable=SC1091 # made here
		. "$work/commands"
		# shellcheck disable=SC2086 # words
		"$H" audit $plan -o json >"$work/b.json" 2>>"$work/err"
		[ "$(verdict "$work/a.json")" = fail ] && [ "$(verdict "$work/b.json")" = pass ] && python3 "$work/load.py" "$count" >"$work/said" 2>&1
	)
	result "shell: $count connections, and they open" $? "$(verdict "$work/a.json") then $(verdict "$work/b.json"); $(cat "$work/commands" "$work/said" "$work/err")"
done

# --- the load itself in a namespace whose range of ports is too narrow
unshare -n sh -c 'ip link set lo up; sysctl -qw net.ipv4.ip_local_port_range="40000 40099"; exec sleep 300' &
narrow=$!
until [ "$(nsenter -t $narrow -n cat /proc/sys/net/ipv4/ip_local_port_range 2>/dev/null | tr '\t' ' ')" = "40000 40099" ]; do sleep 0.05; done
for count in 150 400; do
	plan="--role client --connections $count --to 127.0.0.1:9 --nofile 10000"
	ulimit -Sn 8000
	nsenter -t $narrow -n sysctl -qw net.ipv4.ip_local_port_range="40000 40099"
	# shellcheck disable=SC2086 # words
	"$H" audit --pid $narrow $plan -o json >"$work/a.json" 2>"$work/err"
	nsenter -t $narrow -n python3 "$work/load.py" $count >"$work/said" 2>&1
	ran=$?
	lines "$work/a.json" >"$work/commands"
	sh "$work/commands" >/dev/null 2>>"$work/err"
	[ $ran != 0 ] && nsenter -t $narrow -n python3 "$work/load.py" $count >>"$work/said" 2>&1
	result "namespace: $count connections, and they open" $? "$(cat "$work/commands" "$work/said" "$work/err")"
done
kill "$narrow"

# --- Podman: what the printed command gives the container is what is seen in it
if command -v podman >/dev/null && [ -x /bin/busybox ]; then
	mkdir -p "$work/image/bin"
	cp /bin/busybox "$work/image/bin/"
	for tool in sh cat wrk; do ln -s busybox "$work/image/bin/$tool"; done
	cat >"$work/podman.sh" <<'END'
umount /sys/fs/cgroup/unified 2>/dev/null
engine="podman --storage-driver=vfs --root $1/root --runroot $1/run"
tar -C "$1/image" -c . | $engine import - loadtool >/dev/null 2>&1
shift_to() { while [ "$1" != run ]; do shift; done; shift; printf '%s\n' "$@"; }
eval "set -- $engine run --cgroups=disabled --network none --ulimit nproc=4096:8192 $(cat "$1/options") loadtool /bin/sh -c 'ulimit -Sn; cat /proc/sys/net/ipv4/ip_local_port_range'"
"$@"
END
	"$H" audit --facts "$hosts/debian-default" -o json -- podman run --rm --ulimit nofile=1024:2048 loadtool wrk -c 12000 -t 4 -d 5s http://10.0.0.5/ \
		>"$work/a.json" 2>"$work/err"
	jq -r '[.fixes[] | select(.in_ladder and (.commands | length) > 0)] | last.commands[0].line' "$work/a.json" |
		sed 's/^podman run //; s/ loadtool.*//' >"$work/options"
	want=$(jq -r '[.fixes[] | select(.in_ladder and .id == "nofile-start")] | last.facts.nofile.to' "$work/a.json")
	got=$(unshare -m bash "$work/podman.sh" "$work" 2>"$work/said" | head -n 1)
	[ -n "$got" ] && [ "$got" = "$want" ]
	result "Podman: the container has what the command says" $? "want $want, got $got: $(cat "$work/options" "$work/said")"
else
	skip "Podman" "it is not installed"
fi

# --- a unit: the drop-in, written by the printed commands, is what systemd reads
if command -v systemd-analyze >/dev/null; then
	cp -a "$hosts/debian-default" "$work/service"
	echo '0::/system.slice/gatewayd.service' >"$work/service/proc/self/cgroup"
	"$H" audit --facts "$work/service" --role server --connections 200000 --set limits.nofile.soft=1024 --set limits.nofile.hard=4096 \
		-o json >"$work/a.json" 2>"$work/err"
	lines "$work/a.json" | grep -v '^systemctl' | sed "s#/etc/systemd/system#$work/units#g" >"$work/commands"
	mkdir -p "$work/units"
	printf '[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/true\n' >"$work/units/gatewayd.service"
	sh "$work/commands" 2>>"$work/err"
	want=$(jq -r '.fixes[0].facts["limits.nofile.hard"].to' "$work/a.json")
	SYSTEMD_UNIT_PATH=$work/units systemd-analyze verify "$work/units/gatewayd.service" >"$work/said" 2>&1
	good=$?
	[ $good = 0 ] && [ "$(cat "$work/units/gatewayd.service.d/headroom-nofile.conf")" = "$(printf '[Service]\nLimitNOFILE=%s' "$want")" ]
	result "unit: the drop-in says LimitNOFILE=$want, and systemd reads it" $? "$(cat "$work/commands" "$work/said" "$work/err")"
else
	skip "unit" "systemd-analyze is not installed"
fi
summary
