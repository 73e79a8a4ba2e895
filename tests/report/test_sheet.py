"""CSV that opens in Excel with Korean intact and runs nothing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.report.sheet import csv_head, csv_lines, neutral


@pytest.mark.parametrize(
    "attack",
    ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =HYPERLINK(\"x\")", "＝1+1",
     "\u3000=1", "\x00=1", "＠SUM(1)"],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(attack: str) -> None:
    assert neutral(attack).startswith("'")


@pytest.mark.parametrize("plain", ["119", "Paldalmun = gate", "팔달문시장", "", "a-b", "kim@city"])
def test_a_harmless_cell_is_left_as_it_is(plain: str) -> None:
    assert neutral(plain) == plain


def test_numbers_stay_numbers_negative_ones_too() -> None:
    assert csv_lines([[-3, 2.5]]) == "-3,2.5\r\n"


def test_the_file_begins_with_the_byte_order_mark_excel_needs() -> None:
    assert csv_head(["시각"]).encode().startswith(b"\xef\xbb\xbf\xec\x8b\x9c\xea\xb0\x81")


@given(rows=st.lists(st.lists(st.text(), min_size=2, max_size=4), max_size=6))
def test_no_cell_of_any_file_starts_a_formula_and_nothing_else_is_lost(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_lines(rows), newline="")))
    assert len(read) == len(rows)
    for row, cells in zip(rows, read, strict=True):
        for text, cell in zip(row, cells, strict=True):
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
            assert cell in (text.replace("\x00", ""), "'" + text.replace("\x00", ""))
