# shellcheck shell=sh disable=SC2016
# Plans from files, through the program and its sandboxed helper: XML and YAML, hostile ones, k6 as a helper program.
# shellcheck shell=sh disable=SC2016
. tests/cli/lib.sh
# The leak checker cannot work inside the helper's sandbox.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
plans=$top/tests/plan

check "an XML plan" 0 '"stages"' '' "$H" workload -- tsung -f "$plans/tsung.xml" start
check "a YAML plan" 0 '"lifetime_s":[[:space:]]*5\.5' '' env RATE=5 "$H" workload -- artillery run "$plans/artillery.yml"
check "an audit of one" '0' 'PASS|pass' '*' "$H" audit --facts "$hosts/tuned-loadgen" -- jmeter -n -t "$plans/plan.jmx"
check "a proxy is the destination" 0 'proxy\.example:3128' '' "$H" audit --facts "$hosts/tuned-loadgen" -o json -- \
	jmeter -n -t "$plans/plan.jmx" -H proxy.example -P 3128
check "a directory of files" 0 '"connections":[[:space:]]*100' '' "$H" workload -- haproxy -f "$plans/haproxy.d"
cat >"$work/haproxy.cfg" <<-'END'
	global
	  maxconn 600
	listen tcp
	  mode tcp
	  bind 127.0.0.1:9000
	  server one 10.0.0.9:8000
END
check "a proxy's load that flags say is the load of both its sides" 3 '4 s into the plan' '' "$H" audit \
	--facts "$hosts/debian-default" --set net.ipv4.ip_local_port_range="10000 10399" --open-rate 100/s --lifetime 0 \
	-- haproxy -f "$work/haproxy.cfg"

# What the program itself allows is a limit.
cap() { # cap TITLE WANTED COMMAND…: status, demand and capacity, the safe load, and what the fix says first
	title=$1 wanted=$2
	shift 2
	"$H" audit --facts "$hosts/debian-default" -o json "$@" >cap.json 2>err.txt
	same "$title" "$wanted" "$(jq -r '[(.resources[] | select(.id == "program-connections") | .status, .demand, .capacity),
		.max_safe.connections, (.fixes[0] | select(.resource == "program-connections") | .command)] | map(tostring) | join(" ")' cap.json
		cat err.txt)"
}
cap "more connections than the flag says" 'fail 200 64 64 set the program'"'"'s own connection limit to 200, and tell headroom: --max-connections 200' \
	--role server --max-connections 64 --connections 200
cap "as many as the flag says" 'pass 64 64 64' --role server --max-connections 64 --connections 64
cap "several processes do not fill evenly" 'fail 60 64 48 set the program'"'"'s own connection limit to 80, and tell headroom: --max-connections 80' \
	--role server --max-connections 64 --connections 60 --processes 2
check "the verdict is a failure" 3 'FAIL program-connections 313% safe=64 after=200' '' \
	"$H" audit --facts "$hosts/debian-default" --role server --max-connections 64 --connections 200
cap "more than HAProxy's maxconn" \
	"fail 700 600 600 set maxconn 700 in the global section of the HAProxy configuration, and in every frontend or defaults section that sets less; then reload it" \
	--connections 700 --lifetime 1h -- haproxy -f "$work/haproxy.cfg"
cap "fewer than HAProxy's maxconn" 'pass 200 600 600' --connections 200 --lifetime 1h -- haproxy -f "$work/haproxy.cfg"
cap "as many as HAProxy allows, where nothing says how many come" 'pass 600 600 600' -- haproxy -f "$work/haproxy.cfg"
cat >"$work/nginx.conf" <<-'END'
	worker_processes 1;
	events { worker_connections 64; }
	http { server { listen 80; location / { return 200; } } }
END
nginx_says="in the events block of the nginx configuration, then reload it: nginx -s reload"
cap "more than worker_connections" "fail 206 64 58 set worker_connections 256; $nginx_says" \
	--connections 200 --lifetime 1h -- nginx -c "$work/nginx.conf"
