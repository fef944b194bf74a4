# A connection per request that either side may close: which part of the closes is the client's. On debian-default:
# 28,232 ports, and TIME_WAIT of 60 s.
# shellcheck shell=sh disable=SC2086
. tests/cli/lib.sh
if ! command -v jq >/dev/null 2>&1; then
	skip "who closes" "jq is not installed"
	exit 0
fi
host=$hosts/debian-default
url=http://10.0.0.5/
export SOURCE_DATE_EPOCH=1795226400 # when the host was captured

judge() { # judge ARGUMENT…: "VERDICT PORTS SHARE SEVERITY" of the document
	"$H" audit --facts "$host" -o json "$@" >document 2>error
	jq -r '[.verdict, (.resources[] | select(.id == "ephemeral-ports").demand), .workload.client_closes // "-",
		([.findings[] | select(.id == "likely-closer").severity] | .[0] // "-")] | map(tostring) | join(" ")' document 2>>error
}
text() { jq -r '.findings[] | select(.id == "likely-closer").text' document; }
churn="-- vegeta attack -keepalive=false -duration=60s"
# shellcheck disable=SC2086 # several words
vegeta() { judge --latency 20ms --connections 40 "$@" $churn -rate="$rate" -targets=targets; }
echo "GET $url" >targets

rate=500/s
same "the usual share of the tool fits, and its highest does" "pass 8740 0.29 note" "$(vegeta)"
same "… with the numbers" "The verdict assumes that both sides close 29% of the connections at once, which leaves TIME_WAIT on both. That is usual for vegeta. At the highest measured share, 45%, the plan needs 13,540 of 28,232 ports (Outgoing ports), which is still enough." "$(text)"
rate=1000/s
same "only its highest share fails: a warning" "pass 17440 0.29 warning" "$(vegeta)"
same "… that begins with it" "At the highest measured share the plan fails. It needs 27,040 of 28,232 ports (Outgoing ports) if both sides close 45% of the connections at once, which leaves TIME_WAIT on both. The verdict assumes 29%, which is usual for vegeta. Set the share with --client-closes, or measure it with gate --learn." "$(text)"
rate=1500/s
same "the usual share fails" "fail 26140 0.29 note" "$(vegeta)"
same "a share that is stated" "pass 9040 0.1 -" "$(vegeta --client-closes 10%)"
same "all of them" "fail 90040 1 -" "$(vegeta --pessimistic)"
same "a stated share gives way to --pessimistic" "fail 90040 0.1 -" "$(vegeta --pessimistic --client-closes 10%)"
same "another tool's figures" "pass 220 0.002 note" "$(vegeta --tool ab)"
rate=700/s
same "a tool without figures" "pass 12220 0.29 warning" "$(vegeta --tool another)"
check "explain has the figures" 0 "both sides close at once in 10% of" "" "$H" explain hey
check "more than all" 2 '' 'client-closes 1000%: at most 100% of the closes' "$H" audit --facts "$host" --connections 10 --client-closes 10

same "over loopback all of them, for a second each" "pass 2010 1 note" "$(judge --rps 2000 --latency 5ms -- ab -t 60 -c 10 http://127.0.0.1/)"
same "… which is said to be a bound" "The verdict assumes that this side closes all connections first, the worst case. Over loopback the scheduler decides who closes first; measured shares range from none to nearly all. The plan needs at most 2,010 of 28,232 ports (Outgoing ports), and at best 10." "$(text)"
same "… that alone fails" "fail 22010 1 warning" "$(judge --rps 22000 --latency 5ms -- ab -t 60 -n 10000000 -c 10 http://127.0.0.1/)"
same "… and is said to" "yes" "$(text | grep -q 'at best 10, which is enough. Set the share' && echo yes)"
same "… unless it is stated" "pass 670 0.03 -" "$(judge --client-closes 3% --rps 22000 --latency 5ms -- ab -t 60 -n 10000000 -c 10 http://127.0.0.1/)"

rate=1000/s
vegeta >before
jq .workload document >plan.json
same "the plan of a document gives the same" "$(cat before)" "$(judge plan.json)"
vegeta --client-closes 30% >before
jq .workload document >plan.json
same "… with a stated share" "pass 18040 0.3 -" "$(judge plan.json)"
"$H" workload --latency 20ms --connections 40 $churn -rate=1000/s -targets=targets >plan.json
same "what workload prints gives the same" "pass 17440 0.29 warning" "$(judge plan.json)"
