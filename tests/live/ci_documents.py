#!/usr/bin/env python3
"""The YAML of docs/ci.md and of GitLab's component, one document in a file, as their schemas take them.

Usage: ci_documents.py TOP DIRECTORY    writes github-N.yml and gitlab-N.yml
"""
import re
import sys

import yaml


def main(top, directory):
    with open(f"{top}/docs/ci.md", encoding="utf-8") as file:
        texts = re.findall(r"^```yaml\n(.*?)^```$", file.read(), re.M | re.S)
    with open(f"{top}/templates/headroom.yml", encoding="utf-8") as file:
        texts += re.split(r"^---$", file.read(), flags=re.M)
    for number, text in enumerate(texts, 1):
        # In YAML 1.1 the key "on" is true: the text is what the schema is for.
        system = "github" if "jobs" in yaml.safe_load(text) else "gitlab"
        with open(f"{directory}/{system}-{number}.yml", "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
