"""What is copied from a view does what the document says. Usage: paste.py HEADROOM HOSTS; it prints TAP lines without numbers.

Each command of a document is taken from each view as a person takes it: from where it begins to the first line that does not
end with " \\". A shell that records takes it apart, and what it got is compared with the words in the document. Where this
program is root, commands and lines of files are also carried out, in a network and mount namespace of their own.
"""
import copy
import fcntl
import html.parser
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
import threading

H, HOSTS = sys.argv[1:3]
ENGINES = ("docker", "podman")  # whose lines are options of a command
VIEWS = ("terminal", "fix", "markdown", "page", "pdf")

# Nothing is found in this shell: what is typed is recorded. The end of a command is a byte that no word has.
RECORDER = r"""
PATH=/nonexistent
record() { printf '%s\0' "$@" $'\1' >&3; }
command_not_found_handle() { record "$@"; }
for builtin in ulimit echo kill; do eval "$builtin() { record $builtin \"\$@\"; }"; done
printf '%s\0' "$$" >&3
while IFS= read -r -d '' copied; do eval "$copied" </dev/null 2>/dev/null; done
"""


def say(good, name, *more):
    print(("ok" if good else "not ok") + " - " + name)
    for line in more if not good else ():
        print("#   " + str(line)[:400])


def recorded(texts):
    """The words that a shell gets from each of these texts; several commands are several lists."""
    read, write = os.pipe()
    data = []
    reader = threading.Thread(target=lambda: data.append(open(read, "rb").read()))
    reader.start()
    subprocess.run(["bash", "-c", f"exec 3>&{write}\n{RECORDER}"], input="".join(text + "\0" for text in texts).encode(),
                   pass_fds=[write], check=False, env={"LC_ALL": "C.UTF-8"})
    os.close(write)
    reader.join()
    pid, *words = data[0].decode().split("\0")[:-1]
    commands, command = [], []
    for word in words:
        if word == "\1":
            commands.append(tuple(command))
            command = []
        else:
            command.append("$$" if word == pid else word)
    return commands


class Page(html.parser.HTMLParser):
    """The text of a page as it is selected there, and what stands in its blocks of code."""
    BLOCKS = set("p pre div dt dd li h1 h2 h3 tr td th summary section br".split())

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.text, self.code, self.hidden, self.pre = "", [], 0, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style", "title")
        self.text += "\n" if tag in self.BLOCKS else ""
        if tag == "pre":
            self.pre += 1
            self.code.append("")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style", "title")
        self.text += "\n" if tag in self.BLOCKS else ""
        self.pre -= tag == "pre"

    def handle_data(self, data):
        if self.hidden:
            return
        self.text += data if self.pre else re.sub(r"\s+", " ", data)
        if self.pre:
            self.code[-1] += data


def markdown_code(text):
    """What stands in each block of code."""
    blocks, fence = [], None
    for line in text.split("\n"):
        begin = re.match(r"```+", line)
        if fence is None and begin:
            fence = begin[0]
            blocks.append("")
        elif line == fence:
            fence = None
        elif fence is not None:
            blocks[-1] += line + "\n"
    return blocks


def run(*args):
    return subprocess.run(args, capture_output=True, check=False, env=dict(os.environ, COLUMNS="80"))


def audit(*args):
    done = run(H, "audit", "-o", "json", *args)
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.exit(f"not ok - audit {args}: {done.stderr.decode()}")


def views_of(document):
    with open("document.json", "w", encoding="utf-8") as file:
        json.dump(document, file)
    report = run(H, "report", "document.json", "--all", "-o", "page.html", "-o", "page.pdf", "-o", "page.md")
    page = Page(open("page.html", encoding="utf-8").read())
    markdown = open("page.md", encoding="utf-8").read()
    texts = {
        "terminal": report.stdout.decode(),
        "fix": run(H, "fix", "document.json", "--all").stdout.decode(),
        "markdown": markdown,
        "page": page.text,
        "pdf": run("pdftotext", "-layout", "page.pdf", "-").stdout.decode(),
    }
    return texts, {"markdown": markdown_code(markdown), "page": page.code}


def on_terminal(columns, *args):
    """What a terminal of so many columns gets."""
    master, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    done = subprocess.Popen(args, stdout=terminal, stderr=subprocess.DEVNULL, env=dict(os.environ, NO_COLOR="1"))
    os.close(terminal)
    shown = b""
    try:
        while part := os.read(master, 65536):
            shown += part
    except OSError:  # the other end is closed
        pass
    os.close(master)
    done.wait()
    return shown.decode().replace("\r\n", "\n")


