# headroom attach: six systems, and a server that misbehaves. Secrets stay out of everything that is shown.
# shellcheck shell=sh
. tests/cli/lib.sh
export HOME="$work/home"
unset JIRA_BASE_URL JIRA_API_TOKEN JIRA_USER_EMAIL REDMINE_URL REDMINE_API_KEY RT_URL RT_TOKEN RT_USER RT_PASSWORD \
	GITLAB_URL CI_SERVER_URL GITLAB_TOKEN CI_JOB_TOKEN GITHUB_API_URL GITHUB_TOKEN GH_TOKEN SERVICENOW_URL \
	SERVICENOW_TOKEN SERVICENOW_USER SERVICENOW_PASSWORD NETRC CURL_CA_BUNDLE http_proxy https_proxy ALL_PROXY all_proxy
echo "a report" >report.pdf
printf 'x' >'odd "name";<b>.txt'
"$H" audit ws-client --connections 100 --facts "$hosts/debian-default" -o json >audit.json

check "no ticket" 2 '' 'attach needs at least one file' "$H" attach
check "no file" 2 '' 'attach needs at least one file' "$H" attach jira:A-1 --url https://x.invalid
check "an unknown system" 2 '' 'did you mean jira\?' "$H" attach jirra:A-1 report.pdf
for bad in jira:a-1 jira:A1 jira: redmine:x redmine:-1 rt: gitlab:x#1 gitlab:a/../b#1 github:a/b 'github:a/b#x' 'github:a//b#1' 'github:./.#1' 'github:/b#1' 'github:a/#1' 'github:a#1' servicenow:incident/1 servicenow:ABC0001 servicenow:CHG \
	'servicenow:CHG1^ORactive=true1' servicenow:chg0030123 servicenow:../x/CHG0030123 'servicenow:incident/INC1&x=1' servicenow:TASK0001; do
	check "no ticket: $bad" 2 '' 'is not a valid ticket; expected' "$H" attach "$bad" report.pdf --url https://x.invalid
done
check "no address" 2 '' 'set JIRA_BASE_URL' "$H" attach jira:A-1 report.pdf
check "http is refused" 2 '' 'unencrypted' "$H" attach jira:A-1 report.pdf --url http://127.0.0.1:1
check "a secret in the address" 2 '' '"@"' "$H" attach jira:A-1 report.pdf --url https://me:secret@x.invalid
check "another scheme" 2 '' 'not an https:// address' "$H" attach jira:A-1 report.pdf --url file:///etc/passwd
check "no secret" 2 '' 'set JIRA_API_TOKEN' "$H" attach jira:A-1 report.pdf --url https://x.invalid
check "a missing file" 2 '' 'cannot read none.pdf' "$H" attach jira:A-1 none.pdf --url https://x.invalid
: >empty.pdf
check "an empty file" 2 '' 'empty.pdf is empty' "$H" attach jira:A-1 empty.pdf --url https://x.invalid
check "a directory" 2 '' 'is not a regular file' "$H" attach jira:A-1 . --url https://x.invalid
echo secret-of-file >token
chmod 644 token
check "a secret that others may read" 2 '' 'is readable by others' \
	"$H" attach redmine:1 report.pdf --url https://x.invalid --token-file token
check "a secret with a line break" 2 '' 'control character' \
	env "REDMINE_API_KEY=a$(printf '\r\nX: y')" "$H" attach redmine:1 report.pdf --url https://x.invalid
check "a comment without an audit" 2 '' '--comment needs a document of headroom' \
	env REDMINE_API_KEY=secret "$H" attach redmine:1 report.pdf --comment --url https://x.invalid
check "GitHub takes comments only" 2 '' 'GitHub accepts comments only' \
	env GITHUB_TOKEN=secret "$H" attach github:a/b#1 report.pdf
check "nobody is there" 1 '' 'redmine:1: .*onnect' \
	env REDMINE_API_KEY=secret timeout "$hang" "$H" attach redmine:1 report.pdf --insecure --url http://127.0.0.1:1

check "a dry run sends nothing and shows no secret" 0 "X-Redmine-API-Key: \*\*\*" '' \
	env REDMINE_API_KEY=top-secret "$H" attach redmine:1 report.pdf --dry-run --url https://x.invalid
