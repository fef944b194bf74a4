# A facts file says what its host says: written on a host, it is read back and gives the same audit.
. tests/cli/lib.sh

# audit_of FACTS PLAN…: what the audit says, without the words of its command line. A file lists the names of /etc/hosts
# and all pools of ports; a directory only those of the plan.
audit_of() {
	from=$1
	shift
	"$H" audit --facts "$from" "$@" -o json | jq 'del(.command_line, .created, .digest.facts) |
		.facts |= map(select(.key | test("^(name|pool)[.]|^pools[.]|^destination[.](sock|est|time)") | not))'
}

# both_ways NAME DIRECTORY: the facts file of a directory gives the audits that the directory gives
both_ways() {
	"$H" facts --facts "$2" -o "$work/host.json" 2>"$work/.err" || {
		not_ok "facts of $1" "$(head -c 300 "$work/.err")"
		return
	}
	for plan in ws-client "default --role server" haproxy-tcp erlang-node \
		"--connections 50 --lifetime 9s --to 10.9.0.2:8003,[fd00:9::2]:8001,10.0.0.5:443" \
		"--connections 40 --bind address --source-addresses 10.9.0.1 --to backend:8001" \
		"--connections 500 --protocol udp --lifetime 9s --bind wildcard" \
		"--role server --connections 100 --burst 3 --to 10.9.0.1:40700 --threads 90 --nat publish"; do
		# shellcheck disable=SC2086 # several words
		audit_of "$2" $plan >directory.audit
		# shellcheck disable=SC2086 # several words
		audit_of "$work/host.json" $plan >file.audit
		if [ -s directory.audit ] && cmp -s directory.audit file.audit; then
			ok "the facts file of $1, $plan"
		else
			not_ok "the facts file of $1, $plan" "$(diff directory.audit file.audit 2>&1 | head -n 5)"
		fi
	done
}

for host in "$hosts"/*/; do
	both_ways "$(basename "$host")" "${host%/}"
done

# More pools than an audit lists, and a plan for one of the smallest.
cp -r "$hosts/crowded" with-pools
jq '.pools += [range(60) | {from: "10.9.0.1", to: "10.9.7.\(.):80", sockets: (70 - .), established: 1, time_wait: 0,
	ports: (70 - .), reusable: 0}] | .total = (.pools | length) | .collected.pools = .total' \
	"$hosts/crowded/pools.json" >with-pools/pools.json
both_ways "a host with many pools" with-pools
audit_of with-pools --connections 50 --to 10.9.7.59:80 >directory.audit
audit_of ./host.json --connections 50 --to 10.9.7.59:80 >file.audit
same "a small pool: the same" "$(jq -c .resources directory.audit)" "$(jq -c .resources file.audit)"
same "and it counts" 11 "$(jq '.facts[] | select(.key == "destination.in_use" and .instance != "").value' file.audit)"

# Erlang is installed but does not run: its release, "25", is a text, as "17.0-rc2" once was.
cp -r "$hosts/debian-default" with-erlang
printf '/usr/lib/erlang/bin/erl\n25\n65536\n-\n' >with-erlang/erlang
both_ways "a host with Erlang" with-erlang
same "the release is kept" '"25"' \
	"$(jq -c '.facts[] | select(.key == "erlang.otp_release").value' "$work/host.json")"

# The live host, with an erl on its PATH.
mkdir -p otp/bin otp/releases
printf '#!/bin/sh\n' >otp/bin/erl
chmod +x otp/bin/erl
echo "13.1.5 25" >otp/releases/start_erl.data
check "facts of this host, with Erlang" 0 '' '*' env PATH="$work/otp/bin:$PATH" "$H" facts -o live.json
check "its facts file is read back" 0 '' '*' "$H" facts --facts live.json -o again.json
same "and says the same" "$(jq -c .facts live.json)" "$(jq -c .facts again.json)"
if "$H" audit --facts live.json ws-client -q >.out 2>.err || [ $? -eq 1 ]; then
	ok "and is judged"
else
	not_ok "and is judged" "$(head -c 300 .err)"
fi
