#!/bin/sh
# make check, after the build: runs every test and counts. Usage: .ci/check.sh BUILD_DIR [SAN]
#
# How a suite reports: TAP on standard output ("ok", "not ok", "ok … # SKIP reason"), or a last line
# "N passed, N failed, N skipped" (which then is what counts), or just its exit code (0 passed, 77 skipped).
# A failing exit code without a failed test counts as one failure. Logs are kept under BUILD_DIR/check/.
# The closing line, "N passed, N failed, N skipped", is the sum.
set -u
build=$1
san=${2:-}
logs=$build/check
rm -rf "$logs"
mkdir -p "$logs"
passed=0 failed=0 skipped=0
: >"$logs/skips"
: >"$logs/failures"

export CMOCKA_MESSAGE_OUTPUT=TAP
export HEADROOM_BUILD="$build" HEADROOM="$PWD/$build/headroom" HEADROOM_HISTORY=off
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0:hard_rss_limit_mb=4096}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"

# suite NAME COMMAND…
suite() {
	name=$1
	shift
	log=$logs/$name.log
	# A test that runs away ends itself, not the machine.
	(
		# shellcheck disable=SC3045  # dash and bash have it
		[ -n "$san" ] || ulimit -v 8000000
		exec timeout "${TEST_SECONDS:-600}" "$@"
	) >"$log" 2>&1 </dev/null
	code=$?
	[ "$code" -ne 124 ] || echo "not ok - $name took more than ${TEST_SECONDS:-600} s" >>"$log"
	# The last line of that form wins over the TAP lines above it.
	sum=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
	if [ -n "$sum" ]; then
		read -r p _ f _ s _ <<-END
			$sum
		END
	else
		s=$(grep -aciE '^(not )?ok\b.*# *skip' "$log")
		p=$(($(grep -acE '^ok\b' "$log") - $(grep -aciE '^ok\b.*# *skip' "$log")))
		f=$(($(grep -acE '^not ok\b' "$log") - $(grep -aciE '^not ok\b.*# *skip' "$log")))
		if [ $((p + f + s)) -eq 0 ]; then
			case $code in
			0) p=1 ;;
			77) s=1; grep -aqi '# *skip' "$log" || echo "# SKIP $(tail -n 1 "$log")" >>"$log" ;;
			*) f=1 ;;
			esac
		fi
	fi
	if [ "$code" -ne 0 ] && [ "$code" -ne 77 ] && [ "$f" -eq 0 ]; then
		f=1
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	note=
	[ "$s" -eq 0 ] || note=", $s skipped"
	if [ "$f" -gt 0 ]; then
		printf 'FAIL  %-24s %s passed, %s failed%s (exit %s), %s\n' "$name" "$p" "$f" "$note" "$code" "$log"
		{ grep -anE -A 12 '^not ok\b|ERROR: |runtime error:' "$log" || tail -n 25 "$log"; } | head -n 60 | sed 's/^/      /'
		echo "$name" >>"$logs/failures"
	else
		printf 'ok    %-24s %s passed%s\n' "$name" "$p" "$note"
	fi
	grep -aiE '# *skip' "$log" | sed -E "s/.*# *[Ss][Kk][Ii][Pp][^[:space:]]*/  $name:/" >>"$logs/skips"
}

# skip NAME REASON: a suite that cannot run at all
skip() {
	skipped=$((skipped + 1))
	printf 'skip  %-24s %s\n' "$1" "$2"
	echo "  $1: $2" >>"$logs/skips"
}

for test in "$build"/tests/unit/test_*; do
	case $test in *.o | *.d) continue ;; esac
	[ -x "$test" ] && suite "$(basename "$test")" "$test"
done

suite rules-lint "$HEADROOM" rules lint
suite rules-test "$HEADROOM" rules test
suite cli tests/cli/run.sh
suite report tests/report/check.sh "$PWD/$build/headroom-helper"
suite report-html tests/report/html.sh "$PWD/$build/headroom-helper"
suite report-pdf tests/report/pdf.sh "$PWD/$build/headroom-helper"
suite look tests/report/look.sh "$PWD/$build/headroom-helper"

# Fuzz harnesses, briefly: seeds and mutations of them, the same every time.
for harness in "$build"/tests/fuzz/fuzz_*; do
	case $harness in *.o | *.d) continue ;; esac
	name=$(basename "$harness")
	seeds=tests/fuzz/corpus/${name#fuzz_}
	[ -d "$seeds" ] || seeds=rules/workloads
	[ -x "$harness" ] && suite "$name" "$harness" -smoke "${FUZZ_SMOKE:-3000}" "$seeds"
done

suite arrows .ci/arrows.py "$build"
suite size .ci/size.py
if [ "$san" = asan ]; then
	skip needed "a sanitizer build links its own libraries"
else
	suite needed .ci/needed.sh "$build"
fi
suite random-hosts tests/live/random_hosts.sh "$build"

if [ -s "$logs/skips" ]; then
	echo
	echo "Skipped, with the reason:"
	sort "$logs/skips" | uniq -c | sed -E 's/^ *1  /  /; s/^ *([0-9]+)  (.*)/  \2 (\1 times)/'
fi
if [ -s "$logs/failures" ]; then
	echo
	echo "Failed: $(tr '\n' ' ' <"$logs/failures")"
fi
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
