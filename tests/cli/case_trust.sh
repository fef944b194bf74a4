# What lies in a checkout (headroom.json, workload.lock.json) decides, reads and writes nothing beyond what it may:
# it describes the plan and makes a verdict stricter.
# shellcheck shell=sh
. tests/cli/lib.sh
mkdir checkout bin home
cd checkout || exit 1
printf '#!/bin/sh\necho ran >>"%s"\n' "$work/ran" >"$work/bin/wrk"
chmod +x "$work/bin/wrk"
export PATH="$work/bin:$PATH" HOME="$work/home"
narrow="--set limits.nofile.soft=1000 --set limits.nofile.hard=1000"
wide="--set limits.nofile.soft=1000000 --set limits.nofile.hard=1000000"
gate() { "$H" gate --to 10.9.9.9:80 "$@"; }

# settings JSON: what headroom.json of the checkout says
settings() { printf '%s\n' "$1" >headroom.json; }
# refused TITLE LEFT OPTION… -- COMMAND…: the verdict stays FAIL, nothing runs, and `left` is named with the way out
refused() {
	title=$1 left=$2
	shift 2
	rm -f "$work/ran"
	# shellcheck disable=SC2086 # several words
	check "$title: the verdict stays" 121 '' "ignored in ./headroom.json: $left; .*--config ./headroom.json" gate $narrow "$@"
	same "$title: nothing runs" "" "$(cat "$work/ran" 2>/dev/null)"
}
load="-- wrk -c 4000 http://10.9.9.9/"
settings '{}'
# shellcheck disable=SC2086 # several words
check "the honest verdict" 121 '' 'FAIL process-fds' gate $narrow $load
mkdir rules rules/limits
jq '.severity = "advisory" | .examples = []' "$top/rules/limits/02-process-fds.json" >rules/limits/process-fds.json
printf '{"schema":"headroom.waivers/1","waivers":[{"id":"process-fds","justification":"x","expires":"2999-01-01"}]}' >w.json
for setting in force:true 'ignore:["process-fds"]' 'waivers:"w.json"' 'set:["limits.nofile.soft=9999999"]' 'rules:["rules"]' \
	'max_use:"99%"' 'certify:"off"' 'planning_constants:"off"' 'calibrate:true' 'no_inspect:true' 'template:"tpl"' 'quiet:true' \
	'resolve:["h:80:127.0.0.1"]' 'no_history:true' 'learn:true' 'interval:"1h"' 'color:"always"' 'all:true' 'output:["github"]' \
	'output:["json"]' 'output:["json:-"]' 'max_errors:"1%"' 'max_cpu_wait:"50%"' 'min_rate:0.5' 'min_reached:"0%"'; do
	settings "{\"${setting%%:*}\": ${setting#*:}}"
	# shellcheck disable=SC2086 # several words
	refused "$setting" "${setting%%:*}.*" $load
done
settings '{"time_limit": "100ms", "certify": "strict"}'
check "a checkout may limit the time" 124 '' 'settings ./headroom.json .*: time_limit, certify' "$H" gate --connections 1 --lifetime 1h --certify off -- sleep 9
check "the caller's limit counts" 0 '' '' "$H" gate --connections 1 --lifetime 1h --certify off -q --time-limit 1h -- sleep 0.3
settings '{"force": true}'
# shellcheck disable=SC2086 # several words
{
	check "--config takes the caller's word" 0 '' 'forced with --force' gate $narrow --config ./headroom.json $load
	check "HEADROOM_CONFIG is the caller's, too" 0 '' 'forced with --force' env HEADROOM_CONFIG=./headroom.json "$H" gate --to 10.9.9.9:80 $narrow $load
	check "HEADROOM_FORCE=0 wins over a file" 121 '' 'FAIL' env HEADROOM_FORCE=0 "$H" gate --to 10.9.9.9:80 --config ./headroom.json $narrow $load
	check "--no-force wins over both" 121 '' 'FAIL' env HEADROOM_FORCE=1 "$H" gate --to 10.9.9.9:80 --no-force $narrow $load
	check "a later --force wins over --no-force" 0 '' 'forced with --force' gate --no-force --force $narrow $load
	settings 'no JSON'
	check "--no-config reads none of it" 121 '' 'FAIL' gate --no-config $narrow $load
	check "nor does HEADROOM_NO_CONFIG" 121 '' 'FAIL' env HEADROOM_NO_CONFIG=1 "$H" gate --to 10.9.9.9:80 $narrow $load
	check "nor an empty HEADROOM_CONFIG" 121 '' 'FAIL' env HEADROOM_CONFIG= "$H" gate --to 10.9.9.9:80 $narrow $load
}

