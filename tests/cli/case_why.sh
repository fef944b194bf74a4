# why: from a log line, a snapshot or this host to the limit behind it.
# shellcheck shell=sh disable=SC2016
. tests/cli/lib.sh
host="--facts $hosts/debian-default"
# shellcheck disable=SC2086 # $host is two words
{
	check "a log line" 0 '^ephemeral-ports \(limit\)' '' "$H" why $host \
		"dial tcp 10.0.0.5:80: connect: cannot assign requested address"
	check "words that are not quoted" 0 '^process-fds \(limit\)' '' "$H" why too many open files $host
	check "a line that begins like an option" 0 '^threads \(limit\)' '' "$H" why $host \
		"-bash: fork: retry: Resource temporarily unavailable"
	check "an option that is none" 2 '' 'unknown option --nonsense' "$H" why $host --nonsense="a b"
	check "blanks around it" 0 '^ephemeral-ports \(limit\)' '' "$H" why $host "  cannot assign requested address "
	check "the last line" 0 '^headroom: WHY ephemeral-ports 0%$' '' "$H" why -q $host EADDRNOTAVAIL
	check "a text of nothing" 3 '^headroom: WHY none$' '' "$H" why $host "all is well"
	check "a text of nothing has a next step" 3 '^  Next  *Ask on the host itself' '' "$H" why $host "all is well"
	check "a host on which nothing is full" 3 'Nothing on this host is full' '' "$H" why $host
	check "an empty text" 2 '' 'the text is empty' "$H" why $host " "
	check "an empty standard input" 2 '' 'the text is empty' "$H" why $host -
	same "a command stands alone, with nothing of the sentence in it" "on the other host, run:|nstat -az TcpExtTCPAbortOnMemory TcpExtListenOverflows" \
		"$("$H" why $host "read: connection reset by peer" | sed -n '/on the other host/{N;s/  */ /g;s/^ //;s/\n /|/;p;}')"
	same "one other cause has no order" 1 "$("$H" why $host "read: connection reset by peer" | grep -c '^Or:$')"
	check "several have" 3 '^Or, in this order:$' '' "$H" why $host "connection timed out"
	"$H" why $host --set netstat.TcpExt.ListenOverflows=7 >before
	check "hit since boot is not full now" 0 '^  Nothing on this host is full or nearly full now. Since boot, 1 limit was hit.' '' cat before
	same "the last line does not deny it" "headroom: WHY none hypothetical=1 since_boot=1" "$(tail -n 1 before)"
	same "what to do next" 1 "$(grep -c '^  Next  *A count since boot does not say when' before)"
	"$H" why $host --set netstat.TcpExt.ListenOverflows=7 -o md >before
	same "in Markdown its command is code" 'headroom why "LOG LINE"' "$(sed -n '/What to do next/,$p' before | sed -n '/^```sh$/{n;p;q;}')"
	neighbors() { "$H" why $host "neighbour: $1: neighbor table overflow!" --set neighbours.count=1000 --set neighbours.ipv6.count=900 \
		--set net.ipv4.neigh.default.gc_thresh3=1024 --set net.ipv6.neigh.default.gc_thresh3=1024 -o json |
		jq -r '.causes[0] | [.now.by, .fixes[].id, .remedies[].id] | unique | join(" ")'; }
	same "the neighbor table of IPv6" "IPv6 gc-thresh3-ipv6" "$(neighbors ndisc_cache)"
	same "the neighbor table of IPv4" "IPv4 gc-thresh3" "$(neighbors arp_cache)"
	check "with its command" 0 'Fix now *sysctl -w net.ipv6.neigh.default.gc_thresh3=2048$' '' "$H" why $host \
		"neighbour: ndisc_cache: neighbor table overflow!" --set neighbours.ipv6.count=1000 \
		--set net.ipv6.neigh.default.gc_thresh3=1024
	check "as JSON" 0 '"schema":.*headroom.why/1' '' "$H" why $host EADDRNOTAVAIL -o json
	check "how old a snapshot is" 0 '^  Host as of' '' "$H" why $host EADDRNOTAVAIL
	same "no two causes share a rank" "1 2 3 4 5" "$("$H" why $host "connection timed out" -o json | jq -r '[.causes[].rank] | join(" ")')"
	check "as Markdown" 0 '^ephemeral-ports \(limit\): ' '' "$H" why $host EADDRNOTAVAIL -o md
	check "as a page" 0 '<p>ephemeral-ports \(limit\): ' '' "$H" why $host EADDRNOTAVAIL -o html
	check "no other formats" 2 '' 'this command cannot write png' "$H" why $host EADDRNOTAVAIL -o why.png
	check "several files" 0 '^ephemeral-ports' '' "$H" why $host EADDRNOTAVAIL -o why.md -o why.html -o why.json
	same "all are written" 3 "$(grep -l 'Outgoing ports: 0 of' why.md why.html why.json | wc -l)"
	check "the line is not shown" 0 '^process-fds' '' "$H" why $host "amqp://me:hunter2@db:5672/: too many open files" -o json:why.json
	same "nowhere" "" "$(grep hunter2 why.json why.md why.html)"
	"$H" why $host "dial tcp db.internal.example:5432: connection timed out" --redact -o md >redacted
	same "--redact" "0 1" "$(grep -c internal redacted) $(grep -c 'ping host-2' redacted)"
	check "commands to a runner are not passed on" 0 '^process-fds' '' "$H" why $host "::error ::x ##vso[x] dial tcp ##vso[y]:80: too many open files"
	same "nor in a file" "" "$("$H" why $host "::error ::x dial tcp ##vso[y]:80: too many open files" -o json | grep -E '::error|##vso')"
	check "bytes that are no text" 3 '^headroom: WHY none$' '' "$H" why $host "$(printf '\377\376\001\002')"
	check "what is assumed" 0 ' hypothetical=1$' '' "$H" why -q $host EMFILE --set limits.nofile.soft=3
	check "a full table comes first" 0 '^headroom: WHY conntrack 100%' '' "$H" why $host "nf_conntrack: table full" -q \
		--set net.netfilter.nf_conntrack_max=1000 --set net.netfilter.nf_conntrack_count=1000
	check "without a line, what is full" 0 '^conntrack \(limit\)' '' "$H" why $host \
		--set net.netfilter.nf_conntrack_max=1000 --set net.netfilter.nf_conntrack_count=1000
}
echo '{"schema":"headroom.facts/2","facts":{}}' >empty.json
check "a host of which nothing is known" 4 '^headroom: WHY unseen$' '' "$H" why --facts empty.json
{
	python3 -c 'print("a" * 1048576 + " [Errno 24] Too many open files")'
} >long
same "a line of a MiB" "headroom: WHY process-fds <1%" "$("$H" why - --facts "$hosts/debian-default" -q <long)"
printf 'nul \000 in it: too many open files\n' >nul
same "a NUL" "headroom: WHY process-fds <1%" "$("$H" why - --facts "$hosts/debian-default" -q <nul)"
check "no such process" 2 '' 'no such process' "$H" why --pid 4194303 EMFILE
# A text that names no process, of a limit that each has: the fullest one is told, and not blamed.
"$H" why "accept4: too many open files" >whose
if grep -q '^? NOT FULL NOW' whose; then
	check "whose limit it was is not known" 0 '^? NOT FULL NOW  Open files \(process\): the text does not name the process' '' cat whose
	same "no process is changed for it" 0 "$(grep -c -e '^  Fix' -e prlimit -e '^  Permanent' whose)"
	check "how to name it" 0 '^ +headroom why --pid PID "LOG LINE"$' '' cat whose
