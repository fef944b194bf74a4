# headroom-collect, for hosts without headroom: its tree says what headroom's own snapshot says, or nothing.
. tests/cli/lib.sh
collect=$top/probes/host/collect/headroom-collect
mkdir "$work/tmp"
export TMPDIR="$work/tmp"

# What changes from one moment to the next, or tells who asks.
changing='^(memory[.](available|free)|cgroup[.](memory|pids)[.](next[.])?(current|file)|threads[.](running|of_user)|'
changing=$changing'fs[.]file-nr|host[.]uptime|vantage[.](pid|process)|process[.](fd_slots|threads)|files[.]|inotify[.]instances|'
changing=$changing'sockstat[.]|softnet[.]|netstat[.]|snmp[.]|net[.]netfilter[.]nf_conntrack_count|kubernetes[.]|beam[.]|'
# Erlang VMs and forwarders of Docker that other tests start and end.
changing=$changing'erlang[.]|ports[.]published)'
# What only netlink, an ioctl or the kernel's clock tells: here the collector may say that it was not collected.
beyond='^(listener[.](backlog|drops|room|holds|waiting|process|own)|ports[.](bound|pinned|udp_pinned|published)|'
beyond=$beyond'sockets[.](source|tcp[.]bound)|conntrack[.]|nat[.]|ena[.]|kernel[.]hz$|pools[.]|pool[.])'

