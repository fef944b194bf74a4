#!/bin/bash
# Incidents, made in namespaces and groups of their own: one command, `headroom why --pid N`, has the cause first, and
# what it prints as "Fix now", pasted as it is, ends the failure. What makes them (incident.py, nginx) has no code of
# headroom.
#
# Usage: tests/live/why.sh BUILD_DIR [all]       all: with what takes more than a few seconds
#
# Settings of this machine are left alone: where the fix is one, it is compared and not pasted, and that is said
# (LIVE_HOST_SETTINGS=1 pastes it, and puts it back).
set -u
build=$(cd "${1:-build}" && pwd) || exit 1
all=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
H=$build/headroom
export HEADROOM_HISTORY=off LANG=C.UTF-8 PYTHONUNBUFFERED=1
if [ "$(id -u)" -ne 0 ] || ! unshare -nm true 2>/dev/null || ! command -v python3 >/dev/null; then
	echo "ok - incidents # SKIP needs root, python3 and the right to make namespaces"
	exit 77
fi
work=$(mktemp -d) && chmod 755 "$work" && cd "$work" || exit 1
pids="" groups="" failures=0
declare -A settings=()

# put_back: settings of this machine that a fix has changed, also where a test was broken off
put_back() {
	for key in "${!settings[@]}"; do sysctl -qw "$key=${settings[$key]}"; done
	settings=()
}

clean_up() {
	put_back
	for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
	for pid in $pids; do wait "$pid" 2>/dev/null; done
	for group in $groups; do rmdir "$group" 2>/dev/null; done
	cd / && rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

ok() { echo "ok - $1"; }
not_ok() {
	failures=$((failures + 1))
	echo "not ok - $1"
	shift
	printf '#   %s\n' "$@"
}
skip() { echo "ok - $1 # SKIP $2"; }
same() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "want: $2" "got:  $3"; fi; }

# until_says FILE PATTERN: its last line fits within 10 s
until_says() {
	for _ in $(seq 200); do
		tail -n 1 "$1" 2>/dev/null | grep -Eq "$2" && return 0
		sleep 0.05
	done
	return 1
}

# begin KIND ERRNO [COMMAND…]: starts the incident (with COMMAND… before it), and waits until it fails
begin() {
	kind=$1 want=$2
	shift 2
	: >"$kind.status"
	chmod 666 "$kind.status"
	"$@" "$here/incident.py" "$kind" "$work/$kind.status" 2>"$kind.err" &
	pid=$!
	pids="$pids $pid"
	until_says "$kind.status" "^failed $want$" && return 0
	not_ok "$kind: it fails" "$(tail -n 1 "$kind.status")" "$(tail -n 2 "$kind.err")"
	return 1
}

# In a network namespace with 10.99.0.2, and 200 ports.
own_network() {
	exec unshare -n sh -c 'ip link set lo up && ip addr add 10.99.0.2/32 dev lo &&
		echo 40000 40199 >/proc/sys/net/ipv4/ip_local_port_range && exec "$@"' sh "$@"
}

# asked NAME ID [STRENGTH…]: one command has the cause first; the commands of its first fix are in ./fix
asked() {
	local name=$1 id=$2 strength want
	shift 2
	rm -f why.json
	"$H" why --pid "$pid" -o why.json >folded 2>&1
	sed -e :again -e '/ \\$/ { N; s/ \\\n */ /; b again' -e '}' folded >screen
	strength=$(jq -r '.causes[0].strength' why.json)
	want=full-now
	for allowed in "$@"; do [ "$allowed" = "$strength" ] && want=$allowed; done
	same "$name: the cause comes first" "$id $want" "$(jq -r '.causes[0].id' why.json) $strength"
	jq -r '.causes[0].remedies[0].commands[]' why.json >fix
	missing=""
	while IFS= read -r line; do grep -qF -- "$line" screen || missing="$missing$line"; done <fix
	same "$name: the screen has the fix as it is to be pasted" "" "$missing$([ -s fix ] || echo none)"
}

