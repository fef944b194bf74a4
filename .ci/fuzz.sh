#!/bin/sh
# Runs every libFuzzer harness for a time each. Usage: .ci/fuzz.sh BUILD_DIR SECONDS
# What it finds is kept in out/fuzz/; new corpus entries stay in BUILD_DIR/corpus/.
set -u
build=$1
seconds=$2
passed=0 failed=0
mkdir -p out/fuzz
for harness in "$build"/tests/fuzz/fuzz_*; do
	case $harness in *.o | *.d) continue ;; esac
	name=$(basename "$harness")
	corpus=$build/corpus/$name
	mkdir -p "$corpus"
	seeds=tests/fuzz/corpus/${name#fuzz_}
	[ -d "$seeds" ] || seeds=rules/workloads
	# shellcheck disable=SC2086
	if "$harness" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="out/fuzz/$name-" "$corpus" $seeds >"$build/$name.log" 2>&1; then
		passed=$((passed + 1))
		echo "ok    $name: $(sed -n 's/stat::number_of_executed_units: *//p' "$build/$name.log") runs in $seconds s"
	else
		failed=$((failed + 1))
		echo "FAIL  $name: $build/$name.log; the input is in out/fuzz/"
		grep -E 'ERROR|SUMMARY|runtime error' "$build/$name.log" | head -n 5 | sed 's/^/      /'
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
