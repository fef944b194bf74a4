#!/usr/bin/env python3
"""The shell of the recipes in docs/ci.md, as their CI systems run it: one file for each step, and their variables.

Usage: ci_steps.py PAGE DIRECTORY    writes DIRECTORY/RECIPE/env and DIRECTORY/RECIPE/1-NAME.sh, 2-NAME.sh ...
"""
import os
import re
import sys

import yaml


def blocks(text, language):
    return re.findall(r"^```" + language + r"\n(.*?)^```$", text, re.M | re.S)


def github(job):
    steps = [(step["name"], step["run"]) for step in job["steps"] if "run" in step]
    kept = [step["with"]["path"].split() for step in job["steps"] if "upload-artifact" in step.get("uses", "")]
    return job["env"], steps, kept[0]


def gitlab(job):
    steps = [(name, "\n".join(job[key]) + "\n") for name, key in (("Install", "before_script"), ("Load test", "script"))]
    return job["variables"], steps, job["artifacts"]["paths"] + [job["artifacts"]["reports"]["junit"]]


def jenkins(text):
    """Backslashes at a line's end mean the same in Groovy's ''' and in the shell here: they join lines."""
    variables = dict(re.findall(r"^ +(\w+) = '([^']*)'$", text, re.M))
    steps = [(name, re.sub(r"^ +", "", shell, flags=re.M))
             for name, shell in re.findall(r"stage\('([^']+)'\) \{\s+steps \{\s+sh '''\n(.*?)'''", text, re.S)]
    kept = re.findall(r"junit '([^']+)'", text) + re.findall(r"artifacts: '([^']+)'", text)[0].split(", ")
    return variables, steps, kept


def main(page, directory):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    documents = [yaml.safe_load(block) for block in blocks(text, "yaml")]
    recipes = {
        "github": github(next(d for d in documents if "jobs" in d)["jobs"]["load"]),
        "gitlab": gitlab(next(d for d in documents if "load-test" in d)["load-test"]),
        "jenkins": jenkins(next(b for b in blocks(text, "groovy"))),
    }
    for recipe, (variables, steps, kept) in recipes.items():
        where = os.path.join(directory, recipe)
        os.makedirs(where)
        with open(os.path.join(where, "env"), "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in variables.items())
        with open(os.path.join(where, "kept"), "w", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name in kept)
        for number, (name, shell) in enumerate(steps, 1):
            with open(os.path.join(where, f"{number}-{name.split()[0].lower()}.sh"), "w", encoding="utf-8") as file:
                file.write(shell)


if __name__ == "__main__":
    main(*sys.argv[1:])
