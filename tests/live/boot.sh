#!/bin/sh
# What headroom size writes for a new machine, booted: a stock Debian 12 root from debootstrap, once with cloud-init's own
# stages, once with the startup script, once with systemd as its first process (sysctl.d and a unit's drop-in). Each in
# mount, process, network and IPC namespaces of its own. Before it the machine does not carry the plan; after it, it does.
# Usage: tests/live/boot.sh BUILD_DIR (root; what is missing is skipped with the reason)
set -u
build=${1:-build}
H=${HEADROOM:-$PWD/$build/headroom}
here=$PWD
root=${HEADROOM_BOOT_ROOT:-$PWD/$build-boot/root}
packages=dbus,iproute2,kmod,libpam-modules,login,procps,systemd,systemd-sysv
address=10.77.0.1
skip() {
	echo "ok - a new machine boots # SKIP $1"
	exit 77
}

# --- inside the namespaces: one machine ---------------------------------------------------------------------------

bind_devices() {
	mount -t tmpfs -o mode=755 tmpfs dev
	for device in null zero full random urandom tty; do
		touch "dev/$device"
		mount --bind "/dev/$device" "dev/$device"
	done
	mkdir dev/pts dev/shm
	mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
	ln -s pts/ptmx dev/ptmx
	ln -s /proc/self/fd dev/fd
	ln -s /proc/self/fd/0 dev/stdin
	ln -s /proc/self/fd/1 dev/stdout
	ln -s /proc/self/fd/2 dev/stderr
	touch dev/console
	mount --bind "$work/console" dev/console
}

# A new machine below $work/new: an overlay of the root, and the devices, settings and addresses of its own.
unpack() {
	mount -t tmpfs tmpfs "$work"
	mkdir "$work/upper" "$work/over" "$work/new"
	: >"$work/console"
	mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/upper,workdir=$work/over" "$work/new" || exit 1
	cd "$work/new" || exit 1
	mount -t proc proc proc
	for part in fs kernel vm; do # of all machines here: read, never written
		mount --bind "proc/sys/$part" "proc/sys/$part"
		mount -o remount,ro,bind "proc/sys/$part"
	done
	mount -t sysfs -o ro sysfs sys
	mount -t tmpfs -o mode=755 tmpfs run
	mkdir -p run/lock out
	mount --bind "$out" out
	bind_devices
	ip link set lo up
	ip address add "$address/24" dev lo # tcp_tw_reuse=2 reuses on 127/8 alone
	echo 1000 >/proc/sys/net/ipv4/ip_unprivileged_port_start
	# A stock login has 1024 soft and 524288 hard; this host may allow fewer.
	# shellcheck disable=SC3045
	hard=$(ulimit -Hn)
	[ "$hard" != unlimited ] && [ "$hard" -le 524288 ] || hard=524288
	prlimit --pid 1 --nofile="1024:$hard"
	prlimit --pid $$ --nofile="1024:$hard"
	grep -q '^load:' etc/passwd || chroot . useradd -m load
}

look() { # look NAME: descriptors that a login gets, and how the load ends there
	chroot . su - load -c "/out/measure_fds; /out/measure_load $address client </out/events" >"$out/$1" 2>&1
	chroot . sysctl -n net.ipv4.tcp_tw_reuse >>"$out/$1"
}

boot_look() {
	look before
}

boot_cloud_init() {
	cat >etc/cloud/cloud.cfg.d/99-boot.cfg <<-'END'
		datasource_list: [NoCloud]
		network: {config: disabled}
		preserve_hostname: true
		growpart: {mode: "off"}
		resize_rootfs: false
		ssh_deletekeys: false
		ssh_genkeytypes: []
		locale: C.UTF-8
	END
	seed=var/lib/cloud/seed/nocloud
	mkdir -p "$seed"
	echo 'instance-id: new-machine' >"$seed/meta-data"
	cp out/cloud-init.yaml "$seed/user-data"
	for stage in 'init --local' init 'modules --mode=config' 'modules --mode=final'; do
		# shellcheck disable=SC2086  # words
		chroot . cloud-init $stage >>"$out/cloud-init.log" 2>&1 || echo "$stage failed" >>"$out/stages"
	done
	chroot . cloud-init schema --system >"$out/schema" 2>&1
	look after
}

