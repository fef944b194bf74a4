#!/bin/sh
# make deb: binary packages in out/: headroom (the core and the readers of plans), headroom-report (HTML, PDF, PNG) and
# headroom-http (tickets, Prometheus, container engines). Usage: .ci/deb.sh VERSION
# The programs are built for /usr in their own directory; what each package depends on is computed from what they link.
# No maintainer scripts, no configuration files. The same commit gives the same bytes (SOURCE_DATE_EPOCH).
set -eu
version=$1
make=${MAKE:-make}
build="build-deb"
all=$build/all
arch=$(dpkg --print-architecture)
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || date -r Makefile +%s)}"
export SOURCE_DATE_EPOCH
# Whoever makes the packages: as debchange(1) takes it, else as git does.
name=${DEBFULLNAME:-$(git config user.name || echo "nobody named")}
email=${DEBEMAIL:-$(git config user.email || echo unset@example.invalid)}
maintainer="$name <$email>"

rm -rf "$all" "$build/root"
# shellcheck disable=SC2086  # MAKE may carry options
CFLAGS="-O2 -g -ffile-prefix-map=$PWD=." \
	$make -s BUILD=$build PREFIX=/usr LIBEXECDIR=/usr/libexec/headroom DESTDIR="$all" install >/dev/null
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$all/usr/bin/headroom" \
	"$all"/usr/libexec/headroom/*

doc=$all/usr/share/doc/headroom
{
	echo "headroom: tells before a load test whether this host survives it."
	echo "Source: the repository that this package was built from, by \`make deb'."
	echo
	cat "$doc/LICENSE"
} >"$doc/copyright"
rm "$doc/LICENSE"
printf 'headroom (%s) unstable; urgency=medium\n\n  * docs/migration.md says what changed.\n\n -- %s  %s\n' \
	"$version" "$maintainer" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.gz"
gzip -9n "$all/usr/share/man/man1"/*.1

depends() { # depends PROGRAM…: the packages of the libraries that they link
	shlibs=$build/shlibs # dpkg-shlibdeps wants a source tree around it
	rm -rf "$shlibs"
	mkdir -p "$shlibs/debian"
	printf 'Source: headroom\n\nPackage: headroom\nArchitecture: any\nDescription: x\n' >"$shlibs/debian/control"
	found=$(cd "$shlibs" && dpkg-shlibdeps -O --ignore-missing-info "$@" 2>/dev/null | sed 's/^shlibs:Depends=//')
	[ -n "$found" ] || { echo "deb: dpkg-shlibdeps found no dependencies of $*" >&2; exit 1; }
	echo "$found"
}

package() { # package NAME: packs build-deb/root/NAME; its fields after Priority come on standard input
	root=$build/root/$1
	mkdir -p "$root/DEBIAN" out
	(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
	{
		cat <<-END
			Package: $1
			Version: $version
			Architecture: $arch
			Maintainer: $maintainer
			Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f1)
			Section: net
			Priority: optional
		END
		cat
	} >"$root/DEBIAN/control"
	find "$root" -type d -exec chmod 755 {} +
	dpkg-deb --root-owner-group -Zxz --build "$root" "out/${1}_${version}_$arch.deb" >/dev/null
	echo "$PWD/out/${1}_${version}_$arch.deb"
}

# move NAME PROGRAM: a package with one helper; its license and changes are headroom's, of the same version.
move() {
	mkdir -p "$build/root/$1/usr/libexec/headroom" "$build/root/$1/usr/share/doc"
	mv "$all/usr/libexec/headroom/$2" "$build/root/$1/usr/libexec/headroom/"
	ln -s headroom "$build/root/$1/usr/share/doc/$1"
}

mkdir -p "$build/root"
move headroom-report headroom-helper
move headroom-http headroom-http
mv "$all" "$build/root/headroom"

# Until 0.1 all of it was in the package headroom.
package headroom <<END
Depends: $(depends ../root/headroom/usr/bin/headroom ../root/headroom/usr/libexec/headroom/headroom-import)
Recommends: headroom-report (= $version), headroom-http (= $version)
Description: tells before a load test whether this host survives it
 headroom reads the limits of a Linux host (ephemeral ports, descriptors,
 connection tracking, accept queues, memory, Erlang ports and more), compares
 them with what a planned load test will ask for, and says which limit breaks
 first, at what load, and what exactly fixes it. Answers as text, JSON,
 Markdown and JUnit; with headroom-report also as HTML, PDF and PNG.
END
package headroom-report <<END
Depends: headroom (= $version), $(depends ../root/headroom-report/usr/libexec/headroom/headroom-helper), fonts-dejavu-core
Breaks: headroom (<< $version)
Replaces: headroom (<< $version)
Description: HTML, PDF and PNG reports of headroom
 The program that renders what headroom found as a page for a change board:
 headroom audit -o report.html -o report.pdf. It reads the audit in a sandbox.
END
package headroom-http <<END
Depends: headroom (= $version), $(depends ../root/headroom-http/usr/libexec/headroom/headroom-http)
Breaks: headroom (<< $version)
Replaces: headroom (<< $version)
Description: what headroom asks and tells over HTTP
 The program that attaches reports to tickets, asks Prometheus for the facts
 of a fleet, and asks container engines where a container runs.
END
