# why: from a log line, a snapshot or this host to the limit behind it.
. tests/cli/lib.sh
host="--facts $hosts/debian-default"
# shellcheck disable=SC2086 # $host is two words
{
	check "a log line" 0 '^ephemeral-ports \(limit\)' '' "$H" why $host \
		"dial tcp 10.0.0.5:80: connect: cannot assign requested address"
	check "words that are not quoted" 0 '^process-fds \(limit\)' '' "$H" why too many open files $host
	check "blanks around it" 0 '^ephemeral-ports \(limit\)' '' "$H" why $host "  cannot assign requested address "
	check "the last line" 0 '^headroom: WHY ephemeral-ports 0%$' '' "$H" why -q $host EADDRNOTAVAIL
	check "a text of nothing" 3 '^headroom: WHY none$' '' "$H" why $host "all is well"
	check "a host on which nothing is full" 3 'Nothing on this host is full' '' "$H" why $host
	check "an empty text" 2 '' 'the text is empty' "$H" why $host " "
	check "an empty standard input" 2 '' 'the text is empty' "$H" why $host -
	check "as JSON" 0 '"schema":.*headroom.why/1' '' "$H" why $host EADDRNOTAVAIL -o json
	check "as Markdown" 0 '^### .*Outgoing ports' '' "$H" why $host EADDRNOTAVAIL -o md
	check "as a page" 0 '^<p class="name">ephemeral-ports \(limit\): ' '' "$H" why $host EADDRNOTAVAIL -o html
	check "no other formats" 2 '' 'this command does not write pdf' "$H" why $host EADDRNOTAVAIL -o why.pdf
	check "several files" 0 '^ephemeral-ports' '' "$H" why $host EADDRNOTAVAIL -o why.md -o why.html -o why.json
	same "all are written" 3 "$(grep -l 'Outgoing ports: 0 of' why.md why.html why.json | wc -l)"
	check "a full table comes first" 0 '^headroom: WHY conntrack 100%' '' "$H" why $host "nf_conntrack: table full" -q \
		--set net.netfilter.nf_conntrack_max=1000 --set net.netfilter.nf_conntrack_count=1000
	check "without a line, what is full" 0 '^conntrack \(limit\)' '' "$H" why $host \
		--set net.netfilter.nf_conntrack_max=1000 --set net.netfilter.nf_conntrack_count=1000
}
echo '{"schema":"headroom.facts/2","facts":{}}' >empty.json
check "a host of which nothing is known" 4 '^headroom: WHY unseen$' '' "$H" why --facts empty.json
printf 'one\nOSError: [Errno 24] Too many open files\n' >lines
same "lines on standard input" "headroom: WHY process-fds <1%" \
	"$("$H" why - --facts "$hosts/debian-default" -q <lines)"
"$H" why >out 2>&1
code=$?
same "this host: a cause, or none" yes "$([ $code -eq 0 ] || [ $code -eq 3 ] && echo yes)"
same "this host: 80 columns" "" "$(LC_ALL=C.UTF-8 grep -E '.{81}' out)"
