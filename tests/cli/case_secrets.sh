# A command line's secrets reach no output and no history: what is not understood is hidden, not what looks secret.
. tests/cli/lib.sh
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the helper's sandbox
export HEADROOM_HISTORY=on XDG_STATE_HOME="$work/state"
command -v jq >/dev/null || { skip "secrets" "jq is not installed"; exit 0; }
# One command line for each line, in shell syntax; SEKRET and what is written together with it are the secrets.
cat >lines <<'END'
wrk -c 40 -H "Authorization: Bearer SEKRET" http://10.0.0.5/
wrk -c 40 -H "Cookie: a=SEKRET" http://10.0.0.5/
wrk -c 40 -H "X-Api-Key: SEKRET" http://10.0.0.5/
wrk -c 40 -H "X-Whatever: SEKRET" http://10.0.0.5/
wrk -c 40 -H "Connection: SEKRET" http://10.0.0.5/
wrk -c 40 --header "Foo: SEKRET" http://10.0.0.5/
wrk -c 40 http://user:SEKRET@10.0.0.5/
wrk -c 40 http://SEKRET@10.0.0.5/
wrk -c 40 http://10.0.0.5/?token=SEKRET
wrk -c 40 "http://10.0.0.5/?a=1&X-Amz-Signature=SEKRET"
wrk -c 40 "http://10.0.0.5/?SEKRET"
wrk -c 40 http://10.0.0.5/hooks/SEKRET/x
wrk -c 40 http://10.0.0.5/#SEKRET
wrk -c 40 -s a.lua http://10.0.0.5/ -- SEKRET
wrk -c 40 -s a.lua http://10.0.0.5/ -- --password SEKRET
ab -c 40 -n 100 -A user:SEKRET http://10.0.0.5/
ab -c 40 -n 100 -P user:SEKRET http://10.0.0.5/
ab -c 40 -n 100 -C s=SEKRET http://10.0.0.5/
ab -c 40 -n 100 -H "X: SEKRET" http://10.0.0.5/
ab -c 40 -n 100 -X user:SEKRET@10.0.0.9:3128 http://10.0.0.5/
hey -c 40 -z 10s -a user:SEKRET http://10.0.0.5/
hey -c 40 -z 10s -d '{"password":"SEKRET"}' http://10.0.0.5/
hey -c 40 -z 10s -d 'password=SEKRET' http://10.0.0.5/
hey -c 40 -z 10s -d SEKRET http://10.0.0.5/
hey -c 40 -z 10s -H 'Authorization: SEKRET' http://10.0.0.5/
hey -c 40 -z 10s -U SEKRET http://10.0.0.5/
hey -c 40 -z 10s -x http://u:SEKRET@10.0.0.9:8080 http://10.0.0.5/
h2load -c 40 -n 100 -d SEKRET http://10.0.0.5/
h2load -c 40 -n 100 -H 'x-key: SEKRET' http://10.0.0.5/
siege -c 40 -t 10S -H "X: SEKRET" http://10.0.0.5/
siege -c 40 -t 10S "http://10.0.0.5/ POST a=SEKRET"
siege -c 40 -t 10S -A SEKRET http://10.0.0.5/
tcpkali -c 40 -m SEKRET 10.0.0.5:80
tcpkali -c 40 --message SEKRET 10.0.0.5:80
tcpkali -c 40 --header "X: SEKRET" --ws 10.0.0.5:80
ghz -c 40 -n 100 --metadata '{"authorization":"SEKRET"}' 10.0.0.5:50051
ghz -c 40 -n 100 -d '{"name":"SEKRET"}' 10.0.0.5:50051
ghz -c 40 -n 100 -m '{"token": "SEKRET"}' 10.0.0.5:50051
locust -u 40 -r 4 -H http://u:SEKRET@10.0.0.5/
k6 run -u 40 -d 10s -e API_KEY=SEKRET s.js
k6 run -u 40 -d 10s -e NAME=SEKRET s.js
k6 run -u 40 -d 10s --env=NAME=SEKRET s.js
k6 run -u 40 -d 10s --tag x=SEKRET s.js
k6 run -u 40 -d 10s --out influxdb=http://u:SEKRET@10.0.0.7/db s.js
k6 run -u 40 -d 10s --user-agent SEKRET s.js
vegeta attack -rate=5 -duration=10s -header "Authorization: SEKRET" -targets=t.txt
vegeta attack -rate=5 -duration=10s -name SEKRET -targets=t.txt
sh -c 'echo "GET http://10.0.0.5/SEKRET" | vegeta attack -rate=5 -duration=10s'
sh -c 'echo "GET http://10.0.0.5/?a=SEKRET" | vegeta attack -rate=5 -duration=10s -header "X: SEKRET"'
env TOKEN=SEKRET wrk -c 40 http://10.0.0.5/
env NAME=SEKRET wrk -c 40 http://10.0.0.5/
sudo -p SEKRET wrk -c 40 http://10.0.0.5/
sh -c 'hey -c 40 -z 10s -a user:SEKRET http://10.0.0.5/'
sh -c 'NAME=SEKRET wrk -c 40 http://10.0.0.5/'
sh -c 'export NAME=SEKRET; wrk -c 40 http://10.0.0.5/'
sh -c 'wrk -c 40 -H "X: SEKRET" http://10.0.0.5/'
sh -c 'wrk -c 40 $(cat "SEKRET" x)'
sh -c 'curl -u me:SEKRET http://10.0.0.5/; wrk -c 40 http://10.0.0.5/'
bash -c "sh -c 'wrk -c 40 http://u:SEKRET@10.0.0.5/'"
docker run --rm -e NAME=SEKRET --ulimit nofile=1000:1000 grafana/k6:0.49 run -u 40 -d 10s s.js
docker run --rm --network host --env TOKEN=SEKRET williamyeh/wrk -c 40 http://10.0.0.5/
sshpass -p SEKRET wrk -c 40 http://10.0.0.5/
sshpass -pSEKRET wrk -c 40 http://10.0.0.5/
mysql -u root -pSEKRET
psql postgres://u:SEKRET@10.0.0.5/db
mytool --password SEKRET --connections 40
mytool --token SEKRET
mytool --api-key SEKRET
mytool -p SEKRET
mytool -k SEKRET,x
mytool --secret=SEKRET
mytool --anything=SEKRET
wrk -c 40 http://me:SEKRET/x@10.0.0.5/
wrk -c 40 http://me:12/SEKRET@10.0.0.5/
mytool SEKRET
mytool 'a SEKRET b'
mytool key:SEKRET
mytool 'https://10.0.0.5/x;jsessionid=SEKRET'
aws --profile SEKRET s3 ls
wrk -c40 -H'Authorization: Basic SEKRET' http://10.0.0.5/
wrk -c40 -H"Authorization:Bearer SEKRET" http://10.0.0.5/
wrk -c 40 --header="Cookie: session=SEKRET" http://10.0.0.5/
wrk -c 40 -d 30 -H Authorization:SEKRET http://10.0.0.5/
wrk -c 40 "http://10.0.0.5/login?user=me&password=SEKRET&next=/"
wrk -c 40 "http://10.0.0.5/?access_token=SEKRET#id_token=SEKRET"
wrk -c 40 "http://user%3ASEKRET@10.0.0.5/"
wrk -c 40 "http://[fd00::1]:80/SEKRET"
wrk -c 40 http://10.0.0.5/eyJhbGciOiJIUzI1NiJ9.SEKRET.c2ln
wrk -c 40 http://10.0.0.5:80SEKRET/
ab -c 40 -n 100 -p 12345 -A SEKRET:12345 http://10.0.0.5/
ab -c40 -n100 -CSESSION=SEKRET http://10.0.0.5/
ab -c40 -n100 -HX-Key:SEKRET http://10.0.0.5/
ab -c40 -n100 -Auser:SEKRET http://10.0.0.5/
ab -c 40 -n 100 -T 'text/SEKRET' -u body.txt http://10.0.0.5/
hey -c 40 -z 10s -d '{"a":[{"b":"SEKRET"}],"n":40}' http://10.0.0.5/
hey -c 40 -z 10s -d 'U0VLUkVUSEKRETU0VLUkVU==' http://10.0.0.5/
hey -c 40 -z 10s -T SEKRET http://10.0.0.5/
hey -c 40 -z 10s -host SEKRET http://10.0.0.5/
hey -c=40 -z=10s -a=user:SEKRET http://10.0.0.5/
bombardier -c 40 -d 10s -H "Authorization: SEKRET" http://10.0.0.5/
bombardier -c 40 -d 10s --header="Authorization: SEKRET" -b SEKRET http://10.0.0.5/
bombardier -c 40 -d 10s --cert=a.pem --key=SEKRET http://10.0.0.5/
fortio load -c 40 -t 10s -H "X: SEKRET" -user me:SEKRET http://10.0.0.5/
fortio load -c 40 -t 10s -payload SEKRET http://10.0.0.5/
oha -c 40 -z 10s -a me:SEKRET http://10.0.0.5/
oha -c 40 -z 10s -x http://me:SEKRET@10.0.0.9:3128 http://10.0.0.5/
redis-benchmark -c 40 -u redis://me:SEKRET@10.0.0.5 ping
redis-benchmark -h 10.0.0.5 -c 40 -a SEKRET set SEKRET SEKRET
memtier_benchmark -s 10.0.0.5 -a SEKRET -c 40 --uri=redis://me:SEKRET@10.0.0.5
pgbench -c 40 postgresql://me:SEKRET@10.0.0.5/db
sysbench oltp_read_only --mysql-host=10.0.0.5 --mysql-password=SEKRET --threads=40 run
emqtt_bench conn -h 10.0.0.5 -c 40 -P SEKRET
autocannon -c 40 -H Authorization=SEKRET -b SEKRET http://me:SEKRET@10.0.0.5/
h2load -c40 -n100 --header=x-key:SEKRET http://10.0.0.5/
h2load -c40 -n100 --base-uri=http://u:SEKRET@10.0.0.5/ http://10.0.0.5/
siege -c40 -t10S --header="Authorization: SEKRET" http://10.0.0.5/
siege -c40 -t10S --user-agent="SEKRET" http://10.0.0.5/
artillery run --target http://u:SEKRET@10.0.0.5 -e prod a.yml
artillery run --overrides '{"config":{"x":"SEKRET"}}' a.yml
artillery run -v '{"token":"SEKRET"}' a.yml
jmeter -n -t p.jmx -Jpassword=SEKRET -Jtoken=SEKRET -l out.jtl
jmeter -n -t p.jmx -a SEKRET -u me
locust --host http://me:SEKRET@10.0.0.5 -u 40 -r 4 --web-auth me:SEKRET
k6 run -u 40 -d 10s --address SEKRET --http-debug=SEKRET s.js
k6 run -u40 -d10s -eTOKEN=SEKRET s.js
PGPASSWORD=SEKRET wrk -c 40 http://10.0.0.5/
env -i PGPASSWORD=SEKRET AWS_SECRET_ACCESS_KEY=SEKRET wrk -c 40 http://10.0.0.5/
env AWS_ACCESS_KEY_ID=AKIASEKRET wrk -c 40 http://10.0.0.5/
sh -c 'AWS_SECRET_ACCESS_KEY=SEKRET; export AWS_SECRET_ACCESS_KEY; wrk -c 40 http://10.0.0.5/'
sh -c "echo SEKRET | wrk -c 40 http://10.0.0.5/"
sh -c "wrk -c 40 http://10.0.0.5/ # SEKRET"
sh -c "wrk -c 40 http://10.0.0.5/ <<<SEKRET"
sh -c "wrk -c 40 http://10.0.0.5/ >SEKRET 2>&1"
sh -c 'wrk -c 40 -H "Authorization: $(printf SEKRET)" http://10.0.0.5/'
sh -c 'wrk -c 40 -H "X: `cat SEKRET`" http://10.0.0.5/'
sh -c 'TOKEN=${TOKEN:-SEKRET} wrk -c 40 http://10.0.0.5/'
sh -c "wrk -c 40 -H 'a'\"'\"'SEKRET' http://10.0.0.5/"
sh -c 'if [ "$T" = SEKRET ]; then wrk -c 40 http://10.0.0.5/; fi'
sh -c 'eval "wrk -c 40 http://u:SEKRET@10.0.0.5/"'
sh -c 'wrk -c 40 http://10.0.0.5/ SEKRET' SEKRET
nice -n 5 timeout 60 env A=SEKRET wrk -c 40 http://10.0.0.5/
sudo -u me --prompt=SEKRET wrk -c 40 http://10.0.0.5/
docker run -eTOKEN=SEKRET --env=A=SEKRET --label x=SEKRET -l y=SEKRET grafana/k6:0.49 run -u 40 -d 10s s.js
docker run --rm -v /SEKRET:/x --name SEKRET --hostname SEKRET williamyeh/wrk -c 40 http://10.0.0.5/
docker run --rm me:SEKRET@registry.example/wrk -c 40 http://10.0.0.5/
kubectl run x --image=a --env=T=SEKRET -- wrk -c 40 http://10.0.0.5/
ssh -i SEKRET me@10.0.0.9 wrk -c 40 http://10.0.0.5/
ssh me:SEKRET@10.0.0.9 "wrk -c 40 -H 'X: SEKRET' http://10.0.0.5/"
mytool --user=me:SEKRET --connections=40
mytool -u me:SEKRET -c 40 -p SEKRET 8080
mytool -p 40 SEKRET -n 5
mytool --port 40 --pin 1234SEKRET
mytool --header Authorization:SEKRET 40
mytool -SEKRET
mytool 10.0.0.5:80/SEKRET 40
mytool @SEKRET
mytool =SEKRET
mytool '{"a":1,"b":"SEKRET"}'
mytool ghp_SEKRET0123456789 xoxb-SEKRET
END
printf 'import http from "k6/http";\nexport default () => { http.get("http://10.0.0.5/"); };\n' >s.js
echo 'GET http://10.0.0.5/' >t.txt
: >a.lua
audits=0 number=0
while IFS= read -r line; do
	number=$((number + 1))
	rm -rf out
	mkdir out
	# HTML and PDF take a moment: some lines of each kind.
	pages=
	[ $((number % 16)) -ne 1 ] || pages="-o out/a.html -o out/a.pdf"
	eval "set -- $line"
	# shellcheck disable=SC2086 # several words
	"$H" audit --facts "$hosts/debian-default" --connections 40 --set limits.nofile.soft=5000 --all -o out/a.json -o out/a.md -o out/a.xml \
		-o out/a.txt -o github:out/a.log $pages -- "$@" >out/stdout 2>out/stderr
	case $? in
	0 | 3 | 4) audits=$((audits + 1)) ;;
	esac
	"$H" workload --facts "$hosts/debian-default" --connections 40 -- "$@" >out/workload 2>out/workload.err
	# So that compressed streams are searched as well.
	[ ! -e out/a.pdf ] || qpdf --qdf --object-streams=disable out/a.pdf out/a.qdf.pdf 2>/dev/null
	found=$(grep -alr SEKRET out | tr '\n' ' ')
	[ -z "$found" ] || not_ok "line $number: $line" "$found" "$(grep -ahr SEKRET out | head -n 2 | cut -c 1-300)"