def check_widths(document):
    """Commands fill the terminal; only a word that is wider than it reaches further."""
    with open("document.json", "w", encoding="utf-8") as file:
        json.dump(document, file)
    for columns in (60, 80, 120):
        for view, wanted in (("report", commands_of(document, "commands")), ("fix", all_commands(document))):
            text = on_terminal(columns, H, view, "document.json", "--all")
            found = find_commands(text, wanted)
            missing = [words for words, place in zip(wanted, found) if place is None]
            say(not missing, f"{view} on {columns} columns: {len(wanted)} commands", *missing)
            lines = [line for place in found if place for line in place.split("\n")[1:]]
            wide = [line for line in lines if len(line) > columns and len(shlex.split(line.rstrip("\\"))) > 1]
            say(not wide, f"{view} on {columns} columns: no line is wider", *wide)


def all_commands(document):
    return commands_of(document, "commands") + commands_of(document, "undo_commands")


LABEL = r"\s*(?:(?:.*?:|\d+|-|now|undo|Undo|Fix now|Fix|Or)\s+)?"


def copied(text, first):
    """Each place where a command that begins with this word may have been selected."""
    begin = re.compile(LABEL + "((?:" + "|".join(re.escape(word) for word in (first, shlex.quote(first))) + r")( .*)?)$")
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = begin.match(line)
        if not found:
            continue
        taken = [found[1]]
        while taken[-1].endswith(" \\") and at + len(taken) < len(lines):
            taken.append(lines[at + len(taken)])
        yield "\n".join(taken)


def find_commands(text, commands):
    """The text that gives each command; None: there is none."""
    places = [place for first in {words[0] for words in commands} for place in copied(text, first)]
    given = {}
    # One shell for all: a place gives one command, or none where it is a sentence.
    marked = [part for place in places for part in (place, "record mark")]
    at = 0
    for words in recorded(marked):
        if words == ("mark",):
            at += 1
        else:
            given.setdefault(words, places[at])
    return [given.get(tuple(words)) for words in commands]


def find_lines(text, lines):
    """Do these lines stand there one below the other, from the same column on? Returns them as they are copied."""
    shown = [line.rstrip() for line in text.split("\n") if line.strip()]
    wanted = [line.rstrip() for line in lines if line.strip()]
    for at, line in enumerate(shown):
        if not line.endswith(wanted[0]):
            continue
        column = len(line) - len(wanted[0])
        below = [other[column:] if not other[:column].strip() else None for other in shown[at + 1:at + len(wanted)]]
        if below == wanted[1:]:
            return wanted
    return None


def commands_of(document, member):
    return [command["words"] for fix in document.get("fixes", []) for command in fix[member]]


def files_of(document):
    fixes = document.get("fixes", []) + document.get("first_changes", [])
    return [file for fix in fixes for file in fix["files"] if file["kind"] != "workload"]


def check(name, document, only=VIEWS):
    """All commands and lines of the document in these views; returns the views' texts."""
    texts, code = views_of(document)
    now, undo = commands_of(document, "commands"), commands_of(document, "undo_commands")
    for view in only:
        wanted = now if view == "terminal" else now + undo
        missing = [words for words, text in zip(wanted, find_commands(texts[view], wanted)) if text is None]
        say(not missing, f"{name}: {len(wanted)} commands from the {view}", *missing)
        if view == "terminal":
            continue
        files, options = files_of(document), [file["lines"] for file in files_of(document) if file["kind"] in ENGINES]
        missing = [file["lines"] for file in files if file["kind"] not in ENGINES and not find_lines(texts[view], file["lines"])]
        wanted = [words for lines in options for words in recorded(["\n".join(lines)])]
        missing += [words for words, text in zip(wanted, find_commands(texts[view], wanted)) if text is None]
        missing += [file["path"] for file in files_of(document) if file["path"] and file["path"] not in texts[view]]
        say(not missing, f"{name}: lines of files from the {view}", *missing)
    for view, blocks in code.items():
        said = words_in_code(document, blocks)
        say(not said, f"{name}: no sentence where commands stand: {view}", *said)
    return texts


