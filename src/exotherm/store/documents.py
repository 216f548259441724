"""Issued documents in the store: numbered without a gap, and never changed."""

import hashlib
import json
import re
from datetime import date
from pathlib import Path

from exotherm.core.period import Period
from exotherm.store.base import Connected
from exotherm.store.errors import UnableToIssue, UnableToUseStore
from exotherm.store.rows import document_of
from exotherm.store.values import StoredDocument, instant_of, seconds_of

_NUMBER_DIGITS = 4


class Documents(Connected):
    """The part of the store that keeps issued documents."""

    def next_number(self, kind: str, prefix: str) -> str:
        """Give the number that the next document of a kind has: the prefix and four digits or more.

        The number is taken only when the document is saved, so none is lost. Raises ValueError for
        a prefix that ends in a digit: nobody could tell where the number begins.
        """
        if prefix[-1:].isdigit():
            raise ValueError(f"a prefix of a number does not end in a digit, not {prefix!r}")
        (row,) = self._rows(
            "SELECT COALESCE(MAX(ordinal), 0) + 1 FROM document WHERE kind = ? AND prefix = ?",
            (kind, prefix),
        )
        return f"{prefix}{row[0]:0{_NUMBER_DIGITS}d}"

    def save_document(
        self,
        *,
        kind: str,
        number: str,
        issued_on: date,
        period: Period,
        text: str,
        content: bytes,
    ) -> StoredDocument:
        """Issue a document for good under the next number of its kind.

        ``text`` is what the document says as JSON, ``content`` its bytes as they are sent. Raises
        UnableToIssue where the number is taken meanwhile or would leave a gap.
        """
        prefix, ordinal = _parts_of(number)
        json.loads(text)
        digest = hashlib.sha256(content).hexdigest()
        edges = (seconds_of(period.start), seconds_of(period.end))
        with self._writing() as connection:
            due = self.next_number(kind, prefix)
            if due != number:
                raise _not_next(kind, number, due)
            connection.execute(
                "INSERT INTO document (kind, prefix, ordinal, number, issued_on, period_start,"
                " period_end, sha256, json, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(kind, prefix, ordinal, number, issued_on.isoformat()),
                    *(*edges, digest, text, content),
                ),
            )
        return StoredDocument(
            kind=kind,
            number=number,
            issued_on=issued_on,
            period=Period(instant_of(edges[0]), instant_of(edges[1])),
            sha256=digest,
            json=text,
            content=content,
        )

    def documents(self, kind: str) -> tuple[StoredDocument, ...]:
        """Give all issued documents of a kind, in order of issue within each prefix.

        Raises UnableToUseStore where the bytes of one are no longer those that were issued.
        """
        documents = self._read(
            "SELECT kind, number, issued_on, period_start, period_end, sha256, json, bytes"
            " FROM document WHERE kind = ? ORDER BY prefix, ordinal",
            document_of,
            (kind,),
        )
        for document in documents:
            if hashlib.sha256(document.content).hexdigest() != document.sha256:
                raise _tampered(self.path, document)
        return tuple(documents)


def _parts_of(number: str) -> tuple[str, int]:
    match = re.fullmatch(rf"(.*\D|)(\d{{{_NUMBER_DIGITS},}})", number)
    if match is None:
        raise ValueError(f"a number ends in {_NUMBER_DIGITS} digits or more, not {number!r}")
    return match[1], int(match[2])


def _not_next(kind: str, number: str, due: str) -> UnableToIssue:
    return UnableToIssue(
        f"The {kind} {number} is not issued: the next number is {due}.",
        remedy=f"Make the document anew with the number {due}.",
    )


def _tampered(path: Path, document: StoredDocument) -> UnableToUseStore:
    return UnableToUseStore(
        f"The {document.kind} {document.number} in {path} is not what was issued: its bytes do not "
        f"have the SHA-256 {document.sha256}.",
        remedy="Put back the last backup of this file.",
    )
