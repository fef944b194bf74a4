#!/bin/sh
# make check, after the build: runs every suite, as many at a time as there are processors, and counts.
# Usage: .ci/check.sh BUILD_DIR [SAN]          all suites; JOBS=N runs N at a time, WITHOUT=PATTERN leaves some out,
#                                              PARTS="inside outside once" are those parts, ALSO="cli-gate" these as well
#        .ci/check.sh BUILD_DIR SAN SUITE…     these suites alone (SAN may be "")
# HEADROOM=PROGRAM: another program in place of BUILD_DIR/headroom.
#
# How a suite reports: TAP on standard output ("ok", "not ok", "ok … # SKIP reason"), or a last line
# "N passed, N failed, N skipped" (which then is what counts), or just its exit code (0 passed, 77 skipped).
# A failing exit code without a failed test counts as one failure. Logs are kept under BUILD_DIR/check/.
# The closing line, "N passed, N failed, N skipped", is the sum.
set -u
build=$1
san=${2:-}
logs=$build/check

export CMOCKA_MESSAGE_OUTPUT=TAP
export HEADROOM_BUILD="$build" HEADROOM="${HEADROOM:-$PWD/$build/headroom}" HEADROOM_HISTORY=off
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0:hard_rss_limit_mb=4096}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"

programs() { # programs PATTERN: the executables in the build directory that the pattern names, without their path
	for program in "$build"/tests/$1; do
		case $program in *.o | *.d) continue ;; esac
		[ -x "$program" ] && basename "$program"
	done
}

# Suites that compare texts and pictures, ask the kernel or read the tree: sanitizers tell no more of them than of the
# others, which call the same functions, and make them slow.
once=" report-pdf report-charts report-html look truth kernel-log nat incidents rules-lint rules-test arrows members size needed "
once="$once cli-alerts cli-answers cli-boot cli-ci cli-ci_bare cli-contract cli-docs cli-expected cli-explain cli-facts_file cli-generators "
once="$once cli-image cli-map cli-memory cli-new_container cli-paste cli-plan_again cli-redact cli-size cli-versions "

# parts SUITE…: the part of each, and its name
parts() {
	for name; do
		part=outside
		case $name in test_* | fuzz_*) part=inside ;; esac
		case $once in *" $name "*) part=once ;; esac
		echo "$part $name"
	done
}

# The names of all suites. What takes longest comes first, so that no long one is left alone at the end.
suites() {
	echo cli-calibrate cli-alerts cli-collect cli-lint report-pdf report-charts cli-generators cli-memory cli-properties truth kernel-log nat incidents fuzz_tree_yaml cli-vantage report-html cli-attach test_stress_calibrate
	for case in tests/cli/case_*.sh; do
		case=${case#tests/cli/case_}
		echo "cli-${case%.sh}"
	done
	echo report look
	programs 'fuzz/fuzz_*'
	programs 'unit/test_*'
	echo rules-lint rules-test arrows members size needed
}

# Those of the parts that are asked for, and of ALSO.
wanted() {
	# shellcheck disable=SC2046 # one word for each suite
	parts $(suites) | awk -v parts=" ${PARTS:-inside outside once} " -v also=" ${ALSO:-} " \
		'(index(parts, " " $1 " ") || index(also, " " $2 " ")) && !seen[$2]++ { print $2 }' | grep -vE "${WITHOUT:-^$}"
}

# become SUITE: becomes what the suite runs
become() {
	case $1 in
	test_*) exec "$build/tests/unit/$1" ;;
	fuzz_*) # Seeds and mutations of them, the same every time; fewer of what takes long.
		seeds=tests/fuzz/corpus/${1#fuzz_}
		case $1 in
		fuzz_page) : "${FUZZ_SMOKE:=25}" ;;
		fuzz_document | fuzz_history | fuzz_model | fuzz_template) : "${FUZZ_SMOKE:=200}" ;;
		esac
		[ -d "$seeds" ] || seeds=rules/workloads
		exec "$build/tests/fuzz/$1" -smoke "${FUZZ_SMOKE:-3000}" "$seeds"
		;;
	cli-*) exec tests/cli/run.sh "tests/cli/case_${1#cli-}.sh" ;;
	report) exec tests/report/check.sh "$PWD/$build/headroom-helper" ;;
	report-*) exec "tests/report/${1#report-}.sh" "$PWD/$build/headroom-helper" ;;
	look) exec tests/report/look.sh "$PWD/$build/headroom-helper" ;;
	rules-*) exec "$HEADROOM" rules "${1#rules-}" ;;
	arrows) exec .ci/arrows.sh "$build" ;;
	members) exec .ci/members.py ;;
	size) exec .ci/size.sh ;;
	needed)
		[ "$san" != asan ] || { echo "a sanitizer build links its own libraries" && exit 77; }
		exec .ci/needed.sh "$build"
		;;
	truth) # A few of the 10,000 configurations of make live-truth; sanitizers are slow.
		exec tests/live/truth.py --headroom "$HEADROOM" --short --count "${TRUTH_COUNT:-$([ -n "$san" ] && echo 40 || echo 150)}"
		;;
	kernel-log) exec tests/live/kernel_log.sh "$build" ;;
	nat) exec tests/live/nat.py "$HEADROOM" quick ;;
	incidents) exec tests/live/why.sh "$build" ;;
	*) echo "no suite is called $1" && exit 1 ;;
	esac
}

