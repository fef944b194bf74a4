/* Shell texts and scripts: loops, functions, substitutions, here-documents, files that they write;
 * and what only their run can tell. */
#include "base/array.h"
#include "tests/unit/plan_test.h"

#define HERE "GET http://h:99/\nEOF\n"

/* What $… stands for. */
static const struct plan_case values[] = {
		{"sh -c 'wrk -t1 -c \"$(nproc)\" http://h/'", "connections=2"},
		{"sh -c 'wrk -t1 -c $(( $(nproc) * 50 + 1 )) http://h/'", "connections=101"},
		{"sh -c 'wrk -t1 -c $(nproc --ignore=1) http://h/'", "connections=1"},
		{"sh -c 'wrk -t1 -c $(getconf _NPROCESSORS_ONLN) http://h/'", "connections=2"},
		{"sh -c 'N=5; wrk -t1 -c $((N*N-5%3)) http://h/'", "connections=23"},
		{"sh -c 'wrk -t1 -c $((1/0)) http://h/'", "!a calculation whose result is not known"},
		{"sh -c 'wrk -t1 -c $((9223372036854775807 + 1)) http://h/'",
				"!a calculation whose result is not known"},
		{"sh -c 'wrk -t1 -c $((UNSET+1)) http://h/'", "!a calculation whose result is not known"},
		{"sh -c 'wrk -t1 -c $((010)) http://h/'", "!a calculation whose result is not known"},
		{"sh -c 'wrk -t1 -c $(echo 7) http://h/'", "connections=7"},
		{"sh -c 'wrk -t1 -c $(cat count) http://h/'", "connections=70"},
		{"bash -c 'wrk -t1 -c $(<count) http://h/'", "connections=70"},
		{"sh -c 'wrk -t1 -c $(cat missing) http://h/'", "!a command substitution near \"$(cat\""},
		{"sh -c 'wrk -t1 -c \"$(curl x | jq .n)\" http://h/'", "!a command substitution"},
		{"sh -c 'N=$(curl x); wrk -t1 -c $N http://h/'", "!a command substitution near \"$(curl\""},
		{"sh -c 'N=$(date); echo $N; wrk -t1 -c 5 http://h/ >out.$(date +%s)'", "connections=5"},
		{"sh -c 'wrk -t1 -c 5 http://$(hostname)/'", "!a command substitution"},
		{"sh -c 'URL=http://h:81/; wrk -t1 -c5 \"$URL\"'", "destinations=h:81"},
		{"sh -c 'O=\"-t1 -c 7\"; wrk $O http://h/'", "connections=7"},
		{"sh -c 'O=\"-t1 -c 7\"; wrk \"$O\" http://h/'", "!wrk"},
		{"sh -c 'wrk -t1 -c ${N:-$(nproc)} http://h/'", "connections=2"},
		{"sh -c ': ${N:=6}; wrk -t1 -c $N http://h/'", "connections=6"},
		{"sh -c 'wrk -t1 -c ${N:?is not set} http://h/'", "!uses $N, which is not set"},
		{"sh -c 'N=abc; wrk -t1 -c ${#N} http://h/'", "connections=3"},
		{"sh -c 'N=5.js; wrk -t1 -c ${N%.js} http://h/'", "connections=5"},
		{"bash -c 'N=a:b:7; wrk -t1 -c ${N##*:} http://${N%%:*}/'",
				"connections=7 destinations=a:80"},
		{"bash -c 'N=x1y; wrk -t1 -c ${N:1:1} http://${N/1y/z}/'",
				"connections=1 destinations=xz:80"},
		{"bash -c 'N=AB; wrk -t1 -c 5 http://${N,,}/'", "destinations=ab:80"},
		{"bash -c 'N=5; M=N; wrk -t1 -c ${!M} http://h/'", "connections=5"},
		{"bash -c 'N=5; wrk -t1 -c ${N/[0-9]/7} http://h/'", "!an expansion"},
		{"bash -c 'wrk -t1 -c ${N%%.*} http://h/'", "!an expansion"},
		{"bash -c 'declare -a A=(3 4); wrk -t1 -c ${A[1]} http://h/'", "connections=4"},
		{"bash -c 'readonly A=(3 4); wrk -t1 -c ${A[$((0 + 1))]} http://h/'", "connections=4"},
		{"bash -c 'A=(3 4); i=0; wrk -t1 -c ${A[i+1]} http://h/'", "connections=4"},
		{"bash -c 'A=(3 4); A[1]=6; A+=(8); wrk -t1 -c ${A[-1]}${A[1]} http://h/'",
				"connections=86"},
		{"bash -c 'A=(3 4); A[5]=6; wrk -t1 -c ${A[1]} http://h/'", "!an expansion"},
		{"bash -c 'A=(-t1 -c 5 -H \"a: b\"); wrk \"${A[@]}\" http://h/'", "connections=5"},
		{"bash -c 'A=(wrk -t1); A+=(-c 5); \"${A[@]}\" http://h/'", "connections=5"},
		{"bash -c 'A=(); wrk \"${A[@]}\" -t1 -c 5 http://h/'", "connections=5"},
		{"bash -c 'A=(1 2 3 4); wrk -t1 -c ${#A[@]} -d ${#A[2]} http://h/'",
				"connections=4 duration_s=1"},
		{"bash -c 'declare -A A=([x]=3 [y]=7); wrk -t1 -c ${A[y]} http://h/'", "connections=7"},
		{"bash -c 'declare -A A; A[x]=3; A[\"y\"]=7; k=y; wrk -t1 -c ${A[$k]} http://h/'",
				"connections=7"},
		{"bash -c 'A=(3 4); wrk -t1 -c ${A[$X]} http://h/'", "!uses $X, which is not set"},
		{"bash -c 'A=($(date)); wrk -t1 -c ${A[0]} http://h/'", "!a command substitution"},
		{"bash -c 'IFS=: read -r n c <<< \"x:8\"; wrk -t1 -c $c http://$n/'",
				"connections=8 destinations=x:80"},
		{"bash -c 'read -ra A <<< \"3 9\"; wrk -t1 -c ${A[1]} http://h/'", "connections=9"},
		{"bash -c 'A=(3 4'", "!without its closing parenthesis"},
		{"bash -c 'N=1; N+=2; wrk -t1 -c $N http://h/'", "connections=12"},
		{"sh -c 'wrk -t1 -c $1 http://h/' x 8", "connections=8"},
		{"sh -c 'wrk -t1 -c ${1:-9} http://h/' x", "connections=9"},
		{"sh -c 'wrk \"$@\"' x -t1 -c4 http://h/", "connections=4"},
		{"sh -c 'shift; wrk -t1 -c $1 http://h/' x 8 3", "connections=3"},
		{"sh -c 'set -- 6; wrk -t1 -c $1 http://h/'", "connections=6"},
		{"sh -c 'wrk -t1 -c $# http://h/' x 8 3", "connections=2"},
		{"sh -c 'read N; wrk -t1 -c $N http://h/'", "!not known before it runs"},
		{"sh -c 'unset OUTSIDE; wrk -t1 -c $OUTSIDE http://h/'", "!which is not set"},
		{"bash -c 'A=(3 4 5); wrk -t1 -c ${A[1]} http://h/'", "connections=4"},
		{"bash -c 'A=(3 4 5); wrk -t1 -c ${#A[@]} http://h/'", "connections=3"},
		{"bash -c 'declare -i N=4; wrk -t1 -c $N http://h/'", "connections=4"},
		{"sh -c 'wrk -t1 -c5 -s \"$(pwd)/none.lua\" http://h/'", "!none.lua: cannot be read"},
		{"sh -c 'cd dir && vegeta attack -targets $(pwd)/t -max-workers=1'", "destinations=d:80"},
		{"sh -c 'cd dir && vegeta attack -targets \"$PWD/t\" -max-workers=1'", "destinations=d:80"},
		{"sh -c '(cd nowhere); vegeta attack -targets dir/t -max-workers=1'", "destinations=d:80"},
		{"sh -c 'cd $(mktemp -d) && vegeta attack -targets t -max-workers=1'",
				"!t: cannot be read"},
		{"sh -c 'cd \"$X\"; vegeta attack -targets t -max-workers=1'", "!uses $X"},
		{"sh -c 'wrk -c9 \"$(echo \\\"a) b\\\")\" http://h/'", "!wrk"},
		{"sh -c 'wrk -c9 $(echo http://h/'", "!an unclosed command"},
		{"sh -c 'wrk -c9 `echo http://h/'", "!an unclosed command"},
};

