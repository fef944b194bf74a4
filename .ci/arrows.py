#!/usr/bin/env python3
"""Proves who may include whom, that no includes run in a circle, and that the pure floors do no I/O.

Usage: .ci/arrows.py [BUILD_DIR]   With a build directory, the symbols that its objects use are checked as well.
"""
import collections
import os
import re
import subprocess
import sys

import sources

# Floor: a pattern for its files, a pattern for the headers that they may include.
FLOORS = {
    "base/ includes only itself": (r"base/[^/]+", r"base/[^/]+"),
    "base/os/ includes only base/": (r"base/os/.+", r"base/.+"),
    "model/ includes only base/ without base/os/, and itself": (r"model/.+", r"(base/[^/]+|model/.+)"),
    "probes/ includes only base/, model/ and itself": (r"probes/.+", r"(base|model|probes)/.+"),
    "report/ includes only base/, model/ and itself": (r"report/.+", r"(base|model|report)/.+"),
}

# The rooms of audit/ from the ground to the top: a room includes itself and the rooms that stand before it
# in this list.
AUDIT = (
    ("cli",),
    ("helper",),
    ("calibrate",),
    ("document",),
    ("rules",),
    ("vantage",),
    ("output",),
    ("run",),
    ("evidence", "explain", "fix", "fleet", "gate", "history", "lint", "size", "ticket", "watch", "why"),
    ("command",),
)

PURE = re.compile(r"(base/[^/]+|model/.+)\.[ch]")
PURE_LIBC = set(
    "assert ctype errno float inttypes limits math stdalign stdarg stdbool stddef stdint stdio stdlib stdnoreturn"
    " string".split()
)
# Functions that reach outside the process, or that answer differently the next time.
IMPURE = set(
    """
    open open64 openat opendir fopen fopen64 fdopen freopen read fread write fwrite pread pwrite
    printf fprintf vprintf vfprintf puts fputs putc fputc putchar fgets getline fgetc getc scanf fscanf
    socket connect bind ioctl mmap stat lstat fstat access unlink rename popen system fork
    exec execl execv execp execlp execvp execle execve execvpe pipe dup dup2 kill signal sigaction
    time clock clock_gettime gettimeofday localtime localtime_r gmtime gmtime_r strftime nanosleep usleep sleep
    getenv secure_getenv setenv putenv environ setlocale random rand srand rand_r getrandom getpid getuid
    abort exit _exit
    """.split()
)
# Out of memory: one line on standard error, then the end of the program.
ALLOWED = {("base/memory", "fwrite"), ("base/memory", "exit")}


def outside(texts, files, headers):
    """The includes of the files that match one pattern whose header does not match the other."""
    complaints = []
    for path, text in texts.items():
        if not re.fullmatch(files, path):
            continue
        for number, header in sources.includes(text):
            if not re.fullmatch(headers, header):
                complaints.append(f"{path}:{number} includes {header}")
    return complaints


def unknown_names(texts):
    """Includes that do not name a file by its path from the top directory, or that hide it in a macro."""
    complaints = []
    for path, text in texts.items():
        for number, header in sources.includes(text):
            if ".." in header or not os.path.isfile(header):
                complaints.append(f"{path}:{number} includes {header}")
        for number, line in enumerate(text.splitlines(), 1):
            hidden = re.match(r'\s*#\s*include\s*(?!FT_)[^"<\s]', line)  # FreeType's own way
            if hidden:
                complaints.append(f"{path}:{number} includes by a macro")
    return complaints


def wrong_rooms(texts):
    """Includes inside audit/ that climb, or that go from a room to its neighbor."""
    level = {room: height for height, rooms in enumerate(AUDIT) for room in rooms}
    complaints = []
    for path, text in texts.items():
        if not path.startswith("audit/"):
            continue
        room = path.split("/")[1]
        if room not in level:
            complaints.append(f"{path}: audit/{room} has no place in the order of rooms (.ci/arrows.py)")
            continue
        for number, header in sources.includes(text):
            parts = header.split("/")
            if parts[0] != "audit" or parts[1] == room:
                continue
            if level.get(parts[1], len(AUDIT)) >= level[room]:
                complaints.append(f"{path}:{number} includes {header}")
    return complaints


def circles(texts):
    """The circles of modules that include each other (Tarjan's strongly connected components)."""
    arrows = collections.defaultdict(set)
    for path, text in texts.items():
        for _, header in sources.includes(text):
            if header in texts and sources.module(header) != sources.module(path):
                arrows[sources.module(path)].add(sources.module(header))
    index, low, stack, found = {}, {}, [], []

    def visit(module):
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in arrows[module]:
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] != index[module]:
            return
        circle = stack[stack.index(module):]
        del stack[stack.index(module):]
        if len(circle) > 1:
            found.append(" ".join(sorted(circle)))

    for module in list(arrows):
        if module not in index:
            visit(module)
    return sorted(found)


def impure_headers(texts):
    """System headers in the pure floors that are not the C standard's, or that are its clock."""
    complaints = []
    for path, text in texts.items():
        if not PURE.fullmatch(path):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r"\s*#\s*include\s*<(.*)>", line)
            if match and match.group(1).removesuffix(".h") not in PURE_LIBC:
                complaints.append(f"{path}:{number} includes <{match.group(1)}>")
    return complaints


def impure_calls(objects):
    """What the objects of the pure floors call of the functions in IMPURE."""
    complaints = []
    lines = subprocess.run(["nm", "-Au", *objects.values()], stdout=subprocess.PIPE, text=True, check=True).stdout
    module_of = {path: module for module, path in objects.items()}
    for line in lines.splitlines():
        path, _, symbol = line.partition(":")
        name = symbol.split()[-1].split("@")[0]
        # With _FORTIFY_SOURCE, read is called as __read_chk.
        name = re.sub(r"^__(.*)_chk$", r"\1", name)
        if name in IMPURE and (module_of[path], name) not in ALLOWED:
            complaints.append(f"{module_of[path]}.c calls {name}")
    return complaints


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    texts = {path: sources.read(path) for path in sources.find(*sources.ROOMS)}
    everything = dict(texts)
    everything.update((path, sources.read(path)) for path in sources.find("tests"))
    verdicts = sources.Verdicts()
    for title, (files, headers) in FLOORS.items():
        verdicts.check(title, outside(texts, files + r"\.[ch]", headers + r"\.h"))
    verdicts.check("rooms of audit/ include only the rooms below them", wrong_rooms(texts))
    verdicts.check("no circles of includes", circles(texts))
    verdicts.check("includes name files by their paths from the top", unknown_names(everything))
    verdicts.check("base/ and model/ use the headers of the C standard only, and not the clock's", impure_headers(texts))

    title = "base/ and model/ call no I/O, clock or environment function"
    modules = [sources.module(path) for path in texts if PURE.fullmatch(path) and path.endswith(".c")]
    objects = {module: f"{build}/{module}.o" for module in modules}
    if all(os.path.isfile(path) for path in objects.values()):
        verdicts.check(title, impure_calls(objects))
    else:
        verdicts.skip(title, f"{build} is not built")

    return verdicts.end()


sys.exit(main())
