# shellcheck shell=sh
# Files for clusters: a TestRun, Locust's jobs, the kubelet's configuration, a task definition. Nothing of them can be run
# here; they are checked against extracts of the published types (tests/emit), which refuse members that do not exist.
. tests/cli/lib.sh
if ! python3 -c 'import jsonschema, yaml' 2>/dev/null; then
	skip "files for clusters" "python3-jsonschema or python3-yaml is not installed"
	exit 0
fi
SOURCE_DATE_EPOCH=1767225600
export SOURCE_DATE_EPOCH
kinds="k6-operator locust-kubernetes kubelet ecs"
fits_schema() { python3 "$top/tests/emit/check.py" "$1" "$2" 2>&1; }
# valid TITLE KIND COMMAND…: what the command writes fits, which validated says of all of them at once
valid() {
	title=$1 kind=$2
	shift 2
	number=$((${number:-0} + 1))
	"$@" --emit "$kind" -q >"out.$number" 2>err || cat err >>"out.$number"
	files="${files:-} $kind out.$number"
	echo "$title" >>titles
}
validated() {
	# shellcheck disable=SC2086 # words
	python3 "$top/tests/emit/check.py" $files >wrong 2>&1
	same "all are checked" 0 $?
	at=0
	while read -r title; do
		at=$((at + 1))
		same "$title" "" "$(grep "^out.$at:" wrong)"
	done <titles
}
plan() { "$H" size "$@"; }
for kind in $kinds; do
	valid "$kind: several machines" "$kind" plan ws-client --connections 200000
	valid "$kind: one connection" "$kind" plan ws-client --connections 1
	valid "$kind: more than any host carries" "$kind" plan ws-client --connections 900000000 --new-conns 1000000
	valid "$kind: threads, and nothing known of the machine" "$kind" "$H" fix ws-client --connections 30000 --threads 9000 \
		--facts "$hosts/debian-default" --set cgroup.pids.max=4000
	valid "$kind: of a type" "$kind" plan ws-client --connections 200000 --provider aws
	valid "$kind: of Fargate" "$kind" plan ws-client --connections 200000 --provider aws-fargate
	valid "$kind: groups" "$kind" plan ws-client --connections 200000 --groups a:70%,b:30%
done
validated

# The check finds what an API server would refuse.
plan ws-client --connections 200000 --lifetime 60s --emit k6-operator,locust-kubernetes,kubelet,ecs --dir all -q
misspelt() { # misspelt KIND FILE MEMBER WRONG
	sed "s/$3/$4/" "all/$2" >wrong
	same "$1: a member misspelt is found" yes "$(fits_schema "$1" wrong | grep -q . && echo yes)"
}
misspelt k6-operator testrun.yaml parallelism paralellism
misspelt k6-operator testrun.yaml securityContext securitycontext
misspelt locust-kubernetes locust.yaml completions completion
misspelt kubelet kubelet.yaml allowedUnsafeSysctls allowedUnsafeSysctl
misspelt ecs task-definition.json systemControls systemControl
misspelt ecs task-definition.json softLimit soft

# All have the number and the values of the answer.
json=$(plan ws-client --connections 200000 --lifetime 60s -o json)
query='[.order.hosts, (.values[] | select(.key == "limits.nofile.soft" or .key == "net.ipv4.ip_local_port_range") | .to)] | map(tostring) | join(" ")'
same "the answer" "5 54000 6000 60999" "$(printf '%s' "$json" | jq -r "$query")"
read_yaml() { python3 -c 'import json, sys, yaml; json.dump(list(yaml.safe_load_all(open(sys.argv[1]))), sys.stdout)' "$1"; }
same "TestRun" "5 true 6000 60999" "$(read_yaml all/testrun.yaml | jq -r '.[0].spec | [.parallelism, .separate,
	(.runner.securityContext.sysctls[] | select(.name == "net.ipv4.ip_local_port_range").value)] | map(tostring) | join(" ")')"