/* Runs. */
static const struct plan_case loops[] = {
		{"sh -c 'for c in 50 200 100; do wrk -t1 -c $c -d 10s http://h/; done'",
				"stages=0s:50,10s:50,0s:0,0s:200,10s:200,0s:0,0s:100,10s:100 +plan-runs"},
		{"sh -c 'for c in 5 6\ndo\n\twrk -t1 -c $c http://h/ # one\ndone'", "peak=6"},
		{"sh -c 'for c in $(seq 10 10 40); do wrk -t1 -c $c http://h/; done'", "peak=40"},
		{"bash -c 'for c in {10..30..10}; do wrk -t1 -c $c http://h/; done'", "peak=30"},
		{"bash -c 'for c in {7,3}; do wrk -t1 -c $c http://h/; done'", "peak=7"},
		{"bash -c 'for ((c = 1; c < 4; c++)); do wrk -t1 -c$c http://h/; done'", "peak=3"},
		{"bash -c 'for ((c=9;;)); do wrk -t1 -c$c http://h/; done'", "connections=9 +plan-runs"},
		{"bash -c 'for ((c=9;;c++)); do wrk -t1 -c$c http://h/; done'", "!not known before"},
		{"sh -c 'for t in 1 2; do for c in 4 8; do wrk -t$t -c$c http://h/; done; done'",
				"peak=8 threads=3"},
		{"sh -c 'for u in a b; do wrk -t1 -c5 http://$u/; done'",
				"loads=2 peak=5 destinations=a:80 stages=0s:5,10s:5,0s:0 "
				"&1.destinations=b:80 &1.stages=10s:0,0s:5,10s:5 +plan-loads =exact"},
		{"sh -c 'for c in 9; do wrk -t1 -c $c http://h/; done'", "connections=9"},
		{"bash -c 'A=(5 6); for c in \"${A[@]}\"; do wrk -t1 -c $c http://h/; done'", "peak=6"},
		{"bash -c 'A=(5 6 7); for c in \"${A[@]:1}\"; do wrk -t1 -c $c http://h/; done'",
				"stages=0s:6,10s:6,0s:0,0s:7,10s:7"},
		{"bash -c 'A=(5 6); for i in ${!A[@]}; do wrk -t1 -c ${A[$i]} http://h/; done'", "peak=6"},
		{"bash -c 'A=(5 6); for ((i=0; i<${#A[@]}; i++)); do wrk -t1 -c ${A[i]} http://h/; done'",
				"peak=6"},
		{"sh -c 'for c; do wrk -t1 -c $c http://h/; done' x 4 6", "peak=6"},
		{"sh -c 'for f in *.js; do wrk -t1 -c5 http://h/$f; done'", "!file name pattern"},
		{"sh -c 'for f in *.js; do wrk -t1 -c5 http://h/; done'", "connections=5 +plan-runs"},
		{"sh -c 'while true; do wrk -t1 -c5 http://h/; sleep 1; done'",
				"connections=5 lifetime_s=10 start=together open_rate_per_s=- +plan-runs =bound"},
		{"sh -c 'while [ $i -lt 3 ]; do i=$((i+1)); wrk -t1 -c5 http://h/; done'",
				"connections=5 +plan-runs"},
		{"sh -c 'i=1; while [ $i -le 3 ]; do wrk -t1 -c$((i*2)) http://h/; i=$((i+1)); done'",
				"peak=6"},
		{"sh -c 'i=1; until [ $i -gt 2 ]; do wrk -t1 -c$i http://h/; i=$((i+1)); done; echo $i'",
				"peak=2"},
		{"sh -c 'c=1; while read x; do c=$((c*2)); wrk -t1 -c$c http://h/; done <f'",
				"!not known before"},
		{"sh -c 'while read u; do wrk -t1 -c5 $u; done <urls'", "!not known before it runs"},
		{"sh -c 'until curl -s h; do sleep 1; done; wrk -t1 -c5 http://h/'", "connections=5"},
		{"sh -c 'for c in 5 6; do wrk -t1 -c$c http://h/ & done; wait; wrk -t1 -c2 http://h/'",
				"loads=3 stages=0s:6,10s:6,0s:0 &1.stages=0s:5,10s:5,0s:0 "
				"&2.stages=10s:0,0s:2,10s:2"},
		{"sh -c 'while true; do wrk -t1 -c5 http://h/ & done'", "!does not wait for it to end"},
		{"sh -c 'wrk -t1 -c5 http://h/ & wait; wrk -t1 -c6 http://h/'", "peak=6"},
		{"sh -c 'wrk -t1 -c5 http://h/ & sleep 2; wrk -t1 -c6 http://h/'",
				"loads=2 stages=2s:0,0s:6,10s:6 &1.stages=0s:5,10s:5,0s:0"},
		{"sh -c 'pgbench -i -h 10.0.0.5; pgbench -h 10.0.0.5 -c 50 -T 60'",
				"loads=1 connections=50 stages=-"},
		{"sh -c 'jmeter -g a.jtl -o out; wrk -t1 -c5 http://h/'", "connections=5"},
		{"sh -c 'pgbench -i -h 10.0.0.5'", "!makes no load"},
		{"sh -c 'wrk -t1 -c5 -d60 http://h/; wrk -t1 -c50 -d9 http://h/'",
				"stages=0s:5,60s:5,0s:0,0s:50,9s:50 +plan-runs"},
		{"sh -c 'for i in 1 2; do wrk -t1 -c5 -d9 http://h/; sleep 1m; done'",
				"stages=0s:5,9s:5,60s:0,0s:5,9s:5"},
		{"sh -c 'for i in 1 2 3; do ab -n 1000 -c 10 http://h/; done'",
				"connections=10 opens_total=3000 opens_total~bound"},
		{"sh -c 'ab -n 100 -c 9 http://h/; ab -n 50 -c 9 http://h/'", "opens_total=150"},
		{"sh -c 'while true; do ab -n 1000 -c 10 http://h/; done'", "opens_total=- connections=10"},
		{"sh -c 'wrk -t1 -c5 http://h/; wrk -t1 -c4 -H \"Connection: close\" http://h/'",
				"loads=2 stages=0s:5,10s:5,0s:0 &1.connections=4 &1.closer=server"},
		{"sh -c 'run() { wrk -t1 -c \"$1\" -d${2:-10} http://h/; }; run 10; run 30 90'",
				"stages=0s:10,10s:10,0s:0,0s:30,90s:30"},
		{"bash -c 'function go { local c=$1; wrk -t1 -c $c http://h/; }\ngo 12'", "connections=12"},
		{"sh -c 'curl x || { echo no; exit 1; }; wrk -t1 -c5 http://h/'", "connections=5"},
		{"sh -c 'd() { exit 1; }; curl x || d; wrk -t1 -c5 http://h/'", "connections=5"},
		{"sh -c 'false || exit 1; wrk -t1 -c5 http://h/'", "connections=5"},
		{"sh -c 'C=9; curl x || C=1; wrk -t1 -c$C http://h/'",
				"!not known before it runs near \"C=1"},
		{"sh -c 'C=9; curl x && C=1; wrk -t1 -c$C http://h/'", "!not known before"},
		{"sh -c 'C=9; curl x || { C=1; }; wrk -t1 -c$C http://h/'", "!not known before"},
		{"sh -c 'cd d && C=8 && wrk -t1 -c$C http://h/'", "connections=8"},
		{"sh -c '[ -z \"$Q\" ] && Q=7; wrk -t1 -c$Q http://h/'", "connections=7"},
		{"sh -c '[ 1 = 2 ] && wrk -t1 -c9 http://h/; wrk -t1 -c3 http://h/'", "connections=3"},
		{"bash -c 'diff <(wrk -t1 -c9 http://h/) <(wrk -t1 -c8 http://h/); wait'",
				"loads=2 stages=0s:9,10s:9,0s:0 &1.stages=0s:8,10s:8"},
		{"sh -c 'until wrk -t1 -c5 http://h/; do sleep 1; done'", "lifetime_s=10 +plan-runs"},
		{"sh -c 'wrk -t1 -c5 http://h/ || wrk -t1 -c6 http://h/'", "!only under a condition"},
		{"sh -c 'o=$(wrk -t1 -c4 http://h/)'", "connections=4"},
		{"sh -c 'wrk -t1 -c4 http://h/; echo \"$(wrk -t1 -c9 http://h/ | grep x)\"'", "peak=9"},
		{"sh -c 'f() { local o=`wrk -t1 -c$1 http://h/`; }; f 6'", "connections=6"},
		{"sh -c 'o=$(wrk -t1 -c$N http://h/)'", "!not known before"},
		/* a function that a substitution calls runs its load test, too */
		{"sh -c 'r() { wrk -t1 -c$1 http://h/; }; wrk -t1 -c2 http://h/; o=$(r 7)'",
				"stages=0s:2,10s:2,0s:0,0s:7,10s:7"},
		{"bash -c 'r() { local n=$1; wrk -t1 -c$n http://h/ 2>&1; }; C=(5 9); "
		 "for c in \"${C[@]}\"; do local o=$(r $c); x=$(echo \"$o\" | grep R); done'",
				"peak=9"},
		{"bash -c 'p() { local c=$1; shift; if [ -n \"$c\" ]; then taskset -c $c \"$@\"; else "
		 "\"$@\"; "
		 "fi; }; p \"\" wrk -t1 -c5 http://h/'",
				"connections=5"},
		{"sh -c 'for c in 5 6; do pgbench -h 10.0.0.5 -c $c -T 9; done'",
				"stages=0s:5,9s:5,0s:0,0s:6,9s:6 opens_total=-"},
		{"bash -c '[[ -n; wrk -c5 http://h/'", "!an unclosed bracket"},
		{"sh -c 'f() { f; }; f'", "!too many levels"},
		{"sh -c 'f() { wrk -t1 -c5 http://h/; }'", "!starts no load test"},
		{"sh -c 'for i in $(seq 1 2000); do wrk -t1 -c5 http://h/; done'", "!too many"},
		{"bash -c 'for i in {1..999}; do for j in {1..999}; do ((k++)); done; done; wrk http://h/'",
				"!too many"},
		{"sh -c 'for i in $(seq 1 99); do wrk -t1 -c5 http://h/; done'", "!runs too many times"},
		{"sh -c 'for i in 1 2; do wrk http://h/'", "!an unclosed loop"},
		{"sh -c 'if true; then wrk -c9 http://h/'", "!an unclosed loop"},
		{"sh -c '{ wrk -t1 -c9 http://h/; } >log 2>&1'", "connections=9"},
		{"sh -c '( wrk -t1 -c9 http://h/ ) | tee log'", "connections=9"},
};

