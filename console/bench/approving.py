"""From an approval at a desk to the first picture in the partner's player; part of bench share."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from typing import Any

from console.bench.askpictures import AskingPartner
from console.bench.room import Room, percentile
from console.clock import WALL_CLOCK
from console.desk.board import Board
from console.desk.link import HubLink
from console.handoff.partners import write_partners
from console.model.commands import ApproveRequest, Refused
from console.model.picturerequest import PictureWish
from console.profile import Profile, load_profile
from console.wire.keys import ensure_peer_key
from console.wire.rendezvous import read_doors

CITY, PARTNER, DESK = "suwon", "KR-112", "super-1"
CAMERA = "CAM-PARK-0001"
"""Recorded, and the one camera near the place that is asked for."""
ANSWER_WITHIN_S = 20.0
APPROVED = {"page": "disaster", "burnt": "vulnerable"}
"""Services that wait for a person, by the mark their pictures bear."""


def approvals(place: Room, count: int) -> dict[str, Any]:
    """Starts a hub on the room's folder, where a share server and a recorder run already."""
    player = shutil.which("ffmpeg")
    if player is None:
        return {"approved": "ffmpeg is not on this machine"}
    profile = load_profile(CITY)
    write_partners(place.home / "partners.toml", {PARTNER: "https://127.0.0.1:9/handoff"})
    place.hub("--no-recording")
    doors = read_doors(place.home)
    assert doors is not None
    partner = AskingPartner(place.home, PARTNER, doors.partner_door)
    board = Board(profile, WALL_CLOCK, DESK, "Bench")
    link = HubLink(place.home, ensure_peer_key(place.home, DESK, "desk"), "Bench", board.inbox, WALL_CLOCK,
                   on_asked=board.asked)  # fmt: skip
    link.start()
    try:
        _until(board, lambda: board.link == "live")
        ruled = [_ruled(partner, profile, player, number) for number in range(count)]
        approved = {
            mark: [_approved(partner, profile, board, link, player, service) for _ in range(count)]
            for mark, service in APPROVED.items()
        }
    finally:
        link.close()
    figures = {"rule_p50_s": round(percentile(ruled, 0.5), 3), "rule_max_s": round(max(ruled), 3)}
    for mark, took in approved.items():
        figures[f"approved_{mark}_p50_s"] = round(percentile(took, 0.5), 3)
        figures[f"approved_{mark}_max_s"] = round(max(took), 3)
    return figures


def _wish(profile: Profile, service: str, purpose: str, basis: str, name: str) -> PictureWish:
    return PictureWish(
        message_id=f"BENCH-{name}-{WALL_CLOCK.now_ns()}", service=service, purpose=purpose, legal_basis=basis,
        position=profile.devices[CAMERA].place.position, radius_m=200.0, person="Bench",
    )


def _ruled(partner: AskingPartner, profile: Profile, player: str, number: int) -> float:
    """Granted by rule: from the request to the first picture, seconds."""
    wish = _wish(profile, "emergency_video", "violent_crime", "act112", f"R{number}")
    began = time.monotonic()
    answer = partner.ask(wish)
    _play(player, answer.cameras[0].live)
    return time.monotonic() - began


def _approved(
    partner: AskingPartner, profile: Profile, board: Board, link: HubLink, player: str, service: str
) -> float:
    """Approved by a person: from the approval to the first picture, seconds."""
    told = profile.services[service]
    wish = _wish(profile, service, told.purposes[0].id, told.bases[0], service)
    partner.ask(wish)
    links: list[str] = []
    asking = threading.Thread(target=lambda: links.append(partner.ask(wish, wait_s=15).cameras[0].live))
    asking.start()
    _until(board, lambda: any(one.waits for one in board.state.requests.values()))
    request = next(one for one in board.state.requests.values() if one.waits)
    time.sleep(0.5)  # the partner's question is at the door by now
    began = time.monotonic()
    asked = link.request(ApproveRequest(request_id=request.id))
    asking.join(ANSWER_WITHIN_S)
    _play(player, links[0])
    took = time.monotonic() - began
    _until(board, lambda: any(one.id == asked for _, one in board.answers))
    refused = [one for _, one in board.answers if one.id == asked and isinstance(one, Refused)]
    if refused:
        raise RuntimeError(f"the approval was refused: {refused[0].reason.en}")
    return took


def _play(player: str, link: str) -> None:
    words = [player, "-v", "error", "-i", link, "-frames:v", "1", "-f", "null", "-"]
    done = subprocess.run(words, capture_output=True, timeout=30)
    if done.returncode:
        raise RuntimeError(f"the player showed nothing: {done.stderr.decode(errors='replace')[-300:]}")


def _until(board: Board, true: Any) -> None:
    until = time.monotonic() + ANSWER_WITHIN_S
    while not true():
        board.drain(50.0)
        if time.monotonic() > until:
            raise RuntimeError("the hub did not answer in time")
        time.sleep(0.005)


