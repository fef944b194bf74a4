#!/bin/bash
# What --container new says of this machine's dockerd and Podman, and what a container of theirs gets: each engine runs
# in namespaces of its own, with its own storage. Usage: tests/live/engines.sh BUILD_DIR (root)
set -u
build=${1:-build}
H=${HEADROOM:-$PWD/$build/headroom}
if [ "$(id -u)" -ne 0 ] || ! unshare -m -n -p -f true 2>/dev/null; then
	echo "ok - containers of real engines # SKIP needs root and namespaces"
	exit 77
fi
export HEADROOM_HISTORY=off NO_COLOR=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/image/bin" "$work/etc"
cat >"$work/limits.c" <<'END'
#include <stdio.h>
#include <sys/resource.h>
int main(void)
{
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	int queue = 0;
	FILE *file = fopen("/proc/sys/net/core/somaxconn", "r");
	if (!file || fscanf(file, "%d", &queue) != 1)
		return 1;
	printf("%lu:%lu %d\n", (unsigned long)files.rlim_cur, (unsigned long)files.rlim_max, queue);
	return 0;
}
END
"${CC:-cc}" -static -o "$work/image/bin/limits" "$work/limits.c" || exit 1
# In there: NAME, HARD, what daemon.json or containers.conf has.
cat >"$work/inside.sh" <<'END'
mount -t tmpfs none /run && cp -a /etc/. "$WORK/etc/" && mount --bind "$WORK/etc" /etc || exit 77
for directory in /var/lib/docker /var/lib/containerd /var/lib/containers; do
	[ ! -d $directory ] || mount -t tmpfs none $directory || exit 77
done
ip link set lo up
said() { "$H" facts --container new -o json 2>/dev/null | jq -r '[.facts[] | select(.instance == "") | {(.key): .value}] | add |
	"\(.["limits.nofile.soft"]):\(.["limits.nofile.hard"]) \(.["net.core.somaxconn"])"'; }
case $1 in
docker)
	mkdir -p /etc/docker
	printf '%s' "$2" >/etc/docker/daemon.json
	prlimit --nofile="$3" dockerd --storage-driver=vfs --iptables=false --ip6tables=false --bridge=none >"$WORK/log" 2>&1 &
	daemon=$!
	for _ in $(seq 100); do docker version >/dev/null 2>&1 && break; sleep 0.2; done
	tar -C "$WORK/image" -c . | docker import - limits >/dev/null 2>&1
	echo "got $(docker run --rm --network none limits /bin/limits 2>&1 | tail -1)"
	echo "said $(said)"
	kill $daemon
	wait $daemon
	;;
podman)
	mkdir -p /etc/containers/containers.conf.d
	printf '%s' "$2" >/etc/containers/containers.conf
	echo "got $(podman --runtime runc --storage-driver vfs --cgroup-manager cgroupfs run --rm --network none \
		--rootfs "$WORK/image" /bin/limits 2>"$WORK/log" | tail -1)"
	echo "said $(said)"
	;;
esac
END
passed=0 failed=0 skipped=0
# engine TITLE PROGRAM NAME CONFIGURATION LIMITS WANT: what is said must be what a container got, or less, or unknown
engine() {
	if ! command -v "$2" >/dev/null; then
		skipped=$((skipped + 1))
		echo "ok - $1 # SKIP no $2"
		return
	fi
	WORK=$work H=$H timeout 90 unshare -m -n -p -f --mount-proc sh "$work/inside.sh" "$3" "$4" "$5" >"$work/out" 2>"$work/err"
	got=$(sed -n 's/^got //p' "$work/out") said=$(sed -n 's/^said //p' "$work/out")
	case $got in *:*) ;; *)
		skipped=$((skipped + 1))
		echo "ok - $1 # SKIP $2 starts no container here: $(tail -1 "$work/log" | cut -c 1-200)"
		return
		;;
	esac
	if [ "$said" = "$6" ]; then
		passed=$((passed + 1))
		echo "ok - $1: said $said, got $got"
	else
		failed=$((failed + 1))
		echo "not ok - $1: said $said, not $6; got $got"
	fi
	[ "$6" = "$got" ] || case $6 in *null*) ;; *) echo "#   a container got $got" && failed=$((failed + 1)) ;; esac
}
engine "Docker, daemon.json" dockerd docker '{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 777, "Hard": 1777}}}' \
	1024:20000 "777:1777 4096"
engine "Docker started by hand: its soft limit is its own" dockerd docker '{}' 1024:20000 "null:20000 4096"
engine "Podman, containers.conf" podman podman '[containers]
default_ulimits = ["nofile=500:600", "nproc=100:100"]
' 0:0 "500:600 4096"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
