"""`bongsu agency`: the control room of a partner, with a window, or headless with automatic answers."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import re
import signal
import sys
from pathlib import Path

from console.agency.announce import AnnounceError
from console.agency.certificates import CertificateError
from console.agency.fleet import FleetError
from console.agency.office import Office, run_headless
from console.agency.script import MANUAL, Script, ScriptError, load_script
from console.agency.seals import SealError
from console.agency.store import StoreError
from console.agency.view import Plan
from console.clock import SystemClock
from console.handoff.kinds import partner_kinds
from console.logs import log_to
from console.paths import home

_IDS = {
    "112": "KR-112", "119": "KR-119", "police": "UK-POLICE", "fire": "UK-FIRE", "ambulance": "UK-AMB",
    "eido": "EIDO-ROOM",
}  # fmt: skip
_ROOMS = {agency: number for number, agency in _IDS.items()}
_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")


def run(argv: list[str]) -> int:
    """0 after a clean stop, 2 for a wrong command line, 1 when it cannot begin; the reason is on stderr."""
    options = _parser().parse_args(argv)
    try:
        plan = _plan(options)
        log_to((options.home or home()).expanduser(), f"agency-{plan.agency}")
        if options.headless:
            run_headless(plan, SystemClock(), _stop_on_signals)
            return 0
        from console.agency.window.run import run_window  # only here, so that a headless agency needs no Qt

        return run_window(plan, SystemClock(), options.language)
    except ScriptError as error:
        return _complain(2, error)
    except (CertificateError, StoreError, SealError, FleetError, AnnounceError, OSError) as error:
        return _complain(1, error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bongsu agency",
        description="The control room of a partner: takes hand-offs, answers, sends units.",
    )
    parser.add_argument(
        "--as", dest="as_", required=True, choices=tuple(_IDS), help="which room it is"
    )
    parser.add_argument(
        "--id", default="", help="agency id of the profile (default that of the room, as KR-112)"
    )
    parser.add_argument("--sender", default="", help="how it calls itself in messages (default: its id)")
    parser.add_argument("--home", type=Path, default=None, help="data folder (default $BONGSU_HOME)")
    parser.add_argument("--keys", type=Path, default=None, help="certificates (default HOME/keys/handoff)")
    parser.add_argument("--headless", action="store_true", help="no window")
    parser.add_argument(
        "--answers", default="", help="automatic answers: a file, or a name as auto, refuses, slow"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address of its door")
    parser.add_argument("--port", type=int, default=0, help="port of its door (default: a free one)")
    parser.add_argument("--ready-file", type=Path, default=None, help="written as JSON once it listens")
    parser.add_argument(
        "--register",
        type=Path,
        default=None,
        help="enter its address into this partners.toml (console on one machine)",
    )
    parser.add_argument(
        "--console-url", default="", help="the console's door (default: read from HOME/run/hub.json)"
    )
    parser.add_argument(
        "--viewer", default="", help="who looks at shared pictures (default: the room and this account)"
    )
    parser.add_argument(
        "--without-key", action="store_true",
        help="for tests: make a case of every delivery, as if keys were not known",
    )
    parser.add_argument("--language", choices=("en", "ko"), default="en", help="of the window")
    return parser


def _plan(options: argparse.Namespace) -> Plan:
    agency = options.id or _IDS[options.as_]
    if not _ID.fullmatch(agency):
        raise ScriptError(f"--id {agency!r}: an agency id is capital letters, digits and hyphens, as KR-112")
    known = partner_kinds()
    if agency not in known:
        raise ScriptError(
            f"--id {agency}: no file of seeds/partners names it; there are {', '.join(sorted(known))}"
        )
    folder = (options.home or home()).expanduser().resolve()
    answers = options.answers or ("auto" if options.headless else "")
    return Plan(
        number=_ROOMS.get(agency, options.as_), agency=agency, sender=options.sender or agency,
        folder=folder / "agency" / agency,
        keys=options.keys or folder / "keys" / "handoff", script=_script(answers),
        host=options.host, port=options.port, ready_file=options.ready_file, register=options.register,
        console_url=options.console_url,
        run_file=None if options.console_url else folder / "run" / "hub.json",
        knows_keys=not options.without_key, viewer=options.viewer or f"{agency}, {_account()}",
    )  # fmt: skip


def _script(answers: str) -> Script:
    """The named answers; without any, people answer."""
    return load_script(answers) if answers else MANUAL


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "-"


def _stop_on_signals(office: Office) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, office.stop)


def _complain(code: int, error: Exception) -> int:
    sys.stderr.write(f"bongsu agency: {error}\n")
    return code


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
