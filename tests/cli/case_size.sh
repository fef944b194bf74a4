# shellcheck shell=sh
# headroom size: VM types from a catalogue, several runners. Judged on a snapshot, so the numbers are the same anywhere.
. tests/cli/lib.sh
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the helper's sandbox
size() { "$H" size "$@" --facts "$hosts/debian-default"; }
member() { size "$@" -o json | jq -r "$query"; }
types='{"provider":"p","name":"small","vcpus":2,"memory_bytes":4294967296,"price_per_hour":1},
 {"provider":"p","name":"middle","vcpus":4,"memory_bytes":8589934592,"price_per_hour":2},
 {"provider":"p","name":"large","vcpus":8,"memory_bytes":17179869184,"price_per_hour":4.5},
 {"provider":"q","name":"odd","vcpus":1,"memory_bytes":2147483648,"price_per_hour":0.1}'
catalogue() { printf '{"schema":"headroom.catalogue/1","name":"ours","dated":"2026-01-02","currency":"EUR","types":[%s]}' "$1"; }
catalogue "$types" >ours.json

# 20,000 connections of 250 KiB: 4.9 GiB with the kernel's share, 6.5 at 75 %.
plan="ws-client --connections 20000 --lifetime 1h --memory-per-connection 250KiB"
query='.vm.providers[] | select(.provider == "p") | [.single.type, .smaller.type, .smaller.limit, .split.type] | join(" ")'
# shellcheck disable=SC2086  # words
same "the smallest, why the next smaller fails, the cheapest split" "middle small memory middle" \
	"$(member $plan --catalogue ours.json)"
query='.vm.providers[] | select(.provider == "q") | [.single, .split.hosts, .split.cost_per_hour] | tostring'
# shellcheck disable=SC2086
same "a type too small: how many of them" '[null,4,0.4]' "$(member $plan --catalogue ours.json)"
# shellcheck disable=SC2086
check "as text" 0 'p +at least one middle \(4 vCPUs, 8 GiB\), 2.00 per hour' '' size $plan --catalogue ours.json
# shellcheck disable=SC2086
check "the reason as text" 0 'the next smaller, small, can carry 5[0-9](\.[0-9])?% of it: memory' '' \
	size $plan --catalogue ours.json --all
# shellcheck disable=SC2086
check "the built-in catalogue" 0 'common types \(list of 20[0-9-]+, no prices\)' '' size $plan --all
# shellcheck disable=SC2086
same "80 columns" "" "$(size $plan --all | LC_ALL=C.UTF-8 grep -E '.{81}')"
# shellcheck disable=SC2086
same "60 columns, but for the last line" "" "$(COLUMNS=60 size $plan --all | grep -v '^headroom: ' | LC_ALL=C.UTF-8 grep -E '.{61}')"
query='.vm.providers[] | select(.provider == "p") | [.single.type, .single.hosts, .smaller.type, .split.hosts] | join(" ")'
# shellcheck disable=SC2086
same "groups: one that holds all, and one for each" "middle 1 small 3" \
	"$(member $plan --groups a:70%,b:30% --catalogue ours.json)"
check "a limit that no size helps" 0 'the largest, large, can carry [0-9.]+% of it: outgoing ports' '' \
	size ws-client --connections 200k --lifetime 60s --catalogue ours.json --all

# The map is that of one host: its part is the framed cell, which fails as shipped and passes with the values.
# shellcheck disable=SC2016  # variables of jq
query='.map as $m | [$m.plan.column, $m.plan.row] as [$c, $r] | [$m.connections[$c] == .each.plan.connections,
	$m.now[$r][$c].verdict, $m.after[$r][$c].verdict] | map(tostring) | join(" ")'
same "the map of the part of each host" "true fail pass" "$(member ws-client --connections 50000 --lifetime 60s)"
query='.map | [.connections[.plan.column], .now[.plan.row][.plan.column].verdict] | join(" ")'
same "the map of the one host that has it all" "700 pass" "$(member ws-client --connections 700 --lifetime 60s)"
query='[.map.reason != null, (.map | has("now"))] | map(tostring) | join(" ")'
same "stages have no map, and it says why" "true false" "$(member --role client --stages 60s:1000,60s:500)"

