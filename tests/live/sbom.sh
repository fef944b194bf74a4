#!/bin/sh
# Usage: sbom.sh [BUILD]. make live-sbom: the bill of materials of the static headroom (make sbom) fits the schema of
# CycloneDX 1.5, as its own library checks it, and names every library of the file and no other. Needs pip's registry.
set -u
build=${1:-build}
bill=build/static/headroom.cdx.json
linked=build/static/headroom.linked.tsv
passed=0 failed=0
same() { # same NAME WANT GOT
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		printf 'not ok - %s\n#   want: %s\n#   got:  %s\n' "$1" "$2" "$3"
	fi
}
venv=$build/live-sbom
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q 'cyclonedx-python-lib[json-validation]==11.12.0' || { echo "the registry cannot be had" && exit 77; }
valid() {
	"$venv/bin/python" - "$1" <<'END' 2>&1 | head -n 5
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
with open(sys.argv[1], encoding="utf-8") as file:
    print(JsonStrictValidator(SchemaVersion.V1_5).validate_str(file.read()))
END
}
same "it fits the schema of CycloneDX 1.5" None "$(valid $bill)"
jq '.components[0].licenses[0].license.id = "no-such-license"' $bill >"$venv/wrong.json"
same "a wrong one is found" 1 "$(valid "$venv/wrong.json" | grep -c 'no-such-license')"
same "every library, with its version" "$(cut -f 1,2 $linked)" "$(jq -r '.components[] | [.name, .version] | @tsv' $bill)"
same "the digest is that of the program" "$(sha256sum build/static/headroom | cut -d ' ' -f 1)" "$(jq -r '.metadata.component.hashes[0].content' $bill)"
same "made again it is the same" "$(sha256sum <$bill)" "$(.ci/sbom.py build/static/headroom $linked "$(jq -r .metadata.component.version $bill)" | sha256sum)"
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
