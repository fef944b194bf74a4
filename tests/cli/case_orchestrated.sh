# Load tests that Docker Compose and Kubernetes start: services, pods and the files that they mount.
. tests/cli/lib.sh
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
unset VUS DOCKER_HOST DOCKER_CONTEXT
plans=$top/tests/plan
host="--facts $hosts/debian-default"
cp -r "$plans/compose" "$plans/job.yaml" "$plans/testrun.yaml" .

# plan EXPRESSION WORD…: what the plan of these words has
plan() {
	expression=$1
	shift
	"$H" workload "$@" 2>"$work/.err" | jq -c "$expression" || cat "$work/.err"
}
run="docker compose -f compose/compose.yml run"

# shellcheck disable=SC2086
{
	same "run SERVICE" '[40,40000,"api:8080","masquerade"]' \
		"$(plan '[.connections,.nofile,.destinations[0],.nat]' $host -- $run --rm load)"
	same "a variable of the compose file" '[7]' "$(plan '[.connections]' $host -- env VUS=7 $run load)"
	echo 'VUS="9"' >compose/.env
	same "a variable of .env" '[9]' "$(plan '[.connections]' $host -- $run load)"
	rm compose/.env
	same "a command in place of the service's" '[3]' \
		"$(plan '[.connections]' $host -- $run -T load run --vus 3 -d 5s /scripts/s.js)"
	same "an entry point in place of the service's" '[5]' \
		"$(plan '[.connections]' $host -- $run --entrypoint 'wrk -t1' load -c5 http://api/)"
	same "docker-compose is the same" '[40]' \
		"$(plan '[.connections]' $host -- docker-compose -f compose/compose.yml run load)"
	same "a shell as the entry point, \$\$ in the file" '[20,null]' \
		"$(plan '[.connections,.nat]' --nofile 5000 $host -- $run shell)"
	check "several are started at once" 0 '2 containers of this kind' '' "$H" audit --all --nofile 5000 $host -- $run shell
	check "a server of the file" 0 'server' '' "$H" audit --nofile 5000 $host -- $run edge
	check "up with several load tests" 2 '' 'load, shell; name one: docker compose -f compose/compose\.yml run load' \
		"$H" audit compose/compose.yml $host
	same "up SERVICE" '[40]' "$(plan '[.connections]' $host -- docker compose -f compose/compose.yml up load edge)"
	check "a server beside it" 0 'starts edge on the same host' '' \
		"$H" audit --all $host -- docker compose -f compose/compose.yml up load edge
	check "its sysctls" 0 '63,977' '' "$H" audit $host -- $run load
	check "its CPU quota" 0 'may use 0\.5 CPUs' '' "$H" audit --all $host -- $run load
	check "no such service" 2 '' 'has no service nope; it has api, load, edge, shell' "$H" audit $host -- $run nope
	check "no load test" 2 '' 'headroom does not know|not known' "$H" audit $host -- $run api
	check "descriptors are asked for" 2 '' '--nofile .*ulimits: nofile' "$H" audit $host -- $run shell
	check "another subcommand" 2 '' 'does not read docker compose down' "$H" audit $host -- docker compose down
	check "no file" 2 '' 'no compose\.yaml here' "$H" audit $host -- docker compose up
	(cd compose && check "the file that compose finds by itself" 0 'PASS' '' "$H" audit $host -- docker compose run load)
	count=$((count + 1))
	sed 's/^  load:/  load:\n    extends: {service: api}/' compose/compose.yml >extends.yml
	check "extends is not read" 2 '' 'docker compose config' "$H" audit $host -- docker compose -f extends.yml run load
	printf 'services:\n  load:\n    command: run --vus $N x.js\n    image: grafana/k6\n' >unset.yml
	check "a variable that is not set" 2 '' 'uses \$N, which is not set' "$H" audit $host -- docker compose -f unset.yml run load
	printf 'services:\n  load:\n    environment: {URL: http://h/, EMPTY: }\n    image: ghcr.io/x/wrk\n    command: -t1 -c9 http://h/\n    ulimits: {nofile: 99}\n    network_mode: "service:api"\n' >joined.yml
	check "another service's network" 2 '' 'cannot see the settings of that namespace' "$H" audit $host -- docker compose -f joined.yml run load
	sed -i '/network_mode/d' joined.yml
	same "one limit for both, an image by its name" '[9,99]' "$(plan '[.connections,.nofile]' joined.yml $host)"
	printf 'services: [a, b]\n' >list.yml
	check "services that are a list" 2 '' 'no service of list\.yml' "$H" audit list.yml $host
	printf 'services: {a: *b}\n' >broken.yml
	check "YAML that is broken" 2 '' 'broken\.yml:1: ' "$H" audit broken.yml $host
	printf 'services:\n  a:\n    configs: [s]\n    image: grafana/k6\n    command: run -u 6 -d 5s /s\n    ulimits: {nofile: 99}\nconfigs:\n  s:\n    content: http.get("http://c/")\n' >configs.yml
	same "a script in the compose file" '[6,"c:80"]' "$(plan '[.connections,.destinations[0]]' configs.yml $host)"

	# Kubernetes
	check "a Job asks for its open files" 2 '' '--nofile .*node.s container runtime' "$H" audit job.yaml $host
	same "a Job: its variable, its script in a ConfigMap" '[70,"web:80",500]' \
		"$(plan '[.connections,.destinations[0],.nofile]' job.yaml --nofile 500 $host)"
	check "it says where the pod runs" 0 'on a node of the cluster' '' "$H" audit job.yaml --nofile 500 $host
	check "its copies" '0' '3 containers of this kind' '' "$H" audit job.yaml --all --nofile 500 $host
	check "its memory is new" 0 'Memory .* 512 MiB' '' "$H" audit job.yaml --all --nofile 500 $host
	same "kubectl apply" '[70]' "$(plan '[.connections]' --nofile 500 $host -- kubectl apply -n load -f job.yaml)"
	same "a here-document" '[70]' \
		"$(plan '[.connections]' --nofile 500 $host -- sh -c "kubectl apply -f - <<'END'
$(cat job.yaml)
END
")"
	same "a TestRun: a part of the script for each pod" '[25,"web:80"]' \
		"$(plan '[.connections,.destinations[0]]' testrun.yaml --nofile 500 $host)"
	printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: true\n  containers:\n  - image: busybox\n    command: [sleep, "9"]\n  - image: x/tools\n    command: ["sh", "-c", "wrk -t1 -c12 http://h/"]\n' >pod.yaml
	same "a Pod of two containers, in the node's network" '[12,null]' "$(plan '[.connections,.nat]' pod.yaml --nofile 500 $host)"
	sed 's/sleep, "9"/hey, "http:\/\/h\/"/' pod.yaml >two.yaml
	check "two load tests" 2 '' 'several load tests \(Pod p, Pod p\)' "$H" audit two.yaml --nofile 500 $host
	sed -n '/^---/,$p' job.yaml >without.yaml
	check "a ConfigMap that is not there" 2 '' 'ConfigMap s \(not in without\.yaml\)/s\.js' "$H" audit without.yaml --nofile 500 $host
	printf 'apiVersion: v1\nkind: Service\nmetadata: {name: p}\n' >service.yaml
	check "no load test in a manifest" 2 '' 'no container of service\.yaml' "$H" audit service.yaml $host
	check "kubectl run" 2 '' 'inside the pod, in front of the command. .*kubectl apply -f FILE' "$H" audit $host -- kubectl run x --image=grafana/k6 -- run s.js
}
echo "1..$count"
