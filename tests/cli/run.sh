#!/bin/sh
# Runs the command-line cases: tests/cli/case_*.sh, or those named. Each check is a TAP line; the last line is
# "N passed, N failed, N skipped". HEADROOM names the program (default build/headroom).
cd "$(dirname "$0")/../.." || exit 1
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
[ $# -gt 0 ] || set -- tests/cli/case_*.sh
for script; do
	echo "# $script"
	sh "$script" 2>&1 || echo "not ok 0 - $script ended with status $?"
done >"$log"
cat "$log"
skipped=$(grep -c '^ok .*# SKIP' "$log")
failed=$(grep -c '^not ok' "$log")
passed=$(($(grep -c '^ok ' "$log") - skipped))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