done <lines
ok "$number command lines through every output"
same "of most lines there is an audit" yes "$([ "$audits" -ge 60 ] && echo yes || echo "$audits of $number")"
same "and it is in the history" yes "$([ "$("$H" history list -o json | jq '.audits | length')" -gt 0 ] && echo yes)"
same "the history has none" 0 "$(for id in $("$H" history list -o json | jq '.audits[].id'); do
	"$H" history show "$id" -o json; done | grep -c SEKRET)"
same "nor have its files" "" "$(grep -arl SEKRET "$work/state")"
same "which are there" yes "$([ -s "$work/state/headroom/history.db" ] && echo yes)"

# What is understood stays.
shown() {
	"$H" audit --facts "$hosts/debian-default" --connections 40 -o json -- "$@" | jq -r '.command_line | .[index("--") + 1:] | join(" ")'
}
same "numbers, files and addresses stay" "wrk -t12 -c400 -d30s --latency -s a.lua http://10.0.0.5:8080/" \
	"$(shown wrk -t12 -c400 -d30s --latency -s a.lua http://10.0.0.5:8080/)"
same "and names of options" "vegeta attack -rate=5 -duration=10s -name *** -targets=t.txt" \
	"$(shown vegeta attack -rate=5 -duration=10s -name SEKRET -targets=t.txt)"
same "inside a shell, too" 'sh -c echo "GET http://10.0.0.5/" | vegeta attack -rate=5 -duration=10s' \
	"$(shown sh -c 'echo "GET http://10.0.0.5/" | vegeta attack -rate=5 -duration=10s')"