# --- outputs stay below the directory ------------------------------------------------------------------------------
echo mine >"$work/home/.bashrc"
mkdir -p .git/hooks sub
ln -s "$work/home" way
ln -s "$work/home/.bashrc" link.txt
mkfifo fifo.txt
before=$(cd "$work/home" && find . -type f -exec sha256sum {} +)
# A static checkout knows neither home nor path; this one does.
for output in "text:$work/home/.bashrc" "../home/.bashrc" text:../home/.bashrc text:sub/../../home/.bashrc text:.git/hooks/post-checkout \
	.x.txt sub/.x.txt text:./x.txt /dev/stdout text:/dev/stderr; do
	settings "{\"output\": [\"ok.json\", \"$output\"], \"workload\": {\"name\": \"x \$(touch $work/home/pwned) y\"}}"
	# shellcheck disable=SC2086 # several words
	refused "output $output" "output .*" $load
done
same "the others are written" FAIL "$(jq -r .verdict ok.json | tr '[:lower:]' '[:upper:]')"
for output in way/x.txt link.txt text:fifo.txt; do
	settings "{\"output\": [\"$output\"]}"
	# shellcheck disable=SC2086 # several words
	check "output $output" 125 '' 'not written' timeout "$hang" "$H" gate --to 10.9.9.9:80 $narrow $load
done
same "home is as it was" "$before" "$(cd "$work/home" && find . -type f -exec sha256sum {} +)"
same "hooks as well" "" "$(ls .git/hooks)"
settings '{"output": ["sub/report.json"]}'
# shellcheck disable=SC2086 # several words
check "outputs below it are written" 121 '' 'FAIL' gate $narrow $load
same "into a directory" 0 "$(jq -e .verdict sub/report.json >/dev/null; echo $?)"

# --- a description is not a better verdict --------------------------------------------------------------------------
for plan in '{"connections": 1}' '{"stages": [{"duration_s": 9, "connections": 1}]}' '"ws-client"' '"plan.json"' '{"processes": 100}' \
	'{"nofile": 99999999}' '{"fds_per_connection": 0}' '{"users": 1, "lifetime_s": 1, "open_rate_per_s": 1}' '{"role": "server"}'; do
	echo '{"connections": 1}' >plan.json
	settings "{\"workload\": $plan}"
	# shellcheck disable=SC2086 # several words
	check "a description cannot wave through: $plan" 121 '' 'FAIL process-fds' gate $narrow $load
done
digest=$(printf 'wrk\0-c\0004000\0http://10.9.9.9/\0' | sha256sum | cut -d ' ' -f 1)
settings '{}'
for plan in '{"connections": 1}' '{"fds_per_connection": 0}' '{"processes": 100, "memory_per_connection_bytes": 1}'; do
	printf '{"schema": "headroom.lock/1", "commands": {"%s": {"command": "wrk", "learned": "2026-01-02T03:04:05Z", "workload": %s}}}' \
		"$digest" "$plan" >workload.lock.json
	# shellcheck disable=SC2086 # several words
	{
		check "what was learned cannot either: $plan" 121 '' 'FAIL process-fds' gate $narrow $load
		check "nor for audit: $plan" 3 'FAIL' '*' "$H" audit -q $narrow $load
	}
done
for command in audit size fix; do
	# shellcheck disable=SC2086 # several words
	"$H" $command $narrow $load >/dev/null 2>said
	same "$command names it" 1 "$(grep -c 'ignored in ./workload.lock.json: the workload' said)"
