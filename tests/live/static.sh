#!/bin/sh
# The static headroom in roots that have little or nothing: does it say what build/headroom says outside of them?
# Usage: tests/live/static.sh BUILD [quick | RELEASE…]     as root, after `make static`
# The empty root and one with BusyBox; unless it is to be quick, also those of Debian's releases (10 to 13) that the
# mirror of this machine still has. Prints TAP.
set -u
build=$1
program=$PWD/build/static/headroom
top=$PWD
ordinary=$top/$build/headroom
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then
	echo "1..0 # SKIP needs root and namespaces of its own"
	exit 77
fi
# Mounts end with this process.
[ -n "${INSIDE:-}" ] || INSIDE=1 exec unshare -m "$0" "$@"
work=$(mktemp -d) || exit 1
trap 'umount "$work"/*/dev "$work"/*/proc 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
export SOURCE_DATE_EPOCH=1790000000 HEADROOM_HISTORY=off HOME=/nonexistent LANG=C.UTF-8
chroot=$(command -v chroot) || exit 1
count=0 failed=0 emulator=

verdict() { # verdict NAME COMPLAINT
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		failed=$((failed + 1))
		echo "not ok $count - $1"
		echo "$2" | head -n 8 | sed 's/^/#   /'
	fi
}

# both NAME ARGUMENT…: the same output, errors and exit status in the root as outside of it?
both() {
	name=$1
	shift
	(cd "$root" && "$ordinary" "$@") >"$work/want" 2>"$work/want.err" </dev/null
	echo "exit $?" >>"$work/want.err"
	env -i SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH HEADROOM_HISTORY=off LANG=$LANG HOME=$HOME \
		"$chroot" "$root" $emulator /headroom "$@" >"$work/got" 2>"$work/got.err" </dev/null
	echo "exit $?" >>"$work/got.err"
	verdict "$kind: $name" "$(diff "$work/want" "$work/got"; diff "$work/want.err" "$work/got.err")"
}

# has NAME PATTERN STATUS COMMAND…: in the root
has() {
	name=$1 pattern=$2 want=$3
	shift 3
	env -i SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH HEADROOM_HISTORY=off PATH=/bin:/usr/bin LANG=$LANG \
		"$chroot" "$root" "$@" >"$work/got" 2>&1 </dev/null
	got=$?
	complaint=$(head -n 6 "$work/got")
	[ "$got" -eq "$want" ] && grep -qE -- "$pattern" "$work/got" && complaint=
	verdict "$kind: $name" "${complaint:+exit $got, not $want, or not \"$pattern\": $complaint}"
}

put() { # the file, and what is to be read
	cp "$program" "$root/headroom"
	"$ordinary" facts --facts "$top/tests/hosts/debian-default" -o "$root/facts.json" >/dev/null
	cp -r "$top/tests/plan" "$root/plan"
	cp -r "$top/tests/lint" "$root/lint" 2>/dev/null || :
	(umask 077 && echo secret >"$root/token")
	tar -C "$root" -czf "$root/hosts.tar.gz" facts.json
	cat >"$root/job.yaml" <<-'END'
		apiVersion: batch/v1
		kind: Job
		metadata: {name: load}
		spec:
		  template:
		    spec:
		      containers:
		      - {name: wrk, image: wrk, args: [wrk, -c400, -d60s, "http://10.0.0.7:8080/"]}
	END
}

