# A snapshot's verdict does not depend on the shell that judges it: every captured host, several tools, three shells with
# their own limits, processors, users, variables and programs, and three home directories.
. tests/cli/lib.sh
chmod 755 "$work"
cp "$H" headroom # for a user who may not enter the build tree
H=$work/headroom
plans=$top/tests/plan

# Home directories with settings of several kinds; the third is none.
mkdir -p home1/.siege home2 bin
printf 'limit = 1000\nconcurrent = 900\nconnection = keep-alive\nparser = false\n' >home1/.siege/siege.conf
printf 'users = 5000\nspawn-rate = 5000\n' >home1/.locust.conf
printf 'limit = 7\nconnection = close\nreps = once\n' >home2/.siegerc
printf 'export default function () {}\n' >script.js
printf 'GET http://10.0.0.5/\n' >targets.txt
for tool in k6 nginx erl siege; do # none of them may be asked
	printf '#!/bin/sh\n: >"%s/asked"\necho nginx/9.9.9\n' "$work" >"bin/$tool"
	chmod 755 "bin/$tool"
done

as='' cpu=''
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	as="setpriv --reuid 65534 --regid 65534 --clear-groups"
fi
if command -v taskset >/dev/null; then cpu="taskset -c 0"; fi
# shellcheck disable=SC3045 # dash and bash have it
shell1() { (ulimit -S -n 256 && ulimit -H -n 1024 && exec env PATH="$work/bin:$PATH" ERL_MAX_PORTS=2048 "$@"); }
# shellcheck disable=SC3045
shell2() {
	(ulimit -S -n "$(ulimit -H -n)" && exec env SIEGERC="$work/home1/.siege/siege.conf" LOCUST_USERS=9000 K6_VUS=9000 \
		HTTP_PROXY=http://10.9.9.9:3128/ KUBERNETES_SERVICE_HOST=10.0.0.1 "$@")
}
# shellcheck disable=SC2086 # words
shell3() { (cd / && exec $cpu $as "$@"); }

# judge SHELL HOME OPTIONS…: the document, but for the time, and what is said beside it
judge() {
	shell=$1 home=$2
	shift 2
	"shell$shell" env HOME="$work/home$home" "$H" audit -o json "$@" 2>&1 </dev/null | grep -v '^	"created":'
}

# each SHELLS_AND_HOMES HOST OPTIONS…
each() {
	combinations=$1 first=''
	shift
	for combination in $combinations; do
		judge "${combination%,*}" "${combination#*,}" --facts "$@" >"$combination.out"
		first=${first:-$combination}
		if cmp -s "$first.out" "$combination.out"; then continue; fi
		different=$((different + 1))
		echo "# shell and home $combination differ from $first: $*"
		diff "$first.out" "$combination.out" | head -5 | sed 's/^/#   /'
	done
	judged=$((judged + 1))
	if [ -s "$first.out" ]; then spoke=$((spoke + 1)); fi
}

# host COMBINATIONS FACTS
host() {
	combinations=$1
	shift
	each "$combinations" "$@" -- wrk -t2 -c400 http://10.0.0.5/
	each "$combinations" "$@" -- k6 run --vus 3000 --duration 1m "$work/script.js"
	each "$combinations" "$@" --latency 1s -- vegeta attack -rate=500 -targets="$work/targets.txt"
	each "$combinations" "$@" --rps 100 -- siege -c500 -t1M http://10.0.0.5/
	each "$combinations" "$@" -- locust -f "$plans/locustfile.py" --headless -u 1500 -r 1500
	each "$combinations" "$@" --role client --runtime java --connections 5000 --threads 5000
	each "$combinations" "$@" --role server --runtime erlang --connections 20000
	each "$combinations" "$@" -- nginx -c "$plans/nginx/nginx.conf"
}

different=0 judged=0 spoke=0
for facts in "$hosts"/*; do
	host "1,1 2,2 3,3" "$facts"
done
"$H" facts --facts "$hosts/debian-default" -o host.json
host "1,1 1,2 1,3 2,1 2,2 2,3 3,1 3,2 3,3" "$work/host.json"
same "equal documents in every shell" 0 "$different"
same "and each of them is one" "$judged" "$spoke"
same "no program of this machine was asked" no "$([ -e asked ] && echo yes || echo no)"

# The other commands that take a snapshot.
say() {
	shell=$1 home=$2
	shift 2
	"shell$shell" env SOURCE_DATE_EPOCH=1700000000 HOME="$work/home$home" "$H" "$@" 2>&1 </dev/null
}
answers() {
	for combination in "1 1" "2 2" "3 3"; do
		# shellcheck disable=SC2086 # two words
		say $combination "$@" | grep -v '"created":' | sha256sum
	done | sort -u | wc -l
}
facts="--facts $hosts/rabbitmq-node"
# shellcheck disable=SC2086
for command in "size $facts --rps 100 -- siege -c500 -t1M http://10.0.0.5/" "explain process-fds $facts" "facts $facts -o json" \
	"fix $facts --emit ansible --runtime erlang --connections 90000" "workload $facts -- nginx -c $plans/nginx/nginx.conf"; do
	same "${command%% *}" 1 "$(answers $command)"
done

# The command is told from the host's limits, not from this shell's: Locust raises 1,024 to 10,000 where the hard limit lets it.
limit() { jq -r '.resources[] | select(.id == "process-fds") | "\(.status) \(.capacity)"'; }
same "a tool raises the limit that the snapshot has" "pass 10000" "$(judge 1 1 --facts "$hosts/debian-default" -- \
	locust -f "$plans/locustfile.py" --headless -u 1500 -r 1500 | limit)"
same "and not where the snapshot has a lower one" "fail 1024" "$(judge 2 2 --facts "$hosts/debian-default" \
	--set limits.nofile.hard=4096 -- locust -f "$plans/locustfile.py" --headless -u 1500 -r 1500 | limit)"
nginx() { "$H" workload --facts "$1" -- nginx -c "$plans/nginx/nginx.conf" | jq .processes; }
same "workers: a processor of the snapshot each" "$("$H" facts --facts "$hosts/debian-default" -o json |
	jq '.facts[] | select(.key == "host.cpus").value')" "$(nginx "$hosts/debian-default")"
jq '.facts |= map(select(.key != "host.cpus"))' host.json >no-cpus.json
check "processors that the snapshot does not name are asked for" 2 '' 'Give --processes' \
	"$H" audit --facts no-cpus.json -- nginx -c "$plans/nginx/nginx.conf"
check "the caller's own word counts everywhere" 3 'FAIL' '' env HEADROOM_K6_INSPECT="$plans/k6-arrival.json" \
	"$H" audit --facts "$hosts/debian-default" -- k6 run "$plans/k6-options.js"
check "a variable of this shell is no part of the plan" 2 '' 'uses .N, which is not set' \
	env N=10 "$H" audit --facts "$hosts/debian-default" -- sh -c "wrk -c\$N http://10.0.0.5/"