else
	skip "whose limit it was" "the files of a process are used up here"
fi
"$H" why --pid $$ "accept4: too many open files" >whose
same "once it is named" "0" "$(grep -c 'LOG LINE' whose)"
same "a process that no login started has no line of limits.d" 0 "$("$H" why --pid 1 "accept4: too many open files" | grep -c '/etc/security/limits.d')"
"$H" why "all is well, and nobody knows this text" >next
if grep -q 'nothing .*is full' next; then
	same "nothing is full: three ways to go on" "headroom why --pid PID|headroom why --for 60s|headroom watch" \
		"$(sed -n 's/^ *\(headroom w[a-z].*\)$/\1/p' next | paste -sd '|')"
fi
# shellcheck disable=SC2086
{
	check "of a snapshot: on the host itself" 3 '^ +headroom why --for 60s$' '' "$H" why $host
	check "how many limits are not full" 3 '^  Ruled out  [0-9]+ limits are not full; the fullest: Memory ' '' "$H" why $host
	same "with --all there is no fullest" 0 "$("$H" why $host --all | grep -c 'the fullest')"
	check "a limit that is called like a state" 0 'fullest: TIME_WAIT limit 9.3% of' '' \
		"$H" why EADDRNOTAVAIL --facts "$top/tests/docs/ports-used-up.json"
	check "an id is not said twice" 0 '^ephemeral-ports \(limit\): for details, run headroom explain ephemeral-ports$' '' \
		"$H" why $host EADDRNOTAVAIL
}
printf 'one\nOSError: [Errno 24] Too many open files\n' >lines
same "lines on standard input" "headroom: WHY process-fds <1%" \
	"$("$H" why - --facts "$hosts/debian-default" -q <lines)"
