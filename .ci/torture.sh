#!/bin/sh
# make torture: in the commands below each allocation fails once, the first, the second …, whoever makes it: headroom,
# cJSON, the C library, SQLite, libxml2 and, with HTML, headroom-helper's libraries. A run must end with one line and
# the status of an internal error, or say what it says with enough memory. Never something else, never by a signal:
# also where headroom-helper is ended by one, as glib does.
# Usage: .ci/torture.sh BUILD_DIR [STEP]     every STEP-th allocation (1: all, about an hour)
set -u
case $1 in /*) build=$1 ;; *) build=$PWD/$1 ;; esac
step=${2:-1}
preload=$build/tests/cli/fail_malloc.so
H=$build/headroom
hosts=$PWD/tests/hosts
sample=$PWD/tests/report/pass-audit.json
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
input=/dev/null silent=no output=
passed=0 failed=0
export SOURCE_DATE_EPOCH=1700000000 HEADROOM_TEST_WHO=all XDG_STATE_HOME="$work/state"
if grep -q __asan_init "$H"; then
	echo "the address sanitizer has allocations of its own"
	exit 77
fi

# with_failure N COMMAND…
with_failure() {
	failure=$1
	shift
	env LD_PRELOAD="$preload" HEADROOM_TEST_FAIL="$failure" "$@" <"$input"
}

# fits FILE: is the standard error one line, or, where nothing at all may be said, empty? Where headroom-helper works, its
# own lines go before it.
fits() {
	case $silent in
	yes) [ "$(wc -l <"$1")" -le 1 ] ;;
	no) [ -s "$1" ] && [ "$(grep -vc '^headroom-helper: ' "$1")" -eq 1 ] && tail -n 1 "$1" | grep -q '^headroom: ' ;;
	esac
}

# plain FILE: what an output says. Of a PDF its text (without memory, HarfBuzz leaves out kerning), of a PNG its size.
plain() {
	case $output in
	pdf) pdftotext "$1" - ;;
	png) head -c 24 "$1" ;;
	*) cat "$1" ;;
	esac 2>/dev/null
}

# one N: runs the command with its N-th allocation failing; says nothing, or what is wrong
one() {
	nth=$1
	shift
	with_failure "$nth" "$@" >"$work/$nth.out" 2>"$work/$nth.err"
	status=$?
	if [ "$status" -eq "$broken" ] && [ ! -s "$work/$nth.out" ] && fits "$work/$nth.err"; then
		:
	elif [ "$silent" = yes ] && [ "$status" -gt 128 ] && [ ! -s "$work/$nth.out" ]; then
		:
	elif [ "$status" -eq "$usual" ] && plain "$work/$nth.out" | cmp -s - "$work/usual"; then
		:
	else
		echo "$nth: exit $status, $(head -c 200 "$work/$nth.err" | head -n 1)"
	fi
	rm -f "$work/$nth.out" "$work/$nth.err"
}

# torture NAME BROKEN COMMAND…: BROKEN is the status of an internal error
torture() {
	name=$1 broken=$2
	shift 2
	with_failure 1000000000 "$@" >"$work/whole" 2>/dev/null
	usual=$?
	plain "$work/whole" >"$work/usual"
	all=$(with_failure 0 "$@" 2>&1 >/dev/null | sed -n 's/^\(headroom-helper: \)*\([0-9]*\) allocations$/\2/p' | sort -n | tail -n 1)
	nth=1 runs=0
	: >"$work/wrong"
	while [ "$nth" -le "$all" ]; do
		one "$nth" "$@" >>"$work/wrong"
		nth=$((nth + step)) runs=$((runs + 1))
	done
	if [ -s "$work/wrong" ] || [ "$runs" -eq 0 ]; then
		failed=$((failed + 1))
		echo "FAIL  $name: $(wc -l <"$work/wrong") of $runs runs of $all allocations"
		head -n 5 "$work/wrong" | sed 's/^/      allocation /'
	else
		passed=$((passed + 1))
		echo "ok    $name: $runs of $all allocations"
	fi
}

printf '{"schema":"headroom.workload/2","role":"client","connections":500,"lifetime_s":2}\n' >"$work/plan.json"
cat >"$work/plan.xml" <<'END'
<tsung><clients><client host="localhost"/></clients><servers><server host="10.0.0.5" port="80" type="tcp"/></servers>
<load><arrivalphase phase="1" duration="1" unit="minute"><users arrivalrate="9" unit="second"/></arrivalphase></load>
<sessions><session name="a" probability="100" type="ts_http"><request><http url="/" method="GET"/></request></session></sessions></tsung>
END
export HEADROOM_HISTORY=on
torture "audit, kept in the history" 1 "$H" audit "$work/plan.json" --facts "$hosts/debian-default"
torture "history" 1 "$H" history -o json:-
torture "history show" 1 "$H" history show 1
export HEADROOM_HISTORY=off
torture "audit as JSON" 1 "$H" audit ws-client --facts "$hosts/docker-publish" -o json:-
torture "audit of nothing" 1 "$H" audit --facts "$hosts/tuned-loadgen"
torture "fix" 1 "$H" fix ws-client --connections 60000 --facts "$hosts/debian-default"
torture "fix --emit" 1 "$H" fix ws-client --connections 60000 --facts "$hosts/debian-default" --emit ansible
torture "size" 1 "$H" size ws-client --facts "$hosts/debian-default"
torture "explain" 1 "$H" explain conntrack --facts "$hosts/debian-default"
torture "workload" 1 "$H" workload -- wrk -c400 -d30s http://10.0.0.5/
torture "workload of an XML file" 1 "$H" workload -- tsung -f "$work/plan.xml" start
torture "facts" 1 "$H" facts --facts "$hosts/debian-default"
torture "report as JUnit" 1 "$H" report "$sample" -o junit:-
# 28,000 allocations of HTML and 255,000 of a PDF, most of glib, cairo and fontconfig, which end the helper by a signal:
# headroom then says in one line that the helper failed, and no part of a file is there.
few=$step
step=$((step * 31))
torture "report as HTML" 1 "$H" report "$sample" -o html:-
step=$((few * 251))
output=pdf
torture "report as PDF" 1 "$H" report "$sample" -o pdf:-
output=png
torture "report as PNG" 1 "$H" report "$sample" -o png:-
output='' step=$few
# Where libseccomp has no memory, it leaves out what is allowed, frees twice, or reads what is not there (2.5.4, in
# seccomp_load()): the helper is ended before it has read anything, and headroom then says that it failed.
input=$sample silent=yes
torture "headroom-helper" 1 "$build/headroom-helper" render html:1
input=/dev/null silent=no
torture "gate" 125 "$H" gate -q --force --certify off --connections 5 -- true
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