cap "what a worker of nginx serves of 64" 'pass 64 64 58' --connections 58 --lifetime 1h -- nginx -c "$work/nginx.conf"
cap "and what it does not" "fail 65 64 58 set worker_connections 128; $nginx_says" \
	--connections 59 --lifetime 1h -- nginx -c "$work/nginx.conf"
cap "as many as nginx allows, where nothing says how many come" 'pass 64 64 64' -- nginx -c "$work/nginx.conf"
sed -i 's/worker_processes 1/worker_processes 4/
	s|location / { return 200; }|location / { proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection ""; }|
	s|http {|http { upstream back { server 10.0.0.9:80; keepalive 8; }|' "$work/nginx.conf"
cap "a proxy's workers have two connections for each client" "fail 212 128 84 set worker_connections 256; $nginx_says" \
	--connections 200 --lifetime 1h --upstream-closer server --upstream-open-rate 1/s -- nginx -c "$work/nginx.conf"
check "explain says it" 0 'worker_connections' '' "$H" explain program-connections
check "no number, no limit" 0 'not-applicable' '' sh -c '"$1" audit --facts "$2" --role server --connections 64 -o json |
	jq -r ".resources[] | select(.id == \"program-connections\").status"' sh "$H" "$hosts/debian-default"

check "what is missing is named" 2 '' '--connections' "$H" workload -- gatling.sh
mkdir -p "$work/shop/src/test/java/shop"
cat >"$work/shop/src/test/java/shop/Buy.java" <<-'END'
	public class Buy extends Simulation {
	  { setUp(scenario("s").exec(http("a").get("http://10.0.0.9:8080/")).injectOpen(constantUsersPerSec(30).during(60))); }
	}
END
check "the only simulation of a project" 0 '"open_rate_per_s":[[:space:]]*30' '' "$H" workload --latency 1s -- \
	mvn -f "$work/shop/pom.xml" gatling:test
sed 's/extends Simulation/extends io.gatling.javaapi.core.Simulation/' "$work/shop/src/test/java/shop/Buy.java" \
	>"$work/shop/src/test/java/shop/Look.java"
check "two of them" 2 '' 'there are 2: .*Buy\.java, .*Look\.java' "$H" workload -- mvn -f "$work/shop/pom.xml" gatling:test
mkdir "$work/sims"
sed 's/class Buy/class Sell/; s/^/import io.gatling.javaapi.core.*; /' "$work/shop/src/test/java/shop/Buy.java" >"$work/sims/All.java"
check "a simulation in a file of another name" 0 '"open_rate_per_s":[[:space:]]*30' '' "$H" workload --latency 1s -- \
	gatling.sh -sf "$work/sims" -s shop.Sell
check "and that file itself" 0 '"open_rate_per_s":[[:space:]]*30' '' "$H" workload --latency 1s "$work/sims/All.java"
check "one that is nowhere" 2 '' 'Rent was found below sims, .*-sf FOLDER' "$H" workload --latency 1s -- gatling.sh -sf sims -s Rent
printf 'execution:\n- {concurrency: 30, hold-for: 1m, scenario: {script: %s/plan.jmx}}\n' "$plans" >bzt.yml
check "Taurus and the test plan that it runs" 0 '"tool":[[:space:]]*"jmeter"' '' "$H" workload --lifetime 1s -- bzt -n bzt.yml
check "a missing file" 2 '' 'none\.xml: .*No such file' "$H" workload -- tsung -f none.xml start
check "a typo in an option" 2 '' 'did you mean --vus' "$H" workload -- k6 run --vsu 5 x.js

# Hostile files: refused at once, in one line with file and line.
{
	echo '<?xml version="1.0"?><!DOCTYPE tsung [<!ENTITY a "lol">'
	for n in 1 2 3 4 5 6 7 8 9; do
		echo "<!ENTITY a$n \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
	done
	echo ']><tsung>&a9;</tsung>'
} >laughs.xml
check "billion laughs" 2 '' '^headroom: laughs\.xml:11: .*entities are not expanded' \
	"$H" workload -- tsung -f laughs.xml start
printf '<!DOCTYPE a SYSTEM "/etc/passwd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<a>&x;</a>\n' >outside.jmx
check "an external entity" 2 '' 'outside\.jmx:2: .*entities are not expanded' "$H" workload -- jmeter -n -t outside.jmx
sed 's|^<tsung|<!DOCTYPE tsung SYSTEM "/usr/share/tsung/tsung-1.0.dtd" [<!ENTITY one SYSTEM "/etc/passwd">]>\n&|' \
	"$plans/tsung.xml" | grep -v '^<!DOCTYPE tsung SYSTEM "[^"]*">$' >declared.xml
check "an entity that is declared and not used" 0 '"stages"' '' "$H" workload -- tsung -f declared.xml start
{
	echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
	for n in 1 2 3 4 5 6 7 8 9; do
		m=$((n - 1))
		echo "a$n: &a$n [*a$m, *a$m, *a$m, *a$m, *a$m, *a$m, *a$m, *a$m]"
	done
} >bomb.yml
check "an alias bomb" 2 '' 'bomb\.yml:[0-9]+: more than 200000 elements' "$H" workload -- artillery run bomb.yml
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "<a>" }' >deep.xml
check "deep XML" 2 '' 'deep\.xml:1: nested more than' "$H" workload -- tsung -f deep.xml start
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "[" }' >deep.yml
check "deep YAML" 2 '' 'deep\.yml:1: nested more than' "$H" workload -- artillery run deep.yml
truncate -s 100M large.xml
check "100 MB" 2 '' 'large\.xml is larger than' "$H" workload -- tsung -f large.xml start
mkfifo pipe.xml
check "a pipe" 2 '' 'pipe\.xml is not a regular file' "$H" workload -- tsung -f pipe.xml start
printf '\000\377\376' >binary.yml
check "bytes" 2 '' 'binary\.yml:1: ' "$H" workload -- artillery run binary.yml
printf 'daemon off;\ninclude inner.conf;\n' >inner.conf
check "a file that includes itself" 2 '' 'inner\.conf' "$H" workload -- nginx -c "$work/inner.conf"

