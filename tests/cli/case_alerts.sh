# headroom fix --emit prometheus-rules, read by promtool.
. tests/cli/lib.sh
emit() { # emit NAME PLAN… : NAME.yml
	name=$1
	shift
	"$H" fix "$@" --emit prometheus-rules -q -o "$name.yml" >/dev/null 2>said || [ $? -eq 3 ] || not_ok "emit $name" "$(cat said)"
}
yaml() { # yaml NAME EXPRESSION: over the rules, as Python
	python3 -c 'import sys, yaml
rules = yaml.safe_load(open(sys.argv[1]))["groups"][0]["rules"]
print(eval(sys.argv[2]))' "$1.yml" "$2"
}
emit client ws-client --connections 15000 --facts "$hosts/debian-default"
emit server default --role server --connections 50000 --facts "$hosts/docker-publish"
emit proxy haproxy-tcp --facts "$hosts/tuned-loadgen"
emit erlang erlang-node --connections 100000 --facts "$hosts/rabbitmq-node"

same "a warning at the target, a critical one at 90%" \
	"[('warning', 'node_filefd_allocated / node_filefd_maximum > 0.75', '1m'), ('critical', 'node_filefd_allocated / node_filefd_maximum > 0.9', '30s')]" \
	"$(yaml client '[(r["labels"]["severity"], r["expr"], r["for"]) for r in rules if r["alert"] == "HeadroomSystemFds"]')"
same "the fix, and how it is undone" "('sysctl -w net.ipv4.tcp_tw_reuse=1', 'sysctl -w net.ipv4.tcp_tw_reuse=2')" \
	"$(yaml client '[(r["annotations"]["fix"], r["annotations"]["undo"]) for r in rules if r["alert"] == "HeadroomEphemeralPorts"][0]')"
same "each limit of the plan that a host shows has alerts" \
	"$("$H" audit ws-client --connections 15000 --facts "$hosts/debian-default" -o json | jq -r '[.resources[] | select(.status != "not-applicable") | .id] | sort | join(" ")')" \
	"$(yaml client '" ".join(sorted({r["labels"]["limit"] for r in rules if "limit" in r["labels"]}))')"
same "what no metric shows is said" 1 "$(grep -c '^# No alert: erlang-ports' erlang.yml)"
same "a missing metric is an alert" True "$(yaml client 'any(r["expr"] == "absent(node_sockstat_TCP_tw)" for r in rules)')"
"$H" fix ws-client --connections 15000 --facts "$hosts/debian-default" --max-use 95% --emit prometheus-rules -q -o strict.yml >/dev/null
same "a target over 90% is one alert, at the target" "[('critical', '0.95')]" \
	"$(yaml strict '[(r["labels"]["severity"], r["expr"].split(" > ")[1]) for r in rules if r["alert"] == "HeadroomSystemFds"]')"
check "size has no host to watch" 2 '' 'alerts watch the host that runs the test' "$H" size ws-client --connections 15000 --emit prometheus-rules
"$H" audit ws-client --connections 15000 --facts "$hosts/debian-default" -q -o audit.json >/dev/null
"$H" fix audit.json --emit prometheus-rules -q -o of-audit.yml >/dev/null
same "of an audit document the same" "$(sed 1,4d client.yml)" "$(sed 1,4d of-audit.yml)"

# What a document says is text: no template, no YAML.
jq '.fixes[1].commands[0].line = "printf \"%s\\n\" {{ .x }} \\ #" | .fixes[1].undo_commands = []
	| .resources[0].title = "a\": {{ fail }} |\n- x" | .resources[1].id = "b\": c" | .workload_title = "x\n- y: {{"' audit.json >foul.json
"$H" fix foul.json --emit prometheus-rules -q -o foul.yml >/dev/null
resource=$(jq -r '.fixes[1].resource' audit.json)
same "a command with braces, quotes and a backslash" 'printf "%s\n" {{"{{"}} .x }} \ #' \
	"$(yaml foul "[r['annotations'].get('fix') for r in rules if r['labels'].get('limit') == '$resource'][0]" 2>/dev/null || echo none)"
same "a title that looks like YAML and a template" 'a": {{"{{"}} fail }} |' \
	"$(yaml foul '[r["annotations"]["summary"] for r in rules][0].split(" -")[0]')"
if command -v promtool >/dev/null; then
	for name in client server proxy erlang strict foul; do
		check "$name: promtool reads the rules" 0 'SUCCESS' '' promtool check rules $name.yml
	done
	check "promtool fires what must be" 0 '^[0-9]+ tests of [0-9]+ rules$' '' python3 "$top/tests/cli/alerts_tested.py" client.yml
	check "… of a proxy" 0 '^[0-9]+ tests of [0-9]+ rules$' '' python3 "$top/tests/cli/alerts_tested.py" server.yml
	check "… of braces and quotes" 0 '^[0-9]+ tests of [0-9]+ rules$' '' python3 "$top/tests/cli/alerts_tested.py" foul.yml
else
	skip "promtool" "promtool (package prometheus) is not installed"
fi
