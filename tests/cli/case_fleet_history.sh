# Fleets in the history: kept as classes with the names of their hosts, listed, shown, compared with.
# shellcheck shell=sh disable=SC1091,SC2154,SC2086,SC2016 # what lib.sh sets; plans are several words
. tests/cli/lib.sh
unset HEADROOM_HISTORY
export XDG_STATE_HOME="$work/state" HOME="$work/home" SOURCE_DATE_EPOCH=1796054400 PYTHONHASHSEED=0
db=$work/state/headroom/history.db
"$H" facts --facts "$hosts/debian-default" -o base.json
make() {
	python3 "$top/tests/fleet/make.py" base.json "$@"
}
fleet() {
	"$H" fleet ws-client --connections 3000 --lifetime 600s "$@"
}
wide=limits.nofile.soft=65536
mkdir facts
make dir facts "gen-1:$wide" "gen-2:$wide" "gen-3:$wide"
printf 'gen-1\ngen-2\ngen-3\ngen-4\n' >four
printf 'gen-1\ngen-2\ngen-3\n' >three
printf 'gen-1\ngen-2 weight=2\ngen-3 group=eu\n' >weights

check "no history yet" 2 '' 'no history exists yet' fleet facts --against last
check "--no-history" 0 PASS '' fleet facts --no-history
check "HEADROOM_HISTORY=off" 0 PASS '' env HEADROOM_HISTORY=off "$H" fleet ws-client --connections 3000 facts
same "keeps nothing" "" "$(find "$work/state" 2>/dev/null)"
check "a fleet" 4 'missing=1$' '' fleet --hosts four facts -o first.json
check "is listed as one" 0 '^ +1  2026-11-30 16:00 +4 hosts +ws-client +unknown' '' "$H" history list
same "lines fit 80 columns" "" "$("$H" history | grep -E '.{81}')"
check "is shown, newest first" 0 '^headroom: UNKNOWN expected=4 answered=3 missing=1$' '' "$H" history show
check "and by its number" 0 '^  Missing +gen-4$' '' "$H" history show 1
check "as Markdown" 0 '^\| A \| client \| 3 \|' '' "$H" history show 1 -o md:-
check "a report says what it lacks" 2 '' 'does not keep the audits' "$H" history show 1 -o fleet.html
check "it is no audit: diff" 2 '' '1 is a fleet, not an audit of one host' "$H" history diff 1 1
check "it is no audit: audit --against" 2 '' '1 is a fleet, not an audit' \
	"$H" audit ws-client --connections 100 --facts base.json --no-history --against 1
check "it is no audit: the last" 2 '' 'no audit is saved' "$H" history diff first.json last
check "no trend of it" 0 'No audit matches' '' "$H" history trend

# The same plan and hosts file, and nothing else.
make dir facts "gen-2:$wide:net.ipv4.tcp_tw_reuse=0"
check "who drifted" 4 '^  Changed +1 since 2026-11-30T16:00:00Z: gen-2 \(class B, was A;' '' fleet --hosts four facts --against last -o drift.json
check "another plan" 2 '' 'no earlier fleet with this plan and hosts file' \
	"$H" fleet ws-client --connections 3001 --lifetime 600s --hosts four facts --against last
