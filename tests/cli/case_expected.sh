# Every host of tests/hosts under a few plans, compared with tests/expected/:
#   HOST.PLAN.json    the answer: verdict, binding limit, highest safe load, hosts, fixes, findings
#   limits/ID.tsv     what one limit says of every host under every plan: status, demand, capacity
#   limits.json       the order of the limits
#   not-visible.tsv   what the limits would have wanted to know and could not see
# So a new limit adds its own file and its place in the order, and changes an answer only where it decides something.
# A deliberate change is taken over with `ACCEPT=1 tests/cli/run.sh`; read the difference before committing it.
. tests/cli/lib.sh
if ! command -v jq >/dev/null 2>&1; then
	skip "expected results" "jq is not installed"
	exit 0
fi
expected=$top/tests/expected
export SOURCE_DATE_EPOCH=1795226400 # when the hosts were captured: none of them is old
mkdir -p got/limits
cat >answer.jq <<'END'
def short: if type == "number" then (. * 10000 | round) / 10000 else . end;
{verdict, binding: .binding.resource,
 max_safe: (.max_safe // {} | map_values(short)), hosts: (.hosts_needed // {} | {now, after_fixes}),
 fixes: [.fixes[] | select(.in_ladder) | .command], findings: [.findings[].id] | sort | unique}
END
cat >limits.jq <<'END'
def short: if type == "number" then (. * 10000 | round) / 10000 else . // "-" end;
.resources[] | [.id, $name, .status, (.demand | short), (.capacity | short)] | @tsv
END
# How many limits were judged is the number of those that have a judgment.
cat >judged.jq <<'END'
.coverage.judged == ([.resources[] | select(.status | IN("pass", "warn", "fail"))] | length)
END

compare() { # compare FILE: got/FILE with what is expected
	name=${1%.*}
	if [ -n "${ACCEPT:-}" ]; then
		mkdir -p "$(dirname "$expected/$1")"
		cp "got/$1" "$expected/$1"
	fi
	if cmp -s "got/$1" "$expected/$1"; then
		ok "expected: $name"
	else
		not_ok "expected: $name" "$(cat error)" "$(diff "$expected/$1" "got/$1" 2>&1 | head -n 12 | tr '\n' ';')"
	fi
}
expect() { # expect NAME HOST PLAN…
	case=$1 host=$2
	shift 2
	"$H" audit "$@" --facts "$hosts/$host" -o json >document 2>error
	jq -S -f answer.jq document >"got/$case.json" 2>>error
	jq -r --arg name "$case" -f limits.jq document >>rows 2>>error
	jq -r --arg name "$case" '.coverage.not_visible[] | [., $name] | @tsv' document >>not-visible 2>>error
	jq -c '[.resources[].id]' document >>orders 2>>error
	compare "$case.json"
	same "$case: the number of limits judged" true "$(jq -f judged.jq document)"
}
for path in "$hosts"/*; do
	host=${path##*/}
	expect "$host.ws-client" "$host" ws-client --connections 15000
	expect "$host.server" "$host" ws-server --connections 20000 --burst 1000
	expect "$host.churn" "$host" http-churn --rps 600
done
expect rabbitmq-node.erlang rabbitmq-node erlang-node --connections 40000
expect docker-publish.nat docker-publish websocket-server-nat
expect tuned-loadgen.staged tuned-loadgen ws-client --stages 60s:20000,5m:50000 --lifetime 30s

awk -F '\t' '{ print $2 "\t" $3 "\t" $4 "\t" $5 >("got/limits/" $1 ".tsv") }' rows
sort not-visible >got/not-visible.tsv
sort -u orders | jq . >got/limits.json
for path in got/limits/*.tsv; do
	compare "limits/${path##*/}"
done
compare limits.json
compare not-visible.tsv
same "every expected file was compared" "$(cd "$expected" && find . -type f | sort)" "$(cd got && find . -type f | sort)"