/* Runs that do not meet, and runs whose length nobody knows. */
static const struct plan_case apart[] = {
		{"sh -c 'wrk -t1 -c5 http://a/; sleep 3; wrk -t1 -c9 http://b/; wrk -t1 -c6 http://a/'",
				"loads=2 destinations=b:80 stages=13s:0,0s:9,10s:9,0s:0 "
				"&1.stages=0s:5,10s:5,13s:0,0s:6,10s:6"},
		{"sh -c 'for u in a b; do ab -n 100 -c 7 http://$u/; done; ab -n 200 -c 9 http://a/'",
				"loads=2 opens_total=300 opens_total~bound &1.opens_total=100"},
		{"sh -c 'wrk -t1 -c5 http://h/; ab -k -n 9 -c 7 http://h/; wrk -t1 -c2 http://h/'",
				"loads=3 tool=ab stages=10s:0,0s:7,0.001s:7,0s:0 &1.tool=wrk"},
		{"sh -c 'for i in 1 2; do h2load -n 90 -c 50 http://h/; done'",
				"stages=0s:50,0.001s:50,0s:0,0s:50,0.001s:50 =bound +plan-runs"},
		{"sh -c 'for i in 1 2; do ab -k -n 90 -c 50 http://h/; sleep 9; done'",
				"stages=0s:50,0.001s:50,9s:0,0s:50,0.001s:50 =bound"},
		{"sh -c 'for i in 1 2; do loadtest -k -n 90 -c 5 --cores 1 http://h/; done'",
				"stages=0s:10,0.001s:10,0s:0,0s:10,0.001s:10"},
		{"sh -c 'wrk -t1 -c5 http://h/; ab -k -n 90 -c 50 http://h/'",
				"stages=10s:0,0s:50,0.001s:50 =exact"},
		{"sh -c 'for i in 1 2; do timeout 9 wrk -t1 -c5 -d60 http://h/; done'",
				"stages=0s:5,9s:5,0s:0,0s:5,9s:5 timeout_s=-"},
		{"sh -c 'for i in 1 2; do tcpkali -c 1000 -T 5s h:80; done'",
				"stages=5s:500,0s:0,5s:500 ramp_rate_per_s=-"},
		{"sh -c 'while true; do h2load -n 90 -c 50 http://h/; done'",
				"?lifetime ?open-rate +plan-runs"},
		{"sh -c 'for u in $(seq 1 17); do wrk -t1 -c5 http://h$u/; done'", "!more than 16"},
};

