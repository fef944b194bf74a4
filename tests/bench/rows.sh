#!/bin/bash
# What the scripts of make bench have in common: rows, medians, the timing tool. Sourced; expects $build.
# shellcheck disable=SC2154
run=$build/tests/bench/run

calc() { awk "BEGIN { printf \"$1\", $2 }"; }
met() { awk "BEGIN { print ($1) ? \"goal met\" : \"goal not met\" }"; }
# row WHAT VALUE GOAL MET
row() { printf '  %-52s %14s   %-10s %s\n' "$@"; }

# Fills the arrays ms, rss and code, one element per command.
measure() {
	local m _min r c
	ms=() rss=() code=()
	while read -r m _min r c; do
		ms+=("$m") rss+=("$r") code+=("$c")
		if [ "$c" -ne 0 ] && [ "$c" -ne 3 ] && [ "$c" -ne 4 ]; then
			echo "bench: a command ended with $c: $*" >&2
			exit 1
		fi
	done < <("$run" "$@")
	if [ ${#ms[@]} -eq 0 ]; then
		exit 1
	fi
}

# median NUMBER…
median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# load: of the last minute, beside the processors; more than half of them busy is no quiet machine
load() { awk -v n="$(nproc)" '{ printf "load %s on %d processors%s\n", $1, n, ($1 > n / 2 ? ": not quiet, read the ratios only" : "") }' /proc/loadavg; }
