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
same "the way out leads out" null "$(ask .at_most ws-client --set fs.file-max=1000000)"
same "nothing is missing then" '[]' "$(ask "$limit.unread" ws-client --set fs.file-max=1000000)"

tree_without proc/sys/net/ipv4/ip_local_port_range EACCES
same "a derived fact leads to the file that it comes from" '["net.ipv4.ip_local_port_range=LOW-HIGH"]' \
	"$(ask '.resources[] | select(.id == "ephemeral-ports").unread | map(.set) | unique' ws-client)"
