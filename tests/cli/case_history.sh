# The history: kept, listed, compared, pruned; damaged, newer, older, full, locked, killed.
# shellcheck shell=sh
. tests/cli/lib.sh
unset HEADROOM_HISTORY
export XDG_STATE_HOME="$work/state" HOME="$work/home"
db=$work/state/headroom/history.db
host=$hosts/debian-default
audit() { "$H" audit ws-client --facts "$host" "$@"; }
kept() { "$H" history -o json | jq .total; }

check "nothing kept so far" 0 'No audit was kept so far' '' "$H" history
check "nothing to show" 2 '' 'no history exists yet' "$H" history show 1
check "a trend of nothing" 0 'No audit was kept so far' '' "$H" history trend
check "prune nothing" 0 '^0 audits deleted, 0 kept$' '' "$H" history prune --keep 3
same "reading made no file" "" "$(find "$work/state" 2>/dev/null)"

check "--no-history" 0 'PASS' '' audit --connections 100 --no-history
check "HEADROOM_HISTORY=off" 0 'PASS' '' env HEADROOM_HISTORY=off "$H" audit ws-client --connections 100 --facts "$host"
same "nothing was kept" "" "$(find "$work/state" 2>/dev/null)"

check "one audit" 0 'PASS' '' audit --connections 100
check "another" 3 'FAIL' '' audit --connections 15000
check "one without a plan" 0 'AUDIT' '' "$H" audit --facts "$host"
same "three are kept" 3 "$(kept)"
same "for the owner only" "600 700" "$(stat -c %a "$db" "$work/state/headroom" | xargs)"
check "the list" 0 '^ +2  20[0-9-]+ [0-9:]+ +ws-client +fail +process-fds 15×' '' "$H" history list
for wide in 60 80 100; do
	same "$wide columns at most" "" "$(COLUMNS=$wide "$H" history | LC_ALL=C.UTF-8 grep -E ".{$((wide + 1)),}")"
done
same "a narrow screen leaves out the year" 1 "$(COLUMNS=60 "$H" history | grep -cE '^ +2  [0-9]{2}-[0-9]{2} [0-9:]+  *ws-client +fail +process-fds 15×$')"
check "part of the list" 0 ' 1  20.* ws-client +pass' '' "$H" history list ws-cli
check "no match" 0 'No audit matches' '' "$H" history list nosuchhost
same "as JSON" "headroom.history/1 3 pass fail none" \
	"$("$H" history -o json | jq -r '[.schema, .total, .audits[].verdict] | join(" ")')"
same "lines fit 80 columns" "" "$({ "$H" history; "$H" history trend; "$H" history diff 1 2; } | grep -E '.{81}')"

"$H" audit ws-client --connections 15000 --facts "$host" --no-history -o json >now.json
"$H" history show 2 -o json >then.json
same "the document is whole" "$(jq -cS 'del(.created, .command_line, .history)' now.json)" \
	"$(jq -cS 'del(.created, .command_line, .history)' then.json)"
check "shown again" 0 'Do not start this test' '' "$H" history show 2
check "a report of it" 0 '*' '' "$H" history show 2 -o markdown:old.md
check "the last" 0 'AUDIT' '' "$H" history show last
check "none of this number" 2 '' 'no audit 99 is saved' "$H" history show 99
check "a number too large" 2 '' '99999999999999999999' "$H" history show 99999999999999999999
check "an unknown action" 2 '' 'did you mean trend\?' "$H" history trnd
check "too many words" 2 '' 'unexpected "3"; usage: headroom history diff' "$H" history diff 1 2 3

# What changed, and why.
check "a setting" 3 'Also +net.core.somaxconn: 128, was 4,096' '' \
	audit --connections 15000 --against last --set net.core.somaxconn=128 --all
check "a cause" 3 'Limit +Outgoing ports: use 94.5%, was 106%; because' '' \
	audit --connections 15000 --against 2 --set net.ipv4.ip_local_port_range="1024 65535" \
	--set net.ipv4.ip_local_reserved_ports=1024-33800 --set limits.nofile.soft=1024
same "which fact moved which limit" '["net.ipv4.ip_local_port_range","net.ipv4.ip_local_reserved_ports"]' \
	"$("$H" history diff 2 last -o json |
		jq -c '.drift.limits[] | select(.id == "ephemeral-ports") | .because | sort')"
blamed() { # blamed LIMIT KEY=VALUE KEY=VALUE: what the limit's move is put down to
	limit=$1
	"$H" audit ws-client --facts "$host" --connections 15000 --against 2 --set "$2" --set "$3" -o json |
		jq -c --arg limit "$limit" '[.drift.limits[] | select(.id == $limit) | .because[]] | sort'
}
same "not the one that it only read" '["net.ipv4.ip_local_port_range"]' \
	"$(blamed ephemeral-ports "net.ipv4.ip_local_port_range=30000 61000" net.ipv4.tcp_timestamps=0)"