# k6 is asked by its inspect command alone, with the flags that it does not take as variables.
mkdir bin
cat >bin/k6 <<'END'
#!/bin/sh
echo "$* VUS=$K6_VUS STAGES=$K6_STAGES" >>k6.called
[ ! -e k6.fails ] || { echo "no such module" >&2; exit 107; }
cat "$ANSWER"
END
chmod +x bin/k6
PATH=$work/bin:$PATH
export PATH ANSWER="$plans/k6-arrival.json"
cp "$plans/k6-http.js" script.js
check "k6 inspect decides" 0 '"connections":[[:space:]]*4000' '' \
	"$H" workload -- k6 run -u 7 -s 5s:10 -s 1m:20 -e TOKEN=x script.js
same "k6 was called once, to inspect" \
	"inspect --execution-requirements --env=TOKEN=x script.js VUS=7 STAGES=5s:10,1m:20" "$(cat k6.called)"
rm k6.called
check "--no-inspect" 0 '"connections":[[:space:]]*14' '' "$H" workload --no-inspect -- k6 run -u 7 -d 1m script.js
same "runs nothing" no "$([ -e k6.called ] && echo yes || echo no)"
touch k6.fails
for command in workload:2 audit:2 size:2 gate:125; do
	check "k6 inspect fails under ${command%:*}" "${command#*:}" '' 'k6 inspect failed: .*no such module\. Add --no-inspect' \
		"$H" "${command%:*}" -- k6 run script.js
done
for command in workload audit size gate; do
	"$H" "$command" --no-inspect -- k6 run -u 7 -d 1m script.js >out 2>&1 </dev/null
	same "$command knows that way out" 0 "$(grep -c 'unknown option' out)"
done
check "the user's own numbers need no answer" 0 '"connections":[[:space:]]*100' '' \
	"$H" workload --connections 100 --to h:80 -- k6 run script.js
cat >bin/k6 <<'END'
#!/bin/sh
echo 'time=now level=error msg="unknown modules: \"k6/x/kafka\"" hint=none' >&2
exit 107
END
check "k6's own words" 2 '' 'inspect failed: unknown modules: "k6/x/kafka"\. Add --no' "$H" workload -- k6 run script.js

