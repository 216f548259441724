"""How a page answers: HTML for people, the same values as JSON, and errors in the same voice."""

import json
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from exotherm import __version__
from exotherm.render.templating import make_environment, style_sheet

Shown = dict[str, object]

POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""On every answer, unless the answer has its own."""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#bf4a12"/>'
    '<path d="M8 11h16M8 16h16M8 21h10" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>'
    "</svg>"
)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return make_environment("exotherm.web")


@lru_cache(maxsize=1)
def site_style() -> str:
    """Give the style sheet of the pages: the shared one, then what only pages need."""
    own = files("exotherm.web").joinpath("templates", "web.css").read_text("utf-8")
    return f"{style_sheet()}\n{own}"


def wants_json(request: Request) -> bool:
    """Tell whether the JSON twin of a page is asked for."""
    return request.url.path.endswith(".json")


def answer(
    request: Request,
    template: str,
    shown: Shown,
    *,
    twin: str,
    status: int = 200,
    drawn: Shown | None = None,
) -> Response:
    """Answer with the values as JSON, or with the page that shows them.

    ``twin`` is the address of the JSON; ``drawn`` holds pictures made of the same values.
    """
    if wants_json(request):
        return as_json(shown, status=status)
    page = _environment().get_template(f"{template}.html.j2")
    html = page.render(shown=shown, twin=twin, version=__version__, **(drawn or {}))
    return HTMLResponse(html, status_code=status)


def as_json(shown: Shown, *, status: int = 200) -> Response:
    """Answer with values as JSON: stable keys, no NaN."""
    text = json.dumps(shown, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return Response(text, status_code=status, media_type="application/json")


def failure(
    request: Request,
    *,
    status: int,
    title: str,
    text: str,
    command: str | None = None,
) -> Response:
    """Answer that a page is not there or cannot be made: what, why, and the next step."""
    shown: Shown = {
        "page": "failure",
        "status": status,
        "title": title,
        "text": text,
        "next": {"text": "Then:", "command": command} if command else None,
    }
    response = answer(request, "failure", shown, twin="", status=status)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def attachment(content: bytes, *, name: str, kind: str) -> Response:
    """Answer with the bytes of an issued document, to be kept as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
