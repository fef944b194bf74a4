#!/bin/sh
# What the executables load at start: the core must not pull in the report's libraries, and nothing is linked
# that is not used. Usage: .ci/needed.sh BUILD_DIR
set -u
build=$1
failed=0

needed() { readelf -d "$1" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p'; }

check() { # check TITLE COMPLAINTS
	if [ -z "$2" ]; then
		echo "ok - $1"
	else
		failed=1
		echo "not ok - $1"
		echo "$2" | sed 's/^/#   /'
	fi
}

check "headroom links libc, libm, libcjson, libmnl, libsqlite3 and libz at most" \
	"$(needed "$build/headroom" | grep -vE '^(libc|libm|libcjson|libmnl|libsqlite3|libz)\.so\.[0-9]+$')"
check "headroom-import knows no renderer and no network" \
	"$(needed "$build/headroom-import" | grep -E '^lib(cairo|pango|fontconfig|freetype|qpdf|curl)')"
for program in headroom headroom-import headroom-helper headroom-http; do
	check "$program is a position-independent executable with full RELRO" "$(
		readelf -h "$build/$program" | grep -q 'Type:.*DYN' || echo "not PIE"
		readelf -ld "$build/$program" | grep -q GNU_RELRO || echo "no RELRO"
		readelf -d "$build/$program" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' || echo "not bound at start"
		readelf -lW "$build/$program" | grep 'GNU_STACK' | grep -q 'RWE' && echo "executable stack"
	)"
done
exit $failed