done
# shellcheck disable=SC2086 # several words
check "it is named" 121 '' 'ignored in ./workload.lock.json: the workload, .*--no-config' gate $narrow $load
rm workload.lock.json
settings '{"workload": {"memory_per_connection_bytes": 1e12}}'
# shellcheck disable=SC2086 # several words
check "a description makes it stricter" 121 '' 'FAIL host-memory' gate $wide $load
settings '{"max_use": "1%"}'
# shellcheck disable=SC2086 # several words
check "and so does a lower target" 121 '' '^headroom: FAIL' gate $wide -- wrk -c 20000 http://10.9.9.9/
settings '{"max_errors": 0, "max_cpu_wait": "1%", "min_rate": "99%", "min_reached": 1}'
# shellcheck disable=SC2086 # several words
check "and so do thresholds of the certificate" 0 '' 'settings ./headroom.json .*: max_errors, min_rate, min_reached, max_cpu_wait$' \
	gate $narrow --force --certify off $load
settings '{"workload": {"connections": 4000}}'
# shellcheck disable=SC2086 # several words
check "a description of what is not understood" 121 '' 'FAIL process-fds' gate $narrow -- true
settings '{"workload": "../plan.json"}'
echo '{"connections": 4000}' >../plan.json
# shellcheck disable=SC2086 # several words
check "a plan outside the directory" 125 '' 'headroom.json:1:.*leads out of its directory' gate $narrow -- true
ln -s ../plan.json linked.json
settings '{"workload": "linked.json"}'
# shellcheck disable=SC2086 # several words
check "nor through a link" 125 '' 'headroom.json:1:.*linked.json: is a symbolic link' gate $narrow -- true
rm headroom.json
ln -s "$work/plan.json" headroom.json
check "headroom.json itself is no link" 125 '' 'headroom.json: is a symbolic link' gate -- true
rm headroom.json

# --- any member, any value ------------------------------------------------------------------------------------------
if command -v python3 >/dev/null; then
	mkdir ../random
	(cd ../random && python3 "$top/tests/cli/hostile_checkouts.py" "$H" "$top/docs/workload.schema.json" 20) >said 2>&1
	same "random checkouts" 0 $?
	cat said
else
	skip "random checkouts" "no python3"
fi

# --- every output names who had a say ------------------------------------------------------------------------------
settings '{"max_use": "50%", "force": true}'
digest=$(sha256sum <headroom.json | cut -c 1-12)
rules=$(sha256sum <rules/limits/process-fds.json | cut -c 1-12)
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the helper's sandbox
mkdir out
# shellcheck disable=SC2086 # several words
gate $narrow --rules rules --waivers w.json -o out/a.json -o out/a.txt -o out/a.md -o out/a.xml -o github:out/a.log -o out/a.html \
	-o out/a.pdf $load >/dev/null 2>out/screen
pdftotext out/a.pdf out/a.pdf.txt 2>/dev/null || cp out/a.txt out/a.pdf.txt
for output in a.json a.txt a.md a.xml a.log a.html a.pdf.txt screen; do
	flat=$(tr -d '\n ' <out/$output)
	for word in "./headroom.json" "$digest" "rules/limits/process-fds.json" "$rules" "w.json" "inplaceofthebuilt-inone" "max.{0,2}use" "force"; do
		case $flat in
		*"$word"*) ok "$output names $word" ;;
		*) if echo "$flat" | grep -qE -- "$word"; then ok "$output names $word"; else not_ok "$output names $word"; fi ;;
		esac
	done
