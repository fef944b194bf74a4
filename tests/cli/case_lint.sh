# lint: listeners of a repository inside the range of outgoing ports, and settings without effect.
# shellcheck shell=sh disable=SC1091,SC2154,SC3045 # what lib.sh sets
. tests/cli/lib.sh
python3 "$top/tests/cli/lint_cases.py" "$H" "$top"/tests/lint/*.txt >cases
sed '/^#/d' cases | sed "s/^\(ok\|not ok\) -/\1 0 -/"
grep '^#' cases
same "every case ran" "$(cat "$top"/tests/lint/*.txt | grep -c '^== ')" "$(grep -c '^ok\|^not ok' cases)"

image="--image ubuntu-24.04"
mkdir repo
cd repo || exit 1
printf 'services:\n  db:\n    image: postgres\n    ports: ["54320:5432"]\n' >compose.yaml
# shellcheck disable=SC2086 # the option is two words
{
	check "found" 3 '^headroom: LINT found=1 image=ubuntu-24.04$' '' "$H" lint $image
	check "the place" 3 '^  compose.yaml:4 +54320 +db$' '' "$H" lint $image
	check "what to do, for one listener" 3 '^  Fix: use a port below 32768, or reserve the port before the service starts:$' '' "$H" lint $image
	check "ports that are reserved already stay so" 3 '^  sudo sysctl -w net.ipv4.ip_local_reserved_ports=50001,54320$' '' \
		"$H" lint $image --set net.ipv4.ip_local_reserved_ports=50001
	check "the cure" 3 '^  sudo sysctl -w net.ipv4.ip_local_reserved_ports=54320$' '' "$H" lint $image
	check "the race in a sentence" 3 'an outgoing connection may take this port first' '' "$H" lint $image
	check "the last line alone" 3 '^headroom: LINT found=1' '' "$H" lint -q $image .
	check "a file" 3 '^  compose.yaml:4' '' "$H" lint $image compose.yaml
	check "a path outside" 3 '^  \.\./repo/compose.yaml:4' '' "$H" lint $image ../repo
	check "paths that overlap" 3 'found=1 ' '' "$H" lint $image . compose.yaml
	check "annotations" 3 '^::warning file=compose.yaml,line=4,title=headroom lint::port 54320 lies' '' "$H" lint $image -o github
	check "no other formats" 2 '' 'this command cannot write png' "$H" lint $image -o lint.png
	check "SARIF is for lint" 2 '' 'this command cannot write sarif' "$H" audit -o a.sarif
	check "a path that is not there" 2 '' 'none: No such file' "$H" lint $image none
	check "no such image" 2 '' 'unknown image "ubuntu-20.04"; did you mean ubuntu-24.04' "$H" lint --image ubuntu-20.04
	check "below another image's range" 0 '^headroom: LINT found=0 image=macos-14$' '' "$H" lint --image macos-latest --set ip_local_port_range="55000 65535"
	check "a range that is none" 2 '' 'is not a port range' "$H" lint $image --set net.ipv4.ip_local_port_range=9
	check "other facts are not looked at" 2 '' 'lint uses only' "$H" lint $image --set net.core.somaxconn=1
	check "image or facts" 2 '' 'give one of them' "$H" lint $image --facts "$hosts/debian-default"
	check "a reserved port" 0 'found=0' '' "$H" lint $image --set net.ipv4.ip_local_reserved_ports=54000-55000
}
check "a host's range" 3 'found=1$' '' "$H" lint --facts "$hosts/debian-default"
check "this host" 3 'this host: outgoing connections use ports 50000-60999' '' "$H" lint --set net.ipv4.ip_local_port_range="50000 60999"
check "what it has reserved stays" 3 'reserved_ports=50001,54320$' '' "$H" lint --set net.ipv4.ip_local_port_range="50000 60999" \
	--set net.ipv4.ip_local_reserved_ports=50001
check "a host of which nothing is known" 2 '' 'is not known; name an image' "$H" lint --facts /dev/fd/3 3<<-'END'
	{"schema":"headroom.facts/2","facts":{}}
END

# Outputs.
# shellcheck disable=SC2086
"$H" lint $image -q -o a.sarif -o a.json -o junit:a.xml -o a.txt >/dev/null
if command -v jq >/dev/null; then
	same "SARIF: version, rule, place" "2.1.0 ephemeral-listener compose.yaml 4" \
		"$(jq -r '"\(.version) \(.runs[0].results[0] | "\(.ruleId) \(.locations[0].physicalLocation | "\(.artifactLocation.uri) \(.region.startLine)")")"' a.sarif)"
	same "SARIF: the rule that a result names" "ephemeral-listener" \
		"$(jq -r '.runs[0] as $run | $run.tool.driver.rules[$run.results[0].ruleIndex].id' a.sarif)"
	same "JSON: the machine has sources" yes "$(jq -r 'if .machine.sources | length > 0 then "yes" else "no" end' a.json)"
	printf 'services: {db: {image: a, ports: ["54320:80"]}} # headroom: allow\n' >compose.yaml
	# shellcheck disable=SC2086
	same "SARIF: a suppression" "inSource" "$("$H" lint $image -o sarif:- | jq -r '.runs[0].results[0].suppressions[0].kind')"
	# shellcheck disable=SC2086
	check "and nothing is found" 0 '^headroom: LINT found=0 allowed=1 ' '' "$H" lint -q $image
fi
# The schema of OASIS, as a package brings it that make check-browser installs.
schema=$top/${HEADROOM_BUILD:-build}/browser/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json
if [ ! -f "$schema" ] || ! python3 -c 'import jsonschema' 2>/dev/null; then
	skip "SARIF against its schema" "the packages of make check-browser or python3-jsonschema are not installed"
else
	printf 'RUN ulimit -n 9\n' >Dockerfile
	printf 'docker run -p 54321:80 a\n' >'a b%.sh'
	# shellcheck disable=SC2086
	"$H" lint $image -q -o b.sarif >/dev/null
	cat >sarif.py <<-'END'
		import json, sys
		import jsonschema
		schema = json.load(open(sys.argv[1]))
		found = 0
		for name in sys.argv[2:]:
		    document = json.load(open(name))
		    jsonschema.Draft4Validator(schema).validate(document)
		    found += len(document["runs"][0]["results"])
		print("valid", found)
	END
	check "SARIF against its schema" 0 '^valid 4$' '' python3 sarif.py "$schema" a.sarif b.sarif
	rm Dockerfile 'a b%.sh' sarif.py
fi
if command -v xmllint >/dev/null; then
	check "JUnit is XML" 0 '' '' xmllint --noout a.xml
fi
same "JUnit: the file is the case" 1 "$(grep -c 'testcase classname="headroom.lint" name="compose.yaml"' a.xml)"

# What somebody else put there: nothing blocks, nothing outside is read.
rm -f ./*
outside=$work/outside
mkdir -p "$outside" .git sub
printf 'docker run -p 54320:80 a\n' >"$outside/run.sh"
ln -s "$outside" link
ln -s "$outside/run.sh" run.sh
ln -s . loop
mkfifo fifo.sh
ln -s /dev/zero zero.yml
printf 'docker run -p 54321:80 a\n' >.git/run.sh
printf '\000docker run -p 54322:80 a\n' >binary.sh
printf 'docker run \377\376 -p 54323:80 a\n' >bytes.sh
head -c 1100000 /dev/zero | tr '\0' 'x' >large.sh
{
	printf 'docker run -p 54324:80 '
	head -c 900000 /dev/zero | tr '\0' 'x'
} >long.sh
printf 'a:\n - [ [ [ { "54325:80"\n' >open.yaml
name=$(printf 'a\nb::error::.sh')
printf 'docker run -p 54326:80 a\n' >"$name"
# shellcheck disable=SC2086
{
	"$H" lint $image -o json >out.json
	same "hostile files: what is found" "54323 54324 54326" "$(jq -r '[.findings[].ports] | sort | join(" ")' out.json)"
	same "links are counted" 4 "$(jq .files.links out.json)"
	same "what is too large is said" "large.sh is larger than 1 MiB" "$(jq -r '.files.problems[] | "\(.path) \(.why)"' out.json)"
	same "no command to a runner" "" "$("$H" lint $image -o github | grep '^::error')"
	mkdir ../deep
	(
		cd ../deep || exit 1
		i=0
		while [ $i -lt 80 ]; do
			mkdir d && cd d || exit 1
			i=$((i + 1))
		done
	)
	check "directories without an end" 0 'is nested too deeply' '' "$H" lint $image ../deep
}
python3 - <<'END'
open("brackets.json", "w").write("[" * 900000 + "54320")
open("braces.yml", "w").write("a: {" * 200000 + "54320")
open("dashes.yml", "w").write("- " * 400000 + "54320")
open("steps.yml", "w").write("\n".join(" " * (i % 700) + "a:" for i in range(2500)) + "\n54320")
open("quotes.sh", "w").write("x '" * 200000 + " 54320")
open("dollars.sh", "w").write("A=54320\n" + "$A${A}" * 150000)
open("settings.conf", "w").write("port = 54320\n" * 70000)
open("words_test.go", "w").write("const aPort = 54320\n" * 45000)
open("numbers.test.js", "w").write("54320," * 150000)
END
# shellcheck disable=SC2086
check "nesting and repetition without an end" 3 'found=' '' within 60 "$H" lint -q $image
cd ..

# The race itself, in a namespace whose range is four ports wide.
alone=""
unshare -n true 2>/dev/null && alone="unshare -n"
[ -n "$alone" ] || ! unshare -rn true 2>/dev/null || alone="unshare -rn"
if [ -z "$alone" ]; then
	skip "the race" "no network namespace may be made here"
else
	mkdir race
	printf './server --listen 127.0.0.1:40001\n' >race/run.sh
	check "lint sees it" 3 '^  sudo sysctl -w net.ipv4.ip_local_reserved_ports=40001$' '' "$H" lint race --image ubuntu-24.04
	same "outgoing connections take the port, and bind fails" "EADDRINUSE 4" "$($alone python3 "$top/tests/cli/lint_race.py" 40001)"
	same "a reserved port is not taken" "bound 3" "$($alone python3 "$top/tests/cli/lint_race.py" 40001 40001)"
fi
