# shellcheck shell=sh disable=SC2094,SC2238
# fleet: one verdict for many hosts, whoever brings their facts, and honest about those that did not answer.
# shellcheck shell=sh disable=SC1091,SC2154,SC2086,SC2016 # what lib.sh sets; plans are several words; sh -c has words of its own
. tests/cli/lib.sh
export SOURCE_DATE_EPOCH=1796054400 # 2026-11-30T16:00:00Z
export PYTHONHASHSEED=0
mkdir "$work/tmp"
export TMPDIR="$work/tmp"
"$H" facts --facts "$hosts/debian-default" -o base.json
make() {
	python3 "$top/tests/fleet/make.py" base.json "$@"
}
# from FILE WORDS…: headroom fleet with the file as standard input
from() {
	input=$1
	shift
	"$H" fleet $plan "$@" <"$input"
}
plan="ws-client --connections 3000 --lifetime 600s"
wide=limits.nofile.soft=65536

# Sources and who answered.
mkdir facts
make dir facts "gen-1:$wide" "gen-2:$wide" gen-3:limits.nofile.soft=512
printf 'gen-1\ngen-2 weight=1 # the second\n\ngen-3 role=client group=a\n' >hosts
check "a directory" 3 '^headroom: FAIL process-fds expected=3 answered=3 failed=1$' '' "$H" fleet $plan --hosts hosts facts
check "without --hosts" 3 '^headroom: FAIL process-fds expected=unknown answered=3 failed=1$' '' "$H" fleet $plan facts
check "what differs" 3 '^ +gen-3: limits.nofile.soft 512, not 65536$' '' "$H" fleet $plan facts
check "the last line alone" 3 '^headroom: FAIL' '' "$H" fleet $plan -q facts
check "files" 0 '^headroom: PASS binding=ephemeral-ports 5.8% expected=unknown answered=2$' '' "$H" fleet $plan facts/gen-1.json facts/gen-2.json
check "a directory and a snapshot" 3 'answered=4' '' "$H" fleet $plan facts "$hosts/tuned-loadgen" --max-age 1000d
echo 'gen-4' >>hosts
check "one is missing" 3 ' missing=1$' '' "$H" fleet $plan --hosts hosts facts
check "its name" 3 '^  Missing +gen-4$' '' "$H" fleet $plan --hosts hosts facts
rm facts/gen-3.json
printf 'gen-1\ngen-2\n' >two
printf 'gen-1\ngen-2\ngen-3\n' >three
check "all answered and pass" 0 '^headroom: PASS binding=ephemeral-ports 5.8% expected=2 answered=2$' '' "$H" fleet $plan --hosts two facts
check "who is missing is never a pass" 4 '^headroom: UNKNOWN expected=3 answered=2 missing=1$' '' "$H" fleet $plan --hosts three facts
printf 'gen-1.example.org\nGEN-2.example.org\n' >long
check "long names of the same hosts" 0 'expected=2 answered=2$' '' "$H" fleet $plan --hosts long facts
printf 'gen-1.a\ngen-1.b\n' >both
check "a short name that two have" 4 'missing=2$' '' "$H" fleet $plan --hosts both facts
printf 'gen-2\n' >one
check "one that nobody expects" 0 '1 not in --hosts, not judged: gen-1' '' "$H" fleet $plan --hosts one facts
"$H" workload $plan >plan.json
check "the plan as a file" 0 'PASS' '' "$H" fleet plan.json facts
check "the plan as a command" 0 'PASS' '' "$H" fleet facts -- wrk -c400 -t2 -d10s http://10.0.0.5/
check "two loads" 0 'PASS' '' "$H" fleet ws-client --connections 3000 + http-churn --rps 20 facts