# One that hangs: said after 2 s, ended after 10 s with all that it has started.
printf '#!/bin/sh\n(trap "" TERM; echo $$ >hung.pid; exec sleep 1000) &\nwait\n' >bin/k6
check "k6 inspect hangs" 2 '' 'k6 inspect has not answered after 2 s' timeout "$hang" "$H" workload -- k6 run script.js
same "it is ended" yes "$(grep -q 'k6 took more than 10 s' .err && ! kill -0 "$(cat hung.pid)" 2>/dev/null && echo yes)"
rm -r bin

# An archive has the script's modules and its variables with it; k6's own configuration lies in the home directory.
mkdir -p file/srv/me/lib home/.config/k6
echo '{"type":"js","options":{"vus":7,"duration":"1m"},"filename":"file:///srv/me/s.js","env":{"BASE":"http://10.0.0.77"}}' \
	>metadata.json
printf 'import { go } from "./lib/go.js";\nexport default function () { go(); }\n' >data
# shellcheck disable=SC2016 # a template of JavaScript
printf 'import http from "k6/http";\nexport function go() { http.get(`${__ENV.BASE}/x`); }\n' >file/srv/me/lib/go.js
tar cf archive.tar metadata.json data file
check "an archive's modules and variables" 0 '"10\.0\.0\.77:80"' '' "$H" workload -- k6 run archive.tar
check "-e comes before them" 0 '"10\.0\.0\.78:80"' '' "$H" workload -- k6 run -e BASE=http://10.0.0.78 archive.tar
echo '{"vus": 41}' >home/.config/k6/config.json
check "k6's own configuration" 0 '"connections":[[:space:]]*82' '' \
	env -u XDG_CONFIG_HOME HOME="$work/home" "$H" workload --no-inspect -- k6 run -d 10s script.js
check "not for another host" 0 '"connections":[[:space:]]*2,' '' \
	env -u XDG_CONFIG_HOME HOME="$work/home" "$H" workload --facts "$hosts/debian-default" -- k6 run -d 10s script.js
memory() {
	grep -o 'memory_per_user_bytes[^,]*[0-9]' | tr -d ' \t"'
}
same "the preset needs as much memory for each user" "$(memory <"$top/rules/workloads/k6.json")" \
	"$("$H" workload --no-inspect -- k6 run -d 1s script.js | memory | head -n 1)"

# The user's own numbers need no options.
printf 'import http from "k6/http";\nexport const options = build();\nexport default () => { http.get("http://10.0.0.5/"); };\n' \
	>built.js
check "options that are built are asked for" 2 '' 'sets options \(built.js:2\) while it runs' \
	"$H" workload --no-inspect -- k6 run built.js
check "the user's own number wins" 0 '"connections":[[:space:]]*100' '' \
	"$H" workload --no-inspect --connections 100 -- k6 run built.js

# A script of some megabytes, minified: read at once, and as far as anything else.
{
	printf 'import h from"k6/http";export const options={vus:5,duration:"1m"};export default()=>{h.get("http://10.0.0.5/")};'
	awk 'BEGIN { for (i = 0; i < 40000; i++)
		printf "function f%d(a,b){var c=a+b,d=function(a){return a*2};return c?d(a):{x:b,y:[1,`t${a}`]}};", i }'
} >large.js
check "a minified script of 3 MiB" 0 '"connections":[[:space:]]*5,' '' within 20 "$H" workload --no-inspect -- k6 run large.js

# A JSON plan of more than 1 MiB: the line of each value is known without a search, or this would take minutes.
awk 'BEGIN {
	print "{\"config\":{\"target\":\"http://10.0.0.5\",\"phases\":[{\"duration\":60,\"arrivalRate\":20}]},\"scenarios\":[{\"flow\":["
	for (i = 1; i <= 40000; i++)
		printf "{\"get\":{\"url\":\"/%014d\"}}%s\n", i, i < 40000 ? "," : ""
	print "]}]}"
}' >large.json
check "a JSON plan of 40,000 requests" 0 'large.json: a session of 2000 s' '' \
	within 60 "$H" workload --latency 50ms -- artillery run large.json