same "not the one beside it" '["net.ipv4.ip_local_port_range"]' \
	"$(blamed ephemeral-ports "net.ipv4.ip_local_port_range=30000 61000" net.ipv4.ip_local_reserved_ports=1-100)"
same "not the looser of two bounds" '["memory.available"]' "$(blamed host-memory memory.available=1GiB cgroup.memory.max=8GiB)"
same "the tighter of two bounds" '["cgroup.memory.max"]' "$(blamed host-memory memory.available=22GiB cgroup.memory.max=1GiB)"
same "both of two that each do their part" '["net.ipv4.ip_local_port_range","net.ipv4.tcp_tw_reuse"]' \
	"$(blamed ephemeral-ports "net.ipv4.ip_local_port_range=30000 61000" net.ipv4.tcp_tw_reuse=1)"
server() { "$H" audit ws-server --connections 30000 --facts "$hosts/rabbitmq-node" --no-history "$@"; }
server -o server.json >/dev/null
same "a server's plan" '["memory.available"]' "$(server --against server.json --set memory.available=2GiB \
	--set net.netfilter.nf_conntrack_tcp_timeout_time_wait=300 -o json |
	jq -c '[.drift.limits[] | select(.id == "host-memory") | .because[]]')"
check "the plan" 3 'Plan +connections: 15000, was 100' '' audit --connections 15000 --against 1
check "the verdict" 3 'Verdict +fail, was pass' '' audit --connections 15000 --against 1
check "a file" 0 'Verdict +pass, was fail' '' audit --connections 100 --against now.json
check "as Markdown" 0 'What changed since' '' audit --connections 100 --against now.json -o markdown:-
check "as Markdown: what moved" 0 '^\* Plan, connections: 100, was 15,000' '' audit --connections 100 --against now.json -o markdown:-
check "the same again" 0 'Nothing changed that matters since audit' '' audit --connections 100 --against 1
check "against one, itself not kept" 0 'since audit 1,' '' audit --connections 100 --against 1 --no-history
check "against nothing" 2 '' '--against 77: .*no audit 77' audit --against 77
check "against a file that is none" 2 '' '--against .*plan.json' audit --against plan.json
same "in the document" true "$(audit --connections 100 --against 1 -o json | jq .drift.same)"
check "diff needs an audit" 2 '' 'diff needs' "$H" history diff
check "diff of two" 0 'Verdict +fail, was pass' '' "$H" history diff 1 2
check "diff of the same" 0 'Nothing changed that matters' '' "$H" history diff 1 1
check "the trend" 0 'debian-default, ws-client: [0-9]+ audits since' '' "$H" history trend ws-client
check "a trend of no such plan" 0 'No audit matches' '' "$H" history trend nosuchplan
check "its bars" 0 '^  [▁▂▃▄▅▆▇█]+$' '' "$H" history trend ws-client
check "its bars in ASCII" 0 '^  [1-8]+$' '' env LANG=C "$H" history trend ws-client
total=$(kept)
same "exported, one a line" "$total" "$("$H" history export | jq -c .schema | grep -c headroom.audit/2)"

# Deleting is said, not done by the way.
check "prune needs a bound" 2 '' 'prune needs --keep N' "$H" history prune
check "a bad bound" 2 '' '--keep "x"' "$H" history prune --keep x
check "a bad age" 2 '' '--older-than "tomorrow"' "$H" history prune --older-than tomorrow
check "nothing is that old" 0 "^0 audits deleted, $total kept" '' "$H" history prune --older-than 90d
check "prune" 0 '^[0-9]+ audits deleted, 2 kept$' '' "$H" history prune --keep 2
same "two are kept" 2 "$(kept)"
same "numbers are not given twice" "$((total + 1))" \
	"$(audit --connections 100 >/dev/null; "$H" history -o json | jq '.audits[-1].id')"

# Old documents are packed, and read all the same.
i=0
while [ $i -lt 64 ]; do
	audit --connections 100 >/dev/null
	i=$((i + 1))
done
same "packed documents are read" 67 "$("$H" history export | jq -c .verdict | wc -l)"

# Writers side by side, and killed ones.
for _ in 1 2 3 4 5 6; do
	for _ in 1 2 3 4 5; do audit --connections 100 >/dev/null 2>>side.err; done &
done
wait
same "six writers at once" "97" "$(kept)"
same "none of them complained" "" "$(cat side.err)"
i=0
while [ $i -lt 20 ]; do
	timeout -s KILL "0.00$i" "$H" audit ws-client --facts "$host" --connections 100 >/dev/null 2>&1
	i=$((i + 1))
done
check "after killed writers" 0 'ws-client +pass' '' "$H" history
count=$(kept)
audit --connections 100 >/dev/null
same "the next one is kept" "$((count + 1))" "$(kept)"

