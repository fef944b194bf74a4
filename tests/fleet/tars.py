"""Makes tar files as nobody should send them. Usage: tars.py TREE DIRECTORY"""
import io
import os
import sys
import tarfile

tree, out = sys.argv[1:]


def member(tar, name, data=b"", kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    info.size = len(data) if kind == tarfile.REGTYPE else 0
    tar.addfile(info, io.BytesIO(data) if kind == tarfile.REGTYPE else None)


def whole(name):
    tar = tarfile.open(f"{out}/{name}", "w")
    tar.add(tree, "gen-1")
    return tar


with whole("outside.tar") as tar:
    member(tar, "/tmp/fleet-was-here", b"x")
    member(tar, "../fleet-was-here", b"x")
    member(tar, "gen-1/../../fleet-was-here", b"x")
    member(tar, "gen-1/etc/../../../fleet-was-here", b"x")
with whole("link.tar") as tar:
    member(tar, "gen-2/proc/out", kind=tarfile.SYMTYPE, link=out)
    member(tar, "gen-2/proc/out/fleet-was-here", b"x")
    member(tar, "gen-2/ORIGIN", b"x")
with whole("device.tar") as tar:
    member(tar, "gen-1/proc/zero", kind=tarfile.CHRTYPE)
    member(tar, "gen-1/proc/fifo", kind=tarfile.FIFOTYPE)
    member(tar, "gen-1/proc/hard", kind=tarfile.LNKTYPE, link="/etc/passwd")
with tarfile.open(f"{out}/apart.tar", "w") as tar:
    member(tar, "gen-1/proc/version", b"x")
    member(tar, "gen-2/proc/version", b"x")
    member(tar, "gen-1/ORIGIN", b"x")
with tarfile.open(f"{out}/large.tar.gz", "w:gz") as tar:
    member(tar, "gen-1/proc/large", bytes(65 * 1024 * 1024))
with tarfile.open(f"{out}/many.tar.gz", "w:gz") as tar:
    for i in range(10):
        member(tar, f"gen-1/proc/large{i}", bytes(60 * 1024 * 1024))
with open(f"{out}/outside.tar", "rb") as file:
    data = file.read()
with open(f"{out}/short.tar", "wb") as file:
    file.write(data[: len(data) // 2])
with open(f"{out}/noise.tar", "wb") as file:
    file.write(b"\x1f\x8b" + os.urandom(4000))
