# docs/ci.md: the recipes are YAML of the right shape, the settings in it are read, and the outputs they keep are made.
. tests/cli/lib.sh
page=$top/docs/ci.md

# block LANGUAGE N: the Nth code block of this language
block() { awk -v want="\`\`\`$1" -v n="$2" '{ line = $0; sub(/^ +/, "", line) }
	inside && line == "```" { inside = 0; next } inside { print } line == want && ++seen == n { inside = 1 }' "$page"; }

block yaml 1 >github.yml
block yaml 2 >gitlab.yml
block groovy 1 >Jenkinsfile
block json 1 >headroom.json
if python3 -c 'import yaml' 2>/dev/null; then
	same "GitHub Actions: YAML, the job's steps" "checkout,run,upload-artifact always" "$(python3 - <<-'PY'
		import yaml
		steps = yaml.safe_load(open("github.yml"))["jobs"]["load"]["steps"]
		names = [s["uses"].split("/")[1].split("@")[0] if "uses" in s else "run" for s in steps]
		print(",".join(names), "always" if steps[-1]["if"] == "always()" else "")
	PY
	)"
	same "GitLab CI: YAML, report and JUnit are kept" "always headroom-junit.xml True" "$(python3 - <<-'PY'
		import yaml
		job = yaml.safe_load(open("gitlab.yml"))["load-test"]
		kept = job["artifacts"]
		print(kept["when"], kept["reports"]["junit"], set(kept["paths"]) | {kept["reports"]["junit"]} == set(job["variables"]["HEADROOM_OUTPUT"].split(",")))
	PY
	)"
else
	skip "GitHub Actions" "python3-yaml is not installed"
	skip "GitLab CI" "python3-yaml is not installed"
fi
same "Jenkins: the braces match" "$(tr -cd '{' <Jenkinsfile | wc -c)" "$(tr -cd '}' <Jenkinsfile | wc -c)"
for recipe in github.yml gitlab.yml Jenkinsfile; do
	same "$recipe runs the gate and keeps JUnit" "yes yes" "$(grep -q 'headroom gate' $recipe && echo yes) $(
		grep -q 'headroom-junit.xml' $recipe && echo yes)"
done
for option in $(cat github.yml gitlab.yml Jenkinsfile | grep -oE ' --[a-z][a-z-]+' | sort -u); do
	same "$option is an option of gate" yes "$("$H" gate --help | grep -q -- "$option" && echo yes)"
done

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
