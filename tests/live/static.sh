#!/bin/sh
# The static headroom in roots that have little or nothing: does it say what build/headroom says outside of them?
# Usage: tests/live/static.sh BUILD [quick | RELEASE…]     as root, after `make static`
#        tests/live/static.sh BUILD arm64                  after `make static ARCH=arm64`
# The empty root and one with BusyBox; unless it is to be quick, also those of Debian's releases (10 to 13) that the
# mirror of this machine still has. arm64: the file for that processor in an empty root under qemu-user, then on an
# emulated machine with Debian's kernel for arm64, which has what qemu-user has not (seccomp, its own limits); KERNEL=FILE is
# another one. Prints TAP.
set -u
build=$1
program=$PWD/build/static/headroom
top=$PWD
ordinary=$top/$build/headroom
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then
	echo "1..0 # SKIP needs root and namespaces of its own"
	exit 77
fi
# Mounts end with this process; so does, in a user namespace of its own, who runs programs of another processor.
if [ -z "${INSIDE:-}" ]; then
	export INSIDE=1
	[ "${2:-}" != arm64 ] || exec unshare -m -U -r "$0" "$@"
	exec unshare -m "$0" "$@"
fi
work=$(mktemp -d) || exit 1
trap 'umount "$work"/*/dev "$work"/*/proc "$work/binfmt" 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
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

# On another machine: what is to be run there, with what it has to say; else it is run here.
machine=
quoted() { # quoted WORD…: for a shell
	for word; do
		printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
	done
}
later() { # later FUNCTION WORD…
	{ printf '%s' "$1"; shift; quoted "$@"; echo; } >>"$root/commands"
}

# both NAME ARGUMENT…: the same output, errors and exit status in the root as outside of it?
both() {
	name=$1
	shift
	(cd "$root" && "$ordinary" "$@") >"$work/want" 2>"$work/want.err" </dev/null
	echo "exit $?" >>"$work/want.err"
	if [ -n "$machine" ]; then
		wanted=$((wanted + 1))
		cp "$work/want" "$root/want/$wanted"
		cp "$work/want.err" "$root/want/$wanted.err"
		later both "$name" $wanted "$@"
		return
	fi
	env -i SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH HEADROOM_HISTORY=off LANG=$LANG HOME=$HOME \
		"$chroot" "$root" $emulator /headroom "$@" >"$work/got" 2>"$work/got.err" </dev/null
	echo "exit $?" >>"$work/got.err"
	verdict "$kind: $name" "$(diff "$work/want" "$work/got"; diff "$work/want.err" "$work/got.err")"
}

# has NAME PATTERN STATUS COMMAND…: in the root
has() {
	if [ -n "$machine" ]; then
		later has "$@"
		return
	fi
	name=$1 pattern=$2 want=$3
	shift 3
	# shellcheck disable=SC2086  # none, or one word
	env -i SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH HEADROOM_HISTORY=off PATH=/bin:/usr/bin LANG=$LANG \
		"$chroot" "$root" $emulator "$@" >"$work/got" 2>&1 </dev/null
	got=$?
	complaint=$(head -n 6 "$work/got")
	[ "$got" -eq "$want" ] && grep -qE -- "$pattern" "$work/got" && complaint=
	verdict "$kind: $name" "${complaint:+exit $got, not $want, or not \"$pattern\": $complaint}"
}

