# docs/ci.md: the recipes are YAML of the right shape, the settings in it are read, and the outputs they keep are made.
. tests/cli/lib.sh
page=$top/docs/ci.md

# block LANGUAGE N: the Nth code block of this language
block() { awk -v want="\`\`\`$1" -v n="$2" '{ line = $0; sub(/^ +/, "", line) }
	inside && line == "```" { inside = 0; next } inside { print } line == want && ++seen == n { inside = 1 }' "$page"; }

block groovy 1 >Jenkinsfile
block json 1 >headroom.json
same "Jenkins: the braces match" "$(tr -cd '{' <Jenkinsfile | wc -c)" "$(tr -cd '}' <Jenkinsfile | wc -c)"
# The shell of the recipes, as the CI systems take it out of them; tests/live/ci.sh runs it.
if python3 -c 'import yaml' 2>/dev/null && python3 "$top/tests/live/ci_steps.py" "$page" steps; then
	for recipe in github gitlab jenkins; do
		same "$recipe: an install step and the load test" "1-install.sh 2-load.sh" "$(cd steps/$recipe && echo *.sh)"
		for step in steps/$recipe/*.sh; do
			check "$recipe: $(basename "$step") is shell" 0 '' '' sh -n "$step"
		done
		same "$recipe: it installs the package" yes "$(grep -q './headroom.deb' steps/$recipe/1-install.sh && echo yes)"
		same "$recipe: strict" yes "$(grep -qsE -- '--certify strict|^HEADROOM_CERTIFY=strict$' steps/$recipe/* && echo yes)"
		same "$recipe: what it keeps is what it writes" "audit.json headroom-junit.xml headroom.html" "$(sort steps/$recipe/kept | paste -s -d ' ')"
		same "$recipe: all of it is asked for" 3 "$(cat steps/$recipe/2-load.sh steps/$recipe/env | grep -oE 'audit\.json|headroom-junit\.xml|headroom\.html' | sort -u | wc -l | tr -d ' ')"
		sed -n '/headroom gate/,$p' steps/$recipe/2-load.sh | sed 's/ -- .*//; s/^-- .*//; s/^ *-- .*//' | grep -oE -- '--[a-z][a-z-]+' >options
		sed -n 's/^HEADROOM_\([A-Z_]*\)=.*/--\1/p' steps/$recipe/env | tr 'A-Z_' 'a-z-' >>options
		same "$recipe: options of gate" "" "$(while read -r option; do "$H" gate --help | grep -q -- "$option" || echo "$option"; done <options)"
	done
	same "GitHub Actions: the report is kept whatever happens" "always()" "$(block yaml 1 | sed -n 's/^ *if: //p')"
	same "GitLab CI: the report is kept whatever happens" always "$(block yaml 2 | sed -n 's/^ *when: //p')"
else
	skip "the recipes' shell" "python3-yaml is not installed"
fi

export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the helper's sandbox
limited() { # limited COMMAND…: with 100 open files
	(ulimit -n 100 && exec "$@")
}
check "the settings are read" 121 '' 'FAIL process-fds' limited "$H" gate -q -- sh -c true
same "… and their outputs made" "headroom-junit.xml headroom.html audit.json" \
	"$(for file in headroom-junit.xml headroom.html audit.json; do [ -s $file ] && printf '%s ' $file; done | sed 's/ $//')"
same "JUnit has the gate's case" 1 "$(grep -c 'classname="headroom.gate"' headroom-junit.xml)"
if command -v xmllint >/dev/null; then
	check "JUnit is well formed" 0 '' '' xmllint --noout headroom-junit.xml
fi
same "GitLab's variables are settings" "0.5 strict" "$(env HEADROOM_OUTPUT=x.json HEADROOM_MAX_USE=50% "$H" gate --force -q --certify off \
	-- sh -c true >/dev/null 2>&1; echo "$(jq .target_utilization x.json) $(jq -r .certify headroom.json)")"

# The two lines about a baseline, with a wrk that ends at once.
mkdir bin
printf '#!/bin/sh\n' >bin/wrk
printf '#!/bin/sh\nexec "%s" "$@"\n' "$H" >bin/headroom
chmod 755 bin/wrk bin/headroom
awk '/^```/ { inside = inside ? 0 : 1 + ($0 != "```"); next } inside == 1 && /^headroom / { print "(" $0 "\n); echo " "$?" }' "$page" >baseline.sh
same "the lines about a baseline" "0 123" "$(PATH=$work/bin:$PATH TARGET=http://127.0.0.1:9/ sh baseline.sh 2>said | grep -E '^[0-9]+$' | paste -s -d ' ')"

# docs/automation.md has every key and every word of a last line that the sources can print.
for key in $(grep -hv "^[/ ][*]" "$top/report/write/summary_line.c" "$top/report/write/why.c" | grep -oE '" ?[a-z_]+=' | tr -d '" ' | sort -u); do
	same "docs/automation.md: $key" yes "$(grep -qF "\`$key" "$top/docs/automation.md" && echo yes)"
done
for reason in $(sed -n '/charge_names\[\|names\[CHARGES\]/,/};/p' "$top/model/watch/charge.c" | grep -oE '"[a-z-]+"' | tr -d '"'); do
	case $reason in limit) continue ;; esac # the limit itself stands there
	same "docs/automation.md: the reason $reason" yes "$(grep '^| .NOT-CERTIFIED' "$top/docs/automation.md" | grep -qw -- "$reason" && echo yes)"
done
