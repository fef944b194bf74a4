#!/bin/bash
# headroom --container with a real Podman (its Docker-compatible API), --unit with a process in a control group of its
# own: the values are those that the process has, read by other means. Needs root and the packages of `.ci/deps.sh
# containers`; what is missing is skipped, with the reason. Leaves no container, image or control group.
# Usage: tests/live/vantage.sh BUILD_DIR
set -u
if [ "${2:-}" != inside ]; then
	[ "$(id -u)" = 0 ] || { echo "vantage: not root"; exit 77; }
	exec unshare -m -n "$0" "$1" inside # bridges, NAT rules and /run of the engine go with the namespaces
fi
mount -t tmpfs none /run || exit 1
ip link set lo up
build=$(cd "$1" && pwd)
H=$build/headroom
work=$(mktemp -d)
passed=0 failed=0 skipped=0
service=
engine() { env -u CONTAINER_HOST podman --storage-driver=vfs --root "$work/root" --runroot "$work/run" "$@"; }
cleanup() {
	[ -z "$service" ] || { kill "$service" && wait "$service"; } 2>/dev/null
	[ ! -d "$work/root" ] || engine rm -f -t 0 web plain stopped >/dev/null 2>&1
	rm -rf "$work"
}
trap cleanup EXIT
ok() { passed=$((passed + 1)); echo "ok - $1"; }
skip() { skipped=$((skipped + 1)); echo "ok - $1 # SKIP $2"; }
expect() { # expect TITLE WANT GOT
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
		echo "#   want $2, got $3"
	fi
}
export HEADROOM_HISTORY=off
fact() { jq -r --arg key "$1" '.facts[] | select(.key == $key and .instance == "") | .value' "$2"; }

