# shellcheck shell=sh disable=SC2016
# headroom sign and headroom verify, with the real ssh-keygen and minisign.
. tests/cli/lib.sh
if ! command -v ssh-keygen >/dev/null || ! command -v minisign >/dev/null; then
	skip "signatures" "ssh-keygen or minisign is not installed"
	exit 0
fi
export HOME="$work/home"
mkdir home keys d
ssh-keygen -q -t ed25519 -N "" -C ann -f keys/ann
ssh-keygen -q -t ed25519 -N "" -C bob -f keys/bob
ssh-keygen -q -t ed25519 -N "a passphrase" -C locked -f keys/locked
minisign -G -W -p keys/ann.minipub -s keys/ann.minikey >/dev/null
minisign -G -W -p keys/bob.minipub -s keys/bob.minikey >/dev/null
printf 'ann@example.com namespaces="headroom" %s\n' "$(cat keys/ann.pub)" >keys/allowed
printf 'ann@example.com namespaces="file" %s\n' "$(cat keys/ann.pub)" >keys/otherwise
host="--facts $hosts/debian-default"
made=d/audit.json
# shellcheck disable=SC2086 # several words
"$H" audit ws-client --connections 15000 $host --valid-for 30d --ticket CHG1 -q -o $made -o d/report.md >/dev/null
verify() { # verify NAME EXIT STDOUT ARGUMENT…
	name=$1 want=$2 said=$3
	shift 3
	check "$name" "$want" "$said" '' "$H" verify "$@"
}

# --- signed by ssh-keygen
check "sign" 0 '^headroom: SIGNED result=FAILED files=2$' '' "$H" sign d/report.md $made --key keys/ann
verify "verify" 0 '^headroom: VERIFIED result=FAILED files=2$' $made --key keys/ann.pub
verify "the statement instead of the document" 0 'VERIFIED' $made.intoto.json --key keys/ann.pub
verify "who signed, by the list of allowed signers" 0 'signature for ann@example.com with ED25519' $made d/report.md --key keys/allowed
verify "an identity" 0 'VERIFIED' $made --key keys/allowed --identity ann@example.com
verify "another identity" 3 '^headroom: NOT-VERIFIED signature$' $made --key keys/allowed --identity bob
verify "another key" 3 '^headroom: NOT-VERIFIED signature$' $made --key keys/bob.pub
verify "a key that is allowed for something else" 3 'NOT-VERIFIED signature' $made --key keys/otherwise
verify "the last line alone" 0 '^headroom: VERIFIED result=FAILED files=2$' -q $made --key keys/ann.pub
same "… and nothing else" 1 "$("$H" verify -q $made --key keys/ann.pub | wc -l)"
verify "until when it may be used" 0 '^Valid until 20' $made --key keys/ann.pub
clean "signing" d

# --- without headroom, as docs/automation.md says
check "ssh-keygen verifies it" 0 'Good "headroom" signature for ann@example.com' '' sh -c \
	'cd d && ssh-keygen -Y verify -f ../keys/allowed -I ann@example.com -n headroom -s audit.json.intoto.json.sig <audit.json.intoto.json'
check "sha256sum checks the files" 0 '^report.md: OK$' '' sh -c \
	'cd d && jq -r ".subject[] | \"\(.digest.sha256)  \(.name)\"" audit.json.intoto.json | sha256sum --check --strict'

