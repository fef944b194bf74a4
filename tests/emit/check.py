"""Checks files that headroom emits against the extracts of schemas beside this program. Usage: check.py [KIND FILE]…
Members that the extract does not list are refused. Prints what is wrong after the file's name, nothing otherwise.
"""
import json
import os
import sys

import jsonschema
import yaml


def check(kind, path):
    here = os.path.dirname(os.path.abspath(__file__))
    with open("%s/%s.schema.json" % (here, kind), encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.Draft202012Validator(schema)
    try:
        with open(path, encoding="utf-8") as file:
            # JSON is YAML; a file may have several documents.
            documents = [document for document in yaml.safe_load_all(file) if document is not None]
    except (OSError, yaml.YAMLError) as error:
        print("%s:" % path, str(error).replace("\n", " "))
        return
    if not documents:
        print("%s: no document" % path)
    for document in documents:
        for error in validator.iter_errors(document):
            print("%s:" % path, list(error.absolute_path), error.message[:200])


def main():
    for kind, path in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        check(kind, path)


main()
