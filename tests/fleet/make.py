"""Makes the documents of invented hosts out of a facts document.

Usage: make.py FACTS.json (dir DIRECTORY | lines [PREFIX] | pretty PREFIX) NAME[:KEY=VALUE…] …
KEY is a fact, or created, print, host (the name inside the document).
PREFIX is the text in front of each line, with NAME in it ("NAME: ").
"""
import copy
import json
import sys


def document(base, word):
    name, *changes = word.split(":")
    made = copy.deepcopy(base)
    changes = dict(change.split("=", 1) for change in changes)
    made["created"] = changes.pop("created", "2026-11-30T12:00:00Z").replace("-at-", ":")
    made["host"]["name"] = changes.pop("host", name)
    made["host"]["fingerprint"] = changes.pop("print", f"{abs(hash(name)):016x}"[:16])
    for fact in made["facts"]:
        if fact["key"] == "host.name":
            fact["value"] = made["host"]["name"]
        if fact["key"] in changes and not fact.get("instance"):
            value = changes.pop(fact["key"])
            fact["value"] = value if fact["unit"] == "text" else float(value)
            fact["status"] = "known"
    assert not changes, changes
    return name, made


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        base = json.load(file)
    how, words = sys.argv[2], sys.argv[3:]
    place = words.pop(0) if how in ("dir", "pretty") or (words and "NAME" in words[0]) else ""
    for name, made in (document(base, word) for word in words):
        if how == "dir":
            with open(f"{place}/{name}.json", "w", encoding="utf-8") as file:
                json.dump(made, file)
            continue
        text = json.dumps(made, indent="\t" if how == "pretty" else None)
        for line in text.split("\n"):
            print(place.replace("NAME", name) + line)


main()
