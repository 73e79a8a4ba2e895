"""The reference page and the program say the same."""

from __future__ import annotations

import re
from pathlib import Path

from sqlite_utils import Database

from console.clock import SteppedClock
from console.ledger import Ledger, check_ledger
from console.ledger.migrations import LATEST
from console.ledger.problems import CODES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ref" / "ledger.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    return re.split(rf"^#+ {re.escape(title)}.*$", PAGE, maxsplit=1, flags=re.M)[1].split("\n#")[0]


def first_cells(text: str) -> list[tuple[str, ...]]:
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [tuple(cell.strip().strip("`") for cell in row) for row in rows]


def test_every_table_and_every_column_is_described_with_its_type(path: Path) -> None:
    Ledger.open(path, SteppedClock()).close()
    database = Database(path)
    try:
        tables = [name for name in database.table_names() if not name.startswith("token_")]
        described = re.findall(r"^### `(\w+)`", PAGE, flags=re.M)
        assert sorted(described) == sorted(tables)
        for name in tables:
            said = first_cells(section(f"`{name}`"))
            columns = [(one.name, one.type) for one in database[name].columns]
            if name == "token":
                assert [row[0] for row in said] == [one for one, _ in columns]
            else:
                assert [row[:2] for row in said] == columns
        assert set(re.findall(r"`(token_\w+)`", PAGE)) == {
            name for name in database.table_names() if name.startswith("token_")
        }
    finally:
        database.close()
    assert f"schema version {LATEST}" in PAGE


def test_every_problem_and_every_finding_is_described(path: Path) -> None:
    assert {row[0] for row in first_cells(section("Problems"))} == CODES
    Ledger.open(path, SteppedClock()).close()
    findings = [one.what for one in check_ledger(path, SteppedClock(), deep=True)]
    assert [row[0] for row in first_cells(section("What the check looks at"))] == findings


def test_the_design_note_has_the_parts_a_design_note_has() -> None:
    note = (Path(__file__).resolve().parents[2] / "docs" / "design" / "ledger.md").read_text(encoding="utf-8")
    for part in ("**Status:**", "## Goals", "## Non-goals", "## Alternatives"):
        assert part in note
