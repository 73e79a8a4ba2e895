"""Tables for spreadsheets: UTF-8 CSV that opens in Excel with Korean intact and runs nothing.

Rules: RFC 4180 (CRLF, quotes doubled); a byte order mark first, without which Excel reads UTF-8 as the
machine's own code page; cells that a spreadsheet would take for a formula get an apostrophe before them
(OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\ufeff"
# The full-width signs count: Excel in Korean and Japanese takes them for the plain ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float


def neutral(cell: Cell) -> str:
    """`cell` as text that no spreadsheet runs. Numbers stay numbers, negative ones too."""
    if not isinstance(cell, str):
        return str(cell)
    text = cell.replace("\x00", "")
    # Spreadsheets skip blanks before they look for the sign, so the first sign that shows decides.
    if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS):
        return "'" + text
    return text


def csv_lines(rows: Iterable[Sequence[Cell]]) -> str:
    """These rows as CSV text, each ended by CRLF, every text cell neutral."""
    out = io.StringIO()
    writer = csv.writer(out, dialect="excel", lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
    return out.getvalue()


def csv_head(titles: Sequence[str]) -> str:
    """The byte order mark and the line of column titles that begin a file."""
    return BYTE_ORDER_MARK + csv_lines([titles])