boot_startup_script() {
	chroot . sh /out/startup.sh >"$out/startup.log" 2>&1
	echo "$?" >"$out/status"
	chroot . sh /out/startup.sh >>"$out/startup.log" 2>&1 # a machine runs it at each start
	look after
}

# systemd takes the settings at boot (systemd-sysctl) and gives the unit its limits.
boot_systemd() {
	mount -t tmpfs tmpfs sys/fs/cgroup
	mkdir sys/fs/cgroup/systemd
	mount -t cgroup -o none,name=systemd,xattr cgroup sys/fs/cgroup/systemd 2>/dev/null ||
		mount -t cgroup2 cgroup2 sys/fs/cgroup || echo "no control group hierarchy" >"$out/no-systemd"
	cp out/headroom-sysctl.conf etc/sysctl.d/99-zz-headroom.conf
	mkdir -p etc/systemd/system/load.service.d
	cp out/headroom-systemd.conf etc/systemd/system/load.service.d/headroom.conf
	cat >etc/systemd/system/load.service <<-END
		[Unit]
		DefaultDependencies=no
		Wants=systemd-sysctl.service
		After=systemd-sysctl.service
		SuccessAction=poweroff-force
		FailureAction=poweroff-force
		[Service]
		Type=oneshot
		User=load
		StandardOutput=file:/out/after
		StandardError=file:/out/after.err
		ExecStart=/out/measure_fds
		ExecStart=/bin/sh -c 'exec /out/measure_load $address client </out/events >>/out/after.load'
		ExecStart=/bin/sh -c 'exec sysctl -n net.ipv4.tcp_tw_reuse >>/out/after.load'
	END
	touch "$out/systemd-starts"
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=podman /usr/sbin/chroot . /lib/systemd/systemd \
		--unit=load.service --log-target=console --show-status=0
}

if [ "${HEADROOM_BOOT_CASE:-}" ]; then
	work=$HEADROOM_BOOT_WORK out=$HEADROOM_BOOT_OUT
	unpack
	"boot_$HEADROOM_BOOT_CASE"
	exit 0
fi

# --- outside ------------------------------------------------------------------------------------------------------

if [ "$(id -u)" -ne 0 ] || ! unshare -m -n -p -f -u -i true 2>/dev/null; then
	skip "needs root and the right to make namespaces"
fi
command -v debootstrap >/dev/null || skip "debootstrap is not installed (make live-boot installs it on Debian)"
for program in measure_fds measure_load; do
	[ -x "$build/tests/live/$program" ] || skip "$build/tests/live/$program is not built"
done
if [ ! -e "$root/.complete" ]; then
	rm -rf "$root"
	mkdir -p "$root"
	timeout 900 debootstrap --variant=minbase --include="$packages" bookworm "$root" >"$root.log" 2>&1 ||
		skip "debootstrap has no root: $(tail -n 1 "$root.log")"
	timeout 900 chroot "$root" apt-get install -y --no-install-recommends cloud-init >>"$root.log" 2>&1 ||
		skip "the root has no cloud-init: $(tail -n 1 "$root.log")"
	touch "$root/.complete"
