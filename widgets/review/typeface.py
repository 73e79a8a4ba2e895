"""The shipped fonts, so prepared that text can be copied out of a PDF as it was put in.

Qt writes for each glyph the lowest character that has it. NanumGothic gives the space's glyph to the control
characters as well, and the dash's to the soft hyphen, so a reader's copy (and a search, and a screen reader)
would have control characters for spaces. Here those characters lose their glyph, in memory only.
"""

from __future__ import annotations

import struct

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFontDatabase

from console.paths import shipped
from widgets.kit.tokens import FONT_FILES

NEVER_DRAWN = (*range(0x20), 0xAD)
FAMILY = "BongsuPrint"
"""What the prepared fonts are called, so that the machine's own NanumGothic is not taken for them. As long as
the name it replaces."""
_SHIPPED_FAMILY = "NanumGothic"


class TypefaceError(Exception):
    """A shipped font is missing or is no font."""


def load_typefaces() -> None:
    """Load the shipped fonts for printing. Raises TypefaceError naming the file."""
    for name in FONT_FILES:
        try:
            data = (shipped("assets") / "fonts" / name).read_bytes()
            readable = renamed(without_glyphs(data, NEVER_DRAWN))
        except (OSError, struct.error) as error:
            raise TypefaceError(f"{name}: {error}") from None
        number = QFontDatabase.addApplicationFontFromData(QByteArray(readable))
        if FAMILY not in QFontDatabase.applicationFontFamilies(number):
            raise TypefaceError(f"{name}: not the font it should be; install the console again")


def without_glyphs(font: bytes, characters: tuple[int, ...]) -> bytes:
    """`font` (TrueType) in which these characters have no glyph. Raises struct.error where it is no font.

    Only segments of the character map's format 4 that list their glyphs one by one are changed; characters
    in a segment that is counted up keep theirs.
    """
    changed = bytearray(font)
    for start in _format_4_maps(font):
        segments = struct.unpack_from(">H", font, start + 6)[0] // 2
        ends = start + 14
        starts = ends + 2 * segments + 2
        offsets = starts + 4 * segments  # the deltas stand in between
        for segment in range(segments):
            at = 2 * segment
            (last,) = struct.unpack_from(">H", font, ends + at)
            (first,) = struct.unpack_from(">H", font, starts + at)
            (offset,) = struct.unpack_from(">H", font, offsets + at)
            for character in characters:
                if first <= character <= last and offset:
                    glyph = offsets + at + offset + 2 * (character - first)
                    struct.pack_into(">H", changed, glyph, 0)
    return bytes(changed)


def renamed(font: bytes) -> bytes:
    """`font` with FAMILY for its family's name, in its table of names only."""
    start, length = _table(font, b"name")
    names = font[start : start + length]
    for encoding in ("utf-16-be", "ascii"):
        names = names.replace(_SHIPPED_FAMILY.encode(encoding), FAMILY.encode(encoding))
    return font[:start] + names + font[start + length :]


def _format_4_maps(font: bytes) -> list[int]:
    """Where the character maps of format 4 begin."""
    offset, _ = _table(font, b"cmap")
    count = struct.unpack_from(">H", font, offset + 2)[0]
    maps = [offset + struct.unpack_from(">HHI", font, offset + 4 + 8 * one)[2] for one in range(count)]
    return [start for start in maps if struct.unpack_from(">H", font, start)[0] == 4]


def _table(font: bytes, wanted: bytes) -> tuple[int, int]:
    """(offset, length) of a table. Raises struct.error where there is none."""
    for table in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * table)
        if tag == wanted:
            return offset, length
    raise struct.error(f"no table {wanted.decode()}")