/* Arguments that decide whether a script makes a load. */
static const struct plan_case arguments[] = {
		{"sh -c 'u() { echo usage; exit 1; }; [ $# -eq 0 ] && u; wrk -t1 -c5 $1' x http://h/",
				"connections=5"},
		{"sh -c 'u() { echo usage; exit 1; }; [ $# -eq 0 ] && u; wrk -t1 -c5 $1'",
				"!for lack of arguments ($# in line 1)"},
		{"sh -c 'if [ -z \"$1\" ]\nthen exit 1; fi; wrk -t1 -c5 http://h/' x",
				"!for lack of arguments ($1 in line 1)"},
		{"sh -c 'exit 0; wrk -t1 -c5 http://h/'", "!it ends at line 1 (exit)"},
		{"sh -c 'for u in $*; do wrk -t1 -c5 $u; done'", "!no load test for lack of arguments ($*"},
		{"bash -c 'while getopts c:vu: o; do case $o in c) C=$OPTARG;; u) U=$OPTARG;; esac; done; "
		 "shift $((OPTIND - 1)); wrk -t1 -c $C -d $1 $U' x -v -c 7 -uhttp://h/ 9",
				"connections=7 destinations=h:80 duration_s=9"},
		{"bash -c 'while getopts c: o; do C=$OPTARG; done; wrk -t1 -c $C http://h/' x -vc 7",
				"!not known before"},
		{"bash -c 'while [[ $# -gt 0 ]]; do case $1 in -c) C=$2; shift 2;; *) shift;; esac; done; "
		 "wrk -t1 -c ${C:-3} http://h/' x -z -c 8",
				"connections=8"},
		{"bash -c 'while [[ $# -gt 0 ]]; do case $1 in -c) C=$2; shift 2;; esac; done; "
		 "wrk -t1 -c ${C:-3} http://h/'",
				"connections=3"},
};

