# The waiver file.
. tests/cli/lib.sh
run() {
	"$H" audit --facts "$hosts/debian-default" --connections 15000 --waivers "$1"
}
waiver() {
	printf '{"schema":"headroom.waivers/1","waivers":[{"id":"%s","justification":"%s","expires":"%s"}]}' "$@"
}
waiver process-fds "the service raises it" 2999-12-31 >valid.json
check "a waiver holds" 0 'process-fds: the service raises it \(until 2999-12-31\)' '' run valid.json
waiver process-fds "the service raises it" 2020-01-01 >expired.json
check "an expired one does not, and says so" 3 'EXPIRED' '' run expired.json
waiver proces-fds x 2999-12-31 >id.json
check "unknown limit" 2 '' 'id.json:1:[0-9]+: .*did you mean process-fds\?' run id.json
waiver process-fds "" 2999-12-31 >empty.json
check "without justification" 2 '' 'no justification' run empty.json
waiver process-fds x 2999-13-31 >date.json
check "bad date" 2 '' 'YYYY-MM-DD' run date.json
waiver process-fds x 2999-12-311 >date.json
check "bad date, too long" 2 '' 'YYYY-MM-DD' run date.json
echo '{"schema":"headroom.waivers/1","waivers":[],"x":1}' >member.json
check "unknown member" 2 '' 'member.json:1:' run member.json
echo '{"waivers":[]}' >schema.json
check "no schema" 2 '' 'headroom.waivers/1' run schema.json
echo '[' >broken.json
check "not JSON" 2 '' 'broken.json:' run broken.json
check "missing" 2 '' 'none.json' run none.json