"$H" why -o json:here.json >out 2>err
code=$?
[ $code -ne 3 ] || code=0
same "this host: a cause, or none" 0 $code
same "and nothing else is said" "" "$(cat err)"
# Whatever this host has just now: commands and lines of files are to be pasted, and a word of the kernel's log stays whole.
jq -r '.. | objects | (.commands?, .lasting?) | arrays | .. | strings | split("\n")[] | select(. != "")' here.json >pasted
same "this host: 80 columns, but for what is to be pasted" "" "$(LC_ALL=C.UTF-8 grep -E '.{81}' out | grep -vFf pasted | grep -vE '^ *[^ ]+$')"

# What ends it, in a form that can be pasted: the host is a snapshot, so no process is named.
full="--set net.netfilter.nf_conntrack_max=1000 --set net.netfilter.nf_conntrack_count=1000"
fix="sysctl -w net.netfilter.nf_conntrack_max=2048"
# shellcheck disable=SC2086
{
	check "the fix" 0 "^  Fix now    $fix\$" '' "$H" why $host $full
	check "and how it stays" 0 '^ {15}net.netfilter.nf_conntrack_max = 2048$' '' "$H" why $host $full
	"$H" why $host $full -o why.md -o why.json >/dev/null
	same "in Markdown as code" "$fix" "$(sed -n '/^```sh$/,/^```$/p' why.md | sed -n 2p)"
	same "in JSON" "conntrack-max now true [\"$fix\"]" \
		"$(jq -r '.causes[0].remedies[0] | "\(.id) \(.reach) \(.sure) \(.commands)"' why.json)"
	check "no process that a snapshot may have had is changed" 0 '^  Fix  +ulimit -Sn [0-9]+$' '' "$H" why $host \
		--set process.fds_below_soft=1024 --set limits.nofile.soft=1024 --set limits.nofile.hard=4096
}

# What stays, of two settings: each stands for itself, and as an option of the engine each has one.
lasting() { "$H" why --facts "$hosts/$1" -o json "dial tcp 10.0.0.5:80: connect: cannot assign requested address" | jq -r '.causes[0].remedies[0].lasting[0]'; }
if ! command -v jq >/dev/null; then
	skip "what stays" "jq is not installed"
else
	same "two settings of one fix, in a file" \
		"net.ipv4.ip_local_reserved_ports = 35000,45000 and net.ipv4.ip_local_port_range = 4000 60999 in /etc/sysctl.d/99-zz-headroom.conf" "$(lasting ipv6-listeners)"
	same "and in a container" \
		"--sysctl net.ipv4.ip_local_reserved_ports=40500-40509,40700-40701 --sysctl net.ipv4.ip_local_port_range=\"39000 40999\" when its container is made anew" "$(lasting crowded)"
fi