fi
export HEADROOM_HISTORY=off
HEADROOM_BOOT_WORK=$(mktemp -d)
HEADROOM_BOOT_OUT=$(mktemp -d)
export HEADROOM_BOOT_WORK HEADROOM_BOOT_OUT
out=$HEADROOM_BOOT_OUT
chmod 755 "$out"
trap 'rm -rf "$HEADROOM_BOOT_OUT"; rmdir "$HEADROOM_BOOT_WORK"' EXIT
passed=0 failed=0 skipped=0
check() { # check TITLE COMMAND…
	title=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok - $title"
		return
	fi
	failed=$((failed + 1))
	echo "not ok - $title"
	for file in "$out"/before "$out"/after* "$out"/stages "$out"/schema "$out"/startup.log; do
		[ ! -s "$file" ] || sed "s|^|#   ${file##*/}: |" "$file" | tail -n 8
	done
}

# 3,000 connections that stay, both ends in one process, and 2,000 new ones a second that the client closes first, for 14 s:
# 28,000 in TIME_WAIT and 3,000 open are more than the 28,232 ports of a stock machine.
plan='ws-client --connections 3000 --fds-per-connection 2 + http-churn --rps 2000 --fds-per-connection 2'
events() {
	awk 'BEGIN {
		for (i = 0; i < 3000; i++) printf "%.4f open %d\n", i / 1500, i + 1
		for (i = 0; i < 28000; i++) {
			printf "%.4f open %d\n", 2 + i / 2000, 5000 + i
			printf "%.4f close %d client\n", 2.05 + i / 2000, 5000 + i
		}
	}' | sort -n
}
fill() {
	rm -rf "${out:?}"/*
	cp "$build/tests/live/measure_fds" "$build/tests/live/measure_load" "$out"
	events >"$out/events"
	: >"$out/after.load"
	chmod 666 "$out/after.load"
	# shellcheck disable=SC2086  # words
	"$H" size $plan --image debian-12 --emit sysctl,systemd,limits,startup-script,cloud-init --dir "$out" -q 2>/dev/null
	nofile=$(sed -n 's/^LimitNOFILE=\([0-9]*\):.*/\1/p' "$out/headroom-systemd.conf")
}
machine() { # machine CASE [OPTIONS OF unshare]
	HEADROOM_BOOT_CASE=$1
	export HEADROOM_BOOT_CASE
	shift
	(cd "$here" && timeout 120 unshare -m -n -p -f -u -i "$@" --propagation private "$0" "$build" >/dev/null 2>&1)
	HEADROOM_BOOT_CASE=
}
opens() { grep -q "total=$2\$" "$out/$1"; }
survives() { grep -q '^opened=31000 refused=none ' "$out/$1"; }
dies() { grep -q '^opened=[0-9]* refused=E[A-Z]* ' "$out/before"; }
is_set() { [ "$(tail -n 1 "$out/$1")" = 1 ]; }
absent() { [ ! -s "$1" ]; }


fill
machine look
check "stock: a login has 1,024 descriptors" opens before 1024
check "stock: the load does not get to its end" dies

fill
machine cloud_init
check "cloud-init: no stage fails" absent "$out/stages"
check "cloud-init: it takes the user data for valid" grep -q '^Valid cloud-config' "$out/schema"
check "cloud-init: a login has the descriptors of the plan" opens after "$nofile"
check "cloud-init: tcp_tw_reuse is set" is_set after
check "cloud-init: the load gets to its end" survives after

fill
machine startup_script
check "startup script: its status is 0" grep -qx 0 "$out/status"
check "startup script: a login has the descriptors of the plan" opens after "$nofile"
check "startup script: the second time nothing is left to do" grep -q 'tcp_tw_reuse = 1 already' "$out/startup.log"
check "startup script: the load gets to its end" survives after

fill
machine systemd -C
if [ -e "$out/no-systemd" ] || [ ! -s "$out/after" ]; then
	skipped=$((skipped + 1))
	echo "ok - systemd as the first process # SKIP it does not start here"
else
	check "systemd: the unit has the descriptors of the plan" opens after "$nofile"
	check "systemd: tcp_tw_reuse is set at boot" is_set after.load
	check "systemd: the load of the unit gets to its end" survives after.load
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
