#!/usr/bin/env python3
"""Finds members of structs that nothing reads. Usage: .ci/unread.py

A member counts as read where its name follows "." or "->" and is not just assigned to, or stands in offsetof().
Types are not looked at: a name that two structs share is read if either is.
"""
import re
import subprocess
import sys

import sources

# Names whose members are laid out by somebody else, or read by code that is not here.
ALLOWED = {"handled_access_net"}  # Landlock: the kernel reads it


def members(paths):
    """(name, struct, path, line) of every member that a source or header defines."""
    form = ["-x", "--languages=C", "--kinds-C=m", "--fields=+s", "--_xformat=%N %s %F %n"]
    lines = subprocess.run(["ctags", *form, *paths], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line.split(" ") for line in lines.splitlines()]


def main():
    texts = {path: sources.bare(sources.read(path)) for path in sources.find(*sources.ROOMS)}
    code = "\n".join(texts.values())
    read = set(re.findall(r"(?:\.|->)\s*(\w+)(?!\w)(?!\s*=[^=])", code))
    # *a->b = c writes to what b points to, so it reads b.
    read.update(re.findall(r"\*[\w.\[\]>-]*(?:\.|->)(\w+)\s*=[^=]", code))
    for arguments in re.findall(r"\boffsetof\s*\(([^()]*)\)", code):
        read.update(re.findall(r"\w+", arguments))
    dead = [row for row in members(texts) if row[0] not in read and row[0] not in ALLOWED]
    for name, *_, path, line in dead:
        print(f"{path}:{line}: nothing reads the member {name}")
    return 1 if dead else 0


sys.exit(main())
