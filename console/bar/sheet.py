"""The sheet of keys and commands: as text for a terminal, as a page for A4. Pure."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence

from console.model.base import Record

_STYLE = """
@page { size: A4; margin: 11mm 10mm; }
* { box-sizing: border-box; }
body { font: 8.2pt/1.3 "NanumGothic", "Noto Sans KR", "Malgun Gothic", "Helvetica Neue", Arial, sans-serif;
  color: #111; margin: 0 auto; max-width: 190mm; }
section { break-after: page; }
section:last-child { break-after: auto; }
h1 { font-size: 13pt; margin: 0 0 1mm; border-bottom: 0.6mm solid #111; padding-bottom: 1mm; }
h2 { font-size: 9pt; margin: 0 0 0.6mm; border-bottom: 0.2mm solid #777; }
.made, .note { color: #444; font-size: 7.2pt; margin: 0 0 2mm; }
.group { break-inside: avoid; margin: 0 0 2.6mm; }
.keys { columns: 3; column-gap: 5mm; }
table { border-collapse: collapse; width: 100%; }
td { vertical-align: top; padding: 0.15mm 0; }
td.key { width: 19mm; padding-right: 1.5mm; font-weight: bold; }
.commands td.key { width: 20mm; }
.commands td.example { width: 76mm; color: #333; }
@media screen { body { padding: 10mm; font-size: 10pt; } }
"""


class Key(Record, frozen=True, kw_only=True):
    """One line: what is pressed, what it does."""

    key: str
    text: str


class Command(Record, frozen=True, kw_only=True):
    """One command of the bar."""

    word: str
    does: str
    example: str


class Sheet(Record, frozen=True, kw_only=True):
    """All of it in one language. `groups`: heading and lines, as the key overlay has them."""

    language: str
    title: str
    made: str
    commands_title: str
    commands: tuple[Command, ...]
    note: str
    groups: tuple[tuple[str, tuple[Key, ...]], ...]


def as_text(sheets: Sequence[Sheet]) -> str:
    """Plain text; Korean letters count as two columns."""
    lines: list[str] = []
    for sheet in sheets:
        lines += [sheet.title, "=" * _wide(sheet.title), sheet.made, "", sheet.commands_title]
        lines += [
            f"  {_padded('/' + one.word, 12)} {_padded(one.does, 54)} {one.example}" for one in sheet.commands
        ]
        lines += [f"  {sheet.note}", ""]
        for group, keys in sheet.groups:
            lines += [group, *(f"  {_padded(one.key, 20)} {one.text}" for one in keys), ""]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_html(sheets: Sequence[Sheet]) -> str:
    """One page of HTML without anything from outside; each language begins on a sheet of its own."""
    language = sheets[0].language if sheets else "en"
    title = html.escape(sheets[0].title if sheets else "")
    body = "\n".join(map(_section, sheets))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _section(sheet: Sheet) -> str:
    say = html.escape
    commands = "\n".join(
        f'<tr><td class="key">/{say(one.word)}</td><td>{say(one.does)}</td>'
        f'<td class="example">{say(one.example)}</td></tr>'
        for one in sheet.commands
    )
    groups = "\n".join(
        f'<div class="group"><h2>{say(group)}</h2><table>\n'
        + "\n".join(f'<tr><td class="key">{say(one.key)}</td><td>{say(one.text)}</td></tr>' for one in keys)
        + "\n</table></div>"
        for group, keys in sheet.groups
    )
    return (
        f'<section lang="{sheet.language}">\n<h1>{say(sheet.title)}</h1>\n'
        f'<p class="made">{say(sheet.made)}</p>\n'
        f'<div class="group commands"><h2>{say(sheet.commands_title)}</h2><table>\n{commands}\n</table>\n'
        f'<p class="note">{say(sheet.note)}</p></div>\n<div class="keys">\n{groups}\n</div>\n</section>'
    )


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _padded(text: str, columns: int) -> str:
    return text + " " * max(0, columns - _wide(text))
