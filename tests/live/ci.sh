#!/bin/sh
# Runs the shell of each recipe in docs/ci.md as it stands there: installs the packages of make deb and a load test tool,
# runs the gate against a local server, and looks for what the recipe keeps. Each recipe has a root of its own, made of
# this machine's files: what it installs and writes is gone with it (overlayfs), and it reaches no network but its own.
# Needs root, python3-yaml and the tools' packages on this machine. A root without sudo gets one that calls what follows.
# Usage: tests/live/ci.sh out/headroom_VERSION_ARCH.deb
set -u
package=$1
here=$(cd "$(dirname "$0")" && pwd)
passed=0
failed=0
skipped=0

ok() { # ok TITLE STATUS LOG
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		echo "not ok - $1 (exit $2)"
		tail -n 15 "$3" | sed 's/^/#   /'
	fi
}

# Inside: a mount namespace and a network namespace of its own.
if [ "${2:-}" = inside ]; then
	steps=$3 base=$4
	mount -t tmpfs tmpfs "$base" || exit 1
	mkdir "$base/upper" "$base/work" "$base/root"
	mount -t overlay overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" "$base/root" || exit 1
	mount --rbind /proc "$base/root/proc" && mount --rbind /dev "$base/root/dev" || exit 1
	ip link set lo up
	# What is installed here is the newest there is: no archive can be asked.
	rm -rf "$base/root/var/lib/apt/lists" "$base/root/etc/apt/sources.list.d"
	mkdir "$base/root/etc/apt/sources.list.d"
	: >"$base/root/etc/apt/sources.list"
	# Something may have been under way on this machine.
	rm -f "$base"/root/var/lib/dpkg/updates/*
	DEBIAN_FRONTEND=noninteractive chroot "$base/root" dpkg --configure -a >/dev/null 2>&1 </dev/null
	mkdir -p "$base/root/recipe"
	mkdir "$base/root/recipe/packages"
	cp "$package" "$base/root/recipe/packages/headroom.deb"
	cp "$(echo "$package" | sed 's,/headroom_\([^/]*\)$,/headroom-report_\1,')" "$base/root/recipe/packages/headroom-report.deb"
	cp "$steps"/*.sh "$base/root/recipe/"
	command -v sudo >/dev/null || {
		printf '#!/bin/sh\nexec "$@"\n' >"$base/root/usr/local/bin/sudo"
		chmod 755 "$base/root/usr/local/bin/sudo"
	}
	python3 "$here/keep_alive.py" 8099 &
	server=$!
	trap 'kill $server' EXIT
	tries=0
	until curl -fs -o "$base/got" http://127.0.0.1:8099/ || [ $tries -gt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	set -- PACKAGES=file:///recipe/packages TARGET=http://127.0.0.1:8099/ DURATION=3s SECONDS_TO_RUN=3
	for step in "$steps"/*.sh; do
		# As the CI systems do: one shell for a step, which ends at the first failure.
		# shellcheck disable=SC3045 # dash and bash have it
		(ulimit -n 4096
		# shellcheck disable=SC2046 # one word for each variable
		exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive \
			HEADROOM_HISTORY=off $(grep '^HEADROOM_' "$steps/env") "$@" \
			chroot "$base/root" sh -ec "cd /recipe && . ./$(basename "$step")") >"$base/log" 2>&1 </dev/null
		echo "$(basename "$step" .sh) $?"
		tail -n 12 "$base/log" >&2
	done
	while read -r file; do
		[ -s "$base/root/recipe/$file" ] && echo "kept $file"
	done <"$steps/kept"
	"$base/root/usr/bin/headroom" --version >&2
	exit 0
fi

if [ "$(id -u)" -ne 0 ] || ! python3 -c 'import yaml' 2>/dev/null; then
	echo "ok - recipes # SKIP needs root and python3-yaml"
	exit 77
fi
case $package in /*) ;; *) package=$PWD/$package ;; esac
[ -s "$package" ] || { echo "not ok - $package is not there"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/ci_steps.py" "$here/../../docs/ci.md" "$work/steps" || exit 1
mkdir "$work/base"
for recipe in github gitlab jenkins; do
	unshare -m -n "$0" "$package" inside "$work/steps/$recipe" "$work/base" >"$work/said" 2>"$work/log"
	for step in "$work/steps/$recipe"/*.sh; do
		name=$(basename "$step" .sh)
		status=$(sed -n "s/^$name //p" "$work/said")
		# A busy machine starves the tool, which is not the recipe's fault.
		[ "$name:$status" = 2-load:123 ] && status=0
		ok "$recipe: $name" "${status:-1}" "$work/log"
	done
	same=$(sed -n 's/^kept //p' "$work/said" | sort | tr '\n' ' ')
	[ "$same" = "$(sort "$work/steps/$recipe/kept" | tr '\n' ' ')" ]
	ok "$recipe: what it keeps is there" $? "$work/log"
	grep -Eq '^headroom: (CERTIFIED .*exit=0|NOT-CERTIFIED starved .*exit=123)' "$work/log"
	ok "$recipe: the run is judged, strictly" $? "$work/log"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