# Streams: with and without the names that engines put in front of each line, one line each or several.
make lines "gen-1:$wide" "gen-2:$wide" gen-3:limits.nofile.soft=512 >lines
check "a document on each line" 3 'expected=3 answered=3 failed=1$' '' from lines --hosts three -
check "which is read twice without --hosts" 3 'expected=unknown answered=3 failed=1$' '' from lines -
check "from a pipe as well" 3 'answered=3 failed=1$' '' sh -c 'cat lines | "$0" fleet '"$plan"' -' "$H"
check "from a file of that kind" 3 'answered=3 failed=1$' '' "$H" fleet $plan lines
make lines "NAME: " "gen-1:host=vm:$wide" "gen-2:host=vm:$wide" >clush
check "clush: its name where the host has another" 0 'expected=2 answered=2$' '' from clush --hosts two -
make lines "[pod/NAME/headroom] " "gen-1:host=node:$wide" "gen-2:host=node2:$wide" >pods
check "kubectl logs --prefix" 0 'expected=2 answered=2$' '' from pods --hosts two -
make pretty "NAME: " "gen-1:$wide" >first
make pretty "NAME: " "gen-2:$wide" >second
paste -d '\n' first second >mixed
check "lines of two documents, mixed" 0 'expected=2 answered=2$' '' from mixed --hosts two -
{ make lines "gen-1:$wide" && printf 'gen-2: bash: headroom: command not found\n'; } >failed
check "what an engine says of a host" 4 '^  Unreadable +gen-2 \(.*command not found\)$' '' from failed --hosts two -
{ make lines "gen-1:$wide" && printf '{"host":"gen-2","error":"no route to host"}\n'; } >failed
check "the same as a document" 4 'expected=2 answered=1 unreadable=1$' '' from failed --hosts two -
head -c -200 lines >half
check "half a line" 4 'source_error=yes$' '' from half --hosts two -
{ head -c 5000 lines && echo && tail -n 1 lines; } >cut
check "one that is cut off by the next" 3 'source_error=yes$' '' from cut -
check "the place" 3 'standard input:1: this document is cut off' '' from cut -
check "an empty stream" 4 '^headroom: UNKNOWN expected=2 answered=0 missing=2 source_error=yes$' '' from /dev/null --hosts two -
printf 'hello\n{"schema":"other"}\n[1]\n' >noise
check "no documents" 4 'answered=0 source_error=yes$' '' from noise -
{ printf '{"schema":"headroom.facts/2"\0,"facts":[]}\n' && cat lines; } >nul
check "a NUL byte" 3 'answered=3 failed=1 source_error=yes$' '' from nul -
{ printf '{"a":"' && head -c 10000000 /dev/zero | tr '\0' x && printf '"}\n' && cat lines; } >wide
check "a line of ten million bytes" 3 'answered=3 failed=1 source_error=yes$' '' from wide -
head -c 1000000 /dev/zero | tr '\0' '{' >deep
check "a million braces" 4 'answered=0 source_error=yes$' '' from deep -
yes '{}' | head -n 20000 | tr -d '\n' >objects
check "many documents on one line" 4 'answered=0 source_error=yes$' '' from objects -

# Names, twice, time.
make dir facts "evil:host=$(printf '../../\033[31m\nx'):$wide"
check "a hostile name" 0 'PASS' '' "$H" fleet $plan facts -o evil.json
same "and nothing of it in the text" 0 "$("$H" fleet $plan facts --all | grep -c "$(printf '\033')")"
rm facts/evil.json
make lines "gen-1:limits.nofile.soft=512:created=2026-11-30T10-at-00-at-00Z" "gen-1:$wide:created=2026-11-30T11-at-00-at-00Z" \
	"gen-1:limits.nofile.soft=512:created=2026-11-30T09-at-00-at-00Z" "gen-2:$wide" >thrice
