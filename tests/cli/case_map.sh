# The capacity map (audit --map): its cells are audits, the plan's own load is one of them, and a plan of several
# loads has one as well.
. "$(dirname "$0")/lib.sh"

audit_map() { # audit_map NAME OPTIONS…: NAME.json
	name=$1
	shift
	"$H" audit "$@" --map -o "$name.json" -q >/dev/null 2>&1
	[ -s "$name.json" ]
}

of() { # of FILE EXPRESSION: a Python expression over the document d
	python3 -c "import json, sys; d = json.load(open(sys.argv[1])); print($2)" "$1"
}

agrees() { # agrees NAME SEED OPTIONS…: the cells of NAME.json and audits with these options
	name=$1 seed=$2
	shift 2
	if python3 "$top/tests/cli/map_agrees.py" "$H" "$name.json" "$seed" "$@" >"$name.log"; then
		ok "map of $name: 20 cells are audits"
	else
		not_ok "map of $name: 20 cells are audits" "$(head -n 5 "$name.log")"
	fi
}

plain="--facts $hosts/debian-default"
# shellcheck disable=SC2086
{
	audit_map client ws-client --connections 15000 --lifetime 60s $plain
	agrees client 1 ws-client $plain
	audit_map server ws-server --connections 50000 --lifetime 10m --pessimistic --facts "$hosts/tuned-loadgen"
	agrees server 2 ws-server --pessimistic --facts "$hosts/tuned-loadgen"
	audit_map empty --role client --open-rate 300 --lifetime 5s $plain
	agrees empty 3 --role client --start empty $plain
	audit_map unread ws-client --connections 15000 --lifetime 60s --facts "$hosts/macos.facts.json"
	agrees unread 4 ws-client --facts "$hosts/macos.facts.json"
	audit_map stay --role client --connections 5000 $plain
	audit_map loads ws-client --connections 15000 + http-churn --rps 200 $plain
	audit_map stages --role client --stages 60s:1000,60s:5000 $plain
}

# shellcheck disable=SC2016 # the plan's own cell has the audit's own verdict and use
own='(lambda m, p: m["connections"][p["column"]] == d["plan"]["connections"] and m["open_rate_per_s"][p["row"]] == d["plan"]["open_rate_per_s"] and m["now"][p["row"]][p["column"]]["verdict"] == d["verdict"] and m["now"][p["row"]][p["column"]]["use"] == max(r["utilization"] for r in d["resources"] if r["severity"] == "hard" and r["utilization"] is not None and r["status"] == d["verdict"]))(d["map"], d["map"]["plan"])'
for name in client server empty stay loads; do
	same "the plan's own load is a cell of the map ($name)" True "$(of $name.json "$own")"
done
same "connections that stay have a row without new ones" 0 "$(of stay.json 'd["map"]["open_rate_per_s"][0]')"
same "after the changes the plan's own cell passes" pass "$(of client.json 'd["map"]["after"][d["map"]["plan"]["row"]][d["map"]["plan"]["column"]]["verdict"]')"
same "a plan with stages has no map, and it says why" True "$(of stages.json '"stages" in d["map"]["reason"] and "now" not in d["map"]')"
"$H" audit ws-client --connections 15000 $plain -o none.json -q >/dev/null
same "without --map there is none" False "$(of none.json '"map" in d')"

# What is waived counts in the map as everywhere; what is ignored does not.
cat >waivers.json <<'J'
{"schema": "headroom.waivers/1", "waivers": [{"id": "process-fds", "justification": "raised before the run", "expires": "2999-12-31"}]}
J
# shellcheck disable=SC2086
{
	audit_map waived ws-client --connections 15000 --lifetime 600s $plain --waivers waivers.json
	audit_map ignored ws-client --connections 15000 --lifetime 600s $plain --ignore process-fds
	audit_map old ws-client --connections 100 --lifetime 600s $plain --max-age 1h
}
cell='d["map"]["now"][d["map"]["plan"]["row"]][d["map"]["plan"]["column"]]'
same "a waiver makes no cell pass" "fail process-fds" "$(of waived.json "$cell[\"verdict\"] + ' ' + $cell[\"limit\"]")"
same "an ignored limit is in no cell" False "$(of ignored.json 'any(c["limit"] == "process-fds" for row in d["map"]["now"] for c in row)')"
same "values that are too old make no cell pass" False "$(of old.json 'any(c["verdict"] == "pass" for row in d["map"]["now"] for c in row)')"
