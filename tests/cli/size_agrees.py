"""One answer of `headroom size`, whatever it is written as: text, JSON, last line, Terraform's variables and cloud-init
must say the same number of hosts and the same values. Usage: size_agrees.py HEADROOM CATALOGUE FACTS; prints TAP.

The plans are products of what changes an answer: how large, how long connections live, several loads, groups, stages,
where it is ordered. They include one connection, and more than any host carries.
"""
import itertools
import json
import re
import subprocess
import sys
import tempfile

PLANS = [
    ["ws-client", "--connections", "2"],
    ["ws-client", "--connections", "1", "--lifetime", "1h"],
    ["ws-client", "--connections", "12000", "--lifetime", "1h"],
    ["ws-client", "--connections", "70000", "--lifetime", "60s"],
    ["ws-client", "--connections", "1000001", "--lifetime", "1h", "--memory-per-connection", "64KiB"],
    ["http-churn", "--rps", "9000"],
    ["ws-client", "--connections", "50000", "--new-conns", "500", "+", "http-churn", "--rps", "2000"],
    ["ws-client", "--connections", "200000", "--groups", "a:70%,b:25%,c:5%"],
    ["ws-client", "--connections", "90000", "--stages", "60s:90000,120s:90000"],
    ["erlang-node", "--connections", "300000"],
    ["ws-server", "--connections", "400000", "--lifetime", "1h"],
    ["ws-client", "--connections", "30000", "--to", "10.0.0.5:80", "--bind", "address"],
    ["k6", "--connections", "9000"],
]


def run(headroom, words):
    done = subprocess.run([headroom, "size", *words], capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr


def values_of_json(size):
    values = {}
    for value in size["values"]:
        if value["key"].startswith("net.ipv4.ip_local_port_range") or value["key"] == "limits.nofile.soft":
            values[value["key"]] = str(value["to"])
    return values


def values_of_tfvars(variables):
    values = {}
    if "headroom_nofile" in variables:
        values["limits.nofile.soft"] = str(variables["headroom_nofile"])
    key = "net.ipv4.ip_local_port_range"
    if key in variables["headroom_sysctls"]:
        values[key] = variables["headroom_sysctls"][key]
    return values


def values_of_cloud_init(text):
    values = {}
    for number in re.findall(r"^ +\* +soft nofile (\d+)$", text, re.M):
        values["limits.nofile.soft"] = number
    for ports in re.findall(r"^ +net.ipv4.ip_local_port_range = (.*)$", text, re.M):
        values["net.ipv4.ip_local_port_range"] = ports
    return values


def hosts_of_line(text):
    found = re.search(r"^headroom: SIZE .*hosts=(\d+)", text, re.M)
    return float(found.group(1)) if found else None


def hosts_of_text(text):
    flat = re.sub(r"\s+", " ", text)
    found = re.search(r"at least ([\d,]+) with these values", flat) or re.search(r" Hosts at least ([\d,]+) hosts? ", flat)
    return float(found.group(1).replace(",", "")) if found else None


def differences(headroom, words, folder):
    code, text, error = run(headroom, words)
    if code not in (0, 3, 4):
        return ["exit %d: %s" % (code, error[:200])]
    size = json.loads(run(headroom, [*words, "-o", "json"])[1])
    written = run(headroom, [*words, "--emit", "terraform,cloud-init", "--dir", folder])
    variables = json.load(open(folder + "/headroom.auto.tfvars.json", encoding="utf-8"))
    cloud_init = open(folder + "/cloud-init.yaml", encoding="utf-8").read()
    found = []
    if written[0] != code:
        found.append("exit %d with files, %d without" % (written[0], code))
    unknown = size["verdict"] == "unknown"
    hosts = None if unknown else size["order"]["hosts"]
    counts = {"JSON": hosts, "last line": hosts_of_line(text), "last line of files": hosts_of_line(written[2])}
    if not unknown:
        counts["tfvars"] = variables.get("headroom_instance_count")
    if hosts:
        counts["text"] = hosts_of_text(text)
    if len(set(counts.values())) > 1:
        found.append("hosts differ: %s" % counts)
    if size["order"].get("type") != variables.get("headroom_instance_type"):
        found.append("types differ")
    values = {"JSON": values_of_json(size), "tfvars": values_of_tfvars(variables), "cloud-init": values_of_cloud_init(cloud_init)}
    for name, other in values.items():
        if other != values["JSON"]:
            found.append("%s has %s, JSON %s" % (name, other, values["JSON"]))
    if hosts and hosts > 1 and "each" not in size:
        found.append("%s hosts, and the values are not those of one" % hosts)
    if variables["headroom_user_data"] != cloud_init:
        found.append("user data is not the cloud-init file")
    if hosts and size["order"].get("type"):
        machines = [provider["split"] for provider in size["vm"]["providers"] if provider["split"]]
        if not any(m["type"] == size["order"]["type"] and m["hosts"] == hosts for m in machines):
            found.append("the list of types has another number than %s" % hosts)
    return found


def main():
    headroom, catalogue, facts = sys.argv[1:]
    places = [[], ["--provider", "aws"], ["--catalogue", catalogue], ["--facts", facts], ["--facts", facts, "--catalogue", catalogue]]
    bad = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (plan, place) in enumerate(itertools.product(PLANS, places)):
            # Every place once for each second plan; the small catalogue, which takes no time, with all.
            if place != places[2] and number % 5 != (number // 5) % 5:
                continue
            count += 1
            # Options of the whole belong to the last load.
            for difference in differences(headroom, [*plan, *place], folder):
                bad += 1
                print("# %s: %s" % (" ".join([*plan, *place]), difference))
    print("%s - %d plans and places: text, JSON, last line, Terraform and cloud-init agree" % ("not ok" if bad else "ok", count))


main()
