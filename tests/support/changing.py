"""Documents with one value changed, as a test needs them."""

from typing import Any, TypeVar

from exotherm.core.documents import Document

_Model = TypeVar("_Model", bound=Document)


def changed(document: _Model, **values: object) -> _Model:
    """Give a copy with other values, each named by its path: ``capacity__heat_kw=5.0``."""
    for path, value in values.items():
        document = _set(document, path.split("__"), value)
    return document


def _set(at: Any, path: list[str], value: object) -> Any:
    head, *rest = path
    if isinstance(at, tuple):
        index = int(head)
        entry = _set(at[index], rest, value) if rest else value
        return (*at[:index], entry, *at[index + 1 :])
    assert head in type(at).model_fields, head
    return at.model_copy(update={head: _set(getattr(at, head), rest, value) if rest else value})