same "no secret in it" "" "$(REDMINE_API_KEY=top-secret "$H" attach redmine:1 report.pdf --dry-run --url https://x.invalid | grep top-secret)"

check "a dry run needs no secret, but warns" 0 'issue/A-1/attachments' \
	'warning: jira:A-1: no token: set JIRA_API_TOKEN with or without JIRA_USER_EMAIL ' \
	"$H" attach jira:A-1 report.pdf --dry-run --url https://x.invalid
check "a dry run names each way to give it" 0 '*' 'set SERVICENOW_TOKEN, or SERVICENOW_USER and SERVICENOW_PASSWORD,' \
	"$H" attach servicenow:CHG0030123 report.pdf --dry-run --url https://x.invalid
check "a dry run with a secret does not warn" 0 'issue/A-1/attachments' '' \
	env JIRA_API_TOKEN=s "$H" attach jira:A-1 report.pdf --dry-run --url https://x.invalid
check "a dry run shows how the number is looked up" 0 \
	'/api/now/table/change_request.sysparm_query=number%3DCHG0030123&sysparm_fields=sys_id%2Cnumber&sysparm_limit=2' '' \
	env SERVICENOW_TOKEN=s "$H" attach servicenow:CHG0030123 report.pdf --dry-run --url https://x.invalid

# The comment says it all: plan, host, verdict, fix.
comment() { # comment FILE: as it is sent
	REDMINE_API_KEY=s "$H" attach redmine:1 "$1" --comment --dry-run --url https://x.invalid
}
"$H" audit ws-client --connections 15000 --facts "$hosts/debian-default" -o json >fails.json
comment fails.json >fails.txt
for part in '"notes":"FAIL' 'nPlan: [^\\]*15,000' 'nHost: debian-default, kernel 6' \
	'nFirst change: Raise [^\\]*\\n  ulimit -Sn [0-9]+\\n' 'nheadroom: FAIL '; do
	same "the comment has $part" 1 "$(grep -cE "$part" fails.txt)"
done
comment audit.json >passes.txt
same "no fix where the plan fits" 0 "$(grep -c 'First change' passes.txt)"
same "but plan and host" 1 "$(grep -c 'nPlan: .*nHost: debian-default' passes.txt)"

"$H" gate ws-client --connections 10 --no-config --force -q -o run.json -- sleep 0.3 >/dev/null 2>&1
comment run.json >run.txt
for part in '"notes":"NOT-CERTIFIED' 'nPlan: ' 'nHost: ' 'nWhat to do: '; do
	same "the comment about a run has $part" 1 "$(grep -c "$part" run.txt)"
done

# Other documents answer in the comment, too, and name their ticket.
"$H" size ws-client --connections 50000 --ticket redmine:7 -q -o size.json >/dev/null
mkdir -p bad
"$H" lint bad -q -o lint.json >/dev/null
comment size.json >sized.txt
for part in '"notes":"Sizing: What must we order' 'n2 hosts: Order at least 2 hosts' 'nheadroom size ws-client'; do
	same "the comment of a sizing has $part" 1 "$(grep -c "$part" sized.txt)"
done
comment lint.json >linted.txt
same "the comment of a check" 1 "$(grep -c '"notes":"Check of a repository: .*nNOTHING FOUND: ' linted.txt)"
check "GitHub gets the page of a sizing" 0 '"body":"# What must we order.*## Machines to order' '' \
	env GITHUB_TOKEN=s "$H" attach github:a/b#1 size.json --dry-run
check "the ticket of a sizing" 0 'issues/7' '' \
	env REDMINE_API_KEY=s "$H" attach size.json --dry-run --url https://x.invalid
check "a sizing that is none" 2 '' 'size.json' sh -c "printf '{\"schema\":\"headroom.size/1\"}' >bad/size.json &&
	REDMINE_API_KEY=s '$H' attach redmine:1 bad/size.json --comment --dry-run --url https://x.invalid"

odd=$(printf 'ev\033[31mil\342\200\256.pdf')
printf 'x' >"$odd"
same "nothing that a terminal acts on" "" "$(REDMINE_API_KEY=top-secret "$H" attach redmine:1 "$odd" --dry-run \
	--url https://x.invalid | LC_ALL=C grep "$(printf '\033\|\342\200')")"
