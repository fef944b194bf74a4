#!/usr/bin/env python3
"""Proves that C sources read only members that documents have: a misspelt path would silently read as "not known".

Every string that reaches the path of a reader (view_number(node, "max_safe.connections")) is looked up in the JSON
schemas of docs/ and in the table of shapes of report/render/shape.c. A function that hands its own parameter on as a
path is a reader as well, and so on. Documents without a schema have the members that C sources write.

Usage: .ci/members.py
"""
import glob
import json
import re
import sys

import sources

# The readers of report/document/view.h and member.h: which argument is the path.
READERS = {
    "view_get": 1,
    "view_array": 1,
    "view_object": 1,
    "view_count": 1,
    "view_number": 1,
    "view_true": 1,
    "view_raw": 1,
    "view_unit": 1,
    "view_find": 1,
    "view_text": 2,
    "view_value": 2,
    "view_figure": 2,
    "member_copy": 3,
}
# The writers: which argument is the name of the member.
WRITERS = {
    "member_item": 1,
    "member_object": 1,
    "member_array": 1,
    "member_copy": 1,
    "member_null": 1,
    "member_number": 1,
    "member_bool": 1,
    "member_load": 1,
    "member_text": 2,
    "member_texts": 2,
    "cJSON_AddStringToObject": 1,
    "cJSON_AddNumberToObject": 1,
    "cJSON_AddBoolToObject": 1,
    "cJSON_AddArrayToObject": 1,
    "cJSON_AddObjectToObject": 1,
}
# Members that are named after what is observed.
OBSERVATIONS = "model/watch/observation.c"
# Whose JSON is not a document of headroom: a container engine's, a ticket system's, the helper's answer, a Prometheus',
# the facts of stock images (rules/images/); what describes documents (JSON Schema) is none.
FOREIGN = re.compile(r"audit/(vantage|ticket|helper)/|audit/fleet/prometheus|audit/run/stock_image|audit/command/schema")
# What report/chart/words.c adds for itself; templates must not use it.
INTERNAL = {"page.words"}
# Readers of documents without a schema (headroom.size/1, history/1, watch/1, the journal of fix, lock files).
UNDESCRIBED = re.compile(r"report/write/(history|watch\w*)\.c|audit/(size|history|watch|gate|run)/|audit/fix/journal\.c")

STRING = re.compile(r'"((?:\\.|[^"\\\n])*)"')
COMMENT = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)


# --- the members that documents have ---------------------------------------------------------------------------

ANYTHING = object()  # what has any member: {fact key: …}


class Schemas:
    """The shapes of the documents: each a table of members, each member a list of shapes it may have."""

    def __init__(self, paths):
        self.shapes = []
        for path in paths:
            self.root = json.loads(sources.read(path))
            self.walk(self.root, set())

    def resolve(self, node):
        while isinstance(node, dict) and "$ref" in node:
            target = self.root
            for step in filter(None, node["$ref"].lstrip("#").split("/")):
                target = target[int(step) if isinstance(target, list) else step]
            node = target
        return node

    def choices(self, node):
        """The node itself and what it may be instead."""
        node = self.resolve(node)
        if not isinstance(node, dict):
            return
        yield node
        for word in ("anyOf", "oneOf", "allOf"):
            for choice in node.get(word, ()):
                yield from self.choices(choice)

    def shape_of(self, node):
        """{member: node}, or ANYTHING, or None where it is not an object."""
        members, free = {}, False
        for choice in self.choices(node):
            members.update(choice.get("properties", {}))
            free = free or isinstance(choice.get("additionalProperties"), dict)
        return ANYTHING if free and not members else members or None

    def walk(self, node, seen):
        for choice in self.choices(node):
            if id(choice) in seen:
                continue
            seen.add(id(choice))
            shape = self.shape_of(choice)
            if isinstance(shape, dict):
                self.shapes.append((self.root, shape))
            inner = [*choice.get("properties", {}).values(), choice.get("items"), choice.get("additionalProperties")]
            for child in inner:
                self.walk(child, seen)

    def leads(self, shape, steps):
        """Do these member names, one below the other, lead anywhere from this shape?"""
        if shape is ANYTHING or not steps:
            return True
        if shape is None or steps[0] not in shape:
            return False
        return self.leads(self.shape_of(shape[steps[0]]), steps[1:])

    def has(self, path):
        for root, shape in self.shapes:
            self.root = root
            if self.leads(shape, path.split(".")):
                return True
        return False


def page_members():
    """{path of an object: its members} of report/render/shape.c. Lists count as their elements there."""
    text = COMMENT.sub(lambda m: m[0] if m[0][0] == '"' else " ", sources.read("report/render/shape.c"))
    text = text.replace("\\\n", " ")
    macros = {}
    for name, body in re.findall(r"^#define (\w+)\s+(.*)$", text, flags=re.M):
        macros[name] = body

    def words(body):
        body = re.sub(r"\b(%s)\b" % "|".join(macros), lambda m: macros[m[1]], body)
        return "".join(STRING.findall(body)).split()

    rows = re.findall(r'\{("(?:[^"]*)"),\s*((?:"[^"]*"|\w+|\s)+)\}', text)
    return {STRING.match(path)[1]: words(members) for path, members in rows}


