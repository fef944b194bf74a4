#!/usr/bin/env python3
"""Compares gray pages: look.py ACCEPTED NEW, one TAP line per page; look.py --accept ACCEPTED NEW takes over the new
ones. ACCEPTED holds PNG files, NEW the PGM files of pdftoppm.

An image is cut into blocks of a few pixels. Blocks whose mean brightness differs clearly are counted: one page of
text smoothed differently has none of them, a moved paragraph or another chart has many.
"""
import os
import struct
import sys
import zlib

BLOCK = 6        # pixels
CLEAR = 20       # of 255
SHARE = 0.002    # of the blocks


def read_pgm(path):
    data = open(path, "rb").read()
    fields = data.split(maxsplit=4)[:4]
    if fields[0] != b"P5" or fields[3] != b"255":
        raise ValueError(path + ": no PGM file of 8 bits")
    width, height = int(fields[1]), int(fields[2])
    pixels = data[-width * height:]
    return width, height, [pixels[y * width:(y + 1) * width] for y in range(height)]


def write(path, image):
    """Each row as the difference to the one above (PNG, section 9.2, filter 2)."""
    width, height, rows = image
    raw, above = b"", bytes(width)
    for row in rows:
        raw += b"\2" + bytes((a - b) & 255 for a, b in zip(row, above))
        above = row
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
                           (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b"")):
            out.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))


def read_png(path):
    data = open(path, "rb").read()
    at, packed, head = 8, b"", None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", data[at + 8:at + 21])
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    width, height = head[:2]
    if head[2:] != (8, 0, 0, 0, 0):
        raise ValueError(path + ": not 8 bits of gray")
    raw, rows, above = zlib.decompress(packed), [], bytes(width)
    for y in range(height):
        line = raw[y * (width + 1):(y + 1) * (width + 1)]
        if line[0] != 2:
            raise ValueError(path + ": not written by this program")
        above = bytes((a + b) & 255 for a, b in zip(line[1:], above))
        rows.append(above)
    return width, height, rows


def blocks(image):
    width, height, rows = image
    return [sum(sum(row[x:x + BLOCK]) for row in rows[y:y + BLOCK]) / BLOCK**2
            for y in range(0, height - BLOCK + 1, BLOCK) for x in range(0, width - BLOCK + 1, BLOCK)]


def compare(accepted, new):
    if accepted[:2] != new[:2]:
        return "another size: %dx%d, accepted %dx%d" % (new[:2] + accepted[:2])
    pairs = list(zip(blocks(accepted), blocks(new)))
    share = sum(abs(a - b) > CLEAR for a, b in pairs) / len(pairs)
    return "%.1f %% of the page looks different; if that is meant: ACCEPT=1 make look" % (share * 100) if share > SHARE else ""


accept = sys.argv[1] == "--accept"
accepted, new = sys.argv[-2:]
pages = sorted(name[:-4] for name in os.listdir(new))
known = sorted(name[:-4] for name in os.listdir(accepted) if name.endswith(".png"))
if accept:
    for name in known:
        os.remove(os.path.join(accepted, name + ".png"))
    for name in pages:
        write(os.path.join(accepted, name + ".png"), read_pgm(os.path.join(new, name + ".pgm")))
    print("accepted: " + " ".join(pages))
    sys.exit(0)
if not known:
    print("no look was accepted yet")
    sys.exit(77)
failed = False
for name in sorted(set(pages) | set(known)):
    said = "only accepted or only new"
    if name in pages and name in known:
        said = compare(read_png(os.path.join(accepted, name + ".png")), read_pgm(os.path.join(new, name + ".pgm")))
    failed |= bool(said)
    print(("not ok - " if said else "ok - ") + name)
    if said:
        print("#   " + said)
sys.exit(failed)