done
"$H" report out/a.json -o png:out/a.png -q >/dev/null
jq 'del(.foreign)' out/a.json >out/less.json
"$H" report out/less.json -o png:out/less.png -q >/dev/null
# Pixels have no words: the picture has three lines more (report/pdf/png.c).
height() { od -An -tu1 -j 20 -N 4 "$1" | awk '{ print (($1 * 256 + $2) * 256 + $3) * 256 + $4 }'; }
same "the PNG draws three lines more" yes "$([ "$(height out/a.png)" -ge $(($(height out/less.png) + 60)) ] && echo yes)"
for ticket in jira:OPS-1 rt:1 gitlab:a/b#1 github:a/b#1; do
	JIRA_API_TOKEN=x RT_TOKEN=x GITLAB_TOKEN=x GITHUB_TOKEN=x "$H" attach "$ticket" out/a.json --comment --dry-run --insecure \
		--url http://localhost:1 >out/ticket 2>&1
	for word in headroom.json "$digest" process-fds.json "$rules" w.json; do
		check "$ticket: the comment names $word" 0 "$word" '' cat out/ticket
	done
done
for command in fix size; do
	# shellcheck disable=SC2086 # several words
	"$H" $command $narrow --rules rules --waivers w.json $load | tr -d '\n ' >out/$command
	for word in process-fds.json "$rules" w.json; do check "$command names $word" 0 "$word" '' cat out/$command; done
done
same "as JSON" "settings waivers rules" "$(jq -r '[.foreign[].kind] | sort_by(. != "settings", . != "waivers") | join(" ")' out/a.json)"
rm headroom.json

# --- the policy of a machine ---------------------------------------------------------------------------------------
# with POLICY COMMAND…: in a mount namespace where /etc/headroom/policy.json says so
with() {
	# shellcheck disable=SC2016 # the inner shell expands
	POLICY=$1 unshare -m sh -c 'cp -a /etc etc-copy && mount --bind etc-copy /etc && mkdir -p /etc/headroom && chmod 755 /etc/headroom &&
		printf %s "$POLICY" >/etc/headroom/policy.json && eval "$PREPARE" && shift && exec "$@"' sh "$@"
	got=$?
	rm -rf etc-copy
	return $got
}
export PREPARE=:
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	audit="$H audit -q --facts $hosts/tuned-loadgen"
	chown 0 w.json
	head='"schema": "headroom.policy/1"'
	# shellcheck disable=SC2086 # several words
	{
		check "a policy lowers the target" 3 'FAIL' '' with "{$head, \"max_use\": \"1%\"}" $audit --connections 20000
		check "what asks for more is refused" 2 '' '--max-use 60 ?% is above what the policy of this machine allows .*: at most 50' \
			with "{$head, \"max_use\": 0.5}" $audit --max-use 60% --connections 5
		check "what asks for less counts" 0 'PASS' '' with "{$head, \"max_use\": 0.5}" $audit --max-use 40% --connections 5
		check "it is named" 0 'policy.json.*max_use' '' with "{$head, \"max_use\": 0.5}" ${audit% -q*} --facts "$hosts/tuned-loadgen" \
			--connections 5 -o github
		check "waivers of root count" 0 'PASS' '' with "{$head, \"waivers_from\": [\"root\"]}" $audit --waivers w.json --connections 5
		check "those of others do not" 2 '' 'w.json belongs to UID 0' \
			with "{$head, \"waivers_from\": [2001]}" $audit --waivers w.json --connections 5
		check "waivers expire in time" 2 '' 'w.json:1:.*expires in [0-9]+ days, but the policy of this machine allows at most 90' \
			with "{$head, \"waiver_days\": 90}" $audit --waivers w.json --connections 5
		check "a typo in it" 2 '' 'policy.json:1:.*"max_uses"' with "{$head, \"max_uses\": 1}" $audit --connections 5
		check "another document" 2 '' 'policy.json:1:1: the schema is "headroom.audit/2", not headroom.policy/1$' \
			with '{"schema": "headroom.audit/2"}' $audit --connections 5
		check "a share that is none" 2 '' 'policy.json:1:.*max_use' with "{$head, \"max_use\": 75}" $audit --connections 5
		check "a user that is none" 2 '' 'policy.json:1:.*unknown user "nobody-here"' \
			with "{$head, \"waivers_from\": [\"nobody-here\"]}" $audit --connections 5
		for PREPARE in 'chown 2001 /etc/headroom/policy.json' 'chmod 666 /etc/headroom/policy.json' 'chown 2001 /etc/headroom' \
			'chmod 777 /etc/headroom'; do
			check "not root's own: $PREPARE" 2 '' 'not trusted' with "{$head, \"max_use\": 1}" $audit --connections 5
		done
	}
