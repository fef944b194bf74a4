#!/bin/sh
# A rootless container, seen by its owner: a process of an ordinary user in its own network namespace.
# shellcheck source=tests/cli/lib.sh disable=SC2086
. tests/cli/lib.sh
# A process with a thread (the sanitizer's memory watch) may not enter a user namespace: setns(2).
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:hard_rss_limit_mb=0"

name="the owner of a rootless container sees its ports"
as=
if [ "$(id -u)" -eq 0 ]; then
	chmod 777 "$work"
	cp "$H" "$work/headroom"
	H=$work/headroom
	as="setpriv --reuid 65534 --regid 65534 --clear-groups"
fi
# shellcheck disable=SC2016
$as unshare -Urn sh -c 'echo 20000 20049 >/proc/sys/net/ipv4/ip_local_port_range && : >"$0" && exec sleep 600' \
	"$work/ready" 2>/dev/null &
pid=$!
# Until it is sleep(1): not before can its owner look into it.
settled() { is_called "$pid" sleep || ! kill -0 "$pid"; }
until_true settled
if [ -e "$work/ready" ]; then
	check "$name" 3 '^headroom: FAIL ephemeral-ports 96%' '' $as "$H" audit --pid "$pid" --connections 48
	check "and is told which limits that user has" 0 '*' '' \
		$as "$H" audit --pid "$pid" --connections 10 -o json:audit.json -o text:out.txt
	same "an ordinary user there" yes \
		"$(grep -A4 '"vantage.uid"' audit.json | grep -q "\"value\":[[:space:]]*$($as id -u)," && echo yes)"
	kill "$pid"
else
	skip "$name" "user namespaces are not to be had here"
fi

# A process with a root directory of its own: a snapshot has the names that it knows, and nothing that a link of its
# leads to outside.
kept() { # kept HOSTS: what the snapshot of such a process has of it
	rm -rf root snapshot && mkdir -p root/etc && cp -P "$1" root/etc/hosts
	python3 -c 'import os, time; os.chroot("root"); os.open("/ready", os.O_CREAT); time.sleep(600)' &
	pid=$!
	until_true [ -e root/ready ]
	"$H" facts --pid "$pid" --snapshot snapshot >/dev/null 2>&1
	kill "$pid"
	cat snapshot/etc/hosts 2>/dev/null
}
name="the snapshot of a process has its hosts file"
if [ "$(id -u)" -eq 0 ]; then
	echo "192.0.2.9 only.there" >names
	echo "192.0.2.9 out.of.reach" >secret
	ln -s "$PWD/secret" link
	same "$name" "192.0.2.9 only.there" "$(kept names)"
	same "but not what a link there leads to" "" "$(kept link)"
else
	skip "$name" "needs root"
fi

# A virtual machine without ERL_MAX_PORTS has the default number of ports, and so it has in a snapshot.
cp "$(command -v sleep)" beam.smp
ports() { # ports OPTION…: of the only one that is called so
	"$H" facts "$@" -o json 2>/dev/null | python3 -c 'import json, sys
print(*[f["value"] for f in json.load(sys.stdin)["facts"] if f["key"] == "beam.port_limit"])'
}
for want in 65536 4096; do
	variable=
	[ "$want" = 65536 ] || variable=ERL_MAX_PORTS=3000
	# shellcheck disable=SC2086
	env -u ERL_MAX_PORTS $variable ./beam.smp 600 &
	pid=$!
	until_true is_called "$pid" beam.smp
	rm -rf machine && "$H" facts --pid "$pid" --snapshot machine >/dev/null 2>&1
	same "a machine with $want ports" "$want" "$(ports --pid "$pid")"
	same "in a snapshot, too" "$want" "$(ports --facts machine)"
	kill "$pid"
done