check "of three documents the newest counts" 0 'expected=2 answered=2$' '' from thrice --hosts two -
check "also without --hosts" 0 'expected=unknown answered=2$' '' from thrice -
make lines "NAME: " "gen-1:host=vm:$wide:print=aa" "gen-2:host=vm:$wide:print=aa" >same
check "one machine under two names" 4 'expected=2 answered=1 duplicate=1$' '' from same --hosts two -
make lines "gen-1:$wide" "gen-2:$wide:created=2026-11-28T00-at-00-at-00Z" >old
check "too old" 4 '^headroom: UNKNOWN expected=2 answered=2 unknown=1 stale=1$' '' from old --hosts two -
check "its name" 4 '^  Too old +gen-2$' '' from old --hosts two -
check "not for this --max-age" 0 'PASS' '' from old --hosts two --max-age 10d -
make lines "gen-1:$wide" "gen-2:$wide:created=2027-11-28T00-at-00-at-00Z" >future
check "from the future" 4 'unknown=1 stale=1$' '' from future --hosts two -

# Roles.
make dir facts "b:$wide:net.core.somaxconn=4096" "c:$wide:net.core.somaxconn=4096"
check "both ends and what is between" 0 '^  Proxies +1, 3,000 connections each' '' \
	"$H" fleet $plan client:facts/gen-1.json proxy:facts/b.json server:facts/c.json
check "which role is which" 2 '' 'xyz:facts: No such file or directory' "$H" fleet $plan xyz:facts
printf 'gen-1 weight=2\ngen-2\n' >weights
check "weights" 0 '^  Clients +2, 1,000 to 2,000 connections each' '' "$H" fleet $plan --hosts weights facts/gen-1.json facts/gen-2.json
printf 'gen-1\ngen-2 weight=0\n' >standby
check "one stands by" 0 '^  Standing by +gen-2$' '' "$H" fleet $plan --hosts standby facts/gen-1.json facts/gen-2.json

# Each host is judged as headroom audit judges its share.
if command -v jq >/dev/null; then
	make dir facts gen-3 "gen-4:$wide:net.ipv4.tcp_tw_reuse=0" "gen-5:$wide:net.ipv4.ip_local_port_range=32768 33000"
	"$H" fleet ws-client --connections 14000 --lifetime 60s facts -q -o all.json >/dev/null
	jq -r '.hosts[] | [.name, .share, .verdict, .limit // "-", (.max_safe.connections // "-")] | @tsv' all.json >judged
	while read -r name share verdict limit safe; do
		jq ".shares[] | select(.kind == $share).workload" all.json >share.json
		"$H" audit ./share.json --facts "facts/$name.json" -q -o audit.json >/dev/null
		same "$name as audit judges it" "$verdict $limit $safe" \
			"$(jq -r '"\(.verdict) \(.binding.resource) \(.max_safe.connections)"' audit.json)"
	done <judged
	same "the shares add up" 14000 "$(jq '.shares as $s | [.hosts[] | .share as $k | $s[] | select(.kind == $k).workload.connections] | add' all.json)"
	same "the class has a whole audit" "headroom.audit/2" "$(jq -r '.classes[0].audit.schema' all.json)"
	"$H" audit ./share.json --facts facts/gen-1.json -q -o gen-1.audit.json >/dev/null
	check "an audit is judged again from its facts" 0 'answered=1$' '' "$H" fleet $plan gen-1.audit.json
	rm facts/gen-[345].json
else
	skip "as audit judges" "jq is not installed"
fi

# Outputs.
"$H" fleet $plan --hosts three facts/gen-1.json facts/gen-2.json -q -o out.md -o junit:out.xml -o prometheus:out.prom -o out.json >/dev/null
check "Markdown" 0 '^\| A \| client \| 2 \| ✓ PASS \| Outgoing ports \| 3.9% \|' '' cat out.md
check "JUnit: a case for each host" 0 '<testsuite name="headroom fleet" tests="3" failures="0" errors="1" skipped="0"' '' cat out.xml
check "metrics" 0 '^headroom_fleet_hosts\{state="missing"\} 1$' '' cat out.prom
if command -v xmllint >/dev/null; then
	check "JUnit is XML" 0 '' '' xmllint --noout out.xml
