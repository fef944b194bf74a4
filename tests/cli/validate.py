"""Checks documents against the JSON Schemas of docs/. Reads lines "TITLE<TAB>SCHEMA<TAB>DOCUMENT" and prints a TAP line
for each: one process for all, since starting Python and jsonschema takes longer than checking a document.

The schema of audits lets members through that it does not know, since later versions add some. What this version writes
must be described to the last member: here every object is closed.
"""
import json
import sys

import jsonschema


def closed(node):
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: closed(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and node.get("type") == "object":
        copy.setdefault("additionalProperties", False)
    return copy


def validator(path):
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(closed(schema))


def main():
    validators = {}
    for line in sys.stdin:
        title, path, name = line.rstrip("\n").split("\t")
        if path not in validators:
            validators[path] = validator(path)
        with open(name, encoding="utf-8") as file:
            errors = list(validators[path].iter_errors(json.load(file)))[:3]
        print("not ok" if errors else "ok", "-", title)
        for error in errors:
            print("#  ", name, list(error.path), error.message[:200])


main()