check "an address with a control character" 2 '' 'control character' \
	env REDMINE_API_KEY=s "$H" attach redmine:1 report.pdf --dry-run --url "$(printf 'https://x.invalid/\033[31m')"
check "a user's name for a shell" 0 "-u 'o'.''b:\*\*\*'" '' \
	env JIRA_USER_EMAIL="o'b" JIRA_API_TOKEN=top-secret "$H" attach jira:A-1 report.pdf --dry-run --url https://x.invalid
printf 'x\377\376' >bad.md
check "a comment that is no text" 2 '' 'not UTF-8' env GITHUB_TOKEN=s "$H" attach github:a/b#1 bad.md --dry-run

if ! command -v python3 >/dev/null; then
	skip "against a server" "no python3"
	exit 0
fi
# The server ends when its standard input, this pipe, does.
mkfifo hold
python3 "$top/tests/cli/ticket_server.py" log <hold >port &
exec 9>hold
wait_for port
url=http://127.0.0.1:$(cat port)
export JIRA_API_TOKEN=sEcReT1 REDMINE_API_KEY=sEcReT1 RT_TOKEN=sEcReT1 GITLAB_TOKEN=sEcReT1 GITHUB_TOKEN=sEcReT1 \
	SERVICENOW_TOKEN=sEcReT1
to() { # to TICKET FILE…
	timeout "$hang" "$H" attach "$@" --insecure --url "$url"
}
sys_id=0123456789abcdef0123456789abcdef
for ticket in jira:OPS-1 servicenow:incident/$sys_id redmine:1 rt:1 gitlab:group/sub/project#1; do
	check "$ticket" 0 'report.pdf: attached to .* as report-[0-9a-f]{8}.pdf \(9 B\)' '' to "$ticket" report.pdf
	check "$ticket: once" 0 'already attached to .*, as report-' '' to "$ticket" report.pdf
	check "$ticket: a comment, and another file" 0 'audit.json: attached' '' to "$ticket" report.pdf audit.json --comment
	check "$ticket: an odd name" 0 'attached to .* as odd__name___b_-[0-9a-f]{8}.txt' '' to "$ticket" 'odd "name";<b>.txt'
