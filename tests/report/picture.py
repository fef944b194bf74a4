#!/usr/bin/env python3
"""The picture of a report in README.md: picture.py PAGE.ppm FILE.png writes it, picture.py --same PAGE.ppm FILE.png
says whether it still shows the page (exit status 1: it does not).

The picture has 16 colors and ends below the last thing on the page, so that it is small. Two pictures are the same if
their blocks of a few pixels are about as bright: letters are smoothed differently by other versions of the tools.
"""
import collections
import struct
import sys
import zlib

COLORS = 16
GROUND = 0.003   # of the page: a color that covers as much is a ground, and in the palette however pale it is
APART = 40       # of 255 in one channel: other colors that are as close as this are one
MARGIN = 24      # pixels below the last thing on the page
BLOCK = 8
CLEAR = 24       # of 255
SHARE = 0.004    # of the blocks


def read_ppm(path):
    """Width and rows of a page, each row a list of (red, green, blue)."""
    data = open(path, "rb").read()
    kind, width, height, most = data.split(maxsplit=4)[:4]
    if kind != b"P6" or most != b"255":
        raise ValueError(path + ": not a PPM file of 8 bits")
    width, height = int(width), int(height)
    pixels = data[-3 * width * height:]
    rows = [pixels[3 * width * y:3 * width * (y + 1)] for y in range(height)]
    return width, [list(zip(row[0::3], row[1::3], row[2::3])) for row in rows]


def without_foot(rows):
    """The page without its last lines (name and page number) and the blank above them."""
    marked = [y for y, row in enumerate(rows) if len(set(row)) > 1]
    gap = max((b - a, a) for a, b in zip(marked[len(marked) // 2:], marked[len(marked) // 2 + 1:]))
    return rows[:gap[1] + MARGIN] if gap[0] > 2 * MARGIN else rows


def palette_of(rows):
    """The grounds, and the most frequent colors that are not nearly the same as another."""
    count = collections.Counter(color for row in rows for color in row)
    chosen = []
    for color, pixels in count.most_common():
        ground = pixels > GROUND * sum(count.values())
        if ground or all(max(abs(a - b) for a, b in zip(color, other)) > APART for other in chosen):
            chosen.append(color)
        if len(chosen) == COLORS:
            break
    return chosen


def nearest(palette, seen, color):
    """The number of the palette's color that is nearest."""
    if color not in seen:
        seen[color] = min(range(len(palette)), key=lambda n: sum((a - b) ** 2 for a, b in zip(palette[n], color)))
    return seen[color]


def write(path, width, rows):
    """A PNG of four bits a pixel; each row as it is (PNG, section 9.2, filter 0)."""
    palette, seen, raw = palette_of(rows), {}, b""
    for row in rows:
        numbers = [nearest(palette, seen, color) for color in row] + [0] * (width % 2)
        raw += b"\0" + bytes(16 * a + b for a, b in zip(numbers[0::2], numbers[1::2]))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 4, 3, 0, 0, 0)),
             (b"PLTE", bytes(part for color in palette for part in color)),
             (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in parts:
            out.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))


def read(path):
    """Width and rows of a PNG that write() wrote."""
    data, at, parts = open(path, "rb").read(), 8, {}
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        parts[kind] = data[at + 8:at + 8 + length]
        at += 12 + length
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    palette = list(zip(parts[b"PLTE"][0::3], parts[b"PLTE"][1::3], parts[b"PLTE"][2::3]))
    raw, stride = zlib.decompress(parts[b"IDAT"]), (width + 1) // 2 + 1
    rows = []
    for y in range(height):
        packed = raw[y * stride + 1:(y + 1) * stride]
        rows.append([palette[n] for byte in packed for n in (byte >> 4, byte & 15)][:width])
    return width, rows


def blocks(width, rows):
    """The mean brightness of each block."""
    gray = [[sum(color) / 3 for color in row] for row in rows]
    return [sum(sum(row[x:x + BLOCK]) for row in gray[y:y + BLOCK]) / BLOCK**2
            for y in range(0, len(gray) - BLOCK + 1, BLOCK) for x in range(0, width - BLOCK + 1, BLOCK)]


def same(page, picture):
    """How much of the picture looks different, as a share of its blocks; 1 where it has another size."""
    if page[0] != picture[0] or len(page[1]) != len(picture[1]):
        return 1.0
    pairs = list(zip(blocks(*page), blocks(*picture)))
    return sum(abs(a - b) > CLEAR for a, b in pairs) / len(pairs)


source, target = sys.argv[-2:]
page_width, page_rows = read_ppm(source)
shown = page_width, without_foot(page_rows)
if sys.argv[1] == "--same":
    share = same(shown, read(target))
    if share > SHARE:
        print(f"{100 * share:.1f}% of the picture looks different; make picture draws it again")
    sys.exit(share > SHARE)
write(target, *shown)
