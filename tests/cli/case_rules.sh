# The built-in rules are read when headroom is built (rules/tables.c). They must say what their files say: an audit
# with all rules replaced by the same files is the same, but for the name of the rules.
# shellcheck shell=sh
. tests/cli/lib.sh
mkdir same
for kind in limits fixes myths platforms workloads why; do cp -r "$top/rules/$kind" "same/$kind"; done

# without_rules FILE: what may differ: where the rules are from (also listed as foreign), when and how the audit was made
without_rules() {
	jq -S 'del(.created, .command_line, .digest.rules, .rules.version, .foreign)' "$1"
}

# compare NAME OPTIONS…
compare() {
	name=$1
	shift
	rm -f built-in.json files.json
	"$H" audit "$@" --all -o json:built-in.json >/dev/null 2>&1
	"$H" audit "$@" --all --rules same -o json:files.json >/dev/null 2>&1
	without_rules built-in.json >built-in.txt
	without_rules files.json >files.txt
	same "$name: the built-in rules are their files" "" "$([ -s files.txt ] || echo no audit; diff built-in.txt files.txt | head -5)"
}

compare "client" ws-client --connections 60000 --facts "$hosts/debian-default"
compare "server" --role server --connections 100000 --facts "$hosts/rabbitmq-node"
compare "Erlang" erlang-node --connections 300000 --facts "$hosts/rabbitmq-node"
compare "a cloud's NAT" http-churn --egress aws-nat-gateway --facts "$hosts/tuned-loadgen"
compare "no plan" --facts "$hosts/debian-default"
for what in $("$H" rules list | awk '$1 !~ /^(cause|word|text)$/ { print $2 }'); do
	"$H" explain "$what" --facts "$hosts/debian-default"
	"$H" explain "$what" --facts "$hosts/debian-default" --rules same >&3
done >built-in.txt 3>files.txt 2>/dev/null
same "explain: the built-in rules are their files" "" "$(diff built-in.txt files.txt | grep -v '^[0-9]' | grep -vE 'same/' | head -5)"

# Of logs as well.
for line in "accept4: too many open files" "listen tcp :80: bind: address already in use" "1024 worker_connections are not enough"; do
	"$H" why --facts "$hosts/debian-default" -- "$line"
	"$H" why --facts "$hosts/debian-default" --rules same -- "$line" >&3
done >built-in.txt 3>files.txt 2>/dev/null
same "why: the built-in rules are their files" "" "$([ -s files.txt ] || echo nothing; diff built-in.txt files.txt | head -5)"

# A rule of one's own: its text comes before the built-in ones.
mkdir own
cat >own/texts.json <<'EOF'
[
 { "kind": "cause", "id": "moon", "title": "The moon is full", "text": "It was full at {host}.", "look": ["ls /moon"] },
 { "kind": "text", "id": "howl", "title": "A howl", "from": "wolf", "texts": ["howls at #*: too many open files"], "causes": ["moon"],
   "examples": [{ "line": "wolf: howls at 12: too many open files", "expect": { "cause": "moon" } }] }
]
EOF
check "own texts: they are checked" 0 'are correct' '' "$H" rules lint --rules own
check "own texts: their examples are run" 0 '1 passed' '' "$H" rules test howl --rules own
sed 's/"causes": \["moon"\]/"causes": ["sun"]/' own/texts.json >bad.json && mkdir bad && mv bad.json bad/
check "own texts: a cause that is not there" 2 '' 'there is no limit and no cause "sun"' "$H" rules lint --rules bad
sed 's/howls at #\*/howls **/' own/texts.json >bad/bad.json
check "own texts: a pattern that is none" 2 '' 'two signs side by side' "$H" rules lint --rules bad
sed 's/wolf: howls at 12/wolf: howls at 0/' own/texts.json >bad/bad.json
check "own texts: an example that is not found" 3 'the line is taken for "any-emfile"' '' "$H" rules test howl --rules bad