check "no such catalogue" 2 '' 'none.json' size default --catalogue none.json
echo '{"types":[]}' >bad.json
check "no schema" 2 '' 'bad.json:1:1: this is not a catalogue' size default --catalogue bad.json
catalogue '' >bad.json
check "no types" 2 '' 'list of 1 to' size default --catalogue bad.json
catalogue '{"name":"x","vcpus":0,"memory_bytes":1}' >bad.json
check "no processors" 2 '' 'bad.json:1:[0-9]+: "vcpus" must be a number above 0' size default --catalogue bad.json
catalogue '{"name":"x","vcpus":1,"memory_bytes":1e300}' >bad.json
check "absurd memory" 2 '' 'bad.json:1:' size default --catalogue bad.json
catalogue '{"name":"x","vcpus":1,"memory_bytes":1,"price":2}' >bad.json
check "a member misspelt" 2 '' 'price' size default --catalogue bad.json
catalogue '{"name":"x","vcpus":1,"memory_bytes":1,"source":"nowhere"}' >bad.json
check "a source that is not there" 2 '' 'no source has the "id" nowhere' size default --catalogue bad.json
catalogue '{"name":"x","provider":"p","vcpus":4,"memory_bytes":9e9,"source":"family-ratio"}' >bad.json
check "a size that was read nowhere" 0 "8.38 GiB by the family's ratio" '' size default --catalogue bad.json
query='[.vm.providers[] | select(.provider == "aws") | .split | .by_ratio, .source.read] | map(tostring) | join(" ")'
same "where a size was read" "false 2026-11-30" "$(member default)"
same "every built-in size has a source" "" "$(jq -r '[.sources[].id, "family-ratio"] as $known |
	.types[] | select(.source | IN($known[]) | not) | .name' "$top/rules/catalogue/vm-types.json")"
catalogue '5' >bad.json
check "a type that is none" 2 '' 'a type must be an object' size default --catalogue bad.json
catalogue '{"name":"\u001b[31m","provider":"\u001b","vcpus":1,"memory_bytes":9e9}' >odd.json
same "hostile names are shown harmless" "" "$(size default --catalogue odd.json | grep "$(printf '\033')")"

# Runners.
query='[.runners.hosts, (.runners.commands[] | .tool, (.per_host | length))] | join(" ")'
same "one command per host" "5 k6 5 vegeta 5 wrk 5" "$(member ws-client --connections 200k --lifetime 60s)"
query='.runners.commands[] | select(.tool == "wrk") | [.per_host[] | capture("-c (?<n>[0-9]+)").n | tonumber] | add'
same "the shares add up" 200000 "$(member ws-client --connections 200k --lifetime 60s)"
query='.runners.commands[] | select(.tool == "k6") | .per_host[-1]'
same "the last segment ends at 1" "k6 run --execution-segment 4/5:1 --execution-segment-sequence 0,1/5,2/5,3/5,4/5,1 script.js" \
	"$(member ws-client --connections 200k --lifetime 60s)"
query=.runners
same "one host: none" null "$(member default)"
query='.runners.commands[0].per_host[1]'
same "the plan's own command, what may be secret masked" "wrk -t4 -c 43333 -d60s 'http://127.0.0.1:8080/*** ***'" \
	"$("$H" size --facts "$hosts/debian-default" -o json -- wrk -t4 -c 130001 -d60s 'http://127.0.0.1:8080/a b' |
		jq -r "$query")"
check "which is said" 0 'replace each [*]{3} with your own value' '' "$H" size --facts "$hosts/debian-default" --all -- wrk -t4 -c 130001 -d60s 'http://127.0.0.1:8080/a'

