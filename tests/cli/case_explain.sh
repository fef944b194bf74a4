# shellcheck shell=sh
# explain, facts, rules, size.
# shellcheck shell=sh
. tests/cli/lib.sh
host="--facts $hosts/debian-default"
mkdir mine bad wrong
cat >mine/x.json <<'END'
{"kind": "limit", "id": "my-limit", "title": "Widgets", "unit": "widgets", "scope": "host", "severity": "advisory",
 "consequence": "degrade", "applies": "true", "demand": "live", "capacity": "1000", "why": "A test.",
 "breaks_as": "it needs more widgets than there are", "error": "no widgets",
 "sources": [{"title": "this test"}],
 "examples": [{"facts": {"limits.nofile.soft": 1024}, "workload": {"role": "client", "connections": 10},
  "expect": {"resources.my-limit.demand": 10}}]}
END
sed 's/"resources.my-limit.demand": 10/"resources.my-limit.demand": 5/' mine/x.json >wrong/x.json
echo '{"kind": "limit", "id": 5}' >bad/x.json
# shellcheck disable=SC2086 # $host is two words
{
	check "explain lists" 0 '^  ephemeral-ports ' '' "$H" explain $host
	same "the first list fits a screen" "" "$("$H" explain $host | LC_ALL=C.UTF-8 awk 'NR > 24 || length > 80')"
	check "and names the others" 0 'headroom explain changes +[1-9]' '' "$H" explain $host
	check "one of them" 0 '^  tw-reuse ' '' "$H" explain changes $host
	same "no other" "" "$("$H" explain changes $host | grep -E '^  (ws-client|time-wait-120) ')"
	check "the older word" 0 '^  tw-reuse ' '' "$H" explain fixes $host
	check "a change of macOS says so" 0 '^  macos-source-addresses .*\(macOS\)' '' "$H" explain changes $host
	check "presets have a line each" 0 '^  ws-client +WebSocket' '' "$H" explain presets $host
	same "all lists, by word and by option" "" "$("$H" explain all $host >all.txt; "$H" explain --all $host | diff all.txt -)"
	same "of every kind" 7 "$(grep -c '^[A-Z]' all.txt)"
	check "a limit, with numbers" 0 '^capacity .*28,232' '' "$H" explain ephemeral-ports $host
	check "a limit, with the plan's numbers" 0 '^demand .*30,000' '' "$H" explain ephemeral-ports $host \
		--connections 15000 --lifetime 60s
	check "by errno" 0 '^ephemeral-ports \(limit\)' '' "$H" explain EADDRNOTAVAIL $host
	check "by message" 0 '^ephemeral-ports \(limit\)' '' "$H" explain "Cannot assign requested address" $host
	check "by message, not quoted" 0 '^process-fds \(limit\)' '' "$H" explain too many open files $host
	check "a fix" 0 '^undo ' '' "$H" explain tw-reuse $host
	check "a finding that is not so here" 0 'TIME_WAIT stays at' '' "$H" explain tcp-fin-timeout $host
	check "a finding of this host" 0 '^fact .*is 30 s' '' "$H" explain tcp-fin-timeout $host \
		--set net.ipv4.tcp_fin_timeout=30
	check "a text of a log is for why" 3 '^headroom: WHY none$' '' "$H" explain all is well $host
	"$H" rules list | while read -r kind id _; do
		case $kind in limit | fix | myth) "$H" explain "$id" $host || echo "{$id}" ;; esac
	done >explained 2>&1
	same "no placeholder is left, and no text of one" "" "$(grep -E '\{|\bfact:|old_range|reserve_line' explained)"
	same "values that a fix changes are those of this host" 'undo       sysctl -w net.ipv4.ip_local_port_range="32768 60999"' \
		"$("$H" explain port-range $host | grep '^undo')"
	check "a ready workload" 0 'headroom audit ws-client' '' "$H" explain ws-client $host
	check "a cloud NAT" 0 '^ports .*55,000' '' "$H" explain aws-nat-gateway $host
	check "nothing" 2 '' 'did you mean conntrack\?' "$H" explain contrack $host
	check "no name" 2 '' 'no name was given' "$H" explain "" $host
	check "a name in capitals" 0 '^ephemeral-ports \(limit\)' '' "$H" explain EPHEMERAL-PORTS $host
	"$H" explain snat-ports $host >both
	same "a limit and a change of one name" "limit change" \
		"$(sed -n 's/^snat-ports (\([a-z]*\)).*/\1/p' both | paste -sd ' ')"

	# Settings: by any of their names.
	loadgen="--facts $hosts/tuned-loadgen"
	for word in net.core.somaxconn net/core/somaxconn /proc/sys/net/core/somaxconn NET.CORE.SOMAXCONN; do
		check "a setting: $word" 0 '^decides +accept-queue: ' '' "$H" explain "$word" $loadgen
	done
	check "its value" 0 '^value +65,535 \(from /proc/sys/net/core/somaxconn\)' '' "$H" explain net.core.somaxconn $loadgen
	check "the file that sets it" 0 '^at boot +/etc/sysctl.d/90-loadgen.conf:4 sets 65,535' '' \
		"$H" explain net.core.somaxconn $loadgen
	check "another value" 0 '^value +128 ' '' "$H" explain net.core.somaxconn $loadgen --set net.core.somaxconn=128
	check "the change that sets it" 0 '^changes +tw-reuse: ' '' "$H" explain tcp_tw_reuse $host
	check "the notes on it" 0 '^ +tw-reuse-bind: ' '' "$H" explain tcp_tw_reuse $host
	check "a change and a setting of one name" 0 '^net.core.somaxconn \(setting\)' '' "$H" explain somaxconn $host
	for word in nofile ulimit "ulimit -n" LimitNOFILE; do
		check "open files: $word" 0 'limits.nofile.soft = 1,024' '' "$H" explain "$word" $host
	done
	check "all of several" 0 'net.ipv4.tcp_mem.pressure = ' '' "$H" explain tcp_mem $host
	check "of Erlang" 0 '^decides +erlang-ports' '' "$H" explain +Q $host
	check "of a program" 0 '^changes +nginx-worker-connections: ' '' "$H" explain worker_connections $host
	check "no setting" 3 '^headroom: WHY none$' '' "$H" explain /proc/sys/ $host
	check "too short to mean one" 3 '^headroom: WHY none$' '' "$H" explain max $host

	# Formulas: in words, and with what their names mean.
	for limit in $("$H" help --words limits); do
		"$H" explain "$limit" $host
		"$H" explain "$limit" $host --connections 1000 --lifetime 10s
		"$H" explain "$limit" $host --connections 1000 --lifetime 10s --role server
	done | sed -n '/^\(demand\|capacity\)/,/^[a-z]*[^dc ]/p' >formulas
	same "no condition is shown" "" "$(grep -E 'if\(|known\(' formulas)"
	same "and no term that adds nothing" "" "$(grep -E ' [+−] 0($|[)]| [+−=])' formulas)"
	check "in words" 0 '^demand +open connections, plus closed ones' '' "$H" explain conntrack $host
	check "with the values of the host" 0 'time_wait: 120 s' '' \
		sh -c "'$H' explain conntrack $host --set net.netfilter.nf_conntrack_tcp_timeout_time_wait=120 | tr -s ' \n' ' '"
	check "a legend" 0 '^where +live = open connections$' '' "$H" explain ephemeral-ports $host --connections 10 --lifetime 60s

	check "facts" 0 '^  net.core.somaxconn  *4,096$' '' "$H" facts $host
	check "facts, where from" 0 'from .*/proc/sys/net/core/somaxconn' '' "$H" facts $host --all
	check "keys" 0 '^net.core.somaxconn  \(count\)$' '' "$H" facts --keys
	check "facts to a file" 0 '' '' "$H" facts $host -o facts.json
	same "the facts file gives the same verdict" "$("$H" audit $host --connections 15000 -q)" \
		"$("$H" audit --facts facts.json --connections 15000 -q)"
	check "facts take no argument" 2 '' 'facts takes no argument' "$H" facts x
	check "facts in a format they lack" 2 '' 'cannot write pdf' "$H" facts -o x.pdf
	check "a snapshot" 0 '' 'to audit it: headroom audit --facts' "$H" facts --snapshot snap
	check "it can be audited" 0 '^headroom: AUDIT' '' "$H" audit --facts snap
	check "not over something" 2 '' 'snap' "$H" facts --snapshot snap

	check "rules" 0 '^limit +ephemeral-ports' '' "$H" rules
	check "rules list" 0 '^fix +tw-reuse' '' "$H" rules list
	check "rules of one's own" 0 '^limit .*my-limit' '' "$H" rules list --rules mine
	check "rules that are bad" 2 '' 'bad/x.json:1:' "$H" rules lint --rules bad
	check "one rule's examples" 0 '^[1-9][0-9]* passed, 0 failed' '' "$H" rules test ephemeral-ports
	check "an example that fails" 3 'expected 5, found' '' "$H" rules test my-limit --rules wrong
	check "no such rule" 2 '' 'did you mean ephemeral-ports\?' "$H" rules test ephemeral-port
	check "no such action" 2 '' 'expected list, lint or test' "$H" rules lst

	check "size" 0 'limits.nofile.soft: 1,024 ' '' "$H" size $host --connections 15000
	check "size as JSON" 0 'headroom.size/1' '' "$H" size $host --connections 15000 -o json
	check "size needs a plan" 2 '' 'size needs a plan' "$H" size $host
	check "size: nothing to set" 0 'Nothing to set' '' "$H" size $host --connections 10
	same "size: 80 columns" "" "$("$H" size $host --connections 100k | LC_ALL=C.UTF-8 grep -E '.{81}')"
}
