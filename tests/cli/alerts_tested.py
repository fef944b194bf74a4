"""Tests emitted alert rules with `promtool test rules`: what must fire does, with the text of its annotations, and what
must not does not. Usage: alerts_tested.py RULES.yml

For each rule the series of its expression are made up: just below the threshold, just above it, too short above it, and
not there at all.
"""
import json
import re
import subprocess
import sys
import tempfile

import yaml

INSTANCE = "loadgen-01:9100"
STEP_S = 10
MINUTES = 20


def seconds(text):
    return int(text[:-1]) * {"s": 1, "m": 60}[text[-1]]


def series(expr, share):
    """[(name with labels, value or values)] that give the expression this share."""
    body = re.sub(r" > [0-9.e-]+$", "", expr)
    if found := re.fullmatch(r"1 - (\w+) / (\w+)", body):
        return {found[1]: (1 - share) * 1e6, found[2]: 1e6}
    if found := re.fullmatch(r"(\w+) / (\w+)", body):
        if not found[2].isdigit():
            return {found[1]: share * 1e6, found[2]: 1e6}
        return {found[1]: share * int(found[2])}
    if found := re.fullmatch(r"sum without \(device\) \((\w+)\) / (\d+)", body):
        half = share * int(found[2]) / 2
        return {found[1] + '{device="a"}': half, found[1] + '{device="b"}': half}
    if found := re.fullmatch(r'headroom_limit_utilization_ratio\{limit="[a-z0-9-]+"\}', body):
        return {body: share}
    raise SystemExit(f"an expression of another form: {expr}")


def labelled(name):
    labels = f'instance="{INSTANCE}",job="node"'
    return name[:-1] + "," + labels + "}" if name.endswith("}") else name + "{" + labels + "}"


def values(number, growth=0):
    return f"{number:.9g}+{growth}x{MINUTES * 60 // STEP_S}"


def expanded(text, value):
    """The annotation as Prometheus writes it."""
    percent = f"{value * 100:.4g}%"
    text = text.replace("{{ $value | humanizePercentage }}", percent).replace("{{ $labels.instance }}", INSTANCE)
    return text.replace('{{"{{"}}', "{{")


def alert(rule, value, labels):
    return {
        "exp_labels": {**rule["labels"], **labels},
        "exp_annotations": {name: expanded(text, value) for name, text in rule["annotations"].items()},
    }


def one(rule, at, inputs, expected, title):
    return {
        "interval": f"{STEP_S}s",
        "name": title,
        "input_series": [{"series": labelled(name), "values": text} for name, text in inputs.items()],
        "alert_rule_test": [{"eval_time": f"{at}s", "alertname": rule["alert"], "exp_alerts": expected}],
    }


def of_use(rule, rules):
    expr, delay = rule["expr"], seconds(rule["for"])
    threshold = float(expr.rsplit(" > ", 1)[1])
    same = [other for other in rules if other["alert"] == rule["alert"] and "Refused" not in other["alert"]]
    labels = {"instance": INSTANCE, "job": "node"}
    if "headroom_limit" in expr:
        labels["__name__"] = "headroom_limit_utilization_ratio"
        labels = {key: text for key, text in labels.items() if key != "__name__"}
    above, below = threshold + 0.02, threshold - 0.02
    for share, at, title in ((above, 300, "above"), (below, 300, "below"), (above, delay - STEP_S, "too short")):
        fired = [
            alert(other, share, labels)
            for other in same
            if share > float(other["expr"].rsplit(" > ", 1)[1]) and at >= seconds(other["for"])
        ]
        inputs = {name: values(number) for name, number in series(expr, share).items()}
        yield one(rule, at, inputs, fired, f"{rule['alert']} {rule['labels']['severity']}: {title}")


def of_refused(rule):
    metric = re.search(r"increase\((\w+)\[5m\]\)", rule["expr"])[1]
    extra = '{cpu="0"}' if "softnet" in metric or "conntrack" in metric else ""
    for growth, title in ((1, "something was refused"), (0, "nothing was refused")):
        # 30 in five minutes, at a sample each 10 s.
        inputs = {metric + extra: values(0, growth)}
        labels = {"instance": INSTANCE, "job": "node"}
        if extra and "sum without" not in rule["expr"]:
            labels["cpu"] = "0"
        wanted = alert(rule, 0, labels)
        wanted["exp_annotations"]["summary"] = rule["annotations"]["summary"].replace(
            "{{ $value | humanize }}", "30").replace("{{ $labels.instance }}", INSTANCE)
        yield one(rule, 600, inputs, [wanted] if growth else [], f"{rule['alert']}: {title}")


def of_absent(rule, rules):
    metric = rule["labels"]["metric"]
    name = re.fullmatch(r"absent\((.*)\)", rule["expr"])[1]
    all_absent = [other for other in rules if other["alert"] == "HeadroomNoData"]
    here = [other for other in all_absent if other["expr"] != rule["expr"]]
    yield one(rule, 660, {name: values(1)}, [alert(other, 1, {}) for other in here], f"{metric} is there")
    yield one(rule, 660, {}, [alert(other, 1, {}) for other in all_absent], f"{metric} is not there")
    yield one(rule, 590, {}, [], f"{metric} is not there yet")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rules = yaml.safe_load(file)["groups"][0]["rules"]
    tests = []
    for rule in rules:
        if rule["alert"] == "HeadroomStale":
            continue
        if rule["alert"] == "HeadroomNoData":
            tests += of_absent(rule, rules)
        elif rule["alert"].endswith("Refused"):
            tests += of_refused(rule)
        else:
            tests += of_use(rule, rules)
    with tempfile.NamedTemporaryFile("w", suffix=".yml", dir=".", delete=False) as file:
        json.dump({"rule_files": [sys.argv[1]], "evaluation_interval": f"{STEP_S}s", "tests": tests}, file)
    done = subprocess.run(["promtool", "test", "rules", file.name], capture_output=True, text=True, check=False)
    if done.returncode:
        print((done.stdout + done.stderr)[:3000])
        return 1
    print(f"{len(tests)} tests of {len(rules)} rules")
    return 0


sys.exit(main())
