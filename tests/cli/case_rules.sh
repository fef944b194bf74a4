# The built-in rules are read when headroom is built (rules/tables.c). They must say what their files say: an audit
# with all rules replaced by the same files is the same, but for the name of the rules.
. tests/cli/lib.sh
mkdir same
for kind in limits fixes myths platforms workloads; do cp -r "$top/rules/$kind" "same/$kind"; done

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
for what in $("$H" rules list | awk '{ print $2 }'); do
	"$H" explain "$what" --facts "$hosts/debian-default"
	"$H" explain "$what" --facts "$hosts/debian-default" --rules same >&3
done >built-in.txt 3>files.txt 2>/dev/null
same "explain: the built-in rules are their files" "" "$(diff built-in.txt files.txt | grep -v '^[0-9]' | grep -vE 'same/' | head -5)"