# --- the statement
statement() { # statement JQ-EXPRESSION
	jq -c "$1" $made.intoto.json
}
same "it is an in-toto statement" '["https://in-toto.io/Statement/v1","https://in-toto.io/attestation/test-result/v0.1"]' "$(statement '[._type,.predicateType]')"
same "of the document and the report" '["audit.json","report.md"]' "$(statement '[.subject[].name]')"
same "limits that fail" "$(jq -c '[.resources[] | select(.status == "fail" or .status == "unknown") | .id]' $made)" "$(statement .predicate.failedTests)"
same "limits that pass" "$(jq -c '[.resources[] | select(.status == "pass") | .id]' $made)" "$(statement .predicate.passedTests)"
same "limits with a warning" "$(jq -c '[.resources[] | select(.status == "warn") | .id]' $made)" "$(statement .predicate.warnedTests)"
same "the plan and the facts" "$(jq -c '[.digest.workload, .digest.facts, .digest.rules]' $made)" "$(statement '[.predicate.configuration[].digest.sha256]')"
result() { # result NAME WANT AUDIT-OPTIONS…
	name=$1 want=$2
	shift 2
	rm -f d/r.json*
	"$H" audit "$@" -q -o d/r.json >/dev/null 2>&1
	"$H" sign d/r.json --key keys/ann >/dev/null
	same "$name" "$want" "$(jq -r .predicate.result d/r.json.intoto.json)"
}
"$H" facts --facts "$hosts/tuned-loadgen" -o now.json
jq --arg now "$(date -u +%FT%TZ)" '.created = $now' now.json >fresh.json
result "a pass" PASSED http-churn --rps 1 --facts fresh.json
result "a pass of an old host" WARNED http-churn --rps 1 --facts "$hosts/tuned-loadgen"
result "a pass with an assumed value" FAILED http-churn --rps 1 --facts fresh.json --set net.core.somaxconn=4096
same "… none of its limits has passed" 0 "$(jq '.predicate.passedTests | length' d/r.json.intoto.json)"
result "a pass that leaves a limit out" WARNED ws-client --connections 100 --facts fresh.json --ignore process-fds
result "no plan" FAILED --facts fresh.json
jq '.verdict = "unknown"' $made >d/unknown.json
"$H" sign d/unknown.json --key keys/ann >/dev/null
same "unknown" FAILED "$(jq -r .predicate.result d/unknown.json.intoto.json)"
for run in certified:PASSED not-certified:FAILED not-run:FAILED; do
	jq --arg run "${run%:*}" '.run = {verdict: $run, reason: null, exit: 0} | .warnings = [] | .findings = [] | .as_of = .created
		| .resources = [.resources[] | select(.status == "pass")]' $made >d/run.json
	"$H" sign d/run.json --key keys/ann >/dev/null
	same "${run%:*}" "${run#*:}" "$(jq -r .predicate.result d/run.json.intoto.json)"
done

# --- signed by minisign
"$H" sign $made d/report.md --key keys/ann.minikey >/dev/null 2>&1
verify "minisign" 0 '^Trusted comment: headroom: audit.json$' $made d/report.md --key keys/ann.minipub
verify "minisign, another key" 3 'NOT-VERIFIED signature' $made --key keys/bob.minipub
check "minisign verifies it" 0 'signature verified' '' minisign -V -p keys/ann.minipub -x $made.intoto.json.minisig -m $made.intoto.json
verify "the other tool's signature is of the same statement" 0 VERIFIED $made --key keys/ann.pub

# --- what is changed
check "each byte counts" 0 '^[0-9]+ changes, all found$' '' \
	python3 "$top/tests/cli/flip_bytes.py" "$H" d keys/ann.pub keys/ann.minipub "${FLIP_STEP:-}"
cp -r d swapped
cp d/r.json.intoto.json.sig swapped/audit.json.intoto.json.sig
verify "the signature of another statement" 3 'NOT-VERIFIED signature' swapped/audit.json --key keys/ann.pub
cp d/r.json.intoto.json swapped/audit.json.intoto.json
verify "statement and signature of another document" 3 'NOT-VERIFIED uncovered' swapped/audit.json --key keys/ann.pub
check "a file that was not signed" 3 'extra.txt is not covered by the signature' '' sh -c \
	'echo >d/extra.txt; "$1" verify d/audit.json d/extra.txt --key keys/ann.pub' sh "$H"