# The screen: the answer, the values and what to order; commands and files with --all.
screen() { # screen COLUMNS OPTION…: of the plan with most to say
	wide=$1
	shift
	COLUMNS=$wide "$H" size ws-client --connections 50000 --new-conns 500 + http-churn --rps 2000 --ticket CHG7 "$@"
}
own_words() { grep -oE '^  [a-z][a-z0-9_.]*: .*' | grep '→'; }
for wide in 80 120; do
	same "$wide columns: 24 lines" yes "$([ "$(screen $wide | wc -l)" -le 24 ] && echo yes)"
done
same "60 columns: 30 lines" yes "$([ "$(screen 60 | wc -l)" -le 30 ] && echo yes)"
same "no line is wider" "" "$(screen 80 | LC_ALL=C.UTF-8 grep -E '.{81}')"
same "every value is on it" "$(screen 80 --all | own_words)" "$(screen 80 | own_words)"
same "there are some" 3 "$(screen 80 | own_words | wc -l)"
same "a named provider's machine is on it" 1 "$(screen 80 --provider aws | grep -c '^  aws  *at least 2 × c8i.large (2 vCPUs, 4 GiB)$')"
same "the hosts" 1 "$(screen 80 | grep -c '^  Hosts  *at least 66 hosts as shipped, at least 2 with these values$')"
same "what to order comes before the verdict on one machine" \
	"Order at least 2 × c8i.large (aws), with the 3 values below set on each.|One host as shipped: FAIL · 1 warning" \
	"$(screen 80 --provider aws | sed -n '2,3p' | paste -sd '|')"
same "one host that was looked at" "The plan fits this host with the value below.|This host unchanged: FAIL · 1 warning · host as of 2026-11-21" \
	"$(size ws-client --connections 5000 | sed -n '2,3p' | paste -sd '|')"
same "one machine" "Order at least 1 × c8i.large (aws), with the value below set on it." \
	"$("$H" size ws-client --connections 5000 --provider aws | sed -n 2p)"
same "a plan that fits unchanged passes" "PASS|Nothing to set: the plan fits one such machine unchanged." \
	"$("$H" size ws-client --connections 100 | sed -n '2,3p' | paste -sd '|')"
same "the rest is counted" 1 "$(screen 80 | tr '\n' ' ' | sed 's/  */ /g' | grep -c 'More (--all) .*3 changes with their commands')"
same "the last line is last" 1 "$(screen 80 | tail -n 1 | grep -c '^headroom: SIZE hosts=2 ')"
same "commands only with --all" "0 1" "$(echo "$(screen 80 | grep -c 'ulimit -Sn') $(screen 80 --all | grep -c 'ulimit -Sn')")"
same "nothing is counted or cut with --all" 0 "$(screen 80 --all | grep -c -e 'More (--all)' -e ' …$')"

# Files for whoever orders the machines.
SOURCE_DATE_EPOCH=1767225600
export SOURCE_DATE_EPOCH
check "files" 0 '' 'wrote out/headroom.auto.tfvars.json' size ws-client --connections 200k --lifetime 60s \
	--catalogue ours.json --emit terraform,startup-script,cloud-init --dir out
same "Terraform variables, for the type that is ordered" "odd 5 54000 6000 60999 1" \
	"$(jq -r '[.headroom_instance_type, .headroom_instance_count, .headroom_nofile, .headroom_sysctls["net.ipv4.ip_local_port_range"],
		.headroom_sysctls["net.ipv4.tcp_tw_reuse"]] | join(" ")' out/headroom.auto.tfvars.json)"
same "user data is the cloud-init file" "" "$(jq -r .headroom_user_data out/headroom.auto.tfvars.json | cmp - out/cloud-init.yaml 2>&1 |
	grep -v 'EOF on out/cloud-init.yaml')"
same "the startup script is one" "" "$(sh -n out/startup.sh 2>&1)"
check "to standard output" 0 '"headroom_instance_type": "odd"' '^headroom: SIZE hosts=5 per_host=40000 today=264 type=odd$' \
	size ws-client --connections 200k --lifetime 60s --catalogue ours.json --emit terraform