done
for ticket in CHG0030123 INC0010001 RITM0010042 u_test/LOAD0001; do
	name=${ticket##*/}.txt
	echo "$ticket" >"$name"
	check "servicenow:$ticket" 0 "$name: attached to servicenow:$ticket as " '' to "servicenow:$ticket" "$name"
done
for table in change_request incident sc_req_item u_test; do
	same "$table: by its sys_id" yes \
		"$(grep -q "^POST /api/now/attachment/file?table_name=$table&table_sys_id=$sys_id&" log && echo yes)"
done
check "github:a/b#1" 0 'github:a/b#1: comment written' '' to github:a/b#1 audit.json
check "github:a/b#1: once" 0 'the comment is there already' '' to github:a/b#1 audit.json
same "every request had the secret" "" "$(grep -v ' yes ' log)"
same "and no secret is in its address" "" "$(grep sEcReT log)"

number_fails() { # number_fails NUMBER PATTERN
	check "servicenow:$1" 1 '' "$2" to "servicenow:$1" fresh.pdf
}
echo "another report" >fresh.pdf
number_fails CHG0000000 'no record of change_request has the number CHG0000000'
number_fails CHG0000002 'several records of change_request have the number CHG0000002; .* servicenow:change_request/SYS_ID'
for number in 3 4 5; do
	number_fails "CHG000000$number" 'another or an unreadable record'
done
number_fails CHG0000006 'is not a list of records'
number_fails CHG0000007 'is not a list of records.*log-in page'
same "nothing was attached to them" 0 "$(grep -c 'POST .*fresh-' log)"

# Servers that are slow on purpose.
check "a server that trickles" 124 '' '^headroom: redmine:5551: .*not finished within 1 s \(--time-limit\); nothing was attached$' \
	to redmine:5551 fresh.pdf --time-limit 1s
check "one that never answers" 124 '' '^headroom: redmine:5552: .*not finished within 1 s \(--time-limit\); nothing was attached$' \
	to redmine:5552 fresh.pdf --time-limit 1s
check "one that trickles the record" 124 '' 'nothing was attached$' to servicenow:CHG0000008 fresh.pdf --time-limit 1s
check "one that leaves no time for another try" 124 '' 'HTTP 500.*not finished within 2 s' to redmine:500 fresh.pdf --time-limit 2s
for name in one two three; do echo "$name" >"$name.txt"; done
check "one that stops in the middle" 124 '*' 'rt:5553: .*not finished within 3 s \(--time-limit\)$' \
	to rt:5553 one.txt two.txt three.txt audit.json --comment --time-limit 3s
{
	grep -c '^one.txt: attached to rt:5553 as one-' .out
	grep -c '^two.txt: attached to rt:5553? unknown, the server did not confirm it' .out
	grep -c '^three.txt: not attached to rt:5553$' .out
	grep -c '^rt:5553: comment not written$' .out
} >partly
same "and says of each file where it is" "1 1 1 1" "$(tr '\n' ' ' <partly | sed 's/ $//')"
check "a file that was taken although the answer says otherwise" 0 'one.txt: attached to redmine:5554' 'HTTP 502.*trying again' \
	to redmine:5554 one.txt
same "is not sent twice" 1 "$(grep -c '^PUT /issues/5554' log)"
check "two files are one comment" 0 'comment written' '' to github:a/b#2 audit.json fresh.pdf
check "two files are one comment, once" 0 'the comment is there already' '' to github:a/b#2 audit.json fresh.pdf
misbehaves() { # misbehaves NUMBER EXIT PATTERN
	check "the server answers $1" "$2" '*' "$3" to "redmine:$1" report.pdf
}
misbehaves 401 1 'rejects the token from REDMINE_API_KEY \(HTTP 401\)'
misbehaves 403 1 'HTTP 403\)$'
misbehaves 404 1 'no such ticket'
misbehaves 413 1 'larger than the server accepts'
misbehaves 422 1 'HTTP 422 \(.*because of \*\*\*'
misbehaves 302 1 'redirects to http://elsewhere.invalid/steal, but headroom sends the token to no other server'
misbehaves 429 0 'trying again'
misbehaves 503 0 'trying again'
misbehaves 666 1 'is not a list of attachments'
misbehaves 888 1 'is not a list of attachments'
misbehaves 200 1 'is not a list of attachments.*log-in page'
echo "one more report" >fresh.pdf
check "the comment is tried again, not the file" 0 'fresh.pdf: attached to rt:4503' 'trying again' \
	to rt:4503 fresh.pdf audit.json --comment
same "the comment is written" 1 "$(tail -n 1 .out 2>/dev/null | grep -c 'rt:4503: comment written')"
check "no new file, no comment" 0 'rt:1: no comment written' '' to rt:1 audit.json --comment
check "beyond the first page" 0 'comment written' '' to github:a/b#75 audit.json
check "beyond the first page: once" 0 'already' '' to github:a/b#75 audit.json
same "tried only as often as it says" "3" "$(grep -c 'GET /issues/503' log)"
check "the connection is cut" 1 '' 'redmine:777: ' timeout "$hang" "$H" attach redmine:777 report.pdf --insecure --url "$url"
same "a password in Base64 is masked" 1 \
	"$(RT_USER=me RT_PASSWORD=swordfish to rt:422 report.pdf 2>&1 | grep -c 'because of Basic \*\*\*')"
same "a secret with blanks is masked" 1 "$(RT_TOKEN='one sEcReT2' to rt:422 report.pdf 2>&1 | grep -c 'of token \*\*\*')"
for number in 401 422 302 3023; do
	same "$number: no secret is shown" "" "$(to redmine:$number report.pdf 2>&1 | grep sEcReT)"
done
misbehaves 3021 1 'redirects to file:///etc/passwd, but headroom sends the token to no other server'
misbehaves 3022 1 'redirects to //elsewhere.invalid/x, but headroom sends the token'
misbehaves 431 1 'redmine:431: '
misbehaves 100 1 'redmine:100: '
# Whatever form a server gives to what it was sent: no form of it is shown.
# shellcheck disable=SC2089,SC2090 # meant literally
for secret in sEcReT1 'a+b/c=d&e"f<g\h%i' 'ünï-cödé+1'; do
	export REDMINE_API_KEY="$secret"
	: >repeated
	for form in $(seq 7700 7717); do to "redmine:$form" report.pdf >>repeated 2>&1; done
	same "18 forms of $secret are all refused" 18 "$(grep -c 'HTTP 422 (' repeated)"
	same "and hidden" "" "$(SECRET="$secret" python3 -c '
import base64, html, json, os, sys, urllib.parse
secret, said = os.environ["SECRET"], open("repeated").read()
low = said.lower()
forms = [secret, urllib.parse.quote(secret, safe=""), html.escape(secret), json.dumps(secret)[1:-1], base64.b64encode(secret.encode()).decode()[:8]]
forms += ["%{:02x}%{:02x}".format(*secret.encode()[:2]), "&#{};&#{};".format(ord(secret[0]), ord(secret[1])), "&#x{:x};".format(ord(secret[0]))]
print("\n".join(form for form in forms if form.lower() in low), end="")')"
done
# shellcheck disable=SC2090 # meant literally
export REDMINE_API_KEY=sEcReT1

# Secrets from elsewhere.
unset REDMINE_API_KEY
chmod 600 token
check "a secret from a file" 0 'attached|already' '' to redmine:1 report.pdf --token-file token
mkdir -p home
printf 'machine 127.0.0.1 login me password netrc-secret\n' >home/.netrc
chmod 600 home/.netrc
check "a secret from .netrc" 0 'attached|already' '' to redmine:1 report.pdf
same "it was sent" "" "$(tail -n 1 log | grep -v ' yes ')"
for number in 401 422 302; do
	same "$number: a password of .netrc is not shown" "" "$(to redmine:$number report.pdf 2>&1 |
		grep -e netrc-secret -e "$(printf 'me:netrc-secret' | base64)")"