def again(words):
    """The command that checks again: without outputs, compared with the last one. An old snapshot is not read again."""
    own = words[:words.index("--")] if "--" in words else words
    kept = [word for at, word in enumerate(own) if word not in ("-o", "-q") and own[at - 1] != "-o"]
    elsewhere = [at for at, word in enumerate(kept) if word in ("--facts", "--image")]
    for at in reversed(elsewhere):
        del kept[at:at + 2]
    against = [] if elsewhere else ["--against", "last"]
    return kept + against + words[len(own):]


def words_in_code(document, blocks):
    """Blocks of code that are neither commands of the document nor lines of its files."""
    known = {tuple(words) for member in ("commands", "undo_commands") for words in commands_of(document, member)}
    known |= {tuple(words) for hold in document.get("holds", []) for text in hold["fix_commands"] for words in recorded([text])}
    known.update((tuple(document["command_line"]), tuple(again(document["command_line"]))))
    lines = {"\n".join(file["lines"]) for file in files_of(document)}
    lines |= {file["path"] for file in files_of(document)}
    last = re.compile(r"headroom: [A-Z]+")
    left = [block for block in blocks if block.strip("\n") not in lines and not last.match(block)]
    return [block for block in left if not block.strip() or not set(recorded([block])) or set(recorded([block])) - known]


# --- carried out -------------------------------------------------------------------------------

READ = """
for key in ip_local_port_range ip_local_reserved_ports tcp_tw_reuse tcp_max_tw_buckets; do
	read -r value </proc/sys/net/ipv4/$key; echo "$key $value"; done
ulimit -n
find /etc/systemd /etc/sysctl.d /etc/security -type f | sort | while read -r file; do echo "$file"; cat "$file"; done
cat /run/said
"""
ENTER = """
set -e
for directory in /etc/systemd /etc/sysctl.d /etc/security /run; do mount -t tmpfs none $directory; done
for directory in fs kernel vm; do mount --bind /proc/sys/$directory /proc/sys/$directory; mount -o remount,ro,bind /proc/sys/$directory; done
systemctl() { echo "systemctl $*" >>/run/said; }
: >/run/said
set +e
ulimit -Sn 1024
"""


def carried_out(now, files, undo):
    """What a machine has after these commands, after these files, and after what takes the commands back."""
    script = [ENTER, *now, READ]
    for path, lines in files:
        text = "\n".join(lines)
        script += [f"mkdir -p {shlex.quote(os.path.dirname(path))}", f"cat >{shlex.quote(path)} <<'END'\n{text}\nEND"]
    script += [READ, *undo, READ]
    return subprocess.run(["unshare", "-n", "-m", "bash"], input="\n".join(script), capture_output=True, text=True, check=False)


def check_carried_out(name, document, texts):
    """The same settings, whichever view the first fix is copied from."""
    fix = document["fixes"][0]
    now, undo = ([command["words"] for command in fix[member]] for member in ("commands", "undo_commands"))
    files = [(file["path"], file["lines"]) for file in fix["files"] if file["path"]]
    said = carried_out([shlex.join(words) for words in now], files, [shlex.join(words) for words in undo])
    wanted = said.stdout
    say(wanted and not said.stderr, f"{name}: the words themselves", said.stderr)
    for view in VIEWS[1:]:
        shown = [(path, find_lines(texts[view], lines)) for path, lines in files]
        got = carried_out(find_commands(texts[view], now), shown, find_commands(texts[view], undo))
        say(got.stdout == wanted and not got.stderr, f"{name}: the same settings from the {view}", got.stderr, got.stdout)


# --- documents ---------------------------------------------------------------------------------

def with_words(document, commands, lines, path):
    """The document with these commands and lines in its first fix, and no other fix."""
    odd = copy.deepcopy(document)
    fix = odd["fixes"][0]
    fix["commands"] = [{"words": words, "fill": [], "line": shlex.join(words)} for words in commands]
    fix["undo_commands"] = fix["commands"][::-1]
    fix["files"] = [{"kind": "kubernetes", "path": None, "lines": lines}, {"kind": "systemd", "path": path, "lines": ["[Service]"]}]
    odd["fixes"] = [fix]
    return odd