check "an unknown kind" 2 '' 'is not one of: .*terraform' size default --emit teraform
same "the count is the least" "At least so many: the CPU time and memory that the load tool needs for itself are not counted. Measure one host before you order." \
	"$(jq -r .headroom_instance_count_note out/headroom.auto.tfvars.json)"

# What the tool itself needs.
own() { "$H" size --facts "$hosts/debian-default" "$@"; }
cat >users.py <<'END'
from locust import FastHttpUser, task, constant
class U(FastHttpUser):
    wait_time = constant(1)
    host = "http://10.0.0.5"
    @task
    def t(self): self.client.get("/")
END
check "a tool that one core ends" 0 'at least 34 hosts like this one; nothing has to be set on them' '' \
	own -- locust -f users.py --headless -u 100000 -r 500
check "and why" 0 'A Locust process uses one core' '' own --all -- locust -f users.py --headless -u 100000 -r 500
query='[.hosts_at_least.memory_counted, (.hosts_at_least.because | test("Locust process uses one core"))] | tostring'
same "as JSON" '[true,true]' "$(own -o json -- locust -f users.py --headless -u 100000 -r 500 | jq -r "$query")"
query=.hosts_at_least.memory_counted
same "memory that is not known" false "$(member ws-client --connections 10000)"
check "is said to be missing" 0 'memory is not known' '' size ws-client --connections 10000 --all

# One test, by its command and by its name.
echo 'import http from "k6/http"; export default function () { http.get("http://10.0.0.5/"); }' >load.js
query='[.verdict, (.memory.needed_bytes / 1073741824 | floor), .hosts_needed.now] | join(" ")'
same "k6 by command" "fail 29 2" "$(own --no-inspect -o json -- k6 run --vus 10000 --duration 5m load.js | jq -r "$query")"
same "k6 by name" "fail 29 2" "$(member k6 --connections 10000)"

# What the tool needs for itself: cores and machines by what is written about it. By hand, at 75% of 2 cores: 10,000
# users of Locust at 2,018 for each core are 5 cores, 3.3 hosts; 200,000 threads of JMeter at 2,000 are 100 machines.
cat >own.py <<'END'
from locust import HttpUser, constant, task


class Visitor(HttpUser):
    wait_time = constant(1)
    host = "http://10.0.0.1"

    @task
    def visit(self):
        self.client.get("/")
END
cat >own.jmx <<'END'
<?xml version="1.0"?>
<jmeterTestPlan version="1.2"><hashTree><TestPlan testclass="TestPlan" testname="p" enabled="true"/><hashTree>
<ThreadGroup testclass="ThreadGroup" testname="g" enabled="true"><elementProp name="ThreadGroup.main_controller"
elementType="LoopController"><intProp name="LoopController.loops">-1</intProp></elementProp>
<stringProp name="ThreadGroup.num_threads">${__P(threads,200000)}</stringProp>
<stringProp name="ThreadGroup.ramp_time">300</stringProp><boolProp name="ThreadGroup.scheduler">true</boolProp>
<stringProp name="ThreadGroup.duration">600</stringProp></ThreadGroup><hashTree>
<HTTPSamplerProxy testclass="HTTPSamplerProxy" testname="h" enabled="true">
<stringProp name="HTTPSampler.domain">10.0.0.1</stringProp><stringProp name="HTTPSampler.port">80</stringProp>
<stringProp name="HTTPSampler.method">GET</stringProp><boolProp name="HTTPSampler.use_keepalive">true</boolProp>
</HTTPSamplerProxy><hashTree/></hashTree></hashTree></hashTree></jmeterTestPlan>
END
cat >own.js <<'END'
import { browser } from 'k6/browser';
export const options = { scenarios: { ui: { executor: 'constant-vus', vus: 50, duration: '5m',
	options: { browser: { type: 'chromium' } } } } };
