"""`bongsu key`: make or revoke the key of a desk, gateway, sensor or listener."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from console.paths import home as default_home
from console.paths import write_private
from console.wire.keys import MAY_PUBLISH, KeyFileError, ensure_peer_key, revoke
from console.wire.rendezvous import read_doors


def run(argv: list[str]) -> int:
    """`new NAME --role ROLE [--devices PATTERN ...] [--out FILE]` or `revoke NAME`."""
    parser = argparse.ArgumentParser(prog="bongsu key", description=__doc__)
    parser.add_argument("act", choices=("new", "revoke"))
    parser.add_argument("name", help="letters, digits and - (the name its messages go by)")
    parser.add_argument("--home", type=Path, default=default_home(), help="the hub's data folder")
    parser.add_argument("--role", choices=sorted(set(MAY_PUBLISH) - {"hub"}), default="sensor")
    parser.add_argument("--devices", nargs="+", default=["*"], help="patterns of device ids it may speak for")
    parser.add_argument("--out", type=Path, help="also write one JSON file with all a publisher needs")
    told = parser.parse_args(argv)
    if not told.name.replace("-", "").isalnum() or told.name == "hub":
        print(f"{told.name!r} cannot be a name: use letters, digits and -.", file=sys.stderr)
        return 2
    if told.act == "revoke":
        known = revoke(told.home, told.name)
        print(f"{told.name}: revoked." if known else f"{told.name}: was not known; nothing changed.")
        return 0 if known else 1
    try:
        pair = ensure_peer_key(told.home, told.name, told.role, tuple(told.devices))
    except KeyFileError as problem:
        print(problem, file=sys.stderr)
        return 1
    if told.out is not None:
        doors = read_doors(told.home)
        if doors is None:
            print("No hub runs on this data folder: start one, then ask again.", file=sys.stderr)
            return 1
        card = {
            "ingest": doors.ingest, "hub_public": pair.hub_public, "public": pair.public,
            "secret": pair.secret,
        }
        write_private(told.out, msgspec.json.format(msgspec.json.encode(card), indent=2))
        print(f"{told.name}: key written to {told.out}. Keep it as you keep a password.")
    else:
        print(f"{told.name}: key is in {told.home / 'keys' / (told.name + '.key.json')}.")
    return 0
