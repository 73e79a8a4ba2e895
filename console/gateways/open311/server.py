"""Open311 GeoReport v2 over HTTP: services, definitions, requests in and out, tokens, the discovery.

A citizen is answered with a number only when the hub has the report on disk. Where the hub does not confirm
in time, the report is on this disk and the answer is a token; the hub gets it when it is back.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from console.citizens.contacts import ContactBook
from console.clock import SECOND_NS, Clock
from console.gateways.health import GatewayHealth
from console.gateways.open311 import bodies
from console.gateways.open311.apikeys import ApiKeyBook, ApiKeyError
from console.gateways.open311.config import ServerConfig
from console.gateways.open311.form import (
    Desk,
    Filed,
    Form,
    check_jurisdiction,
    one,
    read_fields,
    read_form,
    read_report,
)
from console.gateways.open311.mistakes import GeoError
from console.gateways.open311.pace import Pace
from console.gateways.open311.reportlist import ReportList, read_wanted
from console.gateways.open311.waiting import WaitingReports
from console.gateways.open311.whereabouts import Whereabouts
from console.language import Catalogue
from console.model.citizenreport import CitizenReport, ReportTold
from console.profile import Profile

BASE = "/open311/v2"
HASHING_AT_ONCE = 2
"""Wrong keys cost 16 MiB and 50 ms each; more of them wait."""
REMEMBERED_TOKENS = 10_000
HOUR_NS = 3600 * SECOND_NS

_log = logging.getLogger("bongsu.gateway.open311")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ReportServer:
    """The application. Everything but the disk happens on the loop that `application` is served on."""

    def __init__(
        self, home: Path, profile: Profile, config: ServerConfig, secret: bytes, catalogue: Catalogue,
        health: GatewayHealth, send: Callable[[ReportTold], None], clock: Clock,
    ) -> None:  # fmt: skip
        assert profile.reports is not None
        self._book, self._profile, self._config = profile.reports, profile, config
        self._catalogue, self._health, self._send, self._clock = catalogue, health, send, clock
        limits = config.limits
        self._desk = Desk(
            book=self._book, where=Whereabouts(profile), city_name=profile.name.en,
            description_characters=limits.description_characters, field_characters=limits.field_characters,
            secret=secret,
        )  # fmt: skip
        self._zone = ZoneInfo(profile.time_zone)
        self._started_ns = clock.now_ns()
        self.keys = ApiKeyBook(home)
        self.contacts = ContactBook(home)
        self.waiting = WaitingReports(home, limits.waiting_reports)
        self.reports = ReportList()
        self.base_url = ""
        names = limits.addresses_remembered
        self._by_key = Pace(limits.reports_per_key_per_minute, limits.reports_per_key_at_once, names, clock)
        self._by_address = Pace(
            limits.reports_per_address_per_minute, limits.reports_per_address_at_once, names, clock
        )
        self._reads = Pace(
            limits.reads_per_address_per_minute, limits.reads_per_address_at_once, names, clock
        )
        self._wrong = Pace(
            limits.wrong_keys_per_address_per_minute, limits.wrong_keys_per_address_at_once, names, clock
        )
        self._hashing = asyncio.Semaphore(HASHING_AT_ONCE)
        self._numbers: dict[str, asyncio.Future[CitizenReport]] = {}
        self._came_ns: deque[int] = deque()
        self._ready = False
        self._on_the_way: OrderedDict[str, None] = OrderedDict()

    def application(self) -> web.Application:
        """The routes, each in both formats."""
        made = web.Application(middlewares=[self._answer], client_max_size=self._config.limits.body_bytes)
        formats = "{format:json|xml}"
        for path, handler in (
            ("services", self._services), ("services/{code}", self._definition),
            ("requests", self._requests), ("requests/{id}", self._request), ("tokens/{token}", self._token),
            ("discovery", self._discovery),
        ):  # fmt: skip
            made.router.add_get(f"{BASE}/{path}.{formats}", handler)
        made.router.add_post(f"{BASE}/requests.{formats}", self._post)
        return made

    # from the hub, on the loop

    def replace(self, reports: tuple[CitizenReport, ...]) -> None:
        """The hub's reports, all of them."""
        self._ready = True
        self.reports.replace(reports)
        for report in reports:
            self._number(report)

    def put(self, report: CitizenReport) -> None:
        """A report that came or changed."""
        self.reports.put(report)
        self._number(report)

    def hub_has(self, token: str) -> None:
        """The hub took it; its number comes with the decisions, perhaps a moment later."""
        if self.reports.by_token(token) is None:
            self._on_the_way[token] = None
            if len(self._on_the_way) > REMEMBERED_TOKENS:
                self._on_the_way.popitem(last=False)

    def _number(self, report: CitizenReport) -> None:
        self._on_the_way.pop(report.told.token, None)
        waiter = self._numbers.pop(report.told.token, None)
        if waiter is not None and not waiter.done():
            waiter.set_result(report)

    def figures(self) -> tuple[float, float, float]:
        """(reports in the last hour, reports nobody answered yet, hours the oldest of them waits)."""
        now = self._clock.now_ns()
        while self._came_ns and self._came_ns[0] < now - HOUR_NS:
            self._came_ns.popleft()
        unanswered = [one.received_at_ns for one in self.reports.all() if one.waits]
        oldest = (now - min(unanswered)) / HOUR_NS if unanswered else 0.0
        return float(len(self._came_ns)), float(len(unanswered)), max(0.0, oldest)

    # answers

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every mistake becomes an error body of the standard, counted."""
        try:
            if request.method != "POST":
                self._may(self._reads, _address(request))
            found = await handler(request)
        except GeoError as error:
            found = self._error(request, error)
        except web.HTTPRequestEntityTooLarge:
            limit = f"{self._config.limits.body_bytes} bytes"
            found = self._error(request, GeoError(413, "too_large", limit=limit))
        except TimeoutError:
            seconds = f"{self._config.limits.request_within_s:g}"
            found = self._error(request, GeoError(408, "too_slow", seconds=seconds))
        except web.HTTPException as error:
            found = self._error(request, GeoError(error.status, "unknown_page"))
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception:
            _log.exception("A request failed by an error of the console.")
            found = self._error(request, GeoError(500, "broken"))
        found.headers["Access-Control-Allow-Origin"] = "*"
        found.headers["X-Content-Type-Options"] = "nosniff"
        found.headers["Cache-Control"] = "no-store"
        found.headers["Server"] = "bongsu"
        return found

    def _error(self, request: web.Request, error: GeoError) -> web.Response:
        words = error.words(self._catalogue)
        if error.key not in ("unknown_page", "unknown_request", "unknown_token"):
            self._health.refuse(error.cause, words.en)
        row = {"code": error.code, "description": words.in_language(_language(request, self._profile))}
        form = request.match_info.get("format") or request.path.rpartition(".")[2]
        made = self._rows(form, "errors", "error", [row], error.code)
        if error.wait_s:
            made.headers["Retry-After"] = f"{error.wait_s:.0f}"
        return made

    def _rows(
        self, form: str, root: str, item: str, rows: list[bodies.Row], status: int = 200
    ) -> web.Response:
        data = bodies.as_xml(root, item, rows) if form == "xml" else bodies.as_json(rows)
        return _response(data, form, status)

    async def _services(self, request: web.Request) -> web.Response:
        check_jurisdiction(_query(request), self._book)
        rows = bodies.services(self._book, _language(request, self._profile))
        return self._rows(request.match_info["format"], "services", "service", rows)

    async def _definition(self, request: web.Request) -> web.Response:
        check_jurisdiction(_query(request), self._book)
        service = self._book.services.get(request.match_info["code"])
        if service is None:
            raise GeoError(404, "unknown_service", "service_code")
        row = bodies.definition(service, _language(request, self._profile))
        form = request.match_info["format"]
        return _response(bodies.definition_xml(row) if form == "xml" else bodies.as_json(row), form)

    async def _discovery(self, request: web.Request) -> web.Response:
        language = _language(request, self._profile)
        row = bodies.discovery(
            self._book, self.base_url, self._config.secure, self._started_ns, language
        )
        form = request.match_info["format"]
        return _response(bodies.discovery_xml(row) if form == "xml" else bodies.as_json(row), form)

    async def _requests(self, request: web.Request) -> web.Response:
        form = _query(request)
        check_jurisdiction(form, self._book)
        self._check_ready()
        wanted = read_wanted(form, self._book, self._config.answers, self._clock.now_ns())
        return self._reports(request, self.reports.find(wanted))

    async def _request(self, request: web.Request) -> web.Response:
        check_jurisdiction(_query(request), self._book)
        found = [self.reports.by_id(part) for part in request.match_info["id"].split(",")[:100]]
        known = [report for report in found if report is not None]
        if not known:
            self._check_ready()
            raise GeoError(404, "unknown_request", "service_request_id")
        return self._reports(request, known)

    def _reports(self, request: web.Request, found: list[CitizenReport]) -> web.Response:
        language = _language(request, self._profile)
        rows = [
            bodies.request_row(report, self._book, self._profile.owners, self._zone, language)
            for report in found
        ]
        return self._rows(request.match_info["format"], "service_requests", "request", rows)

    async def _token(self, request: web.Request) -> web.Response:
        check_jurisdiction(_query(request), self._book)
        token = request.match_info["token"]
        report = self.reports.by_token(token)
        if report is None and token not in self.waiting.tokens and token not in self._on_the_way:
            self._check_ready()
            raise GeoError(404, "unknown_token", "token_id")
        row = {"service_request_id": report.id if report is not None else None, "token": token}
        return self._rows(request.match_info["format"], "service_requests", "request", [row])

    async def _post(self, request: web.Request) -> web.Response:
        address = _address(request)
        async with asyncio.timeout(self._config.limits.request_within_s):
            body = await request.read()
        form = read_form(body, request.headers.get("Content-Type", ""))
        key_id = await self._key_of(form, address)
        self._may(self._by_key, key_id)
        self._may(self._by_address, address)
        language = _language(request, self._profile)
        filed = read_report(form, self._desk, uuid.uuid4().hex, self._clock.now_ns(), language)
        report = await self._take(filed)
        self._came_ns.append(filed.told.told_at_ns)
        notice = bodies.notice_of(filed.service, self._book, language)
        row: bodies.Row = (
            {"service_request_id": report.id} if report is not None else {"token": filed.told.token}
        )
        row |= {"service_notice": notice, "account_id": one(form, "account_id") or None}
        return self._rows(
            request.match_info["format"], "service_requests", "request", [row],
            201 if report is not None else 202,
        )  # fmt: skip

    async def _key_of(self, form: Form, address: str) -> str:
        text = one(form, "api_key")
        if not text:
            raise GeoError(403, "no_key", "api_key", contact=self._book.jurisdiction.contact.en)
        try:
            key = self.keys.known(text)
            if key is None:
                wait_s = self._wrong.wait_s(address)
                if wait_s:
                    raise _too_many(wait_s)
                async with self._hashing:
                    key = await asyncio.to_thread(self.keys.check, text)
        except ApiKeyError as problem:
            _log.error("No report can be taken: %s", problem)
            raise GeoError(503, "away", wait_s=60, seconds=60) from None
        if key is None:
            self._wrong.take(address)
            raise GeoError(403, "wrong_key", "api_key")
        return key.id

    async def _take(self, filed: Filed) -> CitizenReport | None:
        """On this disk first, then to the hub; its number where it comes in time."""
        if self.waiting.full:
            raise GeoError(503, "away", wait_s=60, seconds=60)
        token = filed.told.token
        try:
            await asyncio.to_thread(self._keep, filed)
        except OSError as problem:
            _log.error("A report could not be kept: %s", problem.strerror or type(problem).__name__)
            raise GeoError(503, "away", wait_s=60, seconds=60) from None
        number: asyncio.Future[CitizenReport] = asyncio.get_running_loop().create_future()
        self._numbers[token] = number
        self._send(filed.told)
        try:
            async with asyncio.timeout(self._config.limits.wait_for_hub_s):
                return await number
        except TimeoutError:
            return None
        finally:
            self._numbers.pop(token, None)

    def _keep(self, filed: Filed) -> None:
        if filed.contact is not None:
            self.contacts.keep(filed.told.token, filed.contact)
        try:
            self.waiting.keep(filed.told)
        except OSError:
            self.contacts.forget(filed.told.token)  # who was told that nothing was kept is not kept
            raise

    def _check_ready(self) -> None:
        """Before the hub was heard once, nobody can say what is known."""
        if not self._ready:
            raise GeoError(503, "not_ready", wait_s=10, seconds=10)

    def _may(self, pace: Pace, name: str) -> None:
        wait_s = pace.take(name)
        if wait_s:
            raise _too_many(wait_s)


def _too_many(wait_s: float) -> GeoError:
    seconds = max(1, round(wait_s + 0.5))
    return GeoError(429, "too_many", wait_s=seconds, seconds=seconds)


def _address(request: web.Request) -> str:
    return request.remote or ""


def _query(request: web.Request) -> Form:
    return read_fields(request.rel_url.raw_query_string.encode("utf-8", "surrogateescape"))


def _language(request: web.Request, profile: Profile) -> str:
    """`lang` of the query, else the first of Accept-Language we speak, else the city's own."""
    told = [request.rel_url.query.get("lang", "")]
    told += [one.partition(";")[0] for one in request.headers.get("Accept-Language", "").split(",")]
    for text in told:
        short = text.strip()[:2].lower()
        if short in ("en", "ko"):
            return short
    return profile.languages[0]


def _response(data: bytes, form: str, status: int = 200) -> web.Response:
    kind = bodies.CONTENT_TYPES.get(form, bodies.CONTENT_TYPES["json"])
    return web.Response(body=data, status=status, content_type=kind, charset="utf-8")
