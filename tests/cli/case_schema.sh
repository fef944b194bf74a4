# What is written fits the JSON Schemas in docs/.
. tests/cli/lib.sh
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	skip "JSON Schemas" "python3-jsonschema is not installed"
	exit 0
fi
cat >validate.py <<'END'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for name in sys.argv[2:]:
    for error in list(validator.iter_errors(json.load(open(name))))[:3]:
        print(name, list(error.path), error.message[:200])
END
valid() {
	name=$1
	shift
	same "$name" "" "$(python3 validate.py "$@" 2>&1)"
}
for host in debian-default tuned-loadgen docker-publish hostile rabbitmq-node macos.facts.json; do
	for plan in "" ws-client "default --role server" haproxy-tcp erlang-node; do
		# shellcheck disable=SC2086 # the plan is several words
		"$H" audit $plan --facts "$hosts/$host" -q -o audit.json >/dev/null 2>error
		[ $? -lt 5 ] && [ ! -s error ] && valid "audit of $host, ${plan:-no workload}" "$top/docs/audit.schema.json" audit.json
		rm -f audit.json
	done
	"$H" facts --facts "$hosts/$host" -o facts.json
	valid "facts of $host" "$top/docs/facts.schema.json" facts.json
done
for plan in ws-client "ws-client --connections 15000" "erlang-node --connections 200000"; do
	# shellcheck disable=SC2086 # the plan is several words
	"$H" fix $plan --facts "$hosts/debian-default" -o fix.json >/dev/null
	valid "fix of $plan" "$top/docs/fix.schema.json" fix.json
done
"$H" audit -q -o live.json >/dev/null
valid "audit of this host" "$top/docs/audit.schema.json" live.json
python3 - "$top"/rules/workloads/*.json <<'END'
import json, sys
for path in sys.argv[1:]:
    rule = json.load(open(path))
    json.dump({"schema": "headroom.workload/1"} | rule["workload"], open("ready-%s.json" % rule["id"], "w"))
END
valid "ready workloads" "$top/docs/workload.schema.json" ready-*.json
echo '{"schema":"headroom.audit/1","x":1}' >bad.json
same "a bad document is found" yes "$(python3 validate.py "$top/docs/audit.schema.json" bad.json | grep -q required && echo yes)"