export default async function () {
	const page = await browser.newPage();
	await page.goto('http://10.0.0.1/');
	await page.close();
}
END
query='[.hosts_needed.after_fixes, .hosts_at_least.own_hosts, .each.hosts] | map(tostring) | join(" ")'
needs() { "$H" size --facts "$hosts/debian-default" --no-history -o json "$@" | jq -r "$query"; }
same "Locust: 10,000 users are 5 cores" "4 4 4" "$(needs -- locust -f own.py --headless -u 10000 -r 500)"
same "Locust: what one core does" "1 1 null" "$(needs -- locust -f own.py --headless -u 2000 -r 500)"
same "JMeter: 2,000 threads on a machine" "100 100 100" "$(needs -- jmeter -n -t own.jmx -l own.jtl)"
same "JMeter: 75,000 threads" "38 38 38" "$(needs -- jmeter -n -t own.jmx -Jthreads=75000 -l own.jtl)"
same "k6: 10 browsers on a core" "4 4 4" "$(needs --connections 300 --destinations 10.0.0.1:80 -- k6 run own.js)"
same "k6: memory asks for more than its guide" "21 3 21" "$(needs k6 --connections 120000)"
same "k6: 300,000 requests/s of a machine" "2 2 2" "$(needs k6 --connections 100 --rps 600000)"
same "of others nothing is counted" "1 null null" "$(needs -- wrk -c 100 -t 4 -d 60s http://10.0.0.1/)"
check "whose figure it is" 0 "take 5 cores \\(what one" '' \
	"$H" size --facts "$hosts/debian-default" -- locust -f own.py --headless -u 10000 -r 500
check "what is planned of the cores" 0 "Of a host's cores 75%" '' \
	"$H" size --facts "$hosts/debian-default" --all -- locust -f own.py --headless -u 10000 -r 500
check "nothing to set, but several" 0 'at least 4 hosts' '' \
	"$H" size --facts "$hosts/debian-default" -- locust -f own.py --headless -u 10000 -r 500
query='.vm.providers[] | select(.provider == "p") | [.single.type, .smaller.limit, .split.hosts] | map(tostring) | join(" ")'
catalogue "$types" >ours.json
same "types by their processors" "large CPU 2" "$(needs --catalogue ours.json -- locust -f own.py --headless -u 10000 -r 500)"
mkdir -p more-rules
cat >more-rules/own.json <<'END'
{"kind": "tool", "id": "k6", "title": "k6", "own_rates": [{"of": "users", "per": "host", "most": 0, "by": "nobody"}],
 "results": {"form": "k6"}, "sources": [{"title": "none"}]}
END
check "a figure of nothing" 2 '' '"most" must be 1 or more' "$H" rules lint --rules more-rules

# A machine that does not exist yet: 50,000 WebSockets at 500 new/s plus 2,000 requests/s without keep-alive, from new
# VMs. By hand: of the largest port range, 64,511 ports, 75% are safe, 48,383, and the WebSockets alone take 50,000: two
# machines. Each has 25,000 of them and 100 that it opens anew each second, 1,000 in all. With 4 GiB the kernel keeps no
# more than 16,384 sockets in TIME_WAIT, and 41,384 ports would do; with 8 GiB it keeps twice as many, and they would not.
# So TIME_WAIT is taken over on both (tcp_tw_reuse 1): 25,000 + 1,484 ports are 74% of the 36,000 of 25000-60999. It opens 25,100 connections and 10 files of its own: 33,480 descriptors at 75%, 34,000 rounded up.
new() { "$H" size ws-client --connections 50000 --new-conns 500 + http-churn --rps 2000 "$@"; }
query='[.image, .hosts_needed.after_fixes, .vm.providers[].provider, .vm.providers[0].split.hosts] | map(tostring) | join(" ")'
same "what to order, in one command" "ubuntu-24.04 2 aws 2" "$(new --image ubuntu-24.04 --provider aws -o json | jq -r "$query")"
query='[.values[] | select(.key == "net.ipv4.tcp_tw_reuse" or .key == "limits.nofile.soft") | .from, .to] | sort | map(tostring) | join(" ")'
same "from what a stock image has" "1 2 1024 34000" "$(new --image ubuntu-24.04 --provider aws -o json | jq -r "$query")"
query='[.values[] | .key, .to] | map(tostring) | join(" ")'
part() { # part GIB BUCKETS: of one of the two machines
	"$H" size ws-client --connections 25000 --new-conns 250 + http-churn --rps 1000 --image ubuntu-24.04 \
		--set memory.total="$(($1 * 1041529569))" --set net.ipv4.tcp_max_tw_buckets="$2" -o json | jq -r "$query"
}
always="limits.nofile.soft 34000 net.ipv4.tcp_tw_reuse 1 net.ipv4.ip_local_port_range 25000 60999"
same "few TIME_WAIT buckets do not stand in for a setting" "$always" "$(part 4 16384)"
same "the same where there are more of them" "$always" "$(part 8 32768)"
check "why it is set" 0 'Without it the plan would rely on a side effect' '' new --image ubuntu-24.04 --provider aws --all
query='[.verdict, (.fixes[] | select(.advisory) | .id, .behind)] | join(" ")'
same "a plan that fits is not told to lift what it leans on" "pass tw-reuse time-wait-buckets" "$("$H" audit ws-client \
	--connections 20000 --new-conns 250 + http-churn --rps 1000 --image debian-12 --set net.ipv4.tcp_max_tw_buckets=16384 \
	--set limits.nofile.soft=500000 --set "net.ipv4.ip_local_port_range=5000 60999" --no-history -o json | jq -r "$query")"
