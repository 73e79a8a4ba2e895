"""Which cameras answer a request for pictures: by distance, by what they look at, along the way. Pure.

Cameras that do not work or are not recorded are left out and counted: a share of them would show nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from console.geo.sight import could_see
from console.model.base import Place, Position, same_words
from console.model.picturerequest import ChosenWhy, OfferedCamera, PictureWish, Route, RouteTraffic
from console.model.state import CityState
from console.profile.ground import Plane, inside
from console.profile.nearest import devices_near
from console.profile.profile import Profile
from console.profile.services import LinkedService
from console.rules.ways import RoadMap, Way

NOT_WORKING = ("down", "out_of_service")
NAMED_WITHIN_M = 150.0
"""A camera so near lends its place's name to a point."""
TRAFFIC_RULE = "traffic"


class CameraList(NamedTuple):
    cameras: tuple[OfferedCamera, ...]
    unusable: int
    route: Route | None


class CameraChooser:
    """For one city. One thread."""

    def __init__(self, profile: Profile, roads: RoadMap) -> None:
        self._profile, self._roads = profile, roads
        columns = profile.camera_columns
        self._x, self._y = roads.plane.to_xy(columns.lat, columns.lon)

    def choose(
        self, state: CityState, service: LinkedService, wish: PictureWish, usable: Callable[[str], bool]
    ) -> CameraList:
        """The best `service.cameras` within the wish's radius, those that see the place first.

        With `service.along` the others must stand beside the way, or beside any road where no way is asked.
        """
        columns, ids = self._profile.camera_columns, self._profile.columns.ids
        x, y = (float(one) for one in self._roads.plane.to_xy(wish.position.lat, wish.position.lon))
        seen = could_see(
            self._x, self._y, columns.direction_deg, columns.fov_deg, columns.reach_m, x, y, wish.radius_m
        )
        way = self._way(state, service, wish)
        beside = np.full(len(seen.row), -1.0)
        if service.along and len(seen.row):
            at_x, at_y = self._x[seen.row], self._y[seen.row]
            beside = way.from_m(at_x, at_y)[0] if way is not None else self._roads.beside_roads(at_x, at_y)
        chosen: list[OfferedCamera] = []
        unusable = 0
        for number, row in enumerate(seen.row.tolist()):
            sees = bool(seen.in_view[number])
            on_way = service.along and beside[number] <= service.beside_m
            if service.along and not sees and not on_way:
                continue
            camera_id = ids[columns.row[row]]
            if not self.works(state, camera_id) or not usable(camera_id):
                unusable += 1
                continue
            why: ChosenWhy = "sees" if sees else "way" if on_way else "near"
            chosen.append(
                OfferedCamera(
                    camera_id=camera_id, why=why, distance_m=round(float(seen.distance_m[number]), 1),
                    beside_m=round(float(beside[number]), 1) if np.isfinite(beside[number]) else -1.0,
                )
            )
            if len(chosen) == service.cameras:
                break
        return CameraList(tuple(chosen), unusable, self._route(state, service, wish, way))

    def works(self, state: CityState, camera_id: str) -> bool:
        device = state.devices.get(camera_id)
        down = device is not None and device.condition in NOT_WORKING
        return not down and camera_id not in state.out_of_service

    def by_hand(self, camera_ids: tuple[str, ...], position: Position) -> tuple[OfferedCamera, ...]:
        """Cameras a person named, with how far they are. Raises KeyError for one that is none."""
        plane = Plane(position.lat, position.lon)
        found = []
        for camera_id in camera_ids:
            place = self._profile.devices[self._profile.cameras[camera_id].device_id].place.position
            x, y = plane.to_xy(place.lat, place.lon)
            found.append(
                OfferedCamera(
                    camera_id=camera_id, why="person", distance_m=round(float(np.hypot(x, y)), 1)
                )
            )
        return tuple(found)

    def place_of(self, wish: PictureWish) -> Place | None:
        """The wish's point as a person here would say it; None for one beyond the city."""
        at = wish.position
        box = self._profile.bounds
        if not (box.south <= at.lat <= box.north and box.west <= at.lon <= box.east):
            return None
        near = devices_near(self._profile, ("camera",), at, NAMED_WITHIN_M)
        named = self._profile.devices[near[0]].place if near else None
        if wish.place:
            name = same_words(wish.place)
        elif named is not None:
            name = named.name
        else:
            name = same_words(f"{at.lat:.5f}, {at.lon:.5f}")
        return Place(
            name=name, position=at, district=self._district(at),
            address=named.address if named is not None else None,
        )  # fmt: skip

    def _district(self, at: Position) -> str:
        x, y = np.array([at.lon]), np.array([at.lat])
        for district in self._profile.districts.values():
            lon = np.array([one.lon for one in district.outline])
            lat = np.array([one.lat for one in district.outline])
            if inside(x, y, lon, lat)[0]:
                return district.id
        return ""

    def _way(self, state: CityState, service: LinkedService, wish: PictureWish) -> Way | None:
        if not service.along or wish.from_position is None:
            return None
        levels = self._levels(state)
        if not levels:
            return self._roads.way(wish.from_position, wish.position)
        roads, told = self._roads, self._roads.figures
        x = np.array([one[0] for one in levels.values()])
        y = np.array([one[1] for one in levels.values()])
        slow = np.array([told.jam if one[2] == "jam" else told.slow for one in levels.values()])

        def slowed(piece: int) -> float:
            x0, y0, x1, y1 = (float(one[piece]) for one in (roads.x0, roads.y0, roads.x1, roads.y1))
            dx, dy = x1 - x0, y1 - y0
            share = np.clip(((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
            near = np.hypot(x0 + share * dx - x, y0 + share * dy - y) <= told.traffic_beside_m
            return float(slow[near].max()) if near.any() else 1.0

        return roads.way(wish.from_position, wish.position, slowed)

    def _levels(self, state: CityState) -> dict[str, tuple[float, float, str]]:
        """Where traffic is not smooth: metres and level by detector."""
        found = {}
        columns = self._profile.columns
        for device_id, told in state.field_states.items():
            row = columns.row_of.get(device_id)
            if told.rule == TRAFFIC_RULE and row is not None:
                x, y = self._roads.plane.to_xy(columns.lat[row], columns.lon[row])
                found[device_id] = (float(x), float(y), told.state)
        return found

    def _route(
        self, state: CityState, service: LinkedService, wish: PictureWish, way: Way | None
    ) -> Route | None:
        """The way as it is told; with traffic where the service has it, also without a way: around."""
        if way is None and not service.traffic:
            return None
        told = self._roads.figures
        traffic = self._traffic(state, wish, way) if service.traffic else ()
        if way is None:
            return Route(path=(), length_m=0.0, traffic=traffic) if traffic else None
        lat, lon = self._roads.plane.to_degrees(way.x, way.y)
        points = list(zip(lat.tolist(), lon.tolist(), strict=True))
        while len(points) > told.most_points:
            points = [*points[:-1:2], points[-1]]
        return Route(
            path=tuple(Position(lat=a, lon=b) for a, b in points), length_m=round(way.length_m, 1),
            gaps_m=round(way.gaps_m, 1),
            roads=tuple(self._roads.names[one] for one in way.roads), traffic=traffic,
        )  # fmt: skip

    def _traffic(self, state: CityState, wish: PictureWish, way: Way | None) -> tuple[RouteTraffic, ...]:
        levels = self._levels(state)
        if not levels:
            return ()
        x = np.array([one[0] for one in levels.values()])
        y = np.array([one[1] for one in levels.values()])
        if way is not None:
            beside, along = way.from_m(x, y)
            near = np.flatnonzero(beside <= self._roads.figures.traffic_beside_m)
        else:
            at_x, at_y = self._roads.plane.to_xy(wish.position.lat, wish.position.lon)
            along = np.hypot(x - float(at_x), y - float(at_y))
            near = np.flatnonzero(along <= wish.radius_m)
        ids = list(levels)
        found = []
        for one in near[np.argsort(along[near], kind="stable")].tolist()[:50]:
            device = self._profile.devices[ids[one]]
            standing = state.field_states[ids[one]]
            found.append(
                RouteTraffic(
                    device_id=ids[one], name=device.place.name, level=standing.state, words=standing.words,
                    along_m=round(float(along[one]), 1),
                )
            )
        return tuple(found)