check "open files are said to be elsewhere" 0 'no field for descriptors' '' cat all/testrun.yaml
check "nothing of it was run, which it says" 0 'not run on a' '' cat all/testrun.yaml
same "Locust: workers and processes" "5 5 1" "$(read_yaml all/locust.yaml | jq -r '[.[2].spec.parallelism, .[2].spec.completions,
	(.[1].spec.template.spec.containers[0].command[] | select(startswith("--expect-workers")) | ltrimstr("--expect-workers=") | tonumber) / 5] |
	map(tostring) | join(" ")')"
same "kubelet: what is unsafe" net.ipv4.tcp_tw_reuse "$(read_yaml all/kubelet.yaml | jq -r '.[0].allowedUnsafeSysctls | join(" ")')"
same "ECS: open files, ports, number" "54000 54000 6000 60999 5 tasks" "$(jq -r '.containerDefinitions[0] | [.ulimits[0].softLimit, .ulimits[0].hardLimit,
	(.systemControls[] | select(.namespace == "net.ipv4.ip_local_port_range").value), .dockerLabels["headroom.count"][:7]] | map(tostring) | join(" ")' all/task-definition.json)"
same "Fargate has a size" "FARGATE 1024 2048" "$(plan ws-client --connections 200000 --provider aws-fargate --emit ecs -q |
	jq -r '[.requiresCompatibilities[0], .cpu, .memory] | join(" ")')"
check "and what it cannot have is said" 0 'Fargate has no way to set them' '' plan ws-client --connections 200000 --provider aws-fargate --emit ecs -q

# The load test's own options, without its secrets.
echo 'import http from "k6/http"; export default function () { http.get("http://10.0.0.5/"); }' >load.js
k6() { "$H" size --no-inspect --emit k6-operator -q -- k6 run "$@" load.js; }
same "options of k6" "--vus 30000 --duration 5m load.js" "$(k6 --vus 30000 --duration 5m >k6.yaml; read_yaml k6.yaml |
	jq -r '.[0].spec | [.arguments, .script.configMap.file] | join(" ")')"
k6 --vus 30000 --duration 5m -e API_TOKEN=geheim >k6.yaml
same "secrets are not written" 0 "$(grep -c geheim k6.yaml)"
check "which is said" 0 'arguments: not written' '' cat k6.yaml
same "nor are they shown with the commands for several hosts" 0 \
	"$("$H" size --no-inspect --all -- k6 run --vus 30000 --duration 5m -e API_TOKEN=geheim load.js | grep -c geheim)"
cat >users.py <<'END'
from locust import FastHttpUser, task, constant
class U(FastHttpUser):
    wait_time = constant(1)
    host = "http://10.0.0.5"
    @task
    def t(self): self.client.get("/")
END
locust() { "$H" size --provider aws "$@" -- locust -f users.py --headless --processes 3 -u 100000 -r 500; }
locust --emit locust-kubernetes -q >locust.yaml
workers=$(locust -o json | jq -r '.order | "\(.hosts * .vcpus) \(.vcpus)"')
same "options of Locust" "locust -f users.py --headless --master --expect-workers=${workers% *} -u 100000 -r 500" \
	"$(read_yaml locust.yaml | jq -r '.[1].spec.template.spec.containers[0].command | join(" ")')"
same "a process for each processor" "--processes=${workers#* }" "$(read_yaml locust.yaml | jq -r '.[2].spec.template.spec.containers[0].command[-1]')"
same "and the master's file fits" "" "$(fits_schema locust-kubernetes locust.yaml)"

# A file is there whole or not at all: killed at any moment.
mkdir there
plan ws-client --connections 200000 --emit k6-operator,locust-kubernetes,kubelet,ecs --dir there -q
cp -r there whole
for delay in 0 0.05 0.1 0.15 0.2 0.25 0.3; do
	plan ws-client --connections 200000 --emit k6-operator,locust-kubernetes,kubelet,ecs --dir there -q &
	sleep $delay
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	diff -r -x '.headroom-*' whole there || not_ok "killed after $delay s"
done
ok "killed, it leaves whole files"
