"""The command `bongsu`: one word chooses the program; each is imported only when it is wanted."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

from console import __version__

PROGRAMS: dict[str, tuple[str, str, str]] = {
    "demo": ("console.demo.command", "run", "everything on this machine, on a city of recorded feeds"),
    "hub": ("console.hub.command", "run", "the single writer: takes facts in, decides, commits, tells"),
    "desk": ("console.desk.desk", "run", "one operator's window"),
    "keys": ("console.desk.keys_command", "run", "all keys and commands, to be printed"),
    "agency": ("console.agency.command", "run", "the partner's side of the hand-off (112, 119)"),
    "gateway": ("console.gateways.command", "run", "one kind of outside world: scenario, cap, mqtt ..."),
    "recorder": ("console.recorder.command", "run", "keep the cameras' pictures on disk, for replay"),
    "footage": ("console.footage.command", "run", "what is recorded of which camera, and what is locked"),
    "share": ("console.share.command", "run", "granted pictures to partners, over HTTPS, for a while"),
    "history": ("console.historian.command", "run", "keep what is measured; take in earlier measurements"),
    "record": ("console.recording.command", "run_record", "copy the log of a hub into a file"),
    "replay": ("console.gateways.replay", "run", "play a recording through the hub's door"),
    "export": ("console.desk.export_command", "run", "take recorded pictures out, signed; as a desk does"),
    "verify": ("console.evidence.verify_command", "run", "check an evidence package, offline"),
    "check": ("console.hub.check", "run", "is everything as it should be, and what to do if not"),
    "approver": ("console.broadcast.command", "run", "who approves disaster messages by an own code"),
    "key": ("console.wire.key_command", "run", "make or revoke the key of a desk, gateway or sensor"),
    "systems": ("console.figures.systems_command", "run", "the city's systems, and what happened in each"),
    "goals": ("console.figures.goals_command", "run", "the year's goals, and what the record says"),
    "opendata": ("console.figures.opendata_command", "run", "write what is opened to everybody"),
    "profile": ("console.profile.check_command", "run", "check a city's data, begin a new system's"),
    "bench": ("console.bench.command", "run", "measure this machine: bongsu bench NAME --json"),
}
"""Word to (module, function taking the remaining words and returning an exit status, one line of help)."""


def main(argv: list[str] | None = None) -> int:
    """Run one program; its exit status. 2 for a word that is not known."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in ("-h", "--help", "help"):
        print(_help())
        return 0
    if words[0] in ("--version", "-V", "version"):
        print(f"bongsu {__version__}")
        return 0
    found = PROGRAMS.get(words[0])
    if found is None:
        print(f"bongsu: {words[0]!r} is not one of: {', '.join(PROGRAMS)}", file=sys.stderr)
        return 2
    module, function, _ = found
    run: Callable[[list[str]], int] = getattr(importlib.import_module(module), function)
    return run(words[1:])


def _help() -> str:
    width = max(len(word) for word in PROGRAMS)
    lines = [f"  bongsu {word:<{width}}  {text}" for word, (_, _, text) in PROGRAMS.items()]
    title = "Bongsu, the operations-centre console"
    return "\n".join([title, "", *lines, "", "bongsu WORD --help says more."])


if __name__ == "__main__":
    sys.exit(main())
