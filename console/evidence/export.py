"""One export from the accepted job to the package in its place. Runs in a process of its own."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from console import __version__
from console.clock import SECOND_NS, WALL_CLOCK
from console.evidence.job import Done, ExportFailed, ExportJob, JobCamera, Progress
from console.evidence.keys import EvidenceKeyError, ensure_signing_key, fingerprint, spaced
from console.evidence.manifest import (
    FORMAT,
    README,
    VERIFIER,
    CameraSaid,
    Gap,
    Manifest,
    Moment,
    Piece,
    written,
)
from console.evidence.package import Staging, add_key
from console.evidence.remux import ClipFile, ending_for, parts
from console.footage.layout import FOLDER, GAP_NS
from console.footage.record import StoredPacket
from console.footage.store import FootageStore, Span
from console.paths import shipped

TELL_EVERY_NS = SECOND_NS // 10

Tell = Callable[[Progress], None]


def export(job: ExportJob, tell: Tell) -> Done:
    """Make the package. Raises ExportFailed; nothing of it is left on disk then, nor after KeyboardInterrupt
    or SystemExit. Call it only for a job the hub has accepted.
    """
    staging: Staging | None = None
    try:
        key = ensure_signing_key(Path(job.home))
        store = FootageStore(Path(job.home) / FOLDER)
        spans = {one.camera_id: store.spans(one.camera_id, job.from_ns, job.to_ns) for one in job.cameras}
        if not any(_has_pictures(store, job, one.camera_id, spans) for one in job.cameras):
            raise ExportFailed(*_why_nothing(store))
        staging = Staging(Path(job.place), job.name, job.wrapping)
        run = _Run(job, store, staging, tell)
        cameras = [run.camera(one, number, spans[one.camera_id]) for number, one in enumerate(job.cameras)]
        if not run.pieces:
            raise ExportFailed(*_why_nothing(store, met=True))
        tell(Progress(done=0.9, step="signing"))
        mark = fingerprint(key.public_key())
        staging.put(README, _readme(job, mark).encode())
        staging.put(VERIFIER, (shipped("assets") / "evidence" / VERIFIER).read_bytes())
        add_key(staging, key)
        manifest = Manifest(
            format=FORMAT, export_id=job.export_id, made=moment(WALL_CLOCK.now_ns(), job.time_zone),
            console_version=__version__, city=job.city, desk=job.desk, operator=job.operator,
            reason=job.reason, legal_basis=job.legal_basis, recipient=job.recipient, form=job.form,
            copies=job.copies, asked_from=moment(job.from_ns, job.time_zone),
            asked_to=moment(job.to_ns, job.time_zone), time_zone=job.time_zone, ledger=job.ledger,
            key_fingerprint=mark, cameras=tuple(cameras), pieces=tuple(run.pieces), files=staging.listed(),
        )  # fmt: skip
        staging.sign(written(manifest), key)
        placed = staging.finish(lambda part: tell(Progress(done=0.92 + 0.08 * part, step="packing")))
    except BaseException as problem:
        if staging is not None:
            staging.abandon()
        if isinstance(problem, Exception):
            raise _failure(problem) from problem
        raise
    return Done(
        path=str(placed.path), manifest_sha256=placed.manifest_sha256, fingerprint=mark, files=placed.files,
        bytes=placed.bytes, clips=len(run.pieces),
        without_pictures=tuple(
            one.camera_id for one in job.cameras
            if not any(piece.camera_id == one.camera_id for piece in run.pieces)
        ),
        gaps=sum(len(one.gaps) for one in cameras),
        damaged=tuple(one.camera_id for one in cameras if one.problems),
    )  # fmt: skip


def _failure(problem: Exception) -> ExportFailed:
    """What happened, as a code of ours."""
    if isinstance(problem, ExportFailed):
        return problem
    if isinstance(problem, EvidenceKeyError):
        return ExportFailed(problem.code, str(problem))
    if isinstance(problem, OSError):
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            return ExportFailed("disk_full", problem.strerror or "")
        if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT):
            return ExportFailed("not_writable", f"{problem.filename or ''} {problem.strerror or ''}".strip())
        if problem.errno in (errno.EEXIST, errno.ENOTEMPTY):
            return ExportFailed("exists", problem.strerror or "")
    return ExportFailed("other", f"{type(problem).__name__}: {problem}")


def _has_pictures(
    store: FootageStore, job: ExportJob, camera_id: str, spans: dict[str, tuple[Span, ...]]
) -> bool:
    if spans[camera_id]:
        return True
    # A single moment lies between two pictures: the one before it counts while it is not too old.
    near = store.spans(camera_id, job.from_ns - GAP_NS, job.to_ns)
    return bool(near)


def _why_nothing(store: FootageStore, met: bool = False) -> tuple[str, str]:
    problems = store.problems()
    if problems:
        return "unreadable", "; ".join(f"{one.camera_id}/{one.file}: {one.what}" for one in problems[:3])
    return ("removed" if met else "no_footage"), ""


class _Run:
    """What one export has written so far."""

    def __init__(self, job: ExportJob, store: FootageStore, staging: Staging, tell: Tell) -> None:
        self._job, self._store, self._staging, self._tell = job, store, staging, tell
        self._told_ns = 0
        self._share = 0.9 / max(1, len(job.cameras) * len(job.copies))
        self._steps = 0
        self.pieces: list[Piece] = []

    def camera(self, one: JobCamera, number: int, spans: tuple[Span, ...]) -> CameraSaid:
        first_piece = len(self.pieces)
        for copy in ("original", "masked"):
            if copy in self._job.copies:
                self._copy(one, copy)
                self._steps += 1
        problems = tuple(
            f"{each.file}: {each.what}" for each in self._store.problems() if each.camera_id == one.camera_id
        )
        pieces = self.pieces[first_piece:]
        return CameraSaid(
            camera_id=one.camera_id, name=one.name, place=one.place, purpose=one.purpose, lat=one.lat,
            lon=one.lon, privacy_zones=one.zones, badge=one.badge,
            clock_offset_ms=one.badge.clock_offset_ms if one.badge is not None else None,
            gaps=tuple(self._gaps(pieces, spans, bool(problems))), problems=problems,
        )  # fmt: skip

    def _copy(self, one: JobCamera, copy: str) -> None:
        if self._job.form == "snapshot":
            from console.evidence.stills import still

            self.pieces += still(self._job, self._store, self._staging, one, copy)
        elif copy == "original":
            self._original(one)
        else:
            from console.evidence.masked import masked_clips

            for piece in masked_clips(self._job, self._store, self._staging, one, self._step(one, "masking")):
                self.pieces.append(piece)

    def _original(self, one: JobCamera) -> None:
        step = self._step(one, "reading")
        open_: ClipFile | None = None
        try:
            for begins, packet in parts(self._store, one.camera_id, self._job.from_ns, self._job.to_ns):
                if begins or open_ is None:
                    if open_ is not None:
                        self._close(one, open_)
                    name = clip_name(self._staging, one.camera_id, packet, "original")
                    open_ = ClipFile(self._staging.path(name), packet.stream)
                open_.add(packet)
                step(packet.wall_ns)
            if open_ is not None:
                self._close(one, open_)
                open_ = None
        finally:
            if open_ is not None:
                open_.abandon()

    def _close(self, one: JobCamera, clip: ClipFile) -> None:
        figures = clip.close()
        zone = self._job.time_zone
        self.pieces.append(
            Piece(
                file=clip.path.relative_to(self._staging.folder).as_posix(), form="clip", copy="original",
                derived=False, camera_id=one.camera_id, first_picture=moment(clip.first_ns, zone),
                last_picture=moment(clip.last_ns, zone), figures=figures, packets_sha256=clip.packets_sha256,
            )
        )  # fmt: skip

    def _step(self, one: JobCamera, step: str) -> Callable[[int], None]:
        job, begun = self._job, self._steps

        def told(wall_ns: int) -> None:
            now_ns = WALL_CLOCK.mono_ns()
            if now_ns - self._told_ns >= TELL_EVERY_NS:
                self._told_ns = now_ns
                part = (wall_ns - job.from_ns) / max(1, job.to_ns - job.from_ns)
                done = self._share * (begun + min(1.0, max(0.0, part)))
                self._tell(Progress(done=done, step=step, camera_id=one.camera_id))

        return told

    def _gaps(self, pieces: list[Piece], spans: tuple[Span, ...], damaged: bool) -> Iterator[Gap]:
        """The wanted time without pictures. A snapshot wants one moment and has no gap but a missing one."""
        job = self._job
        if job.form == "snapshot" and pieces:
            return
        first = next((one.copy for one in pieces), "")
        covered = sorted(
            (one.first_picture.ns, one.last_picture.ns) for one in pieces if one.copy == first
        )
        at_ns = job.from_ns
        for begin_ns, end_ns in [*covered, (job.to_ns, job.to_ns)]:
            if begin_ns - at_ns > GAP_NS or (not covered and begin_ns > at_ns):
                had = any(span.from_ns < begin_ns and span.to_ns > at_ns + GAP_NS for span in spans)
                why = "not_recorded" if not had else "damaged" if damaged else "removed_meanwhile"
                yield Gap(
                    from_time=moment(at_ns, job.time_zone), to_time=moment(begin_ns, job.time_zone), why=why
                )
            at_ns = max(at_ns, end_ns)


def moment(ns: int, time_zone: str) -> Moment:
    """One time in the three ways a manifest says it."""
    seconds, rest = divmod(ns, SECOND_NS)
    whole = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)
    return Moment(
        ns=ns, utc=whole.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        local=whole.astimezone(ZoneInfo(time_zone)).isoformat(timespec="milliseconds"),
    )


def clip_name(staging: Staging, camera_id: str, packet: StoredPacket, copy: str) -> str:
    """A name of our own making: letters, digits, dash; unique in the package."""
    ending = ending_for(packet.stream.codec) if copy == "original" else ".mp4"
    return free_name(staging, camera_id, packet.wall_ns, copy, ending)


def free_name(staging: Staging, camera_id: str, wall_ns: int, copy: str, ending: str) -> str:
    """See `clip_name`."""
    camera = re.sub(r"[^A-Za-z0-9-]", "_", camera_id)[:60]
    seconds, rest = divmod(wall_ns, SECOND_NS)
    stamp = datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%dT%H%M%S") + f".{rest // 1_000_000:03d}Z"
    mark = "_MASKED" if copy == "masked" else ""
    for number in range(1, 10_000):
        tail = f"-{number}" if number > 1 else ""
        name = f"{copy}/{camera}_{stamp.replace('.', '-')}{mark}{tail}{ending}"
        if not staging.path(name).exists():
            return name
    raise ExportFailed("other", f"{camera_id}: too many clips of one moment")


def _readme(job: ExportJob, mark: str) -> str:
    text = (shipped("assets") / "evidence" / README).read_text("utf-8")
    said = {
        "export_id": job.export_id, "made": moment(WALL_CLOCK.now_ns(), job.time_zone).local,
        "operator": job.operator, "desk": job.desk, "fingerprint": spaced(mark),
        "cameras": ", ".join(one.camera_id for one in job.cameras),
        "asked": f"{moment(job.from_ns, job.time_zone).local} - {moment(job.to_ns, job.time_zone).local}",
        "reason": job.reason, "legal_basis": job.legal_basis or "-",
    }  # fmt: skip
    # One pass: what a person typed is never taken for a field.
    return re.sub(r"\{(\w+)\}", lambda found: said.get(found[1], found[0]), text)