containers() {
	local pid
	umount /sys/fs/cgroup/unified 2>/dev/null # a second hierarchy confuses crun
	mkdir -p "$work/rootfs/bin"
	cp "$(command -v busybox)" "$work/rootfs/bin/busybox"
	tar -C "$work/rootfs" -c . | engine import - headroom-test >/dev/null 2>"$work/err" ||
		{ skip containers "no image: $(tail -n 1 "$work/err")"; return; }
	engine run -d --name web --cgroups=disabled --ulimit nofile=4096:8192 --ulimit nproc=4096:8192 --sysctl net.core.somaxconn=777 \
		--sysctl "net.ipv4.ip_local_port_range=20000 30000" -p 127.0.0.1:18080:80 headroom-test /bin/busybox sleep 300 \
		>/dev/null 2>"$work/err" || { skip containers "none starts: $(tail -n 1 "$work/err")"; return; }
	engine run -d --name plain --cgroups=disabled --ulimit nproc=4096:8192 --ulimit nofile=1000:1000 --network host headroom-test /bin/busybox sleep 300 >/dev/null 2>&1
	engine create --name stopped --ulimit nofile=333:444 --sysctl net.core.somaxconn=99 headroom-test /bin/busybox true \
		>/dev/null 2>&1
	engine system service --time=0 "unix://$work/podman.sock" >"$work/service.log" 2>&1 &
	service=$!
	for _ in $(seq 50); do
		[ -S "$work/podman.sock" ] && break
		sleep 0.1
	done
	export CONTAINER_HOST=unix://$work/podman.sock
	pid=$(engine inspect -f '{{.State.Pid}}' web)

	"$H" audit ws-client --connections 100 --container web -o json >"$work/web.json" 2>"$work/err"
	expect "web: it is judged" "0 " "$? $(head -c 200 "$work/err")"
	expect "web: its process" "$pid" "$(jq .host.pid "$work/web.json")"
	expect "web: soft limit" "$(awk '/open files/ { print $4 }' "/proc/$pid/limits")" "$(fact limits.nofile.soft "$work/web.json")"
	expect "web: hard limit" "$(awk '/open files/ { print $5 }' "/proc/$pid/limits")" "$(fact limits.nofile.hard "$work/web.json")"
	expect "web: somaxconn" "$(nsenter -n -t "$pid" cat /proc/sys/net/core/somaxconn)" "$(fact net.core.somaxconn "$work/web.json")"
	expect "web: port range" "20000 30000" "$(fact net.ipv4.ip_local_port_range "$work/web.json" | tr '\t' ' ')"
	expect "web: the client's connections are masqueraded" masquerade "$(jq -r .workload.nat "$work/web.json")"
	expect "web: its published port is a finding" 1 \
		"$(jq '[.findings[] | select(.id == "container-network") | .text | select(test("18080 to 80/tcp"))] | length' "$work/web.json")"
	expect "web: differences from the host are findings" 1 \
		"$(jq '[.findings[] | select(.id == "differs-from-host") | .text | select(test("^net.core.somaxconn is 777 "))] | length' "$work/web.json")"
	"$H" audit ws-server --connections 100 --container web -o json >"$work/server.json" 2>/dev/null
	expect "web: a server behind a published port" publish "$(jq -r .workload.nat "$work/server.json")"
	"$H" audit ws-client --connections 100 --nat none --container web -o json >"$work/none.json" 2>/dev/null
	expect "web: the user's own word wins" none "$(jq -r .workload.nat "$work/none.json")"

	"$H" audit ws-client --connections 100 --container plain -o json >"$work/plain.json" 2>/dev/null
	expect "plain: the host's network" none "$(jq -r .workload.nat "$work/plain.json")"
	expect "plain: somaxconn" "$(cat /proc/sys/net/core/somaxconn)" "$(fact net.core.somaxconn "$work/plain.json")"

	"$H" audit ws-client --connections 100 --container stopped -o json >"$work/stopped.json" 2>/dev/null
	expect "stopped: the configured limit" 333 "$(fact limits.nofile.soft "$work/stopped.json")"
	if [ "$(fact net.core.somaxconn "$work/stopped.json")" = 99 ]; then
		ok "stopped: the configured sysctl"
	else # Podman 4.3 does not tell it
		expect "stopped: that sysctls are not seen is a finding" 1 \
			"$(jq '[.findings[] | select(.id == "vantage-partly-seen")] | length' "$work/stopped.json")"
	fi
	"$H" audit ws-client --container nosuch >/dev/null 2>"$work/err"
	expect "an unknown one" "2 1" "$? $(grep -c 'knows no container' "$work/err")"
	"$H" audit ws-client --container '../images' >/dev/null 2>"$work/err"
	expect "no name" "2 1" "$? $(grep -c 'no name or id' "$work/err")"
}

unit() {
	local group=/sys/fs/cgroup pid
	[ ! -d /sys/fs/cgroup/pids ] || group=/sys/fs/cgroup/pids
	group=$group/headroom-test.slice/headroom-test.service
	mkdir -p "$group" 2>/dev/null || { skip unit "no control group can be made"; return; }
	sleep 300 &
	pid=$!
	if echo "$pid" >"$group/cgroup.procs" 2>/dev/null; then
		prlimit --nofile=512:1024 --pid "$pid"
		"$H" audit ws-client --connections 100 --unit headroom-test -o json >"$work/unit.json" 2>/dev/null
		expect "unit: its process" "$pid" "$(jq .host.pid "$work/unit.json")"
		expect "unit: its soft limit" 512 "$(fact limits.nofile.soft "$work/unit.json")"
		"$H" facts --unit headroom-test.service 2>/dev/null | grep -qE "^ *limits.nofile.hard +1,024"
		expect "unit: facts" 0 $?
	else
		skip unit "no process can be put into a control group"
	fi
	kill "$pid"
	wait "$pid" 2>/dev/null
	rmdir "$group" "${group%/*}"
	"$H" audit ws-client --unit headroom-test >/dev/null 2>"$work/err"
	expect "unit: one that is not there" 2 $?
}

unit
if command -v podman >/dev/null && command -v busybox >/dev/null; then
	containers
else
	skip containers "no podman or no busybox"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