/* What waits, looks and sets up; and what stands around a tool in the background. */
static const struct plan_case around[] = {
		{"sh -c '~/go/bin/hey -c 8 -n 8 http://h/; $BIN/wrk -t1 -c5 http://h/'", "loads=2"},
		{"sh -c '$BIN/bench.sh -c 8; wrk -t1 -c5 http://h/'", "!$BIN/bench.sh runs alongside"},
		{"sh -c '$BIN -c 8; wrk -t1 -c5 http://h/'", "!"},
		{"sh -c 'pg_isready -h d; until nc -z h 80; do sleep 1; done; wrk -t1 -c5 http://h/'",
				"connections=5"},
		{"sh -c './wait-for-it.sh h:80 -t 9; wrk -t1 -c5 http://h/'", "connections=5"},
		{"sh -c './wait-for-it.sh h:80 -t 9 -- wrk -t1 -c5 http://h/'", "connections=5"},
		{"wait-for-it h:80 -- wrk -t1 -c5 http://h/", "connections=5"},
		{"dockerize -wait tcp://h:80 -timeout 9s wrk -t1 -c5 http://h/", "connections=5"},
		{"sh -c 'dockerize -wait tcp://h:80; wrk -t1 -c5 http://h/'", "connections=5"},
		{"wait-for-it h:80", "!starts no command"},
		{"sh -c 'timeout 5 bash -c \"until curl h; do sleep 1; done\"; wrk -t1 -c5 http://h/'",
				"connections=5"},
		{"sh -c 'timeout 5 bash -c \"./other\"; wrk -t1 -c5 http://h/'", "!runs alongside"},
		{"sh -c 'sudo sysctl -w a=b; time sleep 1; wrk -t1 -c5 http://h/'", "connections=5"},
		{"sh -c 'ip netns exec n wrk -t1 -c9 http://h/; wrk -t1 -c5 http://h/'", "!ip "},
		{"sh -c 'docker run -d -p 80:80 unknown; docker-compose pull x; wrk -t1 -c5 http://h/'",
				"connections=5"},
		{"sh -c 'docker container exec x wrk -c9 http://h/; wrk -t1 -c5 http://h/'",
				"!docker exec"},
		{"sh -c 'cargo build; openssl rand 4; wrk -t1 -c5 http://h/'", "connections=5"},
		{"sh -c 'cargo run --bin load; wrk -t1 -c5 http://h/'", "!cargo runs alongside"},
		{"sh -c 'find . -exec wrk -c9 http://h/ \\;; wrk -t1 -c5 http://h/'",
				"!find runs alongside"},
		{"sh -c 'docker run -d unknown; wrk -t1 -c5 http://h/'",
				"!not known what the image unknown starts"},
		{"sh -c 'docker exec x wrk -c9 http://h/; wrk -t1 -c5 http://h/'", "!docker exec"},
		{"sh -c 'for i in 1 2; do taskset -c 0 nice ./unknown & done; wrk -t1 -c5 http://h/'",
				"!taskset runs alongside"},
		{"sh -c 'while true; do taskset -c 0 h2load -c5 -n9 http://h/ & done'",
				"!h2load is started"},
		{"sh -c 'numactl -N 0 env -i stdbuf -oL wrk -t1 -c5 http://h/ & wait'", "connections=5"},
};