def page_has(pages, path):
    """Is it a member of what report/render adds below "page"? The members above it are in the schemas."""
    first, _, last = path.rpartition(".")
    for at, members in pages.items():
        at = at.removeprefix("fleet.").removeprefix("answer.")
        below = at == "page" or at.startswith("page.")
        if below and last in members and (not first or at == first or at.endswith("." + first)):
            return True
    return False


# --- the paths that sources read -------------------------------------------------------------------------------


def without_comments(text):
    """The same lengths and lines, so that positions stay."""
    return COMMENT.sub(lambda m: m[0] if m[0][0] == '"' else re.sub(r"[^\n]", " ", m[0]), text)


def arguments(text, at):
    """The arguments of a call whose opening parenthesis is at `at`, and where it ends."""
    depth, start, found, quoted = 0, at + 1, [], False
    while at < len(text):
        char = text[at]
        if quoted:
            at += char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if not depth:
                found.append(text[start:at].strip())
                return found, at
        elif char == "," and depth == 1:
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    return found, at


FUNCTION = re.compile(r"^(?:[a-z][\w \*]*?[ \*])(\w+)\(([^;{}]*?)\)\n\{\n(.*?)^\}", re.S | re.M)


class Source:
    def __init__(self, path):
        self.path = path
        self.text = without_comments(sources.read(path))
        self.functions = []  # (name, parameters, body, where the body begins)
        for match in FUNCTION.finditer(self.text):
            parameters = [re.split(r"[\s\*]", part.split("[")[0].strip())[-1] for part in match[2].split(",")]
            self.functions.append((match[1], parameters, match[3], match.start(3)))

    def line(self, at):
        return self.text.count("\n", 0, at) + 1

    def list_of(self, name):
        """The strings of the table `name`."""
        match = re.search(r"\b%s\[\w*\] = \{(.*?)\};" % name, self.text, flags=re.S)
        return STRING.findall(match[1]) if match else []


def reads(source, readers):
    """(function, parameters, body, argument, position) of each path that a reader gets."""
    for name, parameters, body, begin in source.functions:
        for match in re.finditer(r"\b(\w+)\(", body):
            if match[1] in readers and match[1] != name:
                given, _ = arguments(body, match.end() - 1)
                if len(given) > readers[match[1]]:
                    yield name, parameters, body, given[readers[match[1]]], begin + match.start()


def with_callers(files, known):
    """These functions, and those that hand a parameter of theirs on to one."""
    readers = dict(known)
    while True:
        more = {}
        for source in files:
            for name, parameters, _, argument, _ in reads(source, readers):
                if name not in readers and argument in parameters:
                    more[name] = parameters.index(argument)
        if not more:
            return readers
        readers.update(more)


def strings_of(source, body, argument):
    """The strings that an argument can be: in it, in the table that it indexes, in the variable that it names."""
    found = STRING.findall(argument)
    table = re.fullmatch(r"(\w+)\[\w+\](?:\.\w+)?", argument)
    if table:
        found = source.list_of(table[1])
    elif re.fullmatch(r"\w+", argument):
        for value in re.findall(r"\b%s = ([^;]*);" % argument, body):
            found += STRING.findall(value)
    return found


def paths(source, readers):
    """(line, path) of all paths in a source."""
    for _, _, body, argument, at in reads(source, readers):
        for path in strings_of(source, body, argument):
            yield source.line(at), path
    for match in re.finditer(r"\.path = ([^;{}]*?\"[^;{}]*?)[,;}]\s*(?:\.|$)", source.text, flags=re.M):
        for path in STRING.findall(match[1]):
            yield source.line(match.start()), path


def written_members(files):
    """The names of all members that sources add to an object."""
    writers = with_callers(files, WRITERS)
    names = set(re.findall(r'\.name = "(\w+)"', sources.read(OBSERVATIONS)))
    for source in files:
        for _, _, body, argument, _ in reads(source, writers):
            names.update(strings_of(source, body, argument))
    return names


def main():
    schemas = Schemas(sorted(glob.glob("docs/*.schema.json")))
    pages = page_members()
    files = [Source(path) for path in sources.find("report", "audit") if path.endswith(".c")]
    written = written_members(files)
    readers = with_callers(files, READERS)
    complaints, count, distinct = [], 0, set()

    def is_member(path, undescribed):
        if schemas.has(path) or page_has(pages, path) or path in INTERNAL:
            return True
        return undescribed and all(step in written for step in path.split("."))

    for source in files:
        if FOREIGN.match(source.path):
            continue
        undescribed = bool(UNDESCRIBED.match(source.path))
        for line, path in paths(source, readers):
            if not path or "%" in path:  # the node itself; a name that is put together
                continue
            count += 1
            distinct.add(path)
            if not is_member(path, undescribed):
                complaints.append(f'{source.path}:{line}: no document has "{path}"')

    verdicts = sources.Verdicts()
    verdicts.check(f"{count} reads of {len(distinct)} members: documents have them all", complaints)
    # Fewer would mean that this script no longer finds them.
    verdicts.check("most reads are found", [] if len(distinct) > 250 else [f"only {len(distinct)} paths"])
    misspelt = ("verdcit", "max_safe.conections", "max_safe.titel", "resources.id", "binding.resource.id", "page.chart")
    verdicts.check(
        "a misspelt path, and one through a list, is found",
        [f'"{path}" passes' for path in misspelt if is_member(path, False)],
    )
    return verdicts.end()


if __name__ == "__main__":
    sys.exit(main())