else
	skip "JUnit is XML" "xmllint is not installed"
fi
if command -v promtool >/dev/null; then
	check "promtool takes the metrics" 0 '' '' sh -c 'promtool check metrics <out.prom'
else
	skip "promtool takes the metrics" "promtool is not installed"
fi
make dir facts "slow:$wide:net.ipv4.ip_local_port_range=32768 33000"
check "a playbook for the classes that fail" 3 'FAIL' '^headroom: wrote books/fix.yml' "$H" fleet ws-client --connections 45000 --lifetime 60s \
	--emit ansible --dir books facts
check "its group" 0 '^slow$' '' cat books/headroom.ini
class=$(sed -n 's/^\[\(headroom_.*\)\]$/\1/p' books/headroom.ini)
same "the group of all such groups" "$class" "$(sed -n '/^.headroom:children.$/,$p' books/headroom.ini | sed 1d)"
check "what it sets" 0 '^    value: !unsafe "[0-9]+ 33000"$' '' cat "books/group_vars/$class.yml"
check "what was there" 0 '^    before: !unsafe "32768 33000"$' '' cat "books/group_vars/$class.yml"
check "one play for all classes" 0 '^  hosts: headroom$' '' cat books/fix.yml
check "what undoes it" 0 "selectattr\('before', 'defined'\)" '' cat books/undo.yml
if command -v ansible-playbook >/dev/null; then
	check "ansible reads both" 0 'playbook: books/undo.yml' '*' ansible-playbook -i books/headroom.ini --syntax-check books/fix.yml books/undo.yml
else
	skip "ansible reads both" "ansible is not installed"
fi
check "of other kinds there is none" 2 '' 'fleet writes ansible' "$H" fleet $plan --emit sysctl --dir books facts
check "it needs a directory" 2 '' 'several files; name a directory: --dir DIR' "$H" fleet $plan --emit ansible facts
rm facts/slow.json
"$H" fleet $plan facts -q -o before.json >/dev/null
make dir facts "gen-2:$wide:net.ipv4.tcp_tw_reuse=0" "new:$wide"
check "what changed since" 0 '^  Changed +1 since .*: gen-2 \(class [AB], was A;' '' "$H" fleet $plan facts --against before.json
check "nothing changed" 0 '^  Changed +0 since ' '' "$H" fleet $plan facts/gen-1.json --against before.json
check "against another document" 2 '' 'is not a document that headroom fleet wrote' "$H" fleet $plan facts --against base.json
make dir facts "gen-2:$wide"
rm facts/new.json
check "a NAT that all of them share" 3 'together they exhaust the NAT' '' "$H" fleet ws-client --connections 60000 --lifetime 600s \
	--egress gcp-cloud-nat-address:ips=1 facts
check "no other formats" 2 '' 'this command cannot write sarif' "$H" fleet $plan facts -o fleet.sarif

# Tar files. The leak check of a sanitized helper does what its sandbox forbids.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"
mkdir trees
cp -r "$hosts/tuned-loadgen" trees/gen-1
cp -r "$hosts/tuned-loadgen" trees/gen-2
sed -i 's/^fingerprint: .*/fingerprint: 2222222222222222/' trees/gen-2/ORIGIN
echo gen-1 >trees/gen-1/proc/sys/kernel/hostname
echo gen-2 >trees/gen-2/proc/sys/kernel/hostname
tar -C trees -czf trees.tar.gz gen-1 gen-2
tar -C trees/gen-1 -cf gen-1.tar .
tar -cf documents.tar facts
any="--max-age 1000d"
check "trees" 0 'answered=2$' '' "$H" fleet $plan $any --hosts two trees.tar.gz
check "trees as a stream" 0 'answered=2$' '' from trees.tar.gz $any --hosts two -
check "the same as in a directory" 0 'answered=2$' '' "$H" fleet $plan $any --hosts two trees
check "one tree, named by its file" 0 'expected=1 answered=1$' '' sh -c 'echo gen-1 >only && "$0" fleet '"$plan $any"' --hosts only gen-1.tar' "$H"
check "documents" 0 'answered=4$' '' "$H" fleet $plan documents.tar
mkdir tars
python3 "$top/tests/fleet/tars.py" "$hosts/tuned-loadgen" tars
printf 'gen-1\n' >only
check "paths that lead out" 0 'its path leads out' '' "$H" fleet $plan $any --hosts only --all tars/outside.tar
check "a file behind a link" 4 '^  Unreadable +gen-2 .*proc/out/' '' \
	"$H" fleet $plan $any --hosts two --all tars/link.tar
