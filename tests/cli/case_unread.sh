# shellcheck shell=sh
# What could not be read is never taken for unlimited: each limit names what it lacks and the way out.
. tests/cli/lib.sh
if ! command -v jq >/dev/null 2>&1; then
	skip "what could not be read" "jq is not installed"
	exit 0
fi
tree_without() { # tree_without FILE ERRNO: a host whose FILE could not be read
	rm -rf tree
	cp -r "$hosts/tuned-loadgen" tree
	rm -f "tree/$1"
	printf '%s\t%s\n' "$1" "$2" >>tree/MANIFEST
}
ask() { # ask JQ PLAN…: what the document of the tree says
	query=$1
	shift
	"$H" audit "$@" --facts tree -o json 2>/dev/null | jq -c "$query"
}
limit='.resources[] | select(.id == "system-fds")'

tree_without proc/sys/fs/file-max EACCES
same "a limit that could not be read is unknown" '"unknown"' "$(ask "$limit.status" ws-client)"
same "which fact, where, and why" '[{"key":"fs.file-max","path":"/proc/sys/fs/file-max","status":"denied","note":"Permission denied"}]' \
	"$(ask "$limit.unread | map({key, path, status, note})" ws-client)"
same "the way out" '"run headroom as root, or give the value: --set fs.file-max=NUMBER"' \
	"$(ask "$limit.unread[0].way_out" ws-client)"
same "the highest load is at most that of the other limits" '["system-fds"]' "$(ask .at_most.limits ws-client)"
# The value that decides: the audit passes there and fails one below.
edge=$(ask .decides.pass_least ws-client)
same "which value decides" '["fs.file-max","count","unlimited"]' "$(ask '.decides | [.key, .unit, .pass_most]' ws-client)"
same "with it the plan passes" '"pass"' "$(ask .verdict ws-client --set "fs.file-max=$edge")"
same "with one less it fails" '"fail"' "$(ask .verdict ws-client --set "fs.file-max=$((edge - 1))")"
same "known, nothing decides any more" null "$(ask .decides ws-client --set fs.file-max=1000000)"
check "it is said" 4 'fs.file-max: PASS with [0-9,]+ or more, FAIL with less' '' "$H" audit ws-client --facts tree
same "the way out leads out" null "$(ask .at_most ws-client --set fs.file-max=1000000)"
same "nothing is missing then" '[]' "$(ask "$limit.unread" ws-client --set fs.file-max=1000000)"

tree_without proc/sys/net/ipv4/ip_local_port_range EACCES
same "a derived fact leads to the file that it comes from" '["net.ipv4.ip_local_port_range=LOW-HIGH"]' \
	"$(ask '.resources[] | select(.id == "ephemeral-ports").unread | map(.set) | unique' ws-client)"

# A facts file that lacks a fact says nothing about it.
big="default --role server --connections 500000 --lifetime 3600s --backlog 65535"
facts() { # facts NAME JQ: a facts file of the tree, changed
	"$H" facts --facts "$hosts/tuned-loadgen" -o whole.json
	jq "$2" whole.json >"$1.json"
}
status() { # status FILE LIMIT PLAN…
	file=$1 limit=$2
	shift 2
	"$H" audit "$@" --facts "./$file.json" -o json 2>/dev/null | jq -r --arg id "$limit" '.resources[] | select(.id == $id).status'
}
without() { # without KEY
	printf 'del(.facts[] | select(.key == "%s"))' "$1"
}
facts same .
# shellcheck disable=SC2086 # several words
same "all facts" fail "$(status same tcp-memory $big)"
facts less "$(without net.ipv4.tcp_mem.pressure)"
# shellcheck disable=SC2086
same "without tcp_mem the limit is unknown, not absent" unknown "$(status less tcp-memory $big)"
facts absent '(.facts[] | select(.key == "net.ipv4.tcp_mem.pressure")) |= (.status = "absent" | .value = null)'
# shellcheck disable=SC2086
same "what is said to be absent is" not-applicable "$(status absent tcp-memory $big)"
facts first '.schema = "headroom.facts/1" | del(.tool, .collected)'
# shellcheck disable=SC2086
same "a file that 0.1 wrote" fail "$(status first tcp-memory $big)"
facts first '.schema = "headroom.facts/1" | del(.tool, .collected) | '"$(without net.ipv4.tcp_mem.pressure)"
# shellcheck disable=SC2086
same "also there a fact may be missing" unknown "$(status first tcp-memory $big)"

printf '{"schema": "headroom.facts/2", "facts": {"fs.file-max": 100000, "limits.nofile.soft": 100000}}' >hand.json
same "by hand: what it has counts" fail "$(status hand process-fds default --connections 200000)"
same "by hand: what it lacks is not known" unknown "$(status hand system-fds default --connections 1000)"
same "by hand: nor are ports" unknown "$(status hand ephemeral-ports default --connections 1000)"
jq '.collected = "complete"' hand.json >all.json
same "by hand, complete: what it lacks does not exist" pass "$(status all system-fds default --connections 1000)"
same "by hand, complete: nor is there a limit" not-applicable "$(status all tcp-memory default --connections 1000)"
echo '{"schema": "headroom.facts/2", "collected": {"fs.file-max": {"state": "complete", "count": 0}}, "facts": {}}' >bad.json
check "a list that is none" 2 '' 'fs.file-max is not a list' "$H" audit ws-client --facts ./bad.json -q

# A list that has become shorter is not trusted.
server="default --role server --connections 100 --to 10.0.0.1:22"
"$H" facts --facts "$hosts/docker-publish" -o whole.json
same "a list says how long it is" '{"state":"complete","count":1,"errno":null}' "$(jq -c '.collected["listener.port"]' whole.json)"
# shellcheck disable=SC2086
same "the listener of the plan" pass "$(status whole accept-queue $server --burst 60)"
jq 'del(.facts[] | select(.instance == "0.0.0.0:22"))' whole.json >fewer.json
# shellcheck disable=SC2086
same "without it, the plan's listener may be another" unknown "$(status fewer accept-queue $server --burst 60)"
jq 'del(.facts[] | select(.instance == "0.0.0.0:22")) | .collected |= map_values(.count = 0)' whole.json >none.json
# shellcheck disable=SC2086
same "unless there is none" pass "$(status none accept-queue $server --burst 60)"
