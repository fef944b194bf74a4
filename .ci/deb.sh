#!/bin/sh
# make deb: a binary package in out/. Usage: .ci/deb.sh VERSION
# The program is built for /usr in its own directory; what it depends on is computed from what it links.
# No maintainer scripts, no configuration files. The same commit gives the same bytes (SOURCE_DATE_EPOCH).
set -eu
version=$1
make=${MAKE:-make}
build="build-deb"
root=$build/root
arch=$(dpkg --print-architecture)
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || date -r Makefile +%s)}"
export SOURCE_DATE_EPOCH

rm -rf "$root"
# shellcheck disable=SC2086  # MAKE may carry options
CFLAGS="-O2 -g -ffile-prefix-map=$PWD=." \
	$make -s BUILD=$build PREFIX=/usr LIBEXECDIR=/usr/libexec/headroom DESTDIR="$root" install >/dev/null
strip --strip-unneeded "$root/usr/bin/headroom" "$root/usr/libexec/headroom/headroom-helper" \
	"$root/usr/libexec/headroom/headroom-http"

doc=$root/usr/share/doc/headroom
mv "$doc/LICENSE" "$doc/copyright"
printf 'headroom (%s) unstable; urgency=medium\n\n  * See README.md.\n\n -- headroom <headroom@localhost>  %s\n' \
	"$version" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.gz"
gzip -9n "$root/usr/share/man/man1"/*.1

# dpkg-shlibdeps wants a source tree around it.
shlibs=$build/shlibs
rm -rf "$shlibs"
mkdir -p "$shlibs/debian"
printf 'Source: headroom\n\nPackage: headroom\nArchitecture: any\nDescription: x\n' >"$shlibs/debian/control"
depends=$(cd "$shlibs" && dpkg-shlibdeps -O --ignore-missing-info ../root/usr/bin/headroom \
	../root/usr/libexec/headroom/headroom-helper ../root/usr/libexec/headroom/headroom-http 2>/dev/null | sed 's/^shlibs:Depends=//')
[ -n "$depends" ] || { echo "deb: dpkg-shlibdeps found no dependencies" >&2; exit 1; }

mkdir -p "$root/DEBIAN"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
cat >"$root/DEBIAN/control" <<END
Package: headroom
Version: $version
Architecture: $arch
Maintainer: headroom <headroom@localhost>
Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f1)
Depends: $depends, fonts-dejavu-core
Section: net
Priority: optional
Description: tells before a load test whether this host survives it
 headroom reads the limits of a Linux host (ephemeral ports, descriptors,
 connection tracking, accept queues, memory, Erlang ports and more), compares
 them with what a planned load test will ask for, and says which limit breaks
 first, at what load, and what exactly fixes it. Reports as text, JSON, HTML,
 PDF, Markdown and JUnit.
END
find "$root" -type d -exec chmod 755 {} +
mkdir -p out
package=out/headroom_${version}_$arch.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
echo "$PWD/$package"