done
printf 'machine other login a password b-secret\n# machine 127.0.0.1\ndefault\n\tlogin me\n\tpassword "x y\\"z"\n' >home/.netrc
to redmine:422 report.pdf >out 2>&1
same "a default, and a password in quotes" 1 "$(grep -c 'because of Basic \*\*\*' out)"
printf 'machine elsewhere login me password netrc-secret\n' >home/.netrc
check "no entry for this host" 2 '' 'no token: set' to redmine:1 report.pdf
printf 'machine 127.0.0.1 login me password netrc-secret\n' >home/.netrc
chmod 644 home/.netrc
check "a .netrc that others may read" 2 '' '.netrc is readable by others \(mode 0644\)' to redmine:1 report.pdf
chmod 600 home/.netrc
if [ "$(id -u)" = 0 ]; then
	chown 2001 home/.netrc
	check "a .netrc of somebody else" 2 '' '.netrc belongs to UID 2001' to redmine:1 report.pdf
	chown 0 home/.netrc
fi
mkfifo home/fifo
check "a FIFO" 2 '' 'fifo: is a FIFO' env NETRC="$PWD/home/fifo" timeout "$hang" "$H" attach redmine:1 report.pdf --insecure --url "$url"

# TLS is verified.
if command -v openssl >/dev/null && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
	-addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout key.pem -out cert.pem 2>/dev/null; then
	cat key.pem cert.pem >both.pem
	mkfifo hold2
	python3 "$top/tests/cli/ticket_server.py" log2 both.pem <hold2 >port2 &
	exec 8>hold2
	wait_for port2
	tls=https://127.0.0.1:$(cat port2)
	check "a certificate nobody vouches for" 1 '' 'ertificate' \
		env REDMINE_API_KEY=s "$H" attach redmine:1 report.pdf --url "$tls"
	check "not even with --insecure" 1 '' 'ertificate' \
		env REDMINE_API_KEY=s "$H" attach redmine:1 report.pdf --insecure --url "$tls"
	check "one that CURL_CA_BUNDLE vouches for" 0 'attached' '' \
		env REDMINE_API_KEY=s CURL_CA_BUNDLE="$work/cert.pem" "$H" attach redmine:1 report.pdf --url "$tls"
	exec 8>&-
else
	skip "TLS" "no openssl"
fi
exec 9>&-
wait