check "each machine's part" 0 'ws-client: 25,000 connections, 250 new/s' '' new --image ubuntu-24.04 --provider aws
check "one provider alone" 0 '^  aws ' '' new --image ubuntu-24.04 --provider aws
same "and no other" "" "$(new --image ubuntu-24.04 --provider aws | grep -E '^  (azure|gcp|github)')"
check "its files" 0 '' 'user data of a new machine$' new --image ubuntu-24.04 --provider aws --emit terraform,cloud-init --dir vm
same "text, variables and user data agree" "2 34000" \
	"$(jq -r '[.headroom_instance_count, .headroom_nofile] | join(" ")' vm/headroom.auto.tfvars.json)"
check "the user data raises what the image lacks" 0 'soft nofile 34000' '' cat vm/cloud-init.yaml
check "nothing of a tuned host is taken" 0 'soft nofile 17000' 'SIZE hosts=1 per_host=12000 today=16 image=debian-12$' \
	"$H" size ws-client --connections 12000 --lifetime 1h --image debian-12 --emit cloud-init
same "its listeners neither" "" "$("$H" size ws-client --connections 50000 --lifetime 1h --image debian-12 --emit sysctl -q | grep reserved)"
same "no type for everybody" "true null" "$(new --image debian-12 --emit terraform -q |
	jq -r '[(.headroom_instance_type_note | test("not chosen")), .headroom_instance_type] | map(tostring) | join(" ")')"
query='.facts[] | select(.key == "net.core.somaxconn" or .key == "net.ipv4.tcp_mem.max") | .where'
known() { "$H" audit ws-client --connections 500 --image "$1" --no-history -o json | jq -r "$query" | tr '\n' ,; }
same "what was captured says so" "captured on 2026-11-30,computed from its memory," "$(known debian-12)"
same "what was not, too" "documented, as of 2026-11-30,computed from its memory," "$(known al2023)"
check "how it was captured" 0 'Captured from a' '' "$H" audit ws-client --connections 500 --image debian-13 --all
check "audit of an image" 3 'for a new machine: Amazon Linux 2023, as of' '' "$H" audit ws-client --connections 5000 --image al2023 --all
check "the runner of that name" 0 'the plan fits one such machine unchanged' '' "$H" size ws-client --connections 5000 --image ubuntu-24.04 --provider github
check "no such image" 2 '' 'unknown image "ubunto-24.04"' "$H" size default --image ubunto-24.04
check "not one of Windows" 2 '' 'only Linux images' "$H" size default --image windows-2022
check "not with facts" 2 '' 'leave out --facts' "$H" size default --image debian-12 --facts "$hosts/debian-default"
check "no such provider" 2 '' 'the catalogue has: aws' "$H" size default --provider ibm
new --image ubuntu-24.04 --provider aws --emit terraform,terraform-variables --dir tf -q
same "every variable is declared" "$(jq -r keys[] tf/headroom.auto.tfvars.json | sort)" \
	"$(sed -n 's/^variable "\(.*\)" {$/\1/p' tf/headroom.variables.tf | grep -v type_note | sort)"