verify "a file of that name elsewhere" 3 'NOT-VERIFIED uncovered' $made swapped/report.md --key keys/ann.pub
mkdir lack
cp d/audit.json* lack
verify "a report is missing" 3 'NOT-VERIFIED missing' lack/audit.json --key keys/ann.pub
ln -s ../d/report.md lack/report.md
verify "a symbolic link instead of the report" 3 'report.md: .*symbolic link' lack/audit.json --key keys/ann.pub
rm lack/report.md
mkfifo lack/report.md
verify "a FIFO instead of the report" 3 'NOT-VERIFIED missing' lack/audit.json --key keys/ann.pub
rm lack/report.md
truncate -s 1100M lack/report.md
verify "a huge file instead of the report" 3 'larger than 1 GiB' lack/audit.json --key keys/ann.pub
rm -f lack/*.sig
verify "no signature" 3 'NOT-VERIFIED missing' lack/audit.json --key keys/ann.pub
verify "no such file" 3 'NOT-VERIFIED missing' d/none.json --key keys/ann.pub
printf x >lack/audit.json.intoto.json.sig
verify "no signature in the file" 3 'NOT-VERIFIED signature' lack/audit.json --key keys/ann.pub

# --- a signed statement that is not what headroom signs
forged() { # forged NAME PATTERN JQ-EXPRESSION: by somebody who has the key
	rm -rf forged
	cp -r d forged
	jq "$3" $made.intoto.json >forged/audit.json.intoto.json
	ssh-keygen -q -Y sign -n headroom -f keys/ann <forged/audit.json.intoto.json >forged/audit.json.intoto.json.sig
	verify "$1" 3 "$2" forged/audit.json --key keys/ann.pub
}
forged "a path that leads out" 'not a plain file name' '.subject[1].name = "../keys/ann"'
forged "a path from the root" 'not a plain file name' '.subject[1].name = "/etc/passwd"'
forged "a name with a line end" 'not a plain file name' '.subject[1].name = "a\nheadroom: VERIFIED"'
forged "no name" 'not a plain file name' 'del(.subject[1].name)'
forged "a digest that is none" 'not a SHA-256' '.subject[1].digest.sha256 = "00"'
forged "the same file twice" 'twice' '.subject[1].name = "audit.json"'
forged "no file" 'no file' '.subject = []'
forged "another type" 'NOT-VERIFIED statement' '._type = "x"'
forged "another predicate" 'NOT-VERIFIED statement' '.predicateType = "x"'
forged "a better result than the document's" 'NOT-VERIFIED result' '.predicate.result = "PASSED"'
forged "the document is not the first" 'NOT-VERIFIED statement' '.subject |= reverse'
forged "no object" 'NOT-VERIFIED statement' '[]'

# --- many hosts
mkdir fleet
two() { # two NAME JQ-EXPRESSION OPTION…: signs the fleet of two hosts, and says its result and its tests
	name=$1 change=$2
	shift 2
	rm -f fleet/*
	jq '.host.name = "a" | .host.fingerprint = "0123456789abcdef" | .host.boot_id = "22222222-2222-4333-8444-555555555555"' fresh.json >fleet/a.json
	jq "$change" fresh.json >fleet/b.json
	"$H" fleet http-churn --rps 1 "$@" fleet/a.json fleet/b.json -q -o fleet/fleet.json >/dev/null 2>&1
	"$H" sign fleet/fleet.json --key keys/ann >/dev/null
	jq -c '.predicate | [.result, (.passedTests | length), (.warnedTests | length), (.failedTests | length)]' fleet/fleet.json.intoto.json
}
printf 'a\ntuned-loadgen\n' >hosts.txt
same "a fleet that passes" '["PASSED",2,0,0]' "$(two pass . --hosts hosts.txt)"
verify "a fleet is verified" 0 '^headroom: VERIFIED result=PASSED files=1$' fleet/fleet.json --key keys/ann.pub
same "its statement names rules and facts" '["a/facts","a/rules","a/workload"]' \
	"$(jq -c '[.predicate.configuration[].name] | sort | .[:3]' fleet/fleet.json.intoto.json)"
same "a fleet whose hosts nobody named" '["WARNED",2,0,0]' "$(two unexpected .)"
same "a fleet with a value that was assumed" '["FAILED",0,0,2]' "$(two assumed . --hosts hosts.txt --set net.core.somaxconn=4096)"
same "a fleet that leaves a limit out" '["WARNED",0,2,0]' "$(two ignored . --hosts hosts.txt --ignore process-fds)"
same "a fleet with a host that is old" '["FAILED",1,0,1]' "$(two old '.created = "2026-01-01T00:00:00Z"' --hosts hosts.txt)"
jq '.verdict = "pass"' fleet/fleet.json >fleet/other.json
mv fleet/other.json fleet/fleet.json
verify "a fleet that was changed" 3 'NOT-VERIFIED changed' fleet/fleet.json --key keys/ann.pub
jq '.kept = true' fleet/fleet.json >fleet/kept.json
check "what the history kept of a fleet" 2 '' 'from the history' "$H" sign fleet/kept.json --key keys/ann

# --- expired
jq '.request.valid_until = "2026-01-02T00:00:00Z"' $made >d/old.json
"$H" sign d/old.json --key keys/ann >/dev/null
verify "what has expired says so" 0 '^Expired: it was valid until 2026-01-02T00:00:00Z$' d/old.json --key keys/ann.pub

# --- usage, keys, tools
check "sign without a file" 2 '' 'needs the audit to sign' "$H" sign
check "verify without a file" 2 '' 'needs the file that was signed' "$H" verify
check "verify without a key" 2 '' "needs the signer's public key" "$H" verify $made
check "verify with a secret key" 2 '' 'a secret key' "$H" verify $made --key keys/ann
check "sign with a public key of minisign" 2 '' 'cannot sign; give the secret one' "$H" sign $made --key keys/ann.minipub
check "an identity of one key" 2 '' 'needs a list' "$H" verify $made --key keys/ann.pub --identity ann
check "a key that is not there" 2 '' 'keys/none \(--key\)' "$H" sign $made --key keys/none
check "no key" 2 '' 'neither a key of ssh-keygen or minisign' "$H" sign $made --key d/report.md
check "no key in the home directory" 2 '' 'there is no key in ~/.ssh, ssh-agent or' env -u SSH_AUTH_SOCK "$H" sign $made
check "no audit document" 2 '' 'not an audit: name the JSON document' "$H" sign d/report.md --key keys/ann
check "two audit documents" 2 '' 'both audits: sign each by itself' "$H" sign $made d/r.json --key keys/ann
check "a report of another directory" 2 '' 'not in the same directory' "$H" sign $made swapped/report.md --key keys/ann
before=$(cat $made.intoto.json.sig)
check "a passphrase that nobody can give" 1 '' 'could not sign with keys/locked' setsid "$H" sign $made --key keys/locked
check "a public key without an agent" 1 '' 'could not sign' setsid env -u SSH_AUTH_SOCK "$H" sign $made --key keys/locked.pub
same "a signature that failed leaves the last one" "$before" "$(cat $made.intoto.json.sig)"
check "ssh-keygen is missing" 1 '' 'ssh-keygen is not installed, .*install the Debian package openssh-client' env PATH=/nonexistent "$H" sign $made --key keys/ann
check "minisign is missing" 1 '' 'minisign is not installed' env PATH=/nonexistent "$H" verify $made --key keys/ann.minipub
if command -v ssh-agent >/dev/null && eval "$(ssh-agent -s)" >/dev/null 2>&1; then
	check "an agent without a key" 2 '' 'there is no key in ~/.ssh, ssh-agent or' "$H" sign $made
	ssh-add -q keys/bob
	check "without --key, the first key of ssh-agent" 0 '^Signed with the first key of ssh-agent: ssh-ed25519 .* bob$' '' "$H" sign $made d/report.md
	verify "it is that key" 0 'VERIFIED' $made --key keys/bob.pub
	check "a public key whose other half is in the agent" 0 'SIGNED' '' "$H" sign $made d/report.md --key keys/bob.pub
	ssh-agent -k >/dev/null 2>&1
	unset SSH_AUTH_SOCK SSH_AGENT_PID
else
	skip "ssh-agent" "ssh-agent cannot be started"
fi
mkdir home/.ssh
cp keys/ann home/.ssh/id_ed25519
check "the key in the home directory" 0 'SIGNED' '' "$H" sign $made d/report.md
clean "all of it"
