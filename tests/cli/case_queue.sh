# shellcheck shell=sh disable=SC3043
# The plan's listener: which one it is, what its queue holds, and what would help. On debian-default with other listeners.
. tests/cli/lib.sh
if ! command -v jq >/dev/null 2>&1; then
	skip "listeners" "jq is not installed"
	exit 0
fi
cp -a "$hosts/debian-default" tree
listen() { # listen LISTENER…, members of sockets.json
	local IFS=,
	printf '{"schema": "headroom.sockets/1", "source": "sock_diag", "bound_listed": true, "states": {}, "bound": "", "held": "",
		"listeners": [%s], "destinations": []}\n' "$*" >tree/sockets.json
}
judged() { # judged ARGUMENT…: status, demand, capacity and listener of the accept queue
	"$H" audit --facts tree --role server --connections 500 "$@" -o json 2>error |
		jq -r '.resources[] | select(.id == "accept-queue") | "\(.status) \(.demand) \(.capacity) \(.instance)"'
}
fix() { # fix ARGUMENT…: the command of the first step
	"$H" audit --facts tree --role server --connections 500 "$@" -o json 2>error | jq -r '.fixes[0] | [.commands[].line, .say // empty] | join("; ")'
}
web='{"at": "0.0.0.0:8080", "backlog": 511, "queue": 2}'
ssh='{"at": "0.0.0.0:22", "backlog": 128, "queue": 0}'

listen '{"at": "0.0.0.0:9002", "backlog": 5, "queue": 6, "process": "wsserver"}'
same "the only listener: its own backlog, and what waits" "fail 56 6 0.0.0.0:9002" "$(judged --burst 50)"
check "… is named in the row" 3 'Accept queue :9002 +56 +6 ' '' "$H" audit --facts tree --role server --connections 500 --burst 50
listen "$web"
same "a steady rate is no burst" "pass 2.3 512 0.0.0.0:8080" "$(judged --new-conns 100 --lifetime 5s)"
same "… a pause is" "At 100 new connections per second, a server that stops accepting for 5.1 s fills its accept queue of 510." \
	"$("$H" audit --facts tree --role server --new-conns 100 --lifetime 5s -o json | jq -r '.findings[] | select(.id == "accept-pause").text' |
		sed 's/ A steady rate.*//')"
same "the plan's own backlog goes before it" "pass 50 4097 " "$(judged --burst 50 --backlog 4096)"
same "… and that of its runtime" "pass 50 4097 " "$(judged --burst 50 --runtime go)"
listen "$web" "$ssh"
same "one of two" "unknown 200 null " "$(judged --burst 200)"
same "the one that is named" "pass 202 512 0.0.0.0:8080" "$(judged --burst 200 --to 10.0.0.1:8080)"
same "either of two will do" "pass 50 129 " "$(judged --burst 50)"
same "neither of two will do" "fail 600 129 " "$(judged --burst 600)"
group='{"at": "0.0.0.0:8080", "sockets": 4, "backlog": 40, "queue": 0, "room": 41, "holds": 164, "waiting": 0}'
listen "$group"
same "a group at worst" "pass 50 77 0.0.0.0:8080" "$(judged --burst 50)"
same "a group in between" "unknown 100 null 0.0.0.0:8080" "$(judged --burst 100)"
same "a group at best" "fail 150 77 0.0.0.0:8080" "$(judged --burst 150)"
listen '{"at": "0.0.0.0:8080", "sockets": 4, "backlog": 40, "queue": 0}'
same "a group in a snapshot of 0.1" "pass 50 77 0.0.0.0:8080" "$(judged --burst 50)"
listen '{"at": "0.0.0.0:8080", "sockets": 4, "backlog": 40, "queue": 0, "room": 41, "holds": 164, "waiting": 0, "interfaces_differ": true}'
same "no group: each is for one interface" "unknown 50 null 0.0.0.0:8080" "$(judged --burst 50)"

listen '{"at": "0.0.0.0:8080", "backlog": 128, "queue": 0}'
same "fix: the program asks for no more" "make the server call listen() with a backlog of 1024" "$(fix --burst 600)"
same "fix: … than somaxconn allows" "sysctl -w net.core.somaxconn=1024; make the server call listen() with a backlog of 1024" \
	"$(fix --burst 600 --set net.core.somaxconn=128)"
same "fix: Go asks for all that somaxconn allows" "sysctl -w net.core.somaxconn=1024" \
	"$(fix --burst 600 --set net.core.somaxconn=128 --runtime go --to 10.0.0.1:8080)"
same "fix: … when it is started again" "restart the server: somaxconn was raised after it called listen()" \
	"$(fix --burst 600 --runtime go --to 10.0.0.1:8080)"
