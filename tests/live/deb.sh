#!/bin/sh
# The packages of make deb: lintian, installed alone and together, an upgrade from the single package of 0.1, removed.
# In a root of its own, made of this machine's files (overlayfs): nothing of it stays. As root, after `make deb`.
# Usage: tests/live/deb.sh VERSION
set -u
version=$1
arch=$(dpkg --print-architecture)
here=$PWD
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then
	echo "1..0 # SKIP needs root and namespaces of its own"
	exit 77
fi
# Mounts end with this process.
[ -n "${INSIDE:-}" ] || INSIDE=1 exec unshare -m "$0" "$@"
work=$(mktemp -d) || exit 1
mount -t tmpfs tmpfs "$work" || exit 1
trap 'cd / && umount -R "$work"; rmdir "$work"' EXIT
mkdir "$work/upper" "$work/work" "$work/root" "$work/single"
root=$work/root
if ! mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$root"; then
	echo "1..0 # SKIP no overlayfs"
	exit 77
fi
mount --bind /proc "$root/proc" && mount --bind /dev "$root/dev"
mkdir "$root/debs"
cp "$here"/out/headroom*_"${version}_$arch.deb" "$root/debs/"
cp "$here/tests/report/sample-audit.json" "$root/debs/audit.json"
count=0 failed=0

verdict() { # verdict NAME COMPLAINT
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		failed=$((failed + 1))
		echo "not ok $count - $1"
		echo "$2" | head -n 12 | sed 's/^/#   /'
	fi
}

inside() { chroot "$root" "$@" </dev/null; }

# does NAME STATUS PATTERN COMMAND…
does() {
	name=$1 want=$2 pattern=$3
	shift 3
	said=$(inside env DEBIAN_FRONTEND=noninteractive HEADROOM_HISTORY=off "$@" 2>&1)
	got=$?
	complaint=
	[ "$got" -eq "$want" ] && echo "$said" | grep -qE -- "$pattern" || complaint="exit $got, not $want, or not \"$pattern\": $said"
	verdict "$name" "$complaint"
}

deb() { echo "/debs/${1}_${version}_$arch.deb"; }

# All in one package, as 0.1 had it.
make_single() {
	for package in headroom headroom-report headroom-http; do
		dpkg-deb -x "$root$(deb $package)" "$work/single"
	done
	find "$work/single/usr/share/doc" -type l -delete
	mkdir "$work/single/DEBIAN"
	dpkg-deb -f "$root$(deb headroom)" Package Architecture Maintainer Description >"$work/single/DEBIAN/control"
	echo "Version: 0.0.9" >>"$work/single/DEBIAN/control"
	dpkg-deb --root-owner-group --build "$work/single" "$root/debs/single.deb" >/dev/null
}

for package in headroom headroom-report headroom-http; do
	[ -e "$root$(deb $package)" ] || { echo "not ok - $package is not in out/: make deb"; exit 1; }
	verdict "lintian: $package" "$(lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$root$(deb $package)" 2>&1)"
done

does "headroom installs alone" 0 'Setting up headroom' dpkg -i "$(deb headroom)"
does "it runs" 0 "^headroom $version" headroom --version
cat >"$root/debs/job.yaml" <<'END'
apiVersion: v1
kind: Pod
metadata: {name: load}
spec:
  containers:
  - {name: wrk, image: wrk, args: [wrk, -c400, -d60s, "http://10.0.0.7:8080/"]}
END
does "it reads YAML" 0 '"connections"' headroom workload /debs/job.yaml --nofile 65536
does "HTML is refused by the package's name" 1 'Install the package headroom-report' headroom report /debs/audit.json -o /debs/a.html
does "HTTP is refused by the package's name" 1 'Install the package headroom-http' env REDMINE_API_KEY=x \
	headroom attach redmine:1 /debs/audit.json --url https://127.0.0.1:9
does "the others install beside it" 0 'Setting up headroom-report' dpkg -i "$(deb headroom-report)" "$(deb headroom-http)"
does "HTML and PDF are written" 0 '' headroom report /debs/audit.json -q -o /debs/a.html -o /debs/a.pdf
verdict "they are there" "$([ -s "$root/debs/a.pdf" ] || echo 'no a.pdf')"
does "their papers are headroom's" 0 'MIT License' cat /usr/share/doc/headroom-report/copyright
does "all are removed" 0 'Removing headroom' dpkg --purge headroom-report headroom-http headroom
verdict "nothing is left" "$(inside sh -c 'ls -d /usr/bin/headroom* /usr/libexec/headroom /usr/share/doc/headroom* 2>/dev/null')"

make_single
does "the single package" 0 'Setting up headroom' dpkg -i /debs/single.deb
does "is replaced by three" 0 'Setting up headroom-http' dpkg -i "$(deb headroom)" "$(deb headroom-report)" "$(deb headroom-http)"
does "each file has one owner" 0 '^headroom-report: /usr/libexec/headroom/headroom-helper$' dpkg -S /usr/libexec/headroom/headroom-helper
does "and PDF is written as before" 0 '' headroom report /debs/audit.json -q -o /debs/b.pdf
verdict "it is there" "$([ -s "$root/debs/b.pdf" ] || echo 'no b.pdf')"
does "the report alone replaces nothing of a headroom that is older" 1 'Breaks|breaks|depends' sh -c \
	"dpkg --purge headroom-report headroom-http headroom && dpkg -i /debs/single.deb && dpkg -i $(deb headroom-report)"
echo "1..$count"
[ "$failed" -eq 0 ]
