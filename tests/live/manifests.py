#!/usr/bin/python3
"""Are the Kubernetes manifests of docs/fleet/ ones that the API takes?

Each member must be one that the API's own description has (python3-kubernetes, which is generated from it), of its type,
and none that is required may be missing. Usage: manifests.py FILE… Nothing asks a cluster."""
import re
import sys

import kubernetes.client.models as models
import yaml

KINDS = {"DaemonSet": "V1DaemonSet", "Job": "V1Job"}
PLAIN = {"str": str, "int": int, "bool": bool, "float": (int, float), "datetime": str}


def check_plain(value, kind, where):
    if kind == "object":
        return []
    if not isinstance(value, PLAIN[kind]) or (kind == "int" and isinstance(value, bool)):
        return [f"{where}: {value!r} is not of the type {kind}"]
    return []


def check_model(value, kind, where):
    if not isinstance(value, dict):
        return [f"{where}: an object is wanted"]
    model = getattr(models, kind)
    types = {model.attribute_map[name]: (name, of) for name, of in model.openapi_types.items()}
    faults = [f"{where}.{name}: the API has no such member" for name in value if name not in types]
    for name, item in value.items():
        if name in types:
            faults += check(item, types[name][1], f"{where}.{name}")
    try:
        model(**{types[name][0]: item for name, item in value.items() if name in types})
    except ValueError as error:
        faults.append(f"{where}: {error}")
    return faults


def check(value, kind, where):
    items = re.fullmatch(r"list\[(.*)\]", kind)
    members = re.fullmatch(r"dict\(str, (.*)\)", kind)
    if items:
        if not isinstance(value, list):
            return [f"{where}: a list is wanted"]
        return [fault for i, item in enumerate(value) for fault in check(item, items[1], f"{where}[{i}]")]
    if members:
        if not isinstance(value, dict):
            return [f"{where}: an object is wanted"]
        return [fault for name, item in value.items() for fault in check(item, members[1], f"{where}.{name}")]
    if kind in PLAIN or kind == "object":
        return check_plain(value, kind, where)
    return check_model(value, kind, where)


def check_file(path):
    faults = []
    with open(path, encoding="utf-8") as file:
        documents = [document for document in yaml.safe_load_all(file) if document]
    if not documents:
        faults.append(f"{path}: it is empty")
    for document in documents:
        kind = KINDS.get(document.get("kind"))
        if not kind:
            faults.append(f"{path}: {document.get('kind')} is not known here")
            continue
        faults += check(document, kind, f"{path}: {document['kind']}")
        labels = document["spec"]["template"]["metadata"]["labels"]
        selector = document["spec"].get("selector", {}).get("matchLabels", labels)
        if any(labels.get(name) != value for name, value in selector.items()):
            faults.append(f"{path}: the selector does not match the pods")
    return faults


def main():
    faults = [fault for path in sys.argv[1:] for fault in check_file(path)]
    print("\n".join(faults) or "good")
    sys.exit(bool(faults) or len(sys.argv) < 2)


main()
