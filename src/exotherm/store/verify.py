"""Checking a store: every row is as it was written, every chain whole, every pack opens."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from exotherm.core.findings import Finding, Severity, Where
from exotherm.store.chain import Head, Torn, check_chains
from exotherm.store.packed import read_records, said_by, unpack
from exotherm.store.rows import Row, bytes_of, int_of
from exotherm.store.sqlite import Store

_REMEDY = (
    "Put back the last backup that verifies, `exotherm store restore`, and find out what wrote to "
    "the file: this program never changes what it kept."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What came of checking: the heads of the chains, how much was looked at, what is wrong."""

    heads: tuple[Head, ...]
    samples: int
    documents: int
    findings: tuple[Finding, ...]


def verify_store(store: Store) -> Verified:
    """Check all that a store keeps against what it says of itself.

    That the newest rows of a chain are missing shows only against a head that was noted before.
    Raises UnableToUseStore where the file itself is damaged.
    """
    with store._as_of_now():  # noqa: SLF001 - a part of the store
        findings: list[Finding] = [*_check_pages(store)]
        chains = tuple(check_chains(store._connection))  # noqa: SLF001
        findings += [_torn(one) for one in chains if isinstance(one, Torn)]
        samples, found = _check_telemetry(store)
        findings += found
        documents, found = _check_documents(store)
        findings += found
    return Verified(
        heads=tuple(one for one in chains if isinstance(one, Head)),
        samples=samples,
        documents=documents,
        findings=tuple(findings),
    )


def _check_pages(store: Store) -> Iterator[Finding]:
    for (said,) in store._rows("PRAGMA integrity_check(10)"):  # noqa: SLF001
        if said != "ok":
            yield _changed("file", f"The file says of itself: {said}.")


def _check_telemetry(store: Store) -> tuple[int, list[Finding]]:
    """Open every pack, and hold what its row says in clear against it."""
    samples, findings = 0, []
    rows = store._rows(  # noqa: SLF001
        "SELECT name, day, samples, good, first_at, last_at, count_min, count_max, count_first,"
        " count_last, packed FROM chunk LEFT JOIN point ON id = point_id ORDER BY point_id, day"
    )
    for row in rows:
        samples += int_of(row[2])
        if not _chunk_holds(row):
            findings.append(_changed(str(row[0]), f"Its samples of day {row[1]} do not fit."))
    for second, blob in store._rows("SELECT source_at, samples FROM hot ORDER BY source_at"):  # noqa: SLF001
        try:
            points, series = read_records([bytes_of(blob)], [int_of(second)])
            whole = bool(np.all(np.diff(points) > 0)) and _marks_hold(series.marks)
        except ValueError:
            whole = False
        if whole:
            samples += len(points)
        else:
            findings.append(_changed("hot", f"The samples of second {second} do not fit."))
    return samples, findings


def _chunk_holds(row: Row) -> bool:
    _, _, number, good_number, first_at, last_at, *clear, packed = row
    try:
        series = unpack(bytes_of(packed))
    except ValueError:
        return False
    good = series.counts[series.good]
    least, most, first, last = (
        (int(good.min()), int(good.max()), int(good[0]), int(good[-1]))
        if len(good)
        else (None, None, None, None)
    )
    return (
        (number, good_number) == (len(series.counts), len(good))
        and (first_at, last_at) == (int(series.source_at[0]), int(series.source_at[-1]))
        and bool(np.all(np.diff(series.source_at) > 0))
        and clear == [least, most, first, last]
        and _marks_hold(series.marks)
    )


def _marks_hold(marks: np.ndarray) -> bool:
    try:
        for one in np.unique(marks).tolist():
            said_by(one)
    except ValueError:
        return False
    return True


def _check_documents(store: Store) -> tuple[int, list[Finding]]:
    rows = store._rows("SELECT kind, number, sha256, bytes FROM document ORDER BY kind, number")  # noqa: SLF001
    findings = [
        _changed(str(number), f"The bytes of this {kind} are not those that were issued.")
        for kind, number, digest, content in rows
        if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != digest
    ]
    return len(rows), findings


def _torn(torn: Torn) -> Finding:
    return _changed(
        torn.chain, f"From row {torn.row} on, its chain does not fit what is stored.", row=torn.row
    )


def _changed(place: str, what: str, **data: object) -> Finding:
    return Finding(
        code="store.not-as-kept",
        severity=Severity.ERROR,
        where=Where(path=place),
        message=f"{what} Something other than this program has changed the database.",
        remedy=_REMEDY,
        data=data,
    )
