"""Rows of a file, whatever it is written in: CSV of any of our encodings, a JSON list, JSON a line."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from console.historian.mapping import FileTold

PROBE_BYTES = 1 << 20
LARGEST_JSON_BYTES = 512 << 20
LONGEST_CELL = 100_000
DELIMITERS = (",", ";", "\t", "|")


class TableError(Exception):
    """Nothing of a file can be used; the text says why."""


class Row(NamedTuple):
    """One row: its line (or place in the list) from 1, its cells by column; `wrong` says why it has none."""

    number: int
    cells: dict[str, str]
    wrong: str = ""


class Table:
    """Opens a file; `columns` are known from then on (empty for JSON: each row has its own). `done` is the
    share
    read so far. Raises TableError and OSError. `close` at the end."""

    def __init__(self, path: Path, told: FileTold) -> None:
        self.path, self._told = path, told
        self._size = max(1, path.stat().st_size)
        self.notes: list[str] = []
        self.columns: tuple[str, ...] = ()
        self.encoding = ""
        self._file: BinaryIO = open(path, "rb")  # noqa: SIM115 - closed by close
        try:
            form = told.format
            if form == "auto":
                form = {".json": "json", ".jsonl": "lines", ".ndjson": "lines"}.get(
                    path.suffix.lower(), "csv"
                )
            self.form = form
            self.encoding = self._encoding()
            if form == "csv":
                self._open_csv()
        except BaseException:
            self._file.close()
            raise

    @property
    def done(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def close(self) -> None:
        self._file.close()

    def rows(self) -> Iterator[Row]:
        """The rows, in the order of the file; one that cannot be used says why."""
        if self.form == "csv":
            return self._csv_rows()
        return self._line_rows() if self.form == "lines" else self._json_rows()

    def _encoding(self) -> str:
        told = self._told.encoding
        if told != "auto":
            try:
                return codecs.lookup(told).name
            except LookupError:
                raise TableError(f"file.encoding: {told!r} is not known") from None
        probe = self._file.read(PROBE_BYTES)
        self._file.seek(0)
        if probe.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in probe:
            raise TableError(f"{self.path.name}: is not text")
        for name in ("utf-8-sig", "cp949"):
            try:
                codecs.getincrementaldecoder(name)("strict").decode(probe, final=False)
            except UnicodeDecodeError:
                continue
            return name
        return "utf-8-sig"

    def _text(self) -> io.TextIOWrapper:
        kept = io.BufferedReader(_Kept(self._file), 1 << 16)
        return io.TextIOWrapper(kept, self.encoding, errors="replace", newline="")

    def _open_csv(self) -> None:
        text = self._text()
        heading = text.readline()
        if not heading.strip():
            raise TableError(f"{self.path.name}: its first line is empty; expected the columns' names")
        delimiter = self._told.delimiter
        if delimiter == "auto":
            delimiter = max(DELIMITERS, key=heading.count)
        names = next(csv.reader([heading], delimiter=delimiter), [])
        self.columns = tuple(name.strip() for name in names)
        again = {name for name in self.columns if name and self.columns.count(name) > 1}
        if again:
            self.notes.append(f"columns named twice, the first is used: {', '.join(sorted(again))}")
        csv.field_size_limit(LONGEST_CELL)
        self._lines = text
        self._delimiter = delimiter

    def _csv_rows(self) -> Iterator[Row]:
        reader = csv.reader(self._checked_lines(), delimiter=self._delimiter)
        wide = len(self.columns)
        while True:
            number = reader.line_num + 2
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                yield Row(number, {}, f"not CSV: {error}")
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != wide:
                yield Row(number, {}, f"expected {wide} columns, found {len(cells)}")
                continue
            named: dict[str, str] = {}
            for name, cell in zip(self.columns, cells, strict=True):
                named.setdefault(name, cell)
            yield Row(number, named)
        if not self._ends_whole:
            self.notes.append("the file does not end with a line's end: its last row may have been cut")

    _ends_whole = True

    def _checked_lines(self) -> Iterator[str]:
        for line in self._lines:
            self._ends_whole = line.endswith(("\n", "\r"))
            yield line.replace("\0", "\ufffd")

    def _line_rows(self) -> Iterator[Row]:
        for number, line in enumerate(self._text(), 1):
            if not line.strip():
                continue
            if len(line) > LONGEST_CELL:
                yield Row(number, {}, "a line longer than any row")
                continue
            try:
                found = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Row(number, {}, f"not JSON: {error}")
                continue
            yield _object_row(number, found)

    def _json_rows(self) -> Iterator[Row]:
        if self._size > LARGEST_JSON_BYTES:
            raise TableError(f"{self.path.name}: larger than {LARGEST_JSON_BYTES >> 20} MiB; use JSON a line")
        text = self._text().read()
        at = self._list_begins(text)
        decoder = json.JSONDecoder()
        number = 0
        while True:
            while at < len(text) and text[at] in " \t\r\n,":
                at += 1
            if at >= len(text):
                yield Row(number + 1, {}, "the list does not end: the file was cut")
                return
            if text[at] == "]":
                return
            number += 1
            try:
                found, at = decoder.raw_decode(text, at)
            except (ValueError, RecursionError) as error:
                yield Row(number, {}, f"not JSON: {error}; nothing behind it is read")
                return
            yield _object_row(number, found)

    def _list_begins(self, text: str) -> int:
        """Just behind the bracket of the list that is meant."""
        at = 0
        for name in [one for one in self._told.rows.split(".") if one]:
            found = text.find(json.dumps(name, ensure_ascii=False), at)
            if found < 0:
                raise TableError(f"{self.path.name}: file.rows: there is no {name!r}")
            at = found + len(name) + 2
        begin = text.find("[", at)
        if begin < 0 or (not self._told.rows and text[:begin].strip(" \t\r\n\ufeff")):
            raise TableError(f"{self.path.name}: expected a list of objects; file.rows says where it stands")
        return begin + 1


class _Kept(io.RawIOBase):
    """Lets a text layer read a file without closing it."""

    def __init__(self, file: BinaryIO) -> None:
        self._source = file

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        data = self._source.read(len(into))
        into[: len(data)] = data
        return len(data)


def _object_row(number: int, found: Any) -> Row:
    if not isinstance(found, dict):
        return Row(number, {}, "expected an object")
    cells = {}
    for name, value in found.items():
        if isinstance(value, bool | dict | list):
            value = json.dumps(value)
        cells[str(name)] = "" if value is None else str(value)
    return Row(number, cells)
