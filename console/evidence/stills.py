"""A still: the decoded picture as PNG, and beside it the recorded packets it came from."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.evidence.export import clip_name, free_name, moment
from console.evidence.job import ExportFailed, ExportJob, JobCamera
from console.evidence.manifest import Figures, MaskingSaid, Piece
from console.evidence.masked import background, mark
from console.evidence.masking import Movers, load_figures, masked
from console.evidence.package import Staging
from console.evidence.pictures import decoded, group_at, picture_at, png
from console.evidence.remux import ClipFile
from console.footage.layout import GAP_NS
from console.footage.record import StoredPacket
from console.footage.store import FootageStore

AROUND_NS = 30 * SECOND_NS
"""What moves in a still is told from so much before and after it."""


def still(
    job: ExportJob, store: FootageStore, staging: Staging, camera: JobCamera, copy: str
) -> list[Piece]:
    """The pieces of one camera's still at `job.from_ns`: none where nothing is recorded there. The original
    has two, the picture and the packets; a masked one has the picture only. Raises ExportFailed, OSError.
    """
    at_ns = job.from_ns
    group = group_at(store, camera.camera_id, at_ns)
    if not group or at_ns - group[-1].wall_ns > GAP_NS or group[0].wall_ns - at_ns > GAP_NS:
        return []
    if copy == "masked":
        return [_masked(job, store, staging, camera, group)]
    picture = picture_at(group, at_ns)
    name = clip_name(staging, camera.camera_id, group[0], "original")
    clip = ClipFile(staging.path(name), group[0].stream)
    try:
        for packet in group:
            clip.add(packet)
    except BaseException:
        clip.abandon()
        raise
    zone = job.time_zone
    pieces = [
        Piece(
            file=name, form="clip", copy="original", derived=False, camera_id=camera.camera_id,
            figures=clip.close(), first_picture=moment(clip.first_ns, zone),
            last_picture=moment(clip.last_ns, zone), packets_sha256=clip.packets_sha256,
        )
    ]  # fmt: skip
    if picture is not None:
        name = free_name(staging, camera.camera_id, picture.wall_ns, "original", ".png")
        staging.put(name, png(picture.pixels))
        # Decoded, so not what the camera sent; the packets beside it are.
        pieces.insert(0, _piece(job, camera, name, "original", picture.wall_ns, picture.pixels.shape, None))
    return pieces


def _masked(
    job: ExportJob, store: FootageStore, staging: Staging, camera: JobCamera, group: list[StoredPacket]
) -> Piece:
    figures = load_figures()
    at_ns = job.from_ns
    movers = None
    around = group
    if job.blur_movers:
        around = [
            one for one in store.packets(camera.camera_id, at_ns - AROUND_NS, at_ns + AROUND_NS)
            if one.stream == group[0].stream and abs(one.wall_ns - at_ns) <= 2 * AROUND_NS
        ]  # fmt: skip
        movers = Movers(figures, background(around, figures))
    best = None
    for each in masked(decoded(around), camera.zones, movers, camera.clear_region, figures):
        if best is None or best.wall_ns < each.wall_ns <= at_ns:
            best = each
        elif each.wall_ns > at_ns:
            break
    if best is None:
        raise ExportFailed("cannot_mask", camera.camera_id)
    name = free_name(staging, camera.camera_id, best.wall_ns, "masked", ".png")
    staging.put(name, png(mark(best.pixels)))
    said = MaskingSaid(
        zones=camera.zones, movers=job.blur_movers, clear_region=camera.clear_region,
        whole_pictures=int(best.whole),
    )  # fmt: skip
    return _piece(job, camera, name, "masked", best.wall_ns, best.pixels.shape, said)


def _piece(
    job: ExportJob, camera: JobCamera, name: str, copy: str, wall_ns: int, shape: tuple[int, ...],
    said: MaskingSaid | None,
) -> Piece:  # fmt: skip
    shown = moment(wall_ns, job.time_zone)
    return Piece(
        file=name, form="still", copy=copy, derived=True, camera_id=camera.camera_id, first_picture=shown,
        last_picture=shown, hidden=said,
        figures=Figures(
            codec="png", width=shape[1], height=shape[0], pictures=1, key_pictures=1, seconds=0.0,
            pictures_per_second=0.0, longest_pause_ms=0,
        ),
    )  # fmt: skip