# sum LOG CODE: prints "passed failed skipped"
sum() {
	# The last line of that form wins over the TAP lines above it.
	counted=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$1" | tail -n 1)
	if [ -n "$counted" ]; then
		# shellcheck disable=SC2086  # six words
		set -- "$1" "$2" $counted
		p=$3 f=$5 s=$7
	else
		s=$(grep -aciE '^(not )?ok\b.*# *skip' "$1")
		p=$(($(grep -acE '^ok\b' "$1") - $(grep -aciE '^ok\b.*# *skip' "$1")))
		f=$(($(grep -acE '^not ok\b' "$1") - $(grep -aciE '^not ok\b.*# *skip' "$1")))
		if [ $((p + f + s)) -eq 0 ]; then
			case $2 in
			0) p=1 ;;
			77) s=1 ;;
			*) f=1 ;;
			esac
		fi
	fi
	if [ "$2" -ne 0 ] && [ "$2" -ne 77 ] && [ "$f" -eq 0 ]; then
		f=1
	fi
	echo "$p $f $s"
}

# spent FILE: the seconds of processors in what times wrote there: those of ended children are its last line
spent() { tail -n 1 "$1" | awk -F '[ms ]+' '{ printf "%.1f\n", $1 * 60 + $2 + $3 * 60 + $4 }'; }

# run SUITE: its output goes into its log, its counts into NAME.sum, and what people read to standard output
run() {
	name=$1
	log=$logs/$name.log
	start=$(date +%s)
	# A test that runs away ends itself, not the machine.
	(
		# shellcheck disable=SC3045  # dash and bash have it
		[ -n "$san" ] || ulimit -v 8000000
		# 2 GB of output at most, in blocks of 512 bytes.
		ulimit -f 4000000
		export build san
		exec timeout "${TEST_SECONDS:-1800}" "$0" "$build" "$san" --exec "$name"
	) >"$log" 2>&1 </dev/null
	code=$?
	[ "$code" -ne 124 ] || echo "not ok - $name took more than ${TEST_SECONDS:-1800} s" >>"$log"
	if [ "$code" -eq 77 ] && ! grep -aqi '# *skip' "$log"; then
		echo "# SKIP $(tail -n 1 "$log")" >>"$log"
	fi
	sum "$log" "$code" >"$log.sum"
	read -r p f s <"$log.sum"
	note=
	[ "$s" -eq 0 ] || note=", $s skipped"
	if [ "$f" -gt 0 ]; then
		printf 'FAIL  %-24s %s passed, %s failed%s (exit %s), %s\n' "$name" "$p" "$f" "$note" "$code" "$log"
		{ grep -anE -A 12 '^not ok\b|ERROR: |runtime error:' "$log" || tail -n 25 "$log"; } | head -n 60 | sed 's/^/      /'
	else
		printf 'ok    %-24s %s passed%s\n' "$name" "$p" "$note"
	fi >"$log.said"
	# Seconds that passed, and those of processors, which do not depend on what else runs.
	times >"$log.times"
	echo "$(($(date +%s) - start)) $(spent "$log.times") $name" >>"$logs/seconds"
	# One suite prints at a time.
	flock "$logs" cat "$log.said"
	rm "$log.said" "$log.times"
}

case ${3:-} in
--exec) become "$4" ;;
--run)
	run "$4"
	exit 0
	;;
esac

rm -rf "$logs"
mkdir -p "$logs"
shift $(($# < 2 ? $# : 2))
if [ $# -gt 0 ]; then
	names=$*
else
	names=$(wanted)
fi
# shellcheck disable=SC2086  # one word for each suite
printf '%s\n' $names | xargs -n 1 -P "${JOBS:-$(nproc)}" "$0" "$build" "$san" --run

passed=0 failed=0 skipped=0 broken=
for name in $names; do
	if ! read -r p f s <"$logs/$name.log.sum"; then
		p=0 f=1 s=0
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	[ "$f" -eq 0 ] || broken="$broken $name"
	grep -aiE '# *skip' "$logs/$name.log" | sed -E "s/.*# *[Ss][Kk][Ii][Pp][^[:space:]]*/  $name:/"
done >"$logs/skips"
rm -f "$logs"/*.sum

if [ -s "$logs/skips" ]; then
	echo
	echo "Skipped, with the reason:"
	sort "$logs/skips" | uniq -c | sed -E 's/^ *1  /  /; s/^ *([0-9]+)  (.*)/  \2 (\1 times)/'
fi
if [ -n "$broken" ]; then
	echo
	echo "Failed:$broken"
fi
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
