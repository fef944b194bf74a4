# shellcheck shell=sh
# Out of memory: whichever allocation fails, headroom says so and ends with the status of an internal error. It
# never prints a document in which something is missing.
. tests/cli/lib.sh
preload=${HEADROOM_BUILD:-$top/build}/tests/cli/fail_malloc.so
case $preload in /*) ;; *) preload=$top/$preload ;; esac

if grep -q __asan_init "$H"; then
	skip "one allocation fails" "the address sanitizer has allocations of its own"
	exit
fi

if ! ldd "$H" 2>/dev/null | grep -q /; then
	skip "one allocation fails" "a static program takes no malloc(3) from a library that is loaded before it"
	exit
fi

# with_failure N COMMAND…: the N-th allocation of the command fails; of 0 none, and they are counted
with_failure() {
	failure=$1
	shift
	env LD_PRELOAD="$preload" HEADROOM_TEST_FAIL="$failure" "$@"
}

# fails_clean NAME STATUS TRIES COMMAND…: some allocations fail, one in each run, evenly spread over all of them
fails_clean() {
	name=$1 want=$2 tries=$3 wrong=''
	shift 3
	all=$(with_failure 0 "$@" 2>&1 >/dev/null </dev/null | sed -n 's/ allocations$//p' | sort -n | tail -n 1)
	step=$((all / tries + 1))
	nth=$((-step / 2))
	while [ $((nth += step)) -le "$all" ]; do
		with_failure "$nth" "$@" >out 2>err </dev/null
		status=$?
		if [ "$status" -ne "$want" ] || [ -s out ] || [ "$(cat err)" != 'headroom: out of memory' ]; then
			wrong="$wrong $nth:$status"
		fi
	done
	[ "$all" -gt "$tries" ] || wrong="only $all allocations"
	same "$name: each of $tries failing allocations ends the run" "" "$wrong"
}

printf '{"schema":"headroom.workload/1","role":"client","connections":500}\n' >plan.json
fails_clean "audit" 1 20 "$H" audit plan.json --facts "$hosts/debian-default" -o json:-
fails_clean "audit as text" 1 8 "$H" audit default --facts "$hosts/debian-default"
fails_clean "gate" 125 8 "$H" gate -q default -- true
fails_clean "fix" 1 8 "$H" fix ws-client --connections 60000 --facts "$hosts/debian-default"
fails_clean "workload" 1 8 "$H" workload -- wrk -c400 -d30s http://10.0.0.5/
# The first ones, one after another: among them are those with which directories are read. One that is not read must
# not look empty.
"$H" audit plan.json --facts "$hosts/debian-default" >usual 2>err </dev/null
nth=0 wrong=''
while [ $((nth += 1)) -le 100 ]; do
	HEADROOM_TEST_WHO=all with_failure $nth "$H" audit plan.json --facts "$hosts/debian-default" >out 2>err </dev/null
	status=$?
	case $status in
	0) cmp -s out usual || wrong="$wrong $nth" ;;
	1) [ ! -s out ] || wrong="$wrong $nth" ;;
	*) wrong="$wrong $nth" ;;
	esac
done
same "audit: each of the first 100 failing allocations ends the run or changes nothing" "" "$wrong"
# The helper reads its document from the standard input and writes to a descriptor.
fails_clean "headroom-helper" 1 8 sh -c "exec '${H%/*}/headroom-helper' render html:1 <'$top/tests/report/sample-audit.json'"

# The allocations of all libraries, a few of each command; `make torture` has them all.
cd "$top" && .ci/torture.sh "${HEADROOM_BUILD:-build}" 499 | sed -n 's/^ok  */ok - /p; s/^FAIL  */not ok - /p; s/^  */# /p'
