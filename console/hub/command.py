"""`bongsu hub`: the single writer of one city."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from console.cityname import city_named
from console.clock import SystemClock
from console.handoff.courier import Courier, CourierError
from console.handoff.signingkeys import SigningKeyError, ensure_signers
from console.handoff.tls import TlsError, ensure_authority
from console.hub.hub import Hub, Report
from console.hub.ladder import SENDER
from console.hub.sharekeeper import ShareSecretError
from console.language import load_catalogue
from console.ledger import LedgerUnavailable
from console.logs import log_to
from console.model.base import Position
from console.paths import home as default_home
from console.profile import Profile, ProfileError, load_profile, nearest_cameras
from console.profile.procedures import ProcedureBook, load_procedures
from console.recording import Recorder
from console.rules.city import phrase_of
from console.rules.correlate.placing import city_placing
from console.rules.triage import Triage
from console.wire.keys import KeyFileError

RECORDING_MAX_BYTES = 512 << 20
RECORDING_MAX_AGE_S = 3600.0


def run(argv: list[str]) -> int:
    """Serve until SIGTERM or SIGINT. Exit status 1 with the reason when it cannot start."""
    parser = argparse.ArgumentParser(prog="bongsu hub", description=__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder")
    parser.add_argument("--city", default="suwon", help="profile of seeds/cities, or a file")
    parser.add_argument("--follow", action="store_true", help="follow a recording: no rules, no orders")
    parser.add_argument("--no-recording", action="store_true", help="do not write the log as MCAP")
    parser.add_argument(
        "--partner-port", type=int, default=0, help="port of the door for partners (default: a free one)"
    )
    parser.add_argument(
        "--actual", action="store_true", help="hand-offs are real (else they are marked as an exercise)"
    )
    told = parser.parse_args(argv)
    log_to(told.home, "hub")
    clock = SystemClock()
    try:
        profile = load_profile(city_named(told.city))
        procedures = load_procedures(city_named(told.city), profile)
        hub = _build(told, profile, procedures, clock)
    except (
        ProfileError, LedgerUnavailable, KeyFileError, TlsError, SigningKeyError, CourierError,
        ShareSecretError,
    ) as problem:  # fmt: skip
        print(f"The hub did not start. {problem}", file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: hub.stop())
    try:
        hub.run()
    except CourierError as problem:
        print(f"The hub did not start. {problem}", file=sys.stderr)
        return 1
    return 0


def _build(
    told: argparse.Namespace, profile: Profile, procedures: ProcedureBook, clock: SystemClock
) -> Hub:
    home: Path = told.home

    def nearest(position: Position, count: int, without: object) -> tuple[str, ...]:
        unusable = without if isinstance(without, set | frozenset) else set()
        return nearest_cameras(profile, position, count, lambda one: one not in unusable)

    def make_courier(report: Report) -> Courier | None:
        if told.follow:
            return None
        keys, agencies = home / "keys" / "handoff", tuple(profile.agencies)
        ensure_authority(keys, agencies, clock)
        ensure_signers(keys, (SENDER, *agencies), clock)
        seen = home / "run" / "seen" / SENDER
        return Courier(home / "partners.toml", keys, report, clock, sender=SENDER, port=told.partner_port,
                       home=home, seen=seen)  # fmt: skip

    recorder = None
    if not told.no_recording:
        recorder = Recorder(
            home / "recordings", clock, RECORDING_MAX_BYTES, RECORDING_MAX_AGE_S,
            about={"city": profile.city, "profile_digest": profile.digest},
        )
    triage = Triage(profile, nearest, phrase_of(load_catalogue()), city_placing(profile))
    return Hub(
        home, profile, clock, triage, recorder, make_courier, told.follow, procedures, told.actual
    )