put() { # the file, and what is to be read
	cp "$program" "$root/headroom"
	"$ordinary" facts --facts "$top/tests/hosts/debian-default" -o "$root/facts.json" >/dev/null
	"$ordinary" audit ws-client --facts "$root/facts.json" --connections 15000 -q -o "$root/audit.json" >/dev/null
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

# What is read in the sandbox, by the file itself, started once more.
compare_sandbox() {
	both "a YAML plan" audit ./job.yaml --facts facts.json --nofile 65536 -o json
	both "an XML plan" workload -- jmeter -n -t plan/plan.jmx
	both "another" workload -- tsung -f plan/tsung.xml start
	both "XML that is broken" workload -- jmeter -n -t facts.json
	both "a fleet from a tar file" fleet ws-client --connections 100 hosts.tar.gz -o json
}

# Everything else that needs no kernel.
compare() {
	for format in text json markdown junit github; do
		both "audit as $format" audit ws-client --facts facts.json --connections 15000 -o $format
	done
	both "facts" facts --facts facts.json -o json
	both "why" why --facts facts.json "connect: cannot assign requested address"
	both "fix" fix ws-client --facts facts.json --connections 60000
	both "a playbook" fix ws-client --facts facts.json --connections 60000 --emit ansible -o -
	both "size" size ws-client --facts facts.json --connections 200000 -o json
	both "a fleet" fleet ws-client --connections 100 facts.json -o json
	both "version" --version
	for format in text json markdown junit; do
		both "report as $format" report audit.json -o $format
	done
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
	# debootstrap leaves a link there where it runs in a container.
	[ ! -L "$root/proc" ] || rm "$root/proc"
	mkdir -p "$root/proc" "$root/dev"
	mount -t proc proc "$root/proc" && mount --bind /dev "$root/dev" || return
	has "facts of this machine" '"net.ipv4.ip_local_port_range|"schema"' 0 /headroom facts -o json
	has "a gate" 'headroom: ' 0 /headroom gate --force --connections 5 --destinations 127.0.0.1:9 --lifetime 1 -- "$@"
	has "a calibration" '1 of 1 agree' 0 /headroom calibrate fds
	umount "$root/dev"
	has "a calibration without /dev" '1 of 1 agree' 0 /headroom calibrate fds
	umount "$root/proc"
}

# --- another processor, emulated --------------------------------------------------------------------------------

# Programs for arm64 are run by qemu within this namespace, so that they can start themselves (Linux 6.7).
register() {
	mkdir "$work/binfmt"
	mount -t binfmt_misc none "$work/binfmt" || return
	printf '%s' ':arm64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:' \
		'\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:' "$1:PF" >"$work/binfmt/register"
}

arm64() {
	program=$top/build/static/headroom-arm64
	kind="arm64 under qemu-user"
	qemu=$(command -v qemu-aarch64-static)
	[ -x "$program" ] || { verdict "$kind # SKIP make static ARCH=arm64 makes it" ""; return; }
	[ -n "$qemu" ] || { verdict "$kind # SKIP qemu-user-static is not installed" ""; return; }
	root=$work/arm64
	mkdir "$root"
	put
	verdict "$kind: at most 8,000,000 bytes" "$(find "$program" -size +8000000c)"
	verdict "$kind: it needs no library and no loader" "$(readelf -ld "$program" | grep -E 'INTERP|NEEDED')"
	if ! register "$qemu" 2>"$work/register"; then
		cp "$qemu" "$root/qemu"
		emulator=/qemu
	fi
	compare
	if [ -n "$emulator" ]; then
		verdict "$kind: plans in YAML and XML # SKIP this kernel lets no namespace run them" ""
	else # qemu-user has no seccomp: nothing is read without the sandbox
		has "YAML is refused by name" 'headroom-import failed: the sandbox cannot be entered: seccomp' 1 \
			/headroom audit ./job.yaml --facts facts.json --nofile 65536
	fi
	arm64_machine
}

# What the machine runs first.
first_process() {
	cat <<-'END'
		#!/bin/sh
		export PATH=/bin SOURCE_DATE_EPOCH=1790000000 HEADROOM_HISTORY=off HOME=/nonexistent LANG=C.UTF-8
		mount -t proc proc /proc
		mount -t sysfs sysfs /sys
		mount -t devtmpfs dev /dev
		ip link set lo up
		say() { # say NAME COMPLAINT
			if [ -z "$2" ]; then echo "ok - $1"; else echo "not ok - $1"; echo "$2" | head -n 8 | sed 's/^/#   /'; fi
		}
		both() {
			name=$1 wanted=$2
			shift 2
			/headroom "$@" >/tmp/got 2>/tmp/err </dev/null
			echo "exit $?" >>/tmp/err
			say "$name" "$(diff /want/$wanted /tmp/got; diff /want/$wanted.err /tmp/err)"
		}
		has() {
			name=$1 pattern=$2 want=$3
			shift 3
			"$@" >/tmp/got 2>&1 </dev/null
			got=$?
			complaint="exit $got, not $want, or not \"$pattern\": $(head -n 6 /tmp/got)"
			[ $got -eq "$want" ] && grep -qE -- "$pattern" /tmp/got && complaint=
			say "$name" "$complaint"
		}
		cd / && . /commands
		echo "machine: $(uname -rm)"
		poweroff -f
	END
}

arm64_machine() {
	kind="a machine with arm64, emulated"
	files=$top/build/static/arm64/machine
	kernel=${KERNEL:-$files/vmlinuz}
	if ! command -v qemu-system-aarch64 >/dev/null || ! command -v cpio >/dev/null || [ ! -s "$kernel" ]; then
		verdict "$kind # SKIP needs qemu-system-arm, cpio, and its kernel (.ci/static.sh arm64 build/static machine)" ""
		return
	fi
	machine=yes wanted=0
	root=$work/machine
	mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/tmp" "$root/want"
	put
	cp "$files/busybox" "$root/bin/busybox"
	for applet in cat diff grep head ip mount poweroff sed sh sleep uname; do ln -s busybox "$root/bin/$applet"; done
	first_process >"$root/init"
	chmod 755 "$root/init"
	compare
	compare_sandbox
	has "facts of that machine" '"net.ipv4.ip_local_port_range|"schema"' 0 /headroom facts -o json
	has "a gate" 'headroom: ' 0 /headroom gate --force --connections 5 --destinations 127.0.0.1:9 --lifetime 1 -- sleep 1
	has "a calibration" '1 of 1 agree' 0 /headroom calibrate fds
	(cd "$root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$work/initrd"
	timeout 580 qemu-system-aarch64 -M virt -cpu max -m 1024 -nographic -nic none -no-reboot -kernel "$kernel" \
		-initrd "$work/initrd" -append "console=ttyAMA0 quiet panic=-1" </dev/null 2>&1 | tr -d '\r' >"$work/console"
	# What it said, a verdict for each command.
	grep -E '^(not )?ok - ' "$work/console" >"$work/said"
	while read -r line; do
		case $line in
		ok*) verdict "$kind: ${line#ok - }" "" ;;
		*) verdict "$kind: ${line#not ok - }" "$(grep -A 8 -xF -- "$line" "$work/console" | sed -n 's/^#   //p')" ;;
		esac
	done <"$work/said"
	verdict "$kind: all of it ran" "$([ "$(grep -c . "$work/said")" -eq "$(grep -c . "$root/commands")" ] || tail -n 5 "$work/console")"
	grep '^machine: ' "$work/console" | sed 's/^/# /'
}

shift
if [ "${1:-}" = arm64 ]; then
	arm64
	echo "1..$count"
	[ "$failed" -eq 0 ]
	exit
fi
[ $# -gt 0 ] || set -- buster bullseye bookworm trixie

kind="empty root"
root=$work/empty
mkdir "$root"
put
compare
compare_sandbox
has "facts of this machine without /proc are unknown, not good" 'UNKNOWN' 4 /headroom audit ws-client -q
live /headroom --version

kind="BusyBox"
if command -v busybox >/dev/null && ! ldd "$(command -v busybox)" >/dev/null 2>&1; then
	root=$work/busybox
	mkdir -p "$root/bin" "$root/tmp"
	cp "$(command -v busybox)" "$root/bin/busybox"
	chroot "$root" /bin/busybox --install -s /bin
	put
	compare
	compare_sandbox
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
	compare_sandbox
	live sh -c 'sleep 1'
	rm -rf "$root"
done
echo "1..$count"
[ "$failed" -eq 0 ]
