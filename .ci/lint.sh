#!/bin/sh
# make lint: everything that finds fault without running the program. Usage: .ci/lint.sh BUILD_DIR
set -u
build=${1:-build}
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
		grep -vE '^((CC|AR|LINK|EMBED|TIDY)  *[^ ]+$|[0-9]+ warnings? (generated|treated))' "$log" | tail -n 60 | sed 's/^/      /'
	fi
}

sources=$(find audit base model probes report tests -name '*.c' | sort)
scripts=$(find .ci tests docs/fleet probes/host/collect -type f -perm -u+x | sort | while read -r file; do
	head -n 1 "$file" | grep -qE '^#!.*\b(ba|da)?sh\b' && echo "$file"
done)

# clang-format of another version formats other things differently: only the one of Debian 12 is asked.
format() {
	case $(clang-format --version) in
	*" version 14."*) find audit base model probes report rules tests -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror ;;
	*) echo "not version 14: nothing is checked" ;;
	esac
}

# MAKE may carry options. After make check and make check CC=clang BUILD=build-clang SAN=asan nothing is left to build.
# shellcheck disable=SC2086
step "warnings are errors" $make WERROR=-Werror tests
# shellcheck disable=SC2086
step "clang, warnings are errors" $make CC=clang BUILD=build-clang SAN=asan WERROR=-Werror tests
# shellcheck disable=SC2086
step "cppcheck" cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr \
	--suppressions-list=.ci/cppcheck.txt --error-exitcode=1 -j "$(nproc)" -I. -D_GNU_SOURCE -D__GNUC__ \
	--library=.ci/cppcheck.cfg $sources
# shellcheck disable=SC2086
step "clang-tidy" $make --keep-going tidy
# shellcheck disable=SC2086
step "shellcheck" shellcheck $scripts
step "clang-format" format
step "no member that nothing reads" .ci/unread.py
step ".ci/figures.tsv is up to date" .ci/size.py --exact
step "help, man page and completions agree" .ci/help.sh "$build"
step "texts as people read them: names, words, spelling, numbers, long sentences" .ci/voice.py "$build/headroom"
step "no leftovers, no machine's own paths in the tree" .ci/words.sh

echo
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