check "another hosts file" 2 '' 'no earlier fleet with this plan' fleet --hosts three facts --against last
check "no hosts file" 2 '' 'no earlier fleet with this plan' fleet facts --against last
check "what was refused is not kept; the other is" 0 '^ +2  .* 4 hosts ' '' "$H" history
check "nothing since the last" 4 '^  Changed +0 since ' '' fleet --hosts four facts --against last
check "a number" 4 '^  Changed +1 since .*: gen-2' '' fleet --hosts four facts --against 1 --no-history
make dir facts "gen-4:$wide"
check "one that answers again" 0 '^  Changed +1 since .*: gen-4 \(class A, was none;' '' fleet --hosts four facts --against last
rm facts/gen-4.json
check "a fleet of whoever answers" 0 'PASS' '' fleet facts
check "and its last" 0 '^  Changed +0 since ' '' fleet facts --against last
check "weights and groups make another fleet" 2 '' 'no earlier fleet' fleet --hosts weights facts --against last
check "which is kept with them" 0 PASS '' fleet --hosts weights facts
check "no such number" 2 '' 'against 99: no audit 99 is saved' fleet facts --against 99
check "an audit" 0 PASS '' "$H" audit ws-client --connections 100 --facts base.json
audit=$("$H" history -o json | sed -n 's/.*"id": *\([0-9]*\).*/\1/p' | tail -n 1)
check "beside fleets, it has no fleet as its history" 0 '^headroom: PASS' '' "$H" history show
check "is no fleet" 2 '' 'this is the audit of one host, not a fleet' fleet facts --against "${audit:-8}"
check "an audit's last is no fleet" 0 PASS '' "$H" audit ws-client --connections 100 --facts base.json --against last
if command -v jq >/dev/null; then
	same "class left, class entered" '[1,1,"A","B","net.ipv4.tcp_tw_reuse"]' \
		"$(jq -c '.drift | [.id, .changed, .hosts[0].class_from, .hosts[0].class_to, .hosts[0].changes[0].key]' drift.json)"
	same "in the list as JSON" '[4,4]' "$("$H" history -o json | jq -c '[.audits[:2][].fleet]')"
	"$H" history show 1 -o kept.json >/dev/null
	small='{verdict, headline, counts, c: [.classes[] | del(.audit)], h: [.hosts[] | {name, role, group, weight, state, verdict, class}] | sort_by(.name)}'
	same "what is kept is what it was" "$(jq -c "$small" first.json)" "$(jq -c "$small" kept.json)"
	same "and says that it is not all" 'true [] [null]' "$(jq -cr '"\(.kept) \(.shares) \([.classes[].audit])"' kept.json)"
	"$H" fleet ws-client --connections 3000 --lifetime 600s --hosts weights facts --no-history -o all.json >/dev/null
	"$H" history export | jq -c 'select(.schema == "headroom.fleet/1" and .counts.expected == 3)' | tail -n 1 >kept.json
	same "weights and groups" "$(jq -c "$small" all.json)" "$(jq -c "$small" kept.json)"
	check "an exported one can be compared with" 0 '^  Changed +0 since ' '' fleet --hosts weights facts --against kept.json
else
	skip "the documents" "jq is not installed"
fi
if python3 -c 'import jsonschema' 2>/dev/null; then
	for file in first drift; do
		check "$file.json fits its schema" 0 '' '' python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' "$file.json" "$top/docs/fleet.schema.json"
	done
	"$H" history show 1 -o shown.json >/dev/null
	check "so does what is shown" 0 '' '' python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' shown.json "$top/docs/fleet.schema.json"
else
	skip "the schema" "python3-jsonschema is not installed"
fi

# Many hosts are names, not copies.
names=$(seq -f "gen-%04g:$wide" 1000)
make lines $names | "$H" fleet ws-client --connections 300000 --lifetime 600s - -o many.json >/dev/null
python3 - "$db" many.json >sizes <<'EOF'
import os, sqlite3, sys
size = sqlite3.connect(sys.argv[1]).execute("SELECT bytes FROM documents ORDER BY id DESC LIMIT 1").fetchone()[0]
print("small" if size < 40000 < os.path.getsize(sys.argv[2]) else size)
EOF
same "a thousand equal hosts take less than 40 kB" small "$(cat sizes)"
check "and a line of the list" 0 ' 1,000 hosts +ws-client ' '' "$H" history
check "all of them are shown" 0 'answered=1000$' '' "$H" history show

# What another program put there.
put() {
	python3 - "$db" "$1" <<'EOF'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE documents SET packed = 0, bytes = ?, body = CAST(? AS BLOB) WHERE id = 1", (len(sys.argv[2]), sys.argv[2]))
db.commit()
EOF
}
head='"schema":"headroom.fleet-kept/1","verdict":"pass","created":"2026-01-01T00:00:00Z"'
put "{$head,\"classes\":[[1,[2]],3,{\"members\":[1,{},\"a\"]},{\"name\":7,\"members\":{}}],\"others\":[1,[2],{\"name\":3}]}"
check "no classes where classes should be" 0 '^headroom: PASS' '' "$H" history show 1
check "and nothing to compare with" 0 '^  Changed +0 since 2026-01-01' '' fleet facts --no-history --against 1
put '{"schema":"headroom.fleet-kept/1"}'
check "without a verdict" 2 '' 'the history: "verdict" must be' "$H" history show 1
check "nor for a comparison" 2 '' 'against 1: the history: "verdict" must be' fleet facts --no-history --against 1
