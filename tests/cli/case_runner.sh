# Commands to the runner of a CI system ("::error", "##vso[", "##teamcity[", "##[") come from no text of a plan, a host, a
# document or a file name: a CI system reads what a step prints, and obeys them.
. tests/cli/lib.sh
command -v jq >/dev/null || { skip "commands to a runner" "jq is not installed"; exit 0; }
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the helper's sandbox
# GitHub acts on a line that begins with "::" once blanks are trimmed, the others on any place of a line. headroom's own
# annotations are the only ones, and they have the title "headroom".
bad='^[[:space:]]*::[a-z-]+([[:space:]]|::)|##[a-z]*\['
# harmless TITLE FILE…
harmless() {
	title=$1
	shift
	same "$title" "" "$(LC_ALL=C grep -anE -- "$bad" "$@" | grep -avE ':?::(error|warning|notice) title=headroom' | head -n 3)"
}
evil='::error file=a.c,line=1::owned ##vso[task.setvariable variable=x]y ##teamcity[buildStatus] ##[add-path]/x'

"$H" audit ws-client --connections 30000 --lifetime 60s --facts "$hosts/hostile" --all -o json >plain.json 2>/dev/null
# At each width of the text before it: the command is to come to the start of a line.
for pad in 0 40 58 63 66 70 73 76 77 79; do
	jq --arg evil "$(printf "%${pad}s" '' | tr ' ' A)$evil" '
		def spoil: if type == "string" then $evil + . + $evil else . end;
		.host |= map_values(spoil) | .workload_title |= spoil | .headline |= spoil | .created |= . |
		.findings |= map(.text |= spoil | .where |= spoil) | .assumptions |= map(map_values(spoil)) |
		.fixes |= map(.title |= spoil | .restart |= spoil | .risk |= spoil | .note |= spoil | .command |= spoil | .undo |= spoil) |
		.resources |= map(.title |= spoil | .why |= spoil | .reason |= spoil | .error_text |= spoil | .demand_formula |= spoil) |
		.facts |= map(.raw |= spoil | .where |= spoil | .note |= spoil) | .command_line |= map(spoil) |
		.workload.name |= spoil | .foreign = [{kind: "rules", path: $evil, digest: $evil, taken: [$evil], left: [$evil]}] |
		.waivers = [{id: "conntrack", justification: $evil, expires: "2999-01-01", by: $evil}] | .ignored = [$evil]' plain.json >evil.json
	rm -rf out
	mkdir out
	for format in text json markdown junit github; do
		"$H" report evil.json --all -o "$format:-" >"out/$format" 2>"out/$format.err"
	done
	"$H" report evil.json >out/screen 2>out/screen.err
	"$H" report evil.json -q >out/quiet 2>out/quiet.err
	"$H" fix evil.json >out/fix 2>out/fix.err
	"$H" history diff plain.json evil.json >out/diff 2>out/diff.err
	"$H" attach jira:OPS-1 evil.json --comment --dry-run --url https://jira.example.org >out/attach 2>out/attach.err
	if [ "$pad" = 0 ] || [ "$pad" = 66 ]; then
		"$H" report evil.json -o html:- >out/html 2>out/html.err
		for kind in sysctl limits systemd shell ansible cloud-init docker kubernetes erlang macos terraform; do
			"$H" fix evil.json --emit "$kind" >"out/emit-$kind" 2>"out/emit-$kind.err"
		done
	fi
	harmless "a document, $pad characters in front" out/*
	same "JSON says the same, $pad" "$(jq -cS . evil.json)" "$(jq -cS . out/json)"
done

# Plans, host names, files and words of the command line.
for pad in 0 60 70 76; do
	front=$(printf "%${pad}s" '' | tr ' ' A)
	jq -n --arg name "$front$evil" '{connections: 10, name: $name}' >plan.json
	"$H" audit ./plan.json --facts "$hosts/debian-default" >out1 2>&1
	"$H" audit ./plan.json --facts "$hosts/debian-default" -o json >out2 2>&1
	"$H" workload -- wrk -c 5 "http://$front$evil/" >out3 2>&1
	"$H" audit "./$front$evil" >out4 2>&1
	"$H" audit --"$front$evil" >out5 2>&1
	"$H" audit --facts "./$front$evil" >out6 2>&1
	"$H" explain "$front$evil" >out7 2>&1
	"$H" gate --connections 5 -o "$front$evil.json" -- "$front$evil" >out8 2>&1
	"$H" audit -q --facts "$hosts/debian-default" --set "host.name=$front$evil" -o text:- >out9 2>&1
	harmless "what is typed, $pad characters in front" out1 out2 out3 out4 out5 out6 out7 out8 out9
done
name=$(printf '\n%s' "::error::x.json")
cp plain.json "./$name"
mkfifo hold
python3 "$top/tests/cli/ticket_server.py" log <hold >port &
exec 9>hold
wait_for port
REDMINE_API_KEY=k "$H" attach redmine:1 "./$name" --insecure --url "http://127.0.0.1:$(cat port)" >attached 2>&1
exec 9>&-
same "a file's name is one line" 1 "$(wc -l <attached | tr -d ' ')"
harmless "a file's name" attached
