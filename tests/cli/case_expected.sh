# Every host of tests/hosts under a few plans: verdict, capacities and demands as tests/expected says, compared as JSON.
# A deliberate change is taken over with `ACCEPT=1 tests/cli/run.sh`; read the difference before committing it.
. tests/cli/lib.sh
if ! command -v jq >/dev/null 2>&1; then
	skip "expected results" "jq is not installed"
	exit 0
fi
cat >view.jq <<'END'
def short: if type == "number" then (. * 10000 | round) / 10000 else . end;
{verdict, binding: .binding.resource, judged: .coverage.judged, not_visible: .coverage.not_visible,
 max_safe: (.max_safe // {} | map_values(short)), hosts: (.hosts_needed // {} | {now, after_fixes}),
 limits: [.resources[] | select(.status != "not-applicable")
          | {id, status, demand: (.demand | short), capacity: (.capacity | short)}],
 fixes: [.fixes[] | select(.in_ladder) | .command], findings: [.findings[].id] | sort | unique}
END
expect() { # expect NAME HOST PLAN…
	file=$top/tests/expected/$1.json
	name=$1 host=$2
	shift 2
	"$H" audit "$@" --facts "$hosts/$host" -o json 2>error | jq -S -f view.jq >got.json 2>>error
	if [ -n "${ACCEPT:-}" ]; then
		cp got.json "$file"
	fi
	if cmp -s got.json "$file"; then
		ok "expected: $name"
	else
		not_ok "expected: $name" "$(cat error)" "$(diff "$file" got.json 2>&1 | head -n 12 | tr '\n' ';')"
	fi
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
