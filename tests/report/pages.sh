#!/bin/sh
# Makes a page of each answer that is no audit, and of an audit without a plan: NAME.html, NAME.pdf and NAME.json in a directory.
# Usage: tests/report/pages.sh BUILD/headroom DIRECTORY     (report/answers.sh and .ci/browser.sh look at them)
set -u
headroom=$(realpath "${1:?usage: pages.sh path of headroom, directory}")
top=$(cd "$(dirname "$0")/../.." && pwd)
host=$top/tests/hosts/debian-default
mkdir -p "$2" && cd "$2" || exit 1
HEADROOM_HELPER=$(dirname "$headroom")/headroom-helper
state=$PWD/state
export HEADROOM_HELPER HEADROOM_HISTORY=on XDG_STATE_HOME="$state" HOME="$state" SOURCE_DATE_EPOCH=1796054400
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
trap 'rm -rf "$state"' EXIT

page() { # page NAME COMMAND…: its exit code is the answer's, not a fault
	name=$1
	shift
	"$headroom" "$@" -q -o "html:$name.html" -o "pdf:$name.pdf" -o "json:$name.json" >"$name.log" 2>&1
	[ -s "$name.html" ] && [ -s "$name.pdf" ] && [ -s "$name.json" ] && rm "$name.log" && return 0
	echo "no page of headroom $*: $(cat "$name.log")" >&2
	exit 1
}

for n in 1000 15000 9000; do
	"$headroom" audit ws-client --connections $n --lifetime 60s --facts "$host" -q >/dev/null 2>&1
done
"$headroom" audit ws-client --connections 15000 --lifetime 60s --facts "$host" --set limits.nofile.soft=21000 -q >/dev/null 2>&1
page list history list
page trend history trend --ticket CHG8
page diff history diff 2 last
HEADROOM_HISTORY=off
page size size ws-client --connections 50000 --new-conns 500 + http-churn --rps 2000 --provider aws --ticket CHG7 \
	--requested-by 'J. Doe' --valid-for 14d
page size-none size ws-client --connections 20000 --facts "$top/tests/hosts/hostile"
page why why --facts "$top/tests/hosts/crowded" --ticket INC-1 "dial tcp 10.0.0.5:80: connect: cannot assign requested address"
page why-more why --facts "$top/tests/hosts/hostile" "Too many open files"
mkdir -p repository
printf 'services:\n  db:\n    ports: ["54320:5432"]\n' >repository/compose.yaml
page lint lint repository --image ubuntu-24.04
page carry audit --facts "$host"
mkdir -p fleet
"$headroom" facts --facts "$host" -q -o base.json
wide=limits.nofile.soft=65536:limits.nofile.hard=65536
PYTHONHASHSEED=0 python3 "$top/tests/fleet/make.py" base.json dir fleet "gen-1:$wide" "gen-2:$wide" \
	gen-3:limits.nofile.soft=512:limits.nofile.hard=512 "gen-4:$wide:created=2026-11-26T12-at-00-at-00Z" "edge-1:$wide" "srv-1:$wide"
printf 'gen-%s\n' 1 2 3 4 5 6 >hosts
printf 'edge-1 role=proxy\nsrv-1 role=server\n' >>hosts
page fleet fleet ws-client --connections 12000 --lifetime 600s --hosts hosts fleet
rm -rf repository fleet hosts base.json
