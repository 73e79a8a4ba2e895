"""`bongsu approver`: who approves disaster messages by an own code, which is never an argument."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from console.broadcast.approvers import ApproversError, read_approvers, remove, set_code
from console.paths import home as default_home


def run(argv: list[str]) -> int:
    """`set NAME`, `remove NAME` or `list`. Without a terminal the code is the first line of the input."""
    parser = argparse.ArgumentParser(prog="bongsu approver", description=__doc__)
    parser.add_argument("act", choices=("set", "remove", "list"))
    parser.add_argument("name", nargs="?", default="", help="the person, as it is said at the desk")
    parser.add_argument("--home", type=Path, default=default_home(), help="the hub's data folder")
    told = parser.parse_args(argv)
    try:
        if told.act == "list":
            for name in sorted(read_approvers(told.home)):
                print(name)
            return 0
        if not told.name.strip():
            print("Say whose code: bongsu approver set NAME.", file=sys.stderr)
            return 2
        if told.act == "remove":
            known = remove(told.home, told.name)
            print(f"{told.name}: removed." if known else f"{told.name}: has no code; nothing changed.")
            return 0 if known else 1
        set_code(told.home, told.name, _asked())
    except ApproversError as problem:
        print(f"Nothing was changed: {problem}.", file=sys.stderr)
        return 1
    print(f"{told.name}: may approve by code at every desk.")
    return 0


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    code = getpass.getpass("New code: ")
    if getpass.getpass("Again: ") != code:
        raise ApproversError("the two codes differ")
    return code
