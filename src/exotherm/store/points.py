"""Points in the store: what each quantity is called, counts in and means, once and for good."""

import sqlite3
from collections.abc import Collection, Iterable
from pathlib import Path
from secrets import token_hex

from exotherm.core.samples import Point
from exotherm.store.base import Connected
from exotherm.store.errors import UnableToKeepPoint
from exotherm.store.rows import int_of, point_of

_MARK_BYTES = 4
_SELECT_NUMBERS = "SELECT name, id FROM point"


class Points(Connected):
    """The part of the store that keeps points; what was read of one once is true for good."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._numbers: dict[str, int] = {}
        self._names: dict[object, str] = {}
        self._known: dict[str, Point] = {}

    def _forget(self) -> None:
        super()._forget()
        self._numbers, self._names, self._known = {}, {}, {}

    def keep_points(self, points: Iterable[Point]) -> None:
        """Make points known. One that is known already has to be the same.

        Raises UnableToKeepPoint where a point has another kind, unit or digits than it had.
        """
        points, known = tuple(points), self.points()
        for point in points:
            if known.get(point.name, point) != point:
                raise _point_changed(known[point.name], point)
        if known.keys() >= {point.name for point in points}:
            return
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO point (id, name, kind, unit, decimals, digits)"
                " SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ? FROM point WHERE true"
                " ON CONFLICT (name) DO NOTHING",
                [
                    (point.name, point.kind, point.unit, point.decimals, point.digits)
                    for point in points
                    if point.name not in known
                ],
            )

    def keep_site(self, name: str, points: Iterable[Point]) -> None:
        """Make known whose database this is, by the site's name, and the points of that site.

        Raises UnableToKeepPoint as `keep_points` does.
        """
        self.keep_points(points)
        if self.site_name() != name:
            with self._writing() as connection:
                connection.execute(
                    "INSERT INTO site (id, name) VALUES (1, ?)"
                    " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                    (name,),
                )

    def site_name(self) -> str:
        """Give the name of the site whose database this is; empty where no site has used it yet."""
        return "".join(self._read("SELECT name FROM site", lambda row: str(row[0])))

    def mark(self) -> str:
        """Give eight letters that no other site's database has, drawn when first asked for.

        A backup that is put back has them still. Raises UnableToUseStore.
        """
        query = "SELECT mark FROM identity"
        if not self._rows(query):
            with self._writing() as connection:
                connection.execute(
                    "INSERT INTO identity (id, mark) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
                    (token_hex(_MARK_BYTES),),
                )
        (mark,) = self._read(query, lambda row: str(row[0]))
        return mark

    def points(self) -> dict[str, Point]:
        """Give all points by name."""
        query = "SELECT name, kind, unit, decimals, digits FROM point ORDER BY id"
        return {point.name: point for point in self._read(query, point_of)}

    def _ids(self, names: Collection[str]) -> dict[str, int]:
        """Give the numbers of points; those that are known once are known for good."""
        if not self._numbers.keys() >= set(names):
            rows = self._rows(_SELECT_NUMBERS)
            self._numbers = {str(name): int_of(number) for name, number in rows}
        return {name: self._numbers[name] for name in names if name in self._numbers}

    def _points_of(self, names: Collection[str]) -> dict[str, Point]:
        """Give points by name; a point never changes, so what was read once is true for good."""
        if not self._known.keys() >= set(names):
            self._known = self.points()
        return self._known

    def _name_of(self, number: object) -> str:
        name = self._names.get(number)
        if name is None:
            self._names = {one: str(name) for name, one in self._rows(_SELECT_NUMBERS)}
            name = self._names[number]
        return name


def _point_changed(known: Point, given: Point) -> UnableToKeepPoint:
    def digits(point: Point) -> str:
        return (
            f"{point.kind} in {point.unit}, {point.digits} digits, {point.decimals} after the point"
        )

    return UnableToKeepPoint(
        f"{known.name} is stored as a {digits(known)}; the site file makes it a {digits(given)}.",
        remedy="Give a new meter a new name in the site file; what was stored keeps its meaning.",
    )
