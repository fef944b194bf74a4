#!/bin/sh
# The man page in docs/ is what the program's option table says now, the completion works in every shell, and the
# help of every command fits a screen. Usage: .ci/help.sh BUILD_DIR
set -u
headroom=$1/headroom
failed=0
complain() {
	echo "$*"
	failed=1
}

"$headroom" help --man | diff -u docs/headroom.1 - || complain "docs/headroom.1 is old: $headroom help --man >docs/headroom.1"
.ci/completion.sh "$headroom" || complain "the completion does not work: .ci/completion.sh $headroom"
commands=$("$headroom" --help | sed -nE 's/^  ([a-z]+)  .*/\1/p' | sort -u)
[ -n "$commands" ] || complain "headroom --help names no command"
for command in "" $commands; do
	# shellcheck disable=SC2086  # the empty one vanishes
	text=$("$headroom" $command --help) || complain "headroom $command --help ends with $?"
	lines=$(echo "$text" | wc -l)
	# 80 columns by 50 lines: a screen, but not the smallest.
	[ "$lines" -le 50 ] || complain "headroom $command --help has $lines lines"
	echo "$text" | LC_ALL=C.UTF-8 grep -nE '.{81,}' && complain "headroom $command --help: lines over 80 columns"
	for option in $(echo "$text" | grep -oE '(^|[ ,])--[a-z][a-z-]+' | tr -d ' ,' | sort -u); do
		grep -qF -- "$(echo "$option" | sed 's/-/\\-/g')" docs/headroom.1 || grep -qF -- "$option" docs/headroom.1 ||
			complain "docs/headroom.1 does not name $option ($command)"
	done
done
if command -v man >/dev/null 2>&1; then
	warnings=$(LC_ALL=C.UTF-8 MANWIDTH=100 man --warnings -E UTF-8 -l docs/headroom.1 2>&1 >/dev/null)
	[ -z "$warnings" ] || complain "docs/headroom.1: $warnings"
fi
exit $failed