# differ SNAPSHOT COLLECTED: the facts in which they differ, a line each
differ() {
	rm -f "$work/own.json" "$work/collected.json"
	"$H" facts --facts "$1" -o "$work/own.json" 2>"$work/.err" || head -n 3 "$work/.err"
	"$H" facts --facts "$2" -o "$work/collected.json" 2>"$work/.err" || head -n 3 "$work/.err"
	[ -s "$work/own.json" ] && [ -s "$work/collected.json" ] || echo 'no facts'
	jq -rn --arg changing "$changing" --arg beyond "$beyond" \
		--slurpfile own "$work/own.json" --slurpfile collected "$work/collected.json" '
		def index: [.facts[] | select(.key | test($changing) | not)
			| {key: (.key + "[" + (.instance // "") + "]"), value: [.status // "known", .value]}] | from_entries;
		($own[0] | index) as $a | ($collected[0] | index) as $b
		| (($a + $b) | keys_unsorted[]) | . as $key
		| select($a[$key] != $b[$key])
		| select(($key | test($beyond)) and ($b[$key] == null or $b[$key][0] == "skipped"
			or ($key | test("^(ports[.]bound|sockets[.]source)")))| not)
		| "\($key): own \($a[$key] | tojson), collected \($b[$key] | tojson)"'
}

# take SHELL: the tree of this host as that shell collects it, in $work/tree; what headroom keeps in $work/snapshot
take() {
	rm -rf "$work/tree" "$work/snapshot"
	mkdir "$work/tree"
	# shellcheck disable=SC2086 # words
	$in_place "$H" facts --snapshot "$work/snapshot" 2>/dev/null || return 1
	# shellcheck disable=SC2086 # words
	$in_place $1 <"$collect" >"$work/host.tar" 2>"$work/.err" || return 1
	tar -xf "$work/host.tar" -C "$work/tree"
}

# equal NAME SHELL
equal() {
	if ! take "$2"; then
		not_ok "$1" "$(head -c 300 "$work/.err")"
		return
	fi
	same "$1: nothing on standard error" '' "$(cat "$work/.err")"
	same "$1: the facts of headroom's own snapshot" '' "$(differ "$work/snapshot" "$work/tree"/*)"
	same "$1: nothing is left" '' "$(ls "$work/tmp")"
	bytes=$(wc -c <"$work/host.tar")
	if [ "$bytes" -lt 4000000 ]; then
		ok "$1: it is small"
	else
		not_ok "$1: it is small" "$bytes bytes"
	fi
}

in_place=
if unshare -n true 2>/dev/null; then
	in_place='unshare -n'
	cat >odd <<-'EOT'
		#!/bin/sh
		ip link set lo up 2>/dev/null
		echo 30000 31000 >/proc/sys/net/ipv4/ip_local_port_range
		echo 30500-30600 >/proc/sys/net/ipv4/ip_local_reserved_ports
		echo 77 >/proc/sys/net/core/somaxconn
		ulimit -n 700
		exec "$@"
	EOT
	chmod +x odd
	in_place="unshare -n $work/odd"
else
	changing="$changing|^sockets[.]|^destination[.]|^listener[.]|^ports[.]"
fi

shells=sh
command -v dash >/dev/null && shells='sh dash'
command -v bash >/dev/null && shells="$shells bash"
for shell in $shells; do equal "$shell" "$shell -s"; done

if command -v busybox >/dev/null; then
	mkdir busybox
	for applet in $(busybox --list); do ln -s "$(command -v busybox)" "busybox/$applet"; done
	saved=$PATH
	PATH=$work/busybox:$PATH
	equal 'BusyBox' "$work/busybox/ash -s"
	PATH=$saved
else
	skip 'BusyBox' 'busybox is not installed'
fi

if [ -n "$in_place" ]; then
	same 'the odd range is in it' '30000	31000' "$(cat "$work"/tree/*/proc/sys/net/ipv4/ip_local_port_range)"
	same 'and the limit' 700 "$(awk '/^Max open files/ {print $4}' "$work"/tree/*/proc/self/limits)"
	"$H" audit --connections 5000 --facts "$work"/tree/* >"$work/.out" 2>&1
	same 'which an audit finds' 3 "$?"
fi

# sockets in every state that /proc lists, where headroom reads them through netlink
if [ -n "$in_place" ] && command -v python3 >/dev/null; then
	cat >busy <<-'EOT'
		#!/usr/bin/env python3
		"""Listeners, connections and TIME_WAIT in this network namespace, then the command."""
		import socket, subprocess, sys, time
		subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
		kept = []
		server = socket.socket()
		server.bind(("127.0.0.1", 30100))
		server.listen(50)
		six = socket.socket(socket.AF_INET6)
		six.bind(("::1", 30101))
		six.listen(5)
		for i in range(20):
		    client = socket.create_connection(("127.0.0.1", 30100))
		    peer = server.accept()[0]
		    if i % 2:
		        client.close()
		        peer.close()
		    kept += [client, peer]
		udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		udp.bind(("127.0.0.1", 30200))
		time.sleep(1.1)  # after a second the ports of TIME_WAIT may be taken over
		sys.exit(subprocess.run(sys.argv[1:]).returncode)
	EOT
	chmod +x busy
	if command -v ip >/dev/null; then
		in_place="unshare -n $work/odd $work/busy"
		# both in one namespace, as the sockets are
		cat >both <<-EOT
			#!/bin/sh
			"$H" facts --snapshot "$work/snapshot" 2>/dev/null && sh -s <"$collect" >"$work/host.tar"
		EOT
		chmod +x both
		rm -rf "$work/tree" "$work/snapshot"
		mkdir "$work/tree"
		$in_place "$work/both" && tar -xf "$work/host.tar" -C "$work/tree"
		same 'with sockets: the facts of headroom'"'"'s own snapshot' '' "$(differ "$work/snapshot" "$work/tree"/*)"
		same 'they are there' 10 \
			"$(jq '.facts[] | select(.key == "sockets.tcp.time_wait").value' "$work/collected.json")"
		in_place="unshare -n $work/odd"
	else
		skip 'with sockets' 'ip is not installed'
	fi
fi

# boot files of every kind, in an /etc that only this test sees
if [ -n "$in_place" ] && unshare -m true 2>/dev/null; then
	cp -a /etc etc
	rm -rf etc/sysctl.d etc/modprobe.d etc/modules-load.d
	mkdir -p etc/sysctl.d etc/modprobe.d etc/modules-load.d etc/security/limits.d etc/systemd/system.conf.d etc/tuned/own \
		etc/systemd/system/multi-user.target.wants
	echo 'net.core.somaxconn = 1234' >etc/sysctl.d/10-a.conf
	echo 'net.core.somaxconn = 2345' >etc/sysctl.d/20-b.conf
	echo 'net.ipv4.tcp_max_syn_backlog = 99' >etc/elsewhere
	ln -s ../elsewhere etc/sysctl.d/30-link.conf
	ln -s /dev/null etc/sysctl.d/50-pid-max.conf
	ln -s ../sysctl.conf etc/sysctl.d/99-sysctl.conf
	ln -s /nonexistent etc/sysctl.d/60-dangling.conf
	mkfifo etc/sysctl.d/70-fifo.conf
	mkdir etc/sysctl.d/80-directory.conf
	echo 'fs.file-max = 777777' >>etc/sysctl.conf
	echo 'options nf_conntrack hashsize=4096' >etc/modprobe.d/nf.conf
	echo nf_conntrack >etc/modules-load.d/nf.conf
	printf 'root hard nofile 4444\nroot soft nofile 3333\n' >etc/security/limits.d/50.conf
	printf '[Manager]\nDefaultEnvironment=TOKEN=s3cr3t\n\nDefaultLimitNOFILE=5555:6666\n' >etc/systemd/system.conf.d/10.conf
	printf 'own\n' >etc/tuned/active_profile
	printf '[main]\ninclude=base\n[sysctl]\nnet.core.netdev_max_backlog=4321\n' >etc/tuned/own/tuned.conf
	mkdir etc/tuned/base
	printf '[main]\ninclude=own\n[sysctl]\nnet.ipv4.tcp_max_tw_buckets=54321\n' >etc/tuned/base/tuned.conf
	ln -s /usr/lib/systemd/system/tuned.service etc/systemd/system/multi-user.target.wants/tuned.service
	cat >with-etc <<-EOT
		#!/bin/sh
		mount --bind "$work/etc" /etc && exec "$work/odd" "\$@"
	EOT
	chmod +x with-etc
	before=$in_place
	in_place="unshare -n -m $work/with-etc"
	# A link to another file: headroom keeps the link, the collector what it leads to.
	saved=$changing
	changing="$changing|^boot[.]net[.]ipv4[.]tcp_max_syn_backlog"
	equal 'boot files of every kind' 'sh -s'
	same 'the unreadable ones are named' 2 "$(grep -c -e '^etc/sysctl.d/[78].*EINVAL' "$work"/tree/*/MANIFEST)"
	same 'a link leads somewhere' 99 "$(jq '.facts[] | select(.key == "boot.net.ipv4.tcp_max_syn_backlog").value' "$work/collected.json")"
	same 'each has its fact' '4444,5555,54321' "$(jq -r '[.facts[] | select(.key == "boot.limits.nofile.hard" or
		.key == "boot.systemd.default_nofile.soft" or .key == "boot.net.ipv4.tcp_max_tw_buckets").value] | sort | map(tostring) |
		join(",")' "$work/collected.json")"
	same 'the lines of a file keep their numbers' 4 \
		"$(jq '.facts[] | select(.key == "boot.systemd.default_nofile.soft").line' "$work/collected.json")"
	same 'without the other settings of systemd' 0 "$(grep -c s3cr3t "$work/host.tar")"
	head -c 2000000 /dev/zero | tr '\0' '#' >etc/sysctl.d/90-big.conf
	equal 'a file of two megabytes' 'sh -s'
	changing=$saved
	same 'is not in it' 1 "$(grep -c '^etc/sysctl.d/90-big.conf.EFBIG' "$work"/tree/*/MANIFEST)"
	rm etc/sysctl.d/90-big.conf
	for number in $(seq 1 700); do echo "fs.nr_open = $number" >"etc/modprobe.d/$number.conf"; done
	take 'sh -s'
	same 'a directory of too many files is bounded' 1 "$(($(find "$work"/tree -type f | wc -l) < 620))"
	same 'and what was left out is named' 1 "$(($(grep -c 'EFBIG' "$work"/tree/*/MANIFEST) > 50))"
	in_place=$before
	rm -rf etc
else
	skip 'boot files of every kind' 'no private mount namespace'
fi

# another user, who may not read everything
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	as_other='setpriv --reuid 65534 --regid 65534 --clear-groups'
	chmod 1777 "$work/tmp"
	chmod 755 "$work"
	mkdir -m 777 other
	if $as_other test -r "$collect" -a -x "$H"; then
		before=$in_place
		in_place="$in_place $as_other"
		snapshot_in=$work/other
		rm -rf "$work/tree"
		mkdir "$work/tree"
		$in_place "$H" facts --snapshot "$snapshot_in/snapshot" 2>/dev/null
		$in_place sh "$collect" >host.tar 2>.err
		tar -xf host.tar -C tree
		same 'another user: the facts of headroom'"'"'s own snapshot' '' "$(differ "$snapshot_in/snapshot" "$work/tree"/*)"
		in_place=$before
	else
		skip 'another user' 'the program is not readable for others'
	fi
else
	skip 'another user' 'not root'
fi

# Neither command lines nor the environment are kept, nor passwords of /etc/passwd.
printf '#!/bin/sh\nwhile sleep 0.2; do :; done\n' >docker-proxy
chmod +x docker-proxy
./docker-proxy -host-port 8080 --password s3cr3t-word &
other=$!
until_true is_called "$other" docker-proxy
SECRET=s3cr3t-env sh -s <"$collect" >secret.tar
kill "$other" 2>/dev/null
wait "$other" 2>/dev/null
same 'no secret is in it' 0 "$(grep -c s3cr3t secret.tar)"
same 'the published port is' 1 "$(tar -xOf secret.tar | grep -ac -- -host-port)"
same 'a passwd line without password' 1 "$(tar -xOf secret.tar --wildcards '*/etc/passwd' | grep -c '^[^:]*:x:[0-9]*:[0-9]*:::$')"

# Erlang VMs, by their name alone: the flags that count, and no cookie.
printf '#!/bin/sh\nwhile sleep 0.2; do :; done\n' >beam.smp
chmod +x beam.smp
ERL_MAX_PORTS=4096 ./beam.smp -P 300000 -- -root /opt -sname rabbit@here -setcookie s3cr3t-cookie -extra -Q 5 &
first=$!
./beam.smp -Q 70000 -- -name other@here.example -Q 9 &
second=$!
until_true is_called "$first" beam.smp
until_true is_called "$second" beam.smp
rm -rf tree snapshot
mkdir tree
"$H" facts --snapshot snapshot 2>/dev/null
sh -s <"$collect" >beam.tar
kill "$first" "$second" 2>/dev/null
wait "$first" "$second" 2>/dev/null
tar -xf beam.tar -C tree
for from in snapshot tree/*; do
	"$H" facts --facts "$from" -o beam.json 2>/dev/null
	jq -c --arg first $first --arg second $second '[.facts[] | select((.key | test("^beam[.]")) and
		(.instance == $first or .instance == $second)) | [.key, .instance, .status, .value]] | sort' beam.json
done >beam.txt
same 'two VMs have facts' 13 "$(head -n 1 beam.txt | jq length)"
same 'Erlang VMs: the facts of headroom'"'"'s own snapshot' "$(head -n 1 beam.txt)" "$(tail -n 1 beam.txt)"
same 'without the cookie' 0 "$(grep -c s3cr3t beam.tar)"

# It ends early: nothing is left, and what is there is no tar file that looks whole.
mkdir slow
printf '#!/bin/sh\nsleep 5\n' >slow/tar
chmod +x slow/tar
has_begun() { [ -n "$(ls "$work/tmp")" ]; }
for signal in TERM HUP; do
	PATH=$work/slow:$PATH sh "$collect" >early.tar 2>/dev/null &
	early=$!
	until_true has_begun
	kill -$signal "$early"
	wait "$early" 2>/dev/null
	same "$signal: nothing is left" '' "$(ls "$work/tmp")"
	same "$signal: no tar file" 0 "$(wc -c <early.tar)"
done

check 'its help' 0 '^usage: headroom-collect' '' sh "$collect" --help
check 'an argument' 2 '' '^usage: ' sh "$collect" host.tar

# A Mac. Nobody had one: uname, sysctl, launchctl and vm_stat print here what they printed on Macs whose owners have
# published it, each value from one of them.
mkdir mac
cat >mac/uname <<'EOT'
#!/bin/sh
case $1 in
-s) echo Darwin ;;
*) echo macbook.local ;;
esac
EOT
cat >mac/sysctl <<'EOT'
#!/bin/sh
grep "^$1:" "$0.values" || { echo "sysctl: unknown oid '$1'" >&2; exit 1; }
EOT
cat >mac/sysctl.values <<'EOT'
hw.logicalcpu: 10
hw.memsize: 34359738368
kern.hostname: macbook.local
kern.ipc.somaxconn: 128
kern.maxfiles: 49152
kern.maxfilesperproc: 24576
kern.num_files: 6200
kern.num_taskthreads: 4096
kern.osproductversion: 15.1
kern.osrelease: 24.1.0
net.inet.ip.portrange.hilast: 65535
net.inet.ip.portrange.hifirst: 49152
net.inet.ip.portrange.last: 65535
net.inet.ip.portrange.first: 49152
net.inet.tcp.msl: 15000
vm.pagesize: 16384
EOT
cat >mac/launchctl <<'EOT'
#!/bin/sh
printf '\tmaxfiles    256            unlimited      \n'
EOT
cat >mac/vm_stat <<'EOT'
#!/bin/sh
cat <<'END'
Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                     9436.
Pages active:                                 774260.
Pages inactive:                               915780.
Pages speculative:                              1639.
Pages throttled:                                   0.
Pages wired down:                             184732.
Pages purgeable:                               22877.
"Translation faults":                       37287533.
END
EOT
chmod +x mac/uname mac/sysctl mac/launchctl mac/vm_stat
if command -v bash >/dev/null; then
	PATH=$work/mac:$PATH bash -c 'ulimit -n 256; exec bash "$1"' - "$collect" >mac.tar
	tar -xf mac.tar
	check 'a Mac' 0 'macbook.local, as ' '' "$H" facts --facts macbook.local
	"$H" facts --facts macbook.local -o mac.json 2>/dev/null
	same 'its facts' '["darwin","macOS 15.1",49152,15,24576,256,15185592320]' "$(jq -c '[.facts[] |
		{(.key): .value}] | add | [.["os.name"], .["os.pretty"], .["net.inet.ip.portrange.first"],
		.["net.inet.tcp.msl"], .["kern.maxfilesperproc"], .["limits.nofile.soft"], .["memory.available"]]' mac.json)"
	check 'its open files' 3 'needs 2,010 open files, and the' '*' "$H" audit --connections 2000 --lifetime 1h --facts macbook.local
	check 'what is in use there is not known' 4 UNKNOWN '*' "$H" audit --connections 100 --lifetime 1h --facts macbook.local
else
	skip 'a Mac' 'bash is not installed'
fi

# What makes containers: a configuration that sets nothing is collected as that, one that sets something stays out.
engine() { # engine TITLE WANTED DAEMON.JSON: limits of a new container by what was collected of such a host
	rm -rf "$work/tree"
	mkdir "$work/tree"
	cat >"$work/engine.sh" <<-'EOT'
		mkdir "$WORK/engine" && mount -t tmpfs tmpfs "$WORK/engine" && cp -a /etc "$WORK/engine/etc" &&
			mount --bind "$WORK/engine/etc" /etc || exit 77
		mkdir -p /etc/docker /etc/systemd/system
		printf '[Service]\nEnvironment=KEY=secret\nLimitNOFILE=3000:4000\n' >/etc/systemd/system/docker.service
		[ -z "$SETTINGS" ] || printf '%s' "$SETTINGS" >/etc/docker/daemon.json
		prlimit --nofile=3000:4000 "$WORK/dockerd" 60 &
		daemon=$!
		until [ "$(cat /proc/$daemon/comm)" = dockerd ]; do sleep 0.1; done
		sh "$COLLECT" >"$WORK/host.tar"
		code=$?
		kill $daemon
		exit $code
	EOT
	SETTINGS=$3 WORK=$work COLLECT=$collect unshare -m sh "$work/engine.sh"
	code=$?
	rmdir "$work/engine" 2>/dev/null
	if [ $code -eq 77 ]; then
		skip "$1" "no mount namespace here"
		return
	fi
	tar -xf "$work/host.tar" -C "$work/tree"
	"$H" facts --container new --facts "$work/tree"/* -o json >"$work/engine.json" 2>"$work/.err"
	same "$1" "$2" "$(jq -r '.facts[] | select(.key == "limits.nofile.soft" and .instance == "") | .value // .status' "$work/engine.json"
		cat "$work/.err")"
	same "$1: no secret" '' "$(grep -r -l secret "$work/tree")"
}
if [ "$(id -u)" -eq 0 ] && command -v unshare >/dev/null && command -v prlimit >/dev/null; then
	cp "$(command -v sleep)" "$work/dockerd"
	engine "the files of an engine that sets nothing" 3000 ''
	engine "a daemon.json without limits" 3000 '{"proxies": {"http-proxy": "http://u:secret@p"}}'
	engine "one with limits is not collected, and so unknown" skipped \
		'{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 9, "Hard": 9}}, "x": "secret"}'
else
	skip "engines" "not root, or no unshare"
fi
