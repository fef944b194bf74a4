#!/bin/sh
# Runs every libFuzzer harness for a time each. Usage: .ci/fuzz.sh BUILD_DIR SECONDS [KEEP]
# What it finds is kept in out/fuzz/; new corpus entries stay in BUILD_DIR/corpus/. With KEEP, for each harness so many
# of them at most, those of up to 1 KiB that reach code which no seed reaches, become seeds in tests/fuzz/corpus/.
set -u
build=$1
seconds=$2
keep=${3:-0}
passed=0 failed=0
mkdir -p out/fuzz

# keep_some HARNESS CORPUS SEEDS: what the merge adds to a copy of the seeds, the smallest first
keep_some() {
	merged=$build/merged
	rm -rf "$merged"
	cp -r "$3" "$merged"
	"$1" -merge=1 -max_len=1024 "$merged" "$2" >/dev/null 2>&1
	find "$merged" -type f -printf '%s %f\n' | sort -n | while read -r _ new; do
		[ -e "$3/$new" ] || echo "$merged/$new"
	done | head -n "$keep" | xargs -r cp -t "$3"
}

for harness in "$build"/tests/fuzz/fuzz_*; do
	case $harness in *.o | *.d) continue ;; esac
	name=$(basename "$harness")
	corpus=$build/corpus/$name
	mkdir -p "$corpus"
	seeds=tests/fuzz/corpus/${name#fuzz_}
	[ -d "$seeds" ] || seeds=rules/workloads
	if "$harness" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="out/fuzz/$name-" "$corpus" "$seeds" >"$build/$name.log" 2>&1; then
		passed=$((passed + 1))
		[ "$keep" -eq 0 ] || keep_some "$harness" "$corpus" "$seeds"
		echo "ok    $name: $(sed -n 's/stat::number_of_executed_units: *//p' "$build/$name.log") runs in $seconds s"
	else
		failed=$((failed + 1))
		echo "FAIL  $name: $build/$name.log; the input is in out/fuzz/"
		grep -E 'ERROR|SUMMARY|runtime error' "$build/$name.log" | head -n 5 | sed 's/^/      /'
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
