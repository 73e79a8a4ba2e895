"""The reference pages that are made from the code, so that they cannot drift from it.

`python -m console.reference FOLDER` writes them; a test compares what is there with what would be written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import msgspec

from console.evidence import manifest
from console.model import commands, events, fact, query
from console.model.events import topic_of

HEAD = "<!-- Made by `python -m console.reference docs/ref`. Change the docstrings, not this page. -->\n"


def pages() -> dict[str, str]:
    """File name to text."""
    return {
        "events.md": _events(), "commands.md": _commands(), "topics.md": _topics(),
        "evidence.md": _evidence(),
    }  # fmt: skip


def _events() -> str:
    kinds = events.EVENT_KINDS
    return "\n".join([
        HEAD + "# Events",
        "",
        "What can be on the decision lane, in the ledger and in a recording. Every entry carries `run`,"
        " `seq`, `at_ns` and a cause: `actor`, `parent`, `command_id`, `desk`.",
        "",
        *_records(kinds.items()),
    ])  # fmt: skip


def _commands() -> str:
    asks = {str(one.__struct_config__.tag): one for one in get_args(query.AnyQuery)}
    facts = {str(one.__struct_config__.tag): one for one in get_args(fact.AnyFact)}
    return "\n".join([
        HEAD + "# Commands, queries, facts",
        "",
        "## Commands",
        "",
        "A desk sends a request (`id`, `desk`, `person`, `sent_ns`, `command`) and is answered `accepted`"
        " (`seq`) or `refused` (`code`, `reason`). The same `id` asked twice is done once.",
        "",
        *_records(commands.COMMAND_NAMES.items()),
        "## Queries",
        "",
        *_records(asks.items()),
        "## Facts",
        "",
        "What gateways report; answered once it is on disk.",
        "",
        *_records(facts.items()),
    ])  # fmt: skip


def _topics() -> str:
    rows = []
    for tag in events.EVENT_KINDS:
        rows.append(f"| `{topic_of(tag).decode()}` | decisions | `{tag}` |")
    return "\n".join([
        HEAD + "# Topics",
        "",
        "Every topic ends in `/`, so that none is the beginning of another by accident. Subscribe to `d/` for"
        " all decisions, or to a part such as `d/handoff/`.",
        "",
        "| topic | feed | what |",
        "| --- | --- | --- |",
        *rows,
        "| `h/` | decisions | the hub's counters, once a second |",
        "| `t/` | telemetry | a columnar batch: header, uint32 points, float64 values, int64 taken-at ns,"
        " uint8 quality |",
        "",
    ])  # fmt: skip


def _evidence() -> str:
    kinds = (
        manifest.Manifest, manifest.Moment, manifest.LedgerTie, manifest.CameraSaid, manifest.Badge,
        manifest.Gap, manifest.Piece, manifest.Figures, manifest.MaskingSaid, manifest.FileEntry,
    )  # fmt: skip
    prefix = manifest.SIGNED_PREFIX.decode().strip()
    return "\n".join([
        HEAD + "# The evidence package",
        "",
        "A folder, or the same as a zip without compression:",
        "",
        "| file | what |",
        "| --- | --- |",
        "| `original/` | clips as recorded, `CAMERA_TIME.mp4` or `.mkv`; stills as `.png` with their packets"
        " beside them |",
        "| `masked/` | masked copies, `CAMERA_TIME_MASKED.mp4` or `.png` |",
        f"| `{manifest.MANIFEST}` | the list below, JSON in UTF-8 |",
        f"| `{manifest.SIGNATURE}` | 64 bytes: Ed25519 over `{prefix}`, a line feed,"
        " and the bytes of the manifest as they are in the file |",
        f"| `{manifest.PUBLIC_KEY}` | the key, PEM; its fingerprint is the SHA-256 of its 32 raw bytes |",
        f"| `{manifest.README}`, `{manifest.VERIFIER}` | what this is, in English and Korean; a program that"
        " checks it |",
        "",
        "Every file but the manifest and its signature is listed. TIME in a name is UTC. A package is good"
        " when the signature fits, every listed file has its size and hash, and there is no other file.",
        "",
        "## `manifest.json`",
        "",
        *_records((one.__name__, one) for one in kinds),
    ])  # fmt: skip


def _records(kinds: Iterable[tuple[str, type[Any]]]) -> list[str]:
    lines: list[str] = []
    for tag, kind in kinds:
        lines += [f"### `{tag}`", "", _sentence(kind), ""]
        fields = msgspec.structs.fields(kind)
        if fields:
            lines += ["| field | type | may be left out |", "| --- | --- | --- |"]
            for field in fields:
                left_out = "" if field.required else "yes"
                lines.append(f"| `{field.name}` | {_type(field.type)} | {left_out} |")
            lines.append("")
    return lines


def _sentence(kind: type[Any]) -> str:
    return " ".join((kind.__doc__ or "").split())


def _type(kind: Any) -> str:
    text = str(kind) if not isinstance(kind, type) else kind.__name__
    for noise in ("console.model.base.", "console.model.incident.", "console.model.events.", "typing.",
                  "console.model.query.", "console.model.device.", "console.model.footage.",
                  "console.evidence.manifest."):
        text = text.replace(noise, "")
    return text.replace("|", "or")


def main(folder: str) -> None:
    """Write the pages into a folder."""
    for name, text in pages().items():
        (Path(folder) / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
