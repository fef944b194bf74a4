# Several loads at once: "A + B" on the command line, "loads" in documents.
# shellcheck shell=sh disable=SC2016
. tests/cli/lib.sh
facts="--facts $hosts/debian-default --no-history"
audit() {
	# shellcheck disable=SC2086 # several words
	"$H" audit $facts "$@"
}
of() { # of FILTER FILE
	jq -r "$1" "$2"
}

# --- the command line
check "+ with nothing in front of it" 2 '' 'nothing precedes "\+"' audit + ws-client
check "+ at the end" 2 '' 'nothing follows "\+"' audit ws-client +
check "two of them" 2 '' 'nothing precedes "\+"' audit ws-client + + http-churn
check "two loads without a + between them" 2 '' '"ws-client" and "http-churn" are two loads; write \+' \
	audit ws-client http-churn
check "… also in front of another +" 2 '' 'are two loads; write \+' audit ws-client http-churn + default
check "a load that is unknown" 2 '' 'unknown preset or plan file "nope"' audit ws-client + nope
check "two commands" 2 '' 'only the last load can be a command' \
	audit ws-client --connections 5 + -- wrk -c1 http://10.0.0.5/ + -- wrk -c1 http://10.0.0.5/
check "a command of one load takes a + for its own" 2 '' 'wrk' audit -- wrk -c1 http://10.0.0.5/ + x
# shellcheck disable=SC2046 # 17 loads
check "too many" 2 '' 'a plan can have at most 16 loads' audit $(printf 'ws-client + %.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16) ws-client
check "calibrate takes one load" 2 '' 'calibrate takes a single load' "$H" calibrate ports + ws-client
check "--calibrate as well" 2 '' '--calibrate takes a single load, but this plan has 2' \
	"$H" audit ws-client --connections 10 + http-churn --calibrate
check "two divisions into groups" 2 '' 'groups divide the plan as a whole' \
	audit ws-client --connections 10 --groups a:50%,b:50% + http-churn --groups a:40%,b:60%
check "one for all" 0 '*' '' audit ws-client --connections 10 --groups a:50%,b:50% + http-churn --rps 10 -o json:g.json
same "… divides the plan" a,b "$(of '[.hosts_needed.groups[].name] | join(",")' g.json)"
check "+ is the argument of an option that takes one" 0 '*' '' audit ws-client --name + --connections 10 -o json:plus.json
same "… and no second load" '+' "$(of .workload.name plus.json)"

# --- one verdict for both
audit ws-client --connections 50000 --new-conns 500 --to 10.0.0.5:443 + http-churn --rps 2000 --to 10.0.0.5:443 \
	-q -o two.json -o two.md -o junit:two.xml >/dev/null
same "the plan" "ws-client + http-churn · 50,200 connections · 2,500 new/s" "$(of .workload_title two.json)"
same "its loads" "ws-client 50000 500, http-churn 200 2000" \
	"$(of '[.loads[] | "\(.load) \(.plan.connections) \(.plan.open_rate_per_s)"] | join(", ")' two.json)"
# 50,000 + 200 are open, and 500/s + 2,000/s wait for 60 s, of which tcp_max_tw_buckets keeps 131,072.
same "ports to one destination add up" $((50000 + 200 + 131072)) \
	"$(of '.resources[] | select(.id == "ephemeral-ports").demand' two.json)"
same "TIME_WAIT of both" "150000 ws-client 30000, http-churn 120000" \
	"$(of '.resources[] | select(.id == "time-wait-buckets") |
		"\(.demand) " + ([.loads[] | "\(.load) \(.demand)"] | join(", "))' two.json)"
same "files are each program's own" "50010 210" \
	"$(of '.resources[] | select(.id == "process-fds") | [.instances[].demand] | map(tostring) | join(" ")' two.json)"
same "one scale for both" "true true" "$(of '.max_safe.open_rate_per_s as $safe | [.loads[].max_safe.open_rate_per_s] |
	"\(.[0] / .[1] * 4 - 1 | fabs < 1e-6) \(add - $safe | fabs < 1e-6)"' two.json)"
same "the curve is the sum" true "$(of '.timeline as $t | [range($t.t | length)] |
	all(. as $i | ([$t.loads[].live[$i]] | add) - $t.series.live[$i] | fabs < 1)' two.json)"
same "each host's part" "25000 100" "$(of 'select(.hosts_needed.after_fixes == 2) |
	[.loads[].per_host.connections] | map(tostring) | join(" ")' two.json)"
same "an assumption that was made for one" "empty http-churn" \
	"$(of '.assumptions[] | select(.field == "start" and .value == "empty") | "\(.value) \(.load)"' two.json)"
same "… and for all" "1 null" \
	"$(of '[.assumptions[] | select(.field == "bind")] | "\(length) \(.[0].load)"' two.json)"
same "a change of one load's test names it" true \
	"$(of '.fixes | any(.load == "http-churn" and (.title | startswith("http-churn: ")))' two.json)"
check "Markdown has a line for each" 0 '^  \* client http-churn .*; safe: ' '' cat two.md
check "JUnit a property" 0 'headroom.load" value="client ws-client' '' cat two.xml
audit ws-client --connections 50000 --new-conns 500 --to 10.0.0.5:443 + http-churn --rps 2000 --to 10.0.0.6:443 \
	-q -o apart.json >/dev/null
same "different destinations share no port" "10.0.0.5:443 80000, 10.0.0.6:443 120200" \
	"$(of '.resources[] | select(.id == "ephemeral-ports") | [.instances[] | "\(.instance) \(.demand)"] | sort |
		join(", ")' apart.json)"
check "a note about one load names it" 0 '^ws-client: The plan uses more than half' '' \
	jq -r '.findings[] | select(.id == "port-search-knee").text' two.json
check "… one about all of them does not" 0 '^A port is in use' '' jq -r '.findings[] | select(.id == "time-wait-120").text' two.json
check "on a terminal" 3 '^  Loads +client ws-client · 50,000 connections · 500 new/s$' '' \
	audit ws-client --connections 50000 --new-conns 500 + http-churn --rps 2000 --all
check "--all has what each needs of a limit" 3 '^     ws-client 30,000, http-churn 120,000$' '' \
	audit ws-client --connections 50000 --new-conns 500 + http-churn --rps 2000 --all
audit http-churn --rps 2000 --to 10.0.0.5:443 + ws-client --connections 50000 --new-conns 500 --to 10.0.0.5:443 \
	-q -o swapped.json >/dev/null
same "their order does not matter" "$(of '.verdict, .max_safe.scale, .hosts_needed.now' two.json)" \
	"$(of '.verdict, .max_safe.scale, .hosts_needed.now' swapped.json)"

# --- what nobody says
audit ws-client --connections 10 --to a.example:443 + default --connections 10 --to b.example:443 -q -o unsure.json >/dev/null
check "destinations that may be one are said" 0 'a.example:443 and b.example:443 of another load may be the same destination' '' \
	jq -r '.resources[] | select(.id == "ephemeral-ports").assumed[]' unsure.json
audit ws-client --connections 10 --to a.example:443 + default --connections 10 --to b.example:443 \
	--resolve a.example:443:10.0.0.1 --resolve b.example:443:10.0.0.2 -q -o sure.json >/dev/null
same "… --resolve says that they are two" "0 2" "$(of '.resources[] | select(.id == "ephemeral-ports") |
	"\(.assumed | length) \(.instances | length)"' sure.json)"
"$H" workload --latency 10ms -- hey -c 20 -z 10s -disable-keepalive http://10.0.0.5/ >hey.json
"$H" workload --latency 10ms -- \
	sh -c 'echo "GET http://10.0.0.6/" | vegeta attack -keepalive=false -rate=300 -duration=1m' >vegeta.json
audit ./hey.json + ./vegeta.json -q -o closers.json >/dev/null
check "who closes is open for both" 0 'close 10% and 29% of the connections of hey and vegeta' '' \
	jq -r '.findings[] | select(.id == "likely-closer").text' closers.json
audit ./hey.json + ws-client --connections 10 -q -o closer.json >/dev/null
check "… or for one" 0 '^hey: The verdict assumes that both sides close 10% of the connections' '' \
	jq -r '.findings[] | select(.id == "likely-closer").text' closer.json

# --- documents
check "written as a plan" 0 '"loads"' '' "$H" workload ws-client --connections 50000 --new-conns 500 + http-churn --rps 2000
cp .out plan.json
same "… with the name of both" "ws-client + http-churn" "$(of .name plan.json)"
audit ./plan.json -q -o again.json >/dev/null
audit ws-client --connections 50000 --new-conns 500 + http-churn --rps 2000 -q -o named.json >/dev/null
numbers='[.verdict, .max_safe, .breaks, .hosts_needed, [.resources[] | [.demand, .utilization]]]'
same "… it is read back the same" "$(of "$numbers" named.json)" "$(of "$numbers" again.json)"
of .workload named.json >completed.json
audit ./completed.json -q -o third.json >/dev/null
same "so is the completed plan of an audit" "$(of "$numbers" named.json)" "$(of "$numbers" third.json)"
same "… and it is completed the same" "$(of .workload.name,.digest.facts named.json)" \
	"$(of .workload.name,.digest.facts third.json)"
check "a file and a load more" 3 'http-churn \(load 3\)|http-churn' '' audit ./plan.json + http-churn --rps 10
check "flags belong to one load" 2 '' 'plan.json has 2 loads, so a plan flag would be ambiguous' \
	audit ./plan.json --connections 5
check "no audit is a load" 2 '' 'schema' audit ws-client + ./named.json
check "an audit is shown again" 0 'Loads' '' "$H" report named.json --all
check "as a page" 0 "*" "" env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" "$H" report named.json -o page.html
check "… with a table of the loads" 0 'The loads of this plan' '' cat page.html
check "compared" 3 'Since|since|changed|same' '' audit ws-client --connections 50000 --new-conns 500 + http-churn --rps 1000 \
	--against named.json
audit ws-client --connections 50000 --new-conns 500 + http-churn --rps 1000 --against named.json -q -o drift.json >/dev/null
check "a load's change names it" 0 'http-churn: requests_per_s 2000 1000' '' \
	jq -r '.drift.plan[] | "\(.field) \(.from) \(.to)"' drift.json
audit ws-client --connections 50000 --new-conns 500 --against named.json -q -o drift.json >/dev/null
same "a load less" "loads 2 1" "$(of '.drift.plan[] | "\(.field) \(.from) \(.to)"' drift.json)"
check "redacted" 0 '*' '' "$H" report two.json --redact -o json:redacted.json
same "… no address is left" 0 "$(grep -c '10\.0\.0\.5' redacted.json)"

# --- the other commands
check "a command is the last load" 0 'wrk' '' "$H" audit --facts "$hosts/debian-default" --no-history \
	ws-client --connections 10 + -- wrk -t2 -c400 -d30s http://10.0.0.5/
check "explain" 0 'by load +load 1 50,000, http-churn 120,200' '' "$H" explain ephemeral-ports \
	--facts "$hosts/debian-default" --connections 50000 + http-churn --rps 2000
check "size" 0 'Each host +ws-client: 25,000 connections, 250 new/s' '' "$H" size --all ws-client --connections 50000 \
	--new-conns 500 + http-churn --rps 2000 --facts "$hosts/debian-default"
check "fix" 0 'http-churn: open one connection per virtual user' '' "$H" fix ./plan.json --facts "$hosts/debian-default"
check "gate runs the command alone" 0 '^ran$' 'gate starts only sh; the verdict also leaves room for ws-client' \
	"$H" gate ws-client --connections 3 + --connections 1 --certify off -- sh -c 'echo ran'
check "gate --learn is about one load" 125 '' '--learn takes a single load' \
	"$H" gate --learn ws-client --connections 3 + default -- sh -c 'echo ran'