# pasted NAME: the fix ends the failure
pasted() {
	# shellcheck disable=SC2024
	if ! sh -e ./fix >fix.out 2>&1; then
		not_ok "$1: the fix can be pasted" "$(cat fix)" "$(head -n 3 fix.out)"
		return
	fi
	if until_says "$kind.status" '^worked$'; then
		ok "$1: pasted as it is, the fix ends it"
	else
		not_ok "$1: pasted as it is, the fix ends it" "$(cat fix)" "$(tail -n 1 "$kind.status")"
	fi
}

end() {
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

if begin ports EADDRNOTAVAIL own_network; then
	asked "ports, by connections" ephemeral-ports
	same "… in the namespace of the process" "nsenter -t $pid -n sysctl -w net.ipv4.ip_local_port_range=\"39000 40199\"" "$(cat fix)"
	pasted "ports, by connections"
	end
fi

if begin time-wait EADDRNOTAVAIL own_network; then
	asked "ports, by TIME_WAIT" ephemeral-ports
	same "… taken over where they wait" "nsenter -t $pid -n sysctl -w net.ipv4.tcp_tw_reuse=1" "$(cat fix)"
	pasted "ports, by TIME_WAIT"
	end
fi

if begin files EMFILE env; then
	asked "descriptors" process-fds
	pasted "descriptors"
	end
fi

# A control group of either version that may hold a limit of its own.
group=""
for parent in /sys/fs/cgroup/pids /sys/fs/cgroup; do
	mkdir "$parent/headroom-why-$$" 2>/dev/null || continue
	group=$parent/headroom-why-$$
	groups="$groups $group"
	[ -w "$group/pids.max" ] && break
	group=""
done
if [ -z "$group" ]; then
	skip "threads of a control group" "no control group with pids.max can be made"
else
	echo 20 >"$group/pids.max"
	in_group() { exec sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$@"; }
	if begin threads EAGAIN in_group; then
		asked "threads of a control group" threads
		pasted "threads of a control group"
		end
	fi
	# The kernel's log names the group that forked. The limit may be that of one above it, and is not this host's.
	echo 20 >"$group/pids.max"
	path=${group#/sys/fs/cgroup}
	path=${path#/pids}
	rejected="cgroup: fork rejected by pids controller in"
	"$H" why "$rejected $path/pod" -o json:group.json >/dev/null
	same "threads of a group that only a line names" "control group $path of 20" \
		"$(jq -r '.causes[0].now | "\(.by) of \(.capacity)"' group.json)"
	same "no setting of this host is a fix for it" "0 0" "$(jq -r '.causes[0] | "\(.fixes | length) \(.remedies | length)"' group.json)"
	says() { "$H" why "$1" -o json | jq -r '.causes[0].says'; }
	same "the limit of this host is told apart" 1 "$(says "$rejected $path/pod" | grep -c 'The limit of .* is not affected: ')"
	same "a group that is gone" 1 "$(says "$rejected $path-gone/pod" |
		grep -c "^Threads of control group $path-gone/pod: its pids.max, or that of a group above it, can no longer be seen here")"
fi

# host_setting KEY: pastes the fix only if that is allowed
host_setting() {
	if [ "${LIVE_HOST_SETTINGS:-}" != 1 ]; then
		skip "$1: pasted as it is, the fix ends it" "not run: it is a setting of this machine (LIVE_HOST_SETTINGS=1)"
		return
	fi
	before=$(sysctl -n "$2")
	settings[$2]=$before
	pasted "$1"
	put_back
	same "$1: this machine has its setting again" "$before" "$(sysctl -n "$2")"
}

export INCIDENT_UID=65431
most=$(cat /proc/sys/fs/inotify/max_user_instances)
if [ "$most" -gt 5000 ]; then
	skip "inotify instances" "this machine allows $most"
elif begin inotify EMFILE env; then
	asked "inotify instances" inotify-instances
	same "… its setting, doubled" "fs.inotify.max_user_instances" "$(grep -oE '[a-z_.]+=[0-9]+' fix | cut -d= -f1)"
	host_setting "inotify instances" fs.inotify.max_user_instances
	end
fi

# --- what takes longer, and what was recorded elsewhere

# recorded NAME ID COMMAND FACT=VALUE…: the fix of a host that is read from a file
recorded() {
	name=$1 id=$2 command=$3
	shift 3
	rm -f why.json
	set -- "${@/#/--set=}"
	"$H" why --facts "$here/../hosts/debian-default" "$@" -o why.json >screen 2>&1
	same "$name: the cause comes first, and its fix" "$id full-now $command" \
		"$(jq -r '.causes[0] | "\(.id) \(.strength) \(.remedies[0].commands | join("; "))"' why.json)"
	skip "$name: pasted as it is, the fix ends it" "not run: the host was recorded, the setting is one of a whole machine"
}
recorded "neighbor table" neighbour-table "sysctl -w net.ipv4.neigh.default.gc_thresh3=2048" \
	neighbours.count=1024 net.ipv4.neigh.default.gc_thresh3=1024
recorded "memory mappings" max-map-count "sysctl -w vm.max_map_count=131072" process.maps=65530 vm.max_map_count=65530
recorded "TCP memory" tcp-memory "sysctl -w net.ipv4.tcp_mem=\"1000 4000 4000\"" sockstat.mem_pages=2000 \
	net.ipv4.tcp_mem.min=1000 net.ipv4.tcp_mem.pressure=2000 net.ipv4.tcp_mem.max=4000
recorded "orphans" tcp-orphans "sysctl -w net.ipv4.tcp_max_orphans=131072" sockstat.orphan=65738 net.ipv4.tcp_max_orphans=65536
recorded "tracked connections" conntrack "sysctl -w net.netfilter.nf_conntrack_max=524288 net.netfilter.nf_conntrack_buckets=524288" \
	net.netfilter.nf_conntrack_count=262144 net.netfilter.nf_conntrack_max=262144

if [ "$all" != all ]; then
	[ $failures -eq 0 ]
	exit
fi

# A table of tracked connections in a namespace of its own: as many as the machine allows, all in one state.
most=$(cat /proc/sys/net/netfilter/nf_conntrack_max 2>/dev/null || echo 0)
tracked_network() {
	# shellcheck disable=SC2016
	exec unshare -n sh -c 'ip link set lo up && ip route add local 10.99.0.0/16 dev lo && nft -f - <<-END && conntrack -R "$0" >/dev/null && exec "$@"
		table inet t { chain o { type filter hook output priority 0; ct state new accept; }; }
		END' "$@"
}
entries() {
	python3 -c '
import sys
for i in range(int(sys.argv[1])):
    print(f"-I -s 10.98.0.1 -d 10.97.{i // 60000}.1 -p tcp --sport 999 --dport {1024 + i % 60000} --state {sys.argv[2]} -t {sys.argv[3]}")
' "$most" "$@" >entries
}
if [ "$most" -eq 0 ] || [ "$most" -gt 300000 ] || ! command -v nft >/dev/null || ! command -v conntrack >/dev/null; then
	skip "a full table of tracked connections" "no nft, no conntrack, or $most of them"
else
	entries ESTABLISHED "900 -u ASSURED"
	if begin conntrack EPERM tracked_network "$work/entries"; then
		asked "tracked connections" conntrack
		same "… the number is one of the whole host" "sysctl -w net.netfilter.nf_conntrack_max=$((most * 2))" "$(cat fix)"
		host_setting "tracked connections" net.netfilter.nf_conntrack_max
		end
	fi
	# Longer than this test takes: that they end by themselves is not what helps. The kernel may take some 250 of
	# them away meanwhile, which the numbers leave room for.
	entries TIME_WAIT "900 -u ASSURED"
	if begin conntrack EPERM tracked_network "$work/entries"; then
		asked "tracked connections, closed" conntrack hit-now
		jq -r '.causes[0].remedies[1].commands[]' why.json >fix
		shorter="nsenter -t $pid -n sysctl -w net.netfilter.nf_conntrack_tcp_timeout_time_wait=30"
		same "… the second fix is for them, in their namespace" \
			"$shorter; nsenter -t $pid -n conntrack -D -p tcp --state TIME_WAIT" "$(paste -sd';' fix | sed 's/;/; /g')"
		$shorter >/dev/null
		left=$(nsenter -t "$pid" -n conntrack -C)
		same "… a shorter time alone leaves the entries" yes "$([ "$left" -gt $((most - 2000)) ] && echo yes || echo "$left of $most")"
		pasted "tracked connections, closed"
		left=$(nsenter -t "$pid" -n conntrack -C)
		same "… because hardly one is left" yes "$([ "$left" -lt 1000 ] && echo yes || echo "$left of $most")"
		end
	fi
fi

# nginx with a queue that is too short: it has stopped to accept for a moment, and 300 clients come.
cat >nginx.conf <<-END
	worker_processes 1;
	daemon off;
	pid $work/nginx.pid;
	error_log $work/nginx.log;
	events { worker_connections 1000; }
	http { access_log off; client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
		uwsgi_temp_path $work/t4; scgi_temp_path $work/t5; server { listen 10.99.0.2:8080; } }
END
cat >burst.py <<-'END'
	import socket, sys, time
	held = []
	for _ in range(300):
	    client = socket.socket()
	    client.setblocking(False)
	    client.connect_ex(("10.99.0.2", 8080))
	    held.append(client)
	time.sleep(0.3)
	# A connection that is not accepted into the queue is left without an answer.
	print(sum(1 for client in held if client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) == b"\1"))
	sys.stdout.flush()
	time.sleep(float(sys.argv[1]))
END
waits() { nsenter -t "$pid" -n ss -ltnH 'sport = 8080' | awk '{ print $3 }'; }
workers() { cat /proc/"$pid"/task/*/children | xargs -r kill "$1"; }
if ! command -v nginx >/dev/null; then
	skip "accept queue of nginx" "nginx is not installed"
else
	# shellcheck disable=SC2016
	unshare -n sh -c 'ip link set lo up && ip addr add 10.99.0.2/32 dev lo && echo 128 >/proc/sys/net/core/somaxconn &&
		exec nginx -c "$0"' "$work/nginx.conf" 2>nginx.err &
	pid=$! kind=nginx
	pids="$pids $pid"
	for _ in $(seq 100); do [ "$(waits)" = 128 ] && break; sleep 0.05; done
	workers -STOP
	nsenter -t "$pid" -n python3 burst.py 5 >burst.before &
	burst=$!
	pids="$pids $burst"
	until_says burst.before '^[0-9]'
	same "accept queue: 300 clients are too many for it" 129 "$(cat burst.before)"
	asked "accept queue" accept-queue
	value=$(grep -oE 'somaxconn=[0-9]+' fix | cut -d= -f2)
	same "… what is done while it runs" "nsenter -t $pid -n sysctl -w net.core.somaxconn=$value; nginx -s reload" "$(paste -sd';' fix | sed 's/;/; /g')"
	same "… and its number in the configuration, which it says" 1 "$(jq -r '.causes[0].remedies[0].note' why.json | grep -c "Write $value there first")"
	kill "$burst" 2>/dev/null
	wait "$burst" 2>/dev/null
	sed -i "s/listen 10.99.0.2:8080/& backlog=$value/" nginx.conf
	workers -CONT
	# "nginx -s reload" finds the process by the file of its configuration.
	sed "s,^nginx -s,nginx -c $work/nginx.conf -s," fix >fix.here && mv fix.here fix
	nsenter -t "$pid" -n sh -e ./fix >fix.out 2>&1
	for _ in $(seq 100); do [ "$(waits)" = "$value" ] && break; sleep 0.05; done
	same "… after which its queue is as long" "$value" "$(waits)"
	workers -STOP
	nsenter -t "$pid" -n python3 burst.py 0 >burst.after
	same "accept queue: after the reload, all 300 are taken" 300 "$(cat burst.after)"
	workers -CONT
	kill "$pid"
	wait "$pid" 2>/dev/null
fi

[ $failures -eq 0 ]
