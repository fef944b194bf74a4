# A fix has the form of the layer that holds the limit for the process, and what would not reach it is not offered.
. tests/cli/lib.sh
if ! command -v jq >/dev/null 2>&1; then
	skip "layers" "jq is not installed"
	exit 0
fi
cp -a "$hosts/debian-default" service
echo '0::/system.slice/gatewayd.service' >service/proc/self/cgroup
mkdir -p service/sys/fs/cgroup/system.slice/gatewayd.service
echo max >service/sys/fs/cgroup/system.slice/gatewayd.service/pids.max
sed -i 's/^Max open files .*/Max open files            1024                 4096                 files/' service/proc/self/limits
in_service() { "$H" fix --role server --connections 20000 --facts service "$@"; }
in_service -o json >fix.json 2>error
same "a service: its unit holds the limit" "systemd-unit gatewayd.service" "$(jq -r '.steps[0].held_by | .layer + " " + .name' fix.json)"
same "a drop-in under its real name" "/etc/systemd/system/gatewayd.service.d/headroom-nofile.conf: [Service] LimitNOFILE=27000" \
	"$(jq -r '.steps[0].files[0] | .path + ": " + (.lines | join(" "))' fix.json)"
same "nothing for logins" "" "$(jq -r '.steps[].files[] | select(.kind == "limits.d") | .kind' fix.json)"
same "no file for logins is offered" 'false' "$(jq '.emit | any(. == "limits")' fix.json)"
check "nor made" 2 '' 'the process belongs to a service' in_service --emit limits
check "the file of the unit names it" 0 'gatewayd\.service' '' in_service --emit systemd

audit_of() { "$H" audit --facts "$hosts/debian-default" -o json "$@" 2>error; }
run="docker run --rm --ulimit nofile=1024:4096 loadtool wrk -c 40000 -t 8 -d 30s http://10.0.0.5/"
# shellcheck disable=SC2086 # words
audit_of -- $run >docker.json
same "a container: options of its command" "docker run --ulimit nofile=54000:54000 --rm loadtool" \
	"$(jq -r '.fixes[0].commands[0].words[:6] | join(" ")' docker.json)"
same "later steps keep those of earlier ones" "true" \
	"$(jq '[.fixes[] | select(.in_ladder)] | last.commands[0].words | any(startswith("nofile=")) and any(startswith("net.ipv4.ip_local_port_range="))' docker.json)"
same "a setting of the host is no fix for it" "" "$(jq -r '.fixes[] | select(.in_ladder) | .commands[].words | select(.[0] == "sysctl") | join(" ")' docker.json)"
same "none to keep on the host" "" "$(jq -r '.fixes[].files[] | select(.kind == "sysctl.d" or .kind == "limits.d") | .kind' docker.json)"
# shellcheck disable=SC2086 # words
audit_of -- docker run --network host ${run#docker run} >host.json
same "on the host's network it is the host's" "sysctl" \
	"$(jq -r '.fixes[] | select(.id == "port-range") | .commands[0].words[0]' host.json)"
same "with no option that the engine would refuse" "" "$(jq -r '.fixes[].commands[].words[] | select(. == "--sysctl")' host.json)"
# shellcheck disable=SC2086 # words
check "not applied to the host" 2 '' 'belong to a container' "$H" fix --apply --dry-run -- $run

audit_of --role client --connections 40000 --to 10.0.0.5:80 >login.json
same "a login: the user's own lines" "dev soft nofile 54000" "$(jq -r '.fixes[] | .files[] | select(.kind == "limits.d").lines[0]' login.json)"
same "each limit says who holds it" "$(jq '.resources | length' login.json)" "$(jq '[.resources[] | select(.held_by.text != "")] | length' login.json)"

audit_of --role client --bind address --connections 60000 --destinations 10 --source-addresses 1 --nofile 200000 >bind.json
same "a program that binds" "bind-no-port true" "$(jq -r '.fixes[0] | "\(.id) \(.gain.fits)"' bind.json)"

audit_of k6 --connections 20000 --users 20000 --lifetime 1s >users.json
same "what nothing helps does not hide the others" "host-memory true" \
	"$(jq -r '[([.resources[] | select(.no_change != null and .no_change != "") | .id] | join(",")), ([.fixes[] | select(.in_ladder and .resource == "ephemeral-ports")] | last.gain.enough)] | join(" ")' users.json)"
check "and is said" 0 'Memory: No setting helps: it needs 58\.7 GiB' '' sh -c "'$H' report users.json"
# shellcheck disable=SC2086 # words
check "nor a file for it that an engine would refuse" 0 'On the host, not in a container: net\.ipv4\.ip_local_port_range' '' \
	"$H" fix --facts "$hosts/debian-default" --emit docker -- docker run --network host ${run#docker run}
# shellcheck disable=SC2086 # words
same "… with open files only" "1" "$("$H" fix --facts "$hosts/debian-default" --emit docker -- docker run --network host ${run#docker run} 2>error | grep -c '^set -- --')"

printf 'worker_rlimit_nofile 100;\nevents { worker_connections 8192; }\nhttp { server { listen 8080; } }\n' >nginx.conf
own() { "$H" fix --facts "$hosts/debian-default" --connections 300 "$@" -- nginx -c "$PWD/nginx.conf" 2>error; }
same "what a program's own file sets is changed there" "set worker_rlimit_nofile to 1000 ($PWD/nginx.conf:1), and start the program again" \
	"$(own -o json | jq -r '.steps[0] | select(.commands == []) | .say')"
same "and no limit of a host" "null" "$(own -o json | jq .settings.nofile.soft)"
range() { "$H" fix --role client --connections "$1" --to 10.0.0.5:80 --nofile 100000 --facts "$hosts/debian-default" --set net.ipv4.ip_local_port_range="$2" -o json | jq -r '.steps[] | .id + ": " + .commands[0].words[-1]'; }
same "a range from the lowest port on grows upwards" "port-range-up: net.ipv4.ip_local_port_range=1024 42000" "$(range 30000 "1024 30000" 2>error)"
same "any other downwards" "port-range: net.ipv4.ip_local_port_range=7000 60999" "$(range 40000 "32768 60999" 2>error)"
check "words stand beside the commands" 0 '^   and         then start the program from this shell' '' sh -c "'$H' fix --role client --connections 1500 --to 10.0.0.5:80 --facts '$hosts/debian-default'"
