#!/bin/sh
# make lint: everything that finds fault without running the program. Usage: .ci/lint.sh
set -u
make=${MAKE:-make}
failed=0
passed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

step() { # step TITLE COMMAND…
	title=$1
	shift
	if "$@" >"$log" 2>&1 </dev/null; then
		passed=$((passed + 1))
		echo "ok    $title"
	else
		failed=$((failed + 1))
		echo "FAIL  $title"
		grep -vE '^(gcc|clang|ar|rm|[0-9]+ warnings (generated|treated))' "$log" | tail -n 60 | sed 's/^/      /'
	fi
}

sources=$(find audit base model probes report tests -name '*.c' | sort)
scripts=$(find .ci tests -type f -perm -u+x | sort | while read -r file; do
	head -n 1 "$file" | grep -qE '^#!.*\b(ba|da)?sh\b' && echo "$file"
done)

# Not the unit tests: the analyzer does not know that cmocka's assertions do not return.
tidy() {
	command -v clang-tidy || { echo "clang-tidy is not installed"; return 1; }
	# shellcheck disable=SC2016  # the inner shell expands it
	echo "$sources" | grep -vE '^(base/error\.c|tests/unit/.*)$' | xargs -P "$(nproc)" -n 4 sh -c 'clang-tidy --quiet --warnings-as-errors="*" "$@" -- $TIDY_FLAGS' tidy >"$log.tidy" 2>&1
	code=$?
	# The findings first, the paths that lead to them only in full runs of clang-tidy.
	grep -E '(error|warning): ' "$log.tidy"
	rm -f "$log.tidy"
	return $code
}
TIDY_FLAGS="-std=c11 -D_GNU_SOURCE -I. -include .ci/analyzer.h $(pkg-config --cflags libcjson libmnl libxml-2.0 yaml-0.1 cairo pangocairo cmocka)"
export TIDY_FLAGS

# MAKE may carry options.
# shellcheck disable=SC2086
step "gcc, warnings are errors" $make CC=gcc BUILD=build-gcc WERROR=-Werror tests
# shellcheck disable=SC2086
step "clang, warnings are errors" $make CC=clang BUILD=build-clang WERROR=-Werror tests
# shellcheck disable=SC2086
step "cppcheck" cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr \
	--suppressions-list=.ci/cppcheck.txt --error-exitcode=1 -j "$(nproc)" -I. -D_GNU_SOURCE -D__GNUC__ \
	--library=.ci/cppcheck.cfg $sources
step "clang-tidy" tidy
# shellcheck disable=SC2086
step "shellcheck" shellcheck $scripts
step "help, man page and completions agree" .ci/help.sh build-gcc
step "no leftovers, no machine's own paths in the tree" .ci/words.sh

echo
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