# Damaged, newer, older, no place.
sqlite() { python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()' "$@"; }
rm -f "$db-wal" "$db-shm"
printf 'not a database, but long enough to look at it closely' >"$db"
cp "$db" damaged
check "damaged: said, the audit goes on" 0 'PASS' 'not saved to the history: .*history is damaged' audit --connections 100
check "damaged: list" 1 '' 'history is damaged.*was not changed' "$H" history
same "damaged: untouched" "" "$(cmp "$db" damaged 2>&1)"
rm -f "$db"*
: >"$db"
check "an empty file is a beginning" 0 'PASS' '' audit --connections 100
same "kept there" 1 "$(kept)"
if command -v python3 >/dev/null; then
	sqlite "$db" 'PRAGMA user_version = 99'
	check "newer: the audit goes on" 0 'PASS' 'not saved to the history: .*newer headroom wrote this history \(format 99' audit --connections 100
	check "newer: list" 1 '' 'newer headroom' "$H" history
	rm -f "$db"*
	sqlite "$db" "CREATE TABLE audits (id INTEGER PRIMARY KEY AUTOINCREMENT, created TEXT NOT NULL, host TEXT NOT NULL,
		fingerprint TEXT NOT NULL, workload TEXT NOT NULL, verdict TEXT NOT NULL, binding TEXT NOT NULL, use REAL,
		safe_scale REAL, safe_connections REAL, safe_rate_per_s REAL) STRICT;
		CREATE TABLE documents (id INTEGER PRIMARY KEY REFERENCES audits (id) ON DELETE CASCADE,
		bytes INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
		INSERT INTO audits VALUES (7, '2026-01-01T00:00:00Z', 'old', 'f', 'p', 'pass', '', 0.5, 1, 100, 1);
		INSERT INTO documents VALUES (7, 29, CAST('{\"schema\":\"headroom.audit/1\"}' AS BLOB));
		PRAGMA user_version = 1"
	check "older: brought up to date" 0 ' 7  2026-01-01 00:00  p +pass' '' "$H" history
	check "assumed values" 0 'PASS' '' audit --connections 100 --set limits.nofile.soft=5000
	same "older: kept on, and an audit of assumed values is marked" 1 "$("$H" history | grep -c ' pass\*')"
	check "the mark is explained" 0 '[*] hypothetical: values were assumed' '' "$H" history
	same "as JSON" '[0,1]' "$("$H" history -o json | jq -c '[.audits[].hypothetical]')"
	sqlite "$db" 'DELETE FROM documents WHERE id > 7'
	sqlite "$db" 'DELETE FROM audits WHERE id > 7'
	check "older: kept on" 0 'PASS' '' audit --connections 100
	same "older: both are there" 2 "$(kept)"
	sqlite "$db" "UPDATE documents SET packed = 1 WHERE id = 7"
	check "a damaged document" 1 '' 'cannot be unpacked' "$H" history show 7
	check "a damaged document: the others are exported" 1 'headroom.audit/2.*"workload"' 'left out 1 of 2 audits' \
		"$H" history export
	sqlite "$db" "UPDATE documents SET packed = 0, body = CAST('{\"schema\":' AS BLOB) WHERE id = 7"
	check "a document that is no JSON" 2 '' 'audit 7:1:' "$H" history show 7
	sqlite "$db" "UPDATE audits SET host = 'x' || char(27) || '[31m' || char(10), created = 'never' WHERE id = 7"
	same "hostile rows are shown harmless" "" "$("$H" history | grep "$(printf '\033')")"
else
	skip "newer, older and hostile files" "no python3"
fi
rm -rf "$work/state"
: >"$work/state"
check "no place: said, the audit goes on" 0 'PASS' 'not saved to the history: .*state.*Not a directory|not saved to the history: .*exists' audit --connections 100
rm -f "$work/state"
mkdir -p "$work/state/headroom" "$work/real"
ln -s "$work/nologin" "$work/state/headroom/history.db"
check "a link that leads nowhere is not followed" 0 'PASS' 'not saved to the history: .*symbolic link' audit --connections 100
same "nothing was made there" "" "$(ls "$work/nologin" 2>/dev/null)"
rm -rf "$work/state"
ln -s real "$work/state"
check "a directory that is a link" 0 'PASS' '' audit --connections 100
same "is followed" yes "$([ -f "$work/real/headroom/history.db" ] && echo yes)"
rm -f "$work/state"
check "no HOME: nothing is kept, nothing said" 0 'PASS' '' env -u HOME -u XDG_STATE_HOME "$H" audit ws-client --facts "$host" --connections 100
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	# shellcheck disable=SC2016  # the inner shell expands
	unshare -m sh -c 'mkdir -p "$1" && mount -t tmpfs -o size=300k none "$1" && shift && for _ in 1 2 3 4 5 6; do "$@"; done' \
		full "$work/state" "$H" audit ws-client --facts "$host" --connections 100 >full.out 2>full.err
	same "a full disk: said" 1 "$(grep -c 'no space is left for the history\|not saved' full.err | sed 's/[2-9]/1/')"
	same "a full disk: every verdict is given" 6 "$(grep -c '^headroom: PASS' full.out)"
else
	skip "a full disk" "not root, or no mount namespace"
fi
