"""Real control rooms in a process of their own that can be made to fail in another way while they run.

Reads "AGENCY ANSWERS-FILE" from stdin, a line each: that agency's room of before is closed, and one with
these answers takes its store, its folder and its port. Everything else is `bongsu agency --headless`.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from pathlib import Path

import msgspec

from console.agency.office import Office
from console.agency.script import load_script
from console.agency.view import Plan
from console.clock import SystemClock
from console.logs import log_to


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def main(home: Path) -> None:
    log_to(home, "agency-rooms")
    plans: dict[str, Plan] = {}
    running: dict[str, tuple[Office, threading.Thread]] = {}

    def end(agency: str) -> None:
        if agency in running:
            office, thread = running.pop(agency)
            office.stop()
            thread.join()

    for line in sys.stdin:
        agency, path = line.split()
        end(agency)
        ready_file = home / f"{agency}.json"
        ready_file.unlink(missing_ok=True)
        plan = plans.get(agency) or Plan(
            number="112", agency=agency, sender=agency, folder=home / "agency" / agency,
            keys=home / "keys" / "handoff", script=load_script("auto"), ready_file=ready_file,
            register=home / "partners.toml", run_file=home / "run" / "hub.json", port=free_port(),
        )  # fmt: skip
        plans[agency] = plan
        office = Office(msgspec.structs.replace(plan, script=load_script(path)), SystemClock())
        thread = threading.Thread(target=lambda office=office: asyncio.run(office.run()))
        thread.start()
        running[agency] = (office, thread)
    for agency in list(running):
        end(agency)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
