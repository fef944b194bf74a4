#!/bin/sh
# Installs the package of make deb, runs it, removes and purges it, and looks for what stays behind.
# Needs root; touches the machine's package database, so it runs by hand or in a throw-away machine only.
# Usage: tests/live/deb.sh out/headroom_VERSION_ARCH.deb
set -u
package=$1
failed=0
passed=0
check() { # check TITLE COMMAND…
	title=$1
	shift
	if output=$("$@" 2>&1 </dev/null); then
		passed=$((passed + 1))
		echo "ok - $title"
	else
		failed=$((failed + 1))
		echo "not ok - $title"
		echo "$output" | tail -n 15 | sed 's/^/#   /'
	fi
}
gone() { # the named files are not there
	for file; do
		[ ! -e "$file" ] || return 1
	done
}
audits() { # a verdict is success
	(cd "$work" && /usr/bin/headroom audit default --no-history -o a.html -o a.pdf -o a.json)
	case $? in 0 | 3 | 4) ;; *) return 1 ;; esac
	[ -s "$work/a.html" ] && [ -s "$work/a.pdf" ] && [ -s "$work/a.json" ]
}

if [ "$(id -u)" -ne 0 ]; then
	echo "ok - package # SKIP needs root"
	exit 77
fi
if dpkg-query -W -f '${db:Status-Abbrev}' headroom 2>/dev/null | grep -q '^i'; then
	echo "ok - package # SKIP headroom is installed on this machine already"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $package in /*) ;; *) package=$PWD/$package ;; esac

check "installs" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$package"
files=$(dpkg -L headroom 2>/dev/null | grep headroom)
check "files are as packed" dpkg --verify headroom
check "says its version" /usr/bin/headroom --version
check "finds its helper and writes HTML, PDF and JSON" audits
check "has a man page" test -s /usr/share/man/man1/headroom.1.gz -o ! -d /usr/share/man/man1
check "removes" env DEBIAN_FRONTEND=noninteractive apt-get remove -q -y headroom
check "purges" dpkg --purge headroom
# shellcheck disable=SC2086  # a list of names without blanks
check "leaves nothing behind" gone $files
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
