"""Changes one byte of a signed audit, of its report, its statement or its signatures, and asks headroom verify: none may
be verified. Usage: flip_bytes.py HEADROOM DIRECTORY SSH-KEY MINISIGN-KEY [STEP]

STEP 1 takes each byte; without it, some of each file, the first and the last among them. Each is changed in one bit, a
different one from byte to byte. Each file is cut off as well, and gets a byte more.
"""
import os
import subprocess
import sys

headroom, directory, ssh_key, minisign_key, step = sys.argv[1:6]
DOCUMENT = os.path.join(directory, "audit.json")
STATEMENT = DOCUMENT + ".intoto.json"
# File, key, how many of its bytes are changed where not all are.
FILES = [
    (DOCUMENT, ssh_key, 20),
    (os.path.join(directory, "report.md"), ssh_key, 10),
    (STATEMENT, ssh_key, 30),
    (STATEMENT, minisign_key, 10),
    (STATEMENT + ".sig", ssh_key, 40),
    (STATEMENT + ".minisig", minisign_key, 40),
]


def verified(key):
    done = subprocess.run([headroom, "verify", "-q", DOCUMENT, "--key", key], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"exit {done.returncode}: {done.stderr}")
    return done.returncode == 0


def variants(good, some):
    stride = int(step) if step else max(1, len(good) // some)
    for at in sorted({*range(0, len(good), stride), len(good) - 1}):
        bad = bytearray(good)
        bad[at] ^= 1 << at % 8
        yield f"byte {at}", bytes(bad)
    yield "cut off", good[:-1]
    yield "empty", b""
    yield "a byte more", good + b"\n"


def main():
    changes, unseen = 0, []
    for path, key, some in FILES:
        with open(path, "rb") as file:
            good = file.read()
        for what, bad in variants(good, some):
            with open(path, "wb") as file:
                file.write(bad)
            changes += 1
            if verified(key):
                unseen.append(f"{path} ({what}, {key})")
        with open(path, "wb") as file:
            file.write(good)
        if not verified(key):
            raise SystemExit(f"{path}: not verified as it was")
    for change in unseen:
        print("verified although changed:", change)
    print(f"{changes} changes, {'all found' if not unseen else 'not all found'}")
    return 1 if unseen else 0


sys.exit(main())
