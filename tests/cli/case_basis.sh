# shellcheck shell=sh
# What a reader must know before believing a result: its age, values that were assumed, limits that do not count.
. tests/cli/lib.sh
if ! command -v jq >/dev/null 2>&1; then
	skip "what a result rests on" "jq is not installed"
	exit 0
fi
captured=1795226400 # 2026-11-21T02:00:00Z, when the hosts of the tests were captured
at() { # at SECONDS COMMAND…: the command, so long after that
	seconds=$1
	shift
	SOURCE_DATE_EPOCH=$((captured + seconds)) "$@"
}
audit() { # audit HOST OPTION…
	host=$hosts/$1
	shift
	"$H" audit --facts "$host" "$@"
}
ask() { # ask JQ SECONDS HOST OPTION…: what the document says
	query=$1
	seconds=$2
	shift 2
	at "$seconds" audit "$@" -o json 2>/dev/null | jq -c "$query"
}
fits="tuned-loadgen --connections 1000"
day=86400

# --- age -----------------------------------------------------------------------------------------------------
# shellcheck disable=SC2086 # several words
{
	same "as of when" '"2026-11-21T02:00:00Z"' "$(ask .as_of 0 $fits)"
	same "no warning within a day" '[]' "$(ask '[.findings[] | select(.id == "facts-age")]' 3600 $fits)"
	same "a warning above a day" '["warning"]' "$(ask '[.findings[] | select(.id == "facts-age").severity]' 90000 $fits)"
	check "with the age" 0 'values of this host are 9 days old' '' at $((9 * day)) audit $fits
	check "no age is too old without --max-age" 0 'PASS' '' at $((999 * day)) audit $fits
	check "within --max-age" 0 'PASS' '' at 3600 audit $fits --max-age 24h
	check "above it a pass is unknown" 4 '^\? UNKNOWN · 1 warning · host as of 2026-11-21$' '' at $((9 * day)) audit $fits --max-age 24h
	same "and why" '"Cannot tell how this host is now: its values are 9 days old (--max-age allows 24 hours)."' \
		"$(ask .headline $((9 * day)) $fits --max-age 24h)"
	same "which the document says" '[true,86400,"unknown"]' \
		"$(ask '[.too_old, .max_age_s, .verdict]' $((9 * day)) $fits --max-age 24h)"
	check "a fail stays" 3 'FAIL' '' at $((9 * day)) audit debian-default --connections 15000 --max-age 24h
	check "values from the future are said" 0 'dated 2 hours after this audit' '' at -7200 audit $fits
	check "and never pass where the age counts" 4 'UNKNOWN .*' '' at -7200 audit $fits --max-age 24h
	check "clocks that differ a little are nothing to say" 0 'PASS' '' at -60 audit $fits --max-age 24h
	check "fix" 4 'values are 9 days old' '' at $((9 * day)) "$H" fix --connections 1000 --facts "$hosts/tuned-loadgen" --max-age 24h
	check "explain: a pass is unknown" 0 'use +<1%: unknown, its values are 9 days old' '' \
		at $((9 * day)) "$H" explain process-fds --connections 1000 --facts "$hosts/tuned-loadgen" --max-age 24h
	check "explain: what was assumed" 0 'assumed +values given with --set replace' '' \
		"$H" explain process-fds --connections 1000 --facts "$hosts/tuned-loadgen" --set limits.nofile.soft=5000
	check "size" 4 'values are 9 days old' '' at $((9 * day)) "$H" size --connections 1000 --facts "$hosts/tuned-loadgen" --max-age 24h
	check "gate: a live host is never too old" 0 '^ran$' '' "$H" gate --connections 1 --max-age 1s -q --certify off -- echo ran
	check "an age of no time" 2 '' '--max-age' audit $fits --max-age soon
}
"$H" facts --facts "$hosts/tuned-loadgen" -o facts.json
jq 'del(.created) | .facts |= map(del(.read_at))' facts.json >undated.json
check "facts that do not say when they were read" 0 'PASS' '' "$H" audit --connections 1000 --facts undated.json
check "cannot be young enough" 4 'nothing says when its values were' '' \
	"$H" audit --connections 1000 --facts undated.json --max-age 9999d
jq 'del(.created)' facts.json >read.json
same "without a date the first reading counts" '"2026-11-21T02:00:00Z"' \
	"$("$H" audit --connections 1000 --facts read.json -o json | jq .as_of)"
same "the live host is no second old" true \
	"$("$H" audit --connections 1 -o json | jq '(.created | fromdate) - (.as_of | fromdate) < 60')"
# A time that is none would be no age.
jq '.created = "yesterday"' facts.json >yesterday.json
check "a date that is none" 2 '' 'yesterday.json:[0-9]+:[0-9]+: "created" must be a time.*"yesterday"' \
	"$H" audit --connections 1000 --facts yesterday.json
jq '.facts[3].read_at = "2026-13-01"' facts.json >yesterday.json
check "a reading's date that is none" 2 '' '"read_at" must be a time' "$H" audit --connections 1000 --facts yesterday.json
cp -r "$hosts/tuned-loadgen" yesterday
sed -i 's/^created: .*/created: yesterday/' yesterday/ORIGIN
check "a snapshot's date that is none" 2 '' 'yesterday/ORIGIN: "created" must be a time' "$H" audit --connections 1000 --facts yesterday
at $((9 * day)) audit tuned-loadgen --connections 1000 -q -o old.json >/dev/null
check "report never judges the age again" 0 '^headroom: PASS' '' at $((99 * day)) "$H" report old.json
same "and renders the same again" "$(at 0 "$H" report old.json)" "$(at $((99 * day)) "$H" report old.json)"

