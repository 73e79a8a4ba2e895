"""The linked services of a city: seeds/services/CITY.toml, read and checked.

Who of the partners may ask for which pictures, on what legal basis, how far and how long, and who must
approve it. Figures and laws are in the file with their source, so that a lawyer can correct them.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Annotated, Literal

import msgspec

from console.model.base import Record, Words
from console.model.share import MOST_CAMERAS, MOST_VIEWS, MasksWay, ShareMark
from console.profile.problems import Problems
from console.profile.tables import Identifier, Metres, Table, Text

Minutes = Annotated[float, msgspec.Meta(ge=0.0, le=43_200.0)]
"""30 days at most, as a share can last."""
Approval = Literal["", "operator", "supervisor"]
"""Who must approve: nobody, a second person, or one with the right of a supervisor."""
AgencyId = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9][A-Z0-9-]{1,31}$")]


class LegalBasis(Table, frozen=True, kw_only=True):
    """A law that allows pictures to be given. `name` is what the ledger says."""

    id: Identifier
    name: Words
    source: Text


class ServicePurpose(Table, frozen=True, kw_only=True):
    """What pictures of a service may be used for. `name` is what the ledger says."""

    id: Identifier
    name: Words


class LinkedService(Table, frozen=True, kw_only=True):
    """One service. `along`: cameras beside the way to the scene too. `recorded_minutes`: how far back
    recorded pictures may be asked for, 0 for none; `approval_recorded` is who must approve those.
    """

    id: Identifier
    name: Words
    agencies: tuple[AgencyId, ...]
    purposes: tuple[ServicePurpose, ...]
    bases: tuple[Identifier, ...]
    radius_m: Metres
    most_radius_m: Metres
    minutes: Minutes
    most_minutes: Minutes
    cameras: Annotated[int, msgspec.Meta(ge=1, le=MOST_CAMERAS)]
    source: Text
    along: bool = False
    beside_m: Metres = 0.0
    traffic: bool = False
    live: bool = True
    recorded_minutes: Minutes = 0.0
    mark: ShareMark = "page"
    masks: MasksWay = "hide"
    may_lift_masks: bool = False
    approval: Approval = ""
    approval_recorded: Approval = ""
    approval_why: Words | None = None
    needs_incident: bool = False
    outbound: bool = True
    most_views: Annotated[int, msgspec.Meta(ge=1, le=MOST_VIEWS)] = 8
    point: Literal["caller", "scene", "telecom"] = "scene"


class ServicePartner(Table, frozen=True, kw_only=True):
    """From where a partner may look: its networks, or only with the certificate it asked with. Without
    either, a share belongs to the address that opens it first.
    """

    agency: AgencyId
    networks: tuple[str, ...] = ()
    certificate: bool = False


class HandoffPictures(Table, frozen=True, kw_only=True):
    """What the stills and the clip of a hand-off may be used for by these partners, on what legal basis.
    `keep_days`: how long a copy may be kept. A partner without it is given none.
    """

    agencies: tuple[AgencyId, ...]
    purpose: Words
    basis: Identifier
    keep_days: Annotated[float, msgspec.Meta(gt=0.0, le=3650.0)]
    source: Text


class Refusal(Table, frozen=True, kw_only=True):
    """Ready words of a refusal, by its reason."""

    code: Literal["no_basis", "too_wide", "not_needed", "other"]
    text: Words


class ServicesFile(Table, frozen=True, kw_only=True):
    """The file as it is written."""

    bases: tuple[LegalBasis, ...]
    services: tuple[LinkedService, ...]
    partners: tuple[ServicePartner, ...] = ()
    handoffs: tuple[HandoffPictures, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class ServiceBook(Record, frozen=True, kw_only=True):
    """The linked services of a city. Immutable; any thread."""

    services: dict[str, LinkedService]
    """By id, in the order of the file."""
    bases: dict[str, LegalBasis]
    partners: dict[str, ServicePartner]
    refusals: tuple[Refusal, ...]
    handoffs: dict[str, HandoffPictures] = msgspec.field(default_factory=dict)
    """By agency: on what basis it has the pictures of its hand-offs."""

    def offered_to(self, agency: str) -> tuple[LinkedService, ...]:
        """The services by which pictures may be offered to an agency, in the order of the file."""
        return tuple(one for one in self.services.values() if one.outbound and agency in one.agencies)


def services_of(file: ServicesFile) -> ServiceBook:
    """The checked file as a book."""
    return ServiceBook(
        services={one.id: one for one in file.services}, bases={one.id: one for one in file.bases},
        partners={one.agency: one for one in file.partners}, refusals=file.refusals,
        handoffs={agency: one for one in file.handoffs for agency in one.agencies},
    )  # fmt: skip


def check_services(told: ServicesFile, shown: str, agencies: Iterable[str], problems: Problems) -> None:
    """What the file promises itself and the city: agencies and legal bases that exist, nothing twice,
    limits that hold what they limit, and a reason wherever somebody must approve.
    """
    agencies = frozenset(agencies)
    bases = [one.id for one in told.bases]
    _once(bases, shown, "bases", "id", problems)
    _once([one.id for one in told.services], shown, "services", "id", problems)
    _once([one.agency for one in told.partners], shown, "partners", "agency", problems)
    if not told.services:
        problems.say(shown, "services", "", "at least one", "none")
    for number, service in enumerate(told.services):
        table = f"services[{number}] ({service.id})"
        for key, rows in (
            ("agencies", service.agencies), ("purposes", service.purposes), ("bases", service.bases),
        ):  # fmt: skip
            if not rows:
                problems.say(shown, table, key, "at least one", "none")
        for agency in service.agencies:
            if agency not in agencies:
                problems.add(shown, table, "agencies", "an agency of the city", agency)
        for basis in service.bases:
            if basis not in bases:
                problems.add(shown, table, "bases", f"one of {', '.join(bases)}", basis)
        _once([one.id for one in service.purposes], shown, table, "purposes.id", problems)
        _check_limits(service, shown, table, problems)
    for number, partner in enumerate(told.partners):
        table = f"partners[{number}]"
        if partner.agency not in agencies:
            problems.add(shown, table, "agency", "an agency of the city", partner.agency)
        for network in partner.networks:
            try:
                ip_network(network)
            except ValueError:
                problems.add(shown, table, "networks", "a network as 10.1.0.0/16", network)
    _check_handoffs(told, shown, agencies, problems)


def _check_handoffs(
    told: ServicesFile, shown: str, agencies: frozenset[str], problems: Problems
) -> None:
    """Each partner once, on a basis of the file."""
    bases = [one.id for one in told.bases]
    named = [agency for one in told.handoffs for agency in one.agencies]
    _once(named, shown, "handoffs", "agencies", problems)
    for number, one in enumerate(told.handoffs):
        table = f"handoffs[{number}]"
        if not one.agencies:
            problems.say(shown, table, "agencies", "at least one", "none")
        for agency in one.agencies:
            if agency not in agencies:
                problems.add(shown, table, "agencies", "an agency of the city", agency)
        if one.basis not in bases:
            problems.add(shown, table, "basis", f"one of {', '.join(bases)}", one.basis)


def _check_limits(service: LinkedService, shown: str, table: str, problems: Problems) -> None:
    for key, most in (("radius_m", service.most_radius_m), ("minutes", service.most_minutes)):
        value = getattr(service, key)
        if not 0 < value <= most:
            problems.add(shown, table, key, f"above 0 and at most most_{key} ({most:g})", value)
    if service.along != bool(service.beside_m):
        wanted = "above 0, as along = true" if service.along else "0, as along = false"
        problems.add(shown, table, "beside_m", wanted, service.beside_m)
    if not service.live and not service.recorded_minutes:
        problems.say(shown, table, "live, recorded_minutes", "one of them, or both", "neither")
    if (service.approval or service.approval_recorded) and service.approval_why is None:
        problems.say(shown, table, "approval_why", "why somebody must approve, with the law", "nothing")
    if service.approval_recorded and not service.recorded_minutes:
        wanted = "nothing, as recorded_minutes = 0"
        problems.add(shown, table, "approval_recorded", wanted, service.approval_recorded)


def _once(ids: Iterable[str], shown: str, table: str, key: str, problems: Problems) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            problems.add(shown, table, key, "each only once", one)
        seen.add(one)