# Names and values that a shell, Markdown or HTML reads as something else.
ODD = [
    ["systemctl", "restart", "foo@bar\\x2dbaz.service"],
    ["docker", "run", "--name", "it's", "-v", "/srv/a b/$HOME/`id`:/data", "i", "sh", "-c", "echo \"$1\" 'x' \\n \\\\ | cat; exit", "sh", ""],
    ["podman", "run", "--sysctl", '"net.ipv4.ip_local_reserved_ports=1,2"', "-e", "A=b c", "-e", "PATH=/x:$PATH", "i"],
    ["docker", "run", *(word for i in range(60) for word in ("-e", f"NAME{i}=value of {i}")), "--init", "i"],
    ["kubectl", "patch", "--patch", '{"spec":{"securityContext":{"sysctls":[{"name":"net.core.somaxconn","value":"1024"}]}}}', "deploy/x"],
    ["erl", "+Q", "200000", "-name", "a@b", "-eval", 'io:format("~p~n", [x]).'],
    ["nsenter", "-t", "4711", "-n", "sysctl", "-w", "net.ipv4.ip_local_port_range=1024 65535"],
    ["ip", "netns", "exec", "ns é #1", "sysctl", "-w", "net.ipv4.ip_local_reserved_ports="],
    ["java", "-Dx={a,b}", "-Dy=*.?[z]", "~root", "!!", "!x", "#c", "a&b", "a;b", "<(x)", "a\\", "\\", "--", "-", "=x", "%1", "{}"],
    ["sh", "-c", 'printf "[Service]\\n%s\\n" "$1" >"$2"', "sh", "LimitNOFILE=1", "/etc/systemd/system/q'uo te.service.d/headroom.conf"],
    ["docker", "exec", "c", "http://[::1]:80/?a=1&b=2", "tick``s", "<b>&amp;</b>", "*a* _b_ |c|", "[x](y)", "http://u@[2001:db8::2]/", "naïve"],
    ["prlimit", "--pid", "$$", "--nofile=1:2"],
    ["sysctl", "-w", "net.ipv4.ip_local_reserved_ports=" + ",".join(str(port) for port in range(30000, 30025)), "net.core.somaxconn=1"],
]
ODD_LINES = ["securityContext:", "  sysctls:", "    - name: x", '      value: "1"', "tick ``` here", "<b>&amp;", "# comment", "~~~", "a = " + "1," * 70]
# What a PDF does not give back is not shown there; the other views have it.
NOT_IN_PDF = [
    ["docker", "exec", "c", "x  y", "  lead", "trail  "],
    ["docker", "exec", "c", "日本語", "—"],
    ["sysctl", "-w", "net.ipv4.ip_local_reserved_ports=" + ",".join(str(port) for port in range(30000, 30400, 2))],
]
# What no view may show as it is: nothing is pasted in its place.
NOT_SHOWN = [["docker", "exec", "c", "a\u202eb"], ["docker", "exec", "c", "::error::x"], ["docker", "exec", "c", "a\nb"]]


def main():
    ports = "34110,34147,34184,34221,34258,34295,34332,34369,34400-34410,35000-35010,36000-36010,37000,38000,39000,40000,41000"
    plain = ("--facts", HOSTS + "/debian-default")
    client = audit(*plain, "--role", "client", "--connections", "35000", "--to", "10.0.0.5:80", "--nofile", "200000",
                   "--set", "net.ipv4.ip_local_reserved_ports=" + ports)
    server = audit(*plain, "--role", "server", "--connections", "5000")
    service = audit("--facts", "service", "--role", "server", "--connections", "20000")
    texts = {"ports": check("ports", client), "a login": check("a login", server), "a service": check("a service", service)}
    wrk = ("wrk", "-c", "40000", "-t", "8", "-d", "30s", "http://10.0.0.5/?a=1&b=$x#y!")
    for engine in ("docker", "podman"):
        check(engine, audit(*plain, "--", engine, "run", "--name", "a b", "-v", "/srv/it's $HOME `x`:/data", "--ulimit",
                            "nofile=1024:4096", "img:1", *wrk))
    busy = ("--role", "client", "--connections", "90000", "--to", "10.0.0.5:80", "--lifetime", "2s")
    for host in ("docker-publish", "container-cgroup2-unprivileged", "macos.facts.json"):
        check(host, audit("--facts", f"{HOSTS}/{host}", *busy))
    check("a large server", audit("--facts", HOSTS + "/crowded", "--role", "server", "--connections", "900000", "--threads", "90000"))
    check("a node of Erlang", audit("--facts", HOSTS + "/rabbitmq-node", "erlang-node", "--connections", "900000"))
    path = "/etc/systemd/system/" + "long-" * 24 + "@x.service.d/headroom-nofile.conf"
    odd = with_words(client, ODD, ODD_LINES, path)
    check("odd words", odd)
    check_widths(odd)
    rest = with_words(client, NOT_IN_PDF, ["name: 日本語"], path)
    check("what a PDF cannot give back", rest, VIEWS[:4])
    pdf = run("pdftotext", "page.pdf", "-").stdout.decode()
    say(pdf.count("Not shown here") >= 3 and "docker exec" not in pdf, "the PDF says so", pdf)
    texts_of_rest, _ = views_of(with_words(client, NOT_SHOWN, ["x"], path))
    for view, text in texts_of_rest.items():
        say("docker exec" not in text and text.count("is left out here") >= 3, f"a command that nothing shows as it is: {view}")
    check_holds(audit("--facts", HOSTS + "/boot-order"))
    check_why_all()
    if os.geteuid() == 0 and subprocess.run(["unshare", "-n", "-m", "true"], check=False).returncode == 0:
        for name, document in (("ports", client), ("a login", server), ("a service", service)):
            check_carried_out(name, document, texts[name])
    else:
        print("ok - carried out # SKIP needs root and namespaces")


