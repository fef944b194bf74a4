# --redact: hosts, addresses, users and process ids are placeholders in every output, the same one for the same thing.
. tests/cli/lib.sh
command -v jq >/dev/null || { skip "--redact" "jq is not installed"; exit 0; }
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the helper's sandbox
to="db7.example.com:5432,10.9.0.2:8001,[fd00:9::2]:8001"
# identities DOCUMENT: what it tells of somebody, a line each
identities() {
	jq -r '[.host.name, (.host.user | select(. != "root")), (.facts[] | select(.key == "vantage.user") | .value | select(. != "root"))] | .[] | strings' "$1"
	jq -r '.. | strings' "$1" | grep -oE '([0-9]{1,3}[.]){3}[0-9]{1,3}|[0-9a-f]{1,4}::[0-9a-f:]*[0-9a-f]|db7[.]example[.]com|10[.]9[.]0[.]2' |
		grep -vE '^127[.]|^0[.]0[.]0[.]0$' | sort -u
	jq -r '.host.pid // empty | "pid \(.)"' "$1"
}
for host in debian-default crowded rabbitmq-node docker-publish hostile ipv6-listeners container-cgroup2-unprivileged; do
	audit() {
		"$H" audit ws-client --connections 30000 --lifetime 60s --to "$to" --facts "$hosts/$host" --all "$@"
	}
	audit -o json >plain.json 2>/dev/null
	identities plain.json | grep . >who.txt
	rm -rf out
	mkdir out
	cp -r "$hosts/$host" "this"
	"$H" audit ws-client --connections 30000 --lifetime 60s --to "$to" --facts this --all --redact -o out/a.json -o out/a.txt -o out/a.md -o out/a.xml \
		-o github:out/a.log -o out/a.html -o out/a.pdf -o png:a.png >out/screen 2>out/screen.err
	# Of the PDF the text, the metadata and the attached document; a PNG has no words: it draws the headline and a name.
	pdftotext out/a.pdf out/a.pdf.txt && pdfinfo out/a.pdf >out/a.pdf.info && pdfdetach -saveall -o out out/a.pdf 2>/dev/null
	rm -f out/a.pdf
	"$H" report plain.json --redact --all >out/report 2>&1
	"$H" report plain.json --redact -q >out/quiet 2>&1
	"$H" fix plain.json --redact >out/fix 2>&1
	for kind in sysctl shell ansible; do "$H" fix plain.json --redact --emit "$kind" >"out/$kind" 2>&1; done
	"$H" size ws-client --connections 30000 --lifetime 60s --to "$to" --facts this --redact >out/size 2>&1
	rm -rf this
	# A short name is a word of its own, and no part of a path, an address or another word.
	sed -e 's/[^[:alnum:]_ -]/[&]/g' -e 's/^/(^|[^[:alnum:]_.\/:-])/' -e 's/$/([^[:alnum:]_.:-]|$)/' who.txt >patterns
	same "$host: $(wc -l <who.txt | tr -d ' ') identities in no output" "" "$(grep -rnoE -f patterns out | sort -u | head -n 5)"
	same "$host: still a document" 0 "$("$H" report out/a.json -q >/dev/null 2>&1; echo $?)"
	same "$host: the same numbers" "$(jq -cS '[.verdict, .max_safe, [.resources[] | [.id, .status, .demand, .capacity]]]' plain.json)" \
		"$(jq -cS '[.verdict, .max_safe, [.resources[] | [.id, .status, .demand, .capacity]]]' out/a.json)"
done
"$H" audit ws-client --connections 30 --to "$to" --facts "$hosts/debian-default" --redact -o json >one.json 2>/dev/null
same "one placeholder for one thing" "host-2:5432 address-1:8001 [address-2]:8001" "$(jq -r '.workload.destinations | join(" ")' one.json)"
same "loopback stays" yes "$("$H" audit ws-client --connections 30 --to 127.0.0.1:80 --facts "$hosts/debian-default" --redact -o json |
	jq -r '.workload.destinations[0] | if . == "127.0.0.1:80" then "yes" else . end')"
for name in client pass server count a conntrack read; do
	"$H" audit ws-client --connections 30000 --to "$to" --facts "$hosts/debian-default" --set host.name=$name -o json 2>/dev/null |
		jq --arg name $name '.host.name = $name' >odd.json
	"$H" report odd.json --redact -o redacted.json -q >odd.out 2>&1
	same "a host called $name" "0 host-1 $(jq -c '[.verdict, .workload.role, [.resources[] | [.id, .status]]]' odd.json)" \
		"$("$H" report redacted.json -q >/dev/null 2>&1; echo $?) $(jq -r .host.name redacted.json) $(jq -c '[.verdict, .workload.role, [.resources[] | [.id, .status]]]' redacted.json)"
done
"$H" gate --redact --connections 30000 --to "$to" --set limits.nofile.soft=100 --set limits.nofile.hard=100 -- true >gate.out 2>&1
name=$(jq -r .host.name plain.json)
same "gate, too" "" "$(grep -E "db7.example|10[.]9[.]0[.]2|fd00:9|(^|[^[:alnum:]_./-])$(hostname)([^[:alnum:]_-]|$)" gate.out)"
"$H" audit ws-client --connections 30 --to "$to" --facts "$hosts/debian-default" --redact -o here.json >/dev/null 2>&1
JIRA_API_TOKEN=x "$H" attach jira:OPS-1 here.json --comment --dry-run --insecure --url http://localhost:1 >ticket 2>&1
GITHUB_TOKEN=x "$H" attach github:a/b#1 here.json --dry-run --insecure --url http://localhost:1 >>ticket 2>&1
same "comments of tickets" "" "$(grep -E 'debian-default|db7.example|10[.]9[.]0[.]2|fd00:9' ticket)"
HEADROOM_HISTORY='' XDG_STATE_HOME=$work/state "$H" audit ws-client --connections 30 --facts "$hosts/debian-default" --redact -q >/dev/null
same "the history keeps what was" debian-default "$(HEADROOM_HISTORY='' XDG_STATE_HOME=$work/state "$H" history list -o json | jq -r '.audits[0].host')"
same "and shows it redacted" host-1 "$(HEADROOM_HISTORY='' XDG_STATE_HOME=$work/state "$H" history show last --redact -o json | jq -r .host.name)"
"$H" watch --once --json --redact >watch.json 2>/dev/null
same "watch: the host" host-1 "$(jq -r .host watch.json)"
same "watch: addresses" "" "$(jq -r '.destinations[].to' watch.json | grep -vE '^(\[?address-[0-9]+\]?|127[.].*|\[?::1\]?):[0-9]+$')"
"$H" watch --once --redact --prometheus here.prom >watch.txt 2>&1
same "watch: the screen and the metrics" "" "$(grep -E "(^|[^[:alnum:]_./-])$(hostname)([^[:alnum:]_-]|$)" watch.txt here.prom)"
