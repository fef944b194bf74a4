"""Checks files that headroom emits against the extracts of schemas beside this program. Usage: check.py KIND FILE. Members
that the extract does not list are refused. Prints what is wrong, nothing otherwise.
"""
import json
import os
import sys

import jsonschema
import yaml


def main():
    kind, path = sys.argv[1:]
    here = os.path.dirname(os.path.abspath(__file__))
    with open("%s/%s.schema.json" % (here, kind), encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.Draft202012Validator(schema)
    with open(path, encoding="utf-8") as file:
        # JSON is YAML; a file may have several documents.
        documents = [document for document in yaml.safe_load_all(file) if document is not None]
    if not documents:
        print("no document")
    for document in documents:
        for error in validator.iter_errors(document):
            print(list(error.absolute_path), error.message[:200])


main()
