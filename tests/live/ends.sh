#!/bin/sh
# Both ends of a connection: which of client, HAProxy and server breaks first, and at which load, predicted and found.
# Usage: tests/live/ends.sh BUILD_DIR (root)
set -u
if [ "$(id -u)" -ne 0 ] || ! unshare -n true 2>/dev/null; then
	echo "ok - both ends of a connection # SKIP needs root and network namespaces"
	exit 77
fi
for program in haproxy ip ss nstat; do
	command -v "$program" >/dev/null && continue
	echo "ok - both ends of a connection # SKIP no $program"
	exit 77
done
exec python3 tests/live/ends.py "${1:-build}"
