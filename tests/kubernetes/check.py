"""Checks what headroom writes for Kubernetes against members.schema.json. Arguments: what a text is, Pod, PodSpec (a part
of one) or KubeletConfiguration (a part of one), and files. Prints nothing where all is well; exits with 1 where not.
"""
import json
import os
import re
import sys

import jsonschema
import yaml

# SysctlFullName of k8s.io/kubernetes, pkg/apis/core/validation: the API server asks for more than its schema says.
SYSCTL = re.compile(r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?\Z")


class Loader(yaml.SafeLoader):
    """Refuses a member that stands twice, as kubectl's strict validation does."""

    def construct_mapping(self, node, deep=False):
        names = [self.construct_object(key, deep) for key, _ in node.value]
        if len(set(names)) != len(names):
            raise yaml.YAMLError(f"a member stands twice: {names}")
        return super().construct_mapping(node, deep)


def sysctls_of(document):
    spec = document.get("spec", document)
    return (spec.get("securityContext") or {}).get("sysctls", [])


def complaints(schema, kind, text):
    document = yaml.load(text, Loader)
    if not isinstance(document, dict):
        return ["no mapping"]
    part = dict(schema, **{"$ref": f"#/$defs/{kind}"})
    if kind == "PodSpec":  # a part: it needs no containers
        part["$defs"] = dict(schema["$defs"], PodSpec={k: v for k, v in schema["$defs"][kind].items() if k != "required"})
    found = [error.message for error in jsonschema.Draft202012Validator(part).iter_errors(document)]
    names = [] if found else [sysctl["name"] for sysctl in sysctls_of(document)]
    found += [f"no name of a sysctl: {name}" for name in names if not SYSCTL.match(name)]
    if len(set(names)) != len(names):
        found.append(f"a sysctl stands twice: {names}")
    return found


def main():
    with open(os.path.join(os.path.dirname(__file__), "members.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    bad = False
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            try:
                found = complaints(schema, sys.argv[1], file.read())
            except yaml.YAMLError as error:
                found = [str(error)]
        for complaint in found:
            print(f"{name}: {complaint}")
            bad = True
    sys.exit(bad)


main()
