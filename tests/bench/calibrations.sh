#!/bin/bash
# make bench, calibrations: fill rates beside a naive loop and a bare one in the same run, whole processes, a million
# connections, and how long sockets stay after SIGKILL. Medians of BENCH_CALIBRATIONS (5) runs, 3 of the long ones,
# each printed with its goal; a missed goal is no failure, a command that does not run is.
# Usage: tests/bench/calibrations.sh BUILD_DIR
set -u
build=$1
rounds=${BENCH_CALIBRATIONS:-5}
few=$(((rounds + 1) / 2))
million=7GiB # a connection is planned with 7,500 bytes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/bench/rows.sh
. "$(dirname "$0")/rows.sh"
headroom=$build/headroom
calibrate=("$headroom" calibrate --no-history)

fail() {
	echo "bench: $*" >&2
	exit 1
}
# of PROGRAM …: connections per second of a program that prints "CONNECTIONS SECONDS"
of() {
	local said
	said=$("$@") || fail "did not run: $*"
	calc %.0f "${said% *}/${said#* }"
}
figure() { # figure FILTER: of the calibration that was just run
	jq -r ".calibration[0] | $1" "$work/result.json"
}
calibrated() { # calibrated ID …: runs it; exit 4 means that something could not be measured
	"${calibrate[@]}" "$@" -o "json:$work/result.json" >/dev/null 2>"$work/errors" || [ $? -eq 4 ] ||
		fail "calibrate $*: $(cat "$work/errors")"
}

# Inside a private namespace: the fill and its two yardsticks take turns.
fill_rates() {
	local naive=() bare=() bare_one=() ours=() even=() i cores
	cores=$(($(nproc) < 4 ? $(nproc) : 4))
	ip link set lo up || exit 1
	for ((i = 0; i < rounds; i++)); do
		((i < few)) && naive+=("$(of "$build/tests/bench/naive_fill")")
		bare+=("$(of "$build/tests/bench/bare_fill" "$cores")")
		bare_one+=("$(of "$build/tests/bench/bare_fill" 1)")
		calibrated ports
		[ "$(figure .difference)" = 0 ] || fail "calibrate ports: not what was predicted: $(figure .reason)"
		ours+=("$(figure .rate_per_s)")
		even+=("$(figure '(.deciles | min) / (.deciles | max)')")
	done
	echo "Filling $(figure .measured) ports of one destination; $(load)"
	local o n b
	o=$(median "${ours[@]}") n=$(median "${naive[@]}") b=$(median "${bare[@]}")
	row "calibrate ports, while filling" "$(calc %.0f "$o")/s" "" ""
	row "naive connect and accept loop (floor)" "$n/s" "" ""
	row "bare bind and connect loop, $cores threads" "$b/s" "" ""
	row "bare bind and connect loop, 1 thread" "$(median "${bare_one[@]}")/s" "" ""
	row "calibrate / naive loop" "$(calc %.1f "$o/$n")" ">= 20" "$(met "$o/$n >= 20")"
	row "calibrate / bare loop" "$(calc %.2f "$o/$b")" ">= 0.8" "$(met "$o/$b >= 0.8")"
	row "slowest / fastest decile" "$(calc %.2f "$(median "${even[@]}")")" ">= 0.7" \
		"$(met "$(median "${even[@]}") >= 0.7")"
}

whole_range() {
	ip link set lo up && echo 1024 65535 >/proc/sys/net/ipv4/ip_local_port_range || exit 1
	measure -n "$rounds" -w 1 -- "${calibrate[@]}" ports -q
	row "calibrate ports, 1024-65535" "$(calc %.3f "${ms[0]}/1000") s" "<= 1.0 s" "$(met "${ms[0]} <= 1000")"
}

default_range() {
	ip link set lo up || exit 1
	measure -n "$rounds" -w 1 -- "${calibrate[@]}" ports -q
	row "calibrate ports, default range" "$(calc %.3f "${ms[0]}/1000") s" "<= 0.35 s" "$(met "${ms[0]} <= 350")"
}

whole_set() {
	measure -n "$rounds" -w 1 -- "$headroom" audit default --calibrate --no-history -o json:/dev/null
	row "audit --calibrate, default set" "$(calc %.2f "${ms[0]}/1000") s" "<= 3 s" "$(met "${ms[0]} <= 3000")"
}

scale() {
	local fills=() wholes=() i reached
	for ((i = 0; i < few; i++)); do
		calibrated scale --memory "$million"
		reached=$(figure .reached)
		if [ "${reached%.*}" -lt 1000000 ]; then
			row "calibrate scale to 1,000,000 connections" "-" "<= 10 s" "not run: came as far as $reached ($(figure .reason))"
			return
		fi
		fills+=("$(figure '1e6 / .rate_per_s')")
		wholes+=("$(figure .duration_s)")
	done
	local f w
	f=$(median "${fills[@]}") w=$(median "${wholes[@]}")
	row "calibrate scale, 1,000,000 connections held after" "$(calc %.1f "$f") s" "<= 10 s" "$(met "$f <= 10")"
	row "the same with removing them, whole process" "$(calc %.1f "$w") s" "" ""
}

killed() { # killed TITLE SOCKETS GOAL ARGUMENT …
	local title=$1 sockets=$2 goal=$3 times=() said seconds i
	shift 3
	for ((i = 0; i < few; i++)); do
		if ! said=$("$build/tests/bench/kill_after" "$sockets" -- "${calibrate[@]}" "$@" 2>"$work/errors"); then
			row "$title" "-" "<= $goal s" "not run: $(cat "$work/errors")"
			return
		fi
		times+=("${said#* }")
	done
	seconds=$(median "${times[@]}")
	row "$title" "$(calc %.2f "$seconds") s" "<= $goal s" "$(met "$seconds <= $goal")"
}

case ${2:-} in
fill_rates | whole_range | default_range)
	"$2"
	exit
	;;
esac
if ! command -v jq >/dev/null || ! unshare -n true 2>/dev/null || [ "$(id -u)" -ne 0 ]; then
	echo "Calibrations: skipped, they need jq, root and the right to make network namespaces"
	exit 0
fi
unshare -n "$0" "$build" fill_rates || exit 1
echo "Whole processes, median of $rounds; $(load)"
unshare -n "$0" "$build" default_range || exit 1
unshare -n "$0" "$build" whole_range || exit 1
whole_set
echo "A million loopback connections (7 GiB), median of $few; $(load)"
scale
echo "Sockets left after SIGKILL of the supervisor, seconds until none; $(load)"
killed "18,000 connections" 36000 0.5 ports --set net.ipv4.ip_local_port_range=32768-60999
killed "1,000,000 connections" 2000000 6 scale --memory "$million"