def check_why(name, *args):
    """A log line: what ends it, what keeps it and what takes it back, from each output; all of it stands in the document."""
    words = ("why", *args)
    document = json.loads(run(H, *words, "-o", "json").stdout)
    remedies = document["causes"][0]["remedies"]
    wanted = [list(one) for remedy in remedies for text in (*remedy["commands"], remedy["undo"] or "") for one in recorded([text])]
    files = [file["lines"] for remedy in remedies for file in remedy["files"]]
    run(H, *words, "-o", "why.md", "-o", "why.html")
    page = Page(open("why.html", encoding="utf-8").read())
    markdown = open("why.md", encoding="utf-8").read()
    texts = {"terminal": run(H, *words, "--all").stdout.decode(), "markdown": markdown, "page": page.text}
    for view, text in texts.items():
        missing = [one for one, found in zip(wanted, find_commands(text, wanted)) if found is None]
        missing += [lines for lines in files if not find_lines(text, lines)]
        say(remedies and not missing, f"why, {name}: {len(wanted)} commands from the {view}", *missing)
    lines = {"\n".join(one) for one in files}
    for view, blocks in (("markdown", markdown_code(markdown)), ("page", page.code)):
        left = [block for block in blocks if block.strip("\n") not in lines and not block.startswith(("headroom: WHY", "headroom why "))]
        said = [block for block in left if not recorded([block]) or {*recorded([block])} - {tuple(one) for one in wanted}]
        say(not said, f"why, {name}: no sentence where commands stand: {view}", *said)


def check_why_all():
    ports = "dial tcp 10.0.0.5:80: connect: cannot assign requested address"
    full = ("--set", "process.fds_below_soft=1024", "--set", "limits.nofile.soft=1024", "--set", "limits.nofile.hard=4096")
    for host in ("ipv6-listeners", "crowded", "container-cgroup2-unprivileged"):
        check_why(host, "--facts", f"{HOSTS}/{host}", ports)
    check_why("a unit", "--facts", "service", *full, "too many open files")
    check_why("a login", "--facts", HOSTS + "/debian-default", *full, "too many open files")
    check_why("tracked connections", "--facts", HOSTS + "/debian-default", "--set", "net.netfilter.nf_conntrack_max=1000",
              "--set", "net.netfilter.nf_conntrack_count=1000")


def check_holds(document):
    """Without a plan: each line is a command of its own."""
    texts, code = views_of(document)
    wanted = [words for hold in document["holds"] for text in hold["fix_commands"] for words in recorded([text])]
    for view in ("terminal", "page", "pdf"):
        missing = [words for words, text in zip(wanted, find_commands(texts[view], wanted)) if text is None]
        say(wanted and not missing, f"without a plan: {len(wanted)} commands from the {view}", *missing)
    files = files_of(document)
    for view in ("page", "pdf"):
        missing = [file["lines"] for file in files if not find_lines(texts[view], file["lines"])]
        say(files and not missing, f"without a plan: lines of files from the {view}", *missing)
    # Undo, and the commands that ask for a verdict: each of them a command, too.
    undo = {tuple(command["words"]) for change in document["first_changes"] for command in change["undo_commands"]}
    said = [text for text in words_in_code(document, code["page"])
            if not all(tuple(words) in undo or words[:2] == ("headroom", "audit") for words in recorded([text]))]
    say(not said, "without a plan: no sentence where commands stand", *said)


main()