else
	skip "the policy of a machine" "needs root and unshare"
fi

# --- what is judged is not run -------------------------------------------------------------------------------------
cd "$work" || exit 1
mkdir -p project/sub project/bin tools others links
cat >tool <<'END'
#!/bin/sh
echo "$0 $*" >>"$RAN"
echo '{"maxVUs": 5, "totalDuration": "1m", "scenarios": {}}'
END
chmod 755 tool
export RAN="$work/asked"
for name in k6 nginx; do
	cp tool project/bin/$name
	cp tool tools/$name
	cp tool others/$name
	ln -s "$work/others/$name" links/$name
done
chmod 777 others
git init -q project 2>/dev/null || mkdir project/.git
printf 'import http from "k6/http";\nexport const options = { vus: n };\nexport default () => { http.get("http://10.0.0.5/"); };\n' \
	>project/s.js
echo 'events { worker_connections 10; }' >project/n.conf
cd project || exit 1
# asked TITLE yes|no COMMAND…
asked() {
	title=$1 want=$2
	rm -f "$RAN"
	shift 2
	"$@" >"$work/.out" 2>"$work/.err" </dev/null
	same "$title" "$want" "$([ -e "$RAN" ] && echo yes || echo no)"
}
old=$PATH
for command in audit workload size fix; do
	for tool in bin/k6 ./bin/k6 "$work/project/bin/k6" sub/../bin/k6; do
		asked "$command -- $tool" no "$H" "$command" -- "$tool" run s.js
	done
done
asked "nginx of the checkout" no "$H" workload -- bin/nginx -c n.conf
asked "from a directory below it" no sh -c "cd sub && '$H' workload -- ../bin/k6 run ../s.js"
asked "a wrapper around it" no "$H" workload -- sh -c './bin/k6 run s.js'
asked "timeout and env around it" no "$H" workload -- timeout 60 env A=1 bin/k6 run s.js
PATH=.:bin:$old asked "relative directories of PATH" no "$H" workload -- k6 run s.js
PATH=:$old asked "an empty directory of PATH" no sh -c "cd bin && '$H' workload -- k6 run ../s.js"
PATH=$work/others:$old asked "a directory that others may write to" no "$H" workload -- k6 run s.js
check "it says why, and how it is asked all the same" 2 '' 'headroom did not run k6 inspect: .*others.*--inspect' \
	env PATH="$work/others:$old" "$H" workload -- k6 run s.js
PATH=$work/links:$old asked "a link into one" no "$H" workload -- k6 run s.js
if [ "$(id -u)" = 0 ]; then
	cp -r ../tools ../theirs
	chown -R 2001 ../theirs
	PATH=$work/theirs:$old asked "another user's directory" no "$H" workload -- k6 run s.js
fi
PATH=$work/tools:$old asked "the system's own is asked" yes "$H" workload -- k6 run s.js
PATH=$work/tools:$old asked "--no-inspect asks nobody" no "$H" workload --no-inspect -- k6 run s.js
asked "--inspect asks what lies here" yes "$H" workload --inspect -- bin/k6 run s.js
asked "the later of the two counts" no "$H" workload --inspect --no-inspect -- bin/k6 run s.js
for command in audit size fix workload gate; do
	check "$command knows both" 0 '' '' sh -c "'$H' $command --help | grep -q -- --no-inspect && '$H' $command --help | grep -q -- --inspect"
done
"$H" audit -o json -- bin/nginx -c n.conf >"$work/nginx.json" 2>/dev/null
same "the report says so" 1 "$(jq -r '.findings[].text' "$work/nginx.json" | grep -c 'The tool was not asked for its plan: .*checkout')"
printf '#!/bin/sh\necho ran >>"%s"\n' "$RAN" >erl
chmod 755 erl
PATH=.:/usr/bin:/bin asked "calibrate starts no ./erl" no "$H" calibrate erlang --time 1s