/* What stands beside the load test. */
static const struct plan_case scripts[] = {
		{"sh -c 'if [ -z \"$U\" ]; then U=http://h:7/; fi; wrk -t1 -c9 $U'", "destinations=h:7"},
		{"sh -c 'if command -v wrk >/dev/null; then wrk -t1 -c9 http://h/; else exit 1; fi'",
				"connections=9"},
		{"sh -c 'if ! command -v wrk; then exit 1; fi; wrk -t1 -c9 http://h/'", "connections=9"},
		{"sh -c 'if [ $# -lt 1 ]; then echo usage; exit 1; fi; wrk -t1 -c9 http://h/'",
				"!starts no load test"},
		{"sh -c 'if curl h; then wrk -t1 -c9 http://h/; fi'", "!runs only under a condition"},
		{"sh -c 'if curl h; then C=9; else C=5; fi; wrk -t1 -c$C http://h/'", "!not known before"},
		{"sh -c 'if [ 1 -eq 2 ]; then wrk -t1 -c9 http://h/; elif [ a = a ]; then wrk -t1 -c8 "
		 "http://h/; else wrk -t1 -c7 http://h/; fi'",
				"connections=8"},
		{"bash -c 'if [[ -n $OUTSIDE ]]; then wrk -t1 -c9 http://h/; fi'", "connections=9"},
		{"sh -c 'case $1 in a|b) wrk -t1 -c9 http://h/ ;; *) exit 1 ;; esac' x b", "connections=9"},
		{"sh -c 'case $1 in a*) wrk -t1 -c9 http://h/;; esac' x b", "!runs only under a condition"},
		{"sh -c '[ -d out ] || mkdir out; wrk -t1 -c9 http://h/'", "connections=9"},
		{"sh -c 'set -euo pipefail; trap \"kill 0\" EXIT\nwrk -t1 -c9 http://h/'", "connections=9"},
		{"sh -c 'nginx; sleep 1; wrk -t1 -c9 http://h/; nginx -s stop'",
				"connections=9 tool=wrk +plan-beside"},
		{"sh -c 'docker pull x; wrk -t1 -c9 http://h/'", "connections=9"},
		{"sh -c './server & sleep 1; wrk -t1 -c9 http://h/'",
				"connections=9 tool=wrk +plan-beside"},
		{"sh -c 'nohup ./server >log 2>&1 & ./other & wrk -t1 -c9 http://h/'",
				"connections=9 +plan-beside"},
		{"sh -c 'python3 -u app.py & wrk -t1 -c9 http://h/'", "connections=9 +plan-beside"},
		{"sh -c 'npm start & wrk -t1 -c9 http://h/'", "connections=9 +plan-beside"},
		{"sh -c 'ssh b ./load & wrk -t1 -c9 http://h/'", "!ssh runs on another machine"},
		{"sh -c './load & ./load & wrk -t1 -c9 http://h/'", "!./load runs alongside"},
		{"sh -c 'for i in 1 2; do ./load & done; wrk -t1 -c9 http://h/'", "!./load runs alongside"},
		{"sh -c 'while :; do ./load & sleep 1; done & wrk -t1 -c9 http://h/'",
				"!./load runs alongside"},
		{"sh -c '$X & wrk -t1 -c9 http://h/'", "!runs alongside"},
		{"sh -c 'wrk -t1 -c9 http://h/ & ./load & wait'", "!./load runs alongside"},
		{"sh -c './server; wrk -t1 -c9 http://h/'", "!./server runs alongside"},
		{"sh -c './server &'", "!server is not a load test tool"},
		{"sh -c 'docker-compose up -d && wrk -t1 -c9 http://h/'", "connections=9 +plan-beside"},
		{"sh -c 'docker compose -f none.yml up --wait web; wrk -t1 -c9 http://h/'",
				"connections=9 +plan-beside"},
		{"sh -c 'docker compose up; wrk -t1 -c9 http://h/'", "!no compose.yaml here"},
		{"sh -c 'docker compose up -d'", "!no compose.yaml here"},
		{"bash -c 'wrk -t1 -c9 -s <(make-script) http://h/'", "connections=9 ?open-rate"},
		{"bash -c 'wrk -t1 -c9 -s <(make-script) -H \"Connection: close\" http://h/'",
				"connections=9 closer=server"},
		{"bash -c 'vegeta attack -targets <(make-targets) -max-workers=1'",
				"!what it will contain is not known"},
		{"sh -c 'while :; do wrk -t1 -c9 http://h/ & done'", "!does not wait for it to end"},
		{"sh -c 'while :; do wrk -t1 -c9 http://h/ & wait; done'", "connections=9 +plan-runs"},
		{"sh -c 'vegeta attack -targets=dir/t -max-workers=3 >r.bin; cat r.bin | vegeta report'",
				"connections=3"},
		{"sh -c 'seq 10 | xargs -P 10 wrk -c1 http://h/'", "!xargs itself decides"},
		{"sh -c 'wrk -c9 http://h/?a=1&b=2'", "!a background job"},
		{"sh -c 'eval wrk -c9 http://h/'", "!something other than simple commands"},
		{"sh -c '. ./env; wrk -c9 http://h/'", "!a source command whose file does not exist"},
		{"sh -c '. \"$X\"; wrk -c9 http://h/'", "!a source command whose file does not exist"},
		{"bash -c 'source set.sh; wrk -t1 -c$N $URL'", "connections=8 destinations=s:80"},
		{"sh -c 'cd dir && . ./set.sh && load 6'", "connections=6 destinations=s:80"},
		{"sh -c '. ./set.sh; wrk -t1 -c$M $URL'", "!a value that is not known"},
		{"sh -c 'N=5; if false; then . ./set.sh; fi; wrk -t1 -c$N http://h/'", "connections=5"},
		{"sh -c '. ./loop.sh; wrk -c9 http://h/'", "!too many levels"},
		{"sh -c 'ulimit -n $(cat count); wrk -t1 -c9 http://h/'", "nofile=70"},
		{"sh -c 'ulimit -n $LIMIT; wrk -t1 -c9 http://h/'", "!uses $LIMIT"},
		{"sh -c '(ulimit -n 99); wrk -t1 -c9 http://h/'", "nofile=-"},
		{"sh -c 'export OUTSIDE; docker run --name a-$(date +%s) -u $(id -u) --ulimit nofile=9 -e "
		 "A=b "
		 "image wrk -t1 -c9 http://h/'",
				"connections=9"},
		{"sh -c 'docker run --ulimit nofile=9 $(cat image) wrk -t1 -c9 http://h/'",
				"!a command substitution"},
		/* files that it writes */
		{"sh -c 'vegeta attack -max-workers=3 <<EOF\n" HERE "'", "destinations=h:99"},
		{"sh -c 'cat <<EOF | vegeta attack -max-workers=3\n" HERE "'", "destinations=h:99"},
		{"sh -c 'cat >t <<EOF\n" HERE "vegeta attack -targets=t -max-workers=3'",
				"destinations=h:99"},
		{"sh -c 'cat <<-EOF >./t\n\tGET http://h:98/\n\tEOF\nvegeta attack -targets=t "
		 "-max-workers=3'",
				"destinations=h:98"},
		{"sh -c 'H=g; cat <<-EOF >t\n\t\tGET http://$H:97/\n\tEOF\nvegeta attack -targets=t "
		 "-max-workers=3'",
				"destinations=g:97"},
		{"sh -c 'H=g; cat <<EOF >t\nGET http://$H:98/\nEOF\nvegeta attack -targets=t "
		 "-max-workers=3'",
				"destinations=g:98"},
		{"sh -c 'H=g; cat <<\"EOF\" >t\nGET http://$H:98/\nEOF\nvegeta attack -targets=t "
		 "-max-workers=3'",
				"!\"$H:98\" is not HOST:PORT"},
		{"sh -c 'echo GET http://a/ >t; echo GET http://b/ >>t; vegeta attack -targets=t "
		 "-max-workers=3'",
				"destinations=2"},
		{"sh -c 'T=$(mktemp); echo GET http://a/ >$T; vegeta attack -targets=$T -max-workers=3'",
				"destinations=a:80"},
		{"sh -c 'curl x >dir/t; vegeta attack -targets=dir/t -max-workers=3'",
				"!the script itself writes dir/t"},
		{"sh -c 'echo a | sort >dir/t; vegeta attack -targets=dir/t -max-workers=3'",
				"!the script itself writes dir/t"},
		{"sh -c 'echo GET http://a/ | tee t; vegeta attack -targets=t -max-workers=3'",
				"destinations=a:80"},
		{"bash -c 'vegeta attack -max-workers=3 <<< \"GET http://h:97/\"'", "destinations=h:97"},
		/* scripts */
		{"sh bench.sh", "peak=10 +plan-runs"},
		{"bash -e bench.sh 30", "peak=30 +plan-runs"},
		{"./bench.sh 40", "peak=40"},
		{"bench.sh 40", "peak=40"},
		{"nohup ./bench.sh 40", "peak=40"},
		{"sh -c 'cd dir; sh ../bench.sh 50'", "!../bench.sh: cannot be read"},
		{"sh -c './bench.sh 50; ./bench.sh 60'", "peak=60"},
		{"./self.sh", "!call each other"},
		{"./plot.py", "!plot.py is not a load test tool"},
		{"sh -c 'sh <bench.sh'", "peak=10"},
		{"sh", "!reads its commands from standard input"},
		{"sh apache-jmeter-5.6/bin/jmeter.sh -n -t none.jmx", "!none.jmx"},
};