# Everything that needs no kernel.
compare() {
	for format in text json markdown junit github; do
		both "audit as $format" audit ws-client --facts facts.json --connections 15000 -o $format
	done
	both "a YAML plan" audit ./job.yaml --facts facts.json --nofile 65536 -o json
	both "an XML plan" workload -- jmeter -n -t plan/plan.jmx
	both "another" workload -- tsung -f plan/tsung.xml start
	both "XML that is broken" workload -- jmeter -n -t facts.json
	both "facts" facts --facts facts.json -o json
	both "why" why --facts facts.json "connect: cannot assign requested address"
	both "fix" fix ws-client --facts facts.json --connections 60000
	both "a playbook" fix ws-client --facts facts.json --connections 60000 --emit ansible -o -
	both "size" size ws-client --facts facts.json --connections 200000 -o json
	both "a fleet" fleet ws-client --connections 100 facts.json -o json
	both "a fleet from a tar file" fleet ws-client --connections 100 hosts.tar.gz -o json
	both "lint" lint lint --set net.ipv4.ip_local_port_range="32768 60999" -o json
	both "explain" explain ephemeral-ports --facts facts.json
	both "rules" rules lint
	both "a schema" schema audit
	has "HTML is refused by name" 'headroom-helper, which writes HTML, PDF and PNG, is missing' 1 \
		/headroom audit ws-client --facts facts.json -q -o a.html
	has "HTTP is refused by name" 'headroom-http, which speaks HTTP, is missing' 1 \
		/headroom attach redmine:1 facts.json --url https://tickets.example --token-file token
}

live() { # what looks at this machine, with /proc and /dev as every container has them
	mkdir -p "$root/proc" "$root/dev"
	mount -t proc proc "$root/proc" && mount --bind /dev "$root/dev" || return
	has "facts of this machine" '"net.ipv4.ip_local_port_range|"schema"' 0 /headroom facts -o json
	has "a gate" 'headroom: ' 0 /headroom gate --force --connections 5 --destinations 127.0.0.1:9 --lifetime 1 -- "$@"
	has "a calibration" '1 of 1 agree' 0 /headroom calibrate fds
	umount "$root/dev" "$root/proc"
}

shift
[ $# -gt 0 ] || set -- buster bullseye bookworm trixie

kind="empty root"
root=$work/empty
mkdir "$root"
put
compare
has "facts of this machine without /proc are unknown, not good" 'UNKNOWN' 4 /headroom audit ws-client -q
live /headroom --version

kind="BusyBox"
if command -v busybox >/dev/null && ! ldd "$(command -v busybox)" >/dev/null 2>&1; then
	root=$work/busybox
	mkdir -p "$root/bin" "$root/tmp"
	cp "$(command -v busybox)" "$root/bin/busybox"
	chroot "$root" /bin/busybox --install -s /bin
	put
	live sh -c 'sleep 1'
else
	verdict "a root with BusyBox # SKIP busybox-static is not installed" ""
fi

# shellcheck disable=SC2016  # apt's own names
mirror=$(apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(CODENAME)' | sed -nE 's/^Debian\|(.*)\|[a-z]+$/\1/p' | head -n 1)
for release; do
	[ "$release" != quick ] || continue
	kind="Debian $release"
	root=$work/$release
	# Unpacked, not configured: nothing in it has to run but its shell.
	if ! debootstrap --foreign --variant=minbase "$release" "$root" "$mirror" >"$work/bootstrap.log" 2>&1; then
		verdict "$kind # SKIP $(tail -n 1 "$work/bootstrap.log")" ""
		continue
	fi
	put
	compare
	live sh -c 'sleep 1'
	rm -rf "$root"
done
# Another processor, emulated: what reads documents and no kernel.
other=$PWD/build/static/headroom-arm64
kind="arm64 under qemu-user"
if [ -x "$other" ] && command -v qemu-aarch64-static >/dev/null; then
	root=$work/arm64
	mkdir -p "$root/plan"
	cp "$other" "$root/headroom"
	cp "$(command -v qemu-aarch64-static)" "$root/qemu"
	"$ordinary" facts --facts "$top/tests/hosts/debian-default" -o "$root/facts.json" >/dev/null
	"$ordinary" audit ws-client --facts "$root/facts.json" --connections 15000 -q -o "$root/audit.json" >/dev/null
	emulator=/qemu
	both "version" --version
	both "audit" audit ws-client --facts facts.json --connections 15000 -o json
	both "report" report audit.json -o markdown
	both "report as JUnit" report audit.json -o junit
else
	verdict "$kind # SKIP needs make static ARCH=arm64 and qemu-user-static" ""
fi
echo "1..$count"
[ "$failed" -eq 0 ]
