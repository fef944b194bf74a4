#!/usr/bin/env python3
"""make sbom: what is in the static headroom, as CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/).

Usage: .ci/sbom.py PROGRAM LINKED.tsv VERSION >PROGRAM.cdx.json
LINKED.tsv, which `make static` writes, has a line for each library: name, version, license (SPDX), Debian package.
The same program gives the same file: the number is made of its digest, the time is that of the commit, or
SOURCE_DATE_EPOCH.
"""
import datetime
import hashlib
import json
import os
import subprocess
import sys
import urllib.parse
import uuid


def commit_time():
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        epoch = subprocess.run(["git", "log", "-1", "--format=%ct"], capture_output=True, text=True, check=True).stdout
    return datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def license_of(identifier):
    return [{"license": {"id": identifier}}]


def library(line):
    """Packages that end in -dev hold the library as it is linked; of the others the source was compiled."""
    name, version, identifier, package = line.rstrip("\n").split("\t")
    built = "" if package.endswith("-dev") else "?arch=source"
    purl = f"pkg:deb/debian/{package}@{urllib.parse.quote(version, safe='.~-')}{built}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "licenses": license_of(identifier),
        "purl": purl,
    }


def main():
    program, linked, version = sys.argv[1:4]
    with open(program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    with open(linked, encoding="utf-8") as file:
        libraries = [library(line) for line in file if line.strip()]
    if not libraries:
        raise SystemExit(f"{linked}: no library in it")
    reference = f"headroom@{version}"
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "timestamp": commit_time(),
            "component": {
                "type": "application",
                "bom-ref": reference,
                "name": "headroom",
                "version": version,
                "licenses": license_of("MIT"),
                "hashes": [{"alg": "SHA-256", "content": digest}],
            },
        },
        "components": libraries,
        "dependencies": [{"ref": reference, "dependsOn": [one["bom-ref"] for one in libraries]}]
        + [{"ref": one["bom-ref"]} for one in libraries],
    }
    json.dump(document, sys.stdout, indent=1)
    print()


main()