check "devices" 0 'gen-1/proc/zero: no file and no directory' '' "$H" fleet $plan $any --hosts only --all tars/device.tar
check "trees that do not stand together" 4 'duplicate|unreadable|unknown' '' "$H" fleet $plan $any --hosts two tars/apart.tar
check "a file that is too large" 4 'large is larger than 64 MiB' '' "$H" fleet $plan $any --hosts only --all tars/large.tar.gz
check "a tree that is too large" 4 '512 MiB or 200000 files' '' "$H" fleet $plan $any --hosts only --all tars/many.tar.gz
check "half a tar file" 4 'source_error=yes' '' "$H" fleet $plan $any --hosts only tars/short.tar
check "noise" 4 'source_error=yes' '' "$H" fleet $plan $any --hosts only tars/noise.tar
same "nothing was written outside" "" "$(find "$work" /tmp -maxdepth 2 -name fleet-was-here 2>/dev/null)"
same "nothing is left" "" "$(ls "$TMPDIR")"

# A signal half-way.
mkfifo pipe
"$H" fleet $plan --hosts two - <pipe >out 2>err &
pid=$!
exec 7>pipe
cat lines >&7
sleep 0.3
kill -TERM $pid 2>/dev/null
wait $pid
same "a signal ends it" 143 $?
exec 7>&-
same "with nothing left" "" "$(ls "$TMPDIR")"

# What cannot be used.
check "no plan" 2 '' 'fleet needs a plan before its sources' "$H" fleet facts
check "no source" 2 '' 'fleet needs a source' "$H" fleet $plan
check "no such source" 2 '' 'none: No such file or directory' "$H" fleet $plan none
check "no such plan" 2 '' 'ws-clien is neither a preset nor a file' "$H" fleet ws-clien facts
check "a plan that nothing can be judged by" 2 '' 'egress gcp-cloud-nat:1' "$H" fleet $plan --egress gcp-cloud-nat:1 facts
mkdir ws-client
check "plan or directory" 2 '' 'is both a preset and a file here' "$H" fleet ws-client --connections 5 facts
rmdir ws-client
check "standard input twice" 2 '' 'can be given only once' "$H" fleet $plan - -
for line in 'a b' 'a weight=x' 'a weight=-1' 'a role=x' 'a/b' 'a role=client weight=1 group=g x=y'; do
	printf '%s\n' "$line" >bad
	check "hosts: $line" 2 '' '^headroom: bad:1: ' "$H" fleet $plan --hosts bad facts
done
printf 'a\nA\n' >bad
check "hosts: twice" 2 '' '^headroom: bad:2: this host is listed twice' "$H" fleet $plan --hosts bad facts
printf '# nobody\n' >bad
check "hosts: none" 2 '' 'names no host' "$H" fleet $plan --hosts bad facts
check "hosts: no file" 2 '' 'none: ' "$H" fleet $plan --hosts none facts
mkdir empty
check "an empty directory" 4 'it contains no host' '' "$H" fleet $plan empty
check "a disk that is full" 1 'PASS' 'No space left' "$H" fleet $plan facts -o json:/dev/full
ln -s gen-1.json facts/link.json
check "links are not followed" 0 'skipped: a symbolic link' '' "$H" fleet $plan --all facts
