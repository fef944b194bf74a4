# A facts file says what its host says: written on a host, it is read back and gives the same audit.
. tests/cli/lib.sh

# audit_of FACTS PLAN…: the audit document without the words of its command line
audit_of() {
	from=$1
	shift
	"$H" audit --facts "$from" "$@" -o json | jq 'del(.command_line, .created)'
}

# both_ways NAME DIRECTORY: the facts file of a directory gives the audits that the directory gives
both_ways() {
	"$H" facts --facts "$2" -o "$work/host.json" 2>"$work/.err" || {
		not_ok "facts of $1" "$(head -c 300 "$work/.err")"
		return
	}
	for plan in ws-client "default --role server" haproxy-tcp erlang-node; do
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