# --- hypothetical and given ----------------------------------------------------------------------------------
set_both="--set limits.nofile.soft=21000 --set net.ipv4.tcp_tw_reuse=1"
# shellcheck disable=SC2086 # several words
{
	same "what was set over what was read" '[["limits.nofile.soft",1024,21000],["net.ipv4.tcp_tw_reuse",2,1]]' \
		"$(ask '[.hypothetical[] | [.key, .from, .to]]' 0 debian-default --connections 15000 $set_both)"
	same "the same value again is no hypothesis" '[[],["net.ipv4.tcp_tw_reuse"]]' \
		"$(ask '[.hypothetical, [.given[].key]]' 0 debian-default --connections 15000 --set net.ipv4.tcp_tw_reuse=2)"
	cp -r "$hosts/tuned-loadgen" tree
	rm tree/proc/sys/fs/file-max
	printf 'proc/sys/fs/file-max\tEACCES\n' >>tree/MANIFEST
	same "a value that could not be read is given" '[[],[["fs.file-max","denied",null,1000000]]]' \
		"$("$H" audit --connections 1000 --facts tree --set fs.file-max=1000000 -o json |
			jq -c '[.hypothetical, [.given[] | [.key, .was, .from, .to]]]')"
	"$H" facts --facts "$hosts/debian-default" --set limits.nofile.soft=21000 -o set.json
	same "a facts file keeps what a value replaced" '[["limits.nofile.soft",1024,21000]]' \
		"$("$H" audit --connections 1000 --facts set.json -o json | jq -c '[.hypothetical[] | [.key, .from, .to]]')"
	same "also where it is set once more" '[["limits.nofile.soft",1024,30000]]' \
		"$("$H" audit --connections 1000 --facts set.json --set limits.nofile.soft=30000 -o json |
			jq -c '[.hypothetical[] | [.key, .from, .to]]')"
}

# --- waived and ignored --------------------------------------------------------------------------------------
waive() { # waive LIMIT [MEMBERS]
	printf '{"schema":"headroom.waivers/1","waivers":[{"id":"%s","justification":"the unit raises it"%s,
		"expires":"2999-12-31"}]}' "$1" "${2-}" >waivers.json
}
numbers='[.max_safe, .breaks, .hosts_needed, .binding.resource, [.fixes[].id]]'
waive process-fds ',"by":"the board"'
plan="debian-default --connections 5000"
# shellcheck disable=SC2086 # several words
{
	same "a waiver changes no number" "$(ask "$numbers" 0 $plan)" "$(ask "$numbers" 0 $plan --waivers waivers.json)"
	check "who waived what until when" 0 \
		'Passes only by waiver' '' at 0 audit $plan --waivers waivers.json
	at 0 audit $plan --waivers waivers.json -q -o waived.json -o waived.md -o waived.xml -o github:waived.yml >/dev/null
	same "in a sentence" "Passes only by waiver. Fails: open files per process (5,010 needed, 1,024 available), waived by \
the board until 2999-12-31." "$(jq -r .headline waived.json)"
	for format in text markdown junit github; do
		same "never safe to start: $format" "" "$("$H" report waived.json --all -o $format | grep -i 'safe to start')"
		same "the waiver is named: $format" yes \
			"$("$H" report waived.json --all -o $format | tr -s '\n ' '  ' | grep -q 'the board until 2999' && echo yes)"
	done
	waive process-fds
	same "without a name the owner of the file waives" "\"$(id -un)\"" \
		"$(ask '.waivers[0].by' 0 $plan --waivers waivers.json)"
	waive system-fds
	same "a waiver that is not needed hides nothing" '"Safe to start.' \
		"$(ask .headline 0 tuned-loadgen --connections 1000 --waivers waivers.json | cut -d' ' -f1-3)"
	same "an ignored limit is out of every number" '[["process-fds"],["process-fds"],["process-fds"]]' \
		"$(ask '[.max_safe.without, .breaks.without, .hosts_needed.without]' 0 $plan --ignore process-fds)"
	same "and they are those of the others" 10587 "$(ask .max_safe.connections 0 $plan --lifetime 60s --ignore process-fds)"
	same "one that does not apply is in none anyway" 'null' "$(ask .max_safe.without 0 $plan --ignore erlang-ports)"
	waive process-fds
	check "one that is ignored and waived is named once" 0 ' without=process-fds' '' \
		at 0 audit $plan --lifetime 60s --ignore process-fds --waivers waivers.json -q
	same "namely as ignored" "" "$(at 0 audit $plan --lifetime 60s --ignore process-fds --waivers waivers.json -q | grep waived)"
	at 0 audit $plan --lifetime 60s --ignore process-fds -q -o ignored.json >/dev/null
	for format in text markdown; do
		check "each number says so: $format" 0 '10,587 connections, 176[.0-9]* new/s \(without process-fds\)' '' \
			"$H" report ignored.json -o $format
		same "safe is not said: $format" "" "$("$H" report ignored.json --all -o $format | grep -i 'safe to start')"
	done
}
