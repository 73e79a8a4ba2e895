"""`bongsu verify FILE|FOLDER`: is this package complete, unchanged and signed with the right key?"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from console.evidence.keys import spaced
from console.evidence.verify import Checked, KeyNotRead, expected_fingerprint, verify
from console.language import Catalogue, load_catalogue

GOOD, NOT_GOOD, BAD_WORDS, OTHER_KEY = 0, 1, 2, 3


def run(argv: list[str]) -> int:
    """0: good. 1: incomplete, changed or not signed. 2: wrong words. 3: whole, signed with another key."""
    parser = argparse.ArgumentParser(
        prog="bongsu verify", description="Check an evidence package offline.",
        epilog="0: good. 1: changed, incomplete or not signed. 3: whole, signed with another key than --key.",
    )  # fmt: skip
    parser.add_argument("package", type=Path, help="the folder or the zip")
    parser.add_argument("--key", default="", help="the fingerprint, or a file with the public key, to expect")
    parser.add_argument("--language", choices=("en", "ko"), default=spoken(), help="default: %(default)s")
    told = parser.parse_args(argv)
    catalogue = load_catalogue(told.language)
    say = catalogue.say
    if not os.path.lexists(told.package):
        print(say("evidence.verify.nothing_there", path=told.package), file=sys.stderr)
        return BAD_WORDS
    try:
        expected = expected_fingerprint(told.key) if told.key else ""
    except KeyNotRead as problem:
        print(say("evidence.verify.key_not_read", problem=problem), file=sys.stderr)
        return BAD_WORDS
    checked = verify(told.package, expected)
    for line in report(checked, catalogue, bool(expected)):
        print(line)
    if checked.wrong:
        return NOT_GOOD
    return OTHER_KEY if checked.other_key else GOOD


def report(checked: Checked, catalogue: Catalogue, pinned: bool) -> list[str]:
    """What a check found, line by line; the verdict last."""
    say = catalogue.say
    lines = []
    manifest = checked.manifest
    if manifest is not None:
        lines.append(
            say(
                "evidence.verify.what", export=manifest.export_id, made=manifest.made.local,
                operator=manifest.operator, files=len(manifest.files), bytes=checked.bytes,
            )
        )  # fmt: skip
        for piece in manifest.pieces:
            key = "masked" if piece.copy == "masked" else "original"
            lines.append(
                say(
                    f"evidence.verify.piece_{key}", file=piece.file, camera=piece.camera_id,
                    begin=piece.first_picture.local, end=piece.last_picture.local,
                )
            )  # fmt: skip
    lines += [f"{one.file}: {say(f'evidence.verify.wrong.{one.what}')}" for one in checked.wrong]
    if checked.fingerprint:
        lines.append(say("evidence.verify.fingerprint", fingerprint=spaced(checked.fingerprint)))
    if checked.wrong:
        lines.append(say("evidence.verify.not_good", count=len(checked.wrong)))
    elif checked.other_key:
        lines.append(say("evidence.verify.other_key"))
    else:
        lines.append(say("evidence.verify.good_pinned" if pinned else "evidence.verify.good"))
    return lines


def spoken() -> str:
    """The language of this shell, as far as the console speaks it."""
    told = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ko" if told.startswith("ko") else "en"
