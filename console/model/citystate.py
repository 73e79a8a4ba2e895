"""The folded state's records: what all entries so far amount to. Changed only by the folds."""

from __future__ import annotations

import msgspec

from console.model.alarm import Alarm, AlarmGroup
from console.model.areaact import AreaAct
from console.model.base import Record, Words
from console.model.casework import Case
from console.model.citizenreport import CitizenReport
from console.model.control import ControlOrder, ControlStanding, ControlWay
from console.model.device import Condition
from console.model.fieldstate import FieldState
from console.model.footage import FootageLock, MaskZone
from console.model.gateway import GatewayStanding
from console.model.handoff import Handoff
from console.model.incident import Incident
from console.model.ladder import PartnerThread
from console.model.layout import WallLayout
from console.model.message import DisasterMessage, OutletStanding
from console.model.picturerequest import PictureRequest, Share
from console.model.procedurerun import ProcedureRun
from console.model.recording import RecorderStanding
from console.model.share import ViewBegan
from console.model.sketch import Sketch
from console.model.upkeep import OutOfService, Ticket
from console.model.warning import StandingWarning


class DeviceState(Record, frozen=True, kw_only=True):
    """A device that is not simply up, since when and why."""

    condition: Condition
    since_ns: int
    why: Words


class DeskPresence(Record, frozen=True, kw_only=True):
    person: str
    since_ns: int
    viewing: tuple[str, ...] = ()


class PartnerLink(Record, frozen=True, kw_only=True):
    up: bool
    since_ns: int
    why: Words
    refused_messages: int = 0


class CityState(msgspec.Struct, kw_only=True):
    """Mutable only through `apply`. Closed incidents older than `KEEP_CLOSED` others are forgotten."""

    run: str = ""
    seq: int = 0
    city: str = ""
    profile_digest: str = ""
    incident_count: int = 0
    incidents: dict[str, Incident] = {}
    cases: dict[str, Case] = {}
    """How far the work on each incident is, by its id; forgotten with it."""
    alarms: dict[str, Alarm] = {}
    """Those in states B to I; what is simply normal is not kept."""
    alarm_groups: dict[str, AlarmGroup] = {}
    """By `Alarm.group`, while one of it is shown."""
    floods: dict[str, int] = {}
    """Desks with more alarms than a person can take in, and since when (ns)."""
    devices: dict[str, DeviceState] = {}
    handoffs: dict[str, Handoff] = {}
    """What `threads` say, as the parts of before read it; drafts are not among them."""
    threads: dict[str, PartnerThread] = {}
    """Hand-offs by id, from the draft on; forgotten with their incident."""
    desks: dict[str, DeskPresence] = {}
    partners: dict[str, PartnerLink] = {}
    procedures: dict[str, ProcedureRun] = {}
    """How the procedure of each incident stands, by the incident; forgotten with it."""
    open_about: dict[str, tuple[str, ...]] = {}
    """Incidents that are not closed, by camera, device and occurrence of an alarm."""
    mode: str = ""
    layouts: dict[str, WallLayout] = {}
    masks: dict[str, tuple[MaskZone, ...]] = {}
    """By camera."""
    lifted_masks: dict[str, int] = {}
    """`lift_key(desk, camera)` to the time (ns) until which that desk sees the camera without its masks."""
    footage_locks: dict[str, FootageLock] = {}
    """Locks that persons set; an incident's own lock follows from the incident."""
    released_footage: dict[str, int] = {}
    """Incidents whose own lock a person took away, and when (ns); forgotten with the incident."""
    recorders: dict[str, RecorderStanding] = {}
    """Recorders of pictures by the name of their key."""
    field_states: dict[str, FieldState] = {}
    """What the field's rules say of devices and points ("DEVICE/quantity") that are not ordinary."""
    gateways: dict[str, GatewayStanding] = {}
    """Gateways to other systems by the name of their key."""
    exports: dict[str, str] = {}
    """Exports that were begun and not finished: id to desk."""
    sketches: dict[str, Sketch] = {}
    """What is drawn on everybody's map, by id."""
    ticket_count: int = 0
    tickets: dict[str, Ticket] = {}
    """Repairs, oldest first; finished ones are forgotten in time."""
    out_of_service: dict[str, OutOfService] = {}
    """By device."""
    warnings: dict[str, StandingWarning] = {}
    """Official warnings that concern the city, by sender and identifier; with the last that ended."""
    warnings_heard: dict[str, int] = {}
    """Messages that were heard or spoken of, and the newest time (ns) sent about them: no news twice."""
    warnings_aside: dict[str, int] = {}
    """How many messages changed nothing here, by the reason."""
    reports: dict[str, CitizenReport] = {}
    """Citizens' reports, oldest first; at most `KEEP_REPORTS`."""
    report_count: int = 0
    report_bytes: int = 0
    """Of the texts in `reports`."""
    control_orders: dict[str, ControlOrder] = {}
    """Orders to devices by id: all that still wait, and the newest `KEEP_ORDERS` in all."""
    controls: dict[str, ControlStanding] = {}
    """The last order of each control at each device, by `standing_key`."""
    requests: dict[str, PictureRequest] = {}
    """Pictures asked for or offered, oldest first: all that wait, and the newest that are over."""
    request_count: int = 0
    shares: dict[str, Share] = {}
    """Pictures let out, oldest first: all in force, and the newest that are over."""
    share_count: int = 0
    viewing: dict[str, ViewBegan] = {}
    """Views of shares that are open, by their uid."""
    views_refused: int = 0
    access_seq: int = 0
    """The newest line of the access record that is on this one."""
    control_ways: dict[str, ControlWay] = {}
    """The gateways of this run that carry orders, by the name of their key."""
    message_count: int = 0
    messages: dict[str, DisasterMessage] = {}
    """Disaster messages, oldest first: all drafts, all that are owed, and the newest in all."""
    outlets: dict[str, OutletStanding] = {}
    """Where disaster messages go, by name."""
    area_acts: dict[str, AreaAct] = {}
    """Orders to everything in an area, oldest first."""


KEEP_CLOSED = 2000
"""How many closed incidents stay in memory; the record has them all."""
KEEP_ENDED_WARNINGS = 50
KEEP_HEARD_WARNINGS = 2000


KEEP_ORDERS = 500
"""How many orders to devices stay in memory; the record has them all."""


def lift_key(desk: str, camera_id: str) -> str:
    """The key of `CityState.lifted_masks`."""
    return f"{desk}/{camera_id}"