static const struct plan_pair files[] = {
		{"count", "70\n"},
		{"dir/t", "GET http://d/\n"},
		{"bench.sh",
				"#!/usr/bin/env bash\nset -e\n# warm up\nwrk -t1 -c1 http://h/\n"
				"wrk -t1 \\\n  -c ${1:-10} http://h/\n"},
		{"self.sh", "#!/bin/sh\n./self.sh | cat\n./self.sh | cat\n"},
		{"set.sh", "N=8\nM=$(date)\nexport URL=http://s/\nload() { wrk -t1 -c$1 $URL; }\n"},
		{"dir/set.sh", "load() { wrk -t1 -c$1 http://s/; }\n"},
		{"loop.sh", ". ./loop.sh\n"},
		{"plot.py", "#!/usr/bin/env python3\nprint()\n"},
		{NULL, NULL},
};
static const struct plan_pair variables[] = {
		{"OUTSIDE", "77"},
		{NULL, NULL},
};

static void check(const struct plan_case *cases, size_t count)
{
	plan_test_files = files;
	plan_test_variables = variables;
	plan_test_table(cases, count);
}

static void values_are_known(void **state)
{
	(void)state;
	check(values, COUNT_OF(values));
}

static void loops_are_unrolled(void **state)
{
	(void)state;
	check(loops, COUNT_OF(loops));
	check(apart, COUNT_OF(apart));
	check(arguments, COUNT_OF(arguments));
	check(around, COUNT_OF(around));
}

static void scripts_are_read(void **state)
{
	(void)state;
	check(scripts, COUNT_OF(scripts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(values_are_known),
			cmocka_unit_test(loops_are_unrolled),
			cmocka_unit_test(scripts_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
