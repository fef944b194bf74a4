# XML, YAML and tar files are read by headroom-import, and by headroom itself where that is linked in (make static).
# shellcheck shell=sh
. tests/cli/lib.sh
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the sandbox
plans=$top/tests/plan
whole=${H%/*}/tests/cli/headroom-whole

cat >job.yaml <<'END'
apiVersion: batch/v1
kind: Job
metadata: {name: load}
spec:
  parallelism: 2
  template:
    spec:
      containers:
      - {name: wrk, image: wrk, args: [wrk, -c400, -d60s, "http://10.0.0.7:8080/"]}
END
mkdir one
"$H" facts --facts "$hosts/debian-default" -o one/a.json >/dev/null
tar -C one -czf hosts.tar.gz a.json

mkdir alone
cp "$H" alone/headroom
if ! readelf -l "$H" | grep -q INTERP; then
	skip "without headroom-import" "this program reads XML and YAML itself"
else
	missing='headroom-import, which reads XML, YAML and tar files, is missing .*the package headroom'
	check "YAML without headroom-import" 1 '' "$missing" alone/headroom workload ./job.yaml --nofile 65536
	check "a tar file without headroom-import" 4 'headroom-import, which reads XML, YAML and tar' '*' alone/headroom fleet ws-client hosts.tar.gz
fi

if [ ! -x "$whole" ]; then
	skip "headroom that reads them itself" "it is not built"
	exit 0
fi
cp "$whole" alone/whole

# both NAME COMMAND…: does the whole program say the same as headroom does with headroom-import?
both() {
	name=$1
	shift
	"$H" "$@" >want.out 2>want.err
	want=$?
	alone/whole "$@" >got.out 2>got.err
	same "$name: exit" $want $?
	same "$name: output" "" "$(diff want.out got.out | head -n 5)"
	same "$name: errors" "" "$(diff want.err got.err | head -n 5)"
}
both "YAML" workload ./job.yaml --nofile 65536
both "XML" workload -- jmeter -n -t "$plans/plan.jmx"
printf '<a><b></a>\n' >broken.jmx
both "broken XML" workload -- jmeter -n -t broken.jmx
printf '<!DOCTYPE a SYSTEM "/etc/passwd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<a>&x;</a>\n' >outside.jmx
both "an external entity" workload -- jmeter -n -t outside.jmx
both "a tar file" fleet ws-client hosts.tar.gz --connections 100
head -c 60 hosts.tar.gz >short.tar.gz
both "half a tar file" fleet ws-client short.tar.gz

check "by that name it is the reader, and nothing else" 2 '' '^usage: headroom-import tree\|untar' \
	bash -c 'exec -a headroom-import alone/whole audit'
if grep -q __asan_init "$H"; then
	skip "without /proc" "the sanitizers' own start needs /proc"
elif [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	check "without /proc it finds itself by its path" 0 '"connections"' '' \
		unshare -m sh -c 'mount -t tmpfs none /proc && alone/whole workload ./job.yaml --nofile 65536'
else
	skip "without /proc" "needs root and unshare"
fi