check "the memory of all, and of each" 0 'MiB needed, 3.59 GiB available on each host' '' \
	new --image ubuntu-24.04 --provider aws --all
check "a file with nothing in it says for which machine" 0 'not like it: headroom size PLAN --image' 'hosts=1' \
	"$H" size default --facts "$hosts/debian-default" --connections 10 --emit cloud-init

# Files of size are for new machines, whatever this one has: without a word about the machine it is one with a stock image.
plain() { "$H" size ws-client --connections 12000 --lifetime 1h "$@"; }
query='[.image, .image_chosen, (.machine | test("Debian 12")), (.values[0] | .from, .to)] | map(tostring) | join(" ")'
same "a stock image where nothing is named" "debian-12 true true 1024 17000" "$(plain -o json | jq -r "$query")"
check "which is said, with the way out" 0 'own values: --image here' '' sh -c "'$H' size ws-client --connections 12000 | tr '\n' ' ' | sed 's/  */ /g'"
check "its last line as well" 0 '^headroom: SIZE hosts=1 per_host=12000 today=16 image=debian-12$' '' plain
same "alone with --quiet" "headroom: SIZE hosts=1 per_host=12000 today=16 image=debian-12" "$(plain -q)"
check "the files have every value" 0 'soft nofile 17000' 'hosts=1' plain --emit cloud-init
same "the runners of GitHub have an image of their own" ubuntu-24.04 "$(plain --provider github -o json | jq -r .image)"
same "this host, where it is asked for" "null false null" "$(plain --image here -o json | jq -r '[.image, .image_chosen, .machine] | map(tostring) | join(" ")')"
same "or where only it can tell" "null null null" "$(for one in "--pid $$" "--facts $hosts/debian-default" "--facts here.json"; do
	[ "$one" != "--facts here.json" ] || "$H" facts -o here.json -q
	# shellcheck disable=SC2086 # an option and its value
	plain $one -o json | jq -r .image
done | tr '\n' ' ' | sed 's/ $//')"
check "an image, or a machine that is there" 2 '' 'leave out --facts' plain --image debian-12 --pid $$

# One answer, in every form.
if command -v python3 >/dev/null; then
	python3 "$top/tests/cli/size_agrees.py" "$H" ours.json "$hosts/debian-default"
else
	skip "text, JSON, Terraform and cloud-init agree" "python3 is not installed"
fi
query='[.order.hosts, .each.hosts, .each.plan.connections] | map(tostring) | join(" ")'
same "groups are divided: two machines for each" "6 6 35000" "$(member ws-client --connections 200000 --lifetime 1h --groups a:35%,b:35%,c:30%)"
same "groups have no equal commands" null "$(size ws-client --connections 200000 --groups a:70%,b:30% -o json | jq .runners)"

# What describes a command in the current directory is divided with it: the command alone is judged beside it.
mkdir checkout
digest=$(printf 'wrk\0-t4\0-c130001\0-d60s\0http://10.0.0.5/\0' | sha256sum | cut -d ' ' -f 1)
printf '{"schema": "headroom.lock/1", "commands": {"%s": {"command": "wrk", "learned": "2026-01-02T03:04:05Z", "workload": {"latency_s": 0.1}}}}' \
	"$digest" >checkout/workload.lock.json
query='[.order.hosts, .each.hosts, .each.plan.connections] | map(tostring) | join(" ")'
same "a plan that workload.lock.json describes is divided" "3 3 43334" \
	"$(cd checkout && "$H" size --facts "$hosts/debian-default" -o json -- wrk -t4 -c130001 -d60s http://10.0.0.5/ | jq -r "$query")"
