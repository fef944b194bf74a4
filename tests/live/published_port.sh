#!/bin/bash
# headroom calibrate conntrack --published: a published port made here as a container engine makes it (nf_tables
# rules to a server in another namespace), and one behind a userland proxy; then a container of podman itself, from an
# image made here of busybox, where both are installed. Private network namespaces; nothing is pulled.
#
# Usage: tests/live/published_port.sh BUILD_DIR
set -u
build=$1
passed=0
failed=0
check() { # check TITLE EXPECTED FILTER ARGUMENT…
	local title=$1 expected=$2 filter=$3 found
	shift 3
	found=$("$build/headroom" calibrate conntrack "$@" --no-history -o json 2>&1 | jq -r ".calibration[0] | $filter" 2>&1)
	if [ "$found" = "$expected" ]; then
		echo "ok - $title: $found"
		passed=$((passed + 1))
	else
		echo "not ok - $title: $found, not $expected"
		failed=$((failed + 1))
	fi
}
server() { # server PORT [ADDRESS PORT]: accepts for 20 seconds, and passes each on to the other address
	exec python3 - "$@" <<-'END'
		import socket, sys
		listener = socket.socket()
		listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		listener.bind(("0.0.0.0", int(sys.argv[1])))
		listener.listen(64)
		listener.settimeout(20)
		kept = []
		try:
		    while True:
		        kept.append(listener.accept())
		        if len(sys.argv) > 2:
		            kept.append(socket.create_connection((sys.argv[2], int(sys.argv[3]))))
		except OSError:
		    pass
	END
}
inside() {
	unshare -n sleep 30 &
	local other=$!
	sleep 0.3
	ip link set lo up
	ip link add outer type veth peer name inner
	ip link set inner netns $other
	ip addr add 198.18.8.1/24 dev outer
	ip link set outer up
	nsenter -t $other -n sh -c 'ip link set lo up; ip addr add 198.18.8.2/24 dev inner; ip link set inner up
		ip route add default via 198.18.8.1'
	nft -f - <<-'END'
		table ip nat {
			chain out {
				type nat hook output priority -100;
				ip daddr 198.18.8.1 tcp dport 8080 dnat to 198.18.8.2:80;
			}
		}
	END
	nsenter -t $other -n "$0" "$build" server 80 &
	local servers=$!
	"$0" "$build" server 8081 198.18.8.2 80 &
	servers+=" $!"
	sleep 1
	check "a published port" "1 1" '"\(.entries_engine) \(.measured)"' --published 198.18.8.1:8080 --role server --nat publish
	check "the port alone, found by itself" 1 .entries_engine --published auto
	check "behind a userland proxy" "2 2" '"\(.entries_engine) \(.measured)"' --published 198.18.8.1:8081 --role server --nat publish
	check "nobody there" "not run: a connection to 127.0.0.1:9 fails (ECONNREFUSED)" .engine --published 127.0.0.1:9
	check "not asked for" "not run: not requested; to open 16 connections to a container's port: --published auto" .engine
	# shellcheck disable=SC2086  # a list of pids
	kill $servers $other
	wait
	echo "$passed passed, $failed failed, 0 skipped"
	[ "$failed" -eq 0 ]
}
# In namespaces of its own for network and mounts.
container() {
	local work pod
	work=$(mktemp -d) || exit 1
	ip link set lo up
	umount /sys/fs/cgroup/unified 2>/dev/null # podman would take a host of both versions for one of version 2
	mkdir -p "$work/root/bin" "$work/root/www"
	cp "$(command -v busybox)" "$work/root/bin/httpd"
	pod=(podman --root "$work/store" --runroot "$work/run" --storage-driver=vfs)
	if tar -C "$work/root" -c . | "${pod[@]}" import - headroom-test >/dev/null 2>"$work/why" &&
		"${pod[@]}" run -d --cgroups=disabled --ulimit nofile=4096:8192 --ulimit nproc=4096:8192 -p 18080:80 \
			headroom-test /bin/httpd -f -p 80 -h /www >/dev/null 2>"$work/why"
	then
		sleep 1
		check "podman: a published port" "1 1" '"\(.entries_engine) \(.measured)"' --published auto --role server \
			--nat publish
	else
		echo "ok - podman: a published port # SKIP $(tail -1 "$work/why")"
	fi
	"${pod[@]}" rm -f -t 0 -a >/dev/null 2>&1
	rm -rf "$work"
	[ "$failed" -eq 0 ]
}

case ${2:-} in
container)
	container
	exit
	;;
server)
	shift 2
	server "$@"
	exit
	;;
inside)
	inside
	exit
	;;
esac
for program in ip unshare nsenter nft jq python3; do
	if ! command -v "$program" >/dev/null; then
		echo "ok - published ports # SKIP $program is not installed"
		exit 77
	fi
done
if [ "$(id -u)" -ne 0 ] || ! unshare -n true 2>/dev/null; then
	echo "ok - published ports # SKIP needs root and the right to make network namespaces"
	exit 77
fi
if command -v podman >/dev/null && command -v busybox >/dev/null; then
	unshare -n -m "$0" "$build" container || failed=1
else
	echo "ok - podman: a published port # SKIP podman or busybox is not installed"
fi
unshare -n "$0" "$build" inside && [ "$failed" -eq 0 ]
