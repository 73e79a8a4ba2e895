"""A citizen's report, from a phone to the desk and back: real processes, real HTTP, a hub that comes back."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

from console.gateways.open311.apikeys import ApiKeyBook
from console.model.citizenreport import ReportContact
from console.model.commands import Accepted, AnswerReport, OpenReportIncident
from console.model.query import AskReportContact
from tests.guards.waiting import until
from tests.journeys.conftest import Players

FIELDS = {
    "service_code": "flooding", "lat": "37.2776", "long": "127.0166", "description": "물이 무릎까지 찼어요",
    "phone": "010-1234-5678",
}  # fmt: skip
SITE = """
[limits]
wait_for_hub_s = 1.0
reports_per_address_at_once = 6.0
reports_per_address_per_minute = 0.01
body_bytes = 9000
"""


class Citizen:
    """Somebody with an app that has a key."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self._key = url, key

    def ask(
        self, path: str, fields: dict[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, Any]:
        data = body
        if fields is not None:
            data = urlencode({"api_key": self._key} | fields).encode()
        request = urllib.request.Request(f"{self.url}/{path}", data)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


def start(players: Players, *words: str) -> tuple[subprocess.Popen[bytes], str]:
    site = players.home / "site.toml"
    site.write_text(SITE)
    at = players.home / "run" / "open311.json"
    process = players.start(
        "gateway", "open311", "--home", str(players.home), "--port", "0", "--config", str(site), *words
    )
    until(at.exists, players.said, 30)
    return process, json.loads(at.read_bytes())["url"]


def test_a_citizen_reports_is_answered_and_nothing_is_lost_while_the_hub_is_away(
    players: Players,
):
    key = ApiKeyBook(players.home).make("Journey app", 1)
    hub = players.hub("--no-recording")
    server, url = start(players)
    watcher = players.watcher()
    citizen = Citizen(url, key)
    until(lambda: citizen.ask("requests.json")[0] == 200, players.said, 20)

    status, (answer,) = citizen.ask("requests.json", FIELDS)
    assert status == 201, answer
    number = answer["service_request_id"]
    watcher.until(lambda: number in watcher.board.state.reports, "the report")
    assert "112" in answer["service_notice"]

    assert citizen.ask("requests.json", FIELDS | {"lat": "0"})[1][0]["description"].startswith("lat, long")
    assert citizen.ask("requests.json", body=b"x" * 9001)[0] == 413
    assert citizen.ask("requests.json", FIELDS | {"api_key": "nobody.knowsthiskeyatall"})[0] == 403

    status, (again,) = citizen.ask("requests.json", FIELDS)
    repeated = again["service_request_id"]
    watcher.until(lambda: repeated in watcher.board.state.reports, "the repetition")
    assert watcher.board.state.reports[repeated].duplicate_of == number

    for command in (
        OpenReportIncident(report_id=number, type="underpass_flood"),
        AnswerReport(report_id=number, stage="in_progress", text="출동했습니다. 02-555-5678"),
    ):
        assert isinstance(watcher.do(command), Accepted)
    until(lambda: citizen.ask(f"requests/{number}.json")[1][0]["status_notes"], players.said)
    (seen,) = citizen.ask(f"requests/{number}.json")[1]
    assert (seen["status"], seen["status_notes"]) == ("open", "출동했습니다. ●●●")
    assert "1234-5678" not in json.dumps(seen)

    asked = watcher.link.ask(AskReportContact(report_id=number, purpose="which side of the road"))
    watcher.until(lambda: asked in watcher.board.pages, "the contact data")
    page = watcher.board.pages[asked].page
    assert isinstance(page, ReportContact) and page.phone == "010-1234-5678"

    hub.kill()
    hub.wait()
    status, (waiting,) = citizen.ask("requests.json", FIELDS | {"service_code": "litter"})
    assert status == 202 and "service_request_id" not in waiting
    token = waiting["token"]
    assert citizen.ask(f"tokens/{token}.json")[1] == [{"service_request_id": None, "token": token}]
    assert citizen.ask("tokens/00000000.json")[0] == 404

    server.kill()
    server.wait()
    (players.home / "run" / "open311.json").unlink()
    players.hub("--no-recording")
    server, url = start(players)
    citizen = Citizen(url, key)
    until(lambda: citizen.ask(f"tokens/{token}.json")[1][0].get("service_request_id"), players.said, 20)
    (found,) = citizen.ask(f"tokens/{token}.json")[1]
    assert citizen.ask(f"requests/{found['service_request_id']}.json")[1][0]["service_code"] == "litter"
    assert not list((players.home / "citizens" / "waiting").iterdir())

    answers = [citizen.ask("requests.json", FIELDS | {"phone": f"010-0000-000{n}"}) for n in range(7)]
    assert [one[0] for one in answers] == [201] * 6 + [429]
    assert players.end(server) == 0

    ledger = b"".join(one.read_bytes() for one in (players.home / "ledger").iterdir() if one.is_file())
    assert b"1234-5678" not in ledger, "contact data is not on the log"
