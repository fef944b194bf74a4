#!/usr/bin/env python3
"""Turns the commands that make would run into compile_commands.json (make compile_commands.json)."""
import json
import os
import shlex
import sys

entries = []
for line in sys.stdin:
    if " -c -o " not in line:
        continue
    arguments = shlex.split(line)
    entries.append({"directory": os.getcwd(), "file": arguments[-1], "arguments": arguments})
json.dump(entries, sys.stdout, indent=1)
