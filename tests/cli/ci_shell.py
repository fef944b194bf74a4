#!/usr/bin/env python3
"""The shell of the GitHub action, the GitLab component and the Jenkins pipeline, as their CI systems take it out of them.

Usage: ci_shell.py TOP DIRECTORY    writes github.sh, gitlab.sh and jenkins.sh, what the examples of docs/ci.md hand to the
first two (github-1, github-2, gitlab-1: HR_NAME=VALUE in each line), and prints what is wrong around them, if anything
"""
import re
import sys

import yaml


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def variables_of(shell):
    return set(re.findall(r"\bHR_[A-Z0-9_]+", shell))


def complaints_about(name, shell, given, inputs, used):
    """Nothing of an input may be text of the shell; every input is used, and every variable is given."""
    if "${{" in shell or "$[[" in shell:
        yield f"{name}: an expression within the shell"
    if variables_of(shell) != set(given):
        yield f"{name}: variables differ: {variables_of(shell) ^ set(given)}"
    if set(inputs) - set(used):
        yield f"{name}: inputs that nothing takes: {set(inputs) - set(used)}"
    if set(used) - set(inputs):
        yield f"{name}: no such inputs: {set(used) - set(inputs)}"


def github(top):
    text = read(f"{top}/.ci/github/action.yml")
    action = yaml.safe_load(text)
    (step,) = action["runs"]["steps"]
    used = re.findall(r"\binputs\.([a-z0-9-]+)", text)
    return step["run"], complaints_about("github", step["run"], step["env"], action["inputs"], used)


def gitlab(top):
    text = read(f"{top}/templates/headroom.yml")
    header, jobs = yaml.safe_load_all(text)
    (job,) = jobs.values()
    shell = "\n".join(job["script"])
    loose = [name for name, value in job["variables"].items() if value.get("expand") is not False]
    used = re.findall(r"\binputs\.([a-z0-9-]+)", text)
    complaints = list(complaints_about("gitlab", shell, job["variables"], header["spec"]["inputs"], used))
    return shell, complaints + [f"gitlab: {name} is expanded" for name in loose]


def jenkins(top):
    """Groovy reads no variables between ''', but backslashes: there may be none."""
    pipelines = re.findall(r"^```groovy\n(.*?)^```$", read(f"{top}/docs/ci.md"), re.M | re.S)
    (pipeline,) = [text for text in pipelines if "HR_SHA256" in text]
    (shell,) = re.findall(r"sh '''\n(.*?)'''", pipeline, re.S)
    given = re.findall(r"^ +(HR_[A-Z0-9_]+) = '", pipeline, re.M) + re.findall(r"name: '(HR_[A-Z0-9_]+)'", pipeline)
    complaints = list(complaints_about("jenkins", shell, given, [], []))
    return re.sub(r"^ {20}", "", shell, flags=re.M), complaints + ["jenkins: a backslash"] * ("\\" in shell)


def examples(top):
    """What the page hands to the action and to the component, in its order."""
    pages = [yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```$", read(f"{top}/docs/ci.md"), re.M | re.S)]
    for page in pages:
        steps = [step for job in page.get("jobs", {}).values() for step in job["steps"]]
        yield from (("github", step["with"]) for step in steps if "/headroom/" in step.get("uses", ""))
        yield from (("gitlab", include["inputs"]) for include in page.get("include", []))


def write_examples(top, directory, known):
    count = {}
    for system, inputs in examples(top):
        count[system] = count.get(system, 0) + 1
        unknown = set(inputs) - known[system]
        if unknown:
            yield f"docs/ci.md: no input of {system}: {unknown}"
        with open(f"{directory}/{system}-{count[system]}", "w", encoding="utf-8") as file:
            for name, value in inputs.items():
                text = str(value).lower() if isinstance(value, bool) else value
                file.write(f"HR_{name.upper().replace('-', '_')}={text}\n")


def main(top, directory):
    for name, take in (("github", github), ("gitlab", gitlab), ("jenkins", jenkins)):
        shell, complaints = take(top)
        with open(f"{directory}/{name}.sh", "w", encoding="utf-8") as file:
            file.write(shell)
        for line in complaints:
            print(line)
    action = yaml.safe_load(read(f"{top}/.ci/github/action.yml"))
    header, _ = yaml.safe_load_all(read(f"{top}/templates/headroom.yml"))
    known = {"github": set(action["inputs"]), "gitlab": set(header["spec"]["inputs"])}
    for line in write_examples(top, directory, known):
        print(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
